"""Roots of time and cycles: time by a polynomial of the level, cycles by the root of depth and C-rate of charging."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, GAS_CONSTANT, RATE, RATE_IN, ROOM_KELVIN, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step

Floats = npt.NDArray[np.float64]

_HOT = 328.15  # [K] above which time does more: Smith 2021, 10.1149/1945-7111/ac2ebd

FORM = Form(
    "charge-stress",
    (
        *("calendar_energy", "calendar_rate", "calendar_level", "calendar_level_square", "calendar_level_cubic"),
        *("calendar_level_kelvin", "calendar_hot", "calendar_power"),
        *("stress_energy", "stress_rate", "stress_level", "stress_least"),
        *("depth_rate", "depth_energy", "depth_exponent", "cycle_share", "cycle_power"),
    ),
    states=("calendar", "cycles"),
    calendar=("calendar",),
    anode=False,
)


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """Level and temperature, for this law takes its rates at their means."""
    found[0] = level
    found[1] = kelvin


@compiled
def _arrhenius(energy: float, kelvin: float) -> float:
    return math.exp(-energy / GAS_CONSTANT * (1.0 / kelvin - 1.0 / ROOM_KELVIN))


@compiled
def advance(p: Floats, stress: Floats, mean: Floats, state: Floats) -> None:
    """Move both losses on."""
    level, kelvin, depth = mean[0], mean[1], stress[DEPTH]
    polynomial = p[1] + p[2] * level + p[3] * level**2 + p[4] * level**3 + p[5] * level * kelvin
    time = _arrhenius(p[0], kelvin) * (polynomial + p[6] * max(0.0, kelvin - _HOT))
    rate = stress[RATE_IN] if stress[RATE_IN] > 0.0 else stress[RATE]
    strain = p[9] * _arrhenius(p[8], kelvin) * math.sqrt(depth * rate) * (1.0 + p[10] * level) + p[11]
    wear = max(0.0, strain) + p[12] * _arrhenius(p[13], kelvin) * depth ** p[14]
    state[0] = power_step(state[0], stress[DAYS], abs(time), p[7])
    state[1] = power_step(state[1], stress[CYCLES], abs(time * wear * p[15]), p[16])
