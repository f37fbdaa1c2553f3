"""Who is pivotal: markets by hand, and held against the formula for one market."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from war_arrays import at_war

from cell2grid.engines.market import pivotal as pivotal_engine
from cell2grid.engines.market.pivotal import pivotal_firms
from cell2grid.formulas.bertrand_edgeworth import pivotal
from cell2grid.nomenclature import require


def test_a_firm_is_pivotal_where_the_price_would_be_higher_without_it() -> None:
    """P = 100 - Q, costs 20, 20, 40, capacities 50, 40, 30: 80 are bought at 20 of the 90 that a and b can make.

    Without a: b's 40 and, at 40, 20 of c's 30: the price is 40. Without b: a's 50 and 10 of c: 40. Without c still 20.
    At 20 b covers 40 of 80 for a, a 50 of 80 for b, and a and b 90 of 80 for c.
    """
    found = pivotal_firms(at_war([20.0, 20.0, 40.0], [50.0, 40.0, 30.0], intercept=100.0, terms=1))
    require(found, pivotal_engine.WRITES, of="pivotal")
    one = found.isel(member=0, market=0, term=0)
    assert float(one["price_floor"]) == pytest.approx(20.0)
    assert one["price_without"].values == pytest.approx([40.0, 40.0, 20.0])
    assert one["pivotal_firm"].values.tolist() == [1.0, 1.0, 0.0]
    assert one["rivals_cover"].values == pytest.approx([0.5, 0.625, 1.125])


def test_capacity_that_serves_another_market_is_not_there_twice() -> None:
    """Two markets of P = 60 - Q, three plants of 30 at 20. Each market takes 40 at 20, both 80 of 90. Any two plants
    have 60 for both, 20 short: all are pivotal, though any two cover one market one and a half times."""
    arrays = at_war([20.0] * 3, [30.0] * 3, intercept=60.0, terms=1, markets=2)
    one = pivotal_firms(arrays).isel(member=0, term=0)
    assert one["rivals_cover"].values == pytest.approx(np.full((3, 2), 1.5))
    assert one["price_without"].values == pytest.approx(np.full((3, 2), 30.0))
    assert one["pivotal_firm"].values.tolist() == [[1.0, 1.0]] * 3


def test_plants_of_one_firm_go_together_and_costs_that_rise_are_counted_up_to_the_price() -> None:
    """firm-x has a and b. c costs 10 + 0.5 q: at the floor of 20 it would sell 20, half of the 40 bought."""
    arrays = at_war([20.0, 20.0, 10.0], [30.0, 30.0, np.inf], intercept=60.0, terms=1, firms=["x", "x", "y"])
    arrays["cost_power_scale"][0, 2, 0] = 0.5
    one = pivotal_firms(arrays).isel(member=0, market=0, term=0)
    assert one["firm"].values.tolist() == ["x", "y"]
    assert one["rivals_cover"].values == pytest.approx([0.5, 1.5], rel=1e-4)
    # without x: 60 - q = 10 + 0.5 q at q = 100 / 3
    assert one["price_without"].values == pytest.approx([60.0 - 100.0 / 3.0, 20.0])
    assert one["pivotal_firm"].values.tolist() == [1.0, 0.0]


def test_an_iso_elastic_market_that_only_one_firm_reaches_has_no_price_without_it() -> None:
    """Both sell 40 in the first market and a 600 / 20 = 30 in the second. Without a, b serves the first alone from its
    50, and the second has no price. Without b, a has 50 for the 70 of both."""
    arrays = at_war([20.0, 20.0], [50.0, 50.0], intercept=60.0, terms=1, markets=2)
    arrays["demand_form"][1] = "isoelastic"
    arrays["demand_scale"][0, 1, 0], arrays["demand_elasticity"][0, 1, 0] = 600.0, 1.0
    arrays["selling_freight"][0, 1, 1] = np.nan
    one = pivotal_firms(arrays).isel(member=0, term=0)
    assert np.isnan(one["price_without"].values[0, 1])
    assert one["pivotal_firm"].values.tolist() == [[0.0, 1.0], [1.0, 1.0]]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(5.0, 60.0), min_size=2, max_size=4), st.floats(30.0, 120.0))
def test_the_test_of_one_market_is_that_of_the_formula(capacity: list[float], intercept: float) -> None:
    demand = intercept - 20.0
    expected = pivotal(capacity, demand)
    # where capacity does not reach for demand at cost, the floor is above cost and the formula asks of another demand
    assume(sum(capacity) > demand * 1.01)
    assume(not np.isclose(expected.cover, 1.0, rtol=1e-3).any())
    found = pivotal_firms(at_war([20.0] * len(capacity), capacity, intercept=intercept, terms=1))
    one = found.isel(member=0, market=0, term=0)
    assert (one["pivotal_firm"].values > 0.5).tolist() == expected.pivotal.tolist()
    assert one["rivals_cover"].values == pytest.approx(expected.cover, rel=1e-5)
