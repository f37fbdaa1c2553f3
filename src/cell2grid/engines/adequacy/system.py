"""A region as the adequacy engine sees it: net load, units that fail, stores, and which of them the credit is asked of.

``arrays_of`` turns it into the arrays of the compiled kernel. Region files are read in ``cell2grid.study``; the
equations stand in docs/formulation/adequacy.md.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.engines.adequacy.kernel import Region
    from cell2grid.engines.adequacy.kernel.outages import Fleet
    from cell2grid.engines.adequacy.kernel.stores import Stores

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MOST_UNITS = 10_000
MOST_STORES = 100
LEAST_HOURS = 24.0
# a shortfall up to this part of the largest power is rounding
SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """A group of like units that fail one by one: capacity of each [MW], time to repair [hour].

    ``available`` scales the capacity in each step (planned maintenance, heat). ``credited`` units are those whose
    capacity credit is asked: they are missing in the case without.
    """

    name: str
    capacity: float
    count: int = 1
    forced_outage_rate: float = 0.0
    repair_time: float = 24.0
    available: Floats | None = None
    credited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A store: powers at the grid [MW], energy [MWh], efficiencies [ratio] and its level at the start [ratio]."""

    name: str
    charge_power: float
    discharge_power: float
    energy: float
    efficiency_charge: float = 1.0
    efficiency_discharge: float = 1.0
    start_fraction: float = 1.0
    credited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class System:
    """A region over its time steps.

    ``net_load`` is load less sun and wind [MW], but for the output of credited sources, which is ``credited_output``.
    ``firm_capacity`` is always there. ``day`` numbers the day of each step; without it days are 24 h from the start.
    """

    net_load: Floats
    step_hours: float = 1.0
    units: tuple[Units, ...] = ()
    stores: tuple[Store, ...] = ()
    credited_output: Floats | None = None
    firm_capacity: float = 0.0
    day: Integers | None = None

    @property
    def hours(self) -> float:
        """The length of the horizon [hour]."""
        return len(self.net_load) * self.step_hours

    @property
    def per_year(self) -> float:
        """What turns a sum over the horizon into one over a year of 8,760 hours."""
        return 8760.0 / self.hours

    @property
    def most_credit(self) -> float:
        """The most that the capacity credit can be: the power of what is credited [MW]."""
        output = 0.0 if self.credited_output is None else float(np.max(self.credited_output))
        stores = sum(one.discharge_power for one in self.stores if one.credited)
        return output + stores + sum(one.capacity * one.count * _best(one) for one in self.units if one.credited)


def _best(units: Units) -> float:
    return 1.0 if units.available is None else float(np.max(units.available))


class Arrays(NamedTuple):
    """A system as the kernel takes it."""

    fleet: Fleet
    region: Region
    without: Stores
    all_stores: Stores


def checked(system: System) -> System:
    """The system itself, once every number of it is finite and within its bounds.

    Raises
    ------
    InputError
        One is not: it is named with its value and bound.
    """
    steps = len(system.net_load)
    if not math.isfinite(system.step_hours) or system.step_hours <= 0.0:
        raise InputError(f"region: the steps last {system.step_hours:g} h, expected above 0; check the stamps")
    if system.hours < LEAST_HOURS - 1e-9:
        raise InputError(
            f"region: the series last {system.hours:g} h in {steps} steps, expected at least a day of {LEAST_HOURS:g} h"
        )
    _series("net load", system.net_load, steps, least=-math.inf)
    if system.credited_output is not None:
        _series("credited output", system.credited_output, steps, least=0.0)
    if system.day is not None and len(system.day) != steps:
        raise InputError(f"region: {len(system.day)} days for {steps} steps; give the day of each step")
    _number("firm capacity", system.firm_capacity, least=0.0)
    _names("units", [one.name for one in system.units])
    _names("stores", [one.name for one in system.stores])
    count = sum(one.count for one in system.units)
    if count > MOST_UNITS or len(system.stores) > MOST_STORES:
        raise InputError(
            f"region: {count:,} units and {len(system.stores)} stores, expected at most {MOST_UNITS:,} and "
            f"{MOST_STORES}; put like units together"
        )
    for units in system.units:
        _check_units(units, steps)
    for store in system.stores:
        _check_store(store)
    return system


def _check_units(units: Units, steps: int) -> None:
    what = f"units '{units.name}'"
    _number(f"{what}: capacity", units.capacity, least=0.0)
    _number(f"{what}: count", units.count, least=1)
    _number(f"{what}: forced_outage_rate", units.forced_outage_rate, least=0.0, below=1.0)
    _number(f"{what}: repair_time", units.repair_time, least=1e-3)
    if units.available is not None:
        _series(f"{what}: available", units.available, steps, least=0.0, most=1.0)


def _check_store(store: Store) -> None:
    what = f"storage '{store.name}'"
    for name in ("charge_power", "discharge_power", "energy"):
        _number(f"{what}: {name}", getattr(store, name), least=0.0)
    for name in ("efficiency_charge", "efficiency_discharge", "start_fraction"):
        _number(f"{what}: {name}", getattr(store, name), least=0.0, most=1.0)
    if min(store.efficiency_charge, store.efficiency_discharge) < 0.01:
        raise InputError(f"{what}: an efficiency is below 0.01, so that nothing comes back; check it")


def _names(what: str, names: Sequence[str]) -> None:
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"{what}: '{twice}' stands twice; give each group a name of its own, as draws follow the name")


