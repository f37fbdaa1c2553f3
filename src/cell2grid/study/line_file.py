"""Line files: the stations of a production line in a row, with the buffers between them.

Sources are optional here. What pydantic cannot see is refused in ``line_rules.py``; the lines that ship are in the
folder ``lines``, and ``shipped_lines`` lists them. The engine is ``cell2grid.engines.line``.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from cell2grid.errors import StudyError
from cell2grid.study.model import Source
from cell2grid.study.quantity import Frozen, In, Quantity, Share
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import Tree, load_tree, parse_tree

if TYPE_CHECKING:
    import xarray as xr

Seconds = Annotated[Quantity, In("second", at_least=0)]
Distribution = Literal[
    "deterministic", "exponential", "lognormal", "uniform", "triangular", "gamma", "erlang", "weibull"
]


class Time(Frozen):
    """How a time is spread about its mean."""

    mean: Seconds
    """Its mean."""
    deviation: Seconds | None = None
    """Its standard deviation; every distribution but deterministic and exponential needs it."""


class Service(Time):
    """How long a station works on one item, or on one batch."""

    distribution: Distribution
    """How the time is spread."""
    stages: Annotated[int, Field(ge=1, le=10_000)] | None = None
    """Exponential stages of an erlang time, instead of its deviation."""


class Failures(Frozen):
    """How long a machine works from one failure to the next, and how long its repair takes, on average."""

    mtbf: Seconds
    """Mean working time between failures."""
    mttr: Seconds
    """Mean time to repair."""
    distribution: Distribution = "exponential"
    """How the repair is spread; the time between failures is exponential."""
    deviation: Seconds | None = None
    """Standard deviation of the repair."""


class Setup(Time):
    """How long a machine is set up."""

    distribution: Distribution = "deterministic"
    """How the time is spread."""
    every: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    """After how many items of the station; before each batch where it is not said."""


class Station(Frozen):
    """One station of the line."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    """What it is called."""
    service: Service
    """How long it works on one item, or on one batch."""
    machines: Annotated[int, Field(ge=1, le=100_000)] = 1
    """Machines side by side."""
    fails: Failures | None = None
    """Failures of its machines."""
    setup: Setup | None = None
    """Setup of its machines."""
    batch: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Items that a machine loads, works on together and lets go together."""
    scrap: Share | float = 0.0
    """Share of the items done that are thrown away."""
    rework: Share | float = 0.0
    """Share of the times an item is done after which it is done again at once."""


class LineFile(Frozen):
    """A serial line: stations in order, the places of the buffers between them (none where the key is missing)."""

    line: str | None = None
    """What the line is called."""
    makes: Annotated[str, Field(min_length=1, max_length=60)] = "item"
    """The noun that counts what leaves it."""
    sources: dict[str, Source] = {}
    """Where the figures come from."""
    stations: Annotated[tuple[Station, ...], Field(min_length=1, max_length=1000)]
    """The stations in their order."""
    buffers: tuple[Annotated[int, Field(ge=0, le=1_000_000)], ...] | None = None
    """Places between each two stations."""
    items: Annotated[int, Field(ge=100, le=100_000_000)] = 200_000
    """Items that are sent through."""
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1
    """What all random times follow from."""
    capacity: Annotated[Quantity, In("item/year", at_least=0)] | None = None
    """The capacity in good items that the line is to explain."""
    hours: Annotated[Quantity, In("hour/year", at_least=1, at_most=8784)] | None = None
    """Hours of a year in which the line runs; all of them where nothing is said."""

    def arrays(self) -> xr.Dataset:
        """The READS of the line engine, in seconds."""
        import xarray as xr

        buffers = (0,) * (len(self.stations) - 1) if self.buffers is None else self.buffers
        rows = [_row(station) for station in self.stations]
        return xr.Dataset(
            {
                **{name: ("station", [row[name] for row in rows]) for name in rows[0]},
                "buffer": ("gap", list(buffers)),
                "items": ((), self.items),
                "seed": ((), self.seed),
            },
            coords={"station": [station.name for station in self.stations]},
        )

    @property
    def running_seconds(self) -> float:
        """The seconds of a year in which the line runs."""
        return (8766.0 if self.hours is None else self.hours.to("hour/year").mode) * 3600.0


def seconds(quantity: Quantity | None) -> float:
    """The time in seconds, 0 where there is none."""
    return 0.0 if quantity is None else float(quantity.to("second").mode)


def share(value: Quantity | float) -> float:
    """A share as a part of one, written with a unit or as a plain number."""
    return float(value) if isinstance(value, (float, int)) else float(value.to("ratio").mode)


def service_deviation(service: Service) -> float:
    """The standard deviation of a service [second]: as written, or that of its stages."""
    return seconds(service.mean) / service.stages**0.5 if service.stages else seconds(service.deviation)


def _row(station: Station) -> dict[str, float | str]:
    """What the engine reads of one station."""
    fails, setup = station.fails, station.setup
    return {
        "service_mean": seconds(station.service.mean),
        "service_deviation": service_deviation(station.service),
        "service_distribution": station.service.distribution,
        "machines": station.machines,
        "batch_size": station.batch,
        "scrap_share": share(station.scrap),
        "rework_share": share(station.rework),
        "time_between_failures": float("inf") if fails is None else seconds(fails.mtbf),
        "repair_mean": 0.0 if fails is None else seconds(fails.mttr),
        "repair_deviation": 0.0 if fails is None else seconds(fails.deviation),
        "repair_distribution": "exponential" if fails is None else fails.distribution,
        "setup_every": station.batch if setup is None or setup.every is None else setup.every,
        "setup_mean": 0.0 if setup is None else seconds(setup.mean),
        "setup_deviation": 0.0 if setup is None else seconds(setup.deviation),
        "setup_distribution": "deterministic" if setup is None else setup.distribution,
    }


def read_line(path: Path | str) -> LineFile:
    """The line of a YAML file, or the one of that name that ships, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, or a time, a share, a count or a buffer outside its
        range; each problem has its line and column.
    """
    return _line_of(load_tree(line_path(path)))


def parse_line(text: str, *, name: str = "line") -> LineFile:
    """The line that a YAML text spells; raises as ``read_line`` does, with ``name`` for the file.

    >>> parse_line("stations: [{name: press, service: {distribution: exponential, mean: 60 s}}]").items
    200000
    """
    return _line_of(parse_tree(text, name=name))


def shipped_lines() -> Mapping[str, Path]:
    """The lines of the package by name, sorted.

    >>> "battery-cell-line" in shipped_lines()
    True
    """
    folder = Path(str(resources.files("cell2grid"))).joinpath("study", "lines")
    return MappingProxyType({path.stem: path for path in sorted(folder.glob("*.yaml"))})


def line_path(line: Path | str) -> Path:
    """The file of a line: a path, or the name of one that ships.

    Raises
    ------
    StudyError
        It is no file, and no line of that name ships.
    """
    path, named = Path(line), str(line)
    if path.exists() or path.suffix in {".yaml", ".yml", ".json"} or path.parent != Path(".") or named in {"", "."}:
        return path
    if named not in shipped_lines():
        hint = near(named, shipped_lines(), what="lines that ship")
        raise StudyError(f"'{named}' is neither a file nor a line that ships; {hint}")
    return shipped_lines()[named]


def _line_of(tree: Tree) -> LineFile:
    from cell2grid.study.line_rules import problems

    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no line; it begins with 'stations:'")], tree)
    try:
        line = LineFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, LineFile), tree) from None
    found = problems(line)
    if found:
        raise refusal(found, tree)
    return line
