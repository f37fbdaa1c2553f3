"""The terms in which a plan is decided, years or quarters, and what money of each is worth at the horizon's start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.calendar import months_between
from cell2grid.run.market.terms import MONTHS_A_YEAR, Terms, grouped
from cell2grid.run.plan.options import plan_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Study

LENGTH = {"year": 12, "quarter": 3}  # months


@dataclass(frozen=True, slots=True, eq=False)
class DecisionTerms:
    """Terms of equal length from the horizon's start on; the last one may be shorter.

    One decides at the begin of a term; money of a term counts at its middle.
    """

    terms: Terms
    length: int  # months
    rate: float  # ratio a year, what makes later money worth less

    @property
    def labels(self) -> tuple[str, ...]:
        """The names of the terms."""
        return self.terms.labels

    @property
    def starts(self) -> list[int]:
        """The number of the month, from the horizon's first, at which each term begins."""
        return [place * self.length for place in range(len(self.labels))]

    @property
    def months(self) -> int:
        """The months of the horizon."""
        return len(self.terms.periods)

    @property
    def years(self) -> NDArray[np.float64]:
        """How long each term is [year]."""
        ends = np.minimum(np.array(self.starts) + self.length, self.months)
        years: NDArray[np.float64] = (ends - np.array(self.starts)) / MONTHS_A_YEAR
        return years

    @property
    def discount(self) -> NDArray[np.float64]:
        """What money at the middle of each term is worth at the horizon's start [ratio]."""
        middle = np.array(self.starts) / MONTHS_A_YEAR + self.years / 2.0
        factor: NDArray[np.float64] = (1.0 + self.rate) ** -middle
        return factor

    @property
    def end_discount(self) -> float:
        """The same of money at the horizon's end [ratio]."""
        return float((1.0 + self.rate) ** -(self.months / MONTHS_A_YEAR))

    def mostly(self, start: str | None, end: str | None) -> NDArray[np.bool_]:
        """The terms of which at least half lies in the months ``start`` to ``end``; else the one with most of them.

        A window shorter than half a term so still has a term that stands for it.
        """
        part = self.terms.within(start, end)
        found: NDArray[np.bool_] = part >= 0.5
        if not found.any() and part.any():
            found[int(part.argmax())] = True
        return found


def decision_terms(study: Study) -> DecisionTerms:
    """The terms of a study's investment; calendar years or quarters where the horizon begins with one.

    >>> from cell2grid.study.model import Horizon, Investment, Study
    >>> plan = Investment.model_validate({"currency": "EUR", "every": "quarter", "discount_rate": "10 percent/year"})
    >>> study = Study(study="two", horizon=Horizon(start="2026-01", end="2026-07"), investment=plan)
    >>> found = decision_terms(study)
    >>> found.labels, found.years.round(3).tolist(), found.mostly("2026-05", None).tolist()
    (('2026 Q1', '2026 Q2', '2026 Q3'), [0.25, 0.25, 0.083], [False, True, True])
    """
    plan = plan_of(study)
    months, length = months_between(study.horizon.start, study.horizon.end), LENGTH[plan.every]
    begins = [months[place - place % length] for place in range(len(months))]
    labels = [_label(month, length) for month in begins]
    return DecisionTerms(grouped(months, labels), length, plan.discount_rate.to("ratio/year").mode)


def _label(month: str, length: int) -> str:
    year, number = month[:4], int(month[5:7]) - 1
    if number % length:
        return f"from {month}"
    return year if length == LENGTH["year"] else f"{year} Q{number // length + 1}"
