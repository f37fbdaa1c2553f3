"""The chunks of time over which a store's losses are counted, and what each chunk is like; compiled by numba.

A chunk ends at a turn of the level once more than a full cycle has passed since the last one ended, else after a day:
short enough that rates hardly change, long enough that depth means something. Chunks lie end to end.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.anode import anode_potential
from cell2grid.engines.ageing.laws import ANODES, COUNTS, advance, health, rates
from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, RATE, RATE_IN, STRESSES
from cell2grid.engines.ageing.rainflow import found_cycles
from cell2grid.engines.ageing.trajectories import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# what the levels of a run are shares of: what the store held when it began, what it holds at each chunk, or such
# shares of the first capacity as keep the throughput
HELD, HOLDS, KEPT = 0, 1, 2
# the rows of what a run met: lowest, highest, how much of it was outside the fitted range, and how much there was
TEMPERATURE, DEPTHS, LEVELS, RATES_IN, RATES_OUT = 0, 1, 2, 3, 4

_DAY = 24.0
_ROUNDING = 1e-6  # hours
# shares of the store into which levels are told apart where chunks are looked for, and how many more than a full
# cycle's are more than that: a swing from empty to full and back is just one cycle, and its rounding must not decide
_GRAINS = 1e7
_SPARE = 10.0
_STILL = 1e-2  # C-rates below which a store rests
_KELVIN = 273.15
_LEAST_HEALTH = 1e-3  # below which swings grow no more


@compiled
def chunk_ends(level: Floats, hours: Floats) -> Integers:
    """The places at which chunks end, the last of which is the end of the run."""
    points = len(level)
    grains = np.floor(level * _GRAINS + 0.5)
    turn = np.zeros(points, dtype=np.bool_)
    for place in found_cycles(grains)[1]:
        turn[place] = True
    ends = np.empty(points, dtype=np.int64)
    found, last = 0, 0
    cycles, cycles_at_last = 0.0, 0.0
    passed = np.empty(points, dtype=np.float64)
    passed[0] = 0.0
    for i in range(1, points):
        cycles += abs(grains[i] - grains[i - 1])
        passed[i] = cycles / 2.0
        if not turn[i]:
            continue
        if hours[i] - hours[last] > _DAY + _ROUNDING:
            for j in range(last, i):
                if hours[j] - hours[last] > _DAY + _ROUNDING:
                    ends[found] = j
                    found += 1
                    last = j
            cycles_at_last = passed[last]
        elif passed[i] - cycles_at_last > _GRAINS + _SPARE:
            ends[found] = i
            found += 1
            last, cycles_at_last = i, passed[i]
    if found == 0 or ends[found - 1] != points - 1:
        ends[found] = points - 1
        found += 1
    return ends[:found]


@compiled
def stresses(level: Floats, hours: Floats, first: int, end: int, held: float, stress: Floats, met: Floats) -> None:
    """Write what a chunk is like into ``stress``, and its extremes of level and C-rate into ``met``."""
    low, high, moved = level[first], level[first], 0.0
    rate_sum, in_sum, in_hours, before, in_before = 0.0, 0.0, 0.0, 0.0, 0.0
    fastest_in, fastest_out = 0.0, 0.0
    for i in range(first, end):
        change = level[i + 1] - level[i]
        length = hours[i + 1] - hours[i]
        moved += abs(change)
        low, high = min(low, level[i + 1]), max(high, level[i + 1])
        rate = abs(change) / length
        if rate < _STILL:
            rate = 0.0
        elif change > 0.0:
            # by trapezoids over the ends of the charging steps; a first one stands alone
            if in_before > 0.0:
                in_sum += 0.5 * (in_before + rate) * length
                in_hours += length
            in_before, fastest_in = rate, max(fastest_in, rate)
        else:
            fastest_out = max(fastest_out, rate)
        if i > first:
            rate_sum += 0.5 * (before + rate) * length
        before = rate
    span = hours[end] - hours[first]
    stress[DAYS] = span / _DAY
    stress[CYCLES] = 0.5 * moved * held
    stress[DEPTH] = high - low
    stress[RATE] = rate_sum / span * held
    stress[RATE_IN] = (in_sum / in_hours if in_hours > 0.0 else in_before) * held
    met[LEVELS, 0], met[LEVELS, 1] = low, high
    met[RATES_IN, 0], met[RATES_IN, 1] = fastest_in * held, fastest_in * held
    met[RATES_OUT, 0], met[RATES_OUT, 1] = fastest_out * held, fastest_out * held


@compiled
def mean_rates(
    law: int,
    p: Floats,
    stress: Floats,
    level: Floats,
    hours: Floats,
    kelvin: Floats,
    first: int,
    end: int,
    found: Floats,
    over_time: Floats,
    over_points: Floats,
) -> None:
    """Write the means of a chunk's rates, by trapezoids over time and plainly over its points."""
    over_time[:] = 0.0
    over_points[:] = 0.0
    last_level, last_kelvin, anode = np.nan, np.nan, np.nan
    count, asks_anode = len(found), ANODES[law]
    for i in range(first, end + 1):
        # a store that rests has the rates of the point before
        if level[i] != last_level or kelvin[i] != last_kelvin:
            if asks_anode and level[i] != last_level:
                anode = anode_potential(level[i])
            last_level, last_kelvin = level[i], kelvin[i]
            rates(law, p, stress, last_level, anode, last_kelvin, found)
        weight = 0.5 * (hours[min(i + 1, end)] - hours[max(i - 1, first)])
        for j in range(count):
            over_time[j] += weight * found[j]
            over_points[j] += found[j]
    span, points = hours[end] - hours[first], end - first + 1
    for j in range(count):
        over_time[j] /= span
        over_points[j] /= points


