"""The compiled search for the equilibria of many cases: an interior-point method whose steps cost J x M^2.

Mehrotra's predictor and corrector (1992, doi:10.1137/0802028) on the conditions of ``residual.py``: sales and what
they lack, capacity left and scarcity, steps of cost and what they are dearer stay above zero while their products go
down together. Where sales are not told apart by any condition, it ends amid all that would do, so that a sale that is
0 here is 0 in all of them where the game is monotone. Each case by itself: chunks and threads change no byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import (
    ABOVE,
    GOODS,
    LACK,
    LEFT,
    MARGIN,
    PART,
    RENT,
    ROOM,
    SALES,
    UNDER,
    Bounds,
    Case,
    Owners,
    Point,
    bounds_of,
    compiled,
    crossed,
    empty_point,
    goods_of_step,
    inlined,
    left_on_step,
)
from cell2grid.engines.market.kernel_conditions import empty_gaps, farthest, first_guess, measure
from cell2grid.engines.market.kernel_finish import NONE, ONE, finish
from cell2grid.engines.market.newton import prepare, step
from cell2grid.engines.market.newton_system import empty_system

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOST_STEPS = 100
_CLOSE = 1e-7  # gaps and products at which the end is first tried, in parts of a price and of what a lane could carry
_CLOSEST = 1e-12  # at which it is tried last
_BORDER = 0.995  # of the way to where something would be 0


@compiled
def one_case(case: Case, owners: Owners, sales: Floats, scarcity: Floats) -> bool:
    """Fill the sales (J, M) and scarcities (J,) of a case; whether no others would do at the same prices."""
    _, plants, markets = case.lane.shape
    steps = case.step.shape[2]
    bounds = bounds_of(case)
    point, gaps = first_guess(case, bounds), empty_gaps(plants, markets, steps)
    system = empty_system(owners, plants, markets, crossed(case))
    want, move = empty_point(plants, markets, steps), empty_point(plants, markets, steps)
    near = _CLOSE
    for _ in range(_MOST_STEPS):
        measure(case, owners, bounds, point, gaps)
        worst, product = farthest(bounds, point, gaps)
        if not np.isfinite(worst):
            break
        if worst < near and product < near:
            ended = finish(case, owners, bounds, point, gaps, system, sales, scarcity)
            if ended != NONE:
                return ended == ONE
            if near < _CLOSEST:
                break
            near *= 0.01
            measure(case, owners, bounds, point, gaps)
        if not prepare(case, owners, bounds, point, gaps, system):
            break
        _want(bounds, point, move, want, 0.0, 0.0)
        step(case, owners, bounds, point, gaps, system, want, move)
        length = _length(bounds, point, move)
        less = _product_after(bounds, point, move, length) / product
        centre = less * less * less
        _want(bounds, point, move, want, centre * product, 1.0)
        step(case, owners, bounds, point, gaps, system, want, move)
        _go(bounds, point, move, min(1.0, max(_BORDER, 1.0 - product) * _length(bounds, point, move)))
    for j in range(plants):
        scarcity[j] = point.plant[RENT, j] if np.isfinite(bounds.plant[ROOM, j]) else 0.0
        for m in range(markets):
            sales[j, m] = point.lane[SALES, j, m] if bounds.goods[j, m] > 0.0 else 0.0
    return False


@compiled
def _want(bounds: Bounds, point: Point, move: Point, want: Point, product: float, second: float) -> None:
    """What the products of slacks are to change by to come to ``product``, less ``second`` times those of the move."""
    plants, markets = bounds.goods.shape
    for j in range(plants):
        goods = bounds.plant[GOODS, j]
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                aim = product * bounds.goods[j, m] * bounds.money
                want.lane[LACK, j, m] = aim - point.lane[SALES, j, m] * point.lane[LACK, j, m]
                want.lane[LACK, j, m] -= second * move.lane[SALES, j, m] * move.lane[LACK, j, m]
        aim = product * goods * bounds.money
        if np.isfinite(bounds.plant[ROOM, j]):
            want.plant[RENT, j] = (
                aim - point.plant[LEFT, j] * point.plant[RENT, j] - second * move.plant[LEFT, j] * move.plant[RENT, j]
            )
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                aim = product * goods_of_step(bounds, j, s) * bounds.money
                want.step[UNDER, j, s] = aim - point.step[PART, j, s] * point.step[UNDER, j, s]
                want.step[UNDER, j, s] -= second * move.step[PART, j, s] * move.step[UNDER, j, s]
                if np.isfinite(bounds.step_end[j, s]):
                    room = left_on_step(bounds, point, j, s)
                    want.step[ABOVE, j, s] = (
                        aim - room * point.step[ABOVE, j, s] + second * move.step[PART, j, s] * move.step[ABOVE, j, s]
                    )


@inlined
def _reach(at: float, move: float, so_far: float) -> float:
    """The least of ``so_far`` and the length at which ``at`` comes to 0."""
    return -at / move if move < 0.0 and at < so_far * -move else so_far


@compiled
def _length(bounds: Bounds, point: Point, move: Point) -> float:
    """The length of the move at which the first thing comes to 0; at most far beyond a whole one."""
    plants, markets = bounds.goods.shape
    length = 1e10
    for j in range(plants):
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                length = _reach(point.lane[SALES, j, m], move.lane[SALES, j, m], length)
                length = _reach(point.lane[LACK, j, m], move.lane[LACK, j, m], length)
        if np.isfinite(bounds.plant[ROOM, j]):
            length = _reach(point.plant[LEFT, j], move.plant[LEFT, j], length)
            length = _reach(point.plant[RENT, j], move.plant[RENT, j], length)
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                length = _reach(point.step[PART, j, s], move.step[PART, j, s], length)
                length = _reach(point.step[UNDER, j, s], move.step[UNDER, j, s], length)
                if np.isfinite(bounds.step_end[j, s]):
                    length = _reach(left_on_step(bounds, point, j, s), -move.step[PART, j, s], length)
                    length = _reach(point.step[ABOVE, j, s], move.step[ABOVE, j, s], length)
    return length


@compiled
def _product_after(bounds: Bounds, point: Point, move: Point, reach: float) -> float:
    """The mean product of slacks after the move, as far as it goes."""
    length = min(1.0, reach)
    plants, markets = bounds.goods.shape
    total, count = 0.0, 0
    for j in range(plants):
        goods = bounds.plant[GOODS, j] * bounds.money
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                sales = point.lane[SALES, j, m] + length * move.lane[SALES, j, m]
                lack = point.lane[LACK, j, m] + length * move.lane[LACK, j, m]
                total += sales * lack / (bounds.goods[j, m] * bounds.money)
                count += 1
        if np.isfinite(bounds.plant[ROOM, j]):
            total += (
                (point.plant[LEFT, j] + length * move.plant[LEFT, j])
                * (point.plant[RENT, j] + length * move.plant[RENT, j])
                / goods
            )
            count += 1
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                goods = goods_of_step(bounds, j, s) * bounds.money
                part = point.step[PART, j, s] + length * move.step[PART, j, s]
                total += part * (point.step[UNDER, j, s] + length * move.step[UNDER, j, s]) / goods
                count += 1
                if np.isfinite(bounds.step_end[j, s]):
                    room = bounds.step_end[j, s] - part
                    total += room * (point.step[ABOVE, j, s] + length * move.step[ABOVE, j, s]) / goods
                    count += 1
    return max(total / max(count, 1), 0.0)


@compiled
def _go(bounds: Bounds, point: Point, move: Point, length: float) -> None:
    """Move the point."""
    plants, markets = bounds.goods.shape
    for j in range(plants):
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                point.lane[SALES, j, m] += length * move.lane[SALES, j, m]
                point.lane[LACK, j, m] += length * move.lane[LACK, j, m]
        if np.isfinite(bounds.plant[ROOM, j]):
            point.plant[LEFT, j] += length * move.plant[LEFT, j]
            point.plant[RENT, j] += length * move.plant[RENT, j]
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                point.step[PART, j, s] += length * move.step[PART, j, s]
                point.step[UNDER, j, s] += length * move.step[UNDER, j, s]
                if np.isfinite(bounds.step_end[j, s]):
                    point.step[ABOVE, j, s] += length * move.step[ABOVE, j, s]
        point.plant[MARGIN, j] += length * move.plant[MARGIN, j]


@compiled
def some_cases(
    first: int,
    last: int,
    owners: Owners,
    isoelastic: NDArray[np.bool_],
    market: Floats,
    conduct: Floats,
    lane: Floats,
    plant: Floats,
    step: Floats,
    cross: Floats,
    sales: Floats,
    scarcity: Floats,
    only: NDArray[np.bool_],
) -> None:
    """Fill sales (B, J, M), scarcities (B, J) and whether no others would do (B,) from case ``first`` to ``last``.

    What is given is as in ``Case``, with the cases before all rows: ``market`` (B, 4, M), ``conduct`` (B, F, M),
    ``lane`` (B, 3, J, M), ``plant`` (B, 3, J), ``step`` (B, 2, J, S) and ``cross`` (B, M, M) or (B, 0, 0).
    """
    for b in range(first, last):
        case = Case(isoelastic, market[b], conduct[b], lane[b], plant[b], step[b], cross[b])
        only[b] = one_case(case, owners, sales[b], scarcity[b])
