"""The ``line`` command: how fast a production line runs, which station holds it back, what one more machine brings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, check_page, console, emit, progress, table
from cell2grid.errors import InputError

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.line_file import LineFile

# completions of all runs together that are made without being asked
_UNASKED = 40_000_000
_SHARES = ("working", "setup", "down", "blocked", "starved")
_HOUR = 3600.0


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("line")(line)


def line(
    file: Annotated[
        str | None, typer.Argument(metavar="LINE.yaml", help="A line file, or the name of a line that ships.")
    ] = None,
    items: Annotated[int | None, typer.Option(help="Items to send through, instead of the file's.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random times, instead of the file's.")] = None,
    one_more: Annotated[
        bool | None,
        typer.Option(
            "--one-more/--no-one-more",
            help="What one more machine brings at every station, or at none; of long lines it is told of the "
            "bottleneck alone without this.",
        ),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Beside it the exact throughput, of small lines of exponential times.")
    ] = False,
    page: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with chart and table.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the lines that ship.")] = False,
    as_json: Json = False,
) -> None:
    """How fast a production line runs, which station holds it back, and what one more machine brings."""
    from cell2grid.study.line_file import read_line

    if listed:
        _list(as_json)
        return
    if file is None:
        raise InputError("which line? Name a file, or one of those that 'cell2grid line --list' shows")
    check_page(page)
    told = read_line(file)
    arrays = told.arrays()
    for name, number in (("items", items), ("seed", seed)):
        if number is not None:
            arrays[name] = number
    document = _document(told, arrays, str(file), one_more, exact)
    if page is not None:
        from cell2grid.cli.line_page import line_page

        document["page"] = str(line_page(told, document, page))
    emit(document, as_json, lambda: _show(document))


def _list(as_json: bool) -> None:
    from cell2grid.study.line_file import read_line, shipped_lines

    lines = []
    for name in shipped_lines():
        told = read_line(name)
        capacity = None if told.capacity is None else told.capacity.text
        lines.append({"name": name, "line": told.line or name, "stations": len(told.stations), "capacity": capacity})

    def human() -> None:
        columns = {"name": "left", "what it is": "left", "stations": "right", "capacity": "left"}
        table("lines that ship", columns, [tuple(one.values()) for one in lines])
        console().print("run one:  cell2grid line NAME", markup=False)

    emit({"lines": lines}, as_json, human)


def _document(told: LineFile, arrays: xr.Dataset, named: str, one_more: bool | None, exact: bool) -> dict[str, Any]:
    """What is printed of the line."""
    from cell2grid.engines import line as engine
    from cell2grid.engines.line.markov import exact_throughput

    known = exact_throughput(arrays) if exact else None
    with progress("line", total=int(arrays["items"]), after=2.0) as done:
        solved = engine.solve(arrays, told=done)
    names = [str(name) for name in arrays["station"].values]
    bottleneck = int(solved["bottleneck"].values.argmax())
    gains = _gains(arrays, one_more, bottleneck)
    numbers = {key: float(solved[name]) for key, name in _THROUGHPUT.items()}
    document: dict[str, Any] = {
        "line": told.line or Path(named).stem,
        **{key: number if math.isfinite(number) else None for key, number in numbers.items()},
        "unit": f"{told.makes}/second",
        "bottleneck": names[bottleneck],
        "stations": [_station(arrays, solved, gains, i) for i in range(len(names))],
        "yield": float(solved["line_yield"]),
        "items": int(arrays["items"]),
        "good": int(solved["good_items"]),
        "scrapped": int(solved["station_scrapped"].sum()),
        "seed": int(arrays["seed"]),
        "one_more": None,
        "exact": known,
        "capacity": _capacity(told, numbers),
        "notes": _notes(solved, names, numbers, known),
    }
    document["one_more"] = _best(document["stations"])
    document["in_line"] = document["items"] - document["good"] - document["scrapped"]
    return document


_THROUGHPUT = {"throughput": "throughput", "low": "throughput_low", "high": "throughput_high"}


def _gains(arrays: xr.Dataset, asked: bool | None, bottleneck: int) -> xr.Dataset | None:
    """What one more machine brings: at every station where that is asked or soon done, else at the bottleneck."""
    from cell2grid.engines import line as engine

    if asked is False:
        return None
    stations = range(arrays.sizes["station"])
    soon = int(arrays["items"]) * len(stations) * (len(stations) + 1) <= _UNASKED
    chosen: Sequence[int] = stations if asked or soon else [bottleneck]
    with progress("one more", total=len(chosen), after=2.0) as done:
        return engine.one_more(arrays, chosen, told=done)


def _station(arrays: xr.Dataset, solved: xr.Dataset, gains: xr.Dataset | None, i: int) -> dict[str, Any]:
    gain = None if gains is None else float(gains["one_more"][i])
    return {
        "name": str(arrays["station"].values[i]),
        "machines": int(arrays["machines"][i]),
        "mean_seconds": float(arrays["service_mean"][i]),
        **{share: float(solved[share][i]) for share in _SHARES},
        "capacity": float(solved["station_capacity"][i]),
        "queue": float(solved["queue"][i]),
        "wait_seconds": float(solved["queue_time"][i]),
        "work_in_progress": float(solved["in_station"][i]),
        "scrapped": int(solved["station_scrapped"][i]),
        "one_more": None
        if gains is None or gain is None or math.isnan(gain)
        else {
            "throughput": float(solved["throughput"]) + gain,
            "gain": gain,
            "low": float(gains["one_more_low"][i]),
            "high": float(gains["one_more_high"][i]),
        },
    }


def _best(stations: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Where one more machine brings most, among the stations of which that is known."""
    known = [one for one in stations if one["one_more"] is not None]
    if not known:
        return None
    best = max(known, key=lambda one: float(one["one_more"]["gain"]))
    return {"station": best["name"], **best["one_more"]}


