"""The ``value`` command: what a storage project is worth over its life, and how sure that is.

What it prints on the terminal is in ``value_words.py``.
"""

from __future__ import annotations

import time
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import price_options as options
from cell2grid.cli.output import Json, check_page, emit, progress
from cell2grid.cli.value_pages import value_page
from cell2grid.cli.value_words import say
from cell2grid.cli.worth_input import PriceColumn, Prices, ProjectArgument, Seed, Synthetic, Workers, given_subject
from cell2grid.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.run.worth.terms import Subject
    from cell2grid.run.worth.valuing import Worth

LARGEST_SWING = 90.0  # percent


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("value")(value)


def _show_example(asked: bool) -> None:
    if asked:
        from cell2grid.study.shipped import example_project

        typer.echo(example_project().read_text(encoding="utf-8"), nl=False)
        raise typer.Exit


def value(
    project: ProjectArgument,
    prices: Prices = None,
    synthetic: Synthetic = None,
    members: Annotated[int, typer.Option(help="Draws of every range; 1 values the middle of them alone.")] = 1,
    seed: Seed = 1,
    workers: Workers = 1,
    tornado: Annotated[bool, typer.Option("--tornado", help="The NPV at both ends of each range.")] = False,
    swing: Annotated[
        float | None, typer.Option(metavar="PERCENT", help="Move figures without a range too, up and down by this.")
    ] = None,
    shares: Annotated[
        int, typer.Option(metavar="N", help="Share out the spread of NPV by its sources, from N samples each (0: not).")
    ] = 0,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the tables here, as CSV files.")] = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with charts and tables.")] = None,
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
    example: Annotated[
        bool, typer.Option("--example", callback=_show_example, is_eager=True, help="Print a project to begin with.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What a storage project is worth: dispatched year by year as its cells wear, with its debt, tax and contracts.

    Without --members every figure is at the middle of its range. The exit status is 3 where debt cannot be served.
    """
    began = time.perf_counter()
    _check_call(swing, out)
    check_page(page)
    reading: dict[str, Any] = {
        "price_column": price_column, "time_column": time_column, "currency": currency, "unit": unit, "rate": rate,
        "timezone": timezone, "stamps": stamps, "gaps": gaps, "longest_gap": longest_gap, "duplicates": duplicates,
        "irregular": irregular, "decimal": decimal,
    }  # fmt: skip
    subject = given_subject(project, prices, synthetic, reading, workers=workers)
    found, tables = _valued(subject, members, seed, workers)
    from cell2grid.run.worth.telling import document

    told = document(found)
    if tornado or swing is not None or page is not None:
        told["tornado"] = _tornado(subject, None if swing is None else swing / 100.0, workers, tables)
    if shares:
        told["shares"] = _shares(subject, shares, seed, workers, tables)
    if out is not None:
        told["out"] = [str(file) for file in _write(tables, out)]
    if page is not None:
        told["page"] = str(value_page(tables, told, page))
    told["wall_seconds"] = time.perf_counter() - began
    emit(told, as_json, lambda: say(told))


def _check_call(swing: float | None, out: Path | None) -> None:
    """Refuse before the work what would be refused after it."""
    if swing is not None and not 0.0 < swing <= LARGEST_SWING:
        raise InputError(f"--swing is {swing:g}, expected above 0 to {LARGEST_SWING:g} percent; write 10 for a tenth")
    if out is not None and out.exists() and not out.is_dir():
        raise InputError("is a file; name a folder for the tables", where=str(out))


def _valued(subject: Subject, members: int, seed: int, workers: int) -> tuple[Worth, dict[str, pd.DataFrame]]:
    """The valuation and its tables."""
    from cell2grid.run.worth.valuing import worth
    from cell2grid.run.worth.worth_tables import tables

    with progress("lives", members, after=2.0 if members > 1 else inf) as done:
        found = worth(
            subject, members=members, seed=seed, workers=workers,
            on_progress=lambda lives, total: done(round(members * lives / total)),
        )  # fmt: skip
    return found, dict(tables(found))


def _tornado(
    subject: Subject, swing: float | None, workers: int, tables: dict[str, pd.DataFrame]
) -> list[dict[str, Any]]:
    """The NPV at both ends of each figure, as rows and as a table beside the others."""
    from cell2grid.run.sensitivity.tables import tornado_table
    from cell2grid.run.sensitivity.tornado import tornado

    with progress("tornado", 100, after=2.0) as done:
        found = tornado(
            subject, swing=swing, workers=workers, on_progress=lambda lives, total: done(100 * lives // max(total, 1))
        )
    tables["tornado"] = tornado_table(found, subject.project.project, subject.currency)
    return rows_of(tables["tornado"])


def _shares(subject: Subject, samples: int, seed: int, workers: int, tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """What share of the spread in NPV each source has, as rows and as a table beside the others."""
    from cell2grid.run.sensitivity.shares import shares
    from cell2grid.run.sensitivity.tables import shares_table

    with progress("shares", 100, after=2.0) as done:
        found = shares(
            subject, samples=samples, seed=seed, workers=workers,
            on_progress=lambda lives, total: done(100 * lives // max(total, 1)),
        )  # fmt: skip
    tables["shares"] = shares_table(found, subject.project.project)
    return {
        "samples": found.samples,
        "deviation": found.deviation,
        "sources": rows_of(tables["shares"]),
        "notes": list(found.notes),
    }


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as JSON has them: what is missing is None."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(key): value for key, value in row.items()} for row in rows]


def _write(tables: dict[str, Any], out: Path) -> list[Path]:
    """The files of the tables."""
    from cell2grid.files import write_whole

    out.mkdir(parents=True, exist_ok=True)
    return [write_whole(out / f"{name}.csv", frame.to_csv(index=False)) for name, frame in tables.items()]
