"""The last digits of an equilibrium that the search has come close to: which sales are none, which plants full.

Between what is 0 and what is not lie equations alone, and a step or two of Newton's method solves them to rounding.
What turns out on the wrong side changes sides, and the equations are solved again (the primal-dual active set of
Hintermueller, Ito and Kunisch 2002, doi:10.1137/S1052623401383558). Where it does not end, the search's own point is
kept, and judged as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import (
    ABOVE,
    FIRST,
    GOODS,
    LACK,
    LEFT,
    LEVEL,
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
    compiled,
    empty_point,
    goods_of_step,
)
from cell2grid.engines.market.kernel_conditions import CONDITION, OF_LEFT, OF_PARTS, Gaps, measure
from cell2grid.engines.market.newton import prepare, step
from cell2grid.engines.market.newton_system import System
from cell2grid.formulas.counter import share

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOST_ROUNDS = 30
_FULL = 1e-20  # of what a plant could make, left in a full one: next to nothing, but something to divide by
_DONE = 1e-14  # what is on the wrong side by less is rounding; in parts of a price and of what a lane could carry
_DONE_AFTER = 1e-11  # a move after which none is needed
_GOOD = 1e-10  # what is off by no more is kept
_TOUCH = 1e-2  # of a price
NONE, ONE, MANY = range(3)
LOW, HIGH, CHEAP, DEAR = range(4)  # of a plant: output on its step of cost, and cost at the edge of one


@compiled
def finish(
    case: Case,
    owners: Owners,
    bounds: Bounds,
    point: Point,
    gaps: Gaps,
    system: System,
    sales: Floats,
    scarcity: Floats,
) -> int:
    """Fill sales (J, M) and scarcities (J,) from the search's last point: ONE, MANY or NONE that would do."""
    plants, markets = bounds.goods.shape
    steps = bounds.step_end.shape[1]
    sided = Bounds(
        np.zeros((plants, markets)), bounds.plant.copy(), np.zeros((plants, steps)), bounds.cheapest, bounds.money
    )
    whole = Bounds(bounds.goods, sided.plant, sided.step_end, bounds.cheapest, bounds.money)
    at, want, move = (
        empty_point(plants, markets, steps),
        empty_point(plants, markets, steps),
        empty_point(plants, markets, steps),
    )
    within = np.zeros((4, plants))
    for j in range(plants):
        _sides_of(case, bounds, point, sided, at, within, j)
    for _ in range(_MOST_ROUNDS):
        measure(case, owners, whole, at, gaps)
        _at_edges(sided, gaps)
        if not prepare(case, owners, sided, at, gaps, system):
            return NONE
        step(case, owners, sided, at, gaps, system, want, move)
        moved = _gone(bounds, sided, at, move)
        if not np.isfinite(moved):
            return NONE
        measure(case, owners, whole, at, gaps)
        if not _changed_sides(bounds, sided, at, gaps, within) and moved < _DONE_AFTER:
            break
    if not _told(bounds, sided, at, gaps, within, sales, scarcity):
        return NONE
    return ONE if _told_apart(case, owners, bounds, sided, at, gaps, system, want, move) else MANY


@compiled
def _told_apart(
    case: Case,
    owners: Owners,
    bounds: Bounds,
    sided: Bounds,
    at: Point,
    gaps: Gaps,
    system: System,
    want: Point,
    move: Point,
) -> bool:
    """Whether a touch on the costs moves no sales far, as it does where they could change at the same prices.

    Sales that no condition tells apart are held by ``newton.LEAST_BEND`` alone, and go a thousand times what their
    lanes could carry.
    """
    plants, markets = bounds.goods.shape
    if not prepare(case, owners, sided, at, gaps, system):
        return False
    for j in range(plants):
        gaps.plant[OF_LEFT, j], gaps.plant[OF_PARTS, j] = 0.0, 0.0
        for m in range(markets):
            # of a row of evenly spaced numbers, what two plants swap between two markets would cancel
            any_of_them = share(np.uint64(j), np.uint64(m)) - 0.5
            gaps.lane[CONDITION, j, m] = _TOUCH * bounds.money * any_of_them
    step(case, owners, sided, at, gaps, system, want, move)
    for j in range(plants):
        for m in range(markets):
            if sided.goods[j, m] > 0.0 and abs(move.lane[SALES, j, m]) > 30.0 * bounds.goods[j, m]:
                return False
    return True


@compiled
def _sides_of(case: Case, bounds: Bounds, point: Point, sided: Bounds, at: Point, within: Floats, j: int) -> None:
    """Which lanes of a plant are sold on, whether it is full, and whether it is on a step of cost or at an edge."""
    for m in range(bounds.goods.shape[1]):
        goods = bounds.goods[j, m]
        sided.goods[j, m] = 0.0
        if goods > 0.0 and point.lane[SALES, j, m] / goods > point.lane[LACK, j, m] / bounds.money:
            sided.goods[j, m] = goods
            at.lane[SALES, j, m] = point.lane[SALES, j, m]
    goods = bounds.plant[GOODS, j]
    within[LOW, j], within[HIGH, j] = 0.0, np.inf
    within[CHEAP, j], within[DEAR, j] = -np.inf, np.inf
    at.plant[MARGIN, j] = bounds.plant[FIRST, j]
    at.plant[LEFT, j] = _FULL * goods
    full = False
    if np.isfinite(bounds.plant[ROOM, j]):
        full = point.plant[RENT, j] / bounds.money > point.plant[LEFT, j] / goods
    if full:
        at.plant[RENT, j] = point.plant[RENT, j]
    else:
        sided.plant[ROOM, j] = np.inf
    begin, last, between = 0.0, -1, False
    for s in range(bounds.step_end.shape[1]):
        if bounds.step_end[j, s] == 0.0 or between:
            continue
        end, carried = bounds.step_end[j, s], goods_of_step(bounds, j, s)
        if point.step[PART, j, s] / carried <= point.step[UNDER, j, s] / bounds.money:
            if last >= 0 and not full:  # at the edge below this step: output is held there, and the cost is free
                within[CHEAP, j], within[DEAR, j] = case.step[LEVEL, j, last], case.step[LEVEL, j, s]
                at.plant[MARGIN, j] = point.plant[MARGIN, j]
                sided.step_end[j, s] = np.inf
                at.step[PART, j, s] = begin
                at.step[UNDER, j, s] = bounds.money / _FULL
            if last < 0:
                within[HIGH, j] = 0.0
            break
        last = s
        at.plant[MARGIN, j] = case.step[LEVEL, j, s]
        between = (end - point.step[PART, j, s]) / carried > point.step[ABOVE, j, s] / bounds.money
        if between:
            within[LOW, j], within[HIGH, j] = begin, begin + end
        begin += end


