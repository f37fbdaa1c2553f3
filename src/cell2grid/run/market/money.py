"""A study's money in the currency of its competition: each figure at the rate of the term that it is counted in.

A rate holds from its day until the next one between the same two currencies; before the first of them the first holds.
The latest rate alone, as for projects and landing, is in ``cell2grid.run.worth.exchange``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import money_of_item
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from cell2grid.run.drawn.figures import Figures
    from cell2grid.run.market.terms import Terms
    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Quantity


@dataclass(frozen=True, slots=True, eq=False)
class Money:
    """Figures of money for members and terms, in one currency."""

    study: Study
    figures: Figures
    terms: Terms
    target: str

    def of_item(self, variables: Sequence[str], path: str, cost: Quantity, product: str) -> NDArray[np.float64]:
        """Money for one item of a product, or for its energy, by member and term.

        ``variables`` are all that are made of it.
        """
        found = money_of_item(self.study, self.figures, variables[0], path, cost, product)
        if same_kind(cost.unit, f"{currency(cost.unit)}/MWh"):
            for variable in variables[1:]:
                self.figures.note(variable, f"products.{product}.energy")
        return self._exchanged(variables, path, cost, found)

    def of_year(self, variable: str, path: str, cost: Quantity) -> NDArray[np.float64]:
        """Money for a year, by member and term."""
        found = self.figures.drawn(variable, path, cost, f"{currency(cost.unit)}/year")
        return self._exchanged([variable], path, cost, found)

    def _exchanged(
        self, variables: Sequence[str], path: str, cost: Quantity, found: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        for variable in variables[1:]:
            self.figures.note(variable, path)
        return found[:, None] * self.rate(variables, path, cost)

    def rate(self, variables: Sequence[str], path: str, cost: Quantity) -> NDArray[np.float64]:
        """What a unit of a figure's currency is worth in the target, by member and term.

        Raises
        ------
        StudyError
            There is no rate between the two.
        """
        own = str(currency(cost.unit))
        count = len(self.terms.labels)
        if own == self.target:
            return np.ones((self.figures.count, count))
        known = self._known(own)
        if not known:
            raise StudyError(
                f"{path}: '{cost.text}' is not in {self.target}, and there is no rate between {own} and {self.target};"
                f" add one to exchange_rates, as in {{day: 2025-02-12, rate: '7.2 {self.target}/{own} [source]'}}"
            )
        days = self.terms.middles()
        rate = np.empty((self.figures.count, count))
        for place, day in enumerate(days):
            before = [row for row in known if row[0] <= day]
            _, number, unit, backwards = max(before) if before else min(known)
            for variable in variables:
                figure = self.study.exchange_rates[number].rate
                value = self.figures.drawn(variable, f"exchange_rates.{number}.rate", figure, unit)
            rate[:, place] = 1.0 / value if backwards else value
        return rate

    def _known(self, own: str) -> list[tuple[date, int, str, bool]]:
        found = []
        for number, row in enumerate(self.study.exchange_rates):
            for unit, backwards in ((f"{self.target}/{own}", False), (f"{own}/{self.target}", True)):
                if same_kind(row.rate.unit, unit):
                    found.append((row.day.first, number, unit, backwards))
        return found
