"""The compiled form of ``capability``: one plant of one member at a time, members in parallel.

An exponential of the age is stepped through by multiplication where ages go by whole months. Each plant of each member
is written by itself from its own draws, so that threads, chunks and other plants change no byte.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from cell2grid.engines.capability.arrays import LINEAR, LOGISTIC, TRANCHES, Floats, Integers, PlantArrays
from cell2grid.formulas.counter import fill_exponential, negative_logarithm, share, word
from cell2grid.formulas.ramp import AT_NAMEPLATE, QUARTER, SHORTEST

_STEEPNESS = 2.0 * math.log(AT_NAMEPLATE / (1.0 - AT_NAMEPLATE))
_HUNDREDTH = math.log(100.0)
_STRIDE = 8  # months that an exponential of the age goes ahead in one step
_AT_ONCE = 16  # times that are drawn together

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
inlined = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)


@numba.njit(cache=True, nogil=True, error_model="numpy", parallel=True)
def fill(given: PlantArrays, capacity: Floats, ramp: Floats, yield_rate: Floats, outage_scale: Floats) -> None:
    """Put open capacity, ramp, yield and what outages leave into four arrays (member, plant, period)."""
    for member in numba.prange(given.draw.size):
        fill_member(given, member, capacity[member], ramp[member], yield_rate[member], outage_scale[member])


@compiled
def fill_member(
    given: PlantArrays, member: int, capacity: Floats, ramp: Floats, yield_rate: Floats, outage_scale: Floats
) -> None:
    """The same of one member, by its place in ``given``, into four arrays (plant, period)."""
    for plant in range(given.curve.size):
        fill_plant(given, member, plant, capacity[plant], ramp[plant], yield_rate[plant], outage_scale[plant])


@compiled
def fill_plant(
    given: PlantArrays,
    member: int,
    plant: int,
    capacity: Floats,
    ramp: Floats,
    yield_rate: Floats,
    outage_scale: Floats,
) -> None:
    """The same of one plant of one member, into four rows (period)."""
    # rows that are filled later are room for what is needed on the way
    times = capacity[:_AT_ONCE] if capacity.size >= _AT_ONCE else np.empty(_AT_ONCE)
    _left_by_outages(given, member, plant, times, outage_scale)
    _capacity_and_ramp(given, member, plant, yield_rate, capacity, ramp)
    _yields(given, member, plant, yield_rate)


@inlined
def _capacity_and_ramp(
    given: PlantArrays, member: int, plant: int, row: Floats, capacity: Floats, ramp: Floats
) -> None:
    """Open capacity, and the mean over open blocks of what each has learned, by capacity; ``row`` is room."""
    periods = capacity.size
    curve, months = given.curve[plant], given.months_to_nameplate[member, plant]
    blocks, only = 0, 0
    for tranche in range(given.tranche_capacity.shape[2]):
        if given.tranche_capacity[member, plant, tranche] > 0.0:
            blocks += 1
            only = tranche
    if blocks == 1:  # as most plants have it, and its share is its own
        items, opened = given.tranche_capacity[member, plant, only], given.tranche_open[plant, only]
        _share_of_age(curve, months, given.tranche_age[plant, only], given.even[plant, only], ramp)
        for t in range(periods):
            capacity[t] = items * opened[t]
            ramp[t] = ramp[t] if opened[t] > 0.0 else 0.0
        return
    capacity[:] = 0.0
    ramp[:] = 0.0
    for tranche in range(given.tranche_capacity.shape[2]):
        items = given.tranche_capacity[member, plant, tranche]
        if items > 0.0:
            opened = given.tranche_open[plant, tranche]
            _share_of_age(curve, months, given.tranche_age[plant, tranche], given.even[plant, tranche], row)
            for t in range(periods):
                capacity[t] += items * opened[t]
                ramp[t] += items * opened[t] * row[t]
    for t in range(periods):
        ramp[t] = min(ramp[t] / capacity[t], 1.0) if capacity[t] > 0.0 else 0.0


@inlined
def _share_of_age(curve: int, months: float, age: Floats, even: int, row: Floats) -> None:
    """The share of a tranche that is in use, by its age; the formulas are in ``cell2grid.formulas.ramp``."""
    if months > 0.0 and curve == LOGISTIC:
        length = max(months, SHORTEST)
        _decay(_STEEPNESS / length, age, even, row)
        scale = math.exp(0.5 * _STEEPNESS)
        for t in range(row.size):
            row[t] = 1.0 / (1.0 + scale * row[t]) if age[t] >= 0.0 else 0.0
    elif months > 0.0 and curve == LINEAR:
        length = max(months, SHORTEST)
        for t in range(row.size):
            row[t] = min(max(age[t], 0.0), length) / length
    elif months > 0.0 and curve == TRANCHES:
        blocks = max(math.ceil(max(months, SHORTEST) / QUARTER), 1.0)
        for t in range(row.size):
            row[t] = min(math.floor(age[t] / QUARTER) + 1.0, blocks) / blocks if age[t] >= 0.0 else 0.0
    else:
        for t in range(row.size):
            row[t] = 1.0 if age[t] >= 0.0 else 0.0


@inlined
def _yields(given: PlantArrays, member: int, plant: int, row: Floats) -> None:
    """y = steady − (steady − start) e^(−ln 100 · age / months)."""
    start, steady = given.yield_start[member, plant], given.yield_steady[member, plant]
    months = given.yield_months[member, plant]
    if start == steady or months <= 0.0:
        row[:] = steady
        return
    _decay(_HUNDREDTH / max(months, SHORTEST), given.plant_age[plant], given.plant_even[plant], row)
    for t in range(row.size):
        row[t] = steady - (steady - start) * row[t]


@inlined
def _decay(rate: float, age: Floats, even: int, row: Floats) -> None:
    """e^(−rate · age), with ages below 0 as 0; by multiplication from the month ``even`` on."""
    periods = row.size
    for t in range(min(even, periods)):
        row[t] = math.exp(-rate * max(age[t], 0.0)) if age[t] > 0.0 else 1.0
    if even < periods:
        factor, left = math.exp(-rate), math.exp(-rate * age[even])
        for t in range(even, min(even + _STRIDE, periods)):
            row[t] = left
            left *= factor
        # several months ahead at once, so that one product need not wait for the one before
        ahead = math.exp(-rate * _STRIDE)
        for t in range(even + _STRIDE, periods):
            row[t] = row[t - _STRIDE] * ahead


@inlined
def _left_by_outages(given: PlantArrays, member: int, plant: int, times: Floats, row: Floats) -> None:
    """What outages leave of each month, each followed in days from its begin to its end; ``times`` is room."""
    every, lasts = given.outage_every[member, plant], given.outage_lasts[member, plant]
    lost = 1.0 - given.outage_leaves[member, plant]
    starts = given.month_starts
    periods = row.size
    if not (every + lasts < np.inf) or lasts <= 0.0 or lost <= 0.0:
        row[:] = 1.0
        return
    row[:] = 0.0
    end = starts[periods]
    key = word(given.stream[plant], given.draw[member])
    down = share(key, np.uint64(0)) <= lasts / (every + lasts)
    begin = 0.0 if down else every * negative_logarithm(share(key, np.uint64(1)))
    first = np.uint64(2)  # times down have even counters, and the time up after each the next one
    while begin < end:
        fill_exponential(key, first, times)
        first += np.uint64(_AT_ONCE)
        for i in range(0, _AT_ONCE, 2):
            over = begin + lasts * times[i]
            _lay(begin, min(over, end), starts, given.month_of_day, row)
            begin = over + every * times[i + 1]
            if begin >= end:
                break
    for t in range(periods):
        row[t] = max(1.0 - lost * (row[t] / (starts[t + 1] - starts[t])), 0.0)


@inlined
def _lay(begin: float, end: float, starts: Floats, month_of_day: Integers, row: Floats) -> None:
    """Add the days from ``begin`` to ``end`` to the months in which they lie."""
    t = month_of_day[int(begin)]
    while starts[t + 1] <= begin:
        t += 1
    while starts[t + 1] < end:
        row[t] += starts[t + 1] - begin
        begin = starts[t + 1]
        t += 1
    row[t] += end - begin
