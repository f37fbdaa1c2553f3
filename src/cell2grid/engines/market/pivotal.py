"""Whether a price war ends at marginal cost: what the price-taking price would be without each of the firms.

The same test for one market with one cost is ``formulas/bertrand_edgeworth.py``; here costs differ, goods travel, and
capacity that serves one market is not there for another. The course of a war is in ``price_war.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines import market
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

READS = market.READS
WRITES = ("pivotal_firm", "price_floor", "price_without", "rivals_cover")
_ROUNDING = 1e-6


def pivotal_firms(arrays: xr.Dataset) -> xr.Dataset:
    """Which firms are pivotal in which market: the WRITES, for every member and term.

    ``price_floor`` is the price where all take it as it is. A firm is pivotal in a market where that price were higher
    without its plants: its rivals' capacity does not cover demand there, and it gains by asking for more. Where nobody
    is, a price war ends at the floor. ``price_without`` is missing where a market without the firm has no price, as of
    iso-elastic demand that nobody else can reach.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit.

    The equations are on the formulation page ``price-war``.
    """
    import xarray as xr

    require(arrays, READS, of="pivotal firms")
    free = arrays[list(READS)].assign(conduct=arrays["conduct"] * 0.0)
    solved = market.solve(free)
    floor, demand = (
        solved[name].transpose("member", "market", "term").values for name in ("market_price", "market_sales")
    )
    firms = arrays["firm"].values
    without = np.stack([_price_without(free, firm) for firm in firms], axis=1)
    supply = _supply(free, floor)
    owned = (arrays["decides"].values[None, :] == firms[:, None]).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        others = np.stack([supply[:, rivals].sum(axis=1) for rivals in owned < 0.5], axis=1)
        cover = np.where(demand[:, None] > 0.0, others / demand[:, None], np.inf)
        higher = ~(without <= floor[:, None] * (1.0 + _ROUNDING))
    values = {"price_floor": floor, "price_without": without, "rivals_cover": cover, "pivotal_firm": higher * 1.0}
    coords = {dim: arrays[dim] for dim in ("member", "firm", "market", "term") if dim in arrays.coords}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))


def _price_without(free: xr.Dataset, firm: str) -> NDArray[np.float64]:
    """Prices (member, market, term) where the firm's plants do not sell; nan where a market has none then."""
    gone = free["decides"].values == firm
    freight = free["selling_freight"].transpose("member", "plant", "market", "term").values.copy()
    capacity = free["sales_capacity"].transpose("member", "plant", "term").values.copy()
    able = np.isfinite(freight) & (capacity[:, :, None, :] > 0.0)
    # iso-elastic demand without a seller has no price: there the firm stays, so that the other markets have theirs
    bare = ~able[:, ~gone].any(axis=1) & (free["demand_form"].values == "isoelastic")[None, :, None]
    freight[:, gone] = np.where(bare[:, None], freight[:, gone], np.nan)
    capacity[:, gone] = np.where(bare.any(axis=1)[:, None], capacity[:, gone], 0.0)
    shown = free.assign(
        selling_freight=(("member", "plant", "market", "term"), freight),
        sales_capacity=(("member", "plant", "term"), capacity),
    )
    price = market.solve(shown)["market_price"].transpose("member", "market", "term").values
    found: NDArray[np.float64] = np.where(bare, np.nan, price)
    return found


def _supply(free: xr.Dataset, price: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each plant could sell in each market at these prices, if nowhere else (member, plant, market, term)."""
    lanes = ("member", "plant", "market", "term")
    freight, on_cost, on_price, amount = (
        free[name].transpose(*lanes).values
        for name in ("selling_freight", "duty_on_cost", "duty_on_price", "duty_amount")
    )
    left = (price[:, None] / (1.0 + on_price) - amount) / (1.0 + on_cost) - freight
    left = np.where(np.isfinite(left), left + _ROUNDING * price[:, None], -np.inf)
    ends = np.cumsum(free["cost_step_width"].transpose("member", "plant", "step", "term").values, axis=2)
    cost = free["cost_step"].transpose("member", "plant", "step", "term").values
    scale = free["cost_power_scale"].transpose("member", "plant", "term").values[:, :, None]
    power = free["cost_power"].transpose("member", "plant", "term").values[:, :, None]
    found = np.zeros(left.shape)
    for step in range(cost.shape[2]):
        above = left - cost[:, :, step][:, :, None]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            reach = np.where(scale > 0.0, np.maximum(above, 0.0) ** (1.0 / power) / scale, np.inf)
        here = np.minimum(reach, ends[:, :, step][:, :, None])
        found = np.where(above >= 0.0, np.maximum(found, here), found)
    capacity = free["sales_capacity"].transpose("member", "plant", "term").values[:, :, None]
    least: NDArray[np.float64] = np.minimum(found, capacity)
    return least
