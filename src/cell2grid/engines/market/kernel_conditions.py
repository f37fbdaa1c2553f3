"""What is lacking at a point of the search, in compiled form: the conditions of ``residual.py`` with their slacks.

The first guess is here too. The steps of the search are in ``newton.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cell2grid.engines.market.kernel_case import (
    ABOVE,
    APART,
    BEARS,
    FIRST,
    GOODS,
    KEEPS,
    LACK,
    LEFT,
    LEVEL,
    MARGIN,
    PART,
    POWER_EXPONENT,
    POWER_SCALE,
    RENT,
    ROOM,
    SALES,
    UNDER,
    Bounds,
    Case,
    Owners,
    Point,
    compiled,
    crossed,
    demand_of,
    empty_point,
    first_price,
    goods_of_step,
    left_on_step,
    needed,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


CONDITION, BY_QUANTITY = range(2)
OF_LEFT, OF_PARTS, RISE = range(3)
FALL, PRICE = range(2)


class Gaps(NamedTuple):
    """How far a point is from meeting its equations, and what the next step needs of their derivatives."""

    lane: Floats  # (2, J, M): condition of a sale less its slack; how it rises with all sales in the market
    plant: Floats  # (3, J): of the capacity; output on the steps less sales; how the power of the cost rises with sales
    level: Floats  # (J, S): cost of the steps less their slacks
    market: Floats  # (2, M): how the price falls with sales, and the price


@compiled
def empty_gaps(plants: int, markets: int, steps: int) -> Gaps:
    """Gaps of zeros."""
    return Gaps(
        np.zeros((2, plants, markets)), np.zeros((3, plants)), np.zeros((plants, steps)), np.zeros((2, markets))
    )


@compiled
def first_guess(case: Case, bounds: Bounds) -> Point:
    """Sales at prices a third of the way down to cost, within capacities, and every slack at a tenth of a price."""
    plants, markets = bounds.goods.shape
    point = empty_point(plants, markets, bounds.step_end.shape[1])
    for m in range(markets):
        if not bounds.cheapest[m] < np.inf:
            continue
        price, wanted = first_price(case, bounds, m)
        total = 0.0
        for j in range(plants):
            if bounds.goods[j, m] > 0.0:
                gain = price - needed(case, bounds, j, m)
                share = min(bounds.goods[j, m], wanted) * (0.1 + max(gain, 0.0) / price)
                point.lane[SALES, j, m] = share
                total += share
        for j in range(plants):
            point.lane[SALES, j, m] *= wanted / total
            point.lane[LACK, j, m] = 0.1 * bounds.money if bounds.goods[j, m] > 0.0 else 1.0
    for j in range(plants):
        made = 0.0
        for m in range(markets):
            made += point.lane[SALES, j, m]
        if made > 0.7 * bounds.plant[ROOM, j]:
            for m in range(markets):
                point.lane[SALES, j, m] *= 0.7 * bounds.plant[ROOM, j] / made
            made = 0.7 * bounds.plant[ROOM, j]
        if np.isfinite(bounds.plant[ROOM, j]):
            point.plant[LEFT, j] = bounds.plant[ROOM, j] - made
            point.plant[RENT, j] = 0.1 * bounds.money
        _first_parts(case, bounds, j, made, point)
    return point


@compiled
def _first_parts(case: Case, bounds: Bounds, j: int, made: float, point: Point) -> None:
    """Output spread over the steps of a plant, none of them empty or full."""
    point.plant[MARGIN, j] = bounds.plant[FIRST, j]
    for s in range(bounds.step_end.shape[1]):
        if bounds.step_end[j, s] > 0.0:
            end, goods = bounds.step_end[j, s], max(made, 1e-3 * bounds.plant[GOODS, j])
            point.step[PART, j, s] = min(0.5 * end, goods)
            point.step[UNDER, j, s] = 0.1 * bounds.money
            point.step[ABOVE, j, s] = 0.1 * bounds.money if np.isfinite(end) else 0.0
            point.plant[MARGIN, j] = max(point.plant[MARGIN, j], case.step[LEVEL, j, s])


@compiled
def measure(case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps) -> None:
    """Fill ``gaps`` with what is off at ``point``."""
    plants, markets = bounds.goods.shape
    net = np.zeros((owners.stake_from.size - 1, markets))
    sold = np.zeros(markets)
    for j in range(plants):
        for m in range(markets):
            sold[m] += point.lane[SALES, j, m]
            net[owners.firm[j], m] += case.lane[KEEPS, j, m] * point.lane[SALES, j, m]
    bend = np.zeros(markets)
    for m in range(markets):
        if bounds.cheapest[m] < np.inf:
            gaps.market[PRICE, m], gaps.market[FALL, m], bend[m] = demand_of(case, m, sold[m])
            if crossed(case):
                for n in range(markets):
                    gaps.market[PRICE, m] -= case.cross[m, n] * sold[n]
    for j in range(plants):
        made, level = 0.0, point.plant[MARGIN, j]
        for m in range(markets):
            made += point.lane[SALES, j, m]
        gaps.plant[RISE, j] = 0.0
        if case.plant[POWER_SCALE, j] > 0.0 and made > 0.0:
            power = (case.plant[POWER_SCALE, j] * made) ** case.plant[POWER_EXPONENT, j]
            level += power
            gaps.plant[RISE, j] = case.plant[POWER_EXPONENT, j] * power / made
        _of_plant(bounds, case, point, gaps, j, made)
        firm = owners.firm[j]
        for m in range(markets):
            if bounds.goods[j, m] == 0.0:
                continue
            counted = 0.0
            for t in range(owners.stake_from[firm], owners.stake_from[firm + 1]):
                counted += owners.stake[t] * net[owners.stake_in[t], m]
            counted *= case.conduct[firm, m]
            lack = (
                case.lane[BEARS, j, m] * level
                + case.lane[APART, j, m]
                + point.plant[RENT, j]
                + gaps.market[FALL, m] * counted
            )
            if crossed(case):
                lack += case.conduct[firm, m] * _taken_elsewhere(case, owners, net, firm, m)
            gaps.lane[CONDITION, j, m] = lack - case.lane[KEEPS, j, m] * gaps.market[PRICE, m] - point.lane[LACK, j, m]
            gaps.lane[BY_QUANTITY, j, m] = case.lane[KEEPS, j, m] * gaps.market[FALL, m] + bend[m] * counted


@compiled
def _taken_elsewhere(case: Case, owners: Owners, net: Floats, firm: int, m: int) -> float:
    """What one more item in a market takes from all that a firm sells and earns of others in the other markets."""
    taken = 0.0
    for t in range(owners.stake_from[firm], owners.stake_from[firm + 1]):
        for n in range(net.shape[1]):
            taken += owners.stake[t] * case.cross[n, m] * net[owners.stake_in[t], n]
    return taken


@compiled
def _of_plant(bounds: Bounds, case: Case, point: Point, gaps: Gaps, j: int, made: float) -> None:
    """What is off with a plant's capacity and its steps of cost."""
    if np.isfinite(bounds.plant[ROOM, j]):
        gaps.plant[OF_LEFT, j] = point.plant[LEFT, j] + made - bounds.plant[ROOM, j]
    parts, stepped = 0.0, False
    for s in range(bounds.step_end.shape[1]):
        if bounds.step_end[j, s] > 0.0:
            stepped = True
            parts += point.step[PART, j, s]
            gaps.level[j, s] = (
                case.step[LEVEL, j, s] - point.plant[MARGIN, j] - point.step[UNDER, j, s] + point.step[ABOVE, j, s]
            )
    gaps.plant[OF_PARTS, j] = parts - made if stepped else 0.0


