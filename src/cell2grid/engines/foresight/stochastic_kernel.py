"""The value of stored energy when the next price is a draw, carried back in time exactly; compiled by numba.

For each state of the price the value is concave and piecewise linear in the level. All states share one grid of
levels, the union of their break points, so that the expectation over the next state is a matrix product of slopes.
The step before is a sup-convolution, as in ``cell2grid.engines.dispatch.kernel.concave``, here on levels in place of
lengths, because a grid is shared. At a price that would pay for charging and discharging at once a step takes the
hull of its two directions, which keeps values concave; ``execute`` never does both.
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from cell2grid.engines.foresight.grids_kernel import SHORT, on_grid, thinned, union

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Period(NamedTuple):
    """Steps of a store with a price that is one of K states: ``price`` (step, state) as buy and sell inside the store.

    ``low`` and ``high`` bound the level before each step, and in their last row the level after the last one [MWh];
    ``chance`` (class, state, next state) belongs to the class of each step in ``kind``. ``end_worth`` [currency/MWh]
    by ``end_length`` [MWh] is what is stored after the last step worth, from empty upwards.
    """

    buy: Floats
    sell: Floats
    most_in: Floats
    most_out: Floats
    kept: Floats
    low: Floats
    high: Floats
    chance: Floats
    kind: Integers
    end_worth: Floats
    end_length: Floats


class Carried(NamedTuple):
    """What a sweep back leaves.

    ``first`` is the value at the highest level before the first step, by state. Of each step that was asked for,
    the expected value after it in its own state, and the mean of the states' values after it by their share, stand in
    ``level`` and ``slope`` from ``at`` on: pieces from the lowest level up, each with its upper end; ``base`` is the
    lowest level. ``error`` [currency] bounds what merging pieces of a grid that grew too long can have cost.
    """

    first: Floats
    own_at: Integers
    own_level: Floats
    own_slope: Floats
    mean_at: Integers
    mean_level: Floats
    mean_slope: Floats
    longest: int
    error: float


@numba.njit(cache=True, nogil=True)
def step_back(
    grid: Floats,
    slopes: Floats,
    top: float,
    buy: float,
    sell: float,
    most_in: float,
    most_out: float,
    kept: float,
    low: float,
    high: float,
    level: Floats,
    slope: Floats,
) -> tuple[int, float]:
    """Write the value before a step into ``level`` (upper ends) and ``slope``; its pieces and its worth at ``high``.

    ``grid`` and ``slopes`` are the value after the step, whose worth at its highest level is ``top``.
    """
    pieces = len(grid) - 1
    worth = top + sell * most_out
    if buy < sell:
        # the hull of charging only and discharging only
        buy = sell = (buy * most_in + sell * most_out) / (most_in + most_out) if most_in + most_out > 0.0 else buy
    up_to = 0
    while up_to < pieces and slopes[up_to] > buy:
        up_to += 1
    down_to = up_to
    while down_to < pieces and slopes[down_to] >= sell:
        down_to += 1
    count, begin, end = 0, kept * low, kept * high
    lower = grid[0] - most_in
    # pieces to charge from, a flat one, pieces to stand still at, a flat one, pieces to discharge from
    for part in range(pieces + 2):
        if part < up_to:
            upper, here = grid[part + 1] - most_in, slopes[part]
        elif part == up_to:
            upper, here = grid[up_to], buy
        elif part <= down_to:
            upper, here = grid[part], slopes[part - 1]
        elif part == down_to + 1:
            upper, here = grid[down_to] + most_out, sell
        else:
            upper, here = grid[part - 1] + most_out, slopes[part - 2]
        if upper > end:
            worth -= here * (upper - max(end, lower))
        lower, upper = upper, min(upper, end)
        if upper > begin:
            if count > 0 and slope[count - 1] == here * kept:
                level[count - 1] = upper / kept
            else:
                level[count], slope[count] = upper / kept, here * kept
                count += 1
            begin = upper
    if count > 0:
        level[count - 1] = high
    return count, worth


@numba.njit(cache=True, nogil=True)
def carry_back(
    period: Period, state: Integers, want_own: npt.NDArray[np.bool_], share: Floats, longest: int
) -> Carried:
    """The values of a period, from its end to its beginning; what is kept of each step is said in ``Carried``.

    ``state`` is each step's own state where ``want_own``; with ``share`` (class, state) means are kept, and without
    rows there none. A grid of more than ``longest`` pieces is thinned.
    """
    steps, states = period.buy.shape
    grid, slopes, top = _ending(period, states)
    count = np.zeros(states, np.int64)
    own_at, own, own_used = np.zeros((steps, 2), np.int64), np.empty((2, 64)), 0
    mean_at, mean, mean_used = np.zeros((steps, 2), np.int64), np.empty((2, 64)), 0
    most, error = len(grid) - 1, 0.0
    for t in range(steps - 1, -1, -1):
        if len(share):
            weights = share[period.kind[min(t + 1, steps - 1)]]
            mean, mean_used = _noted(mean_at[t], mean, mean_used, grid, _weighted(weights, slopes))
        pieces = len(grid) - 1
        expected, expected_top = np.empty((states, pieces)), np.empty(states)
        for k in range(states):
            chance = period.chance[period.kind[t], k]
            expected[k], expected_top[k] = _weighted(chance, slopes), np.sum(chance * top)
        if want_own[t]:
            own, own_used = _noted(own_at[t], own, own_used, grid, expected[state[t]])
        level, slope = np.empty((states, pieces + 2)), np.empty((states, pieces + 2))
        for k in range(states):
            count[k], top[k] = step_back(
                grid,
                expected[k],
                expected_top[k],
                period.buy[t, k],
                period.sell[t, k],
                period.most_in[t],
                period.most_out[t],
                period.kept[t],
                period.low[t],
                period.high[t],
                level[k],
                slope[k],
            )
        grid = union(level, count, period.low[t], period.high[t])
        slopes = on_grid(grid, level, slope, count)
        if len(grid) - 1 > SHORT:
            grid, slopes, lost = thinned(grid, slopes, longest, t % 2)
            error += lost
        most = max(most, len(grid) - 1)
    return Carried(
        top,
        own_at,
        own[0, :own_used],
        own[1, :own_used],
        mean_at,
        mean[0, :mean_used],
        mean[1, :mean_used],
        most,
        error,
    )


@numba.njit(cache=True, nogil=True)
def _weighted(weights: Floats, slopes: Floats) -> Floats:
    """The mean of the states' slopes."""
    mean = np.zeros(slopes.shape[1])
    for k in range(len(weights)):
        mean += weights[k] * slopes[k]
    return mean


