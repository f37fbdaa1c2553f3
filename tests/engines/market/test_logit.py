"""Prices of differentiated variants: symmetric cases by hand, laws, and a general optimiser against each firm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from cell2grid.engines.market.logit import LogitDemand, calibrated, logit_equilibrium
from cell2grid.errors import EngineError, NotConvergedError

# ln(1/4 / 1/2) + 7/3: two such variants at 7/3 are taken by a quarter of all buyers each
UTILITY = 7.0 / 3.0 - np.log(2.0)


def _alike(firms: int, markets: int = 1) -> LogitDemand:
    return LogitDemand(np.full((firms, markets), UTILITY), np.ones(markets), np.full(markets, 100.0))


def test_two_alike_by_hand():
    """a = 1, cost 1: with a quarter of the buyers each, the mark-up is 1 / (1 - 1/4) = 4/3, so the price is 7/3."""
    found = logit_equilibrium(np.ones(2), np.full(2, np.inf), _alike(2))
    assert found.price[:, 0] == pytest.approx([7 / 3, 7 / 3])
    assert found.share[:, 0] == pytest.approx([0.25, 0.25])
    assert found.outside[0] == pytest.approx(0.5)
    assert found.quantity[:, 0] == pytest.approx([25.0, 25.0])
    assert found.residual < 1e-10


def test_two_alike_with_scarce_capacity_by_hand():
    """20 each of 100 leave 60 outside: the price that does it is u - ln(0.2 / 0.6) = u + ln 3, the mark-up of a fifth
    is 1 / 0.8, and what is left above cost 1 is scarcity."""
    found = logit_equilibrium(np.ones(2), np.full(2, 20.0), _alike(2))
    price = UTILITY + np.log(3.0)
    assert found.price[:, 0] == pytest.approx([price, price])
    assert found.scarcity == pytest.approx([price - 1.0 - 1.25] * 2)


def test_a_firm_with_both_variants_takes_the_mark_up_of_their_sum():
    found = logit_equilibrium(np.array([1.0, 1.5]), np.full(2, np.inf), _alike(2), owner=np.array([0, 0]))
    both = found.share.sum()
    assert found.price[:, 0] - [1.0, 1.5] == pytest.approx([1.0 / (1.0 - both)] * 2)


def test_the_second_plant_of_a_variant_begins_where_the_first_is_full():
    """One firm, two plants at cost 1 and 1.2: the first's 20 are sold, the rest by the second, whose cost counts."""
    one = _alike(1)
    found = logit_equilibrium(np.array([1.0, 1.2]), np.array([20.0, np.inf]), one, variant=np.zeros(2, int))
    assert found.quantity[0, 0] == pytest.approx(20.0)
    assert found.quantity[1, 0] > 0.0
    assert found.scarcity[0] == pytest.approx(0.2)
    assert found.price[0, 0] == pytest.approx(1.2 + 1.0 / (1.0 - found.share[0, 0]))


def test_a_duty_on_the_price_is_on_the_mark_up_too():
    """With half the price on top the seller keeps 2/3: cost 1 counts as 1.5, and the mark-up of the price stays."""
    found = logit_equilibrium(np.ones(1), np.full(1, np.inf), _alike(1), keeps=np.full((1, 1), 2.0 / 3.0))
    assert found.price[0, 0] == pytest.approx(1.5 + 1.0 / (1.0 - found.share[0, 0]))


def test_price_takers_sell_at_cost():
    found = logit_equilibrium(np.array([1.0, 2.0]), np.full(2, np.inf), _alike(2), conduct=np.zeros((2, 1)))
    assert found.price[:, 0] == pytest.approx([1.0, 2.0])


def test_markets_of_one_choice_set_share_their_buyers():
    """Two products of one firm in one set of buyers: the firm counts what one takes from the other."""
    demand = LogitDemand(np.full((1, 2), UTILITY), np.ones(1), np.full(1, 100.0))
    found = logit_equilibrium(np.ones(1), np.full(1, np.inf), demand, group=np.zeros(2, int))
    assert found.share.sum() + found.outside[0] == pytest.approx(1.0)
    assert found.price[0] - 1.0 == pytest.approx([1.0 / (1.0 - found.share.sum())] * 2)


def test_demand_is_calibrated_to_what_is_said():
    """At the reference price the shares come back, and a price one percent higher sells the elasticity less."""
    share, outside = np.array([[0.5], [0.3], [0.2]]), np.array([0.4])
    demand = calibrated(share, outside, np.array([30.0]), np.array([1.8]), np.array([1000.0]))

    def sold(price):
        part = np.exp(demand.utility[:, 0] - demand.price_sensitivity[0] * price)
        return demand.size[0] * part / (1.0 + part.sum())

    assert sold(30.0) == pytest.approx(1000.0 * share[:, 0])
    step = 1e-5
    elasticity = -(np.log(sold(30.0 * (1 + step)).sum()) - np.log(sold(30.0 * (1 - step)).sum())) / (2 * step)
    assert elasticity == pytest.approx(1.8, rel=1e-6)


