"""What an equilibrium of builds comes to, as rows: what firms earn, prices, what is made and sold, and what to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.run.plan.options import plan_of

if TYPE_CHECKING:
    from cell2grid.run.plan.profit import Built
    from cell2grid.run.plan.searching import Searched


def profit_rows(found: Built) -> list[dict[str, Any]]:
    """What each firm is worth at the horizon's start with what is built, and where nobody had built anything."""
    unit = found.inputs.currency
    return [
        {"firm": firm, "with_builds": worth, "without_builds": found.before[firm], "unit": unit}
        for firm, worth in found.worth.items()
    ]


def price_rows(found: Built) -> list[dict[str, Any]]:
    """The price of each market and term with what is built, and where nobody had built anything."""
    both = found.response.solved([found.found.way, found.found.ways.nothing()])
    price = both["market_price"].transpose("member", "market", "term").values
    study = found.inputs.study
    money = "" if study.competition is None else study.competition.currency
    rows = []
    for place, market in enumerate(found.response.game.markets):
        noun = study.products[study.markets[market].product].counted_in
        for term, label in enumerate(found.response.game.terms.labels):
            if np.isfinite(price[0, place, term]):
                numbers = {"with_builds": float(price[0, place, term]), "without_builds": float(price[1, place, term])}
                rows.append({"market": market, "term": label, **numbers, "unit": f"{money}/{noun}"})
    return rows


def sold_rows(found: Built) -> list[dict[str, Any]]:
    """Capacity and sales by firm, region and product in each term of the markets [item/year]."""
    solved = found.response.solved([found.found.way]).isel(member=0)
    study, options = found.inputs.study, plan_of(found.inputs.study).options
    sums: dict[tuple[str, str, str], Any] = {}
    for name in found.response.game.plants:
        own = solved.sel(plant=name)
        values = np.stack([own["sales_capacity"].values, own["plant_sales"].values])
        if name in options:
            key = (options[name].firm, options[name].region, options[name].makes)
        else:
            key = (study.plants[name].owner, study.plants[name].region, study.plants[name].makes)
        sums[key] = sums.get(key, 0.0) + values
    return [
        {
            "firm": firm, "region": region, "product": product, "term": label,
            "capacity": float(values[0, term]), "output": float(values[1, term]),
            "unit": f"{study.products[product].counted_in}/year",
        }
        for (firm, region, product), values in sums.items()
        for term, label in enumerate(found.response.game.terms.labels)
    ]  # fmt: skip


def _search_note(each: Searched) -> str:
    """What a firm with too many ways for all of them tried."""
    said = (
        f"plan: {each.firm} has {each.ways:,.3g} ways, of which {each.tried:,} were tried in the last pass: it gains"
        " by no other number of blocks in a decision, none elsewhere or at another time, no stretch in which a plant"
        " is in another state, nor by two of these at once"
    )
    return said if not each.pairs_left else f"{said} ({each.pairs_left:,} less promising pairs were not tried)"


def profit_notes(found: Built) -> list[str]:
    """What a reader must know of an equilibrium of builds."""
    passes = len(found.found.passes)
    notes = [f"plan: in the last of {passes} passes no firm changed a block and prices stood still"]
    notes += [_search_note(each) for each in found.found.searched if not each.whole]
    if found.other is not None:
        said = found.found.ways.words(found.other)
        notes.append(f"plan: there is another equilibrium, where firms move in the other order: {said}")
    above = found.response.paid_above_cost(found.found.way)
    if above:
        notes.append(
            f"plan: {', '.join(above)}: more is paid for an item than it costs to make; no more than that counts"
        )
    return notes + _limit_notes(found)


def _limit_notes(found: Built) -> list[str]:
    """What places under limits on sales are worth, or that the limits do not hold."""
    limited = found.inputs.labels.sales_limit
    if limited and found.response.limits is None:
        return [f"plan: {', '.join(limited)}: does not bind what firms sell in a price war"]
    rows = place_rows(found)
    notes = []
    for name in dict.fromkeys(row["limit"] for row in rows):
        most = max((row for row in rows if row["limit"] == name), key=lambda row: float(row["price"]))
        notes.append(
            f"plan: {name} is kept in the markets: a place under it is worth up to {most['price']:,.4g} {most['unit']},"
            f" in {most['term']}; who sells keeps that, as of a quota"
        )
    return notes


def place_rows(found: Built) -> list[dict[str, Any]]:
    """The price of a place under each limit on sales, in each term of the markets in which it binds."""
    limits, competition = found.response.limits, found.inputs.study.competition
    price = found.response.placed([found.found.way])[1]
    if limits is None or price is None or competition is None:
        return []
    rows, terms = zip(*np.argwhere(price[0] > 0.0), strict=True) if (price[0] > 0.0).any() else ((), ())
    labels, unit = found.response.game.terms.labels, f"{competition.currency}/{found.inputs.labels.item}"
    return [
        {"limit": limits.names[row], "term": labels[term], "price": float(price[0, row, term]), "unit": unit}
        for row, term in zip(rows, terms, strict=True)
    ]
