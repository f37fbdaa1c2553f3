"""Prices of differentiated variants: cases by hand, laws, and general solvers against each firm's own profit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_games import plain_game
from scipy.optimize import minimize, root

from cell2grid.engines.market import box_search
from cell2grid.engines.market.game import Game
from cell2grid.engines.market.logit import solve_logit
from cell2grid.engines.market.logit_lanes import LogitDemand
from cell2grid.engines.market.logit_residual import LogitEquilibrium, residual_of
from cell2grid.errors import EngineError, NotConvergedError

# ln(1/4 / 1/2) + 7/3: two such variants at 7/3 are taken by a quarter of all buyers each
UTILITY = 7.0 / 3.0 - np.log(2.0)


def _alike(firms: int, markets: int = 1, cases: int = 1) -> LogitDemand:
    by_set = np.ones((cases, markets))
    return LogitDemand(np.full((cases, firms, markets), UTILITY), by_set, 100.0 * by_set, np.arange(markets))


def _game(cost: Any, markets: int = 1, **given_: Any) -> Game:
    return plain_game(cost, intercept=np.ones(markets), slope=np.ones(markets), **given_)


def test_two_alike_by_hand():
    """a = 1, cost 1: with a quarter of the buyers each, the mark-up is 1 / (1 - 1/4) = 4/3, so the price is 7/3."""
    found = solve_logit(_game([1.0, 1.0]), _alike(2))
    assert found.price[0, :, 0] == pytest.approx([7 / 3, 7 / 3])
    assert found.share[0, :, 0] == pytest.approx([0.25, 0.25])
    assert found.outside[0, 0] == pytest.approx(0.5)
    assert found.sales[0, :, 0] == pytest.approx([25.0, 25.0])
    assert found.residual[0] < 1e-10


def test_two_alike_with_scarce_capacity_by_hand():
    """20 each of 100 leave 60 outside: the price that does it is u - ln(0.2 / 0.6) = u + ln 3, the mark-up of a fifth
    is 1 / 0.8, and what is left above cost 1 is scarcity."""
    found = solve_logit(_game([1.0, 1.0], capacity=20.0), _alike(2))
    price = UTILITY + np.log(3.0)
    assert found.price[0, :, 0] == pytest.approx([price, price])
    assert found.scarcity[0] == pytest.approx([price - 1.0 - 1.25] * 2)


def test_a_merger_is_a_stake_of_all_in_each_other():
    """Who earns all of the other's profit, and it all of his, takes the mark-up of their sum, 1 / (1 - S), on both."""
    found = solve_logit(_game([1.0, 1.5], interest=np.ones((2, 2))), _alike(2))
    both = found.share[0].sum()
    assert found.price[0, :, 0] - [1.0, 1.5] == pytest.approx([1.0 / (1.0 - both)] * 2)


def test_a_stake_of_half_by_hand():
    """The first earns half of the second's profit w s_2 m_2 of what it loses: m_1 = 1 + s_1 m_1 + s_2 m_2 / 2, and the
    second, who earns nothing of the first, m_2 = 1 / (1 - s_2)."""
    found = solve_logit(_game([1.0, 1.0], interest=np.array([[1.0, 0.5], [0.0, 1.0]])), _alike(2))
    (one, other), (first, second) = found.share[0, :, 0], found.price[0, :, 0] - 1.0
    assert second == pytest.approx(1.0 / (1.0 - other))
    assert first == pytest.approx((1.0 + 0.5 * other * second) / (1.0 - one))


