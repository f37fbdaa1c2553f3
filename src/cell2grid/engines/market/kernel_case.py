"""One case of a game as the compiled method sees it, what of it cannot be sold at all, and a first guess.

A lane is a plant and a market. Lanes that no price can make worth their while are shut here, and capacities and steps
that no sales can reach are taken as endless, so that the search (``kernel.py``) meets only what may matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]
    Flags = NDArray[np.bool_]

compiled = numba.njit(cache=True, nogil=True, error_model="numpy")
inlined = numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)


class Owners(NamedTuple):
    """Who decides over what; the same in all cases. Plants are ordered so that those of a group lie together."""

    firm: Places  # (J,)
    group: Places  # (G + 1,): first plant of each group; groups neither share a firm nor earn of one another
    stake_from: Places  # (F + 1,): first of each firm's stakes in the two below
    stake_in: Places  # (T,): the firm that it earns of, itself among them
    stake: Floats  # (T,)


# rows of the arrays below: few arrays of many rows compile in a fraction of the time of many arrays
INTERCEPT, SLOPE, SCALE, ELASTICITY = range(4)
KEEPS, BEARS, APART = range(3)
CAPACITY, POWER_SCALE, POWER_EXPONENT = range(3)
WIDTH, LEVEL = range(2)
ROOM, GOODS, FIRST = range(3)
SALES, LACK = range(2)
LEFT, RENT, MARGIN = range(3)
PART, UNDER, ABOVE = range(3)


class Case(NamedTuple):
    """What is given in one case."""

    isoelastic: Flags  # (M,)
    market: Floats  # (4, M): intercept, slope, scale and elasticity
    conduct: Floats  # (F, M)
    lane: Floats  # (3, J, M): 1 / (1 + duty_on_price); 1 + duty_on_cost; freight with all duties on it and the item
    plant: Floats  # (3, J): capacity, scale and exponent of the power
    step: Floats  # (2, J, S): width and cost
    cross: Floats  # (M, M): what a price falls with the sales of other markets; (0, 0) where none does


class Bounds(NamedTuple):
    """What may matter of a case, and in which units."""

    goods: Floats  # (J, M) item/year: what a lane could carry at most; 0 where it is shut
    plant: Floats  # (3, J): capacity, inf where no sales can reach it; goods; cost of the first step
    step_end: Floats  # (J, S): the width, inf where no sales can reach it; 0 for all steps of a plant with one only
    cheapest: Floats  # (M,) currency/item: the least price at which anything is sold; inf where nothing can be
    money: float  # currency/item


class Point(NamedTuple):
    """Where the search is, or a step of it."""

    lane: Floats  # (2, J, M): sales, and what a sale lacks to be worth its while
    plant: Floats  # (3, J): capacity that is left, its scarcity, and the cost at the margin without the power
    step: Floats  # (3, J, S): output on each step, what the step is dearer than the margin, and what it is cheaper


@compiled
def empty_point(plants: int, markets: int, steps: int) -> Point:
    """A point of zeros."""
    return Point(np.zeros((2, plants, markets)), np.zeros((3, plants)), np.zeros((3, plants, steps)))


@compiled
def demand_of(case: Case, market: int, quantity: float) -> tuple[float, float, float]:
    """Price of a market at ``quantity``, what it falls with one more item, and how this fall changes."""
    if not case.isoelastic[market]:
        slope = case.market[SLOPE, market]
        return case.market[INTERCEPT, market] - slope * quantity, slope, 0.0
    elasticity = case.market[ELASTICITY, market]
    price = (quantity / case.market[SCALE, market]) ** (-1.0 / elasticity)
    fall = price / (elasticity * quantity)
    return price, fall, -fall * (1.0 + 1.0 / elasticity) / quantity


@inlined
def crossed(case: Case) -> bool:
    """Whether prices fall with the sales of other markets."""
    yes: bool = case.cross.shape[0] > 0
    return yes


@inlined
def goods_of_step(bounds: Bounds, j: int, s: int) -> float:
    """What a step of cost could carry at most."""
    goods: float = min(bounds.step_end[j, s], bounds.plant[GOODS, j])
    return goods


@inlined
def left_on_step(bounds: Bounds, point: Point, j: int, s: int) -> float:
    """What is left of a step of cost; never quite nothing, as it is divided by."""
    end: float = bounds.step_end[j, s]
    left: float = max(end - point.step[PART, j, s], 1e-16 * end)
    return left


@compiled
def needed(case: Case, bounds: Bounds, j: int, m: int) -> float:
    """The least price at which a plant would sell its first item in a market; nan where it cannot."""
    cost: float = case.lane[BEARS, j, m] * bounds.plant[FIRST, j] + case.lane[APART, j, m]
    price: float = cost / case.lane[KEEPS, j, m]
    return price


@compiled
def bounds_of(case: Case) -> Bounds:
    """What may matter of a case: a lane whose cheapest sale is dearer than any price is shut."""
    _, plants, markets = case.lane.shape
    steps = case.step.shape[2]
    bounds = Bounds(
        np.zeros((plants, markets)),
        np.zeros((3, plants)),
        np.zeros((plants, steps)),
        np.full(markets, np.inf),
        1.0,
    )
    for j in range(plants):
        first = 0
        while first < steps - 1 and case.step[WIDTH, j, first] <= 0.0:
            first += 1
        bounds.plant[FIRST, j] = case.step[LEVEL, j, first]
        bounds.plant[ROOM, j] = np.inf
        if case.plant[CAPACITY, j] > 0.0:
            reach = 0.0
            for m in range(markets):
                reach += _open_lane(case, bounds, j, m)
            if case.plant[CAPACITY, j] < reach:
                bounds.plant[ROOM, j] = case.plant[CAPACITY, j]
            bounds.plant[GOODS, j] = min(reach, case.plant[CAPACITY, j])
            _open_steps(case, j, bounds.plant[GOODS, j], bounds.step_end)
    money = 0.0
    for m in range(markets):
        if bounds.cheapest[m] < np.inf:
            price = first_price(case, bounds, m)[0] if case.isoelastic[m] else case.market[INTERCEPT, m]
            money = max(money, price)
    return Bounds(bounds.goods, bounds.plant, bounds.step_end, bounds.cheapest, money if money > 0.0 else 1.0)


@compiled
def first_price(case: Case, bounds: Bounds, m: int) -> tuple[float, float]:
    """A price to begin with, and what is bought at it: a third of the way down to cost, or what capacity allows."""
    cheapest, most = bounds.cheapest[m], 0.0
    for j in range(bounds.goods.shape[0]):
        if bounds.goods[j, m] > 0.0:
            most += min(bounds.plant[GOODS, j], bounds.goods[j, m])
    if case.isoelastic[m]:
        scale, elasticity = case.market[SCALE, m], case.market[ELASTICITY, m]
        price = 1.5 * cheapest if cheapest > 0.0 else 1.0
        wanted = min(scale * price**-elasticity, 0.7 * most)
        return max(price, (wanted / scale) ** (-1.0 / elasticity)), wanted
    intercept = case.market[INTERCEPT, m]
    price = max(cheapest + (intercept - cheapest) / 3.0, 1e-3 * intercept)
    return price, min((intercept - price) / case.market[SLOPE, m], 0.7 * most)


@compiled
def _open_lane(case: Case, bounds: Bounds, j: int, m: int) -> float:
    """Open a lane that a price may make worth its while; the most that it could carry but for the capacity."""
    need = needed(case, bounds, j, m)
    if np.isnan(need) or (not case.isoelastic[m] and need >= case.market[INTERCEPT, m]):
        return 0.0
    if case.isoelastic[m] and case.market[SCALE, m] <= 0.0:
        return 0.0  # nobody asks
    bounds.cheapest[m] = min(bounds.cheapest[m], need)
    if not case.isoelastic[m]:
        most = (case.market[INTERCEPT, m] - need) / case.market[SLOPE, m]
    elif need > 0.0:
        most = case.market[SCALE, m] * need ** -case.market[ELASTICITY, m]
    else:
        most = np.inf  # at no cost, at which iso-elastic demand has no bound
    if case.plant[POWER_SCALE, j] > 0.0:
        most = min(most, _most_by_power(case, j, m, need))
    goods = min(most, case.plant[CAPACITY, j])
    bounds.goods[j, m] = goods if goods < np.inf else case.market[SCALE, m]
    return float(most)


@compiled
def _most_by_power(case: Case, j: int, m: int, need: float) -> float:
    """The sales of a plant in a market at which the power alone adds to its cost what the price, if nobody else sold
    there, leaves it."""
    scale, exponent = case.plant[POWER_SCALE, j], case.plant[POWER_EXPONENT, j]
    borne = case.lane[BEARS, j, m] / case.lane[KEEPS, j, m]
    if not case.isoelastic[m]:
        return float(((case.market[INTERCEPT, m] - need) / borne) ** (1.0 / exponent) / scale)
    elasticity = case.market[ELASTICITY, m]
    level = np.log(case.market[SCALE, m]) / elasticity - np.log(borne) - exponent * np.log(scale)
    return float(np.exp(level / (exponent + 1.0 / elasticity)))


@compiled
def _open_steps(case: Case, j: int, most: float, step_end: Floats) -> None:
    """Steps that ``most`` can reach, if there is more than one; those of one cost as one."""
    begin, count, last = 0.0, 0, -1
    for s in range(case.step.shape[2]):
        width = case.step[WIDTH, j, s]
        if width > 0.0 and begin < most:
            begin += width
            if last < 0 or case.step[LEVEL, j, s] > case.step[LEVEL, j, last]:
                last = s
                count += 1
            step_end[j, last] = step_end[j, last] + width if begin < most else np.inf
    if count < 2:
        for s in range(case.step.shape[2]):
            step_end[j, s] = 0.0
