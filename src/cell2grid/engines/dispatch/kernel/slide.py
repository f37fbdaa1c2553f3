"""The best of buying up to a length at a cost, from a value whose slopes are in any order; compiled by numba.

With f the value and c the cost, h(s) is the largest f(x) - c (x - s) for x from s to s + length: a sliding maximum. As
van Herk (1992, doi:10.1016/0167-8655(92)90069-C) has it, the levels are parted into blocks of that length. In a block
the maximum to the left end of a window only falls, the one from there to its right end only rises, and the window's is
the larger of the two, so that they cross once. The work grows with the number of segments and of blocks.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled, inlined, pushed

Floats = npt.NDArray[np.float64]


@compiled
def slid(
    slopes: Floats,
    lengths: Floats,
    head: int,
    tail: int,
    cost: float,
    length: float,
    to_slopes: Floats,
    to_lengths: Floats,
    spare: Floats,
    end: int,
    sliver: float,
) -> tuple[int, int]:
    """The sliding maximum, written up to ``end``: its head and its rises. ``spare`` has four rows to work in."""
    out, rises, carried = end, 0, 0.0
    # the segment at the boundary of two blocks, and how much of it lies left of that
    i, left = tail - 1, lengths[tail - 1]
    block = 0
    done = False
    while not done:
        if lengths[i] - left >= length and left > 3.0 * length:
            # windows that see one segment alone: short pieces take no longer than long ones
            passed = (np.floor(left / length) - 2.0) * length
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, slopes[i], passed, rises, carried, sliver)
            left -= passed
        rising = 0
        if block > 0:
            rising = _from_left(slopes, lengths, tail, i, left, length, cost, spare, sliver)
        falling, i, left, missing = _from_right(slopes, lengths, head, i, left, length, cost, spare, sliver)
        done = missing > sliver or i < head
        if missing > 0.0:
            # below the lowest level the window sees no more than from there
            falling = _added(spare, 2, falling, cost, missing)
        if block == 0:
            for k in range(falling):
                out, rises, carried = pushed(
                    to_slopes, to_lengths, out, end, spare[2, k], spare[3, k], rises, carried, sliver
                )
        else:
            out, rises, carried = _crossed(
                spare, rising, falling, cost, to_slopes, to_lengths, out, end, rises, carried, sliver
            )
        block += 1
        last = length - missing
    # windows that begin below the lowest level
    rising = _from_left(slopes, lengths, tail, max(i, head), left if i >= head else 0.0, last, cost, spare, sliver)
    for k in range(rising - 1, -1, -1):
        out, rises, carried = pushed(to_slopes, to_lengths, out, end, spare[0, k], spare[1, k], rises, carried, sliver)
    return out, rises


@inlined
def _added(spare: Floats, row: int, count: int, slope: float, length: float) -> int:
    """One more segment in two rows of ``spare``; an equal slope grows."""
    if length <= 0.0:
        return count
    if count > 0 and spare[row, count - 1] == slope:
        spare[row + 1, count - 1] += length
        return count
    spare[row, count], spare[row + 1, count] = slope, length
    return count + 1


@compiled
def _from_left(
    slopes: Floats,
    lengths: Floats,
    tail: int,
    i: int,
    left: float,
    span: float,
    cost: float,
    spare: Floats,
    sliver: float,
) -> int:
    """The running maximum rightward over ``span`` from a boundary, in rows 0 and 1 from the left: its segments."""
    count, level, best = 0, 0.0, 0.0
    room = lengths[i] - left
    while span > sliver and i < tail:
        take = min(room, span)
        gain = slopes[i] - cost
        after = level + gain * take
        if after <= best:
            count = _added(spare, 0, count, cost, take)
        else:
            flat = (best - level) / gain if level < best else 0.0
            count = _added(spare, 0, count, cost, flat)
            count = _added(spare, 0, count, slopes[i], take - flat)
            best = after
        level = after
        span -= take
        i += 1
        if i < tail:
            room = lengths[i]
    if span > 0.0:
        count = _added(spare, 0, count, cost, span)
    return count


@compiled
def _from_right(
    slopes: Floats,
    lengths: Floats,
    head: int,
    i: int,
    left: float,
    span: float,
    cost: float,
    spare: Floats,
    sliver: float,
) -> tuple[int, int, float, float]:
    """The running maximum leftward over ``span`` from a boundary, in rows 2 and 3 from the right.

    Its segments, the next boundary (segment, and what of it lies left), and what of the span has no level.
    """
    count, level, best = 0, 0.0, 0.0
    while span > sliver and i >= head:
        take = min(left, span)
        gain = cost - slopes[i]
        after = level + gain * take
        if after <= best:
            count = _added(spare, 2, count, cost, take)
        else:
            flat = (best - level) / gain if level < best else 0.0
            count = _added(spare, 2, count, cost, flat)
            count = _added(spare, 2, count, slopes[i], take - flat)
            best = after
        level = after
        span -= take
        left -= take
        if left <= sliver:
            i -= 1
            left = lengths[i] if i >= head else 0.0
    return count, i, left, max(span, 0.0)


@compiled
def _crossed(
    spare: Floats,
    rising: int,
    falling: int,
    cost: float,
    to_slopes: Floats,
    to_lengths: Floats,
    out: int,
    end: int,
    rises: int,
    carried: float,
    sliver: float,
) -> tuple[int, int, float]:
    """Write the larger of the two maxima of a block from its right end on: the rising one, then the falling one."""
    lead = 0.0
    for k in range(rising):
        lead += (spare[0, k] - cost) * spare[1, k]
    p, r = rising - 1, 0
    of_p = spare[1, p] if p >= 0 else 0.0
    of_r = spare[3, 0] if falling > 0 else 0.0
    while p >= 0 and r < falling:
        take = min(of_p, of_r)
        closing = spare[0, p] - spare[2, r]
        if lead - closing * take <= 0.0 and lead <= closing * take:
            ahead = min(lead / closing, take) if closing > 0.0 else 0.0
            out, rises, carried = pushed(to_slopes, to_lengths, out, end, spare[0, p], ahead, rises, carried, sliver)
            of_r -= ahead
            break
        lead -= closing * take
        out, rises, carried = pushed(to_slopes, to_lengths, out, end, spare[0, p], take, rises, carried, sliver)
        of_p -= take
        of_r -= take
        if of_p <= 0.0:
            p -= 1
            of_p = spare[1, p] if p >= 0 else 0.0
        if of_r <= 0.0:
            r += 1
            of_r = spare[3, r] if r < falling else 0.0
    while r < falling:
        out, rises, carried = pushed(to_slopes, to_lengths, out, end, spare[2, r], of_r, rises, carried, sliver)
        r += 1
        of_r = spare[3, r] if r < falling else 0.0
    return out, rises, carried