def _capacity(told: LineFile, numbers: dict[str, float]) -> dict[str, Any] | None:
    """The capacity that the file states beside that which follows from the stations."""
    if told.capacity is None:
        return None
    a_year = told.running_seconds
    return {
        "stated": float(told.capacity.to("item/year").mode),
        "computed": numbers["throughput"] * a_year,
        "low": numbers["low"] * a_year,
        "high": numbers["high"] * a_year if math.isfinite(numbers["high"]) else None,
        "unit": f"{told.makes}/year",
        "hours": a_year / _HOUR,
    }


def _notes(solved: xr.Dataset, names: list[str], numbers: dict[str, float], known: float | None) -> list[str]:
    """What matters to the result."""
    found = [
        f"the queue before '{names[i]}' was still growing at the end: its waits are not those of a steady state; "
        "send more items, or give it a smaller buffer"
        for i in solved["queue_grew"].values.nonzero()[0]
    ]
    if not math.isfinite(numbers["high"]):
        found.append("few and very uneven items leave no upper end of the interval; send more items")
    if known is not None and not numbers["low"] <= known <= numbers["high"]:
        found.append("the interval does not hold the exact throughput, as happens in about one run of twenty")
    return found


def _show(document: dict[str, Any]) -> None:
    shares = [share for share in _SHARES if any(one[share] > 0.0 for one in document["stations"])]
    gained = any(one["one_more"] is not None for one in document["stations"])
    columns = {"station": "left", "machines": "right", "mean": "right", **dict.fromkeys(shares, "right")}
    columns |= {"queue": "right"} | ({"one more machine": "right"} if gained else {})
    table(
        f"{document['line']}: {document['items']:,} items, seed {document['seed']}",
        columns,
        [_row(one, shares, gained) for one in document["stations"]],
    )
    makes = document["unit"].split("/")[0]
    high = "without an upper bound" if document["high"] is None else f"to {hourly(document['high'])}"
    console().print(
        f"• {hourly(document['throughput'])} {makes}s leave an hour (95 % interval: {hourly(document['low'])} {high}).",
        markup=False,
    )
    if document["exact"] is not None:
        console().print(f"• Exactly {document['exact'] * _HOUR:,.4f} an hour, by the Markov chain.", markup=False)
    console().print(f"• '{document['bottleneck']}' holds the line back.", markup=False)
    best = document["one_more"]
    if best is not None and best["low"] > 0.0:
        console().print(
            f"• One more machine at '{best['station']}' brings {hourly(best['gain'])} more an hour "
            f"({hourly(best['low'])} to {hourly(best['high'])}).",
            markup=False,
        )
    if document["scrapped"]:
        console().print(f"• {document['yield']:.1%} of what is sent in leaves the line good.", markup=False)
    if document["capacity"] is not None:
        one = document["capacity"]
        console().print(
            f"• {one['computed']:,.0f} {makes}s in the {one['hours']:,.0f} hours of a year, beside "
            f"{one['stated']:,.0f} stated.",
            markup=False,
        )
    for note in document["notes"]:
        console().print(f"• {note}.", markup=False)


def hourly(rate: float) -> str:
    """A rate a second as one an hour, with two decimals, or three digits where that would be nothing.

    >>> hourly(0.02), hourly(1e-7)
    ('72.00', '0.00036')
    """
    number = rate * _HOUR
    return f"{number:,.2f}" if abs(number) >= 1.0 or number == 0.0 else f"{number:.3g}"


def _row(one: dict[str, Any], shares: list[str], gained: bool) -> tuple[str, ...]:
    cells = [one["name"], f"{one['machines']:,}", f"{one['mean_seconds']:g} s"]
    cells += [f"{one[share]:.1%}" for share in shares] + [f"{one['queue']:,.2f}"]
    if gained:
        more = one["one_more"]
        # what the interval does not tell apart from nothing is shown as nothing
        told = more is not None and (more["low"] > 0.0 or more["high"] < 0.0)
        cells.append(
            "" if more is None else (f"{'+' if more['gain'] > 0 else ''}{hourly(more['gain'])}/h" if told else "±0")
        )
    return tuple(cells)
