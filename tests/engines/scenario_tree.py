"""Every path of a Markov chain of prices as one linear program for HiGHS, written out node by node.

A node is a history of states; its schedule may depend on that history and on nothing later. Charging and discharging
share a step as in the hull of the two (c / C + d / D <= 1), which binds only where a price pays for doing both.
"""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
from scipy.optimize import linprog

from cell2grid.engines.foresight.stochastic_kernel import Period


def best_expected(period: Period, first: np.ndarray, start: float) -> float:
    """The most that can be expected from ``start`` [MWh], the first state drawn from ``first``."""
    steps, states = period.buy.shape
    nodes = [history for t in range(steps) for history in product(range(states), repeat=t + 1)]
    place = {history: 3 * i for i, history in enumerate(nodes)}
    pieces = len(period.end_worth)
    leaves = [history for history in nodes if len(history) == steps]
    ends = {history: 3 * len(nodes) + pieces * i for i, history in enumerate(leaves)}
    columns = 3 * len(nodes) + pieces * len(leaves)
    cost, low, high = np.zeros(columns), np.zeros(columns), np.full(columns, np.inf)
    equal, right, shared = [], [], []
    for history in nodes:
        t, state, at = len(history) - 1, history[-1], place[history]
        chance = chance_of(period, first, history)
        cost[at], cost[at + 1] = chance * period.buy[t, state], -chance * period.sell[t, state]
        high[at], high[at + 1] = period.most_in[t], period.most_out[t]
        low[at + 2], high[at + 2] = period.low[t + 1], period.high[t + 1]
        row = {at + 2: 1.0, at: -1.0, at + 1: 1.0}
        if t:
            row[place[history[:-1]] + 2] = -period.kept[t]
        equal.append(row)
        right.append(0.0 if t else period.kept[0] * start)
        if period.most_in[t] > 0.0 and period.most_out[t] > 0.0:
            shared.append({at: 1.0 / period.most_in[t], at + 1: 1.0 / period.most_out[t]})
        if t == steps - 1:
            for i in range(pieces):
                cost[ends[history] + i] = -chance * period.end_worth[i]
                high[ends[history] + i] = period.end_length[i]
            equal.append({at + 2: -1.0, **{ends[history] + i: 1.0 for i in range(pieces)}})
            right.append(0.0)
    found = linprog(
        cost,
        A_eq=dense(equal, columns),
        b_eq=right,
        A_ub=dense(shared, columns) if shared else None,
        b_ub=np.ones(len(shared)) if shared else None,
        bounds=np.column_stack([low, high]),
        method="highs",
        options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10},
    )
    assert found.success, found.message
    return -float(found.fun)


def chance_of(period: Period, first: np.ndarray, history: tuple[int, ...]) -> float:
    """The chance of a history of states."""
    chance = float(first[history[0]])
    for t, (now, after) in enumerate(pairwise(history)):
        chance *= float(period.chance[period.kind[t], now, after])
    return chance


def dense(rows: list[dict[int, float]], columns: int) -> np.ndarray:
    matrix = np.zeros((len(rows), columns))
    for i, row in enumerate(rows):
        for column, value in row.items():
            matrix[i, column] = value
    return matrix
