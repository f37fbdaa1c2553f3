"""The table ``supply_stack``: the plants that can sell in a market by what an item costs them delivered, and demand.

A row is a block of a plant's capacity from ``begin`` to ``finish`` [item/year] at ``cost`` to ``cost_end``
[currency/item], of which ``sold`` is sold there; a piece of the demand curve; or the price. A plant that serves several
markets stands in each with all of its capacity. The chart is ``report/charts/supply_stack.py``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from numpy.typing import NDArray

_PIECES = 8  # of a cost that rises by a power
_CURVE = 24  # of iso-elastic demand
_NARROWEST = 0.05  # of what the market buys: a plant without a capacity that sells nothing


class _Block(NamedTuple):
    plant: int
    width: float
    cost: float
    cost_end: float


def supply_stack(arrays: xr.Dataset, solved: xr.Dataset, *, unit: str, currency: str) -> pd.DataFrame:
    """The table of one member, for all markets and terms, with blocks in the order of their cost.

    Parameters
    ----------
    arrays, solved
        What the market engine read and wrote; of several members the first is shown.
    unit, currency
        In what quantities and money are told, as in ``vehicle/year`` and ``USD``.

    Where nothing limits a plant, its blocks end at what it sells in all markets.
    """
    import pandas as pd

    from cell2grid.results import TABLES

    rows: list[dict[str, Any]] = []
    for t, term in enumerate(arrays["term"].values):
        given, found = (part.isel(member=0, term=t) for part in (arrays, solved))
        for m, market in enumerate(arrays["market"].values):
            told = {"market": str(market), "period": str(term), "unit": unit, "currency": currency}
            rows += [{**told, **row} for row in _of_market(given, found, m)]
    return pd.DataFrame(rows, columns=list(TABLES["supply_stack"]))


def _of_market(given: xr.Dataset, found: xr.Dataset, m: int) -> list[dict[str, Any]]:
    bought, price = float(found["market_sales"][m]), float(found["market_price"][m])
    blocks = sorted(_blocks(given, found, m), key=lambda block: (block.cost, block.cost_end, block.plant))
    left = np.maximum(found["sales"].transpose("plant", "market").values[:, m], 0.0).copy()
    names, firms = given["plant"].values, given["decides"].values
    rows, begin = [], 0.0
    for block in blocks:
        sold = min(float(left[block.plant]), block.width)
        left[block.plant] -= sold
        rows.append(
            {
                "kind": "plant",
                "firm": str(firms[block.plant]),
                "plant": str(names[block.plant]),
                **_piece(begin, begin + block.width, block.cost, block.cost_end),
                "sold": sold,
            }
        )
        begin += block.width
    costs = [edge for block in blocks for edge in (block.cost, block.cost_end)]
    rows += [{"kind": "demand", **piece} for piece in _curve(given, m, price, max(begin, bought), costs)]
    return [*rows, {"kind": "price", **_piece(0.0, bought, price, price), "sold": bought}]


def _piece(begin: float, finish: float, cost: float, cost_end: float) -> dict[str, float]:
    return {"begin": begin, "finish": finish, "cost": cost, "cost_end": cost_end}


def _blocks(given: xr.Dataset, found: xr.Dataset, m: int) -> list[_Block]:
    freight = given["selling_freight"].transpose("plant", "market").values[:, m]
    on_cost, on_price, amount = (
        given[name].transpose("plant", "market").values[:, m]
        for name in ("duty_on_cost", "duty_on_price", "duty_amount")
    )
    widths = given["cost_step_width"].transpose("plant", "step").values
    levels = given["cost_step"].transpose("plant", "step").values
    scale, power = given["cost_power_scale"].values, given["cost_power"].values
    output = found["plant_sales"].values
    least = _NARROWEST * float(found["market_sales"].max())
    blocks = []
    for j in np.flatnonzero(np.isfinite(freight)):
        capacity = float(given["sales_capacity"][j])
        most = capacity if np.isfinite(capacity) else max(float(output[j]), least)
        for begin, end, level in _steps(widths[j], levels[j], most, rising=bool(scale[j] > 0.0)):
            made = level + (scale[j] * np.array([begin, end])) ** power[j] * (scale[j] > 0.0)
            delivered = ((made + freight[j]) * (1.0 + on_cost[j]) + amount[j]) * (1.0 + on_price[j])
            blocks.append(_Block(int(j), end - begin, float(delivered[0]), float(delivered[1])))
    return blocks


def _steps(
    widths: NDArray[np.float64], levels: NDArray[np.float64], most: float, *, rising: bool
) -> list[tuple[float, float, float]]:
    """Begin, end and level of each part of a plant's output up to the most that it can sell."""
    found: list[tuple[float, float, float]] = []
    begin = 0.0
    for width, level in zip(widths, levels, strict=True):
        end = min(begin + float(width), most)
        if end > begin:
            edges = np.linspace(begin, end, _PIECES + 1 if rising else 2)
            found += [(float(a), float(b), float(level)) for a, b in pairwise(edges)]
        begin = end
    return found


def _curve(given: xr.Dataset, m: int, price: float, most: float, costs: list[float]) -> list[dict[str, float]]:
    """The demand curve in pieces, as far as there is something to see."""
    if str(given["demand_form"].values[m]) == "linear":
        intercept, slope = float(given["demand_intercept"][m]), float(given["demand_slope"][m])
        end = min(intercept / slope, max(most, 0.0) * 1.05) if most > 0.0 else intercept / slope
        return [_piece(0.0, end, intercept, intercept - slope * end)]
    scale, elasticity = float(given["demand_scale"][m]), float(given["demand_elasticity"][m])
    top = 1.5 * max([price, *(cost for cost in costs if cost <= 4.0 * price)])
    first = scale * top**-elasticity
    last = max(most, 2.0 * first)
    quantities = np.geomspace(first, last, _CURVE + 1)
    prices = (quantities / scale) ** (-1.0 / elasticity)
    edges = zip(quantities[:-1], quantities[1:], prices[:-1], prices[1:], strict=True)
    return [_piece(*(float(edge) for edge in piece)) for piece in edges]
