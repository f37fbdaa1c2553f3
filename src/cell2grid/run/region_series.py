"""The series of a region file over one set of time steps: numbers spread out, lists as they stand, columns read.

All that is of files must have the same steps: they are compared stamp by stamp, and never cut or shifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.prices import Profile, read_profile
from cell2grid.prices.zones import check_zone
from cell2grid.study.quantity import Quantity
from cell2grid.study.region_file import RegionFile, ScheduleOf, Series

Floats = npt.NDArray[np.float64]

_DAY_HOURS = 24.0
_MOST_STEPS = 2_000_000
# where stamps begin that no file gives: a Monday, the first of a year of 8,760 hours
_NO_STAMPS = np.datetime64("2001-01-01T00:00:00", "s")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegionSeries:
    """What a region needs and has in each step [MW]; ``available`` is by group of units [ratio], None where whole.

    ``timestep`` is when each step begins, in UTC; where not ``dated``, no file says it, and it is counted from an hour
    of no meaning.
    """

    timestep: npt.NDArray[np.datetime64]
    step_hours: float
    day: npt.NDArray[np.int64]
    load: Floats
    solar: Floats
    wind: Floats
    firm_import: Floats
    must_run: Floats
    export_limit: Floats
    available: tuple[Floats | None, ...]
    notes: tuple[str, ...]
    dated: bool = True

    @property
    def begins(self) -> dict[str, npt.NDArray[Any]]:
        """When each step begins, as columns of a table: ``timestep``, and the ``hour`` of a series without stamps."""
        found: dict[str, npt.NDArray[Any]] = {"timestep": self.timestep}
        return found if self.dated else {**found, "hour": np.arange(len(self.timestep)) * self.step_hours}


def read_series(region: RegionFile, folder: Path) -> RegionSeries:
    """The series of a region.

    Raises
    ------
    PriceError
        A file cannot be read.
    InputError
        The time zone is not known, two series have other steps, steps have several lengths, or all of it lasts less
        than a day.
    """
    if region.timezone is not None:
        check_zone(region.timezone)
    written = {
        name: getattr(region, name) for name in ("load", "solar", "wind", "firm_import", "must_run", "export_limit")
    }
    written |= {f"units.{i}.available": group.available for i, group in enumerate(region.units)}
    read = {
        name: _column(name, part, folder, region.timezone) for name, part in written.items() if isinstance(part, Series)
    }
    steps = _same_steps(region, written, read)
    values = {name: _values(part, read.get(name), len(steps[0]), name) for name, part in written.items()}
    for name, part in written.items():
        if name.endswith("available") and part is not None and float(values[name].max()) > 1.0 + 1e-9:
            raise InputError(
                f"{name} is {float(values[name].max()):g}, expected from 0 to 1: it is a share of capacity"
            )
    zero = np.zeros(len(steps[0]))
    own = {name: zero if written[name] is None else values[name] for name in written if "." not in name}
    notes = [f"{name}: {note}." for name, profile in read.items() for note in profile.notes]
    if not read:
        notes.append("No series is of a file, so that stamps count hours and say no date.")
    return RegionSeries(
        timestep=steps[0],
        step_hours=steps[1],
        day=steps[2],
        load=own.pop("load") * region.load_scale,
        available=tuple(
            None if group.available is None else values[f"units.{i}.available"] for i, group in enumerate(region.units)
        ),
        notes=tuple(notes),
        dated=bool(read),
        **own,
    )


def _column(name: str, part: Series, folder: Path, timezone: str | None) -> Profile:
    """The column of a file; shares of a unit's capacity are read as shares of one MW."""
    capacity = 1.0 if name.endswith("available") else None if part.capacity is None else part.capacity.to("MW").mode
    return read_profile(
        folder / part.file, column=part.column, unit=part.unit, capacity=capacity, timezone=timezone, name=name
    )


