"""Small arrays for the ledger of plants: everything that a test does not say is a plant that runs without loss."""

from __future__ import annotations

import numpy as np
import xarray as xr

from cell2grid.engines import supply
from cell2grid.formulas.calendar import month_after

EXPORTS_FIRST, HOME_FIRST, NO_RULE = 1.0, -1.0, 0.0
SHARES = ("ramp", "availability", "shutdown_scale", "outage_scale", "shift_scale", "shock_scale", "yield_rate")
_PLANT_MONTH = ("member", "plant", "period")
_LANE_MONTH = ("member", "plant", "destination", "period")


def solve(arrays):
    """What the compiled ledger gives, held to the reference."""
    found, plain = supply.solve(arrays), supply.solve(arrays, method="reference")
    for name in supply.WRITES:
        np.testing.assert_allclose(found[name].values, plain[name].values, rtol=1e-9, atol=1e-9, err_msg=name)
    return found


def supply_arrays(
    capacity,
    *,
    makes=None,
    needs=None,
    energy=4.0,
    regions=None,
    markets=(),
    orders=(),
    lead_time=None,
    lane_scale=None,
    export_share=1.0,
    export_scale=1.0,
    first_served=NO_RULE,
    rank=None,
    turn_share=None,
    construction=0.0,
    process_time=0.0,
    stock_limit=np.inf,
    learning=(np.nan, np.nan),
    input_scale=None,
    start="2025-01",
    **shares,
):
    """What ``supply`` reads.

    Parameters
    ----------
    capacity
        By (plant, period) or (member, plant, period).
    needs
        (number of a plant, product) to items taken in for each started.
    markets
        (region, demand by month or one number) and, where it is no pack, the product.
    orders
        (name, plant number, region, items, first month counted from 0) and, where it is not the month, the rank.
    lead_time, lane_scale
        (plant number, region) to months or a part, one number or one a member or one a month.
    first_served
        EXPORTS_FIRST, HOME_FIRST or NO_RULE, by anything that fits (plant, period).
    rank
        (plant, destination, period, turn) instead of ``first_served``; destinations are in the order of their mention.
    turn_share
        (plant, period, turn); one turn without it.
    input_scale
        Product to a part, one number or one a month.
    """
    capacity = np.asarray(capacity, dtype=float)
    capacity = capacity if capacity.ndim == 3 else capacity[None]
    members, plants, months = capacity.shape
    makes = makes or ["pack"] * plants
    products = sorted({*makes, *(product for _, product in (needs or {})), *(input_scale or {})})
    taken = np.zeros((members, plants, len(products)))
    for (plant, product), items in (needs or {}).items():
        taken[:, plant, products.index(product)] = items
    regions = regions or ["HOME"] * plants
    named = [*regions, *(m[0] for m in markets), *(o[2] for o in orders), *(lane[1] for lane in lead_time or {})]
    places = list(dict.fromkeys(named))
    lanes = (members, plants, len(places), months)
    lead = np.full(lanes, np.nan)
    lead[:, np.arange(plants), [places.index(region) for region in regions]] = 0.0
    _fill(lead, lead_time, places)
    let = np.ones(lanes)
    _fill(let, lane_scale, places)
    had = np.ones((members, len(products), months))
    for product, part in (input_scale or {}).items():
        had[:, products.index(product)] = part
    demand = np.zeros((members, len(markets), months))
    for number, market in enumerate(markets):
        demand[:, number] = market[1]
    turn_share = np.ones((plants, months, 1)) if turn_share is None else np.asarray(turn_share, dtype=float)
    turns = turn_share.shape[-1]
    ranks = _ranks(first_served, regions, places, (plants, months), turns) if rank is None else rank
    words = {
        "makes": ("plant", makes),
        "plant_region": ("plant", regions),
        "market_region": ("market", [market[0] for market in markets]),
        "market_product": ("market", [market[2] if len(market) > 2 else "pack" for market in markets]),
        "order_plant": ("order", [f"plant-{order[1]}" for order in orders]),
        "order_region": ("order", [order[2] for order in orders]),
    }
    quantity = np.tile(np.array([float(order[3]) for order in orders]), (members, 1))
    return xr.Dataset(
        {
            "capacity": (_PLANT_MONTH, capacity),
            **{name: (_PLANT_MONTH, _filled(shares.pop(name, 1.0), capacity.shape)) for name in SHARES},
            "export_scale": (_PLANT_MONTH, _filled(export_scale, capacity.shape)),
            "export_share": (
                (*_PLANT_MONTH, "turn"),
                _filled(np.asarray(export_share, dtype=float)[..., None], (*capacity.shape, turns)),
            ),
            "process_time": (_PLANT_MONTH[:2], _filled(process_time, (members, plants))),
            "stock_limit": (_PLANT_MONTH[:2], _filled(stock_limit, (members, plants))),
            "learning_items": (_PLANT_MONTH[:2], _filled(learning[0], (members, plants))),
            "learning_start": (_PLANT_MONTH[:2], _filled(learning[1], (members, plants))),
            "input_per_item": (("member", "plant", "product"), taken),
            "input_scale": (("member", "product", "period"), had),
            "item_energy": (_PLANT_MONTH[:2], _filled(energy, (members, plants))),
            "turn_share": (("plant", "period", "turn"), turn_share),
            "serving_rank": (("plant", "destination", "period", "turn"), ranks),
            "lead_time": (_LANE_MONTH, lead),
            "lane_scale": (_LANE_MONTH, let),
            "market_demand": (("member", "market", "period"), demand),
            "order_quantity": (("member", "order"), quantity),
            "construction": (("member", "order"), np.full_like(quantity, construction)),
            "order_from": ("order", np.array([float(order[4]) for order in orders])),
            "order_rank": ("order", np.array([float(order[5] if order[5:] else order[4]) for order in orders])),
            **{name: (dim, np.array(labels, dtype=object)) for name, (dim, labels) in words.items()},
        },
        coords={
            "member": np.arange(members),
            "plant": np.array([f"plant-{number}" for number in range(plants)], dtype=object),
            "period": np.array([month_after(start, number) for number in range(months)], dtype=object),
            "product": products,
            "destination": places,
            "market": np.array([f"market-{number}" for number in range(len(markets))], dtype=object),
            "order": np.array([order[0] for order in orders], dtype=object),
        },
    )


def _ranks(first_served, regions, places, shape, turns):
    first = np.broadcast_to(np.asarray(first_served, dtype=float), shape)
    home = np.array([[place == region for place in places] for region in regions])[:, :, None]
    later = np.where(home, first[:, None, :] > 0, first[:, None, :] < 0).astype(float)
    return np.repeat(later[..., None], turns, axis=-1)


def _fill(values, said, places):
    """Put what is said of lanes into (member, plant, destination, period): one number, one a member or one a month."""
    for (plant, region), value in (said or {}).items():
        value = np.asarray(value, dtype=float)
        by_member = value.ndim == 1 and len(value) == values.shape[0] != values.shape[-1]
        values[:, plant, places.index(region)] = value[:, None] if by_member else value


def _filled(value, shape):
    return np.array(np.broadcast_to(np.asarray(value, dtype=float), shape))
