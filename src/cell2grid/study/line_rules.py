"""What is refused of a line file beyond the type of each key: times that cannot be, shares, names, buffers, sources.

The models are in ``line_file.py``; the engine holds the same bounds for arrays that come from elsewhere.
"""

from __future__ import annotations

from cell2grid.formulas.service_times import ONE_NUMBER, deviation_range, possible, whole_stages
from cell2grid.study.line_file import LineFile, Service, Station, seconds, service_deviation, share
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import Problem, near
from cell2grid.study.yaml_tree import KeyPath
from cell2grid.units import PLACEHOLDER, counted_noun, names

SHORTEST_SECONDS, LONGEST_SECONDS = 1e-6, 1e9
MOST_REWORK, MOST_SCRAP = 0.99, 0.9999
# failures within the mean time of one item
MOST_FAILURES = 1e6


def problems(line: LineFile) -> list[Problem]:
    """Every problem of the line, each at the path of what must be changed."""
    found = [problem for i, station in enumerate(line.stations) for problem in _of_station(i, station)]
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
    for key in ("capacity", "hours"):
        quantity = getattr(line, key)
        if quantity is not None and not _one_number(quantity):
            found.append(Problem((key,), f"'{quantity.text}' is not one number; write one"))
    return found + _of_other_items(line) + _without_source(line)


def _of_other_items(line: LineFile) -> list[Problem]:
    """A capacity in other items than the line makes, where both are nouns of units.txt."""
    noun = None if line.capacity is None else counted_noun(line.capacity.unit)
    if line.capacity is None or noun is None or line.makes in (noun, PLACEHOLDER) or line.makes not in names():
        return []
    words = f"'{line.capacity.text}' counts in '{noun}', and the line makes '{line.makes}'"
    return [Problem(("capacity",), f"{words}; write the same noun in both")]


def _without_source(line: LineFile) -> list[Problem]:
    if not line.sources:
        return []
    return [
        Problem(path, f"'{reference.source}' is not in sources; {near(reference.source, line.sources, what='sources')}")
        for path, figure in figures(line)
        for reference in figure.sources
        if reference.source is not None and reference.source not in line.sources
    ]


def _of_station(i: int, station: Station) -> list[Problem]:
    at: KeyPath = ("stations", i)
    of = f"station '{station.name}'"
    found = _of_time((*at, "service"), of, station.service.distribution, station.service.mean, station.service)
    if station.fails is not None:
        fails = station.fails
        there: KeyPath = (*at, "fails")
        found += _of_mean((*there, "mtbf"), of, fails.mtbf, "a machine works between failures")
        found += _of_time(there, of, fails.distribution, fails.mttr, fails.deviation, mean="mttr")
        least = seconds(station.service.mean) / MOST_FAILURES
        if not found and seconds(fails.mtbf) < least:
            words = f"{of}: '{fails.mtbf.text}' is below {least:g} s, its service over {MOST_FAILURES:,.0f}"
            found.append(Problem((*there, "mtbf"), f"{words}; it would hardly ever finish an item"))
    if station.setup is not None:
        setup = station.setup
        found += _of_time((*at, "setup"), of, setup.distribution, setup.mean, setup.deviation)
        if setup.every is not None and setup.every < station.batch:
            found.append(
                Problem(
                    (*at, "setup", "every"),
                    f"{of}: {setup.every} is below its batch of {station.batch} items; it can be set up between "
                    "batches only",
                )
            )
    return (
        found
        + _of_share(at, of, "scrap", station.scrap, MOST_SCRAP)
        + _of_share(at, of, "rework", station.rework, MOST_REWORK)
    )


def _of_share(at: KeyPath, of: str, key: str, value: Quantity | float, most: float) -> list[Problem]:
    if isinstance(value, Quantity) and not _one_number(value):
        return [Problem((*at, key), f"{of}: '{value.text}' is not one number; write one, as in '2 %'")]
    part = share(value)
    if 0.0 <= part <= most:
        return []
    shown = value.text if isinstance(value, Quantity) else f"{value:g}, which is {part:.0%},"
    return [Problem((*at, key), f"{of}: {key} {shown} is not from 0 to {most:.2%}; write a share, as in '2 %' or 0.02")]


def _of_time(
    at: KeyPath,
    of: str,
    distribution: str,
    quantity: Quantity,
    spread: Service | Quantity | None,
    *,
    mean: str = "mean",
) -> list[Problem]:
    """What is wrong with a time: its mean, its deviation, or both together."""
    stages = spread.stages if isinstance(spread, Service) else None
    deviation = spread.deviation if isinstance(spread, Service) else spread
    found = _of_mean((*at, mean), of, quantity, "the station works")
    if deviation is not None:
        found += _of_mean((*at, "deviation"), of, deviation, "the time deviates")
    if stages is not None and distribution != "erlang":
        found.append(Problem((*at, "stages"), f"{of}: a {distribution} time has no stages; write 'erlang'"))
    if stages is not None and deviation is not None:
        found.append(Problem(at, f"{of}: stages and deviation say the same; keep one"))
    given = deviation is not None or stages is not None
    if given == (distribution in ONE_NUMBER):
        fault = "takes no deviation" if given else "needs a deviation, as in '10 s'"
        found.append(Problem(at, f"{of}: a {distribution} time {fault}"))
    if found or distribution in ONE_NUMBER:
        return found
    length = seconds(quantity)
    apart = service_deviation(spread) if isinstance(spread, Service) else seconds(deviation)
    if not possible(distribution, length, apart):
        low, high = deviation_range(distribution, length)
        found.append(
            Problem(
                (*at, "deviation"),
                f"{of}: a {distribution} time of {length:g} s has a deviation from {low:g} s to {high:g} s, "
                f"not {apart:g} s",
            )
        )
    elif distribution == "erlang" and not whole_stages(length, apart):
        words = f"{of}: a deviation of {apart:g} s makes {(length / apart) ** 2:.3g} stages of {length:g} s"
        found.append(Problem((*at, "deviation"), f"{words}, expected a whole number; write 'stages: 3', or take gamma"))
    return found


def _of_mean(path: KeyPath, of: str, quantity: Quantity, what: str) -> list[Problem]:
    if not _one_number(quantity):
        return [Problem(path, f"{of}: '{quantity.text}' is not one number; write one, as in '60 s'")]
    if seconds(quantity) <= 0.0:
        return [Problem(path, f"{of}: '{quantity.text}' is not above 0 s; write how long {what}")]
    if seconds(quantity) < SHORTEST_SECONDS:
        return [Problem(path, f"{of}: '{quantity.text}' is below {SHORTEST_SECONDS:g} s, the least it can be")]
    if seconds(quantity) > LONGEST_SECONDS:
        return [Problem(path, f"{of}: '{quantity.text}' is above {LONGEST_SECONDS:g} s, the most it can be")]
    return []


def _one_number(quantity: Quantity) -> bool:
    magnitude = quantity.magnitude
    return not quantity.unfilled and magnitude.distribution is None and magnitude.low == magnitude.high
