"""A region and one store as its operation sees them, and the measures of a schedule: peak, curtailment and ramp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]
Aim = Literal["peak", "curtailment", "ramp"]

AIMS: tuple[Aim, ...] = ("peak", "curtailment", "ramp")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Operation:
    """A region over its steps [MW] and a store: powers at the grid [MW], energy [MWh], efficiencies [ratio].

    ``renewable`` is what sun and wind could give, and may be curtailed. ``must_run`` is generation that cannot go
    lower, and ``export_limit`` what can leave the region. Without ``start_fraction`` the store ends at the level at
    which it begins, whatever that is; with it, it begins there and ends at no less.
    """

    load: Floats
    renewable: Floats | None = None
    must_run: Floats | float = 0.0
    export_limit: Floats | float = 0.0
    step_hours: float = 1.0
    charge_power: float
    discharge_power: float
    energy: float
    efficiency_charge: float = 1.0
    efficiency_discharge: float = 1.0
    start_fraction: float | None = None

    @property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.load)

    @property
    def output(self) -> Floats:
        """What sun and wind could give [MW]."""
        return np.zeros(self.steps) if self.renewable is None else self.renewable

    @property
    def net(self) -> Floats:
        """Load less all that sun and wind could give [MW]."""
        return np.asarray(self.load - self.output)

    @property
    def floor(self) -> Floats:
        """The least net load that other generation can follow [MW]: must-run less export; never above the load."""
        least: Floats = np.minimum(np.asarray(self.must_run) - np.asarray(self.export_limit), self.load)
        return least


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """What a store takes from and sends to the grid in each step, and what is curtailed [MW]."""

    charge: Floats
    discharge: Floats
    curtailed: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """Net load after curtailment [MW], its peak [MW] and largest change [MW/hour], and the curtailed energy [MWh]."""

    net_load: Floats
    peak: float
    curtailed: float
    ramp: float


def checked(case: Operation) -> Operation:
    """The case itself, once its numbers are finite and within bounds.

    Raises
    ------
    InputError
        One is not.
    """
    for name in ("renewable", "must_run", "export_limit", "load"):
        values = getattr(case, name)
        if values is None:
            continue
        values = np.asarray(values, np.float64)
        if values.shape not in ((), (case.steps,)):
            raise InputError(
                f"region: {name} has {values.size} values for {case.steps} steps; give both the same steps"
            )
        if not np.isfinite(values).all() or values.min() < 0.0 or values.max() > 1e12:
            raise InputError(f"region: {name} has {_worst(values):g} MW, expected from 0 to 1e12")
    for name in ("charge_power", "discharge_power", "energy"):
        value = getattr(case, name)
        if not math.isfinite(value) or not 0.0 <= value <= 1e12:
            raise InputError(f"storage: {name} is {value:g}, expected from 0 to 1e12")
    for name in ("efficiency_charge", "efficiency_discharge"):
        if not 0.01 <= getattr(case, name) <= 1.0:
            raise InputError(f"storage: {name} is {getattr(case, name):g}, expected from 0.01 to 1")
    if case.start_fraction is not None and not 0.0 <= case.start_fraction <= 1.0:
        raise InputError(f"storage: start_fraction is {case.start_fraction:g}, expected from 0 to 1")
    return case


def _worst(values: Floats) -> float:
    flat = np.atleast_1d(values)
    bad = flat[~np.isfinite(flat) | (flat < 0.0) | (flat > 1e12)]
    return float(bad[0])


def measured(case: Operation, schedule: Schedule | None) -> Measures:
    """The measures of a schedule, or of the region without the store.

    Net load is load − (sun and wind − curtailed) + charge − discharge. Without a store, and where a schedule does not
    say, as much is curtailed as other generation cannot make room for.

    >>> case = Operation(load=np.array([5.0, 5.0]), renewable=np.array([0.0, 9.0]), charge_power=0, discharge_power=0,
    ...                  energy=0)
    >>> found = measured(case, None)
    >>> found.net_load, found.peak, found.curtailed, found.ramp
    (array([5., 0.]), 5.0, 4.0, 5.0)
    """
    if schedule is None:
        curtailed = needed_curtailment(case, case.net)
        net = case.net + curtailed
    else:
        curtailed = schedule.curtailed
        net = case.net + schedule.charge - schedule.discharge + curtailed
    ramp = float(np.abs(np.diff(net)).max()) / case.step_hours if len(net) > 1 else 0.0
    return Measures(net, float(net.max()), float(curtailed.sum()) * case.step_hours, ramp)


def needed_curtailment(case: Operation, net: Floats) -> Floats:
    """What must be curtailed where ``net`` is the net load with nothing curtailed [MW]."""
    return np.clip(case.floor - net, 0.0, case.output)