def test_a_cost_in_steps_ends_between_two():
    """Both sell 25 at a cost of 1. Steps of 0.5 up to 25 and 1.5 above leave them there, at any cost between: 1."""
    widths, levels = np.array([[[25.0, np.inf]]]), np.array([[[0.5, 1.5]]])
    game = _game([1.0, 1.0])._replace(step_width=np.repeat(widths, 2, axis=1), step_cost=np.repeat(levels, 2, axis=1))
    found = solve_logit(game, _alike(2))
    assert found.price[0, :, 0] == pytest.approx([7 / 3, 7 / 3])
    assert found.cost[0] == pytest.approx([1.0, 1.0])
    assert found.scarcity[0] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_a_cost_by_a_power():
    """0.5 + (0.01 q)^0.5 is 1 at 25."""
    found = solve_logit(_game([0.5, 0.5], power_scale=0.01, power_exponent=0.5), _alike(2))
    assert found.price[0, :, 0] == pytest.approx([7 / 3, 7 / 3])
    assert found.sales[0, :, 0] == pytest.approx([25.0, 25.0])


def test_a_quota_with_two_rates():
    """10 may come in at a cost of 0.6, what is more pays 0.4 besides: the last item costs 1, and 15 pay; a place in
    the quota is worth 0.4. A quota of 30 a firm does not bind, and one of nothing is as if all paid."""
    inside = np.eye(2, dtype=bool)[:, :, None]
    game = _game([0.6, 0.6], in_quota=inside, quota=np.array([[10.0, 10.0]]), over_amount=0.4)
    found = solve_logit(game, _alike(2))
    assert found.price[0, :, 0] == pytest.approx([7 / 3, 7 / 3])
    assert found.over[0, :, 0] == pytest.approx([15.0, 15.0])
    assert found.licence[0] == pytest.approx([0.4, 0.4])
    nothing = solve_logit(game._replace(quota=np.zeros((1, 2))), _alike(2))
    assert nothing.price == pytest.approx(found.price)
    assert nothing.over[0, :, 0] == pytest.approx([25.0, 25.0])
    loose = solve_logit(game._replace(quota=np.full((1, 2), 40.0)), _alike(2))
    assert loose.price[0, 0, 0] == pytest.approx(0.6 + 1.0 / (1.0 - loose.share[0, 0, 0]))
    assert loose.licence[0] == pytest.approx([0.0, 0.0], abs=1e-9)


def test_the_second_plant_of_a_firm_begins_where_the_first_is_full():
    """One firm, two plants at cost 1 and 1.2: the first's 20 are sold, the rest by the second, whose cost counts."""
    game = _game([1.0, 1.2], firm=np.zeros(2, int), capacity=np.array([[20.0, np.inf]]))
    found = solve_logit(game, _alike(1))
    assert found.sales[0, 0, 0] == pytest.approx(20.0)
    assert found.sales[0, 1, 0] > 0.0
    assert found.scarcity[0] == pytest.approx([0.2, 0.0])
    assert found.price[0, 0, 0] == pytest.approx(1.2 + 1.0 / (1.0 - found.share[0, 0, 0]))
    assert found.unique[0]


def test_plants_of_one_firm_at_one_cost_can_share_its_sales_in_many_ways():
    game = _game([1.0, 1.0], firm=np.zeros(2, int))
    assert not solve_logit(game, _alike(1)).unique[0]
    rising = game._replace(power_scale=np.full((1, 2), 0.01))
    found = solve_logit(rising, _alike(1))
    assert found.unique[0]
    assert found.sales[0, 0, 0] == pytest.approx(found.sales[0, 1, 0])


def test_a_duty_on_the_price_is_on_the_mark_up_too():
    """With half the price on top the seller keeps 2/3: cost 1 counts as 1.5, and the mark-up of the price stays."""
    found = solve_logit(_game([1.0], duty_on_price=0.5), _alike(1))
    assert found.price[0, 0, 0] == pytest.approx(1.5 + 1.0 / (1.0 - found.share[0, 0, 0]))


def test_price_takers_sell_at_cost():
    found = solve_logit(_game([1.0, 2.0], conduct=0.0), _alike(2))
    assert found.price[0, :, 0] == pytest.approx([1.0, 2.0])


