"""Time and cycles apart, both as powers: time by temperature and anode potential, cycles by depth and C-rate."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, RATE, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step

Floats = npt.NDArray[np.float64]

FORM = Form(
    "anode-arrhenius",
    (
        *("calendar_rate", "calendar_kelvin", "calendar_anode", "calendar_power"),
        *("cycle_rate", "cycle_depth", "cycle_c_rate", "cycle_kelvin", "cycle_kelvin_falling", "cycle_power"),
    ),
    states=("calendar", "cycles"),
    calendar=("calendar",),
)


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """The rate of time and the rate of cycles."""
    found[0] = p[0] * math.exp((p[1] + p[2] * anode) / kelvin)
    wear = p[4] + p[5] * stress[DEPTH] + p[6] * stress[RATE]
    found[1] = wear * (math.exp(p[7] / kelvin) + math.exp(-p[8] / kelvin))


@compiled
def advance(p: Floats, stress: Floats, mean: Floats, state: Floats) -> None:
    """Move both losses on."""
    state[0] = power_step(state[0], stress[DAYS], abs(mean[0]), p[3])
    state[1] = power_step(state[1], stress[CYCLES], abs(mean[1]), p[9])
