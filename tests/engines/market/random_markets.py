"""Random games with as many features of a market as asked for, as a function of a seed."""

from __future__ import annotations

from typing import Any

import numpy as np
from market_games import plain_game

from cell2grid.engines.market.game import Game

FEATURES = (
    "capacity", "steps", "power", "bent", "on_cost", "on_price", "amount", "quota", "least_price", "isoelastic",
    "cross", "conduct", "price_taking", "interest", "owners", "missing",
)  # fmt: skip


def random_game(seed: int, features: tuple[str, ...] = FEATURES, *, plants: int = 5, markets: int = 3) -> Game:
    """A game whose numbers are drawn by ``seed``; each feature that is named is in it."""
    draw = np.random.default_rng(seed)
    has = set(features).__contains__
    j, m = plants, markets
    given: dict[str, Any] = {"freight": draw.uniform(0.0, 6.0, (1, j, m))}
    if has("missing"):
        given["freight"] = np.where(draw.uniform(size=(1, j, m)) < 0.2, np.nan, given["freight"])
    if has("capacity"):
        given["capacity"] = np.where(draw.uniform(size=(1, j)) < 0.8, draw.uniform(2.0, 40.0, (1, j)), np.inf)
    owner = np.sort(draw.integers(0, max(1, j // 2), j)) if has("owners") else np.arange(j)
    owner = np.unique(owner, return_inverse=True)[1].reshape(-1)
    firms = int(owner.max()) + 1
    if has("interest"):
        given["interest"] = np.eye(firms) + draw.uniform(0.0, 0.4, (firms, firms)) * (1.0 - np.eye(firms))
    given["conduct"] = np.ones((1, firms, m))
    if has("conduct"):
        given["conduct"] = draw.choice([0.3, 0.7, 1.0], (1, firms, m))
    if has("price_taking"):
        given["conduct"] = np.where(draw.uniform(size=(1, firms, m)) < 0.5, 0.0, given["conduct"])
    if has("on_cost"):
        given["duty_on_cost"] = draw.uniform(0.0, 0.3, (1, j, m))
    if has("on_price"):
        given["duty_on_price"] = draw.uniform(0.0, 0.4, (1, j, m))
    if has("amount"):
        given["duty_amount"] = draw.uniform(0.0, 3.0, (1, j, m))
    given.update(_rules(draw, has, j, m))
    given.update(_curves(draw, has, j, m))
    cost = np.round(draw.uniform(5.0, 30.0, j))
    steps = 3 if has("steps") else 1
    width = np.full((1, j, steps), np.inf)
    level = np.broadcast_to(cost[None, :, None], (1, j, steps)).copy()
    if steps > 1:
        width[..., :-1] = draw.uniform(2.0, 15.0, (1, j, 2))
        level += np.cumsum(draw.uniform(0.0, 8.0, (1, j, steps)), axis=-1)
    game = plain_game(
        cost,
        intercept=draw.uniform(50.0, 110.0, m),
        slope=draw.uniform(0.3, 2.0, m),
        firm=owner,
        **given,
    )
    return game._replace(step_width=width, step_cost=level)


def _rules(draw: np.random.Generator, has: Any, j: int, m: int) -> dict[str, Any]:
    """Quotas and undertakings."""
    given: dict[str, Any] = {}
    if has("quota"):
        counted = np.zeros((2, j, m), bool)
        counted[0, : j // 2, 0] = True
        counted[1, j // 2 :, m - 1] = draw.uniform(size=j - j // 2) < 0.7
        given["in_quota"] = counted
        given["quota"] = draw.uniform(0.0, 12.0, (1, 2))
        given["over_on_cost"] = draw.uniform(0.0, 0.4, (1, 2))
        given["over_on_price"] = draw.uniform(0.0, 0.2, (1, 2))
        given["over_amount"] = draw.uniform(0.0, 4.0, (1, 2))
    if has("least_price"):
        price = np.broadcast_to(draw.uniform(25.0, 60.0, (1, 1, m)), (1, j, m))
        given["least_price"] = np.where(draw.uniform(size=(1, j, m)) < 0.4, price, np.nan)
    return given


def _curves(draw: np.random.Generator, has: Any, j: int, m: int) -> dict[str, Any]:
    """Costs that rise by powers, isoelastic demand, and markets that stand in for each other."""
    given: dict[str, Any] = {}
    if has("power") or has("bent"):
        low, high = (0.4 if has("bent") else 1.0), (3.0 if has("power") else 0.95)
        given["power_scale"] = np.where(draw.uniform(size=(1, j)) < 0.7, draw.uniform(0.02, 0.3, (1, j)), 0.0)
        given["power_exponent"] = draw.uniform(low, high, (1, j))
    curved = np.zeros(m, bool)
    if has("isoelastic"):
        curved[0] = True
        given["isoelastic"] = curved
        given["elasticity"] = draw.uniform(1.2, 3.0, (1, m))
        given["scale"] = draw.uniform(5e3, 2e4, (1, m))
    if has("cross"):
        strength = draw.uniform(0.0, 0.5, (m, m))
        strength = 0.15 * (strength + strength.T) * (1.0 - np.eye(m))
        strength[curved], strength[:, curved] = 0.0, 0.0
        given["cross_slope"] = strength[None]
    return given
