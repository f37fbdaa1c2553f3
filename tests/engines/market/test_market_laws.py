"""Laws of equilibria on random games: conditions, balances, order, scale, and what capacity and conduct do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from market_games import KINDS, plain_game, random_game

from cell2grid.engines.market.game import Game
from cell2grid.engines.market.solving import solve_game
from cell2grid.engines.market.telling import cost_of_making, duties_of, told

SEEDS = st.integers(0, 2**32 - 1)
KIND = st.sampled_from(KINDS)
MANY = settings(max_examples=40, deadline=None)


def _game(kind: str, seed: int) -> Game:
    return random_game(kind, plants=2 + seed % 9, markets=1 + seed % 4, cases=2, seed=seed)


@given(KIND, SEEDS)
@MANY
def test_conditions_hold_to_rounding(kind: str, seed: int) -> None:
    assert solve_game(_game(kind, seed), method="interior-point").residual.max() < 1e-9


@given(KIND, SEEDS)
@MANY
def test_shares_add_up_and_money_balances(kind: str, seed: int) -> None:
    """What buyers pay is the cost of making, freight, duties, fixed cost and profit."""
    game = _game(kind, seed)
    found = solve_game(game)
    fixed = np.full(game.capacity.shape, 7.0)
    said = told(game, found, fixed)
    sold = said["market_sales"]
    assert said["market_share"].sum(axis=1)[sold > 0.0] == pytest.approx(1.0)
    assert said["sales"].sum(axis=(1, 2)) == pytest.approx(said["plant_sales"].sum(axis=1))
    assert (said["plant_sales"] <= game.capacity * (1.0 + 1e-9)).all()
    freight = np.where(found.sales > 0.0, game.freight * found.sales, 0.0).sum(axis=(1, 2))
    spent = cost_of_making(game, said["plant_sales"]).sum(axis=1) + freight + fixed.sum(axis=1)
    paid = spent + duties_of(game, found).sum(axis=(1, 2)) + said["plant_profit"].sum(axis=1)
    assert said["firm_revenue"].sum(axis=1) == pytest.approx(paid)
    assert said["firm_profit"].sum(axis=1) == pytest.approx(said["plant_profit"].sum(axis=1))
    assert said["duty_revenue"].sum(axis=1) == pytest.approx(duties_of(game, found).sum(axis=(1, 2)))
    shares = said["market_hhi"][np.isfinite(said["market_hhi"])]
    assert ((shares > 0.0) & (shares <= 10_000.0 * (1.0 + 1e-12))).all()


@given(KIND, SEEDS)
@MANY
def test_the_order_of_plants_and_markets_does_not_matter(kind: str, seed: int) -> None:
    game = _game(kind, seed)
    draw = np.random.default_rng(seed)
    plants, markets = draw.permutation(game.capacity.shape[1]), draw.permutation(game.slope.shape[1])
    by_plant = ("capacity", "step_width", "step_cost", "power_scale", "power_exponent")
    by_lane = ("freight", "duty_on_cost", "duty_on_price", "duty_amount", "least_price", "in_quota")
    by_market = ("intercept", "slope", "scale", "elasticity", "conduct", "isoelastic")
    other = {name: getattr(game, name)[:, plants] for name in by_plant}
    other |= {name: getattr(game, name)[:, plants][:, :, markets] for name in by_lane}
    other |= {name: getattr(game, name)[..., markets] for name in by_market}
    turned = game._replace(firm=game.firm[plants], **{name: np.ascontiguousarray(each) for name, each in other.items()})
    found, again = solve_game(game), solve_game(turned)
    assert again.price == pytest.approx(found.price[:, markets], rel=1e-8)
    for case in np.flatnonzero(found.unique & again.unique):
        most = found.sales[case].max()
        assert again.sales[case] == pytest.approx(found.sales[case][plants][:, markets], rel=1e-6, abs=1e-7 * most)


@given(KIND, SEEDS, st.floats(-6.0, 6.0), st.floats(-6.0, 6.0))
@MANY
def test_units_of_money_and_goods_do_not_matter(kind: str, seed: int, money: float, goods: float) -> None:
    """Money in other units scales prices, goods in other units sales; all else stays."""
    game = _game(kind, seed)
    coin, item = 10.0**money, 10.0**goods
    rise = np.where(game.power_scale > 0.0, coin ** (1.0 / game.power_exponent), 1.0)
    other = game._replace(
        capacity=game.capacity * item,
        step_width=game.step_width * item,
        step_cost=game.step_cost * coin,
        power_scale=game.power_scale * rise / item,
        freight=game.freight * coin,
        duty_amount=game.duty_amount * coin,
        intercept=game.intercept * coin,
        slope=game.slope * coin / item,
        scale=game.scale * item * coin**game.elasticity,
    )
    found, again = solve_game(game), solve_game(other)
    assert again.price / coin == pytest.approx(found.price, rel=1e-8)
    assert (again.unique == found.unique).all()
    if found.unique.all():
        assert again.sales.sum(axis=2) / item == pytest.approx(found.sales.sum(axis=2), rel=1e-6, abs=1e-6)


@given(SEEDS, st.floats(1.0, 3.0))
@MANY
def test_more_capacity_never_raises_the_price_of_a_single_market(seed: int, more: float) -> None:
    game = random_game("cournot", plants=2 + seed % 6, markets=1, cases=1, seed=seed)
    capacity = game.capacity.copy()
    capacity[:, 0] *= more
    found, again = solve_game(game), solve_game(game._replace(capacity=capacity))
    assert again.price.item() <= found.price.item() * (1.0 + 1e-12)


@given(SEEDS)
@MANY
def test_prices_fall_as_firms_hold_back_less(seed: int) -> None:
    """Conduct from 1 to 0 in five cases of one market, all else the same."""
    one = random_game("cournot", plants=2 + seed % 6, markets=1, cases=1, seed=seed)
    draws = {name: np.repeat(getattr(one, name), 5, axis=0) for name in Game._fields}
    draws |= {name: getattr(one, name) for name in ("firm", "interest", "in_quota", "isoelastic")}
    steps = np.linspace(1.0, 0.0, 5)[:, None, None] * np.ones((1, *one.conduct.shape[1:]))
    price = solve_game(Game(**{**draws, "conduct": steps})).price.ravel()
    assert (np.diff(price) <= 1e-9 * price[0]).all()


@given(st.integers(1, 8), st.floats(0.5, 4.0))
@MANY
def test_price_takers_sell_at_cost(firms: int, slope: float) -> None:
    found = solve_game(plain_game([20.0] * firms, slope=[slope], conduct=0.0))
    assert found.price.item() == pytest.approx(20.0)
    assert found.sales.sum() == pytest.approx(80.0 / slope)
    assert found.unique.item() == (firms == 1)


@pytest.mark.parametrize("kind", ["cournot", "shared", "curved"])
def test_threads_and_chunks_change_no_byte(kind: str) -> None:
    game = random_game(kind, plants=5, markets=3, cases=70, seed=4)
    one, two = solve_game(game, threads=1), solve_game(game, threads=2)
    for first, second in zip(one, two, strict=True):
        assert first.tobytes() == second.tobytes()
    alone = solve_game(
        game._replace(
            **{
                name: getattr(game, name)[41:42]
                for name in Game._fields
                if name not in ("firm", "interest", "in_quota", "isoelastic")
            }
        )
    )
    assert alone.sales.tobytes() == one.sales[41].tobytes()
