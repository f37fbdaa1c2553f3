"""Markets at war that the tests of price wars share: plants of constant cost in linear markets, term by term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from cell2grid.nomenclature import labelled, variable


def at_war(
    cost: Sequence[float],
    capacity: Sequence[float],
    *,
    intercept: float | Sequence[float] = 95.0,
    terms: int = 6,
    firms: Sequence[str] | None = None,
    begins: int = 0,
    ends: int | None = None,
    markets: int = 1,
    **given: Any,
) -> xr.Dataset:
    """All that the engine reads of a war from term ``begins`` to before ``ends``; what is given replaces the rest."""
    plants = [f"plant-{letter}" for letter in "abcdefgh"[: len(cost)]]
    decides = list(firms or [f"firm-{letter}" for letter in "abcdefgh"[: len(cost)]])
    names = sorted(set(decides))
    sizes = {
        "member": 1, "plant": len(plants), "market": markets, "other_market": markets, "term": terms, "step": 1,
        "firm": len(names), "other_firm": len(names), "quota": 0,
    }  # fmt: skip
    fights = np.zeros((len(names), markets, terms))
    fights[:, :, begins:ends] = 1.0
    values: Mapping[str, Any] = {
        "decides": np.array(decides),
        "firm_interest": np.eye(len(names)),
        "sales_capacity": np.asarray(capacity, float)[None, :, None],
        "cost_step_width": np.inf,
        "cost_step": np.asarray(cost, float)[None, :, None, None],
        "cost_power": 1.0,
        "least_price": np.nan,
        "demand_form": np.array(["linear"] * markets, dtype="U10"),
        "demand_intercept": np.broadcast_to(np.asarray(intercept, float), (terms,))[None, None, :],
        "demand_slope": 1.0,
        "conduct": (1.0 - fights)[None],
        "cash_cost": np.asarray(cost, float)[None, :, None],
        "exit_after": np.inf,
        "term_months": 1.0,
        "war": fights,
        **given,
    }
    names_of_rows = [
        *(
            "decides",
            "firm_interest",
            "sales_capacity",
            "cost_step_width",
            "cost_step",
            "cost_power_scale",
            "cost_power",
        ),
        *("selling_freight", "duty_on_cost", "duty_on_price", "duty_amount", "least_price", "in_quota", "quota_amount"),
        *("over_on_cost", "over_on_price", "over_amount", "demand_form", "demand_intercept", "demand_slope"),
        *("cross_slope", "demand_scale", "demand_elasticity", "conduct", "fixed_cost_rate", "cash_cost", "exit_after"),
        *("stock_clearing", "term_months", "war"),
    ]
    arrays = {}
    for name in names_of_rows:
        dims = variable(name).dims
        arrays[name] = (dims, np.broadcast_to(np.asarray(values.get(name, 0.0)), [sizes[dim] for dim in dims]).copy())
    coords = {
        "member": [0], "plant": plants, "firm": names, "other_firm": names,
        "term": [f"2025-{t + 1:02d}" for t in range(terms)],
        "market": [f"market-{m}" for m in range(markets)], "other_market": [f"market-{m}" for m in range(markets)],
    }  # fmt: skip
    return labelled(xr.Dataset(arrays, coords))


def members(*parts: xr.Dataset) -> xr.Dataset:
    """Markets of one member each as the members of one."""
    joined = xr.concat(parts, dim="member", data_vars="minimal", coords="minimal", compat="override", join="override")
    return labelled(joined.assign_coords(member=np.arange(len(parts))))
