"""The value of stored energy carried back in time, for any piecewise-linear reward of a step; compiled by numba.

With x the level after a step, z what is left of the level before it and u = x - z what the step stores (or draws,
u < 0), V(z) = max over u of r(u) + V'(z + u). ``Steps`` gives r by its breakpoints. Where r is concave, each of its
pieces is a segment put in its place among the slopes of V'. Where it is not ("never charge and discharge at once" at a
negative price), ``runs.py`` has the answer. ``walk.py`` goes forward along what a sweep recorded.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled, cut_high, cut_low, inlined, inserted, place_of
from cell2grid.engines.dispatch.kernel.runs import ROWS, offered

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# a segment shorter than this share of the store is rounding, not energy
SLIVER = 1e-15
# levels this share of the store apart are one level
SAME = 1e-12
# how a sweep ends: at its first step, at a step before which no level leads on (its number), or for want of room
DONE, TOO_MANY = -1, -2


class Steps(NamedTuple):
    """What each step offers, seen from inside the store; T steps, J pieces.

    ``flow`` [MWh] has the breakpoints of what is stored, rising, by (T, J + 1); ``cost`` [currency/MWh] what one more
    stored MWh costs between two of them, by (T, J); ``money`` [currency] what the lowest flow earns. ``outward`` is
    the number of pieces below zero. ``kept`` is the share of stored energy left after each step, ``lowest`` and
    ``highest`` the bounds of the level after it [MWh]. ``end_worth`` [currency/MWh] by ``end_length`` [MWh] is the
    value of what is stored at the end, from empty upwards. ``room`` is the most energy ever stored [MWh].
    """

    flow: Floats
    cost: Floats
    money: Floats
    outward: Integers
    kept: Floats
    lowest: Floats
    highest: Floats
    start: float
    end_worth: Floats
    end_length: Floats
    room: float


class Value(NamedTuple):
    """A piecewise-linear value: segments from the lowest level up, its lowest and highest level, the worth of the
    highest, and the number of places where its slope grows; no segment and ``low`` above ``high`` is no level at all.
    """

    slopes: Floats
    lengths: Floats
    low: float
    high: float
    top: float
    rises: int


class Swept(NamedTuple):
    """What a sweep back leaves: the value before its first step, and what the walk forward needs of each step.

    ``ended`` is DONE, TOO_MANY or the step after which no level is within its bounds. ``target`` is the level up to
    which each piece is used, by (step, piece); where a step has none, its value stands in ``slopes`` and ``lengths``
    from ``at`` on, ``held`` segments of it, down from the level ``high``. ``marginal`` is what one MWh less and one
    more before each step is worth, on the path that was given.
    """

    now: Value
    ended: int
    target: Floats
    at: Integers
    held: Integers
    high: Floats
    slopes: Floats
    lengths: Floats
    marginal: Floats


@compiled
def ending(steps: Steps) -> Value:
    """The value of the level after the last step."""
    high = 0.0
    for k in range(len(steps.end_length)):
        high += steps.end_length[k]
    top, rises = 0.0, 0
    for k in range(len(steps.end_length)):
        top += steps.end_length[k] * steps.end_worth[k]
        if k > 0 and steps.end_worth[k - 1] < steps.end_worth[k]:
            rises += 1
    return Value(steps.end_worth.copy(), steps.end_length.copy(), 0.0, high, top, rises)


@compiled
def worth_at(now: Value, level: float, scale: float) -> float:
    """The value at a level; NaN outside."""
    if level > now.high + SAME * scale or level < now.low - SAME * scale:
        return np.nan
    reach = now.high - level
    amount = 0.0
    for i in range(len(now.slopes) - 1, -1, -1):
        if reach <= 0.0:
            break
        taken = min(now.lengths[i], reach)
        amount += now.slopes[i] * taken
        reach -= taken
    return now.top - amount


@compiled
def sweep(steps: Steps, first: int, last: int, after: Value, record: bool, path: Floats, most: int) -> Swept:
    """The value carried back from after step ``last`` - 1 to before step ``first``.

    ``record`` keeps what the walk forward needs; with ``path``, the level before each step, the marginal values along
    it are kept. A sweep that would have to keep more than ``most`` segments (-1: any number) stops.
    """
    pieces = steps.cost.shape[1]
    sliver = SLIVER * steps.room
    slopes, lengths, where, level = _unpacked(after, pieces)
    spare = np.empty((ROWS, 64))
    rows = last - first if record else 0
    target = np.empty((rows, pieces))
    at, held, highs = np.zeros(rows, np.int64), np.full(rows, -1, np.int64), np.empty(rows)
    pool_slopes, pool_lengths = np.empty(256), np.empty(256)
    used = 0
    marginal = np.empty((last - first if len(path) else 0, 2))
    places = np.empty(pieces, np.int64)
    none = np.empty(pieces)
    ended = DONE
    for t in range(last - 1, first - 1, -1):
        if not _bounded(slopes, lengths, where, level, steps.lowest[t], steps.highest[t], sliver):
            ended = t
            break
        flow, cost = steps.flow[t], steps.cost[t]
        row = target[t - first] if record else none
        if _placed(slopes, lengths, where, level, flow, cost, steps.outward[t], places, row):
            if where[0] <= pieces or where[1] + pieces >= len(slopes):
                moved = where[0]
                slopes, lengths = _roomier(slopes, lengths, where, pieces)
                places += where[0] - moved
            _put(slopes, lengths, where, flow, cost, places)
        else:
            count = where[1] - where[0]
            if record:
                if most >= 0 and used + count > most:
                    ended = TOO_MANY
                    break
                if used + count > len(pool_slopes):
                    pool_slopes = _grown(pool_slopes, used, used + count)
                    pool_lengths = _grown(pool_lengths, used, used + count)
                pool_slopes[used : used + count] = slopes[where[0] : where[1]]
                pool_lengths[used : used + count] = lengths[where[0] : where[1]]
                at[t - first], held[t - first], highs[t - first] = used, count, level[1]
                used += count
            need = 8 * (count + pieces) * pieces + 64
            if need > spare.shape[1]:
                spare = np.empty((ROWS, 2 * need))
            made, where[2] = offered(slopes, lengths, where, flow, cost, spare, sliver)
            count = spare.shape[1] - made
            if count + 2 * pieces + 4 > len(slopes):
                slopes, lengths = np.empty(2 * (count + 2 * pieces + 4)), np.empty(2 * (count + 2 * pieces + 4))
            where[0] = (len(slopes) - count) // 2
            where[1] = where[0] + count
            slopes[where[0] : where[1]] = spare[0, made:]
            lengths[where[0] : where[1]] = spare[1, made:]
        level[0] -= flow[pieces]
        level[1] -= flow[0]
        level[2] += steps.money[t]
        kept = steps.kept[t]
        if len(path):
            reach = level[1] - kept * path[t - first]
            marginal[t - first, 0], marginal[t - first, 1] = _beside(slopes, lengths, where, reach, sliver * 1000.0)
        if kept != 1.0:
            _faded(slopes, lengths, where, level, kept)
    now = Value(
        slopes[where[0] : where[1]].copy(), lengths[where[0] : where[1]].copy(), level[0], level[1], level[2], where[2]
    )
    return Swept(now, ended, target, at, held, highs, pool_slopes, pool_lengths, marginal)


@compiled
def _unpacked(after: Value, pieces: int) -> tuple[Floats, Floats, Integers, Floats]:
    """Arrays with room on both sides; head, tail and rises; lowest level, highest level and worth of the highest."""
    count = len(after.slopes)
    size = 2 * count + 4 * pieces + 64
    slopes, lengths = np.empty(size), np.empty(size)
    head = (size - count) // 2
    slopes[head : head + count], lengths[head : head + count] = after.slopes, after.lengths
    where = np.array([head, head + count, after.rises])
    level = np.array([after.low, after.high, after.top])
    return slopes, lengths, where, level


@compiled
def _roomier(slopes: Floats, lengths: Floats, where: Integers, pieces: int) -> tuple[Floats, Floats]:
    """The same segments in the middle of arrays with room for more on both sides."""
    count = where[1] - where[0]
    size = max(len(slopes), 2 * count + 4 * pieces + 64)
    more_slopes, more_lengths = np.empty(size), np.empty(size)
    head = (size - count) // 2
    more_slopes[head : head + count] = slopes[where[0] : where[1]]
    more_lengths[head : head + count] = lengths[where[0] : where[1]]
    where[0], where[1] = head, head + count
    return more_slopes, more_lengths


@compiled
def _grown(pool: Floats, used: int, need: int) -> Floats:
    """The pool with room for ``need`` numbers."""
    more = np.empty(max(2 * len(pool), need))
    more[:used] = pool[:used]
    return more


@inlined
def _bounded(
    slopes: Floats, lengths: Floats, where: Integers, level: Floats, lowest: float, highest: float, sliver: float
) -> bool:
    """Cut off the levels beyond the bounds; False where none is left."""
    if level[1] > highest:
        where[1], amount, gone = cut_high(slopes, lengths, where[0], where[1], level[1] - highest, sliver)
        level[2] -= amount
        where[2] -= gone
        level[1] = highest
    if level[0] < lowest:
        where[0], gone = cut_low(slopes, lengths, where[0], where[1], lowest - level[0], sliver)
        where[2] -= gone
        level[0] = lowest
    return bool(level[0] <= level[1] + 1000.0 * sliver)


@inlined
def _placed(
    slopes: Floats,
    lengths: Floats,
    where: Integers,
    level: Floats,
    flow: Floats,
    cost: Floats,
    outward: int,
    places: Integers,
    target: Floats,
) -> bool:
    """Find each piece's place among the slopes, and the level up to which it is used; False where there is none.

    A piece has no place where the pieces do not get dearer, or where slopes above its cost stand right of others.
    """
    head, tail = where[0], where[1]
    place, above, before = tail, 0.0, -np.inf
    for j in range(len(cost)):
        places[j] = -1
        if flow[j + 1] <= flow[j]:
            continue
        if cost[j] < before:
            return False
        before = cost[j]
        while place > head and slopes[place - 1] <= before:
            place -= 1
            above += lengths[place]
        if where[2] > 0 and place_of(slopes, head, place, before, where[2]) < 0:
            return False
        places[j] = place
        reach = above
        if j < outward:
            # nothing is drawn where that gains nothing
            same = place
            while same < tail and slopes[same] == before:
                reach -= lengths[same]
                same += 1
        target[j] = level[1] - reach if place > head or j < outward else level[0]
    return True


@inlined
def _put(slopes: Floats, lengths: Floats, where: Integers, flow: Floats, cost: Floats, places: Integers) -> None:
    """Put each piece in its place; there is room."""
    shift = 0
    for j in range(len(cost)):
        if flow[j + 1] <= flow[j]:
            # a piece of no length has no place, whatever a move of the segments made of it
            continue
        step = inserted(slopes, lengths, where[0], where[1], places[j] + shift, cost[j], flow[j + 1] - flow[j])
        if step < 0:
            # what stands left has moved
            where[0] -= 1
            shift -= 1
        elif step > 0:
            where[1] += 1


@inlined
def _faded(slopes: Floats, lengths: Floats, where: Integers, level: Floats, kept: float) -> None:
    """The value of the level before the standing loss."""
    span = 0.0
    for i in range(where[0], where[1]):
        slopes[i] *= kept
        lengths[i] /= kept
        span += lengths[i]
    level[0] /= kept
    level[1] /= kept
    # the lowest level is where the segments end: a gap between the two would grow with every loss
    gap = level[1] - level[0] - span
    if where[0] < where[1] and lengths[where[0]] + gap > 0.0:
        lengths[where[0]] += gap
    else:
        level[0] = level[1] - span


@compiled
def _beside(slopes: Floats, lengths: Floats, where: Integers, reach: float, same: float) -> tuple[float, float]:
    """What one MWh less and one more is worth ``reach`` below the highest level."""
    less, more = np.nan, np.nan
    if reach <= same:
        more = -np.inf
    for i in range(where[1] - 1, where[0] - 1, -1):
        if reach > same:
            more = slopes[i]
        less = slopes[i]
        reach -= lengths[i]
        if reach < -same:
            return less, more
        if reach <= same:
            # a level between two segments: the one below says what one less is worth
            less = slopes[i - 1] if i > where[0] else np.inf
            return less, more
    return np.inf, more
