"""How several stores share a shortfall and what is spare; compiled by numba on plain arrays.

A shortfall is served so that the stores that could go on longest give first, down to one time to go: no other rule
leaves less unserved energy after any course of shortfalls, as Evans, Tindemans and Angeli (2019) show,
doi:10.1109/TPWRS.2019.2910388. What is spare fills those that could go on for the least time first.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled

Floats = npt.NDArray[np.float64]
_HALVINGS = 60


class Stores(NamedTuple):
    """Powers at the grid [MW], energy [MWh], efficiencies and the level at the start as a share of the energy."""

    charge: Floats
    discharge: Floats
    energy: Floats
    efficiency_charge: Floats
    efficiency_discharge: Floats
    start: Floats


@compiled
def _given(line: float, level: Floats, stores: Stores, hours: float, sent: Floats) -> float:
    """What the stores send [MW] where each goes down to the time to go ``line`` [hour], as far as it can."""
    total = 0.0
    for i in range(len(level)):
        most = stores.discharge[i]
        left = level[i] * stores.efficiency_discharge[i]
        sent[i] = min(max((left - line * most) / hours, 0.0), most, left / hours)
        total += sent[i]
    return total


@compiled
def discharged(level: Floats, stores: Stores, need: float, hours: float) -> float:
    """What the stores send against a shortfall ``need`` [MW]; their ``level`` [MWh] falls by it."""
    sent = np.empty(len(level))
    total = _given(0.0, level, stores, hours, sent)
    if total > need:
        low, high = 0.0, 0.0
        for i in range(len(level)):
            if stores.discharge[i] > 0.0:
                high = max(high, level[i] * stores.efficiency_discharge[i] / stores.discharge[i])
        for _ in range(_HALVINGS):
            line = 0.5 * (low + high)
            if _given(line, level, stores, hours, sent) > need:
                low = line
            else:
                high = line
        # what rounding leaves is shared by all
        total = _given(low, level, stores, hours, sent)
        for i in range(len(level)):
            sent[i] *= need / total
        total = need
    for i in range(len(level)):
        level[i] = max(level[i] - sent[i] * hours / stores.efficiency_discharge[i], 0.0)
    return total


@compiled
def _taken(line: float, level: Floats, stores: Stores, hours: float, into: Floats) -> float:
    """What the stores take [MW] where each is filled up to the time to go ``line`` [hour], as far as it can."""
    total = 0.0
    for i in range(len(level)):
        room = stores.energy[i] - level[i]
        to_line = line * stores.discharge[i] / stores.efficiency_discharge[i] - level[i]
        most = min(room, max(to_line, 0.0)) / (stores.efficiency_charge[i] * hours)
        into[i] = min(most, stores.charge[i])
        total += into[i]
    return total


@compiled
def charged(level: Floats, stores: Stores, spare: float, hours: float) -> None:
    """Raise the ``level`` of the stores [MWh] with what is ``spare`` [MW]."""
    high, full = 0.0, True
    for i in range(len(level)):
        if stores.discharge[i] > 0.0:
            high = max(high, stores.energy[i] * stores.efficiency_discharge[i] / stores.discharge[i])
            full = full and level[i] >= stores.energy[i]
    if full:
        return
    into = np.empty(len(level))
    if _taken(high, level, stores, hours, into) > spare:
        low = 0.0
        for _ in range(_HALVINGS):
            line = 0.5 * (low + high)
            if _taken(line, level, stores, hours, into) > spare:
                high = line
            else:
                low = line
        _taken(low, level, stores, hours, into)
    for i in range(len(level)):
        level[i] = min(level[i] + into[i] * stores.efficiency_charge[i] * hours, stores.energy[i])
