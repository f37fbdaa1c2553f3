"""The ``owners`` command: who owns, controls and supplies whom in a study, and what of its plants is whose."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, check_page, console, emit, table, waiting
from cell2grid.errors import InputError, RunFolderError

if TYPE_CHECKING:
    from cell2grid.results import Results

_LEFT, _RIGHT = "left", "right"
_LONGEST = 40  # letters of a source in a table


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("owners")(owners)


def owners(
    study: Annotated[str, typer.Argument(help="A study file, or the name of one that ships.", metavar="STUDY")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day, or the first of a month; the horizon's last.")
    ] = None,
    threshold: Annotated[
        float, typer.Option(metavar="PERCENT", help="Votes above which a firm controls a company.")
    ] = 50.0,
    quota: Annotated[float, typer.Option(metavar="PERCENT", help="Votes above which a vote is carried.")] = 50.0,
    run: Annotated[
        str | None, typer.Option("--run", metavar="DIR", help="A run of the study: attributable output is told too.")
    ] = None,
    page: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page with the graphs.")] = None,
    as_json: Json = False,
) -> None:
    """Who owns and controls whom on a day, what of the plants is whose, who supplies whom, and how concentrated it is.

    What the stakes of a company leave of the whole is unknown: each holder's share has a low and a high end.
    """
    from cell2grid.run.owners import owners_of
    from cell2grid.study.loader import load_study

    check_page(page)
    day = None if on is None else _day(on)
    results = None if run is None else _results(run)
    with waiting("owners"):
        found = owners_of(load_study(study).study, day, threshold=threshold / 100, quota=quota / 100, results=results)
        document = found.document()
        if page is not None:
            from cell2grid.cli.owners_page import owners_page

            document["page"] = str(owners_page(found, document, page))
    emit(document, as_json, lambda: _say(document))


def _day(text: str) -> date:
    from cell2grid.study.quantity import Day

    try:
        found = Day.model_validate(text)
    except ValueError:
        raise InputError(f"--on '{text[:40]}' is no day; write 2025-02-11 or 2025-02") from None
    if found.unfilled:
        raise InputError(f"--on '{text[:40]}' is no day; write 2025-02-11 or 2025-02")
    return found.first


def _results(folder: str) -> Results:
    from cell2grid.results import read_results

    if not Path(folder).is_dir():
        raise RunFolderError(f"there is no run folder '{folder}'; make one with cell2grid run STUDY --out {folder}")
    return read_results(Path(folder), with_arrays=True)


def _say(document: dict[str, Any]) -> None:
    if document["companies"]:
        _say_companies(document)
    for name, title in (
        ("capacity", "Capacity, as far as it belongs to a firm"),
        ("output", "Output of the run, as far as it belongs to a firm"),
    ):
        if document[name]:
            _say_parts(document[name], title)
    if document["supplies"]:
        _say_links(document)
    if document["concentration"]:
        _say_markets(document)
    said = [
        f"{company['name'] or company['company']} has a capital of {_capital(company['capital'])}"
        for company in document["companies"]
        if company["capital"]
    ]
    said += [note for company in document["companies"] for note in company["notes"]]
    for note in [*said, *document["notes"]]:
        console().print(f"• {note}", markup=False)
    if "page" in document:
        console().print(f"page: {document['page']}", markup=False)


def _say_companies(document: dict[str, Any]) -> None:
    rows: list[tuple[Any, ...]] = []
    for company in document["companies"]:
        called = company["name"] or company["company"]
        for row in company["holders"]:
            rows.append(
                (
                    called,
                    row["name"] or row["holder"],
                    _range(row["direct_low"], row["direct_high"]),
                    _range(row["attributable_low"], row["attributable_high"]),
                    {"yes": "controls", "possible": "may control"}.get(row["control"], ""),
                    _power(row["banzhaf_low"], row["banzhaf_high"]),
                    _power(row["shapley_low"], row["shapley_high"]),
                )
            )
            called = ""
        unknown = _range(company["unknown_low"], company["unknown_high"])
        if company["unknown_high"] > 0 or company["unattributed"] > 0:
            rows.append((called, "not named", unknown, _range(0.0, company["unattributed"]), "", "", ""))
    columns = {"company": _LEFT, "holder": _LEFT, "direct": _RIGHT, "belongs to it": _RIGHT, "": _LEFT}
    columns |= {"Banzhaf": _RIGHT, "Shapley": _RIGHT}
    table(f"Who owns what on {document['on']} (control above {document['threshold']:g} % of votes)", columns, rows)


def _capital(capital: dict[str, Any]) -> str:
    exchanged = [f"{row['value']:,.0f} {row['unit']} at {row['rate']} on {row['day']}" for row in capital["exchanged"]]
    ends = f"{capital['low']:,.0f}"
    ends += f" to {capital['high']:,.0f}" if capital["high"] > capital["low"] else ""
    return ", ".join([f"{ends} {capital['unit']}", *exchanged])


def _say_parts(parts: list[dict[str, Any]], title: str) -> None:
    from cell2grid.report.wording import between

    rows = []
    for row in parts:
        known = row["energy_low"] is not None
        energy = between(row["energy_low"], row["energy_high"], row["energy_unit"]) if known else "–"
        rows.append((row["firm"], row["product"], between(row["low"], row["high"], row["unit"]), energy))
    table(title, {"firm": _LEFT, "of": _LEFT, "items": _RIGHT, "energy": _RIGHT}, rows)


def _say_links(document: dict[str, Any]) -> None:
    columns = {"supplier": _LEFT, "customer": _LEFT, "product": _LEFT, "part": _RIGHT, "since": _LEFT}
    columns |= {"known from": _LEFT}
    rows = []
    for row in document["supplies"]:
        share = _range(row["share_low"], row["share_high"])
        known = row["sources"] if row["basis"] == "named" else "the inputs of the plant"
        known = known if len(known) <= _LONGEST else f"{known[: _LONGEST - 1]}…"
        rows.append((row["supplier"], row["customer"], row["product"], share, row["since"] or "", known))
    table("Who supplies whom", columns, rows)
    further = [
        (row["firm"], ", ".join(row["suppliers_of_suppliers"]), ", ".join(row["customers_of_customers"]))
        for row in document["neighbours"]
        if row["suppliers_of_suppliers"] or row["customers_of_customers"]
    ]
    if further:
        table("Two steps away", {"firm": _LEFT, "suppliers": _LEFT, "customers": _LEFT}, further)


def _say_markets(document: dict[str, Any]) -> None:
    columns = {"product": _LEFT, "capacity": _LEFT, "firms": _RIGHT, "CR4": _RIGHT, "HHI": _RIGHT, "": _LEFT}
    rows = []
    for row in document["concentration"]:
        low, high = round(row["hhi_low"]), round(row["hhi_high"])
        called = row["band_low"] if row["band_low"] == row["band_high"] else f"up to {row['band_high']}"
        index = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        ratio = _range(row["cr4_low"], row["cr4_high"])
        rows.append((row["product"], row["basis"], str(row["firms"]), ratio, index, called or ""))
    table("Concentration of capacity", columns, rows)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.4g} %"


def _range(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    return _percent(low) if math.isclose(low, high, abs_tol=1e-9) else f"{low:.4g} to {high:.4g} %"


def _power(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    first, last = f"{low:.3f}", f"{high:.3f}"
    return first if first == last else f"{first} to {last}"
