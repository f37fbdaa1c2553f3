"""Region files: a region's load, sun, wind and units that fail, and the store whose benefit to it is asked.

Sources are optional here. Numbers carry units; a series is one number, a short list, or a column of another file. What
is asked of the file is answered in ``cell2grid.run.adequacy``, and what the words mean stands in
docs/formulation/adequacy.md.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, ValidationError

from cell2grid.study.asset_file import Energy, Part, Power
from cell2grid.study.model import Source
from cell2grid.study.quantity import Frozen, In, Quantity, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree

_BEYOND = 1e9
_OWN = ("storage", "solar", "wind")
FileName = Annotated[str, Field(min_length=1, max_length=1000)]
ColumnName = Annotated[str, Field(min_length=1, max_length=200)]
Hours = Annotated[Quantity, In("hour", at_least=1e-3, at_most=1e7)]


class Series(Frozen):
    """A column of another file, with a value for each time step."""

    file: FileName
    """A CSV, Parquet or Excel file, beside the region file unless its path is absolute."""
    column: ColumnName | None = None
    """The header of the column; the one column beside the stamps without it."""
    unit: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    """The unit of its numbers, where the header does not say it."""
    capacity: Power | None = None
    """What a share is a share of, where the column has shares of a capacity."""
    scale: Annotated[float, Field(ge=0, le=1000)] = 1.0
    """What each value is multiplied with."""


def _kind_of_series(value: Any) -> str:
    if isinstance(value, (dict, Series)):
        return "of a file"
    return "list" if isinstance(value, (tuple, list)) else "one"


_Column = Annotated[Series, Tag("of a file")]
PowerSeries = Annotated[
    Annotated[Power, Tag("one")]
    | Annotated[tuple[Power, ...], Field(min_length=1, max_length=10_000), Tag("list")]
    | _Column,
    Discriminator(_kind_of_series),
]
PartSeries = Annotated[
    Annotated[Part, Tag("one")]
    | Annotated[tuple[Part, ...], Field(min_length=1, max_length=10_000), Tag("list")]
    | _Column,
    Discriminator(_kind_of_series),
]


class UnitGroup(Frozen):
    """Like units that fail independently. Two of the rate and the two times say how; a unit that never fails has 0."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What the group is called; draws follow the name."""
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    """How many units there are."""
    capacity: Power
    """What each unit gives when it is up [MW]."""
    forced_outage_rate: Part | None = None
    """The share of time in which a unit has failed."""
    mean_time_to_repair: Hours | None = None
    """How long a repair takes on average [hour]."""
    mean_time_to_failure: Hours | None = None
    """How long a unit runs on average before it fails [hour]."""
    available: PartSeries | None = None
    """The share of capacity that planned maintenance and heat leave; all of it without this."""

    def outages(self) -> tuple[float, float]:
        """The forced outage rate [ratio] and the mean time to repair [hour].

        >>> UnitGroup.model_validate(
        ...     {"name": "gas", "capacity": "9 MW", "mean_time_to_repair": "50 h", "mean_time_to_failure": "950 h"}
        ... ).outages()
        (0.05, 50.0)
        """
        rate = None if self.forced_outage_rate is None else self.forced_outage_rate.to("ratio").mode
        repair = None if self.mean_time_to_repair is None else self.mean_time_to_repair.to("hour").mode
        failure = None if self.mean_time_to_failure is None else self.mean_time_to_failure.to("hour").mode
        if rate is None and repair is not None and failure is not None:
            rate = repair / (repair + failure)
        if repair is None and failure is not None and rate:
            repair = failure * rate / (1.0 - rate)
        return rate or 0.0, 24.0 if repair is None else repair


