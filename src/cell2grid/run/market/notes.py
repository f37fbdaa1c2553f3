"""What a reader must know of a run's markets: how exactly they were solved, and what they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.inputs.plant_kind import said
from cell2grid.run.inputs.shocks import holds_up
from cell2grid.run.landing import applies
from cell2grid.run.market.borders import selling, ways
from cell2grid.run.market.choosing import logit_markets
from cell2grid.run.market.game import has_market
from cell2grid.run.market.terms import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Duty, Study


def market_notes(study: Study, arrays: xr.Dataset | None = None) -> list[str]:
    """The notes on a study's markets, and on what was found where ``arrays`` of a run are there; none without markets.

    >>> from cell2grid.study.loader import load_study
    >>> market_notes(load_study("giga-shanghai-2022").study)
    []
    """
    if not has_market(study):
        return []
    found = [] if arrays is None or "stationarity_residual" not in arrays else _of_solution(arrays)
    return [f"market: {text}" for text in (*found, *_of_study(study))]


def _of_solution(arrays: xr.Dataset) -> list[str]:
    residual = arrays["stationarity_residual"].values
    notes = [
        f"the conditions of an equilibrium are met to {float(np.nanmax(residual)):.2g} at worst, of"
        f" {residual.size:,} cases"
    ]
    many = arrays["unique_sales"].values < 0.5
    if many.any():
        notes.append(
            f"in {int(many.sum()):,} of {many.size:,} cases other sales would do at the same prices, so that who sells"
            " how much is one answer of several; prices, sales of markets and profits hold"
        )
    return notes + list(_of_gaps(arrays)) + _of_closures(arrays)


_MOST_TOLD = 10


def _of_gaps(arrays: xr.Dataset) -> Iterator[str]:
    """Markets in which nothing is sold in a term, and whether for want of a seller and a buyer or of a price."""
    sold: NDArray[np.float64] = arrays["market_sales"].transpose("market", "term", "member").values
    price = arrays["market_price"].transpose("market", "term", "member").values
    empty = ~(sold > 0.0)
    markets = np.flatnonzero(empty.any(axis=(1, 2)))
    for place in markets[:_MOST_TOLD]:
        terms = np.flatnonzero(empty[place].any(axis=1))
        when = str(arrays["term"].values[terms[0]])
        when += f" and in {len(terms) - 1} more" if len(terms) > 1 else ""
        shares = empty[place].mean(axis=1)[terms]
        part = "" if shares.min() == 1.0 else f" in up to {shares.max():.0%} of members"
        unpriced = np.isnan(price[place][empty[place]]).all()
        why = "what its first buyer would pay is less than any plant could deliver for"
        why = "no price then, as no plant can sell there or nobody asks for anything" if unpriced else why
        yield f"{arrays['market'].values[place]}: nothing is sold in {when}{part}; {why}"
    if len(markets) > _MOST_TOLD:
        yield f"nothing is sold at times in {len(markets) - _MOST_TOLD} more markets"


def _of_closures(arrays: xr.Dataset) -> list[str]:
    """Which plants a price war closes, in which part of the members and when."""
    if "plant_closed" not in arrays:
        return []
    shut: NDArray[np.float64] = arrays["plant_closed"].transpose("plant", "member", "term").values
    ever = shut.max(axis=2, initial=0.0) > 0.5
    told = []
    for place in np.argsort(-ever.mean(axis=1), kind="stable"):
        if not ever[place].any():
            break
        begins = np.sort(shut[place, ever[place]].argmax(axis=1))
        when = str(arrays["term"].values[begins[(len(begins) - 1) // 2]])
        part = f"in {ever[place].mean():.0%} of members"
        told.append(
            f"{arrays['plant'].values[place]} {part}{', half of them' if ever[place].sum() > 1 else ''} by {when}"
        )
    if not told:
        return ["price war: no plant sells below its cash cost for so long that it closes"]
    more = f"; and {len(told) - _MOST_TOLD} more plants" if len(told) > _MOST_TOLD else ""
    return [f"price war: plants that close for selling below cash cost: {'; '.join(told[:_MOST_TOLD])}{more}"]


def _of_shocks(study: Study, plants: Sequence[str], markets: Sequence[str]) -> list[str]:
    """How shocks count that hold goods up on their way to the markets."""
    abroad = [(row, column) for row, column, lane in ways(study, plants, markets) if lane is not None]
    sold = [(plants[row], study.plants[plants[row]], study.markets[markets[column]].region) for row, column in abroad]
    held = [
        f"shocks.{name}"
        for name, one in study.shocks.items()
        if one.leaves is not None
        and any(holds_up(one, name_of, plant.region, region, plant.makes) for name_of, plant, region in sold)
    ]
    if not held:
        return []
    if study.competition is not None and study.competition.price_war is not None:
        return [f"{', '.join(held)}: counts in the ledger alone, since a price war follows stocks from term to term"]
    names = ", ".join(held)
    notes = [
        f"{names}: sales over a way are no more than what it lets out within a term, and what waits at its end is not"
        " sold in the next"
    ]
    if logit_markets(study) or any(duty.quota is not None for duty in study.duties):
        notes.append(
            f"{names}: where firms set the prices of their own variants, or a quota holds, only a stop of a whole term"
            " counts"
        )
    return notes


def _of_undertakings(study: Study, plants: Sequence[str], markets: Sequence[str]) -> list[str]:
    """Which duties are paid besides a minimum price on the same goods at the same time."""
    found: dict[int, set[int]] = {}
    for row, column, lane in ways(study, plants, markets):
        plant, region = study.plants[plants[row]], study.markets[markets[column]].region
        levied = [] if lane is None else [n for n, duty in enumerate(study.duties) if applies(duty, plant, region)]
        for one in levied:
            if study.duties[one].minimum_price is not None:
                found.setdefault(one, set()).update(
                    other
                    for other in levied
                    if study.duties[other].minimum_price is None and _meet(study.duties[one], study.duties[other])
                )
    return [
        f"duties.{one}: besides the minimum price {', '.join(f'duties.{other}' for other in sorted(others))}"
        f" {'is' if len(others) == 1 else 'are'} paid on the same goods, as an ordinary customs duty is; one that the"
        " undertaking replaces must name the firms that still pay it"
        for one, others in sorted(found.items())
        if others
    ]


def _meet(one: Duty, other: Duty) -> bool:
    """Whether two duties are in force on one day."""
    first, second = sorted((one, other), key=lambda duty: duty.start.first)
    return first.end is None or second.start.first <= first.end.last


def _of_study(study: Study) -> list[str]:
    plants, markets = selling(study)
    lanes = sorted({lane for _, _, lane in ways(study, plants, markets) if lane is not None})
    notes = []
    late = any(study.lanes[number].lead_time.magnitude.high > 0.0 for number in lanes)
    delayed = any(one.delay is not None for one in study.shocks.values())
    if late or delayed:
        what = "lead times and delays" if delayed else "lead times"
        notes.append(f"goods are sold in the term in which they are made; {what} count in the ledger alone")
    notes += _of_shocks(study, plants, markets)
    notes += _of_undertakings(study, plants, markets)
    free = [f"lanes.{number}" for number in lanes if study.lanes[number].cost is None]
    if free:
        notes.append(f"{', '.join(free)}: no cost is given, so that carrying is free")
    partial = terms_of(study).partial()
    if partial:
        notes.append(f"{', '.join(partial)}: the horizon holds a part of the year, told as the rate of a whole one")
    learning = [name for name in plants if getattr(said(study, name, "ramp").value, "curve", None) == "learning"]
    if learning:
        notes.append(f"{', '.join(learning)}: learns by making, and can sell as if it had made all that it could")
    groups = [", ".join(group) for group in logit_markets(study)]
    if groups:
        notes.append(
            f"{'; '.join(groups)}: each firm sets the price of its own variant, and the price told is their mean by"
            " sales"
        )
    others = [name for name in study.markets if name not in markets]
    if others:
        notes.append(f"{', '.join(others)}: without price and elasticity, takes what its demand says before the others")
    return notes
