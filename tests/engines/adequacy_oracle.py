"""The risk of a small region by enumeration: every state of every unit and every level of the store, hour by hour.

Levels are whole MWh, steps an hour and losses none, so that each step moves along a grid and nothing is rounded. It
shares no line with the engine.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from scipy.optimize import brentq


def chain(units):
    """The states of units (capacity, forced outage rate, repair time): capacity, start and the chances of a step."""
    states = list(product([1, 0], repeat=len(units)))
    capacity = np.array([sum(on * unit[0] for on, unit in zip(state, units, strict=True)) for state in states])
    start = np.array(
        [math.prod((1 - unit[1]) if on else unit[1] for on, unit in zip(state, units, strict=True)) for state in states]
    )
    move = np.ones((len(states), len(states)))
    for i, before in enumerate(states):
        for j, after in enumerate(states):
            for on, then, (_, rate, repair) in zip(before, after, units, strict=True):
                failures, repairs = rate / (1 - rate) / repair, 1 / repair
                changed = 1 - math.exp(-(failures + repairs))
                goes = failures / (failures + repairs) * changed if on else repairs / (failures + repairs) * changed
                move[i, j] *= goes if on != then else 1 - goes
    return capacity, start, move


def enumerated(units, load, *, power=0, energy=0, added=0.0):
    """Expected unserved energy [MWh] and hours with a shortfall over the hours of ``load``.

    The store begins full. ``power``, ``energy``, load and capacities are whole; what is ``added`` need not be: levels
    are then kept as they come, each with its chance.
    """
    capacity, start, move = chain(units)
    chances = {float(energy): start}
    unserved = hours = 0.0
    for now, needed in enumerate(load):
        after = {}
        for level, chance in chances.items():
            spare = capacity - needed - added
            sent = np.minimum(np.minimum(np.maximum(-spare, 0.0), power), level)
            short = np.maximum(-spare - sent, 0.0)
            unserved += float(chance @ short)
            hours += float(chance @ (short > 1e-9))
            to = np.where(spare < 0, level - sent, np.minimum(level + np.minimum(np.maximum(spare, 0), power), energy))
            for reached in np.unique(np.round(to, 9)):
                here = np.where(np.abs(to - reached) < 1e-8, chance, 0.0)
                after[float(reached)] = after.get(float(reached), 0.0) + here
        last = now == len(load) - 1
        chances = after if last else {level: chance @ move for level, chance in after.items()}
    return unserved, hours


def credit(units, load, *, power, energy, place=0, tolerance=1e-7):
    """The load that can be added with the store for the same risk as without it [MW]."""
    without = enumerated(units, load)[place]
    return brentq(
        lambda added: enumerated(units, load, power=power, energy=energy, added=added)[place] - without,
        0.0,
        power,
        xtol=tolerance,
    )
