"""The cycles in a run of levels, counted by rainflow as ASTM E1049-85, section 5.4.4, has it; compiled by numba."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.trajectories import compiled
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Cycles:
    """Cycles in the order in which they close: depth and mean [as the levels], count (0.5 or 1), and where they lie.

    ``begin`` and ``end`` are places in the run of levels. A half cycle goes from the one to the other; a full cycle
    goes on to where the level is back.
    """

    depth: Floats
    mean: Floats
    count: Floats
    begin: Integers
    end: Integers


def rainflow(level: npt.ArrayLike) -> Cycles:
    """The cycles in a run of levels.

    Where a level stays for a while at a turn, the turn is its last step.

    Raises
    ------
    InputError
        A level is not finite.

    >>> found = rainflow([0.0, 1.0, 0.4, 0.8, 0.0])
    >>> found.depth, found.count
    (array([0.4, 1. , 1. ]), array([1. , 0.5, 0.5]))
    """
    run = np.ascontiguousarray(level, dtype=np.float64)
    if run.ndim != 1:
        raise InputError(f"rainflow: levels have {run.ndim} dims, expected one run")
    if not np.isfinite(run).all():
        place = int(np.flatnonzero(~np.isfinite(run))[0])
        raise InputError(f"rainflow: level {place} is {run[place]}, expected a finite number")
    begin, end, count = found_cycles(run)
    return Cycles(
        depth=np.abs(run[begin] - run[end]), mean=0.5 * (run[begin] + run[end]), count=count, begin=begin, end=end
    )


@compiled
def turning_points(level: Floats) -> Integers:
    """The places where the level turns, with the first and the last."""
    points = len(level)
    turns = np.empty(points, dtype=np.int64)
    if points < 2:
        return turns[:0]
    turns[0] = 0
    found = 1
    direction = level[1] - level[0]
    for i in range(1, points - 1):
        change = level[i + 1] - level[i]
        if change == 0.0:
            continue
        if direction * change < 0.0:
            turns[found] = i
            found += 1
        direction = change
    turns[found] = points - 1
    return turns[: found + 1]


@compiled
def found_cycles(level: Floats) -> tuple[Integers, Integers, Floats]:
    """Where each cycle begins and ends, and its count."""
    turns = turning_points(level)
    open_turns = np.empty(len(turns), dtype=np.int64)
    begin = np.empty(len(turns), dtype=np.int64)
    end = np.empty(len(turns), dtype=np.int64)
    count = np.empty(len(turns), dtype=np.float64)
    found, first, last = 0, 0, 0  # the turns that wait to be closed are open_turns[first:last]
    for turn in turns:
        open_turns[last] = turn
        last += 1
        while last - first >= 3:
            newest, middle, oldest = open_turns[last - 1], open_turns[last - 2], open_turns[last - 3]
            if abs(level[newest] - level[middle]) < abs(level[middle] - level[oldest]):
                break
            begin[found], end[found] = oldest, middle
            if last - first == 3:
                count[found] = 0.5
                first += 1
            else:
                count[found] = 1.0
                open_turns[last - 3] = newest
                last -= 2
            found += 1
    for i in range(first, last - 1):
        begin[found], end[found], count[found] = open_turns[i], open_turns[i + 1], 0.5
        found += 1
    return begin[:found], end[:found], count[:found]
