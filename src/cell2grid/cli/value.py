"""The ``value`` command: what a storage project is worth over its life, and how sure that is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli import price_options as options
from cell2grid.cli.output import Json, console, counted, emit, progress, table
from cell2grid.cli.worth_input import PriceColumn, Prices, ProjectArgument, Seed, Synthetic, Workers, given_subject

if TYPE_CHECKING:
    from cell2grid.run.worth.valuing import Worth


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("value")(value)


def value(
    project: ProjectArgument,
    prices: Prices = None,
    synthetic: Synthetic = None,
    members: Annotated[int, typer.Option(help="Draws of every range; 1 values the middle of them alone.")] = 1,
    seed: Seed = 1,
    workers: Workers = 1,
    tornado: Annotated[bool, typer.Option("--tornado", help="The NPV at both ends of each range.")] = False,
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
    as_json: Json = False,
) -> None:
    """What a storage project is worth: dispatched year by year as its cells wear, with its debt, tax and contracts.

    Without --members every figure is at the middle of its range. The exit status is 3 where debt cannot be served.
    """
    began = time.perf_counter()
    reading: dict[str, Any] = {
        "price_column": price_column, "time_column": time_column, "currency": currency, "unit": unit, "rate": rate,
        "timezone": timezone, "stamps": stamps, "gaps": gaps, "longest_gap": longest_gap, "duplicates": duplicates,
        "irregular": irregular, "decimal": decimal,
    }  # fmt: skip
    subject = given_subject(project, prices, synthetic, reading, workers=workers)
    found, tables, more = _valued(subject, members, seed, workers, tornado, shares)
    from cell2grid.run.worth.telling import document

    told = {**document(found), **more}
    if out is not None:
        told["out"] = [str(file) for file in _write(tables, out)]
    if page is not None:
        told["page"] = str(_page(found, tables, told, page))
    told["wall_seconds"] = time.perf_counter() - began
    emit(told, as_json, lambda: say(told))


def _valued(
    subject: Any, members: int, seed: int, workers: int, tornado: bool, shares: int
) -> tuple[Worth, dict[str, Any], dict[str, Any]]:
    """The valuation, its tables, and what was asked for besides."""
    from cell2grid.run.worth.valuing import worth
    from cell2grid.run.worth.worth_tables import tables

    with progress("lives", members) as done:
        found = worth(
            subject, members=members, seed=seed, workers=workers,
            on_progress=lambda lives, total: done(round(members * lives / total)),
        )  # fmt: skip
    frames: dict[str, Any] = dict(tables(found))
    more: dict[str, Any] = {}
    return found, frames, more


def _write(tables: dict[str, Any], out: Path) -> list[Path]:
    """The files of the tables."""
    from cell2grid.files import write_whole

    out.mkdir(parents=True, exist_ok=True)
    return [write_whole(out / f"{name}.csv", frame.to_csv(index=False)) for name, frame in tables.items()]


def _page(found: Worth, tables: dict[str, Any], told: dict[str, Any], page: Path) -> Path:
    raise NotImplementedError


def say(told: dict[str, Any]) -> None:
    """The valuation on the terminal."""
    money = told["currency"]
    rows = [
        ("net present value", amount(told["npv"], money)),
        ("internal rate of return", percent(told["irr"])),
        ("equity: net present value", amount(told["equity_npv"], money)),
        ("equity: rate of return", percent(told["equity_irr"])),
        ("levelised cost of storage", amount(told["lcos"], f"{money}/MWh")),
        ("payback", "never" if told["payback"] is None else f"{told['payback']:.1f} years"),
        ("debt", amount(told["debt"], money)),
        ("least debt cover", "–" if told["debt_cover"] is None else f"{told['debt_cover']:.2f}"),
        ("capital cost", amount(told["capital_cost"], money)),
        ("a month's delay", amount(told["delay"]["cost_of_first_month"], money)),
    ]
    table(f"{told['project']}: the middle of all ranges", {"": "left", " ": "right"}, rows)
    _say_years(told)
    if told["members"] is not None:
        _say_members(told["members"], money)
    console().print(f"money: {told['money']}", markup=False)
    console().print(f"prices: {told['price_years']['statement']}", markup=False)
    for note in told["notes"]:
        console().print(f"• {note}", markup=False)
    for key in ("out", "page"):
        if key in told:
            console().print(f"{key}: {told[key] if key == 'page' else Path(told[key][0]).parent}", markup=False)


def _say_years(told: dict[str, Any]) -> None:
    names = ("market_revenue", "contract_revenue", "operating_cost", "tax", "debt_service", "cash_flow")
    columns = {"year": "right", "health": "right", "cycles": "right", **dict.fromkeys(names, "right")}
    rows = [
        (
            str(row["year"]),
            percent(row["state_of_health"]),
            "–" if row["full_cycles"] is None else f"{row['full_cycles']:.0f}",
            *(short(row[name]) for name in names),
        )
        for row in told["yearly"]
    ]
    headings = {key.replace("_", " "): side for key, side in columns.items()}
    table(f"Year by year [{told['currency']}]", headings, rows)


def _say_members(members: dict[str, Any], money: str) -> None:
    rows = []
    for name, spread in members["spread"].items():
        shown = percent if name == "irr" else short
        rows.append((name.replace("_", " "), *(shown(spread[label]) for label in ("mean", "p10", "p50", "p90"))))
    columns = {"": "left", "mean": "right", "p10": "right", "p50": "right", "p90": "right"}
    table(f"Over {counted(members['count'], 'member')} [{money}]", columns, rows)
    if members["below_zero"] is not None:
        console().print(f"the NPV is below zero in {members['below_zero']:.0%} of members", markup=False)


def amount(number: float | None, unit: str) -> str:
    """A number with its unit, to the unit where it is large."""
    if number is None:
        return "–"
    return f"{number:,.0f} {unit}" if abs(number) >= 1000.0 else f"{number:,.2f} {unit}"


def short(number: float | None) -> str:
    """A number in a column."""
    if number is None:
        return "–"
    return f"{number:,.0f}" if abs(number) >= 1000.0 else f"{number:,.2f}"


def percent(share: float | None) -> str:
    """A share as percent."""
    return "–" if share is None else f"{share:.1%}"
