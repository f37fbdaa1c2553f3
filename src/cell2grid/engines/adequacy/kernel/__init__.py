"""What a region lacks in one sampled course of outages after another; compiled by numba on plain arrays.

A sample draws when units fail and are repaired, adds up what is available in each step, and walks through the steps
for each question asked of it: the stores in one case or the other, and some load besides. All questions see the same
outages. Outages are drawn in ``outages.py``, several stores share their work in ``stores.py``.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.kernel.outages import Fleet, capacities
from cell2grid.engines.adequacy.kernel.stores import Stores, charged, discharged
from cell2grid.engines.dispatch.kernel.lists import compiled

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class Region(NamedTuple):
    """The steps of a region as arrays: what is there beside the units [MW], the day of each step, hours of a step.

    ``spare`` is firm capacity less net load, ``credited`` what the credited sources add. A shortfall up to ``slack``
    is none.
    """

    spare: Floats
    credited: Floats
    day: Integers
    hours: float
    slack: float


@compiled
def walk_without(margin: Floats, region: Region, added: float, found: Floats) -> None:
    """Add unserved energy [MWh], hours and days with a shortfall to ``found``; there is no store."""
    last = -1
    for t in range(len(margin)):
        lacking = added - margin[t]
        if lacking > region.slack:
            found[0] += lacking * region.hours
            found[1] += region.hours
            if region.day[t] != last:
                found[2] += 1.0
                last = region.day[t]


@compiled
def walk_one(margin: Floats, region: Region, stores: Stores, added: float, found: Floats) -> None:
    """As ``walk_without`` with one store, which discharges against a shortfall alone and charges from what is spare."""
    hours, last = region.hours, -1
    most_in, most_out, room = stores.charge[0], stores.discharge[0], stores.energy[0]
    into, out = stores.efficiency_charge[0] * hours, hours / stores.efficiency_discharge[0]
    level = stores.start[0] * room
    for t in range(len(margin)):
        spare = margin[t] - added
        if spare < 0.0:
            sent = min(-spare, most_out, level / out)
            level = max(level - sent * out, 0.0)
            lacking = -spare - sent
            if lacking > region.slack:
                found[0] += lacking * hours
                found[1] += hours
                if region.day[t] != last:
                    found[2] += 1.0
                    last = region.day[t]
        elif level < room:
            level = min(level + min(spare, most_in) * into, room)


@compiled
def walk_many(margin: Floats, region: Region, stores: Stores, added: float, found: Floats) -> None:
    """As ``walk_one`` with several stores: those that last longest give first, those that last least fill first."""
    hours, last = region.hours, -1
    level = stores.start * stores.energy
    for t in range(len(margin)):
        spare = margin[t] - added
        if spare < 0.0:
            lacking = -spare - discharged(level, stores, -spare, hours)
            if lacking > region.slack:
                found[0] += lacking * hours
                found[1] += hours
                if region.day[t] != last:
                    found[2] += 1.0
                    last = region.day[t]
        else:
            charged(level, stores, spare, hours)


@compiled
def marked(first: int, fleet: Fleet, region: Region, limit: float, marks: npt.NDArray[np.bool_]) -> None:
    """Mark the samples from ``first`` on in which less than ``limit`` [MW] is spare in some step without stores.

    In all others nothing is unserved, whatever is asked up to that much added load.
    """
    steps = len(region.spare)
    margin, more = np.empty(steps), np.empty(steps)
    for i in range(len(marks)):
        capacities(first + i, fleet, margin, more)
        least = np.inf
        for t in range(steps):
            least = min(least, margin[t] + region.spare[t])
        marks[i] = least < limit


@compiled
def drawn(samples: Integers, fleet: Fleet, region: Region, margins: Floats) -> None:
    """Put what each sample has left in each step [MW] into ``margins`` (sample, case, step): without and with it."""
    steps = len(region.spare)
    for i in range(len(samples)):
        margin, more = margins[i, 0], margins[i, 1]
        capacities(samples[i], fleet, margin, more)
        for t in range(steps):
            margin[t] += region.spare[t]
            more[t] += margin[t] + region.credited[t]


@compiled
def walked(
    margins: Floats,
    batches: Integers,
    region: Region,
    without: Stores,
    all_stores: Stores,
    credited: Integers,
    added: Floats,
    found: Floats,
) -> None:
    """As ``sampled``, of samples that are ``drawn``."""
    for i in range(len(margins)):
        b = batches[i]
        for k in range(len(added)):
            stores = all_stores if credited[k] else without
            of = margins[i, 1] if credited[k] else margins[i, 0]
            if len(stores.energy) == 0:
                walk_without(of, region, added[k], found[b, k])
            elif len(stores.energy) == 1:
                walk_one(of, region, stores, added[k], found[b, k])
            else:
                walk_many(of, region, stores, added[k], found[b, k])


@compiled
def sampled(
    samples: Integers,
    batches: Integers,
    fleet: Fleet,
    region: Region,
    without: Stores,
    all_stores: Stores,
    credited: Integers,
    added: Floats,
    found: Floats,
) -> None:
    """Add what each sample lacks to its batch in ``found`` (batch, question, 3): MWh, hours, days with a shortfall.

    A question is whether what is credited is there (``credited``) and how much load is ``added`` [MW].
    """
    steps = len(region.spare)
    margins = np.empty((1, 2, steps))
    for i in range(len(samples)):
        drawn(samples[i : i + 1], fleet, region, margins)
        walked(margins, batches[i : i + 1], region, without, all_stores, credited, added, found)
