"""One step of Newton's method on a case: plants and groups of firms one by one, then all markets at once.

A plant that shares its firm with none answers to the quantities of all markets by a diagonal and one column (its
output binds its sales together), so that its answer is two divisions a lane; the plants of a group, which share a firm
or earn of one another, by a small matrix in each market. What is left is one dense matrix of markets by markets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import (
    ABOVE,
    BEARS,
    KEEPS,
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
    compiled,
    crossed,
    left_on_step,
)
from cell2grid.engines.market.kernel_conditions import BY_QUANTITY, CONDITION, FALL, OF_LEFT, OF_PARTS, RISE, Gaps
from cell2grid.engines.market.kernel_matrix import factored, inverted, solved
from cell2grid.engines.market.newton_crossed import add_crossed, crossed_answers
from cell2grid.engines.market.newton_system import (
    BIND,
    BY_OUTPUT,
    DRIFT,
    FREE,
    GIVE,
    LEAST_BEND,
    MARGIN_0,
    PUSH,
    RENT_0,
    SCARCE,
    WHOLE,
    System,
    of_output,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


@compiled
def prepare(case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, system: System) -> bool:
    """Fill ``system`` at a point; False where the markets' matrix cannot be factored."""
    plants, markets = bounds.goods.shape
    for m in range(markets):
        for n in range(markets):
            system.matrix[m, n] = 1.0 if m == n else 0.0
    for j in range(plants):
        of_output(case, bounds, point, gaps, system, j)
    place, at = 0, 0
    for g in range(owners.group.size - 1):
        first, last = owners.group[g], owners.group[g + 1]
        if crossed(case):
            at = add_crossed(case, owners, bounds, point, gaps, system, first, last, at)
            if at < 0:
                return False
        elif last - first == 1:
            _add_plant(case, owners, bounds, point, gaps, system, first)
        else:
            if not _add_group(case, owners, bounds, point, gaps, system, first, last, place):
                return False
            place += (last - first) ** 2
    return factored(system.matrix, system.pivot)


@compiled
def _own_bend(
    case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, j: int, m: int, stake: float
) -> float:
    """How a sale's condition rises with the sale itself, its plant's output and all sales in the market apart."""
    own = stake * case.conduct[owners.firm[j], m] * gaps.market[FALL, m] * case.lane[KEEPS, j, m]
    own = max(own, LEAST_BEND * bounds.money / bounds.goods[j, m])
    bend: float = point.lane[LACK, j, m] / point.lane[SALES, j, m] + own
    return bend


@compiled
def _add_plant(case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, system: System, j: int) -> None:
    """Add to the matrix how a plant that is alone answers to the quantities of all markets."""
    markets = case.conduct.shape[1]
    whole = system.plant[FREE, j]
    for m in range(markets):
        if bounds.goods[j, m] > 0.0:
            system.lane[GIVE, j, m] = 1.0 / _own_bend(case, owners, bounds, point, gaps, j, m, 1.0)
            whole += system.lane[GIVE, j, m] * system.lane[BIND, j, m]
        else:
            system.lane[GIVE, j, m] = 0.0
    system.plant[WHOLE, j] = whole
    for m in range(markets):
        if system.lane[GIVE, j, m] == 0.0:
            continue
        system.matrix[m, m] += system.lane[GIVE, j, m] * gaps.lane[BY_QUANTITY, j, m]
        column = system.lane[GIVE, j, m] * system.lane[BIND, j, m] / whole
        if column > 0.0:
            for n in range(markets):
                system.matrix[m, n] -= column * system.lane[GIVE, j, n] * gaps.lane[BY_QUANTITY, j, n]


@compiled
def _add_group(
    case: Case,
    owners: Owners,
    bounds: Bounds,
    point: Point,
    gaps: Gaps,
    system: System,
    first: int,
    last: int,
    place: int,
) -> bool:
    """Add to the matrix how a group of plants answers; its inverses are kept for the right-hand sides."""
    n, markets = last - first, case.conduct.shape[1]
    across = system.across[place : place + n * n].reshape(n, n)
    for a in range(n):
        for b in range(n):
            across[a, b] = system.plant[FREE, first + a] if a == b else 0.0
    answers, bound, outputs = np.zeros((n, markets)), np.zeros((markets, n)), np.zeros((n, markets))
    for m in range(markets):
        start = place * markets + m * n * n
        inside = system.inside[start : start + n * n].reshape(n, n)
        _within_market(case, owners, bounds, point, gaps, first, m, inside)
        if not inverted(inside):
            return False
        for a in range(n):
            for b in range(n):
                if bounds.goods[first + a, m] == 0.0 or bounds.goods[first + b, m] == 0.0:
                    inside[a, b] = 0.0
                across[a, b] += inside[a, b] * system.lane[BIND, first + b, m]
                bound[m, b] += inside[a, b] * system.lane[BIND, first + b, m]
                answers[a, m] += inside[a, b] * gaps.lane[BY_QUANTITY, first + b, m]
            system.matrix[m, m] += answers[a, m]
    if not inverted(across):
        return False
    for a in range(n):
        for b in range(n):
            for k in range(markets):
                outputs[a, k] += across[a, b] * answers[b, k]
    for m in range(markets):
        for k in range(markets):
            for a in range(n):
                system.matrix[m, k] -= bound[m, a] * outputs[a, k]
    return True


