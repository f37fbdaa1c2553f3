"""Price competition with limited capacity: by hand, by laws, and against a search over prices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.formulas.bertrand_edgeworth import pivotal, war_prices

CAPACITIES = st.lists(st.floats(0.01, 100.0), min_size=1, max_size=6)


def test_at_36_and_a_half_percent_nobody_is_pivotal_below_63_and_a_half_percent_of_capacity() -> None:
    """Demand at marginal cost is 36.5 of a capacity of 100: rivals of a firm with 63.5 have 36.5, which covers it."""
    assert pivotal([63.5, 20.0, 16.5], 36.5).falls_to_cost
    found = pivotal([63.6, 20.0, 16.4], 36.5)
    assert found.largest_share == pytest.approx(0.635)
    assert found.pivotal.tolist() == [True, False, False]
    assert found.cover == pytest.approx([36.4 / 36.5, 80.0 / 36.5, 83.6 / 36.5])


def test_an_infinite_capacity_covers_all_for_the_others_and_not_for_its_owner() -> None:
    found = pivotal([np.inf, 5.0], 10.0)
    assert found.pivotal.tolist() == [True, False]
    assert (found.cover[0], found.largest_share) == (0.5, 1.0)
    assert pivotal([np.inf, np.inf], 10.0).falls_to_cost
    assert pivotal([0.0, 0.0], 0.0).falls_to_cost


def test_prices_of_a_war_by_hand() -> None:
    """a = b = 1, c = 0. Two of 1.0: each alone covers D(0) = 1. Two of 0.2: a best reply to 0.2 is 0.4, so all is sold
    at 1 - 0.4. Two of 0.6: high = (1 - 0.6) / 2 = 0.2, which brings 0.2 x (0.8 - 0.6) = 0.04; low = 0.04 / 0.6.
    Of 2.0 beside 0.6 the large one covers demand: high and 0.04 as before, low (1 - low) = 0.04."""
    assert (war_prices([1.0, 1.0], 0.0, 1.0, 1.0).ends_in, war_prices([1.0, 1.0], 0.0, 1.0, 1.0).low) == ("cost", 0.0)
    assert war_prices([0.2, 0.2], 0.0, 1.0, 1.0).high == pytest.approx(0.6)
    found = war_prices([0.6, 0.6], 0.0, 1.0, 1.0)
    assert (found.ends_in, found.low, found.high) == ("no rest", pytest.approx(0.04 / 0.6), pytest.approx(0.2))
    assert (war_prices([2.0, 0.0], 0.0, 1.0, 1.0).ends_in, war_prices([2.0], 0.0, 1.0, 1.0).low) == ("monopoly", 0.5)
    large = war_prices([0.6, 2.0], 0.0, 1.0, 1.0)
    assert large.low * (1.0 - large.low) == pytest.approx(0.04)
    assert large.high == pytest.approx(0.2)


@given(CAPACITIES, st.floats(0.01, 200.0))
def test_a_firm_is_pivotal_where_its_share_is_above_what_demand_leaves(capacity: list[float], demand: float) -> None:
    found, whole = pivotal(capacity, demand), sum(capacity)
    for one, is_pivotal in zip(capacity, found.pivotal, strict=True):
        assume(abs(whole - one - demand) > 1e-6 * demand)
        assert bool(is_pivotal) == (one / whole > 1.0 - demand / whole)


@given(CAPACITIES, st.floats(0.0, 5.0), st.floats(6.0, 50.0), st.floats(0.05, 5.0))
def test_prices_stay_between_cost_and_what_clears_capacity_and_are_not_above_a_monopoly(
    capacity: list[float], cost: float, intercept: float, slope: float
) -> None:
    found = war_prices(capacity, cost, intercept, slope)
    clears = max(intercept - slope * sum(capacity), cost)
    assert clears - 1e-9 <= found.low + 1e-9
    assert found.low <= found.high + 1e-9
    assert found.high <= max((intercept + cost) / 2.0, clears) + 1e-9
    more = war_prices([*capacity, 1.0], cost, intercept, slope)
    assert more.high <= found.high + 1e-9


@given(st.floats(0.1, 20.0), st.floats(0.1, 20.0), st.floats(1.0, 20.0))
def test_no_firm_gains_by_asking_for_more_where_the_price_rests(one: float, two: float, intercept: float) -> None:
    """Where a war ends no profit on what the other leaves is higher at any of 400 prices above."""
    found = war_prices([one, two], 0.0, intercept, 1.0)
    demand = intercept - found.low
    for mine, other in ((one, two), (two, one)):
        higher = np.linspace(found.low, intercept, 401)[1:]
        best = (higher * np.clip(intercept - higher - other, 0.0, mine)).max()
        at_rest = found.low * (min(mine, demand) if found.ends_in == "no rest" else max(min(mine, demand - other), 0.0))
        if found.ends_in != "no rest":
            assert best <= at_rest + 1e-9
        elif mine >= other:
            assert best == pytest.approx(at_rest, rel=2e-2, abs=1e-4)


@pytest.mark.parametrize(
    ("capacity", "demand", "words"),
    [([], 1.0, "of 0 firms"), ([-1.0], 1.0, "-1 is no"), ([1.0, np.nan], 1.0, "nan is no"), ([1.0], -2.0, "demand -2")],
)
def test_what_is_no_capacity_or_demand_is_refused(capacity: list[float], demand: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pivotal(capacity, demand)


def test_what_is_no_demand_curve_is_refused() -> None:
    with pytest.raises(InputError, match="slope above 0"):
        war_prices([1.0], 0.0, 1.0, -1.0)
    with pytest.raises(InputError, match="intercept 1 is not above the cost 2"):
        war_prices([1.0], 2.0, 1.0, 1.0)
