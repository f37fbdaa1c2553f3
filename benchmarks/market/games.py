"""Random markets in which every peer has a form: Cournot firms of one plant, linear demand, capacities of which some
bind, freight, and duties on the value at customs."""

from __future__ import annotations

import numpy as np

from cell2grid.engines.market.game import Game


def market(plants: int, markets: int, cases: int = 1, *, seed: int = 1, conduct: float = 1.0) -> Game:
    """A game of firms with one plant each; costs, freight, duties and capacities differ from case to case."""
    draw = np.random.default_rng(seed)
    lanes, by_plant, by_market = (cases, plants, markets), (cases, plants), (cases, markets)
    cost = draw.uniform(40.0, 70.0, plants) * draw.uniform(0.95, 1.05, by_plant)
    capacity = draw.uniform(0.2, 3.5, by_plant) * 1000.0 * markets / plants
    none = np.zeros((cases, 0))
    return Game(
        firm=np.arange(plants),
        interest=np.eye(plants),
        capacity=capacity,
        step_width=np.full((cases, plants, 1), np.inf),
        step_cost=cost[..., None],
        power_scale=np.zeros(by_plant),
        power_exponent=np.ones(by_plant),
        freight=draw.uniform(0.0, 15.0, lanes),
        duty_on_cost=draw.choice([0.0, 0.05, 0.25], lanes),
        duty_on_price=np.zeros(lanes),
        duty_amount=np.zeros(lanes),
        least_price=np.full(lanes, np.nan),
        in_quota=np.zeros((0, plants, markets), dtype=np.bool_),
        quota=none,
        over_on_cost=none,
        over_on_price=none,
        over_amount=none,
        isoelastic=np.zeros(markets, dtype=np.bool_),
        intercept=draw.uniform(120.0, 160.0, by_market),
        slope=draw.uniform(0.03, 0.09, by_market),
        cross_slope=np.zeros((cases, markets, markets)),
        scale=np.ones(by_market),
        elasticity=np.ones(by_market),
        conduct=np.full((cases, plants, markets), conduct),
    )