@compiled
def _within_market(
    case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, first: int, m: int, inside: Floats
) -> None:
    """How the conditions of a group's sales in one market rise with these sales (n, n)."""
    n = inside.shape[0]
    for a in range(n):
        j, firm = first + a, owners.firm[first + a]
        for b in range(n):
            inside[a, b] = 0.0
        if bounds.goods[j, m] == 0.0:
            inside[a, a] = 1.0
            continue
        for b in range(n):
            stake = 0.0
            for t in range(owners.stake_from[firm], owners.stake_from[firm + 1]):
                if owners.stake_in[t] == owners.firm[first + b]:
                    stake += owners.stake[t]
            if bounds.goods[first + b, m] > 0.0:
                inside[a, b] = stake * case.conduct[firm, m] * gaps.market[FALL, m] * case.lane[KEEPS, first + b, m]
        inside[a, a] += (
            point.lane[LACK, j, m] / point.lane[SALES, j, m] + LEAST_BEND * bounds.money / bounds.goods[j, m]
        )


@compiled
def step(
    case: Case, owners: Owners, bounds: Bounds, point: Point, gaps: Gaps, system: System, want: Point, move: Point
) -> None:
    """Fill ``move`` with the step that closes the gaps and changes the products of the slacks by ``want``.

    Of ``want``, ``lack`` is for sales and what they lack, ``rent`` for capacities, ``under`` and ``above`` for steps.
    """
    plants, markets = bounds.goods.shape
    quantity = np.zeros(markets)
    for j in range(plants):
        _of_output_wanted(bounds, point, gaps, system, want, j)
        rent, margin = system.plant[RENT_0, j], system.plant[MARGIN_0, j]
        for m in range(markets):
            move.lane[SALES, j, m] = 0.0
            if bounds.goods[j, m] > 0.0:
                wanted = want.lane[LACK, j, m] / point.lane[SALES, j, m] - gaps.lane[CONDITION, j, m]
                move.lane[SALES, j, m] = wanted - case.lane[BEARS, j, m] * margin - rent
    # what is wanted of each lane stays in move; its answer goes through the markets' quantities
    _answers(case, owners, bounds, system, move.lane[SALES], quantity, False)
    solved(system.matrix, system.pivot, quantity)
    for j in range(plants):
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                move.lane[SALES, j, m] -= gaps.lane[BY_QUANTITY, j, m] * quantity[m]
                if crossed(case):
                    for n in range(markets):
                        move.lane[SALES, j, m] -= case.lane[KEEPS, j, m] * case.cross[m, n] * quantity[n]
    _answers(case, owners, bounds, system, move.lane[SALES], quantity, True)
    for j in range(plants):
        for m in range(markets):
            if bounds.goods[j, m] > 0.0:
                taken = point.lane[LACK, j, m] * move.lane[SALES, j, m]
                move.lane[LACK, j, m] = (want.lane[LACK, j, m] - taken) / point.lane[SALES, j, m]
        _rest_of_plant(bounds, point, gaps, system, want, move, j)


@compiled
def _of_output_wanted(bounds: Bounds, point: Point, gaps: Gaps, system: System, want: Point, j: int) -> None:
    """What a plant's scarcity and its cost at the margin change by without any push."""
    fixed, shift = 0.0, 0.0
    if np.isfinite(bounds.plant[ROOM, j]):
        wanted = want.plant[RENT, j] + point.plant[RENT, j] * gaps.plant[OF_LEFT, j]
        fixed = wanted / point.plant[LEFT, j]
    if system.plant[BY_OUTPUT, j] > 0.0:
        parts = gaps.plant[OF_PARTS, j]
        for s in range(bounds.step_end.shape[1]):
            if bounds.step_end[j, s] > 0.0:
                bend, wished = _of_step(bounds, point, gaps, want, j, s)
                parts += wished / bend
        shift = -parts * system.plant[BY_OUTPUT, j]
    free, scarce = system.plant[FREE, j], system.plant[SCARCE, j]
    own = 1.0 / free - scarce
    rise = system.plant[BY_OUTPUT, j] + gaps.plant[RISE, j]
    system.plant[RENT_0, j] = free * (fixed * own - scarce * shift)
    system.plant[MARGIN_0, j] = shift * free * (1.0 / free - rise) - free * rise * fixed
    system.plant[DRIFT, j] = -(fixed + shift) * free  # the change of output without a push


