"""What is told of a price war in a case: who is pivotal, and the equilibrium where all take the price as it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.engines import market
from cell2grid.engines.market.pivotal import pivotal_firms
from cell2grid.formulas.bertrand_edgeworth import pivotal, war_prices
from cell2grid.run.market_case.naming import by_name, number, sales_of
from cell2grid.study.case_arrays import plants_of

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.study.case_file import CaseFile


def war_document(case: CaseFile, arrays: xr.Dataset) -> dict[str, Any]:
    """The test of Bertrand and Edgeworth by region, over all regions together, and the price-taking equilibrium.

    Raises
    ------
    NotConvergedError
        An equilibrium without one of the firms was not found.
    """
    found = pivotal_firms(arrays).isel(member=0, term=0)
    peace = arrays.assign(conduct=arrays["conduct"] * 0.0)
    solved = market.solve(peace).isel(member=0, term=0)
    markets, firms = case.markets(), list(case.firms)
    bought = solved["market_sales"].values
    unique = bool(solved["unique_sales"].item() > 0.5)
    return {
        "prices": by_name(markets, found["price_floor"].values),
        "quantities": by_name(markets, bought),
        "sales": sales_of(case, solved) if unique else None,
        "profits": by_name(firms, solved["firm_profit"].values) if unique else None,
        "regions": [_region(case, arrays, found, m) for m in range(len(markets))],
        **_whole(case, arrays, float(bought.sum())),
    }


def _region(case: CaseFile, arrays: xr.Dataset, found: xr.Dataset, m: int) -> dict[str, Any]:
    cover, without, is_pivotal = (
        found[name].transpose("firm", "market").values[:, m]
        for name in ("rivals_cover", "price_without", "pivotal_firm")
    )
    fought = _between(case, arrays, m)
    return {
        "region": case.markets()[m],
        "floor": number(found["price_floor"][m]),
        "falls_to_floor": not (is_pivotal > 0.5).any(),
        "pivotal": [firm for firm, one in zip(case.firms, is_pivotal, strict=True) if one > 0.5],
        "cover": by_name(list(case.firms), cover),
        "price_without": by_name(list(case.firms), without),
        **fought,
    }


def _between(case: CaseFile, arrays: xr.Dataset, m: int) -> dict[str, Any]:
    """Between which prices a war is fought, where theory says so: one cost for all, linear demand, no other market."""
    demand = case.regions[case.markets()[m]].demand
    lanes = np.isfinite(arrays["selling_freight"].transpose("plant", "market", "member", "term").values[..., 0, 0])
    selling = lanes[:, m]
    costs = _delivered(arrays, m)[selling]
    alone = not lanes[selling][:, np.arange(lanes.shape[1]) != m].any()
    capacity = arrays["sales_capacity"].values[0, :, 0]
    unlike = case.stakes or arrays.sizes["quota"] or np.isfinite(arrays["least_price"].values[0, :, m, 0]).any()
    if demand is None or demand.intercept is None or demand.slope is None or not alone or unlike:
        return {"ends_in": None, "lowest": None, "highest": None}
    if np.isnan(costs).any() or np.ptp(costs) > 0.0 or not costs[0] < demand.intercept:
        return {"ends_in": None, "lowest": None, "highest": None}
    decides = arrays["decides"].values
    owned = [float(capacity[selling & (decides == firm)].sum()) for firm in dict.fromkeys(decides[selling])]
    prices = war_prices(owned, float(costs[0]), demand.intercept, demand.slope)
    return {"ends_in": prices.ends_in, "lowest": prices.low, "highest": prices.high}


def _delivered(arrays: xr.Dataset, m: int) -> Any:
    """The delivered cost of each plant in a market, where it is one number; else nan."""
    one = arrays.isel(member=0, term=0)
    lane = one.isel(market=m)
    steps = one["cost_step"].transpose("plant", "step").values
    used = one["cost_step_width"].transpose("plant", "step").values > 0.0
    single = (used.sum(axis=1) == 1) & (one["cost_power_scale"].values == 0.0)
    made = lane["duty_on_cost"].values, lane["duty_on_price"].values, lane["duty_amount"].values
    cost = ((steps[:, 0] + lane["selling_freight"].values) * (1.0 + made[0]) + made[2]) * (1.0 + made[1])
    return np.where(single, cost, np.nan)


def _whole(case: CaseFile, arrays: xr.Dataset, bought: float) -> dict[str, Any]:
    """Capacity and demand of all regions together, and the part of capacity above which a firm is pivotal."""
    capacity = arrays["sales_capacity"].values[0, :, 0]
    whole = float(capacity.sum())
    if not math.isfinite(whole) or whole <= 0.0:
        return {"capacity": None, "utilisation": None, "largest_share": None, "capacity_shares": None}
    places = {firm: [j for j, row in enumerate(plants_of(case)) if row[0] == firm] for firm in case.firms}
    owned = {firm: float(capacity[place].sum()) for firm, place in places.items()}
    test = pivotal(list(owned.values()), bought)
    return {
        "capacity": whole,
        "utilisation": bought / whole,
        "largest_share": test.largest_share,
        "capacity_shares": {firm: part / whole for firm, part in owned.items()},
    }