class StoreFile(Frozen):
    """A store of the region."""

    name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """What the store is called."""
    power: Power
    """Most power taken from the grid, and sent to it where ``discharge_power`` is missing [MW]."""
    energy: Energy
    """Most energy stored [MWh]."""
    discharge_power: Power | None = None
    """Most power sent to the grid [MW]."""
    efficiency_charge: Part | None = None
    """Energy stored per energy taken; 1 where it is missing."""
    efficiency_discharge: Part | None = None
    """Energy sent per energy drawn from the store; 1 where it is missing."""
    start_fraction: Part | None = None
    """Energy stored before the first step, as a share of ``energy``. Without it a store is full when outages begin, and
    the schedule for peak, curtailment and ramps ends at the level at which it begins."""

    def numbers(self) -> dict[str, float]:
        """The plain numbers: powers [MW], energy [MWh] and efficiencies [ratio]."""
        power = self.power.to("MW").mode
        return {
            "charge_power": power,
            "discharge_power": power if self.discharge_power is None else self.discharge_power.to("MW").mode,
            "energy": self.energy.to("MWh").mode,
            "efficiency_charge": _part(self.efficiency_charge, 1.0),
            "efficiency_discharge": _part(self.efficiency_discharge, 1.0),
        }

    @property
    def start(self) -> float | None:
        """The level at the start [ratio], where it is said."""
        return None if self.start_fraction is None else _part(self.start_fraction, 1.0)


class ScheduleOf(Frozen):
    """A schedule of the store that is given: one column of net power, or one of each direction [MW]."""

    file: FileName
    """A CSV, Parquet or Excel file, as ``dispatch --out`` writes it."""
    column: ColumnName | None = None
    """The column of net power sent to the grid, below 0 where power is taken; without it there are two columns."""
    charge: ColumnName = "charge_mw"
    """The column of power taken from the grid."""
    discharge: ColumnName = "discharge_mw"
    """The column of power sent to the grid."""


class RegionFile(Frozen):
    """A region. ``region`` and ``load`` must be there, and ``units`` or ``storage``."""

    region: Annotated[str, Field(min_length=1, max_length=100)]
    """What the region is called."""
    sources: dict[str, Source] = {}
    """The documents that figures name in square brackets."""
    timezone: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    """The zone of stamps without an offset, in which days are counted too."""
    step: Annotated[Quantity, In("hour", at_least=1 / 60, at_most=24)] | None = None
    """The length of a step where no series is of a file; an hour without it."""
    load: PowerSeries
    """What the region needs [MW]."""
    load_scale: Annotated[float, Field(ge=0, le=1000)] = 1.0
    """What the load is multiplied with."""
    solar: PowerSeries | None = None
    """What the sun could give [MW]; it may be curtailed."""
    wind: PowerSeries | None = None
    """What the wind could give [MW]; it may be curtailed."""
    firm_import: PowerSeries | None = None
    """What can always be had from beyond the region [MW]."""
    must_run: PowerSeries | None = None
    """Generation that cannot go lower [MW]: sun and wind that find no room beside it are curtailed."""
    export_limit: PowerSeries | None = None
    """What can leave the region [MW]; nothing without it."""
    units: Annotated[tuple[UnitGroup, ...], Field(max_length=1000)] = ()
    """The units that fail."""
    storage: StoreFile | None = None
    """The store whose benefit is asked."""
    existing_storage: Annotated[tuple[StoreFile, ...], Field(max_length=100)] = ()
    """Stores that are there in any case."""
    schedule: ScheduleOf | None = None
    """What the store does, where that is known: its peak, curtailment and ramp are told instead of the best."""
    order: Annotated[tuple[Literal["peak", "curtailment", "ramp"], ...], Field(min_length=1, max_length=3)] = (
        *("peak", "curtailment", "ramp"),
    )
    """The aims that one schedule serves, the most important first."""
    metric: Literal["eue", "lole"] = "eue"
    """The risk by which the capacity credit is told: unserved energy, or hours with a shortfall."""
    credit_of: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    """Whose capacity credit is asked: storage, solar, wind or the name of units; the storage without it."""

    @property
    def credited(self) -> str:
        """Whose capacity credit is asked."""
        return self.credit_of or "storage"


def _part(quantity: Quantity | None, without: float) -> float:
    return without if quantity is None else quantity.to("ratio").mode


def read_region(path: Path | str) -> RegionFile:
    """The region of a YAML file, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, a figure without its unit, of another kind or outside
        its range, or units that do not say how they fail; each problem has its line and column.
    """
    return _region_of(load_tree(Path(path)))


def parse_region(text: str, *, name: str = "region") -> RegionFile:
    """The region that a YAML text spells; raises as ``read_region`` does, with ``name`` for the file.

    >>> parse_region("{region: isle, load: 90 MW, storage: {power: 10 MW, energy: 40 MWh}}").storage.numbers()["energy"]
    40.0
    """
    return _region_of(parse_tree(text, name=name))


