"""A case file through the market engine: the equilibrium, a second one by another method, and all of it as a document.

What is said of a price war is in ``war.py``, the table of the chart in ``stack.py``. Studies with dates go through
``run/market``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cell2grid.errors import InputError, NotConvergedError
from cell2grid.run.market_case.naming import by_name, number, sales_of
from cell2grid.run.market_case.notes import notes
from cell2grid.run.market_case.ranges import tell_ranges
from cell2grid.run.market_case.war import war_document
from cell2grid.study.case_arrays import case_arrays, plants_of

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.market.game import Equilibrium, Game
    from cell2grid.study.case_file import CaseFile

METHODS = ("auto", "complementarity", "clarabel")
_DUST = 1e-14  # of what is sold in the market


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A case, what the engine read of it and found, and what is told of it.

    ``document`` is what ``cell2grid market --json`` prints.
    """

    case: CaseFile
    arrays: xr.Dataset
    solved: xr.Dataset
    document: dict[str, Any]


def solve_case(case: CaseFile, *, method: str = "auto", check: bool = False, price_war: bool = False) -> Answer:
    """The equilibrium of a case.

    Parameters
    ----------
    method
        ``auto``: the fastest method that is right for the case. ``complementarity`` and ``clarabel`` are those that
        judge it.
    check
        Solve it by an independent method too, and tell how far both are apart.
    price_war
        Tell which firms are pivotal, and the equilibrium where all take the price as it is.

    Raises
    ------
    NotConvergedError
        No equilibrium was found within the bound of the residual.
    InputError
        ``clarabel`` was asked for, and the case is no convex programme; or there is no such method.

    >>> from cell2grid.study.case_file import parse_case
    >>> found = solve_case(parse_case('''
    ... regions: {home: {demand: {form: linear, intercept: 100, slope: 1}}}
    ... firms: {one: {plants: {works: {region: home, cost: {constant: 20}}}}}
    ... '''))
    >>> found.document["prices"], found.document["sales"]
    ({'home': 60.0}, {'one': {'home': 40.0}})
    """
    if method not in METHODS:
        raise InputError(f"method is '{method}', expected one of {', '.join(METHODS)}")
    arrays = case_arrays(case)
    game, found, solved = _solved(case, arrays, method)
    document = _document(case, arrays, solved)
    document["method"] = _name(found)
    if not document["unique"]:
        tell_ranges(case, game, found, document)
    if check:
        document["check"] = _checked(case, game, found)
    if price_war:
        document["price_war"] = war_document(case, arrays)
    document["notes"] = notes(case, arrays, solved, document)
    return Answer(case, arrays, solved, document)


def _solved(case: CaseFile, arrays: xr.Dataset, method: str) -> tuple[Game, Equilibrium, xr.Dataset]:
    """The game, its equilibrium by a method, and all that follows from it."""
    from cell2grid.engines.market.arrays import by_case, game_of, written
    from cell2grid.engines.market.checks import check
    from cell2grid.engines.market.telling import told

    check(arrays)
    game = game_of(arrays)
    found = _by(case, game, method)
    return game, found, written(arrays, told(game, found, by_case(arrays, "fixed_cost_rate")))


def _by(case: CaseFile, game: Game, method: str) -> Equilibrium:
    """The equilibrium by a method, refused where its residual is above the engine's bound."""
    from cell2grid.engines.market.clarabel_form import clarabel
    from cell2grid.engines.market.ranges import unique
    from cell2grid.engines.market.residual import goods_of_markets
    from cell2grid.engines.market.solving import MOST_RESIDUAL, solve_game

    if method != "clarabel":
        asked: Literal["auto", "complementarity"] = "complementarity" if method == "complementarity" else "auto"
        found = solve_game(game, method=asked, named=_named, markets=case.markets())
        # what an interior-point method leaves of a sale that is none would have a share and a margin
        dust = found.sales <= _DUST * goods_of_markets(game, found.sales.sum(axis=1))[:, None]
        found = found._replace(sales=np.where(dust, 0.0, found.sales))
        # the search says 0 where it did not find its last digits too; linear programmes tell these apart
        return found if found.unique.all() else found._replace(unique=unique(game, found))
    try:
        found = clarabel(game)
    except InputError as error:
        raise InputError(_with_names(error.message, case)) from None
    if not float(found.residual[0]) <= MOST_RESIDUAL:
        text = f"Clarabel's answer is {float(found.residual[0]):.3g} of a price off the conditions of an equilibrium"
        raise NotConvergedError(f"{text}, above {MOST_RESIDUAL:g}; take --method complementarity")
    return found


