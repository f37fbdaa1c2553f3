"""Time by the cube of temperature over the root of the anode potential, cycles by a sum of four terms."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, NORMAL_KELVIN, NORMAL_POTENTIAL, RATE, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step

Floats = npt.NDArray[np.float64]

FORM = Form(
    "anode-cubic",
    (
        *("calendar_rate", "calendar_anode", "calendar_power", "calendar_unit"),
        *("cycle_rate", "cycle_depth", "cycle_c_rate", "cycle_both", "cycle_power", "cycle_unit"),
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
    found[0] = p[0] * math.exp(p[1] * warm**3 / normal_anode ** (1.0 / 3.0))
    found[1] = abs(
        p[4]
        + p[5] * warm**3 * math.sqrt(depth)
        + p[6] * math.exp(rate**2 / math.sqrt(warm))
        + p[7] * math.exp(math.sqrt(depth * rate) * warm**2)
    )


@compiled
def advance(p: Floats, stress: Floats, mean: Floats, state: Floats) -> None:
    """Move both losses on."""
    state[0] = power_step(state[0], stress[DAYS] / p[3], abs(mean[0]), p[2])
    state[1] = power_step(state[1], stress[CYCLES] / p[9], abs(mean[1]), p[8])