def _number(what: str, value: float, *, least: float, most: float = math.inf, below: float = math.inf) -> None:
    if not math.isfinite(value) or value < least or value > min(most, 1e12) or value >= below:
        upper = f" and below {below:g}" if below < math.inf else f" and at most {min(most, 1e12):g}"
        raise InputError(f"{what} is {value:g}, expected at least {least:g}{upper}")


def _series(what: str, values: Floats, steps: int, *, least: float, most: float = 1e12) -> None:
    if values.shape != (steps,):
        raise InputError(f"{what}: {values.size} values for {steps} steps; give each series the same steps")
    wrong = np.flatnonzero(~(np.isfinite(values) & (values >= max(least, -1e12)) & (values <= most)))
    if wrong.size:
        raise InputError(f"{what} is {values[wrong[0]]:g} in step {wrong[0]}, expected from {least:g} to {most:g}")


def arrays_of(system: System, *, seed: int) -> Arrays:
    """The system as arrays of the kernel, with the keys of its draws.

    A unit's draws follow from the seed, the name of its group and its number there: other units change nothing.
    """
    from cell2grid.engines.adequacy.kernel import Region

    steps = len(system.net_load)
    credited = np.zeros(steps) if system.credited_output is None else system.credited_output
    day = np.floor(np.arange(steps) * system.step_hours / 24.0 + 1e-9).astype(np.int64)
    largest = math.fsum(one.capacity * one.count for one in system.units) + system.firm_capacity
    largest = max(largest, float(np.abs(system.net_load).max()), float(credited.max()), 1e-9)
    region = Region(
        spare=np.ascontiguousarray(system.firm_capacity - system.net_load, np.float64),
        credited=np.ascontiguousarray(credited, np.float64),
        day=day if system.day is None else np.ascontiguousarray(system.day, np.int64),
        hours=float(system.step_hours),
        slack=SLACK * largest,
    )
    kept = [one for one in system.stores if not one.credited]
    return Arrays(_fleet(system, largest, seed), region, _stores(kept), _stores(system.stores))


def _stores(stores: Sequence[Store]) -> Stores:
    from cell2grid.engines.adequacy.kernel.stores import Stores

    # what cannot give is no store; that also keeps times to go finite
    able = sorted((one for one in stores if one.discharge_power > 0.0 and one.energy > 0.0), key=lambda one: one.name)
    columns = [
        np.array([getattr(one, name) for one in able], np.float64)
        for name in (
            *("charge_power", "discharge_power", "energy"),
            *("efficiency_charge", "efficiency_discharge", "start_fraction"),
        )
    ]
    return Stores(*columns)


def _fleet(system: System, largest: float, seed: int) -> Fleet:
    from cell2grid.engines.adequacy.kernel.outages import Fleet

    steps = len(system.net_load)
    # a power of two, so that what has few digits stays what it is
    quantum = 2.0 ** (math.ceil(math.log2(largest)) - 45)
    order = sorted(system.units, key=lambda one: one.name)
    profiles: list[Floats] = []
    rows: list[tuple[int, int, float, float, float, int]] = []
    plain = 0
    for credited in (False, True):
        known: dict[bytes, int] = {}
        for one in (each for each in order if bool(each.credited) is credited):
            profile = np.ones(steps) if one.available is None else np.asarray(one.available, np.float64)
            trace = known.setdefault(profile.tobytes(), len(profiles))
            if trace == len(profiles):
                profiles.append(profile)
            stays = _stays(one, system.step_hours)
            capacity = round(one.capacity / quantum)
            rows += [
                (_key(seed, one.name, i), capacity, one.forced_outage_rate, *stays, trace) for i in range(one.count)
            ]
        plain = len(profiles) if not credited else plain
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    return Fleet(
        key=np.array(columns[0], np.uint64),
        capacity=np.array(columns[1], np.int64),
        rate=np.array(columns[2], np.float64),
        stay_up=np.array(columns[3], np.float64),
        stay_down=np.array(columns[4], np.float64),
        trace=np.array(columns[5], np.int64),
        available=np.array(profiles, np.float64).reshape(len(profiles), steps),
        plain=plain,
        quantum=quantum,
    )


def _key(seed: int, name: str, number: int) -> int:
    digest = hashlib.sha256(f"{seed}\x1foutages.{name}.{number}".encode()).digest()
    return int.from_bytes(digest[:8], "little")


def _stays(units: Units, hours: float) -> tuple[float, float]:
    """Logarithms of the chance to be up, and down, one step after it was."""
    fail, mend = transition(units, hours)
    return math.log1p(-fail), math.log1p(-mend) if mend < 1.0 else -math.inf


def transition(units: Units, hours: float) -> tuple[float, float]:
    """The chance that a unit that is up is down a step later, and that one that is down is up.

    With failure rate λ and repair rate μ these are λ/(λ + μ) and μ/(λ + μ), times 1 − exp(−(λ + μ) h).

    >>> fail, mend = transition(Units(name="one", capacity=100.0, forced_outage_rate=0.1, repair_time=20.0), 1.0)
    >>> round(fail, 6), round(mend, 6)
    (0.005404, 0.048636)
    """
    rate = units.forced_outage_rate
    changed = -math.expm1(-hours / (units.repair_time * (1.0 - rate)))
    return rate * changed, (1.0 - rate) * changed
