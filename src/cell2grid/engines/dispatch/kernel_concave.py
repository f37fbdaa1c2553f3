"""The value of stored energy as a concave, piecewise-linear function, carried back in time step by step.

``plan`` is compiled by numba on plain arrays. Times where a step is not concave (a negative price, with losses) are
not for this file: ``milp`` solves those.

With x the energy after a step and s before it, V(s) = max over x of V'(x) - cost(x - s). V is a list of segments
(slope, length), slopes falling from the lowest level to the full store. A step back inserts one segment for
charging and one for discharging, then cuts what lies outside the store. Levels are counted from the full store down,
for there V has no steep edge and no rounding gathers.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# a segment shorter than this share of the store is rounding, not energy
SLIVER = 1e-15


class Store(NamedTuple):
    """A store and its prices, all seen from inside: the arguments of ``plan`` in their order.

    ``buy`` is what one more stored MWh costs in each step and ``sell`` what one MWh drawn earns [currency/MWh];
    ``most_in`` and ``most_out`` are the most that can be stored and drawn; ``full`` the most energy, ``start`` the
    energy before the first step and ``end`` the least after the last [MWh].
    """

    buy: Floats
    sell: Floats
    most_in: Floats
    most_out: Floats
    full: float
    start: float
    end: float


@numba.njit(cache=True)
def _insert(slopes: Floats, lengths: Floats, head: int, tail: int, slope: float, length: float) -> tuple[int, int]:
    """Put one segment in its place among falling slopes; an equal slope grows. There is room on both sides."""
    place = tail
    while place > head and slopes[place - 1] < slope:
        place -= 1
    if place > head and slopes[place - 1] == slope:
        lengths[place - 1] += length
        return head, tail
    if place - head < tail - place:
        for i in range(head, place):
            slopes[i - 1], lengths[i - 1] = slopes[i], lengths[i]
        slopes[place - 1], lengths[place - 1] = slope, length
        return head - 1, tail
    for i in range(tail, place, -1):
        slopes[i], lengths[i] = slopes[i - 1], lengths[i - 1]
    slopes[place], lengths[place] = slope, length
    return head, tail + 1


@numba.njit(cache=True)
def _cut(
    slopes: Floats, lengths: Floats, head: int, tail: int, low: float, high: float, sliver: float
) -> tuple[int, int, float]:
    """Take ``low`` off the low end and ``high`` off the high end; also the value that lay in the high part."""
    value = 0.0
    while high > 0.0 and tail > head:
        taken = lengths[tail - 1] if lengths[tail - 1] <= high + sliver else high
        value += slopes[tail - 1] * taken
        lengths[tail - 1] -= taken
        high -= taken
        if lengths[tail - 1] <= sliver:
            tail -= 1
    while low > 0.0 and tail > head:
        if lengths[head] <= low + sliver:
            low -= lengths[head]
            head += 1
        else:
            lengths[head] -= low
            low = 0.0
    return head, tail, value


@numba.njit(cache=True)
def _roomier(slopes: Floats, lengths: Floats, head: int, tail: int) -> tuple[Floats, Floats, int, int]:
    """The same segments in the middle of arrays with room for twice as many on each side."""
    count = tail - head
    new_slopes, new_lengths = np.empty(5 * count + 64), np.empty(5 * count + 64)
    start = 2 * count + 32
    new_slopes[start : start + count] = slopes[head:tail]
    new_lengths[start : start + count] = lengths[head:tail]
    return new_slopes, new_lengths, start, start + count


@numba.njit(cache=True)
def _levels(
    slopes: Floats, lengths: Floats, head: int, tail: int, buy: float, sell: float, full: float, lowest: float
) -> tuple[float, float]:
    """The level up to which it pays to charge, and the level down to which it pays to discharge."""
    level, i = full, tail
    while i > head and slopes[i - 1] <= sell:
        level -= lengths[i - 1]
        i -= 1
    sell_level = level if i > head else lowest
    while i > head and slopes[i - 1] <= buy:
        level -= lengths[i - 1]
        i -= 1
    buy_level = level if i > head else lowest
    return max(buy_level, lowest), max(sell_level, lowest)


@numba.njit(cache=True)
def plan(
    buy: Floats, sell: Floats, most_in: Floats, most_out: Floats, full: float, start: float, end: float
) -> tuple[Floats, float]:
    """The energy after each step [MWh] of the best schedule, and the value V(start) at its beginning.

    Arguments as in ``Store``. The caller has checked that buy >= sell in every step and that ``end`` can be reached.
    """
    steps = len(buy)
    buy_level, sell_level = np.empty(steps), np.empty(steps)
    sliver = SLIVER * full
    slopes, lengths = np.empty(64), np.empty(64)
    head, tail, lowest, top = 32, 32, end, 0.0
    if full - end > 0.0:
        slopes[32], lengths[32], tail = 0.0, full - end, 33
    for t in range(steps - 1, -1, -1):
        buy_level[t], sell_level[t] = _levels(slopes, lengths, head, tail, buy[t], sell[t], full, lowest)
        if head < 2 or tail + 2 > len(slopes):
            slopes, lengths, head, tail = _roomier(slopes, lengths, head, tail)
        if most_out[t] > 0.0:
            head, tail = _insert(slopes, lengths, head, tail, sell[t], most_out[t])
            top += sell[t] * most_out[t]
        if most_in[t] > 0.0:
            head, tail = _insert(slopes, lengths, head, tail, buy[t], most_in[t])
        # the lowest level from which the end can still be reached falls until it meets the empty store
        below = max(most_in[t] - lowest, 0.0)
        lowest = max(lowest - most_in[t], 0.0)
        head, tail, value = _cut(slopes, lengths, head, tail, below, most_out[t], sliver)
        top -= value
    return _forward(buy_level, sell_level, most_in, most_out, start), top - _above(
        slopes, lengths, head, tail, full - start
    )


@numba.njit(cache=True)
def _above(slopes: Floats, lengths: Floats, head: int, tail: int, reach: float) -> float:
    """The value between the full store and ``reach`` below it."""
    value = 0.0
    for i in range(tail - 1, head - 1, -1):
        if reach <= 0.0:
            break
        taken = min(lengths[i], reach)
        value += slopes[i] * taken
        reach -= taken
    return value


@numba.njit(cache=True)
def _forward(buy_level: Floats, sell_level: Floats, most_in: Floats, most_out: Floats, start: float) -> Floats:
    """The energy after each step when each goes toward its two levels as fast as the limits allow."""
    energy = np.empty(len(buy_level))
    stored = start
    for t in range(len(buy_level)):
        if stored < buy_level[t]:
            stored = min(buy_level[t], stored + most_in[t])
        elif stored > sell_level[t]:
            stored = max(sell_level[t], stored - most_out[t])
        energy[t] = stored
    return energy
