"""The ``market`` command: who sells what where at which price, of a case file in plain numbers."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cell2grid.cli.output import Json, check_page, console, emit, table, waiting

if TYPE_CHECKING:
    from collections.abc import Callable

    from cell2grid.run.market_case import Answer

    Number = Callable[[float | None], str]

_LEFT, _RIGHT = "left", "right"
_WIDEST = 6  # regions beside one another in a table
_ROUNDING = 1e-9
_MOST_DIGITS = 1e15


def register(app: typer.Typer) -> None:
    """Add the command of this file to the app."""
    app.command("market")(market)


def market(
    case: Annotated[str, typer.Argument(metavar="CASE.yaml", help="A case file: regions, firms, freight and duties.")],
    method: Annotated[
        Literal["auto", "complementarity", "clarabel"],
        typer.Option(help="auto takes the fastest that is right; the others judge it."),
    ] = "auto",
    check: Annotated[
        bool, typer.Option("--check", help="Solve it by an independent method too, and tell the difference.")
    ] = False,
    price_war: Annotated[
        bool, typer.Option("--price-war", help="Who is pivotal, and the prices where nobody holds back.")
    ] = False,
    page: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write a page with the supply stack of each region.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Who sells what where at which price: the equilibrium of firms with plants, freight and duties in between.

    A case has plain numbers, in one currency and one unit of quantity.
    """
    from cell2grid.run.market_case import solve_case
    from cell2grid.study.case_file import read_case

    check_page(page)
    told = read_case(case)
    with waiting("market"):
        answer = solve_case(told, method=method, check=check, price_war=price_war)
        document = answer.document
        document["case"] = document["case"] or Path(case).stem
        if page is not None:
            from cell2grid.cli.market_page import market_page

            document["page"] = str(market_page(answer, page))
    emit(document, as_json, lambda: _say(answer))


def _say(answer: Answer) -> None:
    document = answer.document
    number = partial(_number, least=_least(document))
    _say_regions(document, number)
    _say_sales(document, number)
    _say_plants(document, number)
    if document["price_war"] is not None:
        _say_war(document, number)
    for line in [*_judged(document), *document["notes"]]:
        console().print(f"• {line}", markup=False)
    if "page" in document:
        console().print(f"page: {document['page']}", markup=False)


def _say_regions(document: dict[str, Any], number: Number) -> None:
    columns = {"region": _LEFT, "price": _RIGHT, "sold": _RIGHT, "consumer surplus": _RIGHT, "duties": _RIGHT}
    columns |= {"CR4": _RIGHT, "HHI": _RIGHT}
    rows = [
        (
            name,
            number(price),
            number(document["quantities"][name]),
            number(document["consumer_surplus"][name]),
            number(document["duty_revenue"][name]),
            _percent(document["cr4"][name]),
            "–" if document["hhi"][name] is None else f"{document['hhi'][name]:,.0f}",
        )
        for name, price in document["prices"].items()
    ]
    money, item = document["currency"], document["item"]
    told = f" (money in {money}" if money else ""
    told += ("; " if told else " (") + f"quantities in {item}" if item else ""
    table(f"{document['case']}: prices{told}{')' if told else ''}", columns, rows)


def _say_sales(document: dict[str, Any], number: Number) -> None:
    """Sales and shares of each firm by region, the largest regions side by side."""
    sold = document["quantities"]
    regions = sorted(sold, key=lambda name: -sold[name])[:_WIDEST]
    shown = [name for name in sold if name in regions]
    columns = {"firm": _LEFT, **dict.fromkeys(shown, _RIGHT), "in all": _RIGHT, "profit": _RIGHT}
    rows = []
    for firm, sales in document["sales"].items():
        cells = [_cell(document, number, firm, name) for name in shown]
        known = None not in sales.values()
        rows.append((firm, *cells, number(sum(sales.values()) if known else None), number(document["profits"][firm])))
    left = len(sold) - len(shown)
    table(f"Who sells where{f'; {left} more regions are in the JSON' if left else ''}", columns, rows)


def _cell(document: dict[str, Any], number: Number, firm: str, region: str) -> str:
    """What a firm sells in a region with its share, or between what, where that is not told by the prices."""
    if document["sales"][firm][region] is None and document["sales_range"] is None:
        return number(None)
    if document["sales"][firm][region] is None:
        return " to ".join(number(end) for end in document["sales_range"][firm][region])
    share = document["shares"][firm][region]
    return f"{number(document['sales'][firm][region])}" + ("" if not share else f" ({share:.1%})")