def test_a_share_of_nothing_is_never_sold():
    demand = calibrated(np.array([[1.0], [0.0]]), np.array([0.5]), np.array([3.0]), np.array([1.0]), np.array([10.0]))
    found = logit_equilibrium(np.ones(2), np.full(2, np.inf), demand)
    assert found.share[1, 0] == 0.0
    assert np.isnan(found.price[1, 0])


def _random(seed: int, firms: int, markets: int):
    draw = np.random.default_rng(seed)
    cost = draw.uniform(10.0, 30.0, (firms, markets))
    demand = LogitDemand(
        draw.uniform(0.0, 6.0, (firms, markets)) + 2.0,
        draw.uniform(0.05, 0.3, markets),
        draw.uniform(50.0, 200.0, markets),
    )
    capacity = np.where(draw.uniform(size=firms) < 0.6, draw.uniform(1.0, 30.0, firms), np.inf)
    owner = np.unique(draw.integers(0, firms, firms), return_inverse=True)[1].reshape(-1)
    return cost, capacity, demand, owner, draw.uniform(0.7, 1.0, (firms, markets))


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**6), firms=st.integers(1, 8), markets=st.integers(1, 4))
def test_shares_sum_and_conditions_hold(seed, firms, markets):
    cost, capacity, demand, owner, keeps = _random(seed, firms, markets)
    found = logit_equilibrium(cost, capacity, demand, owner=owner, keeps=keeps)
    assert found.residual < 1e-8
    assert found.share.sum(axis=0) + found.outside == pytest.approx(np.ones(markets))
    assert (found.quantity.sum(axis=1) <= capacity * (1.0 + 1e-9)).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_firm_earns_more_by_another_price(seed):
    cost, _, demand, owner, keeps = _random(seed, 4, 2)
    found = logit_equilibrium(cost, np.full(4, np.inf), demand, owner=owner, keeps=keeps)

    def profit(mine, firm):
        price = found.price.copy()
        price[owner == firm] = mine.reshape(-1, 2)
        part = np.exp(demand.utility - demand.price_sensitivity * price)
        sold = demand.size * part / (1.0 + part.sum(axis=0))
        return float(((keeps * price - cost) * sold)[owner == firm].sum())

    for firm in range(owner.max() + 1):
        now = found.price[owner == firm].ravel()
        best = minimize(lambda x, firm=firm: -profit(x, firm), 1.1 * now, method="L-BFGS-B")
        assert -best.fun <= profit(now, firm) * (1.0 + 1e-6) + 1e-6


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), firms=st.integers(2, 6))
def test_more_rivals_lower_every_price(seed, firms):
    cost, _, demand, _, _ = _random(seed, firms, 1)
    free = np.full(firms, np.inf)
    all_of_them = logit_equilibrium(cost, free, demand)
    fewer = logit_equilibrium(cost[:-1], free[:-1], demand._replace(utility=demand.utility[:-1]))
    assert (all_of_them.price[:-1] <= fewer.price + 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_more_capacity_never_raises_a_price(seed):
    cost, capacity, demand, _, _ = _random(seed, 4, 1)
    tight = logit_equilibrium(cost, np.minimum(capacity, 10.0), demand)
    loose = logit_equilibrium(cost, np.minimum(capacity, 10.0) * 1.2, demand)
    assert (loose.price <= tight.price + 1e-7).all()


def test_one_seller_whom_all_must_buy_from_has_no_price():
    """Utility so high that nobody ever buys nothing at any price a number can hold: no equilibrium is claimed."""
    demand = LogitDemand(np.full((1, 1), 1e15), np.ones(1), np.full(1, 100.0))
    with pytest.raises(NotConvergedError, match="still violated by"):
        logit_equilibrium(np.ones(1), np.full(1, np.inf), demand)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"outside": np.array([0.0])}, "outside of logit demand"),
        ({"elasticity": np.array([-1.0])}, "elasticity of logit demand"),
        ({"share": np.array([[0.6], [0.6]])}, "shares of choice set 0 sum to 1.2"),
        ({"price": np.array([np.nan])}, "price of logit demand"),
    ],
)
def test_what_cannot_be_calibrated_is_named(change, words):
    given_ = {
        "share": np.array([[0.6], [0.4]]),
        "outside": np.array([0.5]),
        "price": np.array([20.0]),
        "elasticity": np.array([2.0]),
        "quantity": np.array([100.0]),
    }
    with pytest.raises(EngineError, match=words):
        calibrated(**{**given_, **change})


def test_arrays_that_do_not_fit_are_named():
    with pytest.raises(EngineError, match=r"keeps of a logit game has the shape \(2,\)"):
        logit_equilibrium(np.ones(2), np.full(2, np.inf), _alike(2), keeps=np.ones(2))
