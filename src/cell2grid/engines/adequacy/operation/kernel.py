"""The least peak and the least curtailment that a store can bring about, each by itself and exactly.

Below a given peak the store must send what is above it, and fills up wherever it may: if that fails, so does any
other schedule. For curtailment it takes all surplus, and empties wherever there is none. Both passes are compiled by
numba; a bisection finds the peak, or the level that the store begins and ends at.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.operation.case import Operation, needed_curtailment
from cell2grid.engines.dispatch.kernel.lists import compiled

Floats = npt.NDArray[np.float64]
_HALVINGS = 100
_EVEN = 1e-9


@compiled
def _filled(
    peak: float,
    net: Floats,
    hours: float,
    most_in: float,
    most_out: float,
    room: float,
    into: float,
    out: float,
    start: float,
) -> float:
    """The last level [MWh] of a store that keeps net load at or below ``peak`` and fills up; -1 where it cannot."""
    level = start
    slack = 1e-12 * max(room, 1.0)
    for t in range(len(net)):
        above = net[t] - peak
        if above > 0.0:
            if above > most_out:
                return -1.0
            level -= above * hours / out
            if level < -slack:
                return -1.0
            level = max(level, 0.0)
        else:
            level = min(level + min(-above, most_in) * hours * into, room)
    return level


@compiled
def _emptied(
    net: Floats,
    floor: Floats,
    output: Floats,
    hours: float,
    most_in: float,
    most_out: float,
    room: float,
    into: float,
    out: float,
    start: float,
    end: float,
) -> tuple[float, float]:
    """What is curtailed [MWh], and the last level, of a store that takes all surplus and empties elsewhere."""
    level, curtailed = start, 0.0
    steps = len(net)
    for t in range(steps):
        # what must be left so that the end can still be reached
        least = end - (steps - 1 - t) * most_in * hours * into
        surplus = floor[t] - net[t]
        if surplus > 0.0:
            taken = min(surplus, most_in, (room - level) / (hours * into))
            level = min(level + taken * hours * into, room)
            curtailed += min(surplus - taken, output[t]) * hours
        else:
            sent = min(-surplus, most_out, max(level - max(least, 0.0), 0.0) * out / hours)
            level = max(level - sent * hours / out, 0.0)
        if level < least:
            level = min(least, level + most_in * hours * into)
    return curtailed, level


def least_peak(case: Operation) -> float:
    """The least peak of net load that the store can keep [MW].

    >>> day = np.array([10.0, 20, 50, 60, 20, 10])
    >>> round(least_peak(Operation(load=day, charge_power=20.0, discharge_power=20.0, energy=30.0)), 6)
    40.0
    """
    net = case.net
    before = float((net + needed_curtailment(case, net)).max())
    low, high = max(before - case.discharge_power, float(case.floor.max())), before
    store = (case.charge_power, case.discharge_power, case.energy, case.efficiency_charge, case.efficiency_discharge)

    def kept(peak: float) -> bool:
        if case.start_fraction is not None:
            start = case.start_fraction * case.energy
            return bool(_filled(peak, net, case.step_hours, *store, start) >= start * (1.0 - _EVEN))
        first = _filled(peak, net, case.step_hours, *store, case.energy)
        if first < 0.0:
            return False
        # a store that loses over the horizon from full, and again from there, has no level to come back to
        again = _filled(peak, net, case.step_hours, *store, first)
        return bool(again >= first - _EVEN * case.energy)

    if low >= high or kept(low):
        return min(low, high)
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        if not low < middle < high:
            break
        if kept(middle):
            high = middle
        else:
            low = middle
    return high


def least_curtailed(case: Operation) -> float:
    """The least energy that must be curtailed with the store [MWh].

    >>> sun = np.array([0.0, 30, 30, 0])
    >>> region = Operation(load=np.full(4, 10.0), renewable=sun, charge_power=15.0, discharge_power=15.0, energy=20.0)
    >>> least_curtailed(region)
    20.0
    """
    store = (case.charge_power, case.discharge_power, case.energy, case.efficiency_charge, case.efficiency_discharge)

    def run(start: float, end: float) -> tuple[float, float]:
        return _emptied(case.net, case.floor, case.output, case.step_hours, *store, start, end)

    if case.start_fraction is not None:
        start = case.start_fraction * case.energy
        return float(run(start, start)[0])
    # the least level that the store comes back to leaves the most room
    low, high = 0.0, case.energy
    if run(low, 0.0)[1] > low:
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            if not low < middle < high:
                break
            low, high = (middle, high) if run(middle, 0.0)[1] > middle else (low, middle)
        low = high
    return float(run(low, 0.0)[0])
