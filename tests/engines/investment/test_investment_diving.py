"""The plan of rounding is a plan, and within what it says of the best."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from random_plans import small_plans

from cell2grid.engines.investment.building import model
from cell2grid.engines.investment.diving import dived, entities
from cell2grid.engines.investment.plan import fixed, plan
from cell2grid.engines.investment.planned import best


@settings(max_examples=20, deadline=None)
@given(small_plans(scenarios=2, exponents=(1.0, 0.6)))
def test_rounding_keeps_to_all_rows_and_is_never_better_than_the_best(case):
    built = model(case, fixed(case), revealed=2, whole=True)
    linear = built.problem.linear()
    decided = entities(linear, built.columns.choices)
    found = dived(linear, decided, deadline=time.monotonic() + 60.0, threads=1)
    assert found is not None
    assert np.abs(found - np.round(found))[linear.whole].max(initial=0.0) <= 1e-6
    activity = linear.matrix @ found
    assert (activity >= linear.least - 1e-6).all()
    assert (activity <= linear.most + 1e-6).all()
    exact = best(case, revealed=2, gap=0.0)
    value = float(linear.cost @ found) * built.problem.money_unit
    assert value >= exact.objective - 1e-6 * max(1.0, abs(exact.objective))


@settings(max_examples=20, deadline=None)
@given(small_plans(exponents=(1.0, 0.6)))
def test_a_gap_is_kept(case):
    found, exact = best(case, gap=0.05), best(case, gap=0.0)
    assert found.gap <= 0.05
    assert found.bound <= exact.objective + 1e-6 * max(1.0, abs(exact.objective))
    assert found.objective <= exact.objective + 0.0501 * max(abs(found.objective), 1e-6) + 1e-6


def test_columns_of_one_decision_are_one_entity():
    """Two options, one of three blocks at once with an exponent: a decision of three columns and one of one."""
    case = plan(
        demand=[[[9.0]]],
        unserved_cost=9.0,
        option_plant=[0, 0],
        block=[1.0, 1.0],
        most=[3, 3],
        most_at_once=[[3], [3]],
        block_cost=[[[5.0], [5.0]]],
        scale_exponent=[0.5, 1.0],
    )
    built = model(case, fixed(case), revealed=1, whole=True)
    decided = entities(built.problem.linear(), built.columns.choices)
    assert sorted(np.bincount(decided.of).tolist()) == [1, 3]
    assert sorted(decided.blocks.tolist()) == [1.0, 1.0, 2.0, 3.0]
    assert best(case, gap=0.0).objective == pytest.approx(5.0 * 3**0.5 + 15.0 + 3 * 9.0)


def test_fixed_costs_that_cannot_be_saved_count_in_the_gap():
    """A gap is one of the whole objective, with what plants cost that stay open whatever is decided."""
    case = plan(
        demand=[[[9.0]]],
        unserved_cost=9.0,
        open_cost=1e4,
        option_plant=[0],
        block=[2.0],
        most=[9],
        most_at_once=[[9]],
        block_cost=[[[5.0]]],
    )
    found = best(case)
    assert found.objective == pytest.approx(1e4 + 4 * 5.0 + 5.0)
    assert found.gap < 1e-3
