"""What plants can bring to a study's markets, from the engines of production; and how the ledger follows the markets.

A plant can sell what its stock would grow to in the ledger if nothing went to these markets: all that it could finish,
less what orders, other plants and markets without prices take. A plant that learns by making is taken to learn as if it
made all that it can. Once the markets are solved, plants start as much less as they sell less, and each market asks in
each month for what was sold to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines import engine
from cell2grid.nomenclature import labelled
from cell2grid.run.market.terms import MONTHS_A_YEAR

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.run.market.terms import Terms

SCALES = ("ramp", "availability", "shutdown_scale", "outage_scale", "shift_scale", "shock_scale", "yield_rate")
_MONTHLY = ("member", "plant", "period")
_FINE = 1e-9  # of a plant's own measure


def free_output(arrays: xr.Dataset, plants: list[str], markets: list[str]) -> NDArray[np.float64]:
    """What each plant of the game could sell in each month [item/month] (member, plant, period).

    Parameters
    ----------
    arrays
        What ``supply`` reads, with the writes of ``capability``.
    """
    if _straight(arrays, plants, markets):
        potential = arrays["capacity"].sel(plant=plants).transpose(*_MONTHLY).values.copy()
        for name in SCALES:
            potential *= arrays[name].sel(plant=plants).transpose(*_MONTHLY).values
        return potential
    unsold = arrays["market_demand"].copy()
    unsold.loc[{"market": markets}] = 0.0
    limit = arrays["stock_limit"].copy()
    limit.loc[{"plant": plants}] = np.inf
    stock = engine("supply").solve(arrays.assign(market_demand=unsold, stock_limit=limit))["stock"]
    kept = stock.sel(plant=plants).transpose(*_MONTHLY).values
    # what orders take of earlier months' stock, these would have sold: later months have to make it first
    most = np.maximum.accumulate(kept, axis=-1)
    grown: NDArray[np.float64] = np.diff(most, axis=-1, prepend=0.0)
    return grown


def _straight(arrays: xr.Dataset, plants: list[str], markets: list[str]) -> bool:
    """Whether all that the plants start comes off the line in the same month, and goes to these markets alone."""
    of_plants = arrays.sel(plant=plants)
    elsewhere = [
        str(name)
        for name, product in zip(arrays["market"].values, arrays["market_product"].values, strict=True)
        if str(name) not in markets and product in of_plants["makes"].values
    ]
    taken = (arrays["input_per_item"] > 0.0).any()
    ordered = np.isin(arrays["order_plant"].values, plants).any()
    waits = (of_plants["process_time"] > 0.0).any() or of_plants["learning_items"].notnull().any()
    return not (elsewhere or bool(taken) or bool(ordered) or bool(waits))


def capacity_values(free: NDArray[np.float64], nameplate: NDArray[np.float64], terms: Terms) -> dict[str, object]:
    """``sales_capacity`` and ``nameplate_capacity`` by member, plant and term, from items in each month."""
    dims = ("member", "plant", "term")
    return {
        "sales_capacity": (dims, MONTHS_A_YEAR * terms.mean(free)),
        "nameplate_capacity": (dims, MONTHS_A_YEAR * terms.mean(nameplate)),
    }


def followed(arrays: xr.Dataset, found: xr.Dataset, free: NDArray[np.float64], terms: Terms) -> xr.Dataset:
    """The arrays of ``supply`` in which plants start what the markets ask for, and markets take what was sold to them.

    ``found`` holds the writes of ``market`` with ``sales_capacity``; both by the labels of the game.
    """
    import xarray as xr

    plants, markets = ([str(name) for name in found[dim].values] for dim in ("plant", "market"))
    place = terms.place
    capacity = found["sales_capacity"].transpose("member", "plant", "term").values
    sales = found["sales"].transpose("member", "plant", "market", "term").values
    safe = np.where(capacity > 0.0, capacity, 1.0)
    # what is sold off of stocks in a war was made before
    made = found["sales_utilisation"].transpose("member", "plant", "term").values
    used = np.clip(np.nan_to_num(made), 0.0, 1.0)[:, :, place]
    could = arrays["capacity"].sel(plant=plants).transpose(*_MONTHLY).values.copy()
    for name in SCALES:
        could *= arrays[name].sel(plant=plants).transpose(*_MONTHLY).values
    part = np.divide(free, could, out=np.zeros_like(free), where=could > 0.0)
    scale = xr.ones_like(arrays["shock_scale"].transpose(*_MONTHLY))
    scale.loc[{"plant": plants}] = np.clip(1.0 - (1.0 - used) * np.minimum(part, 1.0), 0.0, 1.0)
    # in each month the part of the term's sales that the plant could make in it
    share = free / safe[:, :, place]
    every = found["sales"].reindex(plant=arrays["plant"].values, market=arrays["market"].values)
    demand = arrays["market_demand"].copy()
    asked = np.stack([(sales[:, :, number][:, :, place] * share).sum(axis=1) for number in range(len(markets))], axis=1)
    demand.loc[{"market": markets}] = xr.DataArray(asked, dims=("member", "market", "period"))
    labels = np.array(terms.labels, dtype=object)[place]
    spread = xr.zeros_like(scale)
    spread.loc[{"plant": plants}] = share
    return labelled(
        arrays.assign(
            market_demand=demand, sales_scale=scale, month_share=spread, month_term=(("period",), labels), sales=every
        )
    )
