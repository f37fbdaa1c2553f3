"""What holds of every plan."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_plans import small_plans

from cell2grid.engines.investment.plan import DIMS, fixed
from cell2grid.engines.investment.planned import best
from cell2grid.engines.investment.rolling import rolling, truncated
from cell2grid.engines.investment.stochastic import stochastic


def _taken(case, dim, order):
    """The plan with the entities of one dim in another order."""
    moved = {}
    for name, dims in DIMS.items():
        if dim in dims:
            moved[name] = np.take(getattr(case, name), order, axis=dims.index(dim))
    if dim == "J":
        moved["option_plant"] = np.argsort(order)[case.option_plant]
    return case._replace(**moved)


@settings(max_examples=20, deadline=None)
@given(small_plans(exponents=(1.0, 0.7)), st.sampled_from(["J", "M", "O"]))
def test_the_order_of_rows_does_not_matter(case, dim):
    assert best(_taken(case, dim, [1, 0]), gap=0.0).objective == pytest.approx(best(case, gap=0.0).objective, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(small_plans())
def test_more_options_never_cost_more_and_neither_do_parts(case):
    free = best(case, gap=0.0).objective
    assert free <= best(case, gap=0.0, held=fixed(case, built=0.0)).objective + 1e-7
    assert free <= best(case._replace(most=case.most * 0), gap=0.0).objective + 1e-7
    assert best(case, whole=False).objective <= free + 1e-7


@settings(max_examples=20, deadline=None)
@given(small_plans(scenarios=2))
def test_what_is_made_is_sold_and_what_is_asked_is_sold_or_not_served(case):
    found = best(case)
    assert found.sales.sum(axis=1) + found.unserved == pytest.approx(np.asarray(case.demand), abs=1e-7)
    assert found.output == pytest.approx(found.sales.sum(axis=2))
    assert (found.output <= found.capacity + 1e-7).all()
    assert case.probability @ found.cost == pytest.approx(found.objective)
    # decisions that nobody can tell apart are one
    assert (found.decisions.built[0] == found.decisions.built[1]).all()


@settings(max_examples=20, deadline=None)
@given(small_plans(), st.floats(1e-4, 1e4), st.floats(1e-4, 1e4))
def test_units_do_not_matter(case, items, money):
    """A plan in thousands of items or in cents is the same plan."""
    amounts = ("standing_capacity", "step_width", "block", "demand")
    by_item = ("step_cost", "freight", "unserved_cost")
    in_all = ("block_cost", "fixed_cost", "salvage")
    moved = {name: getattr(case, name) * items for name in amounts}
    moved |= {name: getattr(case, name) * (money / items) for name in by_item}
    moved |= {name: getattr(case, name) * money for name in in_all}
    other = best(case._replace(**moved), gap=0.0)
    assert other.objective == pytest.approx(best(case, gap=0.0).objective * money, rel=1e-7, abs=1e-7 * money)


@settings(max_examples=20, deadline=None)
@given(small_plans(terms=4), st.integers(1, 4), st.integers(1, 2))
def test_short_sight_never_costs_less(case, window, step):
    found = rolling(case, window=max(window, step), step=step, gap=0.0)
    assert found.regret >= 0.0
    assert found.planned.objective == pytest.approx(found.perfect.objective + found.regret)
    if window == 4:
        assert found.regret == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(small_plans(terms=4))
def test_a_window_of_the_whole_horizon_is_the_plan(case):
    assert best(truncated(case, 4), gap=0.0).objective == pytest.approx(best(case, gap=0.0).objective, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(small_plans(scenarios=2), st.integers(0, 3))
def test_stochastic_values_are_never_negative(case, revealed):
    found = stochastic(case, revealed=revealed, gap=0.0)
    assert found.value >= 0.0
    assert found.information >= 0.0
    if revealed == 0:
        assert found.information == pytest.approx(0.0, abs=1e-6)


@settings(max_examples=10, deadline=None)
@given(small_plans(scenarios=2))
def test_knowing_earlier_never_costs_more(case):
    costs = [best(case, revealed=revealed, gap=0.0).objective for revealed in range(4)]
    assert all(early <= late + 1e-7 for early, late in pairwise(costs))
