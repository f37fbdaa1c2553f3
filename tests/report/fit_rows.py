"""Invented rows of the tables of a fit and of a tornado of markets."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cell2grid.results import TABLES


def fit_rows() -> dict[str, pd.DataFrame]:
    """One unknown that is told, and one that is not; a tornado of a price and of a share."""
    told = {"figure": "plants.fjord.marginal_cost", "title": "What a cube costs", "unit": "EUR/container"}
    told |= {"written": 90.0, "value": 100.0, "low": 88.0, "high": 112.0, "open_low": False, "open_high": False}
    told |= {"at_bound": False, "identified": True, "p2_5": 85.0, "p97_5": 116.0, "against_title": None}
    told |= {"says": "What a cube costs: 100 EUR/container"}
    told |= dict.fromkeys(("against_below", "against_below_low", "against_below_high", "against_share"), float("nan"))
    blind = {**told, "figure": "plants.fjord.capacity", "title": "plants.fjord.capacity", "unit": "container/year"}
    blind |= {"open_low": True, "open_high": True, "identified": False}
    seen = {"name": "first", "observed": 46.0, "deviation": 0.5, "modelled": 46.1, "p2_5": 45.0, "p10": 45.4}
    seen |= {"p90": 46.7, "p97_5": 47.1, "inside_95": True, "used": True, "unit": "percent"}
    points = [
        {"figure": row["figure"], "title": row["title"], "value": value, "rise": rise, "unit": row["unit"]}
        for row, scale in ((told, 1.0), (blind, 0.01))
        for value in (80.0, 90.0, 100.0, 110.0, 120.0)
        for rise in (scale * ((value - 100.0) / 6.0) ** 2,)
    ]
    return {
        "fit": _frame("fit", [told, blind]),
        "fit_observations": _frame("fit_observations", [seen]),
        "fit_profile": _frame("fit_profile", points),
        "market_tornado": _frame("market_tornado", _bars()),
    }


def _bars() -> list[dict[str, Any]]:
    cost = {"figure": "plants.fjord.marginal_cost", "text": "80 .. 120 EUR/container", "unit": "EUR/container"}
    price = {"result": "market_price:rest:2031", "result_unit": "EUR/container", **cost, "low": 80.0, "high": 120.0}
    price |= {"at_low": 140.0, "at_high": 160.0, "middle": 150.0, "swung": False}
    lost = {**price, "figure": "markets.rest.demand.0.elasticity", "unit": "ratio", "low": 0.5, "high": 2.0}
    lost |= {"at_low": float("nan"), "at_high": 145.0}
    share = {**price, "result": "market_share:fjordkraft-celler", "result_unit": "ratio"}
    return [price, lost, {**share, "at_low": 0.6, "at_high": 0.4, "middle": 0.5}]


def _frame(name: str, found: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(found, columns=list(TABLES[name]))
