"""Time by the anode potential over the cube of temperature, cycles by a power and two exponentials of the stresses."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, NORMAL_KELVIN, NORMAL_POTENTIAL, RATE, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step

Floats = npt.NDArray[np.float64]

FORM = Form(
    "anode-surface",
    (
        *("calendar_rate", "calendar_anode", "calendar_power", "calendar_unit"),
        *("cycle_rate", "cycle_exponent", "cycle_depth", "cycle_c_rate", "cycle_power", "cycle_unit"),
    ),
    states=("calendar", "cycles"),
    calendar=("calendar",),
)


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """The rate of time and the rate of cycles."""
    warm = kelvin / NORMAL_KELVIN
    normal_anode = anode / NORMAL_POTENTIAL
    depth, rate = stress[DEPTH], stress[RATE]
    found[0] = p[0] * math.exp(p[1] / warm**3 * normal_anode ** (1.0 / 3.0))
    found[1] = (
        p[4]
        * (depth / warm**3 * math.sqrt(rate)) ** p[5]
        * math.exp(p[6] * depth / warm**2 * math.sqrt(rate) + p[7] * depth**2 / warm**3 * rate)
    )


@compiled
def advance(p: Floats, stress: Floats, mean: Floats, state: Floats) -> None:
    """Move both losses on."""
    state[0] = power_step(state[0], stress[DAYS] / p[3], abs(mean[0]), p[2])
    state[1] = power_step(state[1], stress[CYCLES] / p[9], abs(mean[1]), p[8])
