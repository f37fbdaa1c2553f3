"""One case of a game as the general method sees it: only what can be sold, lane by lane.

A lane is a plant and a market that it reaches. The conditions on these are laid out in ``conditions.py``; whoever
takes whole batches reads ``game.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.game import Game

    Vector = NDArray[np.float64]
    Places = NDArray[np.int64]


class Case(NamedTuple):
    """One case of a game, its lanes only: l counts plants and markets that they reach with a capacity above 0."""

    plant: Places  # (L,)
    market: Places  # (L,)
    firm: Places  # (L,)
    capacity: Vector  # (J,)
    step_width: list[Vector]  # by plant, only the steps that can be reached; the last is inf
    step_cost: list[Vector]
    power_scale: Vector  # (J,)
    power_exponent: Vector  # (J,)
    freight: Vector  # (L,)
    on_cost: Vector  # (L,)
    amount: Vector  # (L,)
    keeps: Vector  # (L,): what the seller keeps of the price
    least_price: Vector  # (L,)
    over_lanes: Places  # (Y,): lanes that count against a quota
    over_on_cost: Vector  # (Y,): with the duty on cost that is paid within it
    over_amount: Vector  # (Y,)
    over_keeps: Vector  # (Y,)
    in_quota: sparse.csr_array  # (Q, L)
    quota: Vector  # (Q,)
    isoelastic: NDArray[np.bool_]  # (M,)
    intercept: Vector  # (M,)
    own_slope: Vector  # (M,)
    slopes: Vector  # (M, M): with the own ones on the diagonal; 0 in rows and columns of isoelastic demand
    scale: Vector  # (M,)
    elasticity: Vector  # (M,)
    conduct: Vector  # (F, M)
    interest: Vector  # (F, F)


def case_of(game: Game, b: int) -> Case:
    """One case of a game without what cannot be sold."""
    open_lane = np.isfinite(game.freight[b]) & (game.capacity[b] > 0.0)[:, None]
    plant, market = (part.astype(np.int64) for part in np.nonzero(open_lane))
    counted = game.in_quota[:, plant, market]
    over = np.nonzero(counted.any(axis=0))[0].astype(np.int64)
    extra = {
        name: counted[:, over].T.astype(float) @ getattr(game, name)[b]
        for name in ("over_on_cost", "over_on_price", "over_amount")
    }
    on_price, on_cost = game.duty_on_price[b][plant, market], game.duty_on_cost[b][plant, market]
    amount = game.duty_amount[b][plant, market]
    steps = [_reached_steps(game, b, j) for j in range(game.capacity.shape[1])]
    linear = ~game.isoelastic
    slopes = np.where(linear[:, None], game.cross_slope[b], 0.0)
    slopes[np.diag_indices_from(slopes)] = np.where(linear, game.slope[b], 0.0)
    return Case(
        plant,
        market,
        game.firm[plant],
        game.capacity[b],
        [width for width, _ in steps],
        [cost for _, cost in steps],
        game.power_scale[b],
        game.power_exponent[b],
        game.freight[b][plant, market],
        on_cost,
        amount,
        1.0 / (1.0 + on_price),
        game.least_price[b][plant, market],
        over,
        on_cost[over] + extra["over_on_cost"],
        amount[over] + extra["over_amount"],
        1.0 / (1.0 + on_price[over] + extra["over_on_price"]),
        sparse.csr_array(counted.astype(float)),
        game.quota[b],
        game.isoelastic,
        game.intercept[b],
        game.slope[b],
        slopes,
        game.scale[b],
        game.elasticity[b],
        game.conduct[b],
        game.interest,
    )


def _reached_steps(game: Game, b: int, j: int) -> tuple[Vector, Vector]:
    """Widths and costs of the steps that a plant's capacity reaches; the last one has no end of its own."""
    width, cost = game.step_width[b, j], game.step_cost[b, j]
    before = np.concatenate([[0.0], np.cumsum(width)[:-1]])
    kept = (width > 0.0) & (before < game.capacity[b, j])
    if not kept.any():
        kept[0] = True
    width, cost = width[kept].copy(), cost[kept].copy()
    width[-1] = np.inf
    return width, cost


def summed(places: Places, values: Vector, count: int) -> Vector:
    """Sum of ``values`` by the place (count,) that each belongs to."""
    total = np.zeros(count)
    np.add.at(total, places, values)
    return total