def _region_of(tree: Tree) -> RegionFile:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no region; write its keys, as in 'load: 100 MW'")], tree)
    try:
        region = RegionFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, RegionFile), tree) from None
    found = list(_problems(region))
    if found:
        raise refusal(found, tree)
    return region


def _problems(region: RegionFile) -> Iterator[Problem]:
    """What pydantic cannot see: ranges, sources and names that are not there, units that do not say how they fail."""
    for path, figure in figures(region):
        if isinstance(figure, Quantity):
            yield from _not_one_number(path, figure)
        for reference in figure.sources:
            if reference.source is not None and reference.source not in region.sources:
                known = near(reference.source, region.sources, what="sources")
                yield Problem(path, f"'{reference.source}' is not in sources; {known}")
    for i, group in enumerate(region.units):
        yield from _unit_problems(("units", i), group, [one.name for one in region.units[:i]])
    stores = [(("existing_storage", i), one) for i, one in enumerate(region.existing_storage)]
    yield from _store_problems([*stores, *([(("storage",), region.storage)] if region.storage else [])])
    yield from _question_problems(region)


def _not_one_number(path: KeyPath, quantity: Quantity) -> Iterator[Problem]:
    magnitude = quantity.magnitude
    if quantity.unfilled or magnitude.low != magnitude.high:
        yield Problem(path, f"'{quantity.text}' is not one number; write one, as in '100 MW'")
    elif not math.isfinite(magnitude.mode) or abs(magnitude.mode) > _BEYOND:
        yield Problem(path, f"'{quantity.text}' is beyond {_BEYOND:g}, the most that is taken; check it")


def _unit_problems(path: KeyPath, group: UnitGroup, before: list[str]) -> Iterator[Problem]:
    if group.name in before:
        yield Problem((*path, "name"), f"'{group.name}' stands twice; give each group a name of its own")
    if group.name in _OWN:
        yield Problem((*path, "name"), f"'{group.name}' is what {group.name} itself is called; choose another name")
    rate = group.forced_outage_rate
    if rate is not None and rate.to("ratio").high >= 1.0:
        yield Problem(
            (*path, "forced_outage_rate"), f"{rate.text} is not below 1: such a unit is never there; remove it"
        )
    said = [name for name in ("mean_time_to_repair", "mean_time_to_failure") if getattr(group, name) is not None]
    never = rate is not None and rate.to("ratio").mode == 0.0
    if rate is not None and len(said) == 2:
        yield Problem(
            (*path, "forced_outage_rate"), "says again what the two times say; keep two of the three", key=True
        )
    elif not never and len(said) + (rate is not None) < 2:
        yield Problem(
            path,
            f"units '{group.name}' do not say how they fail; write forced_outage_rate and mean_time_to_repair, or "
            "forced_outage_rate: 0",
        )


def _store_problems(stores: list[tuple[KeyPath, StoreFile]]) -> Iterator[Problem]:
    names: list[str] = []
    for path, store in stores:
        if store.energy.to("MWh").mode <= 0.0:
            yield Problem((*path, "energy"), f"'{store.energy.text}' is not above 0 MWh; write how much it stores")
        for name in ("efficiency_charge", "efficiency_discharge"):
            part = getattr(store, name)
            if part is not None and part.to("ratio").mode < 0.01:
                yield Problem((*path, name), f"{part.text} is below 0.01, so that nothing comes back; check it")
        if store.name is not None and store.name in names:
            yield Problem((*path, "name"), f"'{store.name}' stands twice; give each store a name of its own")
        names.append(store.name or "")


def _question_problems(region: RegionFile) -> Iterator[Problem]:
    if not region.units and region.storage is None:
        yield Problem((), "has neither units nor storage, so that nothing is asked; add 'units' for the risk of "
                          "outages, or 'storage' for what it does to the load")  # fmt: skip
    if len(set(region.order)) != len(region.order):
        yield Problem(("order",), "an aim stands twice; name each once")
    if region.schedule is not None and region.storage is None:
        yield Problem(("schedule",), "is of a store, and there is no storage; add it", key=True)
    of = region.credited
    known = [one.name for one in region.units] + [name for name in _OWN if getattr(region, name) is not None]
    if region.credit_of is not None and of not in known:
        yield Problem(("credit_of",), f"'{of}' is not in the region; {near(of, known, what='choices')}")
