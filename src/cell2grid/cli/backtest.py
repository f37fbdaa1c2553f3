"""Command: how well rules say when storage projects operate, each year held out in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from cell2grid.cli.output import Json, console, counted, emit, table

_SAID = {
    "better": "the model's rule misses less than each naive one, and the 95 % intervals of the differences say so too",
    "worse": "the model's rule misses more than each naive one, and the 95 % intervals of the differences say so too",
    "not told apart": "these projects do not tell the model's rule apart from every naive one",
}


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("backtest")(backtest)


def backtest(
    file: Annotated[str, typer.Argument(help="A CSV file of projects with their dates.", metavar="FILE.csv")],
    kind: Annotated[
        str | None, typer.Option("--type", help="Tell only of projects whose type begins so.", metavar="TYPE")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**63 - 1, help="Seed of the intervals.")] = 1,
    as_json: Json = False,
) -> None:
    """Hold rules for the operating date of storage projects against a record, each year held out in turn."""
    from cell2grid.run.record_check import check_record, read_record

    document = check_record(read_record(Path(file)), kind=kind, seed=seed).document()
    emit(document, as_json, lambda: _say(document))


def _say(document: dict[str, Any]) -> None:
    of = "" if document["type"] is None else f" of type {document['type']}…"
    table(
        f"Misses of the operating date, {counted(document['tested'], 'project')}{of}, each year held out",
        {"rule": "left", "projects": "right", "mean, days": "right", "95 %": "right", "median, days": "right"},
        [
            (
                row["rule"],
                str(row["tested"]),
                _days(row["mean_absolute_error"]),
                f"{_days(row['low'])} to {_days(row['high'])}",
                _days(row["median"]),
            )
            for row in document["rules"]
        ],
    )
    for row in document["differences"]:
        way = "less" if row["mean"] < 0 else "more"
        _line(
            f"{row['rule']} misses {_days(abs(row['mean']))} days {way} than {row['against']}"
            f" (95 %: {row['low']:+.0f} to {row['high']:+.0f})"
        )
    _line(_SAID[document["verdict"]])
    _line(
        f"a site takes {_days(document['site_days'])} days and {document['days_per_megawatt']:.2f} more for each MW,"
        f" fitted to all {counted(document['usable'], 'project')}"
    )
    if document["typed"] is not None:
        rows = counted(document["typed"], "row")
        _line(f"{rows} of this type, {document['tested']} of them with both dates")
    for row in document["left_out"]:
        _line(f"left out, {row['reason']}: {counted(row['count'], 'row')}")
    if document["month_only"]:
        _line(f"known by the month alone, its middle taken: {', '.join(document['month_only'])}")


def _line(text: str) -> None:
    console().print(f"• {text}", markup=False)


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
