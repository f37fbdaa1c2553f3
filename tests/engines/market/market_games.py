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
