"""The rows of a plan's limits: on what is sold where, on what is spent in a time, and on what capacity stands.

What binds everything else is in ``building.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.investment.columns import NONE, Columns, cost_counts
from cell2grid.engines.investment.problem import Problem

if TYPE_CHECKING:
    from cell2grid.engines.investment.plan import Plan


def sales_limits(given: Plan, problem: Problem, found: Columns) -> None:
    """Weighted sums of sales stay at or below their bounds: exports, local content, sales."""
    flows = found.flows
    named = np.nonzero(np.isfinite(given.sales_bound))
    if not len(named[0]):
        return
    rows = problem.rows("sales limit", "WLT", named, upper=given.sales_bound[named], unit=problem.quantity_unit)
    at = np.full(given.sales_bound.shape, NONE, np.int32)
    at[named] = rows
    for limit, weight in enumerate(given.sales_weight):
        value = weight[flows.plant, flows.market]
        row = at[flows.scenario, limit, flows.term]
        there = (row != NONE) & (value != 0.0)
        problem.enter(row[there], flows.column[there], value[there])


def spending_limits(given: Plan, problem: Problem, found: Columns) -> None:
    """What is spent in a time on the options that count stays at or below its bound."""
    choices = found.choices
    groups, group = np.unique(given.spending_group, return_inverse=True)
    bound = np.full((len(given.spending_bound), len(groups)), np.inf)
    for place, time in enumerate(group):
        bound[:, time] = np.minimum(bound[:, time], given.spending_bound[:, place])
    limit, of = np.nonzero(np.isfinite(bound))
    if not len(limit):
        return
    amount = cost_counts(given, choices.option, choices.term, choices.blocks, choices.one_of_several)
    first = np.array([np.flatnonzero(group == place)[0] for place in range(len(groups))])
    for scenario in range(len(given.probability)):
        named = (np.full(len(limit), scenario), limit, first[of])
        rows = problem.rows("spending limit", "WPT", named, upper=bound[limit, of], unit=problem.money_unit)
        for age in range(len(given.years)):
            share = given.spending_profile[choices.option, age]
            chosen = np.flatnonzero((share != 0.0) & (choices.term + age < len(given.years)))
            option, term = choices.option[chosen], choices.term[chosen]
            money = given.spending[scenario, option, term] * share[chosen] * amount[chosen]
            member = given.spending_member[limit][:, option] > 0.0
            row, pick = np.nonzero((of[:, None] == group[term + age]) & member)
            problem.enter(rows[row], choices.column[scenario, chosen[pick]], money[pick])


def capacity_limits(given: Plan, problem: Problem, found: Columns) -> None:
    """The capacity on site of the plants that count, mothballed or not, stays at or below its bound."""
    choices, states = found.choices, found.states
    limit, term = np.nonzero(np.isfinite(given.capacity_bound))
    if not len(limit):
        return
    counted = given.capacity_member > 0.0
    always = np.ones(len(given.open_cost), np.bool_)
    always[states.plant] = False
    for scenario in range(len(given.probability)):
        standing = given.standing_capacity[scenario]
        fixed = (counted & always).astype(np.float64) @ standing
        upper = given.capacity_bound[limit, term] - fixed[limit, term]
        named = (np.full(len(limit), scenario), limit, term)
        rows = problem.rows("capacity limit", "WCT", named, upper=upper, unit=problem.quantity_unit)
        for place, plant in enumerate(states.plant):
            # what is mothballed still stands
            for kind in (states.open, states.idle):
                column = np.where(counted[limit, plant], kind[scenario, place, term], NONE)
                there = column != NONE
                problem.enter(rows[there], column[there], standing[plant, term[there]])
        member = counted[:, given.option_plant]
        row, pick = np.nonzero(member[limit][:, choices.option] & (choices.term <= term[:, None]))
        option = choices.option[pick]
        share = given.opened[option, term[row] - choices.term[pick]]
        value = share * given.block[option] * choices.blocks[pick]
        problem.enter(rows[row], choices.column[scenario, pick], value)
