"""What a reader must know of a run's markets: how exactly they were solved, and what they leave out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.run.inputs.plant_kind import said
from cell2grid.run.market.borders import selling, ways
from cell2grid.run.market.choosing import logit_markets
from cell2grid.run.market.game import has_market
from cell2grid.run.market.terms import terms_of

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study


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
    return notes + _of_closures(arrays)


_MOST_TOLD = 10


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


def _of_study(study: Study) -> list[str]:
    plants, markets = selling(study)
    lanes = sorted({lane for _, _, lane in ways(study, plants, markets) if lane is not None})
    notes = []
    if any(study.lanes[number].lead_time.magnitude.high > 0.0 for number in lanes):
        notes.append("goods are sold in the term in which they are made; lead times count in the ledger alone")
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
            " sales; what firms earn of others is not counted there"
        )
    others = [name for name in study.markets if name not in markets]
    if others:
        notes.append(f"{', '.join(others)}: without price and elasticity, takes what its demand says before the others")
    return notes
