"""How far sales are from an equilibrium: by hand."""

from __future__ import annotations

import numpy as np
import pytest
from market_games import plain_game

from cell2grid.engines.market.demand import bought_at, fall_at, price_at
from cell2grid.engines.market.residual import cost_between, residual


def test_an_equilibrium_has_no_residual_and_what_is_off_is_counted_in_prices() -> None:
    """Two Cournot firms at cost 10, P = 100 - Q: q = 30 each, P = 40. One that sells 33: P = 37, it lacks
    33 - 37 + 10 = 6 to be worth its while, the other 30 - 37 + 10 = 3; the worst of them is 6/37."""
    game = plain_game([10.0, 10.0])
    assert residual(game, np.array([[[30.0], [30.0]]])).tolist() == [0.0]
    assert residual(game, np.array([[[33.0], [30.0]]])).item() == pytest.approx(6.0 / 37.0)


def test_scarcity_is_what_fits_or_what_is_given() -> None:
    """Capacity 20 beside a rival without: 100 - 20 - 2 q = 10 gives q = 35, P = 45, scarcity 45 - 20 - 10 = 15."""
    game = plain_game([10.0, 10.0], capacity=[[20.0, np.inf]])
    sales = np.array([[[20.0], [35.0]]])
    assert residual(game, sales).tolist() == [0.0]
    assert residual(game, sales, scarcity=np.array([[15.0, 0.0]])).tolist() == [0.0]
    assert residual(game, sales, scarcity=np.array([[6.0, 0.0]])).item() == pytest.approx(9.0 / 45.0)
    assert residual(game, np.array([[[25.0], [32.5]]])).item() == pytest.approx(5.0 / 57.5)  # 5 above the capacity


def test_no_large_market_hides_what_is_wrong_in_a_small_one() -> None:
    """Two markets and a firm in each. P = 100 - Q at cost 10: 45 are sold at 55; P = 1e9 - Q at cost 5e8: 2.5e8. If 40
    are sold in the small one, one more brings 60 - 40 = 20 at a cost of 10, which is 10/60 of its price."""
    large = 1e9
    game = plain_game([10.0, 0.5 * large], intercept=[100.0, large], slope=[1.0, 1.0])
    game = game._replace(freight=np.array([[[0.0, np.nan], [np.nan, 0.0]]]))
    right = np.array([[[45.0, 0.0], [0.0, 0.25 * large]]])
    assert residual(game, right).tolist() == [0.0]
    wrong = np.array([[[40.0, 0.0], [0.0, 0.25 * large]]])
    assert residual(game, wrong).item() == pytest.approx(10.0 / 60.0)


def test_any_cost_within_the_edge_of_a_step_will_do() -> None:
    """Steps of 20 at 10, then 40, alone at P = 100 - Q and price-taking at Q = 20: P = 80 > 40, so more is made; with
    P = 50 - Q, P = 30 lies between both and 20 is right."""
    game = plain_game([0.0], intercept=[50.0], conduct=0.0)
    game = game._replace(step_width=np.array([[[20.0, np.inf]]]), step_cost=np.array([[[10.0, 40.0]]]))
    assert residual(game, np.array([[[20.0]]])).tolist() == [0.0]
    high = game._replace(intercept=np.array([[100.0]]))
    assert residual(high, np.array([[[20.0]]])).item() == pytest.approx(0.5)
    assert cost_between(game, np.array([[20.0]])) == (10.0, 40.0)
    assert cost_between(game, np.array([[19.0]])) == (10.0, 10.0)


def test_a_home_plant_loses_the_whole_price_by_an_import_of_its_firm() -> None:
    """One firm, a home plant and one abroad at cost 10 that keeps g = 0.8 of P = 100 - Q.

    Alone abroad: 0.8 (100 - 2 y) = 10, y = 43.75, P = 56.25. One more item of the home plant takes 0.8 y = 35 from the
    imports and brings 56.25 - 35 = 21.25: at cost 22 it stays out, at cost 20 it gains 1.25."""
    dear = plain_game([22.0, 10.0], firm=[0, 0], duty_on_price=[[[0.0], [0.25]]])
    abroad = np.array([[[0.0], [43.75]]])
    assert residual(dear, abroad).item() == pytest.approx(0.0, abs=1e-15)
    cheap = plain_game([20.0, 10.0], firm=[0, 0], duty_on_price=[[[0.0], [0.25]]])
    assert residual(cheap, abroad).item() == pytest.approx(1.25 / 56.25)


def test_quota_and_undertaking_by_hand() -> None:
    """Price-taking abroad at cost 10, P = 100 - Q. A quota of 30 with 20 an item above: at most P = 30, so 70 are sold,
    30 within at a licence of 20. A quota of 80: all within, 80 sold at P = 20, the licence is worth 10.

    An undertaking at P = 45 instead: 55 are sold."""
    within = {"conduct": 0.0, "in_quota": np.ones((1, 1, 1), bool), "over_amount": [[20.0]]}
    small = plain_game([10.0], **within, quota=[[30.0]])
    sales = np.array([[[70.0]]])
    found = residual(small, sales, over=np.array([[[40.0]]]), licence=np.array([[20.0]]))
    assert found.item() == pytest.approx(0.0, abs=1e-15)
    assert residual(small, sales, over=np.array([[[40.0]]]), licence=np.array([[10.0]])).item() > 0.1
    large = plain_game([10.0], **within, quota=[[80.0]])
    assert residual(large, np.array([[[80.0]]]), licence=np.array([[10.0]])).item() == pytest.approx(0.0, abs=1e-15)
    kept = plain_game([10.0], conduct=0.0, least_price=[[[45.0]]])
    assert residual(kept, np.array([[[55.0]]])).item() == pytest.approx(0.0, abs=1e-15)
    assert residual(kept, np.array([[[90.0]]])).item() > 0.5
    assert residual(kept, np.array([[[50.0]]])).item() > 0.5  # dearer than the undertaking asks, and more would pay


def test_demand_and_its_slope() -> None:
    curved = plain_game([1.0], isoelastic=[True], scale=[[8.0]], elasticity=[[2.0]])
    assert price_at(curved, np.array([[2.0]])).item() == pytest.approx(2.0)  # 8 / 2^2 = 2
    assert fall_at(curved, np.array([[2.0]])).item() == pytest.approx(0.5)  # 2 / (2 x 2)
    assert bought_at(curved, np.array([[2.0]])).item() == pytest.approx(2.0)
    pair = plain_game([1.0], intercept=[10.0, 20.0], slope=[1.0, 2.0], cross_slope=[[[0.0, 0.5], [0.25, 0.0]]])
    assert price_at(pair, np.array([[2.0, 4.0]])).tolist() == [[6.0, 11.5]]