@compiled
def farthest(bounds: Bounds, point: Point, gaps: Gaps) -> tuple[float, float]:
    """The worst gap, in parts of a price or of what a lane could carry; and the mean product of the slacks."""
    plants, markets = bounds.goods.shape
    worst, total, count = 0.0, 0.0, 0
    for j in range(plants):
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                worst = max(worst, abs(gaps.lane[CONDITION, j, m]) / bounds.money)
                total += point.lane[SALES, j, m] * point.lane[LACK, j, m] / (bounds.goods[j, m] * bounds.money)
                count += 1
        if bounds.plant[GOODS, j] == 0.0:
            continue
        goods = bounds.plant[GOODS, j]
        worst = max(worst, abs(gaps.plant[OF_PARTS, j]) / goods)
        if np.isfinite(bounds.plant[ROOM, j]):
            worst = max(worst, abs(gaps.plant[OF_LEFT, j]) / goods)
            total += point.plant[LEFT, j] * point.plant[RENT, j] / (goods * bounds.money)
            count += 1
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                worst = max(worst, abs(gaps.level[j, s]) / bounds.money)
                goods = goods_of_step(bounds, j, s)
                total += point.step[PART, j, s] * point.step[UNDER, j, s] / (goods * bounds.money)
                count += 1
                if np.isfinite(bounds.step_end[j, s]):
                    room = left_on_step(bounds, point, j, s)
                    total += room * point.step[ABOVE, j, s] / (goods * bounds.money)
                    count += 1
    return worst, total / max(count, 1)
