"""The study's figures as numbers of members, with a note of which variable was made from which figures.

A range is drawn for each member from the stream of the study's seed and the figure's path, so that a figure has the
same draws in every run that has it. A row of a list goes by what it says and not by its place (``streams.py``). A range
of two numbers is uniform, one of three triangular; the other distributions are in ``cell2grid.distributions``. How
members are spread over all figures together is in ``sampling.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.formulas.draws import quantile, standard_uniform
from cell2grid.run.inputs.streams import stream_of
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.drawn.sampling import Design
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Quantity
    from cell2grid.units import Magnitude


class Figures:
    """The figures of a study for the members ``first`` to ``first + count - 1``.

    ``draws`` says which place of the streams of numbers each of these members has, where that is not its own index: so
    a calibrated run keeps some of many members, each as often as it was drawn. ``design`` spreads members over all
    figures together; without one each figure is drawn by itself.

    >>> from cell2grid.study.quantity import Quantity
    >>> figures = Figures(1, first=0, count=3)
    >>> figures.drawn("capacity", "plants.north.capacity", Quantity.model_validate("120 system/year"), "item/month")
    array([10., 10., 10.])
    >>> dict(figures.reads)
    {'capacity': ('plants.north.capacity',)}
    """

    def __init__(
        self,
        seed: int,
        *,
        first: int,
        count: int,
        rows: Mapping[str, str] | None = None,
        draws: NDArray[np.int64] | None = None,
        design: Design | None = None,
    ) -> None:
        self.seed = seed
        self.first = first
        self.count = count
        self.draws = np.arange(first, first + count) if draws is None else draws
        self._rows = rows or {}
        self._design = design
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
        return self._numbers(path, magnitude)

    def share(self, path: str) -> NDArray[np.float64]:
        """Where in its range the figure at ``path`` lies, as a quantile of [0, 1) for each member."""
        stream = stream_of(self._rows, path)
        if self._design is not None:
            return self._design.share(stream, self.draws)
        least, most = int(self.draws.min()), int(self.draws.max())
        return standard_uniform(self.seed, stream, first=least, count=most - least + 1)[self.draws - least]

    def _numbers(self, path: str, magnitude: Magnitude) -> NDArray[np.float64]:
        if magnitude.distribution is None:
            return np.full(self.count, magnitude.mode)
        return quantile(magnitude.distribution, self.share(path))

    def note(self, variable: str, path: str) -> None:
        """Remember that ``variable`` was made from the figure at ``path``."""
        self._reads.setdefault(variable, {})[path] = None


class MiddleFigures(Figures):
    """Every figure at its middle, but for those of ``ends`` by their path: the one case of a tornado.

    The middle of a range or distribution is its mode where one was written, else its median; its ends are those of a
    range, and the 10 and 90 % quantiles of any other distribution.

    >>> from cell2grid.study.quantity import Quantity
    >>> cost = Quantity.model_validate("100 .. 120 .. 180 EUR/kWh")
    >>> MiddleFigures({"cost": "high"}).drawn("capital_cost", "cost", cost, "EUR/kWh")
    array([180.])
    """

    def __init__(self, ends: Mapping[str, Literal["low", "high"]] | None = None) -> None:
        super().__init__(0, first=0, count=1)
        self._ends = ends or {}

    def share(self, path: str) -> NDArray[np.float64]:
        """The middle of what is no range of two or three numbers; its ends are the 10 and 90 % quantiles."""
        return np.full(self.count, {"low": 0.1, "high": 0.9}.get(self._ends.get(path, ""), 0.5))

    def _numbers(self, path: str, magnitude: Magnitude) -> NDArray[np.float64]:
        end = self._ends.get(path)
        if end is None:
            return np.full(self.count, magnitude.mode)
        return np.full(self.count, magnitude.ends[0 if end == "low" else 1])


class MixedFigures(Figures):
    """The figures of ``one``, but those whose path ``of_other`` tells as in ``other``: both draw the same members.

    What a variance is shared out by (Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018): two samples, and those in
    which one part of the figures is taken from the second.
    """

    def __init__(self, one: Figures, other: Figures, of_other: Callable[[str], bool]) -> None:
        super().__init__(one.seed, first=one.first, count=one.count)
        self._one, self._other, self._of_other = one, other, of_other

    def share(self, path: str) -> NDArray[np.float64]:
        """As in the sample that the path belongs to."""
        return (self._other if self._of_other(path) else self._one).share(path)


def item_energy(study: Study, figures: Figures, product: str) -> NDArray[np.float64]:
    """What one item of a product stores [MWh/item]; missing where the study does not say."""
    energy = study.products[product].energy if product in study.products else None
    if energy is None:
        return np.full(figures.count, np.nan)
    return figures.drawn("item_energy", f"products.{product}.energy", energy, "MWh/item")


def money_of_item(
    study: Study, figures: Figures, variable: str, path: str, cost: Quantity, product: str
) -> NDArray[np.float64]:
    """Money for one item of a product in the currency that was written, also where it is money for its energy.

    Raises
    ------
    StudyError
        It is money for energy, and the product's energy is not known.
    """
    own = str(currency(cost.unit))
    if not same_kind(cost.unit, f"{own}/MWh"):
        return figures.drawn(variable, path, cost, f"{own}/item")
    each = item_energy(study, figures, product)
    if np.isnan(each).any():
        raise StudyError(
            f"{path}: '{cost.text}' is for energy, and product '{product}' has no energy per item;"
            f" give products.{product}.energy, as in '3.9 MWh/system [source]'"
        )
    figures.note(variable, f"products.{product}.energy")
    return figures.drawn(variable, path, cost, f"{own}/MWh") * each


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
