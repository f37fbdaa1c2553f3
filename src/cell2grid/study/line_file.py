"""Line files: the stations of a production line in a row, with the buffers between them.

Sources are optional here. Parallel machines, failures, batches and scrap have their keys, so that a file which uses
them is told that they cannot be simulated yet, instead of being simulated without them. The engine is
``cell2grid.engines.line``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, ValidationError

from cell2grid.study.model import Source
from cell2grid.study.quantity import Frozen, In, Quantity, Share, figures
from cell2grid.study.refusals import Problem, model_problems, near, refusal
from cell2grid.study.yaml_tree import KeyPath, Tree, load_tree, parse_tree

if TYPE_CHECKING:
    import xarray as xr

Seconds = Annotated[Quantity, In("second", at_least=0)]


class Service(Frozen):
    """How long a station works on one item; ``deviation`` is the standard deviation of a lognormal time."""

    distribution: Literal["deterministic", "exponential", "lognormal"]
    mean: Seconds
    deviation: Seconds | None = None


class Failures(Frozen):
    """How often a machine fails and how long its repair takes, on average."""

    mtbf: Seconds
    mttr: Seconds


class Station(Frozen):
    """One station of the line."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    service: Service
    machines: Annotated[int, Field(ge=1)] = 1
    fails: Failures | None = None
    batch: Annotated[int, Field(ge=1)] = 1
    scrap: Share | float = 0.0


class LineFile(Frozen):
    """A serial line: stations in order, the places of the buffers between them (none where the key is missing)."""

    line: str | None = None
    sources: dict[str, Source] = {}
    stations: Annotated[tuple[Station, ...], Field(min_length=1, max_length=1000)]
    buffers: tuple[Annotated[int, Field(ge=0, le=1_000_000)], ...] | None = None
    items: Annotated[int, Field(ge=100, le=100_000_000)] = 200_000
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] = 1

    def arrays(self) -> xr.Dataset:
        """The READS of the line engine, in seconds."""
        import xarray as xr

        services = [station.service for station in self.stations]
        deviations = [0.0 if one.deviation is None else one.deviation.to("second").mode for one in services]
        buffers = (0,) * (len(self.stations) - 1) if self.buffers is None else self.buffers
        return xr.Dataset(
            {
                "service_mean": ("station", [one.mean.to("second").mode for one in services]),
                "service_deviation": ("station", deviations),
                "service_distribution": ("station", [one.distribution for one in services]),
                "buffer": ("gap", list(buffers)),
                "items": ((), self.items),
                "seed": ((), self.seed),
            },
            coords={"station": [station.name for station in self.stations]},
        )


def read_line(path: Path | str) -> LineFile:
    """The line of a YAML file, checked.

    Raises
    ------
    StudyError
        The file cannot be read, has an unknown or a missing key, a time or a buffer outside its range, or asks for
        something that cannot be simulated yet; each problem has its line and column.
    """
    return _line_of(load_tree(Path(path)))


def parse_line(text: str, *, name: str = "line") -> LineFile:
    """The line that a YAML text spells; raises as ``read_line`` does, with ``name`` for the file.

    >>> parse_line("stations: [{name: press, service: {distribution: exponential, mean: 60 s}}]").items
    200000
    """
    return _line_of(parse_tree(text, name=name))


def _line_of(tree: Tree) -> LineFile:
    if not isinstance(tree.value, dict):
        raise refusal([Problem((), "is no line; it begins with 'stations:'")], tree)
    try:
        line = LineFile.model_validate(tree.value)
    except ValidationError as error:
        raise refusal(model_problems(error, tree, LineFile), tree) from None
    found = _problems(line)
    if found:
        raise refusal(found, tree)
    return line


def _problems(line: LineFile) -> list[Problem]:
    """What pydantic cannot see: times of zero, names that stand twice, buffers that are too many, parts to come."""
    found = [problem for i, station in enumerate(line.stations) for problem in _station_problems(i, station)]
    names = [station.name for station in line.stations]
    for i, name in enumerate(names):
        if name in names[:i]:
            found.append(Problem(("stations", i, "name"), f"'{name}' stands twice; give each station its own name"))
    if line.buffers is not None and len(line.buffers) != len(names) - 1:
        found.append(
            Problem(
                ("buffers",),
                f"{len(line.buffers)} buffers for {len(names)} stations, expected {len(names) - 1}; "
                "write one between each two",
            )
        )
    if line.sources:
        found += [
            Problem(
                path,
                f"'{reference.source}' is not in sources; {near(reference.source, line.sources, what='sources')}",
            )
            for path, figure in figures(line)
            for reference in figure.sources
            if reference.source is not None and reference.source not in line.sources
        ]
    return found


def _station_problems(i: int, station: Station) -> list[Problem]:
    at: KeyPath = ("stations", i)
    service = station.service
    found = []
    for name, quantity in (("mean", service.mean), ("deviation", service.deviation)):
        if quantity is None:
            continue
        path = (*at, "service", name)
        magnitude = quantity.magnitude
        if quantity.unfilled or magnitude.low != magnitude.high:
            found.append(Problem(path, f"'{quantity.text}' is not one number; write one, as in '60 s'"))
        elif magnitude.low <= 0.0:
            found.append(Problem(path, f"'{quantity.text}' is not above 0 s; write how long the station works"))
    if (service.deviation is not None) != (service.distribution == "lognormal"):
        fault = "takes no deviation" if service.deviation is not None else "needs a deviation, as in '10 s'"
        found.append(Problem((*at, "service"), f"a {service.distribution} time {fault}"))
    later = {
        "machines": station.machines != 1,
        "fails": station.fails is not None,
        "batch": station.batch != 1,
        "scrap": (station.scrap if isinstance(station.scrap, float) else station.scrap.value) != 0.0,
    }
    for name, used in later.items():
        if used:
            one = "1" if name in ("machines", "batch") else "none"
            found.append(
                Problem((*at, name), f"station '{station.name}': {name} cannot be simulated yet, only {one}; remove it")
            )
    return found
