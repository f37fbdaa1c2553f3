"""Time along a sigmoid, cycles along a power, and a break-in of fast cycling; resistance in proportion to both."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws.form import CYCLES, DAYS, DEPTH, GAS_CONSTANT, RATE, ROOM_KELVIN, Form
from cell2grid.engines.ageing.trajectories import compiled, power_step, sigmoid_step

Floats = npt.NDArray[np.float64]

_FAST = 3.0  # full cycles a day from which cells break in: Gasper 2022, 10.1149/1945-7111/ac86a8
_START = 1e-10
_SECONDS = 86400.0  # in a day
_HUNDRED = 100.0  # cycles in which the growth of resistance is counted: Naumann 2020, 10.1016/j.jpowsour.2019.227666

FORM = Form(
    "sigmoid-break-in",
    (
        "calendar_rate",
        *("calendar_most", "calendar_most_square", "calendar_most_kelvin"),
        *("calendar_power", "calendar_power_fourth", "calendar_power_cubic"),
        *("calendar_power_third", "calendar_power_square"),
        *("cycle_rate", "cycle_depth", "cycle_c_rate", "cycle_power"),
        *("break_in_most", "break_in_level_skew", "break_in_level_width"),
        *("break_in_depth_skew", "break_in_depth_width", "break_in_depth_growth", "break_in_rate", "break_in_power"),
        *("resistance_time", "resistance_energy", "resistance_level", "resistance_level_middle"),
        *("resistance_c_rate", "resistance_cycle", "resistance_depth", "resistance_depth_middle"),
    ),
    states=("calendar", "cycles", "break_in", "resistance_calendar", "resistance_cycles"),
    calendar=("calendar", "resistance_calendar"),
    start=(0.0, 0.0, _START, 0.0, 0.0),
    rates=5,
)


@compiled
def rates(p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """Height and bend of the sigmoid of time, height of the break-in, and the two factors of resistance."""
    root = math.sqrt(anode)
    third, fourth = math.exp(math.log(anode) / 3.0), math.sqrt(root)
    square = kelvin * kelvin
    found[0] = abs(p[1]) * math.exp((p[2] / square + p[3] / kelvin) * root)
    found[1] = abs(p[4]) * math.exp(
        (p[5] / (square * square) + p[7] / (square * kelvin)) * third
        + (p[6] * square * kelvin + p[8] * square) * fourth
    )
    found[2] = math.exp(-p[22] / GAS_CONSTANT * (1.0 / kelvin - 1.0 / ROOM_KELVIN))
    found[3] = p[23] * (level - 0.5) ** 3 + p[24]
    found[4] = _skewed(level, p[14], p[15]) if _breaks_in(stress) else 0.0


@compiled
def _breaks_in(stress: Floats) -> bool:
    return bool(stress[CYCLES] > _FAST * stress[DAYS])


@compiled
def _skewed(value: float, skew: float, width: float) -> float:
    """The density of the skew normal distribution around one half."""
    x = (value - 0.5) / width
    density = math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi)
    return density * (1.0 + math.erf(skew * x / math.sqrt(2.0)))


@compiled
def advance(p: Floats, stress: Floats, mean: Floats, state: Floats) -> None:
    """Move the losses of time, cycles and break-in on, and both parts of the resistance."""
    days, cycles, depth, rate = stress[DAYS], stress[CYCLES], stress[DEPTH], stress[RATE]
    state[0] = sigmoid_step(state[0], days, mean[0], p[0], mean[1])
    wear = abs(p[9] + p[10] * depth + p[11] * math.exp(min(depth**2 * rate**3, 50.0)))
    state[1] = power_step(state[1], cycles, wear ** p[12], p[12])
    if _breaks_in(stress):
        shape = _skewed(depth, p[16], p[17]) * math.tanh(0.5 * p[18] * depth)
        state[2] = sigmoid_step(state[2], cycles, abs(p[13] * mean[4] * shape), p[19], p[20])
    state[3] += p[21] * mean[2] * mean[3] * days * _SECONDS
    state[4] += (p[25] * rate + p[26]) * (p[27] * (depth - 0.5) ** 3 + p[28]) * cycles / _HUNDRED


@compiled
def health(state: Floats, scale: float) -> float:
    """What the three losses leave."""
    return float(1.0 - scale * (state[0] + state[1] + state[2] - _START))


@compiled
def resistance(state: Floats, scale: float) -> float:
    """One, and what time and cycles add."""
    return float(1.0 + scale * (state[3] + state[4]))
