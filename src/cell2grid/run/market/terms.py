"""The terms that a study's markets are solved for: each year as the mean of its months, or each month.

Which figure holds in which part of a term is said here once, for costs, duties, demand and conduct alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.formulas.calendar import days_in, first_day, months_between, share_from

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.study.model import Study
    from cell2grid.study.quantity import Day

MONTHS_A_YEAR = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of a study in their order, with the months of each.

    ``weight`` (term, period) holds what part of the term each month is; the rows add up to 1.
    """

    labels: tuple[str, ...]
    periods: tuple[str, ...]
    weight: NDArray[np.float64]

    @property
    def place(self) -> NDArray[np.int64]:
        """The term of each month (period)."""
        found: NDArray[np.int64] = np.argmax(self.weight, axis=0)
        return found

    def mean(self, monthly: NDArray[np.float64]) -> NDArray[np.float64]:
        """The mean over the months of each term, of values whose last axis is months."""
        found: NDArray[np.float64] = monthly @ self.weight.T
        return found

    def within(self, start: str | None, end: str | None) -> NDArray[np.float64]:
        """What part of each term lies in the months from ``start`` to ``end``, both included (term)."""
        inside = [(start is None or month >= start) and (end is None or month <= end) for month in self.periods]
        return self.mean(np.array(inside, dtype=np.float64))

    def in_force(self, start: Day, end: Day | None) -> NDArray[np.float64]:
        """What part of each term's days a rule is in force (term)."""
        share = share_from(start.first, self.periods)
        if end is not None and not end.unfilled and end.last < date.max:
            share = share - share_from(end.last + timedelta(days=1), self.periods)
        return self.mean(share)

    def middles(self) -> list[date]:
        """The day in the middle of each term."""
        found = []
        for row in self.weight:
            months = [month for month, part in zip(self.periods, row, strict=True) if part > 0.0]
            begin, days = first_day(months[0]), sum(map(days_in, months))
            found.append(begin + timedelta(days=days // 2))
        return found

    def partial(self) -> list[str]:
        """The years of which the horizon holds only some months."""
        return [
            label
            for label, row in zip(self.labels, self.weight, strict=True)
            if len(label) == len("2025") and np.count_nonzero(row) < MONTHS_A_YEAR
        ]


def terms_of(study: Study) -> Terms:
    """The terms of a study with competition: its years, or its months.

    >>> from cell2grid.study.model import Competition, Horizon, Study
    >>> study = Study(study="two-years", horizon=Horizon(start="2024-07", end="2025-12"))
    >>> found = terms_of(study.changed(competition=Competition(currency="USD")))
    >>> found.labels, found.partial(), found.within("2025-10", None).tolist()
    (('2024', '2025'), ['2024'], [0.0, 0.25])
    """
    months = months_between(study.horizon.start, study.horizon.end)
    by_month = study.competition is not None and study.competition.every == "month"
    return grouped(months, months if by_month else [month[:4] for month in months])


def grouped(periods: Sequence[str], labels: Sequence[str]) -> Terms:
    """Terms of months that share a label."""
    names = tuple(dict.fromkeys(labels))
    inside = np.array([[label == name for label in labels] for name in names], dtype=np.float64)
    return Terms(names, tuple(periods), inside / inside.sum(axis=1, keepdims=True))