def test_markets_of_one_choice_set_share_their_buyers():
    """Two products of one firm in one set of buyers: the firm counts what one takes from the other."""
    demand = LogitDemand(np.full((1, 1, 2), UTILITY), np.ones((1, 1)), np.full((1, 1), 100.0), np.zeros(2, int))
    found = solve_logit(_game([1.0], markets=2), demand)
    assert found.share.sum() + found.outside[0, 0] == pytest.approx(1.0)
    assert found.price[0, 0] - 1.0 == pytest.approx([1.0 / (1.0 - found.share.sum())] * 2)


def test_who_is_unknown_or_has_nobody_to_sell_to_sells_nothing():
    demand = _alike(2, cases=2)
    demand.utility[0, 1] = -np.inf
    demand.size[1] = 0.0
    found = solve_logit(_game([1.0, 1.0], cases=2), demand)
    assert found.share[0, 1, 0] == 0.0
    assert np.isnan(found.price[0, 1, 0])
    assert found.sales[1].sum() == 0.0


def _random(seed: int, plants: int, markets: int, cases: int = 2) -> tuple[Game, LogitDemand]:
    """A game of all that can be: stakes, steps, powers, capacities, quotas and duties."""
    draw = np.random.default_rng(seed)
    firm = np.unique(draw.integers(0, plants, plants), return_inverse=True)[1].reshape(-1)
    firms, lanes = int(firm.max()) + 1, (cases, plants, markets)
    interest = np.where(draw.random((firms, firms)) < 0.3, draw.uniform(0.0, 0.8, (firms, firms)), 0.0)
    np.fill_diagonal(interest, 1.0)
    width = np.stack([draw.uniform(1.0, 10.0, (cases, plants)), np.full((cases, plants), np.inf)], axis=2)
    bent = draw.random((cases, plants)) < 0.3
    game = plain_game(
        np.zeros(plants),
        intercept=np.ones(markets),
        firm=firm,
        cases=cases,
        interest=interest,
        freight=draw.uniform(10.0, 30.0, lanes),
        capacity=np.where(draw.random((cases, plants)) < 0.6, draw.uniform(1.0, 30.0, (cases, plants)), np.inf),
        power_scale=np.where(bent, draw.uniform(0.01, 0.2, (cases, plants)), 0.0),
        power_exponent=draw.uniform(0.7, 2.0, (cases, plants)),
        duty_on_cost=draw.uniform(0.0, 0.3, lanes),
        duty_on_price=np.repeat(draw.uniform(0.0, 0.3, (cases, 1, markets)), plants, axis=1),
        in_quota=draw.random((1, plants, markets)) < 0.5,
        quota=draw.uniform(0.0, 30.0, (cases, 1)),
        over_on_cost=draw.uniform(0.0, 0.5, (cases, 1)),
        conduct=draw.uniform(0.5, 1.0, (cases, firms, markets)),
    )
    game = game._replace(step_width=width, step_cost=np.cumsum(draw.uniform(0.0, 4.0, (cases, plants, 2)), axis=2))
    demand = LogitDemand(
        draw.uniform(2.0, 8.0, (cases, firms, markets)),
        draw.uniform(0.05, 0.3, (cases, markets)),
        draw.uniform(50.0, 200.0, (cases, markets)),
        np.arange(markets),
    )
    return game, demand


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), plants=st.integers(1, 8), markets=st.integers(1, 4))
def test_conditions_of_all_features_hold(seed, plants, markets):
    game, demand = _random(seed, plants, markets)
    found = solve_logit(game, demand)
    assert found.residual.max() < 1e-8
    assert found.share.sum(axis=1) + found.outside == pytest.approx(np.ones(found.outside.shape))
    assert (found.sales.sum(axis=2) <= game.capacity * (1.0 + 1e-9)).all()
    inside = np.einsum("qjm,bjm->bq", game.in_quota.astype(float), found.sales - found.over)
    assert (inside <= game.quota * (1.0 + 1e-9) + 1e-9).all()


