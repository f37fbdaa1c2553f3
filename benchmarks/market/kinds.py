"""What else a market may hold: how long a case takes with it, beside the general method, and whether they agree."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.market.games import market
from cell2grid.engines.market.game import Game
from cell2grid.engines.market.solving import cases_of, solve_game

AGREE = 1e-6


def _owned(game: Game) -> Game:
    firms = max(1, len(game.firm) // 4)
    return game._replace(
        firm=np.arange(len(game.firm)) % firms, interest=np.eye(firms), conduct=game.conduct[:, :firms].copy()
    )


def _staked(game: Game) -> Game:
    owned = _owned(game)
    stakes = np.eye(len(owned.interest))
    stakes[0, 1:] = 0.2
    return owned._replace(interest=stakes)


def _stepped(game: Game) -> Game:
    room = np.repeat(game.capacity[..., None] / 3.0, 3, axis=2)
    room[..., -1] = np.inf
    return game._replace(step_width=room, step_cost=game.step_cost + np.array([0.0, 5.0, 15.0]))


def _curved(game: Game) -> Game:
    return game._replace(
        isoelastic=np.ones(game.slope.shape[1], dtype=np.bool_),
        scale=game.intercept**2 / game.slope,
        elasticity=np.full_like(game.slope, 1.5),
    )


def _priced(game: Game) -> Game:
    return game._replace(duty_on_price=game.duty_on_cost, duty_on_cost=np.zeros_like(game.duty_on_cost))


KINDS: dict[str, Callable[[Game], Game]] = {
    "Cournot firms of one plant": lambda game: game,
    "price-takers": lambda game: game._replace(conduct=np.zeros_like(game.conduct)),
    "firms of four plants": _owned,
    "and a firm with stakes in all": _staked,
    "costs in three steps": _stepped,
    "duties on the selling price": _priced,
    "iso-elastic demand": _curved,
}


def rows(report: Report) -> None:
    plants, markets, cases = (8, 3, 4) if report.quick else (20, 10, 100)
    base = market(plants, markets, cases, seed=4)
    report.part(
        f"{plants} plants, {markets} markets, {cases} cases, one thread",
        f"  {'':<34}{'ms a case':>12}{'general':>12}{'ratio':>9}{'residual':>12}",
    )
    for name, changed in KINDS.items():
        game = changed(base)
        few = cases_of(game, np.arange(min(cases, 3)))
        solve_game(few, method="interior-point")
        began = time.perf_counter()
        found = solve_game(game, method="interior-point", threads=1)
        own = (time.perf_counter() - began) / cases
        began = time.perf_counter()
        other = solve_game(few, method="complementarity")
        general = (time.perf_counter() - began) / len(other.price)
        told = f"{own * 1e3:>12.2f}{general * 1e3:>12.1f}{general / own:>9.0f}{found.residual.max():>12.1e}"
        report.line(f"  {name:<34}{told}")
        away = np.abs(found.price[: len(other.price)] / other.price - 1.0).max()
        report.judge(f"prices by both methods, {name}", float(away), 0.0, AGREE)
