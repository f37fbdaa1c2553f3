"""Command: what cells and packs cost to make, by account, material, process step and country."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cell2grid.cli.output import Json, check_page, console, emit, table

if TYPE_CHECKING:
    from cell2grid.study.cost_file import CostCase


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("cost")(cost)


def cost(
    technology: Annotated[
        str | None, typer.Argument(help="A technology that ships, or a file of one.", metavar="TECHNOLOGY|FILE.yaml")
    ] = None,
    volume: Annotated[str | None, typer.Option(help="What is made in a year, as '50 GWh/year'.")] = None,
    country: Annotated[
        list[str] | None, typer.Option(help="Where the plant stands; several times for several, or 'all'.")
    ] = None,
    scope: Annotated[str, typer.Option(help="whole, cells, or packs: assembly without the cells.")] = "whole",
    cumulative: Annotated[
        str | None, typer.Option(help="What the world has made in all, as '8 TWh': learning on the cost.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Beside the published baseline, row by row.")] = False,
    members: Annotated[int, typer.Option(help="Draws of the figures that are ranges.")] = 1000,
    seed: Annotated[int, typer.Option(help="Seed of the draws.", min=0)] = 1,
    page: Annotated[Path | None, typer.Option(help="Write a page with the chart.", metavar="FILE.html")] = None,
    as_json: Json = False,
) -> None:
    """What cells and packs cost to make: materials, labour, energy, overheads, capital, by step and by country."""
    from cell2grid.study.cost_file import cost_case, cost_technologies

    check_page(page)
    if technology is None:
        documents = [{"name": name, "title": cost_case(name).technology.title} for name in cost_technologies()]
        emit({"technologies": documents}, as_json, lambda: _list(documents))
        return
    from cell2grid.run.told.cost_told import cost_table, told_cost

    case = cost_case(technology)
    told = told_cost(
        case,
        countries=_countries(case, country or []),
        scope=_scope(scope),
        volume=_amount(volume, "--volume", "kWh/year", "50 GWh/year"),
        cumulative=_amount(cumulative, "--cumulative", "kWh", "8 TWh"),
        members=members,
        seed=seed,
        compare=compare,
    )
    if page is not None:
        from cell2grid.cli.cost_page import cost_page

        told["page"] = str(cost_page(case, cost_table(told), told, page))
    emit(told, as_json, lambda: _show(told))


def _countries(case: CostCase, asked: list[str]) -> list[str]:
    return list(case.countries) if asked == ["all"] else asked


def _scope(scope: str) -> Any:
    from cell2grid.errors import InputError
    from cell2grid.run.costing import SCOPES

    if scope not in SCOPES:
        raise InputError(f"--scope '{scope[:40]}' is not one of {', '.join(SCOPES)}")
    return scope


def _amount(text: str | None, option: str, unit: str, example: str) -> float | None:
    from cell2grid.errors import InputError, UnitError
    from cell2grid.units import parse_magnitude

    if text is None:
        return None
    try:
        found = parse_magnitude(text, unit=unit)
    except UnitError as error:
        raise InputError(f"{option}: {error}; write it as in '{example}'") from None
    if found.low != found.high:
        raise InputError(f"{option} '{text[:60]}' is a range; write one number, as in '{example}'")
    if not 1.0 <= found.mode <= 1e18:
        raise InputError(f"{option} '{text[:60]}' is not from 1 to 1e18 {unit}; write it as in '{example}'")
    return found.mode


def _list(documents: list[dict[str, Any]]) -> None:
    table(
        "Technologies that can be costed", {"technology": "left", "of": "left"},
        [(one["name"], one["title"]) for one in documents],
    )  # fmt: skip
    console().print("see one:  cell2grid cost NAME", markup=False)


def _show(told: dict[str, Any]) -> None:
    from cell2grid.run.told.cost_told import LABELS

    say = console().print
    size = told["volume"]
    say(f"{told['title']}: {told['scope_means']}, {size['value']:g} {size['unit']}", markup=False)
    places = told["countries"]
    columns = {f"{told['unit']}": "left", **{one["name"]: "right" for one in places}}
    rows: list[tuple[Any, ...]] = [
        (LABELS[row["component"]][0], *(f"{one['rows'][i]['mean']:.2f}" for one in places))
        for i, row in enumerate(places[0]["rows"])
    ]
    rows.append(("total", *(f"{one['total']['mean']:.2f}" for one in places)))
    rows.append(
        ("10 to 90 % of members", *(f"{one['total']['p10']:.1f} to {one['total']['p90']:.1f}" for one in places))
    )
    table("What a kWh costs", columns, rows)
    money = told["currency"]
    table(
        "The plant",
        {"country": "left", f"million {money}": "right", f"million {money} a GWh": "right", "thousand hours": "right"},
        [
            (
                one["name"], f"{one['capital']['mean'] / 1e6:,.0f}", f"{one['capital_per_gwh']['mean'] / 1e6:.1f}",
                f"{one['labour'] / 1e3:,.0f}",
            )
            for one in places
        ],
    )  # fmt: skip
    _show_details(told)
    for note in told["notes"]:
        say(f"• {note}", markup=False)
    if told.get("page"):
        say(f"page: {told['page']}", markup=False)


def _show_details(told: dict[str, Any]) -> None:
    first = told["countries"][0]
    table(
        f"What is bought, {first['name']} [{told['unit']}]",
        {"material": "left", "cost": "right", "10 to 90 %": "right"},
        [
            (row["title"], f"{row['mean']:.2f}", f"{row['p10']:.2f} to {row['p90']:.2f}")
            for row in first["materials"]
        ],
    )  # fmt: skip
    money = told["currency"]
    table(
        f"By process step, {first['name']}: labour and depreciation, without overheads",
        {"step": "left", f"million {money}": "right", "thousand hours": "right", "m2": "right", told["unit"]: "right"},
        [
            (
                row["title"], f"{row['capital'] / 1e6:,.1f}", f"{row['labour'] / 1e3:,.0f}", f"{row['area']:,.0f}",
                f"{row['cost']:.3f}",
            )
            for row in first["steps"]
        ],
    )  # fmt: skip
    others = [(one["name"], row["of"], row["scope"], f"{row['cost']:g}") for one in told["countries"]
              for row in one["published"]]  # fmt: skip
    if others:
        table(
            "Published elsewhere", {"country": "left", "what": "left", "scope": "left", told["unit"]: "right"}, others
        )
    if told["baseline"] is not None:
        _show_baseline(told["baseline"], money)


def _show_baseline(baseline: dict[str, Any], money: str) -> None:
    def cells(pair: dict[str, Any], scale: float) -> tuple[str, str, str]:
        difference = "" if pair["difference"] is None else f"{pair['difference']:+.2%}"
        return f"{pair['published'] / scale:,.4g}", f"{pair['computed'] / scale:,.4g}", difference

    rows: list[tuple[Any, ...]] = [
        (row["title"], *cells(row["capital"], 1e6), *cells(row["labour"], 1e3)) for row in baseline["rows"]
    ]
    rows.append(("whole plant", *cells(baseline["capital"], 1e6)))
    rows.append(("cells only", *cells(baseline["capital_cells"], 1e6)))
    table(
        f"Against the published baseline: {baseline['name']}",
        {
            "step": "left", f"million {money} published": "right", "computed": "right", "differs": "right",
            "thousand hours published": "right", " computed": "right", " differs": "right",
        },
        [(*row, *[""] * (7 - len(row))) for row in rows],
    )  # fmt: skip
