"""The ``size`` command: at which power and hours of storage a project is worth most."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import price_options as options
from cell2grid.cli.output import Json, check_page, console, emit, progress, table
from cell2grid.cli.worth_input import PriceColumn, Prices, ProjectArgument, Synthetic, Workers, given_subject
from cell2grid.errors import InputError, UnitError

if TYPE_CHECKING:
    from cell2grid.run.sensitivity.best_size import BestSize
    from cell2grid.run.sensitivity.size import SizeMap
    from cell2grid.run.worth.terms import Subject

_WRITTEN = {"MW": "50..200MW", "hour": "1..8"}
_GRID = re.compile(r"(\d{1,4}) *[x×] *(\d{1,4})")
_WIDEST = 12  # columns of a map on the terminal
_LONGEST = 30


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("size")(size)


def size(
    project: ProjectArgument,
    prices: Prices = None,
    synthetic: Synthetic = None,
    power: Annotated[
        str | None, typer.Option(metavar="50..200MW", help="Powers; half to twice the project's without it.")
    ] = None,
    hours: Annotated[
        str | None,
        typer.Option(metavar="1..8", help="Hours of storage; half to twice the project's without it."),
    ] = None,
    grid: Annotated[
        str | None, typer.Option(metavar="10x10", help="How many powers and hours the map has; 10x10 without it.")
    ] = None,
    search: Annotated[
        bool, typer.Option("--search", help="Look for the best size between the bounds, instead of a map.")
    ] = False,
    tolerance: Annotated[
        float | None,
        typer.Option(metavar="SHARE", help="How closely --search finds it, as a share of the ranges; 0.01 without it."),
    ] = None,
    price_years: Annotated[int, typer.Option(metavar="N", help="The most price years; each stands for all years.")] = 5,
    workers: Workers = 1,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the table here, as a CSV file.")] = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with the map.")] = None,
    price_column: PriceColumn = None,
    time_column: options.TimeColumn = None,
    currency: options.Currency = None,
    unit: options.PriceUnit = None,
    rate: options.Rate = None,
    timezone: options.Timezone = None,
    stamps: options.StampsMark = "begin",
    gaps: options.GapPolicy = "error",
    longest_gap: options.LongestGap = 24.0,
    duplicates: options.DuplicatePolicy = "error",
    irregular: options.Irregular = False,
    decimal: options.Decimal = ".",
    as_json: Json = False,
) -> None:
    """At which power and hours of storage a project is worth most: the NPV of each size, over several price years.

    Every range of the project file is at its middle. What the file has for each kWh or kW follows the size; what it
    has in all stays.
    """
    began = time.perf_counter()
    reading: dict[str, Any] = {
        "price_column": price_column, "time_column": time_column, "currency": currency, "unit": unit, "rate": rate,
        "timezone": timezone, "stamps": stamps, "gaps": gaps, "longest_gap": longest_gap, "duplicates": duplicates,
        "irregular": irregular, "decimal": decimal,
    }  # fmt: skip
    counts = _counts("10x10" if grid is None else grid)
    if workers < 1:
        raise InputError(f"workers is {workers}, expected 1 or more")
    check_page(page)
    subject = given_subject(project, prices, synthetic, reading, workers=workers)
    close = 0.01 if tolerance is None else tolerance
    found, notes = _found(subject, power, hours, counts, search, close, price_years, workers)
    notes += _unused(search, grid, tolerance)
    from cell2grid.run.sensitivity.size_telling import size_document

    told = size_document(subject, found)
    told["notes"] = [*notes, *told["notes"]]
    if out is not None:
        told["out"] = str(_write(subject, found, out))
    if page is not None:
        told["page"] = str(_page(subject, found, told, page))
    told["wall_seconds"] = time.perf_counter() - began
    emit(told, as_json, lambda: say(told))


def _unused(search: bool, grid: str | None, tolerance: float | None) -> list[str]:
    """What was asked for and says nothing here."""
    if search and grid is not None:
        return [f"--grid {grid.strip()} is not used: --search chooses its own sizes; leave out --search for a map"]
    if not search and tolerance is not None:
        return [f"--tolerance {tolerance:g} is not used: it is for --search, and this is a map"]
    return []


def _found(
    subject: Subject,
    power: str | None,
    hours: str | None,
    counts: tuple[int, int],
    search: bool,
    tolerance: float,
    price_years: int,
    workers: int,
) -> tuple[SizeMap | BestSize, list[str]]:
    """The map or the search, and which bounds were taken where none are named."""
    import numpy as np

    from cell2grid.run.sensitivity.best_size import MOST_VALUATIONS, best_size
    from cell2grid.run.sensitivity.size import checked_bounds, size_map
    from cell2grid.run.sensitivity.size_telling import around, own_size

    own = own_size(subject.project)
    powers = checked_bounds("power", around(own[0]) if power is None else bounds("--power", power, "MW"))
    lengths = checked_bounds("hours", around(own[1]) if hours is None else bounds("--hours", hours, "hour"))
    notes = [
        f"--{name} is not given: {low:,.4g} to {high:,.4g} {unit} are tried, half to twice the project's own"
        for name, given, (low, high), unit in (("power", power, powers, "MW"), ("hours", hours, lengths, "hours"))
        if given is None
    ]
    if search:
        with progress("sizes", MOST_VALUATIONS, after=2.0) as done:
            best = best_size(
                subject, powers, lengths, tolerance=tolerance, most_price_years=price_years, workers=workers,
                on_progress=lambda tried, most: done(tried),
            )  # fmt: skip
        return best, notes
    axes = [np.linspace(*ends, count) for ends, count in zip((powers, lengths), counts, strict=True)]
    sizes = axes[0].size * axes[1].size
    with progress("sizes", sizes, after=2.0) as done:
        found = size_map(
            subject, axes[0].tolist(), axes[1].tolist(), most_price_years=price_years, workers=workers,
            on_progress=lambda lives, total: done(round(sizes * lives / max(total, 1))),
        )  # fmt: skip
    return found, notes


def bounds(option: str, text: str, unit: str) -> tuple[float, float]:
    """The lower and the upper end of an option such as ``50..200MW``; one number is both.

    Raises
    ------
    InputError
        It has another form or another kind of unit.

    >>> bounds("--power", "50..200", "MW"), bounds("--power", "0.2 GW", "MW")
    ((50.0, 200.0), (200.0, 200.0))
    """
    from cell2grid.units import parse_magnitude

    written = text.strip()
    try:
        magnitude = parse_magnitude(f"{written} {unit}" if written[-1:].isdigit() else written, unit=unit)
    except UnitError as error:
        raise InputError(f"{option} '{text[:40]}': {error.message}; write it as in {_WRITTEN[unit]}") from None
    return magnitude.low, magnitude.high


def _counts(grid: str) -> tuple[int, int]:
    match = _GRID.fullmatch(grid.strip())
    if match is None or not int(match[1]) or not int(match[2]):
        raise InputError(f"--grid '{grid[:20]}' is no number of powers by a number of hours; write it as in 10x10")
    return int(match[1]), int(match[2])


def _write(subject: Subject, found: SizeMap | BestSize, out: Path) -> Path:
    """The file of the table."""
    from cell2grid.files import write_whole

    out.mkdir(parents=True, exist_ok=True)
    return write_whole(out / "size_map.csv", _table(subject, found).to_csv(index=False))


def _table(subject: Subject, found: SizeMap | BestSize) -> Any:
    from cell2grid.run.sensitivity.best_size import BestSize
    from cell2grid.run.sensitivity.tables import size_table

    sizes = found.tried if isinstance(found, BestSize) else found.sizes
    return size_table(sizes, found.best, subject.project.project, subject.currency)


def _page(subject: Subject, found: SizeMap | BestSize, told: dict[str, Any], page: Path) -> Path:
    """The page with the map, the best size, and all that it rests on."""
    from cell2grid.report.alone import Told
    from cell2grid.report.value_page import write_worth_page
    from cell2grid.run.sensitivity.size_telling import figures, sentence
    from cell2grid.run.worth.assumed import assumptions

    rows = [
        Told(row["figure"], row["text"], "; ".join(row["sources"]) or "no source given") for row in assumptions(subject)
    ]
    caveats = ("The prices are synthetic: no market has set them.",) if subject.prices.synthetic else ()
    return write_worth_page(
        {"size_map": _table(subject, found)},
        page,
        kind="size",
        name=f"{told['project']}: power and hours",
        figures=[Told(*figure) for figure in figures(told)],
        findings=[sentence(told)],
        assumptions=rows,
        notes=[f"{note[0].upper()}{note[1:]}." for note in told["notes"]],
        caveats=caveats,
        method=f"Each size is valued on {', '.join(told['price_years']['labels'])}, each for the whole life. Money is "
        f"{told['money']}",
    )


def say(told: dict[str, Any]) -> None:
    """The map and the best size on the terminal."""
    from cell2grid.run.sensitivity.size_telling import sentence

    if told["search"] is None:
        _say_map(told)
    console().print(sentence(told), markup=False)
    if told["search"] is not None:
        search = told["search"]
        sure = f"to {search['tolerance']:.2g} of the ranges" if search["converged"] else "not to its tolerance"
        console().print(f"found {sure}, after {search['valuations']} valuations", markup=False)
    console().print(f"money: {told['money']}", markup=False)
    for note in told["notes"]:
        console().print(f"• {note}", markup=False)
    for key in ("out", "page"):
        if key in told:
            console().print(f"{key}: {told[key]}", markup=False)


def _say_map(told: dict[str, Any]) -> None:
    """The NPV by hours and power in millions, or in the unit itself where they are small; ``*`` marks the best."""
    rows, best = told["map"], told["best"]
    powers = _some(sorted({row["power"] for row in rows}), best["power"], _WIDEST)
    lengths = _some(sorted({row["hours"] for row in rows}), best["hours"], _LONGEST)
    worths = {(row["power"], row["hours"]): row["npv"] for row in rows}
    largest = max(abs(worth) for worth in worths.values() if worth is not None)
    scale, called = (1e6, f"million {told['currency']}") if largest >= 1e6 else (1.0, told["currency"])

    def cell(power: float, hours: float) -> str:
        worth = worths[power, hours]
        mark = "*" if (power, hours) == (best["power"], best["hours"]) else ""
        return "–" if worth is None else f"{worth / scale:,.1f}{mark}"

    columns = {"hours": "right", **{f"{power:,.4g} MW": "right" for power in powers}}
    lines = [(f"{hours:,.3g}", *(cell(power, hours) for power in powers)) for hours in lengths]
    table(f"{told['project']}: NPV [{called}]", columns, lines)


def _some(values: list[float], kept: float, most: int) -> list[float]:
    """As many of the values as a terminal shows, with one of them in any case."""
    if len(values) <= most:
        return values
    step = -(-len(values) // (most - 1))
    return sorted({*values[::step], kept})
