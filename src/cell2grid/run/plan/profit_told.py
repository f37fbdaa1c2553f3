"""What an equilibrium of builds comes to, as rows: what firms earn, prices, what is made and sold, and what to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.run.plan.options import plan_of
from cell2grid.run.plan.profit import blocks_in_words

if TYPE_CHECKING:
    from cell2grid.run.plan.profit import Built
    from cell2grid.study.model import Study


def profit_rows(found: Built) -> list[dict[str, Any]]:
    """What each firm is worth at the horizon's start with what is built, and where nobody had built anything."""
    unit = found.inputs.currency
    return [
        {"firm": firm, "with_builds": worth, "without_builds": found.before[firm], "unit": unit}
        for firm, worth in found.worth.items()
    ]


def price_rows(found: Built) -> list[dict[str, Any]]:
    """The price of each market and term with what is built, and where nobody had built anything."""
    both = found.response.solved([found.found.built, np.zeros_like(found.found.built)])
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
    solved = found.response.solved([found.found.built]).isel(member=0)
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


def profit_notes(study: Study, found: Built) -> list[str]:
    """What a reader must know of an equilibrium of builds."""
    plan, notes = plan_of(study), []
    passes = len(found.found.passes)
    notes.append(f"plan: in the last of {passes} passes no firm changed a block and prices stood still")
    if not found.found.all_tried:
        notes.append("plan: no firm gains by one block more, fewer, elsewhere or at another time; no more was tried")
    if found.other is not None:
        said = blocks_in_words(found.inputs, found.other)
        notes.append(f"plan: there is another equilibrium, where firms move in the other order: {said}")
    if plan.standing:
        notes.append("plan: firms decide on what to build; plants that stand stay open")
    left = sorted({limit.kind for limit in plan.limits} & {"local-content", "exports", "sales"})
    if left:
        notes.append(f"plan: limits on {' and '.join(left)} do not bind what firms sell in markets with prices")
    return notes
