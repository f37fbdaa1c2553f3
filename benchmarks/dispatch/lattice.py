"""The exact value where every limit and level is a multiple of one unit of energy: an oracle without a gap.

A best schedule then stays on the multiples, so dynamic programming over all of them is exact, whatever
the sign of the price; a step costs one sliding maximum for charging and one for discharging over every level.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd, lcm

import numba
import numpy as np

from cell2grid.engines.dispatch import Case


def unit_of(case: Case) -> tuple[float, int, int, int, int, int]:
    """The unit [MWh]; the capacity, start, end, and the most stored and drawn in a step as multiples of it."""

    def exact(number: float) -> Fraction:
        return Fraction(number).limit_denominator(100_000)

    for name in ("charge_limit", "discharge_limit", "step_hours"):
        assert np.ptp(getattr(case, name)) == 0.0, f"{name} changes with time: no lattice"
    hours = exact(case.step_hours[0])
    parts = [
        exact(case.energy_capacity),
        exact(case.start),
        exact(case.end),
        exact(case.charge_limit[0]) * hours * exact(case.efficiency_charge),
        exact(case.discharge_limit[0]) * hours / exact(case.efficiency_discharge),
    ]
    below = lcm(*(part.denominator for part in parts))
    unit = Fraction(reduce(gcd, [int(part * below) for part in parts]), below)
    energy, start, end, most_in, most_out = (int(part / unit) for part in parts)
    return float(unit), energy, start, end, most_in, most_out


def exact_value(case: Case) -> float:
    """The most that the asset can earn when it never charges and discharges at once [currency]."""
    unit, levels, start, end, most_in, most_out = unit_of(case)
    buy = (case.price + case.throughput_cost) / case.efficiency_charge
    sell = (case.price - case.throughput_cost) * case.efficiency_discharge
    return float(_backwards(buy * unit, sell * unit, levels, start, end, most_in, most_out))


@numba.njit(cache=True)
def _backwards(
    buy: np.ndarray, sell: np.ndarray, levels: int, start: int, end: int, most_in: int, most_out: int
) -> float:
    value = np.full(levels + 1, -np.inf)
    value[end:] = 0.0
    before = np.empty(levels + 1)
    waiting = np.empty(levels + 1, np.int64)
    rated = np.empty(levels + 1)
    for t in range(len(buy) - 1, -1, -1):
        head, tail = 0, 0
        for s in range(levels, -1, -1):
            rating = value[s] - buy[t] * s
            while tail > head and rated[tail - 1] <= rating:
                tail -= 1
            waiting[tail], rated[tail] = s, rating
            tail += 1
            if waiting[head] > s + most_in:
                head += 1
            before[s] = rated[head] + buy[t] * s
        head, tail = 0, 0
        for s in range(levels + 1):
            rating = value[s] - sell[t] * s
            while tail > head and rated[tail - 1] <= rating:
                tail -= 1
            waiting[tail], rated[tail] = s, rating
            tail += 1
            if waiting[head] < s - most_out:
                head += 1
            before[s] = max(before[s], rated[head] + sell[t] * s)
        value, before = before, value
    return value[start]
