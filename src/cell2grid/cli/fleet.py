"""The ``fleet`` command: every asset of a table against every price year of a folder."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from cell2grid.cli import price_options as options
from cell2grid.cli.output import Json, console, counted, emit, progress, table
from cell2grid.errors import InfeasibleError, InputError

_SHOWN = 40  # rows on the terminal; the files and --json have all


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("fleet")(fleet)


def fleet(
    assets: Annotated[Path, typer.Argument(metavar="ASSETS.csv", help="One asset a row: name, power, energy…")],
    prices: Annotated[Path, typer.Option(metavar="DIR", help="A folder in which each file is a price series.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Results go here; the same call goes on where it stopped.")],
    workers: Annotated[int, typer.Option(help="Cores to use. The results are the same for any number.")] = 1,
    schedules: Annotated[bool, typer.Option("--schedules", help="Write the schedules too, step by step.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume/--fresh", help="Go on where a call of this fleet stopped, or begin again.")
    ] = True,
    mode: Annotated[
        str,
        typer.Option(help="exclusive: never charge and discharge at once; relaxed: may. For assets that do not say."),
    ] = "exclusive",
    price_column: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A column of prices; give it again for several.")
    ] = None,
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
    time_limit: Annotated[float, typer.Option(min=0.1, help="Seconds that HiGHS may take for one schedule.")] = 600.0,
    as_json: Json = False,
) -> None:
    """The best schedules of many storage assets on many price years: one row each in Parquet, and a summary by asset.

    A call that is killed loses nothing that was written: make it again, and it goes on. An asset that has no schedule
    in a year has a row with the reason; where none has one, the exit status is 3.
    """
    from cell2grid.run.fleet import Fleet, run_fleet

    if mode not in ("exclusive", "relaxed"):
        raise InputError(f"--mode is '{mode[:40]}', expected exclusive or relaxed")
    began = time.perf_counter()
    reading: dict[str, Any] = {
        "time_column": time_column,
        "currency": currency,
        "unit": unit,
        "rate": rate,
        "timezone": timezone,
    }
    reading |= {"stamps": stamps, "gaps": gaps, "longest_gap": longest_gap, "duplicates": duplicates}
    reading |= {"irregular": irregular, "decimal": decimal}
    rows, folder = _checked_input(assets, prices, mode, price_column or ["price"], reading)
    asked = Fleet(tuple(rows), folder, with_schedules=schedules, time_limit=time_limit)
    with progress("dispatch", asked.pairs) as done:
        document = run_fleet(asked, out, workers=workers, fresh=not resume, on_progress=lambda pairs, _: done(pairs))
    document = {"out": str(out.resolve()), **document, "wall_seconds": time.perf_counter() - began}
    emit(document, as_json, lambda: _say(document))
    if not document["solved"]:
        first = document["failures"][0]
        raise InfeasibleError(
            f"none of {counted(document['pairs'], 'pair')} has a schedule; the first, asset '{first['asset']}' in "
            f"'{first['series']}' {first['year']}: {first['reason']}"
        )


def _checked_input(
    assets: Path, prices: Path, mode: str, price_columns: list[str], reading: dict[str, Any]
) -> tuple[list[Any], Any]:
    """The assets and price years, all read and checked before any work starts."""
    from cell2grid.run.fleet import read_assets, read_folder
    from cell2grid.run.fleet.folder import price_files
    from cell2grid.run.fleet.running import with_currency
    from cell2grid.units import canonical
    from cell2grid.units import currency as currency_of

    currency = reading["currency"]
    if currency is not None and currency_of(canonical(currency)) != currency:
        raise InputError(f"'{currency[:40]}' is not a currency that cell2grid knows; as in '--currency EUR'")
    twice = next((name for name in price_columns if price_columns.count(name) > 1), None)
    if twice is not None:
        raise InputError(f"--price-column {twice[:40]} stands twice; give each column once")
    rows, said = read_assets(assets, mode=mode, currency=currency)
    with progress("reading", len(price_files(prices)[0])) as done:
        folder = read_folder(
            prices,
            price_columns=price_columns,
            on_progress=lambda files, _: done(files),
            **reading,
        )
    with_currency(folder, said, assets)
    return rows, folder


def _say(document: dict[str, Any]) -> None:
    rows = document["summary"]
    columns = {"asset": "left", "years": "right", "best": "right", "in": "left", "worst": "right", "in ": "left"}
    columns |= {"median": "right", "mean": "right", "cycles": "right", "": "left"}
    table(
        "Objective by asset, over its price years",
        columns,
        [
            (
                row["asset"],
                f"{row['solved']:,}",
                _money(row["best_objective"]),
                _where(row, "best"),
                _money(row["worst_objective"]),
                _where(row, "worst"),
                _money(row["p50_objective"]),
                _money(row["mean_objective"]),
                "–" if row["mean_cycles"] is None else f"{row['mean_cycles']:,.1f}",
                row["currency"] or "currency units",
            )
            for row in rows[:_SHOWN]
        ],
    )
    if len(rows) > _SHOWN:
        console().print(f"and {len(rows) - _SHOWN:,} more in summary.csv", markup=False)
    for failure in document["failures"][:5]:
        said = f"{failure['asset']}, {failure['series']} {failure['year']}: {failure['status']}: {failure['reason']}"
        console().print(f"• {said}", markup=False)
    for note in document["notes"][:5]:
        console().print(f"• {note}", markup=False)
    if document["ignored_files"]:
        console().print(f"• not price files: {', '.join(document['ignored_files'][:10])}", markup=False)
    size = f"{counted(document['assets'], 'asset')} × {counted(document['price_years'], 'price year')}"
    solved = f"{document['solved']:,} of {counted(document['pairs'], 'pair')} have a schedule"
    console().print(f"• {solved}: {size}.", markup=False)
    console().print(f"results: {document['out']}", markup=False)


def _money(value: float | None) -> str:
    return "–" if value is None else f"{value:,.2f}"


def _where(row: dict[str, Any], which: str) -> str:
    return "–" if row[f"{which}_series"] is None else f"{row[f'{which}_series']} {row[f'{which}_year']}"
