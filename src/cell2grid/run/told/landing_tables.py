"""The tables of what carrying costs and of how late orders come; none where the study speaks of neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.run.inputs.orders import placed_orders
from cell2grid.run.told.spread import spread
from cell2grid.run.told.tables import framed, months_of_members
from cell2grid.study.rules.landing import plant_currency

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

    from cell2grid.study.model import Study


def landing_tables(study: Study, arrays: xr.Dataset) -> dict[str, pd.DataFrame]:
    """``landing``, where freight or a duty is known, and ``orders``, where there are any."""
    found: dict[str, pd.DataFrame] = {}
    if "freight_cost" in arrays:
        rows = _carried(study, arrays)
        found |= {"landing": framed("landing", rows)} if rows else {}
    if arrays.sizes.get("order", 0):
        found["orders"] = framed("orders", _orders(study, arrays))
    return found


def _carried(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """Freight and duty of each plant, destination and year; a row where something is known of either."""
    years = np.array([str(month)[:4] for month in arrays["period"].values])
    dims = ("plant", "destination", "member", "period")
    cost = {name: arrays[f"{name}_cost"].transpose(*dims).values for name in ("freight", "duty")}
    levied = (arrays["duty_rate"].transpose(*dims).values != 0).any(axis=(2, 3))
    rows = []
    for row, column in np.ndindex(*levied.shape):
        plant, place = str(arrays["plant"].values[row]), str(arrays["destination"].values[column])
        known = {
            "freight": bool(np.isfinite(cost["freight"][row, column]).any()),
            "duty": bool(levied[row, column] and np.isfinite(cost["duty"][row, column]).all()),
        }
        if not any(known.values()):
            continue
        for year in dict.fromkeys(years):
            within = years == year
            said: dict[str, Any] = {"plant": plant, "destination": place, "year": int(year)}
            for name, is_known in known.items():
                total = cost[name][row, column][:, within].sum(axis=1)
                said |= _numbers(name, total if is_known else np.full(total.shape, np.nan))
            rows.append({**said, "unit": plant_currency(study, plant)})
    return rows


def _orders(study: Study, arrays: xr.Dataset) -> list[dict[str, Any]]:
    """Each order: how much of what, by when it comes, how late that is, and what it costs."""
    nouns = dict(zip(map(str, arrays["plant"].values), map(str, arrays["noun"].values), strict=True))
    rows = []
    for name, one in placed_orders(study).items():
        array, plant = arrays.sel(order=name), one.order.plant
        done = array["delivery_month"].values
        low, middle, high = months_of_members(done, study.horizon.start)
        late = {
            key: array[f"late_{key}"].values if f"late_{key}" in arrays else np.full(done.shape, np.nan)
            for key in ("share", "days", "damages")
        }
        rows.append(
            {
                "order": name,
                "plant": plant,
                "product": one.order.product,
                "region": one.region,
                "ordered": one.order.ordered.first.isoformat(),
                "wanted": None if one.order.wanted is None else one.order.wanted.last.isoformat(),
                "items": float(array["order_quantity"].mean()),
                "unit": nouns[plant],
                "delivered_p10": low,
                "delivered_p50": middle,
                "delivered_p90": high,
                "undelivered": float(np.isnan(done).mean()),
                "late_share": spread(late["share"]).mean,
                "late_days": spread(late["days"]).mean,
                **_numbers("damages", late["damages"]),
                "currency": plant_currency(study, plant) if one.order.late_damages is not None else None,
            }
        )
    return rows


def _numbers(name: str, values: NDArray[np.float64]) -> dict[str, float]:
    found = spread(values)
    return {name: found.mean, f"{name}_p10": found.p10, f"{name}_p90": found.p90}
