"""The fast walk for the plain store: two prices that never pay for both ways at once, one size, no standing loss.

The value of stored energy is concave: a list of segments (slope, length), slopes falling from the empty store to the
full one. A step back puts one segment for charging and one for discharging in their places and cuts off what lies
outside the store. The list is held as two stacks that meet at the place of the last insertion, for prices move little
from step to step. Levels are counted from the full store down, where V has no steep edge and no rounding gathers.
``kernel`` knows every other store; the tests hold the two against each other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled, inlined

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# a segment shorter than this share of the store is rounding, not energy
SLIVER = 1e-15
# steps after which a sum that was carried on is made anew
_ANEW = 64


@compiled
def plan(
    buy: Floats, sell: Floats, most_in: Floats, most_out: Floats, full: float, start: float, end: float
) -> tuple[Floats, float]:
    """The energy after each step [MWh] of the best schedule, and the value V(start) at its beginning.

    ``buy`` is what one more stored MWh costs in each step and ``sell`` what one drawn earns [currency/MWh];
    ``most_in`` and ``most_out`` are the most that can be stored and drawn, ``full`` the most energy, ``start`` the
    energy before the first step and ``end`` the least after the last [MWh]. The caller has checked that buy >= sell in
    every step and that ``end`` can be reached.
    """
    steps = len(buy)
    buy_level, sell_level = np.empty(steps), np.empty(steps)
    sliver = SLIVER * full
    # rows: slopes and lengths left of the gap, from the empty store up; the same right of it, from the full store down
    stacks = np.empty((4, 128))
    # bottom and top of the left stack, bottom and top of the right one
    at = np.zeros(4, np.int64)
    if full > end:
        stacks[0, 0], stacks[1, 0], at[1] = 0.0, full - end, 1
    lowest, top, right = end, 0.0, 0.0
    for t in range(steps - 1, -1, -1):
        if max(at[1] + at[3] - at[2], at[3] + at[1] - at[0]) + 4 > stacks.shape[1]:
            stacks = _packed(stacks, at)
        right = _parted(stacks, at, sell[t], False, right)
        sell_level[t] = min(max(full - right if at[1] > at[0] else lowest, lowest), full)
        if most_out[t] > 0.0:
            right += _pushed(stacks, at, sell[t], most_out[t])
            top += sell[t] * most_out[t]
        right = _parted(stacks, at, buy[t], True, right)
        # the segment of this step's own sale lies right of the gap, and was not there when the level was reached
        level = full - right + most_out[t] if at[1] > at[0] else lowest
        buy_level[t] = min(max(level, lowest), full)
        if most_in[t] > 0.0:
            right += _pushed(stacks, at, buy[t], most_in[t])
        # the lowest level from which the end can still be reached falls until it meets the empty store
        right -= _cut_low(stacks, at, max(most_in[t] - lowest, 0.0), sliver)
        lowest = max(lowest - most_in[t], 0.0)
        top -= _cut_high(stacks, at, most_out[t], sliver)
        right = max(right - most_out[t], 0.0) if t % _ANEW else _total(stacks, at)
    return _forward(buy_level, sell_level, most_in, most_out, start), top - _above(stacks, at, full - start)


@compiled
def _packed(stacks: Floats, at: Integers) -> Floats:
    """The same stacks from the beginning of their rows, with room for as much again."""
    left, right = at[1] - at[0], at[3] - at[2]
    packed = np.empty((4, max(stacks.shape[1], 4 * (left + right) + 64)))
    packed[:2, :left] = stacks[:2, at[0] : at[1]]
    packed[2:, :right] = stacks[2:, at[2] : at[3]]
    at[0], at[1], at[2], at[3] = 0, left, 0, right
    return packed


@inlined
def _parted(stacks: Floats, at: Integers, price: float, equal: bool, right: float) -> float:
    """Move the gap so that the slopes below ``price`` (or equal to it, too) are right of it; the length there."""
    while at[1] > at[0] and (stacks[0, at[1] - 1] < price or (equal and stacks[0, at[1] - 1] == price)):
        at[1] -= 1
        stacks[2, at[3]], stacks[3, at[3]] = stacks[0, at[1]], stacks[1, at[1]]
        right += stacks[1, at[1]]
        at[3] += 1
    while at[3] > at[2] and (stacks[2, at[3] - 1] > price or (not equal and stacks[2, at[3] - 1] == price)):
        at[3] -= 1
        stacks[0, at[1]], stacks[1, at[1]] = stacks[2, at[3]], stacks[3, at[3]]
        right -= stacks[3, at[3]]
        at[1] += 1
    return right


@inlined
def _pushed(stacks: Floats, at: Integers, slope: float, length: float) -> float:
    """Put a segment right of the gap; an equal slope there grows. The length comes back."""
    if at[3] > at[2] and stacks[2, at[3] - 1] == slope:
        stacks[3, at[3] - 1] += length
    else:
        stacks[2, at[3]], stacks[3, at[3]] = slope, length
        at[3] += 1
    return length


@inlined
def _cut_low(stacks: Floats, at: Integers, low: float, sliver: float) -> float:
    """Take ``low`` off the empty end; the length that was right of the gap."""
    while low > 0.0 and at[1] > at[0]:
        length = stacks[1, at[0]]
        if length > low + sliver:
            stacks[1, at[0]] = length - low
            return 0.0
        low -= length
        at[0] += 1
    gone = 0.0
    while low > 0.0 and at[3] > at[2]:
        length = stacks[3, at[3] - 1]
        if length > low + sliver:
            stacks[3, at[3] - 1] = length - low
            return gone + low
        low -= length
        gone += length
        at[3] -= 1
    return gone


@inlined
def _cut_high(stacks: Floats, at: Integers, high: float, sliver: float) -> float:
    """Take ``high`` off the full end; the value that lay there."""
    value = 0.0
    while high > 0.0 and at[3] > at[2]:
        length = stacks[3, at[2]]
        if length > high + sliver:
            stacks[3, at[2]] = length - high
            return float(value + stacks[2, at[2]] * high)
        value += stacks[2, at[2]] * length
        high -= length
        at[2] += 1
    while high > 0.0 and at[1] > at[0]:
        length = stacks[1, at[1] - 1]
        if length > high + sliver:
            stacks[1, at[1] - 1] = length - high
            return float(value + stacks[0, at[1] - 1] * high)
        value += stacks[0, at[1] - 1] * length
        high -= length
        at[1] -= 1
    return float(value)


@compiled
def _total(stacks: Floats, at: Integers) -> float:
    """The length right of the gap."""
    total = 0.0
    for i in range(at[2], at[3]):
        total += stacks[3, i]
    return total


@compiled
def _above(stacks: Floats, at: Integers, reach: float) -> float:
    """The value between the full store and ``reach`` below it."""
    value = 0.0
    for i in range(at[2], at[3]):
        taken = min(stacks[3, i], reach)
        value += stacks[2, i] * taken
        reach -= taken
    for i in range(at[1] - 1, at[0] - 1, -1):
        taken = min(stacks[1, i], reach)
        value += stacks[0, i] * taken
        reach -= taken
    return float(value)


@compiled
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
