"""The study's figures as numbers of members, with a note of which variable was made from which figures.

A range is drawn for each member from the stream of the study's seed and the figure's path, so that a figure has the
same draws in every run that has it. A row of a list goes by what it says and not by its place (``streams.py``). A range
of two numbers is uniform, one of three triangular.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.draws import standard_uniform, triangular, uniform
from cell2grid.units import same_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Quantity


class Figures:
    """The figures of a study for the members ``first`` to ``first + count - 1``.

    >>> from cell2grid.study.quantity import Quantity
    >>> figures = Figures(1, first=0, count=3)
    >>> figures.drawn("capacity", "plants.north.capacity", Quantity.model_validate("120 system/year"), "item/month")
    array([10., 10., 10.])
    >>> dict(figures.reads)
    {'capacity': ('plants.north.capacity',)}
    """

    def __init__(self, seed: int, *, first: int, count: int, rows: Mapping[str, str] | None = None) -> None:
        self.seed = seed
        self.first = first
        self.count = count
        self._rows = rows or {}
        self._reads: dict[str, dict[str, None]] = {}

    @property
    def reads(self) -> Mapping[str, tuple[str, ...]]:
        """The paths of the figures that each variable was made from."""
        return {name: tuple(paths) for name, paths in self._reads.items()}

    def drawn(self, variable: str, path: str, quantity: Quantity, unit: str) -> NDArray[np.float64]:
        """The figure at ``path`` in ``unit``, one number for each member.

        Raises
        ------
        UnitError
            The figure is of another kind.
        """
        self.note(variable, path)
        magnitude = quantity.to(unit)
        if magnitude.low == magnitude.high:
            return np.full(self.count, magnitude.mode)
        row, _, last = path.rpartition(".")
        stream = f"{self._rows[row]}.{last}" if row in self._rows else path
        share = standard_uniform(self.seed, stream, first=self.first, count=self.count)
        if magnitude.peaked:
            return triangular(share, magnitude.low, magnitude.mode, magnitude.high)
        return uniform(share, magnitude.low, magnitude.high)

    def note(self, variable: str, path: str) -> None:
        """Remember that ``variable`` was made from the figure at ``path``."""
        self._reads.setdefault(variable, {})[path] = None


def item_energy(study: Study, figures: Figures, product: str) -> NDArray[np.float64]:
    """What one item of a product stores [MWh/item]; missing where the study does not say."""
    energy = study.products[product].energy if product in study.products else None
    if energy is None:
        return np.full(figures.count, np.nan)
    return figures.drawn("item_energy", f"products.{product}.energy", energy, "MWh/item")


def items_of(
    study: Study, figures: Figures, variable: str, path: str, quantity: Quantity, product: str, time: str = ""
) -> NDArray[np.float64]:
    """A number of items of a product (``time`` as ``/month`` for a flow), where it may be given as energy.

    Raises
    ------
    StudyError
        It is an energy, and the product's energy is not known or nothing.
    """
    if not same_kind(quantity.unit, f"MWh{time}"):
        return figures.drawn(variable, path, quantity, f"item{time}")
    if time and "/" not in quantity.unit:
        raise StudyError(f"{path}: '{quantity.text}' is a power; give the energy that is made in a time, as GWh/year")
    each = item_energy(study, figures, product)
    if not (each > 0).all():
        raise StudyError(
            f"{path}: '{quantity.text}' is an energy, and product '{product}' has no energy per item;"
            f" give products.{product}.energy, as in '3.9 MWh/system [source]'"
        )
    figures.note(variable, f"products.{product}.energy")
    return figures.drawn(variable, path, quantity, f"MWh{time}") / each
