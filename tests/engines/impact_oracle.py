"""The best schedule of a store that moves its price, by quadratic programs: one for each choice of directions.

Each step charges or discharges, and every choice of all steps is a convex program in charge, discharge, curtailment and
purchases. For a few steps only; independent of the dispatch engine but for the numbers of its ``Case``.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.optimize import LinearConstraint, linprog, minimize

from cell2grid.engines.dispatch import Case


def best_value(case: Case, slope: np.ndarray) -> float:
    """The most that a schedule earns at the prices that it moves; minus infinity where there is none."""
    steps = len(case.price)
    losses = case.efficiency_charge * case.efficiency_discharge < 1.0
    torn = losses and bool((np.minimum(case.buy_price, case.sell_price) < 0.0).any())
    choices = product((True, False), repeat=steps) if torn else [(None,) * steps]
    return max(_value(case, slope, choice) for choice in choices)


def _value(case: Case, slope: np.ndarray, charging: tuple[bool | None, ...]) -> float:
    """What one choice earns."""
    steps, hours = len(case.price), case.step_hours
    zero, one = np.zeros((steps, steps)), np.eye(steps)
    sun = np.zeros(steps) if case.generation is None else case.generation
    load = np.zeros(steps) if case.load is None else case.load
    out = np.full(steps, 100.0) if case.export_limit is None else case.export_limit
    into = np.full(steps, 100.0) if case.import_limit is None else case.import_limit
    # what a MWh stored in one step leaves after another
    after = np.cumprod(np.tril(np.where(one > 0.0, 1.0, case.kept[:, None])) + np.triu(np.ones_like(one), 1), axis=0)
    stays = np.tril(after) * hours
    level = np.hstack([stays * case.efficiency_charge, -stays / case.efficiency_discharge, zero, zero])
    first = case.start * np.cumprod(case.kept)
    net = np.hstack([-one, one, -one, zero])
    bought = np.hstack([zero, zero, zero, one])
    rows = np.vstack([level, net, net + bought])
    least = np.concatenate([case.lowest - first, load - sun - into, load - sun])
    most = np.concatenate([case.highest - first, load - sun + out, np.full(steps, 1e3)])
    ways = np.array(charging)
    high = np.concatenate([case.charge_limit * (ways != False), case.discharge_limit * (ways != True), sun, into])  # noqa: E712
    cost = np.concatenate([np.repeat(case.throughput_cost, 2 * steps), np.zeros(2 * steps)]) * np.tile(hours, 4)

    def lost(x: np.ndarray) -> tuple[float, np.ndarray]:
        export, purchase = net @ x + sun - load, bought @ x
        money = case.sell_price * (export + purchase) - case.buy_price * purchase - slope * export**2
        rate = (net + bought).T @ (case.sell_price * hours) - bought.T @ (case.buy_price * hours)
        return float(cost @ x - money @ hours), cost - rate + 2.0 * net.T @ (slope * export * hours)

    # the method stops short from some starts, so it begins at several corners; a value counts where all rows hold
    random, best = np.random.default_rng(0), -np.inf
    bounds = [*zip(0.0 * high, high, strict=True)]
    for toward in [cost, *random.normal(size=(5, 4 * steps))]:
        corner = linprog(toward, np.vstack([rows, -rows]), np.concatenate([most, -least]), bounds=bounds)
        if corner.status != 0:
            return -np.inf
        found = minimize(
            lost,
            corner.x,
            jac=True,
            method="SLSQP",
            bounds=bounds,
            constraints=LinearConstraint(rows, least, most),
            options={"ftol": 1e-13, "maxiter": 500},
        )
        if max((least - rows @ found.x).max(), (rows @ found.x - most).max()) <= 1e-9:
            best = max(best, -float(found.fun))
        if found.success:
            break
    return best
