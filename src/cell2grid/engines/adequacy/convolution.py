"""The risk of a region without stores, without sampling: the distribution of what is available, by convolution.

Each unit is up or down by its forced outage rate, whatever it was before, so that the distribution of the sum is built
unit by unit on a grid of capacities, the capacity outage probability table. It says hours and energy; days with a
shortfall, and stores, need the order of the hours and are for ``simulation.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.adequacy.system import SLACK, System, Units

Floats = npt.NDArray[np.float64]

# the finest grid, and how many tables of it are made where capacities change over time
MOST_STATES = 200_000
MOST_WORK = 2_000_000_000
_DECIMALS = 6


class Expected(NamedTuple):
    """Yearly hours with a shortfall [hour/year] and unserved energy [MWh/year]; ``exact`` but for rounding."""

    hours: float
    unserved: float
    exact: bool


class Table(NamedTuple):
    """How likely each available capacity is: ``step`` times 0, 1, 2, … [MW]."""

    step: float
    chance: Floats
    exact: bool


class Convolution:
    """The risk of a system with or without what is credited, for any load that is added; tables are made once.

    ``known`` is False where stores are there, or capacities change too often: then nothing can be told.
    """

    def __init__(self, system: System, *, credited: bool) -> None:
        stores = any(store.discharge_power > 0.0 and (credited or not store.credited) for store in system.stores)
        # by name, so that their order does not reach the rounding
        units = sorted((one for one in system.units if credited or not one.credited), key=lambda one: one.name)
        self.need = system.net_load - system.firm_capacity
        if credited and system.credited_output is not None:
            self.need = self.need - system.credited_output
        self.factor = system.step_hours * system.per_year
        groups = [] if stores else _alike(units, len(self.need))
        work = len(groups) * sum(one.count for one in units) * min(_states(units), MOST_STATES)
        self.known = not stores and work <= MOST_WORK
        self.tables: list[tuple[Table, npt.NDArray[np.int64]]] = []
        for shares, steps in groups if self.known else []:
            made = table([(one.capacity * share, one) for one, share in zip(units, shares, strict=True)])
            self.tables.append((made, steps))

    def at(self, added: float = 0.0) -> Expected | None:
        """The risk with ``added`` load [MW]; None where it is not known.

        With the available capacity C and what it has to serve, D, hours are the sum of P(C < D) and energy that of
        E[max(D − C, 0)] over the steps (Billinton and Allan 1996, doi:10.1007/978-1-4899-1860-4).
        """
        if not self.known:
            return None
        risks = [_risk(made, self.need[steps] + added) for made, steps in self.tables]
        hours, unserved = (float(sum(part)) * self.factor for part in zip(*risks, strict=True))
        return Expected(hours, unserved, all(made.exact for made, _ in self.tables))


def expected(system: System, *, credited: bool) -> Expected | None:
    """The risk with or without what is credited; None where convolution cannot tell it."""
    return Convolution(system, credited=credited).at()


def _alike(units: Sequence[Units], steps: int) -> list[tuple[Floats, npt.NDArray[np.int64]]]:
    """The shares of capacity that are there at once, each with the steps that have them."""
    shares = np.ones((steps, len(units)))
    for i, one in enumerate(units):
        if one.available is not None:
            shares[:, i] = one.available
    if not len(units) or all(one.available is None for one in units):
        return [(shares[0], np.arange(steps))]
    kinds, place = np.unique(shares, axis=0, return_inverse=True)
    order = np.argsort(place.ravel(), kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(place.ravel()))[:-1])
    return list(zip(kinds, parts, strict=True))


def _states(units: Sequence[Units]) -> int:
    return 1 + round(sum(one.capacity * one.count for one in units))


def table(units: Sequence[tuple[float, Units]]) -> Table:
    """The distribution of available capacity of groups, each with the capacity that one of its units has now.

    Capacities that have no common divisor within the finest grid are put on both neighbours, which keeps their mean.

    >>> from cell2grid.engines.adequacy.system import Units
    >>> pair = Units(name="pair", capacity=100.0, count=2, forced_outage_rate=0.1)
    >>> table([(100.0, pair)]).chance.round(3).tolist()
    [0.01, 0.18, 0.81]
    """
    total = sum(capacity * one.count for capacity, one in units)
    whole = [round(capacity * 10**_DECIMALS) for capacity, _ in units]
    divisor = math.gcd(*whole) if whole else 0
    if divisor == 0:
        return Table(1.0, np.ones(1), True)
    step, exact = divisor / 10**_DECIMALS, True
    if total / step > MOST_STATES:
        step, exact = total / MOST_STATES, False
    chance = np.zeros(2 + math.ceil(total / step + 1e-6) + sum(one.count for _, one in units) * (not exact))
    chance[0], last = 1.0, 0
    for capacity, one in units:
        place = capacity / step
        low = round(place) if exact else math.floor(place)
        share = 0.0 if exact else place - low
        for _ in range(one.count):
            up = (1.0 - one.forced_outage_rate) * chance[: last + 1]
            after = one.forced_outage_rate * chance[: last + 2 + low]
            after[low : low + last + 1] += (1.0 - share) * up
            after[low + 1 : low + last + 2] += share * up
            last += low + (not exact)
            chance[: len(after)] = after
    return Table(step, chance[: last + 1], exact)


def _risk(made: Table, need: Floats) -> tuple[float, float]:
    """Sums over steps of P(C < D) and of E[max(D − C, 0)] [MW]."""
    capacity = made.step * np.arange(len(made.chance))
    below = np.concatenate([[0.0], np.cumsum(made.chance)])
    weighed = np.concatenate([[0.0], np.cumsum(made.chance * capacity)])
    slack = SLACK * max(float(capacity[-1]), float(np.abs(need).max()), 1e-9)
    place = np.searchsorted(capacity, need - slack, side="left")
    return float(below[place].sum()), float((need * below[place] - weighed[place]).sum())