def _say_plants(document: dict[str, Any], number: Number) -> None:
    columns = {"plant": _LEFT, "firm": _LEFT, "in": _LEFT, "output": _RIGHT, "capacity": _RIGHT, "in use": _RIGHT}
    columns |= {"one more brings": _RIGHT, "profit": _RIGHT, "margin": _RIGHT}
    rows = [
        (
            one["plant"],
            one["firm"],
            one["region"],
            number(one["output"]) if one["output_range"] is None else " to ".join(map(number, one["output_range"])),
            "no limit" if one["capacity"] is None else number(one["capacity"]),
            _percent(one["utilisation"]),
            number(one["scarcity"]),
            number(one["profit"]),
            _percent(one["margin"]),
        )
        for one in document["plants"]
    ]
    table("Plants", columns, rows)


def _say_war(document: dict[str, Any], number: Number) -> None:
    war = document["price_war"]
    columns = {"region": _LEFT, "price": _RIGHT, "where nobody holds back": _RIGHT, "sold then": _RIGHT}
    columns |= {"pivotal": _LEFT, "price without it": _RIGHT}
    rows = []
    for one in war["regions"]:
        name = one["region"]
        without = [one["price_without"][firm] for firm in one["pivotal"]]
        told = ", ".join("none" if price is None else number(price) for price in without[:4])
        rows.append(
            (
                name,
                number(document["prices"][name]),
                number(one["floor"]),
                number(war["quantities"][name]),
                ", ".join(one["pivotal"][:4]) + (", …" if len(one["pivotal"]) > 4 else "") or "nobody",
                told + (", …" if len(without) > 4 else ""),
            )
        )
    table("Price war", columns, rows)
    for one in war["regions"]:
        console().print(f"• {_verdict(one, document['prices'][one['region']], number)}", markup=False)
    if war["utilisation"] is not None:
        largest = max(war["capacity_shares"].values())
        told = f"{war['utilisation']:.1%} of all capacity is in use: a firm would be pivotal with more than"
        told = f"• Where nobody holds back {told} {war['largest_share']:.1%} of it"
        console().print(f"{told}, and the largest has {largest:.1%}.", markup=False)


def _verdict(one: dict[str, Any], price: float | None, number: Number) -> str:
    """What a price war ends in, in a sentence."""
    where, floor = one["region"], number(one["floor"])
    if price is None or one["floor"] is None:
        return f"Nobody can sell in '{where}'."
    if one["floor"] >= price * (1.0 - 1e-9):
        return f"A price war in '{where}' would not lower the price: where nobody holds back it is {floor}."
    if one["falls_to_floor"]:
        return f"A price war in '{where}' falls to {floor}: every firm's rivals could serve all its buyers at that."
    if one["ends_in"] == "no rest":
        low, high = number(one["lowest"]), number(one["highest"])
        return f"A price war in '{where}' finds no rest: prices move between {low} and {high}, and not down to {floor}."
    if one["ends_in"] == "capacity":
        return f"A price war in '{where}' ends at {number(one['highest'])}, where all sell all they can make."
    who = "firm is" if len(one["pivotal"]) == 1 else "firms are"
    told = f"A price war in '{where}' need not fall to {floor}: {len(one['pivotal'])} {who} pivotal"
    return f"{told}, of which rivals could not serve all buyers at that."


def _judged(document: dict[str, Any]) -> list[str]:
    """How far the answer can be relied on."""
    said = "the only" if document["unique"] else "not the only"
    held = f"Conditions of an equilibrium hold within {document['residual']:.1e} of a price"
    lines = [f"{held} ({document['method']}); these are {said} sales at these prices."]
    check = document["check"]
    if check is not None and check["method"] is None:
        lines.append(f"No independent check: {check['refused']}")
    elif check is not None:
        apart = check["sales_difference"]
        told = "" if apart is None else f", and sales within {apart:.1e} of what is sold"
        lines.append(
            f"{check['method']} finds the same prices within {check['price_difference']:.1e} of a price{told}."
        )
        if check["refused"]:
            lines.append(f"clarabel does not take this case: {check['refused']}")
    return lines


def _least(document: dict[str, Any]) -> float:
    """What is 0 but for rounding: small beside prices and quantities, whatever they are counted in."""
    found: list[float] = [abs(one) for key in ("prices", "quantities") for one in document[key].values() if one]
    return _ROUNDING * min([1.0, *found])


def _number(value: float | None, *, least: float = _ROUNDING) -> str:
    """A number with as many digits as a reader wants."""
    if value is None:
        return "–"
    if abs(value) < least:
        return "0"
    if abs(value) >= _MOST_DIGITS:
        return f"{value:.5g}"
    return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.1f}" if abs(value) >= 1000 else f"{value:.5g}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
