"""The reference of ``capability`` in numpy: the formulas as they stand, month by month; slow, and easy to read."""

from __future__ import annotations

import numpy as np

from cell2grid.engines.capability.arrays import CURVES, Floats, PlantArrays
from cell2grid.formulas.counter import shares, words
from cell2grid.formulas.ramp import ramp_share, yield_share

_NAMES = {number: name for name, number in CURVES.items() if name != "learning"}


def fill_plainly(given: PlantArrays, capacity: Floats, ramp: Floats, yield_rate: Floats, outage_scale: Floats) -> None:
    """Put what each plant could start into four arrays (member, plant, period); see ``kernel.fill``."""
    for plant in range(given.curve.size):
        capacity[:, plant], ramp[:, plant] = _capacity_and_ramp(given, plant)
        ends = (given.yield_start[:, plant, None], given.yield_steady[:, plant, None])
        yield_rate[:, plant] = yield_share(given.plant_age[plant], *ends, given.yield_months[:, plant, None])
        outage_scale[:, plant] = _left_by_outages(given, plant)


def _capacity_and_ramp(given: PlantArrays, plant: int) -> tuple[Floats, Floats]:
    """Open capacity, and the share of it in use: the mean over open tranches by capacity (member, period)."""
    curve, months = _NAMES[int(given.curve[plant])], given.months_to_nameplate[:, plant, None]
    opened = given.tranche_capacity[:, plant, :, None] * given.tranche_open[plant]
    capacity = opened.sum(axis=1)
    in_use = np.zeros_like(capacity)
    for tranche in range(opened.shape[1]):
        in_use += opened[:, tranche] * ramp_share(curve, given.tranche_age[plant, tranche], months)
    share = np.divide(in_use, capacity, out=np.zeros_like(capacity), where=capacity > 0)
    return capacity, np.minimum(share, 1.0)


def _left_by_outages(given: PlantArrays, plant: int) -> Floats:
    """What outages leave of each month: 1 − (1 − leaves) × days down ÷ days (member, period)."""
    starts = given.month_starts
    down = np.zeros((given.draw.size, starts.size - 1))
    every, lasts = given.outage_every[:, plant], given.outage_lasts[:, plant]
    for member in np.flatnonzero(every + lasts < np.inf):  # a plant that never fails is NaN or infinite
        key = words(given.stream[plant], given.draw[member])
        for begin, end in _outages(int(key), every[member], lasts[member], starts[-1]):
            down[member] += np.maximum(np.minimum(end, starts[1:]) - np.maximum(begin, starts[:-1]), 0.0)
    lost = np.where(np.isnan(every), 0.0, 1.0 - given.outage_leaves[:, plant])[:, None]
    return np.maximum(1.0 - lost * (down / np.diff(starts)), 0.0)


def _outages(key: int, every: float, lasts: float, end: float) -> list[tuple[float, float]]:
    """Begin and end of each outage up to the day ``end``: times up and down are exponential by turns.

    The first number says whether the first day finds the plant down, as it does with the chance
    lasts / (every + lasts); what is left of a time that is exponential is exponential itself.
    """
    found = []
    down_at_first = float(shares(key, 0)) <= lasts / (every + lasts)
    begin = 0.0 if down_at_first else -every * float(np.log(shares(key, 1)))
    counter = 2
    while begin < end:
        over = begin - lasts * float(np.log(shares(key, counter)))
        found.append((begin, min(over, end)))
        begin = over - every * float(np.log(shares(key, counter + 1)))
        counter += 2
    return found
