"""Reported counts as parts of time that do not overlap, and the plant that they were counted at.

A count of items may lie in another, as the first half of a year lies in the year: what is fitted is what the longer one
has beyond the shorter, so that nothing is counted twice. Days are counted from the opening of the first block.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]

DAYS = 365.0 / 12.0  # of a month
MOST_COUNTS = 2000
_ROUNDING = 1e-6  # items, and days


@dataclass(frozen=True, slots=True)
class Count:
    """Good items that were made from the day ``start`` on and before the day ``end``, and what the row is called."""

    name: str
    start: float
    end: float
    items: float


@dataclass(frozen=True, slots=True)
class Part:
    """What a count has beyond those that lie in it: the stretches of days that are left, and their items."""

    name: str
    stretches: tuple[tuple[float, float], ...]
    items: float

    @property
    def days(self) -> float:
        """All days together."""
        return sum(end - start for start, end in self.stretches)


@dataclass(frozen=True, slots=True, eq=False)
class Ramping:
    """A plant and its counts: blocks of capacity, pieces of time, and the pieces of each part.

    ``opens`` (block) [day], ``capacity`` (block) [item/month]; ``edges`` (piece + 1) [day] and ``scale`` (piece), the
    part of normal that the plant could work; ``inside`` (part, piece) is 1 where the piece belongs to the part.
    """

    parts: tuple[Part, ...]
    opens: Floats
    capacity: Floats
    edges: Floats
    scale: Floats
    inside: Floats

    @property
    def items(self) -> Floats:
        """The items of each part."""
        return np.array([part.items for part in self.parts])

    @property
    def weights(self) -> Floats:
        """1 / days of each part: daily output is taken to miss a curve by as much on any day."""
        return np.array([1.0 / part.days for part in self.parts])


def parts_of(counts: Sequence[Count]) -> tuple[list[Part], list[str]]:
    """The parts of time that the counts tell of without overlap, in their order, and notes on counts left out.

    Raises
    ------
    InputError
        A count is negative, lasts no time, lies across another, or is below what lies in it.

    >>> parts_of([Count("1,000th", 0, 168, 1000), Count("2,000th", 0, 323, 2000)])[0][1]
    Part(name='2,000th', stretches=((168, 323),), items=1000)
    """
    if len(counts) > MOST_COUNTS:
        raise InputError(f"{len(counts):,} counts, above {MOST_COUNTS:,}; join days to months")
    for count in counts:
        _check(count)
    parts: list[Part] = []
    notes: list[str] = []
    for count in sorted(counts, key=lambda count: (count.end - count.start, count.start, count.name)):
        within = [part for part in parts if _overlaps(part, count)]
        across = next((part for part in within if not _lies_in(part, count)), None)
        if across is not None:
            raise InputError(f"count '{count.name}' lies across count '{across.name}'; keep one of the two")
        known = sum(part.items for part in within)
        left = _without(count, within)
        if not left:
            told = "as many" if abs(count.items - known) <= _ROUNDING else f"{known:,.10g}"
            notes.append(f"'{count.name}' is the sum of other counts and is left out; they have {told}")
        elif count.items < known - _ROUNDING:
            raise InputError(
                f"count '{count.name}' is {count.items:,.10g}, and counts that lie in it have {known:,.10g} together;"
                " correct one of them"
            )
        else:
            parts.append(Part(count.name, left, max(count.items - known, 0)))
    return sorted(parts, key=lambda part: part.stretches[0]), notes


def ramping(
    parts: Sequence[Part],
    *,
    opens: Sequence[float],
    capacity: Sequence[float],
    steps: Sequence[tuple[float, float]] = (),
) -> Ramping:
    """The plant and its counts on one line of time.

    Parameters
    ----------
    opens, capacity
        Of each block, the day of its opening and its items a month.
    steps
        A day, and the part of normal that the plant could work from that day on; all of it where nothing is said.

    Raises
    ------
    InputError
        There is no count, or items were counted before the plant opened.
    """
    if not parts:
        raise InputError("there is no count to fit; give at least one interval of days with what was made in it")
    first, last = min(opens), max(stretch[1] for part in parts for stretch in part.stretches)
    for part in parts:
        if part.items > 0 and part.stretches[-1][1] <= first:
            raise InputError(f"count '{part.name}' ends before the plant opens, on day {first:g}; correct one of them")
    at = {first, last, *opens, *(day for day, _ in steps)}
    at |= {day for part in parts for stretch in part.stretches for day in stretch}
    edges = np.array(sorted(day for day in at if first <= day <= last))
    middles = (edges[1:] + edges[:-1]) / 2
    scale = np.ones(middles.size)
    for day, share in sorted(steps):
        scale[middles >= day] = share
    inside = np.array(
        [np.sum([(middles > start) & (middles < end) for start, end in part.stretches], axis=0) for part in parts],
        dtype=np.float64,
    ).reshape(len(parts), middles.size)
    return Ramping(tuple(parts), np.array(opens, dtype=float), np.array(capacity, dtype=float), edges, scale, inside)


def _check(count: Count) -> None:
    if not np.all(np.isfinite([count.start, count.end, count.items])) or count.items < 0:
        raise InputError(f"count '{count.name}' is {count.items:g} from day {count.start:g} to {count.end:g}; expected"
                         " 0 or more items between days that are known")  # fmt: skip
    if count.end <= count.start:
        raise InputError(f"count '{count.name}' ends on day {count.end:g}, and begins on day {count.start:g}")


def _overlaps(part: Part, count: Count) -> bool:
    return any(start < count.end - _ROUNDING and end > count.start + _ROUNDING for start, end in part.stretches)


def _lies_in(part: Part, count: Count) -> bool:
    return part.stretches[0][0] >= count.start - _ROUNDING and part.stretches[-1][1] <= count.end + _ROUNDING


def _without(count: Count, within: Sequence[Part]) -> tuple[tuple[float, float], ...]:
    """The stretches of a count that are none of the parts within it."""
    taken = sorted(stretch for part in within for stretch in part.stretches)
    left, now = [], count.start
    for start, end in taken:
        if start > now + _ROUNDING:
            left.append((now, start))
        now = max(now, end)
    if count.end > now + _ROUNDING:
        left.append((now, count.end))
    return tuple(left)
