"""What a step offers where its reward or the value is not concave; compiled by numba on plain arrays.

The pieces of a step's reward are taken in runs that get dearer; each run is the best of buying piece after piece
(``slid``), and the larger of what the runs offer at each level is the answer. ``kernel`` asks for it where a segment
has no single place.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled, envelope, place_of, slid_hill
from cell2grid.engines.dispatch.kernel.slide import slid

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# rows to work in: two for what is offered so far, two each for a run before and after a piece, four for hills
ROWS = 10


@compiled
def offered(
    slopes: Floats, lengths: Floats, where: Integers, flow: Floats, cost: Floats, spare: Floats, sliver: float
) -> tuple[int, int]:
    """The larger of what the runs offer: from where it stands in the first two rows of ``spare``, and its rises."""
    end = spare.shape[1]
    made, rises = end, 0
    first, passed = 0, 0.0
    while first < len(cost):
        last = _run(flow, cost, first)
        row, at = _bought(slopes, lengths, where, flow, cost, first, last, spare, sliver)
        if made == end:
            made, rises = at, _rises(spare[row], at)
            spare[0, at:], spare[1, at:] = spare[row, at:], spare[row + 1, at:]
        else:
            new, rises = envelope(
                spare[row], spare[row + 1], at, end, spare[0], spare[1], made, end,
                flow[first] - flow[0], passed, spare[6], spare[7], end, sliver,
            )  # fmt: skip
            made = new
            spare[0, made:], spare[1, made:] = spare[6, made:], spare[7, made:]
        for j in range(first, last):
            passed += cost[j] * (flow[j + 1] - flow[j])
        first = last
    return made, rises


@compiled
def _run(flow: Floats, cost: Floats, first: int) -> int:
    """Where the run of pieces that begins at ``first`` ends: before the first piece that is cheaper."""
    before = -np.inf
    for j in range(first, len(cost)):
        if flow[j + 1] > flow[j]:
            if cost[j] < before:
                return j
            before = cost[j]
    return len(cost)


@compiled
def _bought(
    slopes: Floats,
    lengths: Floats,
    where: Integers,
    flow: Floats,
    cost: Floats,
    first: int,
    last: int,
    spare: Floats,
    sliver: float,
) -> tuple[int, int]:
    """The best of the pieces of one run, after the least flow of the run: the row and place in ``spare``."""
    end = spare.shape[1]
    row, at = 2, end - (where[1] - where[0])
    spare[2, at:], spare[3, at:] = slopes[where[0] : where[1]], lengths[where[0] : where[1]]
    rises = where[2]
    for j in range(first, last):
        length = flow[j + 1] - flow[j]
        # windows of no length would part the store into endless blocks
        if length <= sliver:
            continue
        other = 6 - row
        if place_of(spare[row], at, end, cost[j], rises) >= 0:
            at = slid_hill(spare[row], spare[row + 1], at, end, cost[j], length, spare[other], spare[other + 1], end)
        else:
            at, rises = slid(
                spare[row], spare[row + 1], at, end, cost[j], length, spare[other], spare[other + 1],
                spare[6:], end, sliver,
            )  # fmt: skip
        row = other
    return row, at


@compiled
def _rises(slopes: Floats, at: int) -> int:
    """The places where the slope grows with the level."""
    count = 0
    for i in range(at, len(slopes) - 1):
        if slopes[i] < slopes[i + 1]:
            count += 1
    return count
