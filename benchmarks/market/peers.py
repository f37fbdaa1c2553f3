"""The same market for general solvers: as a convex programme with market quantities as variables, and as an LCP.

Minimise the sum over markets of b Q^2 / 2 - a Q, and over lanes of theta b x^2 / 2 + k x, with Q the sum of x and what
a plant sells within its capacity: 2 nonzeros a lane beside the diagonal. Each solver gets its matrices ready made, is
timed from them to its answer, and is asked for more digits until the residual of its sales is small enough.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import clarabel
import highspy
import numpy as np
import osqp
import scipy.sparse as sp
from numpy.typing import NDArray
from quantecon.optimize import lcp_lemke

from cell2grid.engines.market.game import Game
from cell2grid.engines.market.residual import residual
from cell2grid.engines.market.solving import solve_game

Floats = NDArray[np.float64]

SMALL = 1e-6  # the residual that is asked of all


@dataclass(frozen=True)
class Answer:
    """Seconds of one solve, and how far its sales are from an equilibrium."""

    seconds: float
    residual: float


@dataclass(frozen=True)
class Programme:
    """minimise z' diag(quadratic) z / 2 + linear z, with z of all sales and then all quantities."""

    plants: int
    markets: int
    quadratic: Floats
    linear: Floats
    balance: sp.csc_matrix  # (M, n): Q less sales
    use: sp.csc_matrix  # (J, n)
    capacity: Floats
    game: Game

    def answer(self, solution: Floats, seconds: float) -> Answer:
        """What was found, judged."""
        sales = np.maximum(solution[: self.plants * self.markets], 0.0).reshape(1, self.plants, self.markets)
        return Answer(seconds, float(residual(self.game, sales)[0]))