@compiled
def _count_met(met: Floats, fitted: Floats, stress: Floats, seen: Floats) -> None:
    """Widen what the run met by a chunk; depth and C-rates count by throughput, the rest by time."""
    for row in range(len(seen)):
        weight = stress[DAYS] if row in (TEMPERATURE, LEVELS) else stress[CYCLES]
        if weight <= 0.0:
            continue
        seen[row, 0], seen[row, 1] = min(seen[row, 0], met[row, 0]), max(seen[row, 1], met[row, 1])
        if met[row, 0] < fitted[row, 0] or met[row, 1] > fitted[row, 1]:
            seen[row, 2] += weight
        seen[row, 3] += weight


@compiled
def run(
    law: int,
    p: Floats,
    state: Floats,
    level: Floats,
    hours: Floats,
    kelvin: Floats,
    ends: Integers,
    scale: float,
    held_as: int,
    fitted: Floats,
    seen: Floats,
) -> float:
    """Move ``state`` on over all chunks; the equivalent full cycles of the first capacity come back.

    ``level``, ``hours`` (from 0) and ``kelvin`` are at the ends of steps, ``ends`` those of ``chunk_ends``.
    """
    count = COUNTS[law]
    stress, found = np.zeros(STRESSES), np.zeros(count)
    over_time, over_points = np.empty(count), np.empty(count)
    met = np.empty((len(seen), 2))
    left = health(law, state, scale)
    swung = level.copy() if held_as == KEPT else level
    cycles, first = 0.0, 0
    for end in ends:
        if held_as != HELD:
            left = health(law, state, scale)
        if held_as == KEPT:
            for i in range(first, end + 1):
                wider = level[first] + (level[i] - level[first]) / max(left, _LEAST_HEALTH)
                swung[i] = min(max(wider, 0.0), 1.0)
        stresses(swung, hours, first, end, left, stress, met)
        mean_rates(law, p, stress, swung, hours, kelvin, first, end, found, over_time, over_points)
        advance(law, p, stress, over_time, over_points, state)
        cycles += stress[CYCLES]
        met[DEPTHS, 0], met[DEPTHS, 1] = stress[DEPTH], stress[DEPTH]
        met[TEMPERATURE, 0] = kelvin[first : end + 1].min() - _KELVIN
        met[TEMPERATURE, 1] = kelvin[first : end + 1].max() - _KELVIN
        _count_met(met, fitted, stress, seen)
        first = end
    return cycles
