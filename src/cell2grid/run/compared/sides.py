"""A plant's profit by market: what it is left with there, less its cost of making laid evenly on all that it sells.

So profits at home and abroad add up to what the firm earns. The equation is in docs/formulation/compare.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.run.market.told import Sold

BORDERS = ("selling_freight", "duty_on_cost", "duty_on_price", "duty_amount")


def profit_by_market(sold: Sold) -> NDArray[np.float64]:
    """The profit of each plant in each market (member, plant, market, term) [currency/year].

    With s what is sold, P the price, g = 1 / (1 + duty on price), h = 1 + duty on cost, f freight and d the amount of
    duty for an item: s (g P - h f - d) - a h s, with the cost a of an item such that they add up to the plant's profit.
    A plant that sells nothing has its profit, what it costs whatever it makes, in no market.
    """
    sales = np.nan_to_num(sold.sales)
    customs = 1.0 + np.nan_to_num(sold.values("duty_on_cost"))
    kept = np.nan_to_num(sold.price)[:, None] / (1.0 + np.nan_to_num(sold.values("duty_on_price")))
    freight, amount = (np.nan_to_num(sold.values(name)) for name in ("selling_freight", "duty_amount"))
    before = sales * (kept - customs * freight - amount)
    items = (sales * customs).sum(axis=2)
    left = before.sum(axis=2) - sold.values("plant_profit")
    each = np.divide(left, items, out=np.zeros_like(left), where=items > 0.0)
    found: NDArray[np.float64] = before - each[:, :, None] * sales * customs
    return found