def programme(game: Game) -> Programme:
    """The convex programme of a game of one case."""
    _, plants, markets = game.freight.shape
    lanes = plants * markets
    own = game.conduct[0, game.firm] * game.slope[0]
    cost = (1.0 + game.duty_on_cost[0]) * (game.step_cost[0] + game.freight[0]) + game.duty_amount[0]
    lane = np.arange(lanes)
    by_market = sp.csc_matrix((np.ones(lanes), (lane % markets, lane)), shape=(markets, lanes))
    by_plant = sp.csc_matrix((np.ones(lanes), (lane // markets, lane)), shape=(plants, lanes))
    return Programme(
        plants,
        markets,
        np.concatenate([own.ravel(), game.slope[0]]),
        np.concatenate([cost.ravel(), -game.intercept[0]]),
        sp.csc_matrix(sp.hstack([-by_market, sp.identity(markets)])),
        sp.csc_matrix(sp.hstack([by_plant, sp.csc_matrix((plants, markets))])),
        game.capacity[0],
        game,
    )


def own_search(game: Game, method: str = "interior-point") -> Answer:
    """cell2grid's whole call, with the residual of every case that it checks itself."""
    began = time.perf_counter()
    found = solve_game(game, method=method)  # type: ignore[arg-type]
    return Answer(time.perf_counter() - began, float(found.residual.max()))


def by_clarabel(given: Programme, digits: float) -> Answer:
    """Clarabel, sparse."""
    lanes, n = given.plants * given.markets, given.linear.size
    signs = sp.csc_matrix((np.full(lanes, -1.0), (np.arange(lanes), np.arange(lanes))), shape=(lanes, n))
    rows = sp.csc_matrix(sp.vstack([given.balance, given.use, signs]))
    right = np.concatenate([np.zeros(given.markets), given.capacity, np.zeros(lanes)])
    cones = [clarabel.ZeroConeT(given.markets), clarabel.NonnegativeConeT(given.plants + lanes)]
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = digits
    hessian = sp.csc_matrix(sp.diags(given.quadratic))
    began = time.perf_counter()
    found = clarabel.DefaultSolver(hessian, given.linear, rows, right, cones, settings).solve()
    return given.answer(np.array(found.x), time.perf_counter() - began)


def by_highs(given: Programme, digits: float) -> Answer:
    """HiGHS for quadratic programmes."""
    n, lanes = given.linear.size, given.plants * given.markets
    rows = sp.csc_matrix(sp.vstack([given.balance, given.use]))
    model = highspy.HighsModel()
    model.lp_.num_col_, model.lp_.num_row_ = n, rows.shape[0]
    model.lp_.col_cost_ = given.linear
    model.lp_.col_lower_ = np.concatenate([np.zeros(lanes), np.full(given.markets, -highspy.kHighsInf)])
    model.lp_.col_upper_ = np.full(n, highspy.kHighsInf)
    model.lp_.row_lower_ = np.concatenate([np.zeros(given.markets), np.full(given.plants, -highspy.kHighsInf)])
    model.lp_.row_upper_ = np.concatenate([np.zeros(given.markets), given.capacity])
    model.lp_.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.lp_.a_matrix_.start_, model.lp_.a_matrix_.index_ = rows.indptr, rows.indices
    model.lp_.a_matrix_.value_ = rows.data
    model.hessian_.dim_ = n
    model.hessian_.format_ = highspy.HessianFormat.kTriangular
    model.hessian_.start_, model.hessian_.index_ = np.arange(n + 1), np.arange(n)
    model.hessian_.value_ = given.quadratic
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("primal_feasibility_tolerance", max(digits, 1e-10))
    highs.setOptionValue("dual_feasibility_tolerance", max(digits, 1e-10))
    highs.setOptionValue("time_limit", 120.0)
    began = time.perf_counter()
    highs.passModel(model)
    highs.run()
    return given.answer(np.array(highs.getSolution().col_value), time.perf_counter() - began)


def by_osqp(given: Programme, digits: float) -> Answer:
    """OSQP with its polishing step."""
    lanes, n = given.plants * given.markets, given.linear.size
    signs = sp.csc_matrix((np.ones(lanes), (np.arange(lanes), np.arange(lanes))), shape=(lanes, n))
    rows = sp.csc_matrix(sp.vstack([given.balance, given.use, signs]))
    low = np.concatenate([np.zeros(given.markets), np.full(given.plants, -np.inf), np.zeros(lanes)])
    high = np.concatenate([np.zeros(given.markets), given.capacity, np.full(lanes, np.inf)])
    hessian = sp.csc_matrix(sp.diags(given.quadratic))
    began = time.perf_counter()
    solver = osqp.OSQP()
    solver.setup(
        hessian,
        given.linear,
        rows,
        low,
        high,
        verbose=False,
        eps_abs=digits,
        eps_rel=digits,
        polishing=True,
        max_iter=200_000,
        time_limit=60.0,
    )
    found = solver.solve(raise_error=False)
    return given.answer(np.array(found.x), time.perf_counter() - began)


def by_lemke(given: Programme, digits: float) -> Answer:
    """Lemke's method of quantecon on sales and scarcities, scaled to prices and to the largest capacity."""
    game, plants, markets = given.game, given.plants, given.markets
    lanes = plants * markets
    money, goods = float(game.intercept.max()), float(game.capacity.max())
    slope = game.slope[0] * goods / money
    same_market = np.kron(np.ones((plants, plants)), np.diag(slope))
    own = np.diag(given.quadratic[:lanes] * goods / money)
    use = given.use.toarray()[:, :lanes]
    matrix = np.block([[same_market + own, use.T], [-use, np.zeros((plants, plants))]])
    vector = np.concatenate(
        [(given.linear[:lanes] - np.tile(game.intercept[0], plants)) / money, given.capacity / goods]
    )
    began = time.perf_counter()
    found = lcp_lemke(matrix, vector)
    return given.answer(found.z[:lanes] * goods, time.perf_counter() - began)


PEERS: dict[str, Callable[[Programme, float], Answer]] = {
    "Clarabel, sparse": by_clarabel,
    "HiGHS QP": by_highs,
    "OSQP": by_osqp,
    "quantecon Lemke": by_lemke,
}
DIGITS = (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-11)


def digits_for(solve: Callable[[Programme, float], Answer], given: Programme) -> tuple[float, Answer]:
    """The widest end test at which the residual is small enough, or the narrowest, with what it gave."""
    found = (DIGITS[0], solve(given, DIGITS[0]))
    for digits in DIGITS[1:]:
        if found[1].residual <= SMALL or found[1].seconds > 20.0:
            break
        found = (digits, solve(given, digits))
    return found
