"""What else could be sold at the prices of an equilibrium: by hand, and against programmes laid out here."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_games import plain_game
from random_markets import random_game
from scipy.optimize import linprog

from cell2grid.engines.market.clarabel_form import clarabel
from cell2grid.engines.market.complementarity import complementarity
from cell2grid.engines.market.ranges import ranges, unique
from cell2grid.engines.market.solving import solve_game


def test_two_equal_price_takers_by_hand():
    """Demand 22 - P takes 12 at their cost of 10; each can make 10, so each sells 12 - 10 = 2 up to 10."""
    game = plain_game([10.0, 10.0], intercept=[22.0], conduct=0.0, capacity=[[10.0, 10.0]])
    found = complementarity(game)
    assert not found.unique[0]
    reach = ranges(game, found)
    assert reach.low[0, :, 0] == pytest.approx([2.0, 2.0])
    assert reach.high[0, :, 0] == pytest.approx([10.0, 10.0])
    assert reach.share_low[0, :, 0] == pytest.approx([2 / 12, 2 / 12])
    assert reach.share_high[0, :, 0] == pytest.approx([10 / 12, 10 / 12])
    assert reach.total_high[0] == pytest.approx([10.0, 10.0])


def test_of_very_many_sales_neither_a_large_matrix_nor_a_programme_each_is_made(monkeypatch):
    """With no directions asked for the ranges are the same; above the bound of lanes they are left out, and said so."""
    game = plain_game([10.0, 10.0, 11.0], intercept=[22.0], conduct=0.0, capacity=[[10.0, 10.0, 10.0]])
    found = complementarity(game)
    expected = ranges(game, found)
    monkeypatch.setattr("cell2grid.engines.market.face.MOST_DIRECTIONS", 0)
    for one, other in zip(ranges(game, found), expected, strict=True):
        assert one == pytest.approx(other, nan_ok=True)
    assert not unique(game, found)[0]
    monkeypatch.setattr("cell2grid.engines.market.ranges.MOST_LANES", 1)
    assert np.isnan(ranges(game, found).low).all()


def test_two_plants_of_one_cournot_firm():
    """The firm's 45 on 100 - Q at cost 10 is sure; either plant may make them, up to 30."""
    game = plain_game([10.0, 10.0], firm=[0, 0], capacity=[[30.0, 30.0]])
    reach = ranges(game, complementarity(game))
    assert reach.low[0, :, 0] == pytest.approx([15.0, 15.0])
    assert reach.high[0, :, 0] == pytest.approx([30.0, 30.0])
    assert reach.share_low[0, 0, 0] == pytest.approx(1.0)
    assert reach.share_high[0, 0, 0] == pytest.approx(1.0)


def test_a_dearer_rival_has_no_range():
    """At the two cheap sellers' cost the third, at 11, sells nothing and may not."""
    game = plain_game([10.0, 10.0, 11.0], intercept=[22.0], conduct=0.0)
    found = complementarity(game)
    reach = ranges(game, found)
    assert reach.high[0, 2, 0] == 0.0
    assert reach.high[0, :2, 0] == pytest.approx([12.0, 12.0])


def test_a_scarce_quota_is_shared_in_any_way_but_used_in_full():
    """Two equal price-takers with 5 more above a common quota of 4, on 20 - Q at cost 10: 5 are sold, 4 within."""
    game = plain_game(
        [10.0, 10.0],
        intercept=[20.0],
        conduct=0.0,
        in_quota=np.ones((1, 2, 1), bool),
        quota=[[4.0]],
        over_amount=[[5.0]],
    )
    reach = ranges(game, complementarity(game))
    assert reach.low[0, :, 0] == pytest.approx([0.0, 0.0], abs=1e-9)
    assert reach.high[0, :, 0] == pytest.approx([5.0, 5.0])


def test_what_was_not_found_has_no_range():
    game = plain_game([10.0], isoelastic=[True], scale=[[100.0]], elasticity=[[0.5]])
    found = complementarity(game)
    assert not unique(game, found)[0]
    assert np.isnan(ranges(game, found).low).all()


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), plants=st.integers(2, 5), markets=st.integers(1, 3))
def test_price_takers_of_equal_cost_against_a_programme_laid_out_here(seed, plants, markets):
    """At equal costs without freight every split within capacities that fills each market's demand will do."""
    draw = np.random.default_rng(seed)
    capacity = draw.uniform(5.0, 30.0, plants)
    game = plain_game(
        [10.0] * plants, intercept=draw.uniform(20.0, 40.0, markets), slope=np.ones(markets), conduct=0.0,
        capacity=capacity[None],
    )  # fmt: skip
    found = complementarity(game)
    bought = found.sales[0].sum(axis=0)
    full = found.scarcity[0] > 1e-6
    reach = ranges(game, found)
    fills = np.kron(np.ones((1, plants)), np.eye(markets))
    makes = np.kron(np.eye(plants), np.ones((1, markets)))
    for place in range(plants * markets):
        cost = np.zeros(plants * markets)
        for sign, end in ((1.0, reach.low), (-1.0, reach.high)):
            cost[place] = sign
            best = linprog(
                cost,
                A_ub=makes[~full] if (~full).any() else None,
                b_ub=capacity[~full] if (~full).any() else None,
                A_eq=np.vstack([fills, makes[full]]),
                b_eq=np.r_[bought, found.sales[0].sum(axis=1)[full]],
            )
            assert sign * best.fun == pytest.approx(end[0].ravel()[place], abs=1e-5)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    features=st.sets(st.sampled_from(("capacity", "steps", "price_taking", "owners", "quota", "on_price", "cross"))),
    tied=st.booleans(),
)
def test_unique_is_to_have_no_width(seed, features, tied):
    game = random_game(seed, tuple(sorted(features)), plants=4, markets=2)
    if tied:
        game = game._replace(
            step_cost=np.broadcast_to(game.step_cost[:, :1], game.step_cost.shape).copy(), freight=game.freight * 0.0
        )
    found = complementarity(game)
    reach = ranges(game, found)
    width = (reach.high - reach.low).max() / found.sales.max()
    assert bool(found.unique[0]) == bool(width < 1e-6)
    assert (reach.low <= found.sales + 1e-6).all()
    assert (reach.high >= found.sales - 1e-6).all()


def test_which_part_of_a_sale_is_within_a_quota_that_never_binds_changes_no_sales() -> None:
    """Two Cournot firms at cost 10 sell 30 each of P = 100 - Q, under a quota of 1000 that costs nothing above it."""
    game = plain_game([10.0, 10.0], in_quota=np.ones((1, 2, 1), bool), quota=[[1000.0]])
    found = complementarity(game)
    assert found.sales[0, :, 0] == pytest.approx([30.0, 30.0])
    assert unique(game, found).tolist() == [True]


def test_where_no_plant_can_sell_anywhere_nothing_sold_is_the_only_answer():
    game = plain_game([10.0], freight=[[[np.nan]]])
    for method in (clarabel, complementarity, solve_game):
        found = method(game)
        assert (found.sales[0, 0, 0], found.price[0, 0], found.unique[0]) == (0.0, 100.0, True)
