"""Figures for engines in which some are given row by row and the others are as drawn, or all at their middle.

The engines take a row for a member, so that many trials of a fit are one run of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.drawn.figures import Figures, MiddleFigures
from cell2grid.units import convert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.quantity import Quantity


class MiddleRows(MiddleFigures):
    """So many rows with every figure at its middle, and all that comes at random as in the first member.

    >>> from cell2grid.study.quantity import Quantity
    >>> MiddleRows(2).drawn("capital_cost", "cost", Quantity.model_validate("100 .. 120 .. 180 EUR/kWh"), "EUR/kWh")
    array([120., 120.])
    """

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count
        self.draws = np.zeros(count, np.int64)


class GivenRows(Figures):
    """The rows of ``base`` with some figures given instead, and others multiplied.

    Parameters
    ----------
    given
        By path: a number for each row in the unit of ``units``; where it is missing the row is as in ``base``.
    factors
        By path: what each row is multiplied by.

    >>> from cell2grid.study.quantity import Quantity
    >>> rows = GivenRows(MiddleRows(2), {"cost": np.array([1.0, np.nan])}, units={"cost": "EUR/MWh"})
    >>> rows.drawn("capital_cost", "cost", Quantity.model_validate("120 EUR/kWh"), "EUR/kWh")
    array([1.0e-03, 1.2e+02])
    """

    def __init__(
        self,
        base: Figures,
        given: Mapping[str, NDArray[np.float64]],
        *,
        units: Mapping[str, str],
        factors: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> None:
        super().__init__(base.seed, first=base.first, count=base.count, draws=base.draws)
        self._base, self._given, self._units, self._factors = base, given, units, factors or {}

    def drawn(self, variable: str, path: str, quantity: Quantity, unit: str) -> NDArray[np.float64]:
        """The figure of each row in ``unit``, as given or as in the base."""
        self.note(variable, path)
        found = self._base.drawn(variable, path, quantity, unit)
        if path in self._factors:
            found = found * self._factors[path]
        if path in self._given:
            said = self._given[path] * convert(1.0, self._units[path], unit)
            found = np.where(np.isnan(said), found, said)
        return found

    def share(self, path: str) -> NDArray[np.float64]:
        """As in the base."""
        return self._base.share(path)