@compiled
def _at_edges(sided: Bounds, gaps: Gaps) -> None:
    """Ask nothing of the costs of steps: of a plant at an edge only its output is held."""
    for j in range(sided.step_end.shape[0]):
        for s in range(sided.step_end.shape[1]):
            gaps.level[j, s] = 0.0


@compiled
def _gone(bounds: Bounds, sided: Bounds, at: Point, move: Point) -> float:
    """Make the move; the most that it changed, in parts of what a lane could carry."""
    moved = 0.0
    for j in range(bounds.goods.shape[0]):
        for m in range(bounds.goods.shape[1]):
            if sided.goods[j, m] > 0.0:
                at.lane[SALES, j, m] += move.lane[SALES, j, m]
                moved = max(moved, abs(move.lane[SALES, j, m]) / bounds.goods[j, m])
                if np.isnan(move.lane[SALES, j, m]):
                    return np.nan
        if np.isfinite(sided.plant[ROOM, j]):
            at.plant[RENT, j] += move.plant[RENT, j]
        for s in range(sided.step_end.shape[1]):
            if sided.step_end[j, s] > 0.0:
                at.plant[MARGIN, j] += move.plant[MARGIN, j]
    return moved


@compiled
def _changed_sides(bounds: Bounds, sided: Bounds, at: Point, gaps: Gaps, within: Floats) -> bool:
    """Put what is on the wrong side on the other one; whether there was anything."""
    changed = False
    for j in range(bounds.goods.shape[0]):
        made = 0.0
        for m in range(bounds.goods.shape[1]):
            if sided.goods[j, m] > 0.0:
                if at.lane[SALES, j, m] <= 0.0:
                    sided.goods[j, m] = 0.0
                    at.lane[SALES, j, m] = 0.0
                    changed = True
            elif bounds.goods[j, m] > 0.0 and gaps.lane[CONDITION, j, m] < -_DONE * bounds.money:
                sided.goods[j, m] = bounds.goods[j, m]
                at.lane[SALES, j, m] = _FULL * bounds.goods[j, m]
                changed = True
            made += at.lane[SALES, j, m]
        if np.isfinite(bounds.plant[ROOM, j]):
            if sided.plant[ROOM, j] < np.inf and at.plant[RENT, j] <= 0.0:
                sided.plant[ROOM, j] = np.inf
                at.plant[RENT, j] = 0.0
                changed = True
            elif sided.plant[ROOM, j] == np.inf and made > bounds.plant[ROOM, j] * (1.0 + _DONE):
                sided.plant[ROOM, j] = bounds.plant[ROOM, j]
                at.plant[RENT, j] = _FULL * bounds.money
                changed = True
    return changed


@compiled
def _told(
    bounds: Bounds, sided: Bounds, at: Point, gaps: Gaps, within: Floats, sales: Floats, scarcity: Floats
) -> bool:
    """Fill the sales and scarcities if all of them hold."""
    for j in range(bounds.goods.shape[0]):
        made, off = 0.0, 0.0
        for m in range(bounds.goods.shape[1]):
            made += at.lane[SALES, j, m]
            lack = gaps.lane[CONDITION, j, m] / bounds.money
            if not np.isfinite(lack):
                return False
            if sided.goods[j, m] > 0.0:
                off = max(off, max(abs(lack), -at.lane[SALES, j, m] / bounds.goods[j, m]))
            elif bounds.goods[j, m] > 0.0:
                off = max(off, -lack)
        goods = bounds.plant[GOODS, j]
        off = max(off, -at.plant[RENT, j] / bounds.money)
        margin = at.plant[MARGIN, j]
        off = max(off, max(within[CHEAP, j] - margin, margin - within[DEAR, j]) / bounds.money)
        if np.isfinite(sided.plant[ROOM, j]):
            off = max(off, abs(sided.plant[ROOM, j] - made) / goods)
        for s in range(sided.step_end.shape[1]):
            if sided.step_end[j, s] > 0.0:
                off = max(off, abs(at.step[PART, j, s] - made) / goods)
        if goods > 0.0:
            off = max(off, max(within[LOW, j] - made, made - min(within[HIGH, j], bounds.plant[ROOM, j])) / goods)
        if not off < _GOOD:
            return False
    for j in range(bounds.goods.shape[0]):
        scarcity[j] = at.plant[RENT, j]
        for m in range(bounds.goods.shape[1]):
            sales[j, m] = at.lane[SALES, j, m]
    return True