def _named(case: int) -> str:
    return "the case"


def _with_names(text: str, case: CaseFile) -> str:
    """A message of the engine, which counts markets and firms, with their names."""
    names = {"market": case.markets(), "firm": list(case.firms)}

    def name(match: re.Match[str]) -> str:
        known = names[match[1]]
        return f"'{known[int(match[2])]}'" if int(match[2]) < len(known) else match[0]

    text = re.sub(r"\bmarkets (\d+) and (\d+)", r"market \1 and market \2", text)
    return re.sub(r"\b(market|firm) (\d+)\b", name, text)


def _name(found: Equilibrium) -> str:
    from cell2grid.engines.market.game import METHODS

    return METHODS[int(found.method[0])]


def _checked(case: CaseFile, game: Game, found: Equilibrium) -> dict[str, Any]:
    """How far an independent method is from the answer: Clarabel's convex programme, or the complementarity problem.

    Sales are held against each other where they are unique. What a method refuses is told in its words.
    """
    from cell2grid.engines.market.residual import goods_of_markets

    first = _name(found)
    refused = None
    for method in ("clarabel", "complementarity"):
        if method == first:
            continue
        try:
            other = _by(case, game, method)
        except (InputError, NotConvergedError) as error:
            refused = refused or error.message
            continue
        priced = np.isfinite(found.price) & (found.price > 0.0)
        apart = np.abs(other.price - found.price)[priced] / found.price[priced]
        goods = goods_of_markets(game, found.sales.sum(axis=1))[:, None]
        sales = float((np.abs(other.sales - found.sales) / goods).max()) if found.unique[0] else None
        return {
            "method": method,
            "price_difference": float(apart.max(initial=0.0)),
            "sales_difference": sales,
            "residual": float(other.residual[0]),
            "refused": refused,
        }
    none = {"method": None, "price_difference": None, "sales_difference": None, "residual": None}
    return {**none, "refused": refused or "no other method takes this case"}


def _document(case: CaseFile, arrays: xr.Dataset, solved: xr.Dataset) -> dict[str, Any]:
    """What is printed of the equilibrium, without the price war and the notes."""
    one = solved.isel(member=0, term=0)
    markets, firms = case.markets(), list(case.firms)
    shares = one["market_share"].transpose("firm", "market").values
    bought = one["market_sales"].values
    return {
        "case": case.case,
        "currency": case.currency,
        "item": case.item,
        "prices": by_name(markets, one["market_price"].values),
        "quantities": by_name(markets, bought),
        "sales": sales_of(case, one),
        "shares": {firm: by_name(markets, np.where(bought > 0.0, shares[i], np.nan)) for i, firm in enumerate(firms)},
        "revenues": by_name(firms, one["firm_revenue"].values),
        "profits": by_name(firms, one["firm_profit"].values),
        "consumer_surplus": by_name(markets, one["consumer_surplus"].values),
        "duty_revenue": by_name(markets, one["duty_revenue"].values),
        "cr4": by_name(markets, np.where(bought > 0.0, one["market_cr4"].values, np.nan)),
        "hhi": by_name(markets, np.where(bought > 0.0, one["market_hhi"].values, np.nan)),
        "plants": _plants(case, arrays, one),
        "licences": by_name([str(name) for name in arrays["quota"].values], one["licence_price"].values),
        "residual": float(solved["stationarity_residual"].item()),
        "unique": bool(one["unique_sales"].item() > 0.5),
        "method": None,
        "sales_range": None,
        "shares_range": None,
        "check": None,
        "price_war": None,
        "notes": [],
    }


def _plants(case: CaseFile, arrays: xr.Dataset, one: xr.Dataset) -> list[dict[str, Any]]:
    sales = one["sales"].transpose("plant", "market").values
    found = []
    for j, (firm, name, plant) in enumerate(plants_of(case)):
        found.append(
            {
                "firm": firm,
                "plant": name,
                "region": plant.region,
                "output": float(one["plant_sales"][j]),
                "output_range": None,
                "capacity": number(arrays["sales_capacity"].values[0, j, 0]),
                "utilisation": number(one["sales_utilisation"][j]),
                "sales": by_name(case.markets(), sales[j]),
                "profit": float(one["plant_profit"][j]),
                "margin": number(one["plant_margin"][j]),
                "scarcity": float(one["scarcity_rent"][j]),
            }
        )
    return found
