"""The functional forms of the published ageing models: one file each, told apart by an integer in compiled code.

A law has ``rates`` at one moment, which are averaged over a chunk of time, ``advance`` by such a chunk, and what
``health`` and ``resistance`` are in a state. States are losses before they are scaled. A new law is one more file, one
more row of ``LAWS``, and one more line in each of the four functions below. Equations: docs/formulation/ageing.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from cell2grid.engines.ageing.laws import (
    anode_arrhenius,
    anode_cubic,
    anode_power,
    anode_surface,
    charge_stress,
    lithium_or_material,
    sigmoid_break_in,
    voltage_root,
)
from cell2grid.engines.ageing.laws.form import Form
from cell2grid.engines.ageing.trajectories import compiled

Floats = npt.NDArray[np.float64]

# the place of a row is the integer by which compiled code knows the law
LAWS: tuple[Form, ...] = (
    anode_arrhenius.FORM,
    anode_cubic.FORM,
    anode_power.FORM,
    anode_surface.FORM,
    charge_stress.FORM,
    lithium_or_material.FORM,
    sigmoid_break_in.FORM,
    voltage_root.FORM,
)
# how many rates each law has, and whether it asks for the anode's potential; both by its place
COUNTS = tuple(form.rates for form in LAWS)
ANODES = tuple(form.anode for form in LAWS)
BY_NAME: Mapping[str, int] = MappingProxyType({form.name: place for place, form in enumerate(LAWS)})


@compiled
def rates(law: int, p: Floats, stress: Floats, level: float, anode: float, kelvin: float, found: Floats) -> None:
    """Write the rates at one moment of a chunk into ``found``; ``anode`` is its potential [V] where it counts."""
    if law == 0:
        anode_arrhenius.rates(p, stress, level, anode, kelvin, found)
    elif law == 1:
        anode_cubic.rates(p, stress, level, anode, kelvin, found)
    elif law == 2:
        anode_power.rates(p, stress, level, anode, kelvin, found)
    elif law == 3:
        anode_surface.rates(p, stress, level, anode, kelvin, found)
    elif law == 4:
        charge_stress.rates(p, stress, level, anode, kelvin, found)
    elif law == 5:
        lithium_or_material.rates(p, stress, level, anode, kelvin, found)
    elif law == 6:
        sigmoid_break_in.rates(p, stress, level, anode, kelvin, found)
    elif law == 7:
        voltage_root.rates(p, stress, level, anode, kelvin, found)


@compiled
def advance(law: int, p: Floats, stress: Floats, over_time: Floats, over_points: Floats, state: Floats) -> None:
    """Move ``state`` on by a chunk with these mean rates."""
    if law == 0:
        anode_arrhenius.advance(p, stress, over_time, state)
    elif law == 1:
        anode_cubic.advance(p, stress, over_time, state)
    elif law == 2:
        anode_power.advance(p, stress, over_time, state)
    elif law == 3:
        anode_surface.advance(p, stress, over_time, state)
    elif law == 4:
        charge_stress.advance(p, stress, over_points, state)
    elif law == 5:
        lithium_or_material.advance(p, stress, over_time, over_points, state)
    elif law == 6:
        sigmoid_break_in.advance(p, stress, over_time, state)
    elif law == 7:
        voltage_root.advance(p, stress, over_time, over_points, state)


@compiled
def health(law: int, state: Floats, scale: float) -> float:
    """The capacity that is left in a state, as a share of the first; never below 0."""
    left = 1.0 - scale * (state[0] + state[1])
    if law == 5:
        left = lithium_or_material.health(state, scale)
    elif law == 6:
        left = sigmoid_break_in.health(state, scale)
    return float(max(left, 0.0))


@compiled
def resistance(law: int, p: Floats, state: Floats, scale: float) -> float:
    """The resistance in a state over that of a new cell; NaN where the law has none."""
    if law == 5:
        return lithium_or_material.resistance(p, state, scale)
    if law == 6:
        return sigmoid_break_in.resistance(state, scale)
    if law == 7:
        return voltage_root.resistance(state, scale)
    return np.nan