@numba.njit(cache=True, nogil=True)
def _noted(at: Integers, pool: Floats, used: int, grid: Floats, slopes: Floats) -> tuple[Floats, int]:
    """The pool with one more value behind what is used of it, whose place and number of pieces go to ``at``."""
    pieces = len(slopes)
    if used + pieces > pool.shape[1]:
        more = np.empty((2, 2 * (used + pieces)))
        more[:, :used] = pool[:, :used]
        pool = more
    pool[0, used : used + pieces] = grid[1:]
    pool[1, used : used + pieces] = slopes
    at[0], at[1] = used, pieces
    return pool, used + pieces


@numba.njit(cache=True, nogil=True)
def _ending(period: Period, states: int) -> tuple[Floats, Floats, Floats]:
    """The grid, slopes and worth of the highest level after the last step, the same in every state."""
    low, high = period.low[-1], period.high[-1]
    grid, worth = np.empty(len(period.end_length) + 1), np.empty(len(period.end_length))
    grid[0], pieces, above, top = low, 0, 0.0, 0.0
    for i in range(len(period.end_length)):
        begin = above
        above += period.end_length[i]
        top += period.end_worth[i] * max(min(above, high) - begin, 0.0)
        if min(above, high) > grid[pieces]:
            worth[pieces] = period.end_worth[i]
            pieces += 1
            grid[pieces] = min(above, high)
    if pieces > 0:
        grid[pieces] = high
    slopes, tops = np.empty((states, pieces)), np.full(states, top)
    for k in range(states):
        slopes[k] = worth[:pieces]
    return grid[: pieces + 1].copy(), slopes, tops


@numba.njit(cache=True, nogil=True)
def execute(
    buy: Floats,
    sell: Floats,
    most_in: Floats,
    most_out: Floats,
    kept: Floats,
    low: Floats,
    high: Floats,
    at: Integers,
    level: Floats,
    slope: Floats,
    stored: float,
    energy: Floats,
) -> float:
    """Write the energy after each step into ``energy``: the best answer to the price that came, one way at a time.

    ``low`` and ``high`` bound the level after each step; the expected value after it stands at ``at``.
    """
    for t in range(len(buy)):
        left = kept[t] * stored
        first, pieces = at[t]
        here, worth = level[first : first + pieces], slope[first : first + pieces]
        most, least = min(left + most_in[t], high[t]), max(left - most_out[t], low[t])
        # what the bounds ask for is done first, at any price
        begin = min(max(left, low[t]), high[t])
        up, gain_up = _raised(here, worth, begin, most, buy[t])
        down, gain_down = _lowered(here, worth, begin, least, sell[t], low[t])
        stored = down if left > high[t] or (left >= low[t] and gain_down >= gain_up) else up
        energy[t] = stored
    return stored


@numba.njit(cache=True, nogil=True)
def _raised(level: Floats, slope: Floats, at: float, most: float, buy: float) -> tuple[float, float]:
    """The level up to which charging pays, and what it gains."""
    gain = 0.0
    for m in range(len(level)):
        if level[m] > at:
            upper = min(level[m], most)
            if slope[m] <= buy or upper <= at:
                break
            gain += (slope[m] - buy) * (upper - at)
            at = upper
    return at, gain


@numba.njit(cache=True, nogil=True)
def _lowered(level: Floats, slope: Floats, at: float, least: float, sell: float, low: float) -> tuple[float, float]:
    """The level down to which discharging pays, and what it gains."""
    gain = 0.0
    for m in range(len(level) - 1, -1, -1):
        lower = level[m - 1] if m > 0 else low
        if lower < at:
            lower = max(lower, least)
            if slope[m] >= sell or lower >= at:
                break
            gain += (sell - slope[m]) * (at - lower)
            at = lower
    return at, gain
