"""The convex programme, the general method and the compiled search against each other: the same prices and totals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_games import plain_game
from random_markets import FEATURES, random_game

from cell2grid.engines.market.clarabel_form import clarabel
from cell2grid.engines.market.complementarity import complementarity
from cell2grid.engines.market.solving import solve_game
from cell2grid.errors import InputError

EXPRESSIBLE = ("capacity", "steps", "amount", "quota", "cross", "conduct", "price_taking", "owners", "missing")


def _same(game):
    """All methods' prices and totals agree."""
    convex, general, compiled = clarabel(game), complementarity(game), solve_game(game)
    assert compiled.price == pytest.approx(general.price, rel=1e-6, abs=1e-6 * np.abs(general.price).max())
    assert compiled.sales.sum(axis=1) == pytest.approx(general.sales.sum(axis=1), rel=1e-6, abs=1e-6)
    assert compiled.unique[0] == general.unique[0]
    assert convex.price == pytest.approx(general.price, rel=1e-6, abs=1e-6 * np.abs(general.price).max())
    sold = general.sales.sum(axis=1)
    assert convex.sales.sum(axis=1) == pytest.approx(sold, abs=1e-6 * max(sold.max(), 1.0))
    assert convex.residual[0] < 1e-6
    assert convex.unique[0] == general.unique[0]
    if general.unique[0]:
        assert convex.sales == pytest.approx(general.sales, abs=1e-4 * max(sold.max(), 1.0))
    return convex


def test_symmetric_cournot_by_hand():
    """a = 100, b = 2, c = 10, n = 4: q = 9 each, p = 28."""
    found = clarabel(plain_game([10.0] * 4, slope=[2.0]))
    assert found.sales[0, :, 0] == pytest.approx([9.0] * 4, rel=1e-7)
    assert found.price[0, 0] == pytest.approx(28.0, rel=1e-7)


def test_scarcity_by_hand():
    """One Cournot plant of 10 on 40 - Q at cost 10: an item more brings 40 - 20 - 10 = 10; with half the price in
    duties 20 x 2/3 - 10."""
    found = clarabel(plain_game([10.0], intercept=[40.0], capacity=[[10.0]]))
    assert found.scarcity[0, 0] == pytest.approx(10.0, rel=1e-6)
    found = clarabel(plain_game([10.0], intercept=[40.0], capacity=[[10.0]], duty_on_price=[[[0.5]]]))
    assert found.scarcity[0, 0] == pytest.approx(20.0 * 2.0 / 3.0 - 10.0, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    features=st.sets(st.sampled_from(EXPRESSIBLE)),
    plants=st.integers(1, 6),
    markets=st.integers(1, 3),
)
def test_all_methods_agree(seed, features, plants, markets):
    game = random_game(seed, tuple(sorted(features)), plants=plants, markets=markets)
    if "cross" in features:  # a firm that holds back more in one market than in another is no convex programme
        game = game._replace(conduct=np.ones_like(game.conduct))
    # above a quota what is kept of the price would differ between a firm's own sales
    _same(game._replace(over_on_price=game.over_on_price * 0.0, over_on_cost=game.over_on_cost * 0.0))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), features=st.sets(st.sampled_from(("capacity", "amount", "conduct", "owners"))))
def test_both_methods_agree_on_costs_that_rise_by_a_power(seed, features):
    game = random_game(seed, (*sorted(features), "power", "bent"), plants=4, markets=2)
    convex, general = clarabel(game), complementarity(game)
    # a power cone's optimum is flat: its sales are as exact as the root of the end test
    assert convex.price == pytest.approx(general.price, rel=2e-5)
    assert convex.sales.sum(axis=1) == pytest.approx(general.sales.sum(axis=1), rel=2e-5)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6), elasticity=st.sampled_from([0.4, 0.8, 1.5, 3.0]))
def test_both_methods_agree_on_price_takers_in_isoelastic_demand(seed, elasticity):
    game = random_game(seed, ("capacity", "isoelastic"), plants=4, markets=2)
    game = game._replace(conduct=game.conduct * 0.0, elasticity=np.full((1, 2), elasticity), scale=game.scale * 0.1)
    convex, general = clarabel(game), complementarity(game)
    assert convex.price == pytest.approx(general.price, rel=2e-5)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    features=st.sets(st.sampled_from(tuple(name for name in FEATURES if name not in ("least_price", "interest")))),
)
def test_the_compiled_search_and_the_general_method_agree(seed, features):
    game = random_game(seed, tuple(sorted(features - {"missing"})), plants=4, markets=2)
    compiled, general = solve_game(game), complementarity(game)
    assert compiled.price == pytest.approx(general.price, rel=1e-6, abs=1e-6 * np.abs(general.price).max())
    assert compiled.sales.sum(axis=1) == pytest.approx(general.sales.sum(axis=1), rel=1e-6, abs=1e-6)


def test_interests_that_are_mutual():
    interest = np.array([[1.0, 0.3, 0.0], [0.3, 1.0, 0.1], [0.0, 0.1, 1.0]])
    _same(plain_game([10.0, 12.0, 14.0], intercept=[60.0, 80.0], slope=[1.0, 2.0], interest=interest))


def test_a_duty_on_the_price_where_nothing_is_scarce():
    _same(plain_game([10.0, 12.0], intercept=[60.0, 80.0], slope=[1.0, 2.0], duty_on_price=[[[0.0, 0.3], [0.1, 0.2]]]))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"duty_on_price": [[[0.0, 0.5]]], "capacity": [[10.0]]}, "plant 0: its capacity binds and duties"),
        ({"duty_on_price": [[[0.0, 0.5]]], "power_scale": [[0.1]]}, "plant 0: its cost rises with output"),
        ({"least_price": [[[50.0, np.nan]]]}, "market 0: a least price"),
        ({"isoelastic": [True, False]}, "market 0: firms hold back on isoelastic demand"),
        ({"cross_slope": [[[0.0, 0.5], [0.1, 0.0]]]}, "markets 0 and 1: each one's price"),
    ],
)
def test_what_is_no_convex_programme_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        clarabel(plain_game([10.0], intercept=[100.0, 100.0], slope=[1.0, 1.0], **given))


def test_interests_that_are_not_mutual_are_refused():
    with pytest.raises(InputError, match="interests, conducts or duties differ"):
        clarabel(plain_game([10.0, 12.0], interest=[[1.0, 0.4], [0.0, 1.0]]))


def test_a_firm_whose_own_sales_keep_different_parts_is_refused():
    with pytest.raises(InputError, match="firm 0, market 0: what it keeps"):
        clarabel(plain_game([10.0, 12.0], firm=[0, 0], duty_on_price=[[[0.0], [0.2]]]))