@compiled
def _of_step(bounds: Bounds, point: Point, gaps: Gaps, want: Point, j: int, s: int) -> tuple[float, float]:
    """How a step's condition rises with output on it, and what is wanted of it."""
    bend = point.step[UNDER, j, s] / point.step[PART, j, s]
    wanted = want.step[UNDER, j, s] / point.step[PART, j, s] - gaps.level[j, s]
    if np.isfinite(bounds.step_end[j, s]):
        room = left_on_step(bounds, point, j, s)
        bend += point.step[ABOVE, j, s] / room
        wanted -= want.step[ABOVE, j, s] / room
    return bend, wanted


@compiled
def _answers(
    case: Case, owners: Owners, bounds: Bounds, system: System, lanes: Floats, quantity: Floats, keep: bool
) -> None:
    """Sales that answer to what is wanted of each lane: into ``lanes`` if they are kept, else summed by market."""
    if crossed(case):
        crossed_answers(bounds, owners, system, lanes, quantity, keep)
        return
    markets = lanes.shape[1]
    place = 0
    for g in range(owners.group.size - 1):
        first, last = owners.group[g], owners.group[g + 1]
        n = last - first
        if n > 1:
            _group_answers(system, lanes, quantity, first, n, place, keep)
            place += n * n
            continue
        push = -system.plant[DRIFT, first]
        for m in range(markets):
            push += system.lane[GIVE, first, m] * lanes[first, m]
        push /= system.plant[WHOLE, first]
        system.plant[PUSH, first] = push
        for m in range(markets):
            sale = system.lane[GIVE, first, m] * (lanes[first, m] - system.lane[BIND, first, m] * push)
            if keep:
                lanes[first, m] = sale
            else:
                quantity[m] += sale


@compiled
def _group_answers(system: System, lanes: Floats, quantity: Floats, first: int, n: int, place: int, keep: bool) -> None:
    """The same of a group of several plants."""
    markets = lanes.shape[1]
    free = np.zeros(n)
    for a in range(n):
        free[a] = -system.plant[DRIFT, first + a]
    for m in range(markets):
        start = place * markets + m * n * n
        for a in range(n):
            for b in range(n):
                free[a] += system.inside[start + a * n + b] * lanes[first + b, m]
    for a in range(n):
        push = 0.0
        for b in range(n):
            push += system.across[place + a * n + b] * free[b]
        system.plant[PUSH, first + a] = push
    for m in range(markets):
        start = place * markets + m * n * n
        for a in range(n):
            free[a] = 0.0
            for b in range(n):
                wanted = lanes[first + b, m] - system.lane[BIND, first + b, m] * system.plant[PUSH, first + b]
                free[a] += system.inside[start + a * n + b] * wanted
            if not keep:
                quantity[m] += free[a]
        if keep:
            for a in range(n):
                lanes[first + a, m] = free[a]


@compiled
def _rest_of_plant(bounds: Bounds, point: Point, gaps: Gaps, system: System, want: Point, move: Point, j: int) -> None:
    """The step of a plant's capacity, its scarcity and its steps of cost, once that of its sales is known."""
    push, free = system.plant[PUSH, j], system.plant[FREE, j]
    made = system.plant[DRIFT, j] + free * push
    if np.isfinite(bounds.plant[ROOM, j]):
        move.plant[LEFT, j] = -gaps.plant[OF_LEFT, j] - made
        move.plant[RENT, j] = system.plant[RENT_0, j] + system.plant[SCARCE, j] * free * push
    by_output = system.plant[BY_OUTPUT, j]
    if by_output == 0.0:
        return
    # what the cost at the margin rises by, less what the power of it rises by
    rise = by_output + gaps.plant[RISE, j]
    move.plant[MARGIN, j] = system.plant[MARGIN_0, j] + rise * free * push - gaps.plant[RISE, j] * made
    for s in range(bounds.step_end.shape[1]):
        if bounds.step_end[j, s] > 0.0:
            bend, wanted = _of_step(bounds, point, gaps, want, j, s)
            change = (move.plant[MARGIN, j] + wanted) / bend
            move.step[PART, j, s] = change
            taken = point.step[UNDER, j, s] * change
            move.step[UNDER, j, s] = (want.step[UNDER, j, s] - taken) / point.step[PART, j, s]
            if np.isfinite(bounds.step_end[j, s]):
                room = left_on_step(bounds, point, j, s)
                move.step[ABOVE, j, s] = (want.step[ABOVE, j, s] + point.step[ABOVE, j, s] * change) / room
