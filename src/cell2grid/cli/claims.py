"""The ``claims`` command: the claims of the store, listed, or summed up by group, on the screen or into a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import output
from cell2grid.cli.figures import number, span
from cell2grid.cli.output import DEFAULT_STORE, Json, Store
from cell2grid.errors import EvidenceError

if TYPE_CHECKING:
    from cell2grid.evidence.exports.sheets import Sheet
    from cell2grid.evidence.keeping.store import Store as ClaimStore

# a table that nobody scrolls through is of no use; files and JSON hold all
_SHOWN = 1000


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command()(claims)


def claims(
    store: Store = DEFAULT_STORE,
    measure: Annotated[str | None, typer.Option(help="Only this measure, such as exports.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only subjects that contain this text.")] = None,
    object_: Annotated[str | None, typer.Option("--object", help="Only objects that contain this text.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="Only periods that reach this day or later.")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Only periods that begin on this day or before.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Only pages whose path, title, publisher or address contains this.")
    ] = None,
    document: Annotated[str | None, typer.Option(help="Only this page: its path, or its hash or the start.")] = None,
    label: Annotated[str | None, typer.Option(help="Only stories of this label: core or other.")] = None,
    tier: Annotated[str | None, typer.Option(help="Only this tier: A, B or C.")] = None,
    frame: Annotated[str | None, typer.Option(help="Only what this frame read.")] = None,
    status: Annotated[
        str | None, typer.Option(help="open, accepted, edited, rejected, superseded, standing or all.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="The store as it was known on this day or time (ISO).")] = None,
    sort: Annotated[str, typer.Option(help="page, value, period, recorded, subject or measure.")] = "page",
    descending: Annotated[bool, typer.Option("--descending", help="The largest or last first.")] = False,
    limit: Annotated[int | None, typer.Option(help="At most so many.")] = None,
    by: Annotated[
        str | None, typer.Option(help="Count and sum by subject, object, measure, month, year, tier, frame.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write to this file: .csv, .json, .parquet or .xlsx.", metavar="FILE")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    as_json: Json = False,
) -> None:
    """List the claims of the store, or sum them up by group."""
    if tier is not None and tier.upper() not in ("A", "B", "C"):
        raise EvidenceError(f"--tier '{tier}' is not one of A, B, C")
    filters: dict[str, Any] = {
        "measure": measure,
        "subject": subject,
        "object": object_,
        "start": start,
        "end": end,
        "source": source,
        "document": document,
        "label": label,
        "frame": frame,
        "status": status,
        "tier": None if tier is None else tier.upper(),
        "as_of": as_of,
        "limit": limit,
        "sort": sort,
        "descending": descending,
    }
    if as_csv and (as_json or out is not None):
        raise EvidenceError("--csv prints the claims as CSV; leave it out, or leave --json and --out out")
    groups = None if by is None else list(dict.fromkeys(name.strip() for name in by.split(",")))
    _put_out(store, groups, filters, out, as_csv=as_csv, as_json=as_json)


def _put_out(
    store: str, groups: list[str] | None, filters: dict[str, Any], out: Path | None, *, as_csv: bool, as_json: bool
) -> None:
    from cell2grid.evidence.exports.writing import require_suffix
    from cell2grid.evidence.keeping.store import open_store

    if out is not None:
        require_suffix(out)
    with open_store(store) as opened, _sheet(opened, groups, filters, out, as_json=as_json) as sheet:
        if out is not None:
            _write(sheet, out, as_json=as_json)
        elif as_json:
            output.stream({sheet.name: iter(sheet.records)})
        elif as_csv:
            _print_csv(sheet)
        elif groups is not None:
            _show_groups(groups, list(sheet.records))
        else:
            _show_claims(sheet.records, limited=filters["limit"] is not None)
        _say_unknown(opened, filters["measure"], filters["frame"])


@contextmanager
def _sheet(
    opened: ClaimStore, groups: list[str] | None, filters: dict[str, Any], out: Path | None, *, as_json: bool
) -> Iterator[Sheet]:
    """What is asked for, with the rows still to be read."""
    from cell2grid.evidence.exports.sheets import claims_sheet, groups_sheet
    from cell2grid.evidence.exports.spreadsheet import MOST_ROWS, too_many

    if groups is not None:
        yield groups_sheet(groups, opened.totals(groups, **filters))
        return
    if out is not None and out.suffix.lower() == ".xlsx":
        most = {**filters, "limit": min(filters["limit"] or MOST_ROWS, MOST_ROWS)}
        if opened.count(**most) == MOST_ROWS:
            raise EvidenceError(too_many("claims"))
    # only asked for JSON: the names of the industry take a moment to load
    named = out.suffix.lower() == ".json" if out is not None else as_json
    yield claims_sheet(opened.each_filed(**filters), opened.identities(as_of=filters["as_of"]) if named else None)


def _write(sheet: Sheet, out: Path, *, as_json: bool) -> None:
    from cell2grid.evidence.exports.writing import write

    count = write(out, sheet)
    words = f"wrote {output.counted(count, sheet.name.removesuffix('s'))} to {out}"
    output.emit(
        {"out": str(out.resolve()), "count": count}, as_json, lambda: output.console().print(words, markup=False)
    )


def _print_csv(sheet: Sheet) -> None:
    from cell2grid.evidence.exports.delimited import write_csv

    write_csv(sheet, sys.stdout)


def _say_unknown(opened: ClaimStore, measure: str | None, frame: str | None) -> None:
    """Say which measures or frames there are where the one asked for is none of them."""
    if measure is not None and not opened.count(measure=measure, status="all", limit=1):
        listed = ", ".join(opened.measures()) or "none"
        words = f"no claim has the measure '{measure}'; those of the store are: {listed}"
        output.log().print(words, markup=False, soft_wrap=True)
    if frame is not None and not opened.count(frame=frame, status="all", limit=1):
        from cell2grid.evidence.frames import frames

        listed = ", ".join(sorted(each.name for each in frames()))
        words = f"no claim was read by the frame '{frame}'; frames are: {listed}"
        output.log().print(words, markup=False, soft_wrap=True)


def _show_claims(records: Iterable[Any], *, limited: bool) -> None:
    headings = dict.fromkeys(("id", "tier", "measure", "whose", "value", "period", "status", "page"), "left")
    rows = list(records) if limited else list(islice(records, _SHOWN + 1))
    lines = [
        (
            row["id"][:8],
            row["tier"],
            row["measure"],
            f"{row['subject'] or ''} ({row['object']})" if row["object"] else row["subject"],
            f"{number(row['value']) or span(row['low'], row['high'])} {row['unit']}",
            span(row["period_start"], row["period_end"]),
            row["status"],
            row["document"],
        )
        for row in (rows if limited else rows[:_SHOWN])
    ]
    output.table(output.counted(len(lines), "claim"), headings, lines)
    if len(lines) < len(rows):
        words = f"there are more than these {_SHOWN:,}: filter, give --limit, or write all with --out FILE"
        output.console().print(words, markup=False)


def _show_groups(by: list[str], groups: list[Any]) -> None:
    headings = {
        **dict.fromkeys((*by, "unit"), "left"),
        **dict.fromkeys(("claims", "sum", "mean", "low", "high"), "right"),
    }
    lines = [
        (
            *(row[name] for name in (*by, "unit")),
            f"{row['claims']:,}",
            *(number(row[name]) for name in ("sum", "mean", "lowest", "highest")),
        )
        for row in groups[:_SHOWN]
    ]
    output.table(output.counted(len(groups), "group"), headings, lines)
    if len(lines) < len(groups):
        output.console().print(f"shown are the first {_SHOWN:,}; --out FILE writes all", markup=False)
