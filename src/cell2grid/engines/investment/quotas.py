"""The columns and rows of quotas: what comes in above them pays more, and all who count against one share it.

Each sale that counts against a quota has a column of what of it is above, which costs the difference. Several quotas of
one sale are each by itself. What is paid within them is part of the cost of the sale (``columns.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.investment.columns import NONE, Columns, weights
from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from cell2grid.engines.investment.plan import Plan
    from cell2grid.engines.investment.problem import Problem


def quotas(given: Plan, problem: Problem, found: Columns) -> None:
    """What is sold within a quota is at most the quota; what is sold above it is part of what is sold.

    Raises
    ------
    EngineError
        An item above a quota pays less than one within it, which no convex problem can say.
    """
    flows = found.flows
    place, sale = np.nonzero(given.in_quota[:, flows.plant, flows.market] > 0.0)
    at = (flows.scenario[sale], place, flows.term[sale])
    lane = (flows.plant[sale], flows.market[sale])
    step = np.where(flows.step[sale] == NONE, 0, flows.step[sale])
    making = given.step_cost[at[0], lane[0], step, at[2]]
    customs = making + given.freight[at[0], *lane, at[2]]
    more = given.over_on_cost[at] * customs + given.over_amount[at[0], place, *lane, at[2]]
    held = np.isfinite(given.quota[at]) & (more != 0.0)
    if not held.any():
        return
    if (more[held] < 0.0).any():
        raise EngineError(
            "investment: an item above a quota pays less than one within it; take a cost of making and freight above 0"
        )
    at, sale = (at[0][held], at[1][held], at[2][held]), sale[held]
    counts, q = weights(given).yearly, problem.quantity_unit
    above = problem.columns(more[held] * counts[at[0], at[2]], unit=q, scenario=at[0])
    part = problem.rows("above quota", "WQT", at, upper=0.0, unit=q)
    problem.enter(part, above, 1.0)
    problem.enter(part, flows.column[sale], -1.0)
    binds = np.zeros(given.quota.shape, np.bool_)
    binds[at] = True
    named = np.nonzero(binds)
    row = np.full(given.quota.shape, NONE, np.int32)
    row[named] = problem.rows("quota", "WQT", named, upper=given.quota[named], unit=q)
    problem.enter(row[at], flows.column[sale], 1.0)
    problem.enter(row[at], above, -1.0)
