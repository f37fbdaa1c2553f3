"""What limits the cell is the scarcer of lithium, lost with time and cycles, and active material, lost past a knee."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, NORMAL_KELVIN, NORMAL_POTENTIAL, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step, sigmoid_step

Floats = npt.NDArray[np.float64]

_HOTTEST = 328.15  # [K] at which the tests ended and the knee is latest: Smith 2017, 10.23919/ACC.2017.7963578
_MIDDLE = 0.6  # the mean level of the tests
_MATERIAL = 1.01  # active material of a new cell, over the lithium that it can take
_LEAST = 0.01  # of the material, where resistance is told from what is left

FORM = Form(
    "lithium-or-material",
    (
        *("calendar_rate", "calendar_kelvin", "calendar_anode", "calendar_power"),
        *("cycle_rate", "cycle_kelvin", "cycle_depth", "cycle_power"),
        *("knee_cycles", "knee_shift", "knee_power", "knee_least"),
        *("resistance_calendar_rate", "resistance_calendar_power"),
        *("resistance_cycle_rate", "resistance_cycle_power", "resistance_material", "resistance_material_rate"),
    ),
    states=("calendar", "cycles", "material", "resistance_calendar", "resistance_cycles"),
    calendar=("calendar", "resistance_calendar"),
    start=(0.0, 0.0, 1e-8, 0.0, 0.0),
    rates=4,
)


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """The rates of time and cycles, and what the knee is told by."""
    warm = kelvin / NORMAL_KELVIN
    normal_anode = anode / NORMAL_POTENTIAL
    found[0] = p[0] * math.exp((p[1] + p[2] * normal_anode) / warm)
    found[1] = p[4] * math.exp(p[5] / warm + p[6] * math.exp(stress[DEPTH] ** 2))
    found[2] = kelvin - _HOTTEST
    found[3] = level


@compiled
def advance(p: Floats, stress: Floats, over_time: Floats, over_points: Floats, state: Floats) -> None:
    """Move the losses of lithium and material on, and both parts of the resistance."""
    time, wear, days, cycles = over_time[0], over_time[1], stress[DAYS], stress[CYCLES]
    knee = p[8] + p[9] * over_time[2] * stress[DEPTH] * (over_points[3] / _MIDDLE)
    state[0] = power_step(state[0], days, time, p[3])
    state[1] = power_step(state[1], cycles, wear, p[7])
    state[2] = min(sigmoid_step(state[2], cycles, 1.0, 1.0 / max(knee, p[11]), p[10]), 1.0)
    state[3] = power_step(state[3], days, p[12] * time, p[13])
    state[4] = power_step(state[4], cycles, p[14] * wear, p[15])


@compiled
def health(state: Floats, scale: float) -> float:
    """The scarcer of lithium and active material."""
    return float(min(1.0 - scale * (state[0] + state[1]), _MATERIAL - scale * state[2]))


@compiled
def resistance(p: Floats, state: Floats, scale: float) -> float:
    """The larger of what films and lost material make it."""
    films = 1.0 + scale * (state[3] + state[4])
    return float(max(films, p[16] + p[17] / max(_MATERIAL - scale * state[2], _LEAST)))
