"""Draws of outages: when each unit of a fleet is up and when it is down; compiled by numba on plain arrays.

A unit is up or down in a whole step, and its state at the next step follows from exponential times to failure and to
repair. How long it stays is geometric in steps, so that a unit costs as many draws as it changes. The generator is
counter-based: a draw depends on the unit's key, the sample and its place alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.kernel.lists import compiled, inlined

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]


class Fleet(NamedTuple):
    """Units one by one: the key of their draws, capacity in whole ``quantum`` [MW], and how they fail.

    ``rate`` is the share of time that a unit is down; ``stay_up`` and ``stay_down`` are logarithms of the chance to be
    in the same state one step later. ``trace`` is the row of ``available`` (trace, timestep) that scales the unit;
    rows from ``plain`` on are of credited units. Whole numbers add up to the same in any order.
    """

    key: Words
    capacity: Integers
    rate: Floats
    stay_up: Floats
    stay_down: Floats
    trace: Integers
    available: Floats
    plain: int
    quantum: float


@inlined
def philox(key: np.uint64, place: int, sample: int) -> tuple[float, float]:
    """Two numbers in (0, 1] for one place of one sample: Philox 4x32-10.

    Salmon et al. (2011), doi:10.1145/2063384.2063405.
    """
    low = np.uint64(0xFFFFFFFF)
    shift = np.uint64(32)
    c0, c1 = np.uint64(place) & low, np.uint64(place) >> shift
    c2, c3 = np.uint64(sample) & low, np.uint64(sample) >> shift
    k0, k1 = key & low, key >> shift
    for _ in range(10):
        p0, p1 = np.uint64(0xD2511F53) * c0, np.uint64(0xCD9E8D57) * c2
        c0, c1, c2, c3 = (p1 >> shift) ^ c1 ^ k0, p1 & low, (p0 >> shift) ^ c3 ^ k1, p0 & low
        k0, k1 = (k0 + np.uint64(0x9E3779B9)) & low, (k1 + np.uint64(0xBB67AE85)) & low
    first, second = (c0 << shift) | c1, (c2 << shift) | c3
    eleven = np.uint64(11)
    return (np.float64(first >> eleven) + 1.0) * 2.0**-53, (np.float64(second >> eleven) + 1.0) * 2.0**-53


@inlined
def _stay(share: float, log_stay: float, most: int) -> int:
    """The steps that a unit stays as it is: geometric, at least 1 and at most ``most``."""
    if log_stay == 0.0:
        return most
    steps = np.log(share) / log_stay
    return most if steps >= most else 1 + int(steps)


@compiled
def capacities(sample: int, fleet: Fleet, plain: Floats, credited: Floats) -> None:
    """Put what is available in each step [MW] into ``plain`` and, of credited units, into ``credited``."""
    steps = len(plain)
    rows = len(fleet.available)
    change = np.zeros((rows, steps + 1), np.int64)
    for i in range(len(fleet.key)):
        place, t = 1, 0
        share, spare = philox(fleet.key[i], 0, sample)
        up = share > fleet.rate[i]
        have = True
        row = fleet.trace[i]
        while t < steps:
            if have:
                share, have = spare, False
            else:
                share, spare = philox(fleet.key[i], place, sample)
                have, place = True, place + 1
            until = min(t + _stay(share, fleet.stay_up[i] if up else fleet.stay_down[i], steps), steps)
            if up:
                change[row, t] += fleet.capacity[i]
                change[row, until] -= fleet.capacity[i]
            t, up = until, not up
    plain[:] = 0.0
    credited[:] = 0.0
    for row in range(rows):
        total, into = 0, plain if row < fleet.plain else credited
        for t in range(steps):
            total += change[row, t]
            into[t] += total * fleet.quantum * fleet.available[row, t]