def _same_steps(
    region: RegionFile, written: dict[str, Any], read: dict[str, Profile]
) -> tuple[npt.NDArray[np.datetime64], float, npt.NDArray[np.int64]]:
    """When each step begins, how long it lasts [hour] and on which day it is; once all series agree."""
    lists = {name: len(part) for name, part in written.items() if isinstance(part, tuple)}
    if read:
        first, profile = next(iter(read.items()))
        if region.step is not None:
            raise InputError(f"step is given, and {first} of {profile.name} has stamps; remove one of the two")
        if not profile.regular:
            raise InputError(f"{first}: its steps have several lengths; give a series of one step")
        for name, other in read.items():
            _compare(first, profile, name, other)
        stamps, hours, day = profile.timestep.astype("datetime64[s]"), float(profile.step_hours[0]), profile.local_day()
        count, of = len(stamps), first
    else:
        hours = 1.0 if region.step is None else region.step.to("hour").mode
        of, count = next(iter(lists.items()), ("", int(np.ceil(_DAY_HOURS / hours - 1e-9))))
        seconds = np.round(np.arange(count) * hours * 3600.0).astype("timedelta64[s]")
        stamps = _NO_STAMPS + seconds
        day = np.floor(np.arange(count) * hours / _DAY_HOURS + 1e-9).astype(np.int64)
    for name, length in lists.items():
        if length != count:
            raise InputError(f"{name} has {length} values, and {of} has {count} steps; give both the same steps")
    if count * hours < _DAY_HOURS - 1e-9:
        raise InputError(f"{of} lasts {count * hours:g} h in {count} steps, expected at least a day of 24 h")
    if count > _MOST_STEPS:
        raise InputError(f"{of} has {count:,} steps, expected at most {_MOST_STEPS:,}; resample it with 'prices'")
    return stamps, hours, day


def _compare(first: str, profile: Profile, name: str, other: Profile) -> None:
    if len(other.timestep) != len(profile.timestep):
        raise InputError(
            f"{name} has {len(other.timestep):,} steps, and {first} has {len(profile.timestep):,}; give both the same "
            "steps"
        )
    unlike = np.flatnonzero(other.timestep != profile.timestep)
    if unlike.size:
        i = int(unlike[0])
        raise InputError(
            f"{name}: step {i} begins at {other.timestep[i]}, that of {first} at {profile.timestep[i]} (UTC); give "
            "both the same steps, and a timezone where stamps have no offset"
        )
    if float(other.step_hours[-1]) != float(profile.step_hours[-1]):
        raise InputError(
            f"{name}: its steps last {other.step_hours[-1]:g} h, those of {first} {profile.step_hours[-1]:g}"
        )


def _values(part: Any, profile: Profile | None, steps: int, name: str) -> Floats:
    if profile is not None:
        return np.asarray(profile.power * part.scale, np.float64)
    unit = "ratio" if name.endswith("available") else "MW"
    if isinstance(part, Quantity):
        return np.full(steps, part.to(unit).mode)
    if isinstance(part, tuple):
        return np.array([each.to(unit).mode for each in part], np.float64)
    return np.zeros(steps)


def given_schedule(
    given: ScheduleOf, folder: Path, series: RegionSeries, timezone: str | None
) -> tuple[Floats, Floats]:
    """What a schedule that is given takes from the grid and sends to it [MW].

    Raises
    ------
    PriceError
        The file or a column of it cannot be read.
    InputError
        It has other steps than the region.
    """
    place = folder / given.file
    if given.column is not None:
        net = read_profile(place, column=given.column, unit=_unit_of(given.column), timezone=timezone, signed=True)
        _on_steps(net, series, given.file)
        return np.maximum(-net.power, 0.0), np.maximum(net.power, 0.0)
    found = []
    for column in (given.charge, given.discharge):
        profile = read_profile(place, column=column, unit=_unit_of(column), timezone=timezone)
        _on_steps(profile, series, given.file)
        found.append(profile.power)
    return found[0], found[1]


def _unit_of(column: str) -> str | None:
    """The unit of a column: what its header says in brackets, and MW without."""
    return None if "[" in column else "MW"


def _on_steps(profile: Profile, series: RegionSeries, file: str) -> None:
    if len(profile.timestep) != len(series.timestep):
        raise InputError(
            f"schedule {file} has {len(profile.timestep):,} steps, and the region {len(series.timestep):,}; give both "
            "the same steps"
        )
    begins = profile.timestep.astype("datetime64[s]")
    if not series.dated:
        # without stamps a region has the lengths of its steps alone, and a schedule of any day stands beside it
        begins = series.timestep[0] + (begins - begins[0])
    unlike = np.flatnonzero(begins != series.timestep)
    if unlike.size:
        i = int(unlike[0])
        raise InputError(
            f"schedule {file}: step {i} begins at {begins[i]}, that of the region at {series.timestep[i]} "
            "(UTC); give both the same steps"
        )
