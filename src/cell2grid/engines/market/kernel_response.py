"""Best response by water-filling: plant after plant answers what the others sell, until nobody moves.

The plain method beside the search of ``kernel.py``, and its check in tests and benchmarks; for linear demand of
products that are apart, and costs of one step. A plant fills its markets like basins up to one level, what its last
item of capacity earns; the answer of one plant is exact, and the round of all of them is Gauss and Seidel's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import (
    APART,
    BEARS,
    CAPACITY,
    INTERCEPT,
    KEEPS,
    LEVEL,
    SLOPE,
    Case,
    Owners,
    compiled,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_MOST_ROUNDS = 20_000


@compiled
def responded(
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
    still: float,
    sales: Floats,
    scarcity: Floats,
) -> None:
    """Fill sales (B, J, M) and scarcities (B, J) from case ``first`` to ``last``.

    What is given is as in ``kernel.some_cases``. ``still`` is the most that a sale may move in the last round, in parts
    of the case's largest sales in a market.
    """
    for b in range(first, last):
        case = Case(isoelastic, market[b], conduct[b], lane[b], plant[b], step[b], cross[b])
        _one_case(case, owners, still, sales[b], scarcity[b])


@compiled
def _one_case(case: Case, owners: Owners, still: float, sales: Floats, scarcity: Floats) -> None:
    """Rounds of all plants' answers."""
    plants, markets = sales.shape
    sold, net = np.zeros(markets), np.zeros((owners.stake_from.size - 1, markets))
    gain, bend = np.zeros(markets), np.zeros(markets)
    for _ in range(_MOST_ROUNDS):
        moved, most = 0.0, 0.0
        for j in range(plants):
            for m in range(markets):
                sold[m] -= sales[j, m]
                net[owners.firm[j], m] -= case.lane[KEEPS, j, m] * sales[j, m]
            _earned(case, owners, sold, net, j, gain, bend)
            scarcity[j] = _level(case.plant[CAPACITY, j], gain, bend)
            for m in range(markets):
                answer = max(gain[m] - scarcity[j], 0.0) / bend[m] if case.plant[CAPACITY, j] > 0.0 else 0.0
                moved = max(moved, abs(answer - sales[j, m]))
                sales[j, m] = answer
                sold[m] += answer
                net[owners.firm[j], m] += case.lane[KEEPS, j, m] * answer
                most = max(most, sold[m])
        if moved <= still * most:
            return


@compiled
def _earned(case: Case, owners: Owners, sold: Floats, net: Floats, j: int, gain: Floats, bend: Floats) -> None:
    """What a plant's first item earns in each market beside what the others sell, and what each further one less."""
    firm = owners.firm[j]
    for m in range(gain.size):
        slope, keeps = case.market[SLOPE, m], case.lane[KEEPS, j, m]
        counted = 0.0
        for t in range(owners.stake_from[firm], owners.stake_from[firm + 1]):
            counted += owners.stake[t] * net[owners.stake_in[t], m]
        cost = case.lane[BEARS, j, m] * case.step[LEVEL, j, 0] + case.lane[APART, j, m]
        price = case.market[INTERCEPT, m] - slope * sold[m]
        gain[m] = keeps * price - slope * case.conduct[firm, m] * counted - cost
        if np.isnan(gain[m]):
            gain[m] = -1.0
        bend[m] = slope * keeps * (1.0 + case.conduct[firm, m])


@compiled
def _level(capacity: float, gain: Floats, bend: Floats) -> float:
    """The level at which sales max(gain - level, 0) / bend come to the capacity; 0 where they do not reach it."""
    level, dropped = 0.0, True
    while dropped:
        total, answer, dropped = 0.0, 0.0, False
        for m in range(gain.size):
            if gain[m] > level:
                total += gain[m] / bend[m]
                answer += 1.0 / bend[m]
        if answer == 0.0:
            return level
        higher = (total - capacity) / answer
        if higher > level:
            level, dropped = higher, True
    return level
