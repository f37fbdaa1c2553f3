"""A series over time steps: prices, or the power of a profile, in order and without a gap.

Stamps are in UTC and mark where a step begins; the local zone is kept, so that days, months and years can be counted
on local clocks. Files are read in ``reading`` and ``profiles``, steps of another length are made in ``resampling``; the
year that stands in where there is no file is made in ``synthetic``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from cell2grid.prices.zones import clock_of

if TYPE_CHECKING:
    import xarray as xr

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def _no_steps() -> Whole:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Steps:
    """Time steps that each begin at a UTC stamp and follow one another without a gap.

    ``offsets`` tells whether the stamps are known to be UTC: the file gave offsets, or its zone was named; others were
    taken as UTC. ``zone`` is the zone on whose clocks days are counted. ``filled`` are the places of the steps that the
    file lacks, ``notes`` says in words what was done to the file.
    """

    timestep: npt.NDArray[np.datetime64]
    step_hours: Floats
    name: str
    offsets: bool = False
    zone: str | None = None
    filled: Whole = field(default_factory=_no_steps)
    notes: tuple[str, ...] = ()

    @property
    def resolution_minutes(self) -> float:
        """The length of a time step [minute]; the median where lengths differ."""
        return float(np.median(self.step_hours)) * 60.0

    @property
    def regular(self) -> bool:
        """Whether all time steps have one length."""
        return bool((self.step_hours == self.step_hours[0]).all())

    def local_time(self) -> npt.NDArray[np.datetime64]:
        """What clocks of the zone show where each step begins [datetime64[s]]; UTC without a zone."""
        utc = self.timestep.astype("datetime64[s]").astype(np.int64)
        return clock_of(self.zone, utc).local(utc).astype("datetime64[s]")

    def local_day(self) -> Whole:
        """The local day in which each step begins, as days since 1970-01-01; never falling."""
        return self.local_time().astype("datetime64[D]").astype(np.int64)

    def local_month(self) -> Whole:
        """The local month in which each step begins, as months since January 1970."""
        return self.local_time().astype("datetime64[M]").astype(np.int64)

    def local_year(self) -> Whole:
        """The local calendar year in which each step begins."""
        return self.local_time().astype("datetime64[Y]").astype(np.int64) + 1970

    def clock_changes(self) -> list[tuple[str, float]]:
        """The UTC stamps within the series at which local clocks change, and by how many hours."""
        utc = self.timestep.astype("datetime64[s]").astype(np.int64)
        clock = clock_of(self.zone, utc)
        inside = np.flatnonzero((clock.changes > utc[0]) & (clock.changes <= utc[-1]))
        return [
            (f"{np.datetime64(int(clock.changes[i]), 's')}Z", float(clock.offsets[i + 1] - clock.offsets[i]) / 3600.0)
            for i in inside
        ]

    def part(self, first: int, stop: int) -> Self:
        """The steps from place ``first`` to before place ``stop``."""
        inside = self.filled[(self.filled >= first) & (self.filled < stop)] - first
        cut = {
            each.name: getattr(self, each.name)[first:stop]
            for each in fields(self)
            if each.name != "filled" and isinstance(getattr(self, each.name), np.ndarray)
        }
        return replace(self, **cut, filled=inside)

    def years(self, *, whole: bool = False) -> dict[int, Self]:
        """The series of each calendar year on local clocks; a step belongs to the year in which it begins.

        Parameters
        ----------
        whole
            Leave out years that the series covers only in part.

        >>> series = PriceSeries(
        ...     timestep=np.arange("2024-12-31T22", "2025-01-01T02", dtype="datetime64[h]").astype("datetime64[s]"),
        ...     step_hours=np.ones(4), price=np.arange(4.0), name="turn", zone="Europe/Berlin")
        >>> {year: part.price.tolist() for year, part in series.years().items()}
        {2024: [0.0], 2025: [1.0, 2.0, 3.0]}
        """
        year = self.local_year()
        starts = [0, *(np.flatnonzero(np.diff(year)) + 1).tolist(), len(year)]
        parts = {int(year[a]): self.part(a, b) for a, b in pairwise(starts)}
        if whole:
            parts = {each: part for each, part in parts.items() if part._covers(each)}
        return {each: replace(part, name=f"{part.name} {each}") for each, part in parts.items()}

    def edges(self) -> Whole:
        """Where the steps begin, and where the last one ends, in UTC seconds since 1970-01-01."""
        begins = self.timestep.astype("datetime64[s]").astype(np.int64)
        return np.append(begins, begins[-1] + round(float(self.step_hours[-1]) * 3600.0))

    def _covers(self, year: int) -> bool:
        ends = np.array([f"{year}-01-01", f"{year + 1}-01-01"], dtype="datetime64[s]").astype(np.int64)
        first, last = clock_of(self.zone, ends).readings(ends)[0].tolist()
        edges = self.edges()
        # a step that begins before the year and ends in it belongs to the year before
        slack = round(float(self.step_hours.max()) * 3600.0)
        return bool(edges[0] < first + slack and edges[-1] >= last)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PriceSeries(Steps):
    """Prices [currency/MWh] over time steps that each begin at a UTC stamp.

    ``synthetic`` marks prices that no market has set; whatever shows them says so. ``currency`` is None where neither
    the file nor the caller says.
    """

    price: Floats
    currency: str | None = None
    synthetic: bool = False

    @property
    def unit(self) -> str:
        """The unit of the prices; ``currency/MWh`` where no currency is known."""
        return f"{self.currency or 'currency'}/MWh"

    @property
    def label(self) -> str:
        """The name as charts show it: a synthetic series says that it is one."""
        return f"{self.name} (synthetic prices, no market's)" if self.synthetic else self.name

    def to_dataset(self) -> xr.Dataset:
        """``price`` and ``step_hours`` over ``timestep``, as the dispatch engine reads them."""
        import xarray as xr

        return xr.Dataset(
            {"price": ("timestep", self.price), "step_hours": ("timestep", self.step_hours)},
            coords={"timestep": self.timestep.astype("datetime64[ns]")},
            attrs={"series": self.name, "unit": self.unit, "synthetic": int(self.synthetic)},
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile(Steps):
    """Mean power [MW] over each time step: what a plant generates, or a site draws."""

    power: Floats