def test_no_case_changes_another():
    game, demand = _random(7, 6, 2, cases=5)
    whole = solve_logit(game, demand)
    fields = ("capacity", "step_width", "step_cost", "power_scale", "power_exponent", "freight", "duty_on_cost",
              "duty_on_price", "duty_amount", "quota", "over_on_cost", "over_on_price", "over_amount", "conduct",
              "least_price")  # fmt: skip
    for b in range(5):
        one = game._replace(**{name: getattr(game, name)[b : b + 1] for name in fields})
        part = demand._replace(**{name: getattr(demand, name)[b : b + 1] for name in demand._fields[:3]})
        alone = solve_logit(one, part)
        for name in LogitEquilibrium._fields:
            assert getattr(alone, name)[0] == pytest.approx(getattr(whole, name)[b], rel=1e-10, abs=1e-9, nan_ok=True)


def _profits(game: Game, demand: LogitDemand, price: np.ndarray) -> np.ndarray:
    """What each firm earns itself at prices (F, M), from the formula of logit; costs that do not rise (F,)."""
    part = np.exp(demand.utility[0] - demand.price_sensitivity[0] * price)
    sold = demand.size[0] * part / (1.0 + part.sum(axis=0))
    cost = game.freight[0] + game.step_cost[0, :, :1]
    return np.asarray(((price / (1.0 + game.duty_on_price[0]) - cost) * sold).sum(axis=1))


@pytest.mark.parametrize("seed", range(6))
def test_what_a_root_of_the_gains_of_all_firms_says(seed):
    """Prices at which no firm's own profit and its part of the others' rises: the root of numerical derivatives."""
    draw = np.random.default_rng(seed)
    firms, markets = 3, 2
    interest = np.where(np.eye(firms) > 0.0, 1.0, draw.uniform(0.0, 0.6, (firms, firms)))
    game = _game(draw.uniform(5.0, 9.0, firms), markets=markets, interest=interest, freight=draw.uniform(
        0.0, 3.0, (1, firms, markets)), duty_on_price=draw.uniform(0.0, 0.3, (1, firms, markets)))  # fmt: skip
    demand = LogitDemand(draw.uniform(1.0, 4.0, (1, firms, markets)), draw.uniform(0.1, 0.4, (1, markets)),
                         draw.uniform(50.0, 200.0, (1, markets)), np.arange(markets))  # fmt: skip
    found = solve_logit(game, demand)

    def gains(flat: np.ndarray) -> np.ndarray:
        price = flat.reshape(firms, markets)
        result = np.zeros((firms, markets))
        for i, m in np.ndindex(firms, markets):
            step = np.zeros_like(price)
            step[i, m] = 1e-5 * price[i, m]
            ahead, behind = (_profits(game, demand, price + sign * step) for sign in (1.0, -1.0))
            result[i, m] = interest[i] @ (ahead - behind) / (2.0 * step[i, m])
        return result.ravel()

    start = (game.freight[0] + game.step_cost[0, :, :1]) * (
        1.0 + game.duty_on_price[0]
    ) + 1.0 / demand.price_sensitivity
    ended = root(gains, start.ravel(), tol=1e-10)
    assert np.abs(gains(ended.x)).max() < 1e-6
    assert found.price[0].ravel() == pytest.approx(ended.x, rel=1e-6)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_no_firm_earns_more_by_another_price(seed):
    """At capacities and costs in steps too: each firm's best prices are those found, by an optimiser."""
    draw = np.random.default_rng(seed)
    widths = np.stack([draw.uniform(5.0, 30.0, (1, 3)), np.full((1, 3), np.inf)], axis=2)
    game = _game(np.zeros(3))._replace(
        step_width=widths, step_cost=np.cumsum(draw.uniform(0.5, 3.0, (1, 3, 2)), axis=2)
    )
    demand = LogitDemand(draw.uniform(1.0, 5.0, (1, 3, 1)), draw.uniform(0.2, 1.0, (1, 1)), np.full((1, 1), 100.0),
                         np.zeros(1, int))  # fmt: skip
    found = solve_logit(game, demand)

    def profit(mine: float, firm: int) -> float:
        price = found.price[0, :, 0].copy()
        price[firm] = mine
        part = np.exp(demand.utility[0, :, 0] - demand.price_sensitivity[0, 0] * price)
        sold = 100.0 * part[firm] / (1.0 + part.sum())
        first = min(sold, game.step_width[0, firm, 0])
        return float(mine * sold - first * game.step_cost[0, firm, 0] - (sold - first) * game.step_cost[0, firm, 1])

    for firm in range(3):
        now = found.price[0, firm, 0]
        best = minimize(lambda x, firm=firm: -profit(x[0], firm), [1.1 * now], method="Nelder-Mead")
        assert -best.fun <= profit(now, firm) * (1.0 + 1e-6) + 1e-6


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_more_capacity_never_raises_a_price(seed):
    draw = np.random.default_rng(seed)
    demand = LogitDemand(draw.uniform(2.0, 8.0, (1, 4, 1)), draw.uniform(0.05, 0.3, (1, 1)), np.full((1, 1), 100.0),
                         np.zeros(1, int))  # fmt: skip
    game = _game(draw.uniform(10.0, 30.0, 4), capacity=draw.uniform(1.0, 10.0, (1, 4)))
    tight, loose = (solve_logit(game._replace(capacity=part * game.capacity), demand) for part in (1.0, 1.2))
    assert (loose.price <= tight.price + 1e-7).all()


