"""Games that the tests of the market engine share: plain ones to fill in, and random ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from cell2grid.engines.market.game import Game


def plain_game(
    cost: Any,
    *,
    intercept: Any = (100.0,),
    slope: Any = (1.0,),
    firm: Any = None,
    conduct: float | Any = 1.0,
    cases: int = 1,
    **given: Any,
) -> Game:
    """A game of plants that cost ``cost`` (J,) each and sell to linear markets; whatever else is given replaces."""
    level = np.asarray(cost, float)
    plants, markets = len(level), len(np.atleast_1d(intercept))
    owner = np.arange(plants) if firm is None else np.asarray(firm)
    firms = int(owner.max()) + 1 if plants else 0
    quotas = np.asarray(given.get("in_quota", np.zeros((0, plants, markets)))).shape[0]
    lanes = (cases, plants, markets)
    values: dict[str, Any] = {
        "firm": owner,
        "interest": np.eye(firms),
        "capacity": np.full((cases, plants), np.inf),
        "step_width": np.full((cases, plants, 1), np.inf),
        "step_cost": np.broadcast_to(level[:, None], (cases, plants, 1)),
        "power_scale": np.zeros((cases, plants)),
        "power_exponent": np.ones((cases, plants)),
        "freight": np.zeros(lanes),
        "duty_on_cost": np.zeros(lanes),
        "duty_on_price": np.zeros(lanes),
        "duty_amount": np.zeros(lanes),
        "least_price": np.full(lanes, np.nan),
        "in_quota": np.zeros((quotas, plants, markets), bool),
        "quota": np.zeros((cases, quotas)),
        "over_on_cost": np.zeros((cases, quotas)),
        "over_on_price": np.zeros((cases, quotas)),
        "over_amount": np.zeros((cases, quotas)),
        "isoelastic": np.zeros(markets, bool),
        "intercept": np.broadcast_to(np.asarray(intercept, float), (cases, markets)),
        "slope": np.broadcast_to(np.asarray(slope, float), (cases, markets)),
        "cross_slope": np.zeros((cases, markets, markets)),
        "scale": np.ones((cases, markets)),
        "elasticity": np.ones((cases, markets)),
        "conduct": np.broadcast_to(np.asarray(conduct, float), (cases, firms, markets)),
    }
    for name, value in given.items():
        values[name] = np.broadcast_to(np.asarray(value), np.shape(values[name]))
    kinds = {"firm": np.int64, "isoelastic": np.bool_, "in_quota": np.bool_}
    return Game(**{name: np.ascontiguousarray(value, kinds.get(name, np.float64)) for name, value in values.items()})


KINDS = ("cournot", "takers", "between", "shared", "stepped", "priced", "curved", "staked")


def random_game(kind: str, *, plants: int, markets: int, cases: int, seed: int) -> Game:
    """A random game of one kind; capacities bind here and there, and some lanes do not pay."""
    draw = np.random.default_rng(seed)
    lanes = (cases, plants, markets)
    slope = draw.uniform(0.01, 0.1, markets)
    game = plain_game(
        draw.uniform(20.0, 60.0, plants),
        intercept=draw.uniform(80.0, 150.0, markets),
        slope=slope,
        firm=np.arange(plants) % max(1, plants // 3) if kind in ("shared", "staked") else None,
        conduct={"takers": 0.0, "between": 0.4}.get(kind, 1.0),
        cases=cases,
        freight=draw.uniform(0.0, 30.0, lanes),
        capacity=draw.uniform(0.1, 3.0, (cases, plants)) * 1500.0 * markets / plants,
        duty_on_cost=draw.uniform(0.0, 0.3, lanes),
    )
    if kind in ("stepped", "staked"):
        width = draw.uniform(20.0, 400.0, (cases, plants, 3))
        width[..., -1] = np.inf
        cost = np.sort(draw.uniform(20.0, 70.0, (cases, plants, 3)), axis=-1)
        game = game._replace(step_width=width, step_cost=cost)
    if kind in ("priced", "staked"):
        game = game._replace(duty_on_price=draw.uniform(0.0, 0.5, lanes))
    if kind == "curved":
        game = game._replace(
            isoelastic=np.arange(markets) % 2 == 0,
            scale=draw.uniform(1e5, 1e7, (cases, markets)),
            elasticity=draw.uniform(0.8, 3.0, (cases, markets)),
            power_scale=draw.uniform(0.0, 0.1, (cases, plants)),
            power_exponent=draw.uniform(0.5, 2.0, (cases, plants)),
        )
    if kind == "staked":
        firms = len(game.interest)
        stakes = np.where(draw.random((firms, firms)) < 0.4, draw.uniform(0.0, 0.3, (firms, firms)), 0.0)
        np.fill_diagonal(stakes, 1.0)
        game = game._replace(interest=stakes)
    return game
