"""The part of a step of Newton's method that differs where prices fall with the sales of other markets too.

What a plant sells in one market then lowers what its firm earns in others, so that a group of firms answers by one
matrix over all its lanes and the pushes that bind its plants' sales together, in parts of what a lane could carry and
of a price. Where no product stands in for another, ``newton.py`` answers market by market.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import GOODS, KEEPS, LACK, SALES, Bounds, Case, Owners, Point, compiled
from cell2grid.engines.market.kernel_conditions import BY_QUANTITY, FALL, Gaps
from cell2grid.engines.market.kernel_matrix import factored, solved
from cell2grid.engines.market.newton_system import BIND, DRIFT, FREE, LEAST_BEND, PUSH, System

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


@compiled
def open_lanes(bounds: Bounds, first: int, last: int) -> Places:
    """The lanes of a group's plants that are not shut, as plant within the group and market (L, 2)."""
    count = 0
    for j in range(first, last):
        for m in range(bounds.goods.shape[1]):
            count += 1 if bounds.goods[j, m] > 0.0 else 0
    lanes, place = np.zeros((count, 2), np.int64), 0
    for j in range(first, last):
        for m in range(bounds.goods.shape[1]):
            if bounds.goods[j, m] > 0.0:
                lanes[place, 0], lanes[place, 1] = j - first, m
                place += 1
    return lanes


@compiled
def _size(bounds: Bounds, j: int) -> float:
    """What a plant could make, or 1 where that is nothing."""
    goods: float = bounds.plant[GOODS, j]
    return goods if goods > 0.0 else 1.0


@compiled
def add_crossed(
    case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, system: System, first: int, last: int, at: int
) -> int:
    """Add to the matrix how a group of plants answers to the quantities of all markets; where the next group's factors
    stand, or -1 where these have none."""
    lanes = open_lanes(bounds, first, last)
    count, size = lanes.shape[0], lanes.shape[0] + last - first
    whole = system.crossed[at : at + size * size].reshape(size, size)
    _fill(case, owners, bounds, point, gaps, system, first, lanes, whole)
    swaps = _swaps(system, first, size)
    if not factored(whole, swaps):
        return -1
    right = np.zeros(size)
    for n in range(bounds.goods.shape[1]):
        right[:] = 0.0
        for k in range(count):
            j, m = first + lanes[k, 0], lanes[k, 1]
            fall = gaps.lane[BY_QUANTITY, j, m] if m == n else case.lane[KEEPS, j, m] * case.cross[m, n]
            right[k] = fall / bounds.money
        solved(whole, swaps, right)
        for k in range(count):
            system.matrix[lanes[k, 1], n] += right[k] * bounds.goods[first + lanes[k, 0], lanes[k, 1]]
    after: int = at + size * size
    return after


@compiled
def _swaps(system: System, first: int, size: int) -> Places:
    """The rows that a group's factors have exchanged."""
    start = first * (system.matrix.shape[0] + 1)
    return system.swaps[start : start + size]


@compiled
def _fill(
    case: Case,
    owners: Owners,
    bounds: Bounds,
    point: Point,
    gaps: Gaps,
    system: System,
    first: int,
    lanes: Places,
    whole: Floats,
) -> None:
    """How the conditions of a group's sales rise with all of them, and what binds those of each plant."""
    count = lanes.shape[0]
    whole[:] = 0.0
    for k in range(count):
        j, m = first + lanes[k, 0], lanes[k, 1]
        firm = owners.firm[j]
        for t in range(owners.stake_from[firm], owners.stake_from[firm + 1]):
            holds = owners.stake[t] * case.conduct[firm, m] / bounds.money
            for i in range(count):
                other, n = first + lanes[i, 0], lanes[i, 1]
                if holds > 0.0 and owners.firm[other] == owners.stake_in[t]:
                    fall = gaps.market[FALL, m] if m == n else case.cross[n, m]
                    whole[k, i] += holds * fall * case.lane[KEEPS, other, n] * bounds.goods[other, n]
        lack = point.lane[LACK, j, m] / point.lane[SALES, j, m]
        whole[k, k] += lack * bounds.goods[j, m] / bounds.money + LEAST_BEND
        whole[k, count + lanes[k, 0]] = system.lane[BIND, j, m]
        whole[count + lanes[k, 0], k] = bounds.goods[j, m] / _size(bounds, j)
    for a in range(whole.shape[0] - count):
        whole[count + a, count + a] = -system.plant[FREE, first + a] * bounds.money / _size(bounds, first + a)


@compiled
def crossed_answers(
    bounds: Bounds, owners: Owners, system: System, lanes: Floats, quantity: Floats, keep: bool
) -> None:
    """Sales that answer to what is wanted of each lane: into ``lanes`` if they are kept, else summed by market."""
    at = 0
    for g in range(owners.group.size - 1):
        first, last = owners.group[g], owners.group[g + 1]
        open_ = open_lanes(bounds, first, last)
        count, size = open_.shape[0], open_.shape[0] + last - first
        right = np.zeros(size)
        for k in range(count):
            right[k] = lanes[first + open_[k, 0], open_[k, 1]] / bounds.money
        for j in range(first, last):
            right[count + j - first] = system.plant[DRIFT, j] / _size(bounds, j)
        solved(system.crossed[at : at + size * size].reshape(size, size), _swaps(system, first, size), right)
        at += size * size
        for k in range(count):
            j, m = first + open_[k, 0], open_[k, 1]
            if keep:
                lanes[j, m] = right[k] * bounds.goods[j, m]
            else:
                quantity[m] += right[k] * bounds.goods[j, m]
        for j in range(first, last):
            system.plant[PUSH, j] = right[count + j - first] * bounds.money
