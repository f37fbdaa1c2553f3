"""The page of a line: the figures of its document with the chart of its stations, handed to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.report.alone import Told
    from cell2grid.study.line_file import LineFile

_HOUR = 3600.0


def line_page(told: LineFile, document: Mapping[str, Any], page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.value_page import write_worth_page

    return write_worth_page(
        {"line": stations_table(document)},
        page,
        kind="line",
        name=f"{document['line']}: how fast it runs, and what holds it back",
        figures=_figures(document),
        findings=_findings(document),
        assumptions=_assumptions(told),
        notes=document["notes"],
        method=f"max-plus recursion of {document['items']:,} items, seed {document['seed']}; 95 % intervals from batch "
        "means",
    )


def stations_table(document: Mapping[str, Any]) -> pd.DataFrame:
    """The table ``line`` of ``cell2grid.results.TABLES``: a row for each station."""
    import pandas as pd

    from cell2grid.results import TABLES

    rows = [
        {
            **{key: one[key] for key in ("machines", "working", "setup", "down", "blocked", "starved", "queue")},
            "station": one["name"],
            "rate": one["capacity"] * _HOUR,
            "one_more": float("nan") if one["one_more"] is None else one["one_more"]["gain"] * _HOUR,
            "unit": document["unit"].replace("/second", "/hour"),
            "bottleneck": one["name"] == document["bottleneck"],
        }
        for one in document["stations"]
    ]
    return pd.DataFrame(rows, columns=list(TABLES["line"]))


def _figures(document: Mapping[str, Any]) -> list[Told]:
    from cell2grid.report.alone import Told

    makes = document["unit"].split("/")[0]
    high = "no upper end" if document["high"] is None else f"{document['high'] * _HOUR:,.2f}"
    rows = [
        Told(
            "throughput",
            f"{document['throughput'] * _HOUR:,.2f} {makes}/hour ({document['low'] * _HOUR:,.2f} to {high})",
            "what leaves the line good in its steady state; 95 % interval of one long run",
        )
    ]
    if document["exact"] is not None:
        rows.append(Told("exact throughput", f"{document['exact'] * _HOUR:,.4f} {makes}/hour", "by its Markov chain"))
    if document["capacity"] is not None:
        one = document["capacity"]
        rows.append(
            Told(
                "capacity",
                f"{one['computed']:,.0f} {one['unit']}",
                f"in {one['hours']:,.0f} hours of a year, beside {one['stated']:,.0f} stated",
            )
        )
    rows.append(Told("yield", f"{document['yield']:.1%}", "of what is sent in leaves the line good"))
    return rows


def _findings(document: Mapping[str, Any]) -> list[str]:
    """What came out, in sentences."""
    found = [f"'{document['bottleneck']}' holds the line back: it would let the least through if it never waited."]
    best = document["one_more"]
    if best is not None and best["low"] > 0.0:
        found.append(
            f"One more machine at '{best['station']}' brings {best['gain'] * _HOUR:,.2f} an hour "
            f"({best['low'] * _HOUR:,.2f} to {best['high'] * _HOUR:,.2f})."
        )
    return found


def _assumptions(told: LineFile) -> list[Told]:
    """Every figure of the line with its source, by the name of its station."""
    from cell2grid.report.alone import Told
    from cell2grid.study.quantity import figures

    names = [station.name for station in told.stations]
    rows = []
    for path, figure in figures(told):
        parts = [names[part] if isinstance(part, int) and path[0] == "stations" else str(part) for part in path]
        words = " · ".join(parts[1:] if path[0] == "stations" else parts)
        rows.append(Told(words, figure.text, "; ".join(map(str, figure.sources)) or "no source given"))
    return rows
