"""The calendar of a study: its months, the days in them, and what part of a month something lasted.

Months are written ``2025-02``; days are ``datetime.date``. Shares of a month count days, both ends included.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def months_between(start: str, end: str) -> list[str]:
    """The months from ``start`` to ``end``, both included; none where the end comes first.

    >>> months_between("2024-11", "2025-02")
    ['2024-11', '2024-12', '2025-01', '2025-02']
    """
    first, last = _count(start), _count(end)
    return [month_after("0000-01", n) for n in range(first, last + 1)]


def month_after(month: str, months: int) -> str:
    """The month that comes ``months`` later.

    >>> month_after("2025-11", 3)
    '2026-02'
    """
    year, rest = divmod(_count(month) + months, 12)
    return f"{year:04d}-{rest + 1:02d}"


def first_day(month: str) -> date:
    """The first day of a month.

    >>> first_day("2025-02")
    datetime.date(2025, 2, 1)
    """
    return date(int(month[:4]), int(month[5:7]), 1)


def days_in(month: str) -> int:
    """The number of days of a month.

    >>> days_in("2024-02")
    29
    """
    return (first_day(month_after(month, 1)) - first_day(month)).days


def quarter_month(month: str) -> int:
    """1, 2 or 3 for the first, second or third month of its quarter.

    >>> quarter_month("2022-05")
    2
    """
    return (int(month[5:7]) - 1) % 3 + 1


def share_from(day: date, months: Sequence[str]) -> NDArray[np.float64]:
    """The share of each month's days that lie on ``day`` or after it.

    >>> share_from(date(2025, 2, 15), ["2025-01", "2025-02", "2025-03"]).tolist()
    [0.0, 0.5, 1.0]
    """
    counts = [days_in(month) for month in months]
    left = [(first_day(month) + timedelta(days=count) - day).days for month, count in zip(months, counts, strict=True)]
    share = np.array(left, dtype=np.float64) / np.array(counts, dtype=np.float64)
    return np.minimum(np.maximum(share, 0.0), 1.0)


def age_at(day: date, months: Sequence[str]) -> NDArray[np.float64]:
    """The age in months, in the middle of what each month has left after ``day``; negative in months before it.

    >>> age_at(date(2025, 2, 15), ["2025-01", "2025-02", "2025-03"]).tolist()
    [-0.5, 0.25, 1.0]
    """
    opening = day.isoformat()[:7]
    open_share = float(share_from(day, [opening])[0])
    distance = np.array([_count(month) - _count(opening) for month in months], dtype=float)
    whole = distance - 0.5 + open_share
    return np.where(distance == 0, open_share / 2, np.where(distance > 0, whole, distance + 0.5))


def left_of_month(spells: Sequence[tuple[date, date, NDArray[np.float64]]], month: str) -> NDArray[np.float64] | float:
    """What spells leave of a normal month: the mean over its days of the product of what each spell leaves.

    Parameters
    ----------
    spells
        First day, last day (both included) and the share left on a day within, by member.

    >>> float(left_of_month([(date(2022, 4, 16), date(2022, 5, 2), np.array(0.2))], "2022-04"))
    0.6
    """
    days = days_in(month)
    start = first_day(month)
    counts: dict[tuple[bool, ...], int] = {}
    for offset in range(days):
        today = start + timedelta(days=offset)
        within = tuple(begin <= today <= end for begin, end, _ in spells)
        counts[within] = counts.get(within, 0) + 1
    left: NDArray[np.float64] | float = 0.0
    for within, count in counts.items():
        of_a_day: NDArray[np.float64] | float = 1.0
        for (_, _, leaves), active in zip(spells, within, strict=True):
            if active:
                of_a_day = of_a_day * leaves
        left = left + of_a_day * count
    return left / days  # days are summed first: what leaves all of every day is exactly one


def left_of_month_by_member(
    spells: Sequence[tuple[date, NDArray[np.float64], NDArray[np.float64]]], month: str
) -> NDArray[np.float64]:
    """What spells whose length differs by member leave of a normal month, as ``left_of_month``, by member.

    Parameters
    ----------
    spells
        First day, how many days (the last of them in part), and the share left on a day within; both by member.

    >>> left_of_month_by_member([(date(2022, 4, 16), np.array([7.5, 60.0]), np.zeros(2))], "2022-04")
    array([0.75, 0.5 ])
    """
    of_a_day = _of_each_day(spells, month)
    # days first: what leaves all of each is exactly one
    left: NDArray[np.float64] = of_a_day.sum(axis=1) / days_in(month)
    return left


def free_by_end_of_month(
    spells: Sequence[tuple[date, NDArray[np.float64], NDArray[np.float64]]], month: str
) -> NDArray[np.float64]:
    """The part of a month's goods that has left by its end, by member: what waits leaves on the next free day.

    Only what comes after the last free day waits into the next month, so that a port that opens again within a month
    lets out all that stood there. ``spells`` as in ``left_of_month_by_member``.

    >>> stopped = np.zeros(1)
    >>> free_by_end_of_month([(date(2022, 4, 25), np.array([12.0]), stopped)], "2022-04").tolist()
    [0.8]
    >>> free_by_end_of_month([(date(2022, 4, 25), np.array([12.0]), stopped)], "2022-05").tolist()
    [1.0]
    """
    of_a_day = _of_each_day(spells, month)
    free_later = np.flip(np.cumsum(np.flip(of_a_day >= 1.0, axis=1), axis=1), axis=1) > 0
    waits: NDArray[np.float64] = np.where(free_later, 0.0, 1.0 - of_a_day).sum(axis=1) / days_in(month)
    return 1.0 - waits


def _of_each_day(
    spells: Sequence[tuple[date, NDArray[np.float64], NDArray[np.float64]]], month: str
) -> NDArray[np.float64]:
    """What the spells leave of each day of a month (member, day)."""
    start, days = first_day(month), days_in(month)
    of_a_day: NDArray[np.float64] = np.ones((1, days))
    for begin, lasts, leaves in spells:
        since = (start - begin).days + np.arange(days)
        within = np.where(since >= 0, np.clip(lasts[:, None] - since, 0.0, 1.0), 0.0)
        of_a_day = of_a_day * (1.0 - within * (1.0 - leaves[:, None]))
    return of_a_day


def share_within(begin: date, lasts: NDArray[np.float64], months: Sequence[str]) -> NDArray[np.float64]:
    """The share of each month's days that lie in the ``lasts`` days from ``begin`` on (member, month).

    >>> share_within(date(2025, 2, 15), np.array([7.0, 45.0]), ["2025-02", "2025-03"]).tolist()
    [[0.25, 0.0], [0.5, 1.0]]
    """
    first = np.array([(first_day(month) - begin).days for month in months], dtype=np.float64)
    count = np.array([days_in(month) for month in months], dtype=np.float64)
    reached = np.minimum(lasts[:, None], first + count) - np.maximum(first, 0.0)
    share: NDArray[np.float64] = np.maximum(reached, 0.0) / count
    return share


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1
