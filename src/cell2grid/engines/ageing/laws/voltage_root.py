"""Time by cell voltage and temperature, charge throughput by mean voltage and depth; resistance likewise."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step

Floats = npt.NDArray[np.float64]

FORM = Form(
    "voltage-root",
    (
        *("capacity_ah", "calendar_volt", "calendar_offset", "calendar_kelvin", "calendar_power"),
        *("cycle_volt", "cycle_middle_volt", "cycle_rate", "cycle_depth", "cycle_power"),
        *("resistance_volt", "resistance_offset", "resistance_kelvin", "resistance_power"),
        *("resistance_cycle_volt", "resistance_middle_volt", "resistance_cycle_rate", "resistance_depth"),
    ),
    states=("calendar", "cycles", "resistance_calendar", "resistance_cycles"),
    calendar=("calendar", "resistance_calendar"),
    tables=("voltage_level", "voltage"),
    rates=3,
    anode=False,
)
_TABLE = len(FORM.parameters)


@compiled
def _voltage(p: Floats, level: float) -> float:
    """The open-circuit voltage [V] at a level, straight between the rows of the table."""
    rows = (len(p) - _TABLE) // 2
    low, high = 0, rows - 1
    if level <= p[_TABLE]:
        return float(p[_TABLE + rows])
    if level >= p[_TABLE + high]:
        return float(p[_TABLE + rows + high])
    while high - low > 1:
        middle = (low + high) // 2
        if p[_TABLE + middle] <= level:
            low = middle
        else:
            high = middle
    slope = (p[_TABLE + rows + high] - p[_TABLE + rows + low]) / (p[_TABLE + high] - p[_TABLE + low])
    return float(p[_TABLE + rows + low] + slope * (level - p[_TABLE + low]))


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """The rates of time, and the square of the voltage."""
    volt = _voltage(p, level)
    found[0] = (p[1] * volt + p[2]) * math.exp(p[3] / kelvin)
    found[1] = (p[10] * volt + p[11]) * math.exp(p[12] / kelvin)
    found[2] = volt * volt


@compiled
def advance(p: Floats, stress: Floats, over_time: Floats, over_points: Floats, state: Floats) -> None:
    """Move both losses on, and both parts of the resistance."""
    charge = 2.0 * p[0] * stress[CYCLES]  # in and out [Ah]
    volt = math.sqrt(over_points[2])
    wear = p[5] * (volt - p[6]) ** 2 + p[7] + p[8] * stress[DEPTH]
    state[0] = power_step(state[0], stress[DAYS], abs(over_time[0]), p[4])
    state[1] = power_step(state[1], charge, abs(wear), p[9])
    state[2] = power_step(state[2], stress[DAYS], abs(over_time[1]), p[13])
    state[3] += (p[14] * (volt - p[15]) ** 2 + p[16] + p[17] * stress[DEPTH]) * charge


@compiled
def resistance(state: Floats, scale: float) -> float:
    """One, and what time and charge add."""
    return float(1.0 + scale * (state[2] + state[3]))
