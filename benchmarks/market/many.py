"""Ten years of a large market, and an ensemble, on one core and on two; beside Clarabel on some of the cases."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.market.games import market
from benchmarks.market.peers import SMALL, by_clarabel, digits_for, programme
from cell2grid.engines.market.game import Game
from cell2grid.engines.market.solving import cases_of, solve_game

PEERED = 5  # cases that the peer solves


def rows(report: Report) -> None:
    plants, markets = (20, 5) if report.quick else (200, 20)
    _timed(report, f"{plants} plants, {markets} markets, 10 years", market(plants, markets, 10, seed=2), 1.0)
    members = 50 if report.quick else 1_000
    _timed(report, f"{members:,} members of 20 firms, 10 markets", market(20, 10, members, seed=3), 2.0)


def _timed(report: Report, title: str, game: Game, wanted: float) -> None:
    report.part(title, f"  {'':<34}{'best s':>10}{'ms a case':>12}{'ratio':>9}{'residual':>12}")
    cases = len(game.capacity)
    solve_game(cases_of(game, np.arange(1)))
    found, best = {}, {}
    for threads in (1, 2):
        best[threads] = np.inf
        for _ in range(1 if report.quick else 5):
            began = time.perf_counter()
            found[threads] = solve_game(game, threads=threads, method="interior-point")
            best[threads] = min(best[threads], time.perf_counter() - began)
    for threads in (2, 1):
        name = f"cell2grid, {threads} thread{'s' if threads > 1 else ''}"
        _line(report, name, best[threads], cases, best[threads] / best[2], found[threads].residual.max())
    seconds, worst = 0.0, 0.0
    for case in range(min(PEERED, cases)):
        answer = digits_for(by_clarabel, programme(cases_of(game, np.array([case]))))[1]
        seconds, worst = seconds + answer.seconds, max(worst, answer.residual)
    whole = seconds * cases / min(PEERED, cases)
    _line(report, f"Clarabel, one after another (from {PEERED})", whole, cases, whole / best[2], worst)
    report.judge(f"residual of {title}", float(found[2].residual.max()), 0.0, SMALL)
    same = all(one.tobytes() == two.tobytes() for one, two in zip(found[1], found[2], strict=True))
    report.judge(f"bytes of one and two threads, {title}", float(same), 1.0)
    report.wish(title, best[2], wanted, most=True, unit=" s")


def _line(report: Report, name: str, seconds: float, cases: int, ratio: float, worst: float) -> None:
    report.line(f"  {name:<40}{seconds:>10.3f}{seconds / cases * 1e3:>12.2f}{ratio:>9.1f}{worst:>12.1e}")
