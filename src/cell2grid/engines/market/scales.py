"""How large the prices and quantities of a case are, so that a search can work with numbers near one.

Nothing here is an answer: a scale that is off by ten costs steps and no digits. The search is in ``mcp.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.lanes import Case

    Vector = NDArray[np.float64]


class Scales(NamedTuple):
    """Sizes of a case, all above 0 and finite."""

    price: float  # currency/item: the highest intercept, or the price near cost of isoelastic demand
    top: float  # currency/item: no price of an equilibrium lies above
    market: Vector  # (M,) item/year
    plant: Vector  # (J,) item/year
    near_cost: Vector  # (M,) currency/item: of isoelastic demand, about where price-takers would end


def scales_of(case: Case) -> Scales:
    """The sizes of prices and quantities of a case, market by market and plant by plant."""
    near = _price_near_cost(case)
    curved = case.isoelastic & np.isfinite(near)
    highest = float(np.max(np.where(case.isoelastic, 0.0, np.abs(case.intercept)), initial=0.0))
    price = max(highest, float(np.max(near[curved], initial=0.0))) or 1.0
    top = max(highest, 1e6 * float(np.max(near[curved], initial=0.0))) or 1.0
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        plant = np.where(case.power_scale > 0.0, price ** (1.0 / case.power_exponent) / case.power_scale, np.inf)
        plant = np.minimum(plant, case.capacity)
        whole = np.where(case.isoelastic, case.scale * near**-case.elasticity, np.abs(case.intercept) / case.own_slope)
    reach = np.zeros(len(whole))
    np.add.at(reach, case.market, plant[case.plant])
    market = _sound(np.minimum(np.where(np.isnan(whole), np.inf, whole), reach))
    sold = np.zeros(len(plant))
    np.add.at(sold, case.plant, market[case.market])
    return Scales(price, top, market, _sound(np.minimum(plant, sold)), near)


def _sound(size: Vector) -> Vector:
    """Sizes, with 1 for what is 0 or has none."""
    return np.where(np.isfinite(size) & (size > 0.0), size, 1.0)


def _price_near_cost(case: Case) -> Vector:
    """About the price (M,) at which isoelastic demand takes what can be made at that cost; nan for linear demand."""
    low, high = np.full(len(case.intercept), -60.0), np.full(len(case.intercept), 60.0)
    first = np.array([cost[0] for cost in case.step_cost])
    exponent, scale = case.power_exponent[case.plant], case.power_scale[case.plant]
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        for _ in range(70):
            middle = 0.5 * (low + high)
            left = (np.exp(middle)[case.market] * case.keeps - case.amount) / (1.0 + case.on_cost) - case.freight
            left = left - first[case.plant]
            made = np.where(scale > 0.0, np.maximum(left, 0.0) ** (1.0 / exponent) / scale, np.inf)
            made = np.where(left > 0.0, np.minimum(made, case.capacity[case.plant]), 0.0)
            supply = np.zeros(len(low))
            np.add.at(supply, case.market, made)
            short = case.scale * np.exp(-case.elasticity * middle) > supply
            low, high = np.where(short, middle, low), np.where(short, high, middle)
    reached = np.zeros(len(low), dtype=bool)
    reached[case.market] = True
    return np.where(case.isoelastic & reached, np.exp(high), np.nan)
