"""Small arrays for the engines of plants: everything that a test does not say is a plant that runs without loss."""

from __future__ import annotations

import numpy as np
import xarray as xr

from cell2grid.formulas.calendar import month_after

PLANT_MONTH = ("member", "plant", "period")


def production_arrays(capacity, *, makes=None, needs=None, energy=4.0, **monthly):
    """What ``production`` reads; ``capacity`` by (plant, period) or (member, plant, period).

    ``needs`` maps (number of a plant, product) to items taken in for each started.
    """
    capacity = _by_member(capacity)
    members, plants, months = capacity.shape
    makes = makes or ["pack"] * plants
    products = sorted({*makes, *(product for _, product in (needs or {}))})
    taken = np.zeros((members, plants, len(products)))
    for (plant, product), items in (needs or {}).items():
        taken[:, plant, products.index(product)] = items
    data = {name: (PLANT_MONTH, _filled(monthly.get(name, 1.0), capacity.shape)) for name in _SHARES}
    return xr.Dataset(
        {
            "capacity": (PLANT_MONTH, capacity),
            **data,
            "makes": ("plant", np.array(makes, dtype=object)),
            "noun": ("plant", np.array(["system"] * plants, dtype=object)),
            "input_per_item": (("member", "plant", "product"), taken),
            "item_energy": (("member", "plant"), np.full((members, plants), energy)),
        },
        coords={**_labels(members, plants, months), "product": products},
    )


def delivery_arrays(
    output,
    *,
    consumed=0.0,
    makes=None,
    regions=None,
    markets=(),
    orders=(),
    lead_time=None,
    export_share=1.0,
    export_scale=1.0,
    first_served=0.0,
    construction=0.0,
    start="2025-01",
):
    """What ``deliveries`` reads.

    ``markets`` are (region, demand by month or one number); ``orders`` (name, plant number, region, items, day);
    ``lead_time`` maps (plant number, region) to months, one number or one a member.
    """
    output = _by_member(output)
    members, plants, months = output.shape
    makes = makes or ["pack"] * plants
    regions = regions or ["HOME"] * plants
    named = [*regions, *(m[0] for m in markets), *(o[2] for o in orders), *(lane[1] for lane in lead_time or {})]
    places = list(dict.fromkeys(named))
    lead = np.full((members, plants, len(places)), np.nan)
    for plant, region in enumerate(regions):
        lead[:, plant, places.index(region)] = 0.0
    for (plant, region), time in (lead_time or {}).items():
        lead[:, plant, places.index(region)] = time
    demand = np.zeros((members, len(markets), months))
    for number, (_, wanted) in enumerate(markets):
        demand[:, number] = wanted
    words = {
        "makes": ("plant", makes),
        "plant_region": ("plant", regions),
        "market_region": ("market", [market[0] for market in markets]),
        "market_product": ("market", ["pack"] * len(markets)),
        "order_plant": ("project", [f"plant-{order[1]}" for order in orders]),
        "order_region": ("project", [order[2] for order in orders]),
        "ordered": ("project", [order[4] for order in orders]),
    }
    quantity = np.tile(np.array([float(order[3]) for order in orders]), (members, 1))
    return xr.Dataset(
        {
            "output": (PLANT_MONTH, output),
            "consumed": (PLANT_MONTH, _filled(consumed, output.shape)),
            "export_share": (PLANT_MONTH, _filled(export_share, output.shape)),
            "export_scale": (PLANT_MONTH, _filled(export_scale, output.shape)),
            "first_served": (PLANT_MONTH[1:], _filled(first_served, output.shape[1:])),
            "lead_time": (("member", "plant", "destination"), lead),
            "market_demand": (("member", "market", "period"), demand),
            "order_quantity": (("member", "project"), quantity),
            "construction": (("member", "project"), np.full_like(quantity, construction)),
            **{name: (dim, np.array(labels, dtype=object)) for name, (dim, labels) in words.items()},
        },
        coords={
            **_labels(members, plants, months, start),
            "destination": places,
            "market": [f"market-{number}" for number in range(len(markets))],
            "project": np.array([order[0] for order in orders], dtype=object),
        },
    )


_SHARES = ("ramp", "availability", "shock_scale", "yield_rate")


def _labels(members, plants, months, start="2025-01"):
    return {
        "member": np.arange(members),
        "plant": np.array([f"plant-{number}" for number in range(plants)], dtype=object),
        "period": np.array([month_after(start, number) for number in range(months)], dtype=object),
    }


def _by_member(values):
    array = np.asarray(values, dtype=float)
    return array if array.ndim == 3 else array[None]


def _filled(value, shape):
    return np.array(np.broadcast_to(np.asarray(value, dtype=float), shape))
