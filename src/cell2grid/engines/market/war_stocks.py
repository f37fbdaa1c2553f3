"""Stocks that are sold off in a price war: plants that make nothing and sell at no cost, beside those they belong to.

They are added before the market is solved and put together with their plants after. The war is in ``price_war.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

_ADDED_UP = ("sales", "plant_sales", "plant_profit")
_FREE = ("fixed_cost_rate", "cost_step", "cost_power_scale")


def with_stock_plants(arrays: xr.Dataset) -> tuple[xr.Dataset, NDArray[np.int64]]:
    """The arrays with a further plant for each that has stock to clear, and the places of the plants they are of."""
    import xarray as xr

    clearing = arrays["stock_clearing"].transpose("member", "plant", "term")
    places = np.flatnonzero(clearing.values.any(axis=(0, 2)))
    if not len(places):
        return arrays, places
    stock = arrays.isel(plant=places)
    stock = stock.assign_coords(plant=[f"{name} (stock)" for name in stock["plant"].values])
    stock = stock.assign({name: stock[name] * 0.0 for name in _FREE})
    width = stock["cost_step_width"].transpose("member", "plant", "step", "term").values.copy()
    width[:] = 0.0
    width[:, :, 0, :] = np.inf
    stock = stock.assign(
        sales_capacity=(clearing.dims, clearing.values[:, places]),
        cost_step_width=(("member", "plant", "step", "term"), width),
    )
    return xr.concat([arrays, stock], dim="plant", data_vars="minimal", join="exact"), places


def merged(one: xr.Dataset, solved: xr.Dataset, places: NDArray[np.int64]) -> xr.Dataset:
    """The results of plants with those of their stocks: sales and profit are added up, the margin is reckoned anew.

    Utilisation and scarcity stay those of what is made.
    """
    if not len(places):
        return solved
    making = solved.sizes["plant"] - len(places)
    own = solved.isel(plant=slice(0, making))
    changed = {}
    for name in _ADDED_UP:
        values = own[name].transpose("plant", ...).values.copy()
        np.add.at(values, places, solved[name].transpose("plant", ...).values[making:])
        changed[name] = (own[name].transpose("plant", ...).dims, values)
    own = own.assign(changed)
    revenue = (own["sales"] * own["market_price"]).sum("market")
    kept = own["plant_profit"] + one["fixed_cost_rate"].isel(plant=slice(0, making))
    return own.assign(plant_margin=(kept / revenue.where(revenue > 0.0)).transpose(*own["plant_margin"].dims))
