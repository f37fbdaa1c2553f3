"""The engine against all whole-numbered plans one by one, and against a linear program that is written without it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from random_plans import small_plans
from scipy.optimize import linprog

from cell2grid.engines.investment.plan import fixed
from cell2grid.engines.investment.planned import best


def _served(case, w, t, capacity):
    """The least cost of a term with capacities, written anew: a column a step and lane, and one a market unserved."""
    columns, sold, made, stepped = [], [], [], []
    for j, m, s in itertools.product(range(2), range(2), range(2)):
        width = case.step_width[w, j, s, t]
        if width == 0.0:
            continue
        making = case.step_cost[w, j, s, t] + case.freight[w, j, m, t]
        columns.append(making * (1.0 + case.duty_on_cost[w, j, m, t]))
        sold.append(m)
        made.append(j)
        stepped.append((j, s, width))
    count = len(columns)
    upper, most = [], []
    for j in range(2):
        upper.append([*(float(each == j) for each in made), 0.0, 0.0])
        most.append(capacity[j])
        for s in range(2):
            width = case.step_width[w, j, s, t]
            if 0.0 < width < np.inf:
                upper.append([*(float(each[:2] == (j, s)) for each in stepped), 0.0, 0.0])
                most.append(width)
    equal = [[*(float(each == m) for each in sold), float(m == 0), float(m == 1)] for m in range(2)]
    cost = [*columns, *case.unserved_cost[w, :, t]]
    found = linprog(cost, upper, most, equal, case.demand[w, :, t], bounds=[(0.0, None)] * (count + 2))
    assert found.status == 0
    return found.fun


def _cost(case, built):
    """What a plan costs whose blocks are (option, term)."""
    terms = len(case.years)
    total = 0.0
    for o, d in itertools.product(range(2), range(terms)):
        block = case.block_cost[0, o, d] * case.discount[d] - case.salvage[0, o, d] * case.end_discount
        for t in range(d, terms):
            block += case.fixed_cost[0, o, d] * case.opened[o, t - d] * case.years[t] * case.discount[t]
        total += block * built[o, d] ** case.scale_exponent[o]
    for t in range(terms):
        capacity = case.standing_capacity[0, :, t].copy()
        for o, d in itertools.product(range(2), range(t + 1)):
            capacity[case.option_plant[o]] += built[o, d] * case.block[o] * case.ready[o, t - d]
        total += _served(case, 0, t, capacity) * case.years[t] * case.discount[t]
    return total


@settings(max_examples=15, deadline=None)
@given(small_plans(exponents=(1.0, 0.6)))
def test_no_plan_of_whole_blocks_is_better(case):
    found = best(case, gap=0.0)
    first = [each for each in itertools.product(range(3), repeat=3) if sum(each) <= 2]
    second = [each for each in itertools.product(range(2), repeat=3) if sum(each) <= 1]
    everyone = min(_cost(case, np.array(pair, np.float64)) for pair in itertools.product(first, second))
    assert found.objective == pytest.approx(everyone, rel=1e-7, abs=1e-7)
    assert found.bound == pytest.approx(found.objective, rel=1e-6, abs=1e-6)
    assert _cost(case, found.decisions.built[0]) == pytest.approx(found.objective, rel=1e-7, abs=1e-7)


@settings(max_examples=25, deadline=None)
@given(small_plans())
def test_in_parts_of_blocks_it_is_the_linear_program(case):
    """All terms at once with blocks as columns, in scipy's form."""
    terms, pairs = len(case.years), list(itertools.product(range(2), range(3)))
    cost, upper, most, equal, need = [], [], [], [], []
    for o, d in pairs:
        block = case.block_cost[0, o, d] * case.discount[d] - case.salvage[0, o, d] * case.end_discount
        opened = case.opened[o, : terms - d] @ (case.years * case.discount)[d:]
        cost.append(block + case.fixed_cost[0, o, d] * opened)
    lanes = [
        (j, m, s, t)
        for j, m, s, t in itertools.product(range(2), range(2), range(2), range(terms))
        if case.step_width[0, j, s, t] > 0.0
    ]
    weight = case.years * case.discount
    for j, m, s, t in lanes:
        made = (case.step_cost[0, j, s, t] + case.freight[0, j, m, t]) * (1.0 + case.duty_on_cost[0, j, m, t])
        cost.append(made * weight[t])
    unserved = list(itertools.product(range(2), range(terms)))
    cost += [30.0 * weight[t] for _, t in unserved]
    for j, t in itertools.product(range(2), range(terms)):
        new = [-case.block[o] * case.ready[o, t - d] * (case.option_plant[o] == j) if d <= t else 0.0 for o, d in pairs]
        upper.append([*new, *(float((lane[0], lane[3]) == (j, t)) for lane in lanes), *(0.0 for _ in unserved)])
        most.append(case.standing_capacity[0, j, t])
        for s in range(2):
            if 0.0 < case.step_width[0, j, s, t] < np.inf:
                row = [float((lane[0], lane[2], lane[3]) == (j, s, t)) for lane in lanes]
                upper.append([*(0.0 for _ in pairs), *row, *(0.0 for _ in unserved)])
                most.append(case.step_width[0, j, s, t])
    for o in range(2):
        upper.append([*(float(pair[0] == o) for pair in pairs), *(0.0 for _ in lanes), *(0.0 for _ in unserved)])
        most.append(case.most[o])
    for m, t in unserved:
        row = [float((lane[1], lane[3]) == (m, t)) for lane in lanes]
        equal.append([*(0.0 for _ in pairs), *row, *(float(pair == (m, t)) for pair in unserved)])
        need.append(case.demand[0, m, t])
    oracle = linprog(cost, upper, most, equal, need, bounds=[(0.0, None)] * len(cost))
    found = best(case, whole=False)
    assert found.objective == pytest.approx(oracle.fun, rel=1e-8, abs=1e-8)
    assert found.residual < 1e-9
    assert found.bound == pytest.approx(oracle.fun, rel=1e-8, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(small_plans())
def test_prices_are_what_one_more_item_costs(case):
    """Blocks held, one less item of demand saves the price at most, and one more costs it at least."""
    found = best(case)
    held = fixed(case, built=found.decisions.built)
    small = 0.01

    def cost(change):
        demand = np.array(case.demand)
        demand[0, 0, 1] = max(demand[0, 0, 1] + change, 0.0)
        return best(case._replace(demand=demand), held=held).objective / (case.years[1] * case.discount[1])

    if case.demand[0, 0, 1] > 0.0:
        price = found.price[0, 0, 1]
        assert (cost(0.0) - cost(-small)) / small <= price + 1e-4
        assert (cost(small) - cost(0.0)) / small >= price - 1e-4
