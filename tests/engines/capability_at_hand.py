"""Small arrays for the engine of capability: what a test does not say runs without loss."""

from __future__ import annotations

import numpy as np
import xarray as xr

from cell2grid.formulas.calendar import days_in, month_after

_BY_PLANT = {
    "months_to_nameplate": 0.0,
    "yield_start": 1.0,
    "yield_steady": 1.0,
    "yield_months": 0.0,
    "outage_every": np.nan,
    "outage_lasts": 1.0,
    "outage_leaves": 0.0,
}


def capability_arrays(age, *, members=1, capacity=10.0, curve="immediate", start="2025-01", first=0, **by_plant):
    """What ``capability`` reads; ``age`` by (plant, tranche, period), ``curve`` one name or one a plant.

    A block is open in the months in which its age is 0 or more; the plant is as old as its oldest block.
    """
    age = np.asarray(age, dtype=float)
    plants, tranches, periods = age.shape
    months = [month_after(start, number) for number in range(periods)]
    curves = [curve] * plants if isinstance(curve, str) else list(curve)
    open_share = by_plant.pop("open_share", (age >= 0).astype(float))
    stream = by_plant.pop("stream", np.arange(1, plants + 1))
    data = {name: np.broadcast_to(by_plant.get(name, value), (members, plants)) for name, value in _BY_PLANT.items()}
    assert set(by_plant) <= set(_BY_PLANT)
    return xr.Dataset(
        {
            "ramp_curve": ("plant", np.array(curves, dtype=object)),
            "tranche_capacity": (
                ("member", "plant", "tranche"),
                np.array(np.broadcast_to(capacity, (members, plants, tranches)), dtype=float),
            ),
            "tranche_open": (("plant", "tranche", "period"), np.asarray(open_share, dtype=float)),
            "tranche_age": (("plant", "tranche", "period"), age),
            "plant_age": (("plant", "period"), age.max(axis=1)),
            "outage_stream": ("plant", np.asarray(stream, dtype=np.int64)),
            "draw": ("member", np.arange(first, first + members, dtype=float)),
            "days": ("period", np.array([days_in(month) for month in months], dtype=float)),
            **{name: (("member", "plant"), np.array(values, dtype=float)) for name, values in data.items()},
        },
        coords={
            "member": np.arange(first, first + members),
            "plant": np.array([f"plant-{number}" for number in range(plants)], dtype=object),
            "tranche": np.arange(tranches),
            "period": np.array(months, dtype=object),
        },
    )