def test_what_is_off_is_counted():
    """The price of one of two alike 1 percent up: its next item earns that more than it should, relative to 7/3."""
    game, demand = _game([1.0, 1.0]), _alike(2)
    found = solve_logit(game, demand)
    off = found.price * np.array([[[1.01], [1.0]]])
    assert residual_of(game, demand, found._replace(price=off))[0] > 5e-3
    assert residual_of(game, demand, found._replace(cost=found.cost + 0.1))[0] > 1e-2
    assert residual_of(game, demand, found._replace(scarcity=found.scarcity + 0.1))[0] > 1e-2


def test_a_search_that_stops_early_claims_nothing(monkeypatch):
    monkeypatch.setattr(box_search, "_MOST_STEPS", (2, 1, 1))
    with pytest.raises(NotConvergedError, match="case 0 has no equilibrium of prices that was found"):
        solve_logit(_game([1.0, 1.0], capacity=20.0), _alike(2))


def test_one_seller_of_what_nearly_all_want_asks_nearly_all_of_it():
    """1 + 1 / (1 - s) = u - v with 1 - s = 1 / (1 + e^v): at a utility of 1e6 the mark-up is all but it."""
    found = solve_logit(_game([1.0]), _alike(1)._replace(utility=np.full((1, 1, 1), 1e6)))
    assert found.price[0, 0, 0] == pytest.approx(2.0 + np.exp(1e6 - found.price[0, 0, 0]))


@pytest.mark.parametrize(
    ("change", "demand", "words"),
    [
        ({"duty_on_price": np.ones(2)}, {}, r"duty_on_price of a logit game has the shape \(2,\)"),
        ({"least_price": np.ones((1, 2, 1))}, {}, "least prices .* have no meaning where firms set prices"),
        ({}, {"price_sensitivity": np.zeros((1, 1))}, "price sensitivity must be above 0"),
        ({}, {"utility": np.full((1, 2, 1), np.nan)}, "a utility or a capacity of a logit game is not a number"),
        ({}, {"group": np.ones(1, int)}, "choice set is not among those that demand has"),
    ],
)
def test_what_cannot_be_is_named(change, demand, words):
    with pytest.raises(EngineError, match=words):
        solve_logit(_game([1.0, 1.0])._replace(**change), _alike(2)._replace(**demand))
