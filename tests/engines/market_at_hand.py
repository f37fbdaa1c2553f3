"""The arrays of small markets, as the engine ``market`` reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from cell2grid.engines.market import READS
from cell2grid.nomenclature import labelled, variable

FILL: dict[str, Any] = {
    "sales_capacity": np.inf,
    "cost_step_width": np.inf,
    "cost_power": 1.0,
    "least_price": np.nan,
    "demand_intercept": 100.0,
    "demand_slope": 1.0,
    "demand_scale": 1.0,
    "demand_elasticity": 1.0,
    "conduct": 1.0,
}


def market_arrays(
    plants: tuple[str, ...] = ("A", "B"),
    markets: tuple[str, ...] = ("HOME",),
    *,
    firms: tuple[str, ...] | None = None,
    decides: tuple[str, ...] | None = None,
    members: int = 1,
    terms: int = 1,
    steps: int = 1,
    quotas: tuple[str, ...] = (),
    **given: Any,
) -> xr.Dataset:
    """A market of plants that sell to linear demand 100 - Q at no cost; what is given replaces, and is spread out."""
    firms = firms or tuple(dict.fromkeys(decides or plants))
    size = {
        "member": members,
        "term": terms,
        "plant": len(plants),
        "market": len(markets),
        "other_market": len(markets),
        "firm": len(firms),
        "other_firm": len(firms),
        "step": steps,
        "quota": len(quotas),
    }
    values: dict[str, Any] = {
        "decides": np.array(decides or plants, dtype=object),
        "firm_interest": np.eye(len(firms)),
        "demand_form": np.array(["linear"] * len(markets), dtype=object),
        **given,
    }
    shaped = {}
    for name in READS:
        dims = variable(name).dims
        value = np.asarray(values.get(name, FILL.get(name, 0.0)))
        shape = tuple(size[dim] for dim in dims)
        if value.ndim < len(shape) and dims[0] == "member" and value.ndim:
            # what is given by its own dims alone holds in all members and terms
            value = np.expand_dims(value, tuple(axis for axis, dim in enumerate(dims) if dim in ("member", "term")))
        shaped[name] = (dims, np.broadcast_to(value, shape).copy())
    coords = {
        "plant": list(plants),
        "market": list(markets),
        "other_market": list(markets),
        "firm": list(firms),
        "other_firm": list(firms),
        "member": np.arange(members),
        "term": np.arange(terms),
        "quota": list(quotas),
    }
    return labelled(xr.Dataset(shaped, coords))
