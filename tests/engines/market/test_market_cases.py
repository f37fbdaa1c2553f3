"""Equilibria with known answers: published, or solved by hand; then the general method on the same games."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.market.games import market
from market_games import KINDS, plain_game, random_game

from cell2grid.engines.market import solving
from cell2grid.engines.market.game import METHODS
from cell2grid.engines.market.ranges import unique
from cell2grid.engines.market.solving import solve_game
from cell2grid.errors import NotConvergedError

EXACT = 1e-12


def test_five_firms_of_murphy_sherali_and_soyster_1982() -> None:
    """Cost of one more c + (q / 5)^(1 / beta), demand 5000 p^-1.1, Cournot; the digits are those of the reference."""
    game = plain_game(
        [10.0, 8.0, 6.0, 4.0, 2.0],
        isoelastic=[True],
        scale=[[5000.0]],
        elasticity=[[1.1]],
        power_scale=[[0.2] * 5],
        power_exponent=[1.0 / np.array([1.2, 1.1, 1.0, 0.9, 0.8])],
    )
    found = solve_game(game, method="interior-point")
    assert found.sales[0, :, 0] == pytest.approx([36.93251, 41.81814, 43.70658, 42.65924, 39.17895], rel=1e-6)
    assert found.price.item() == pytest.approx(18.30058, rel=1e-6)
    assert found.residual.item() < EXACT
    assert found.unique.item()


@pytest.mark.parametrize("firms", [1, 2, 7, 40])
def test_equal_cournot_firms(firms: int) -> None:
    """q = (a - c) / (b (n + 1)) and p = (a + n c) / (n + 1)."""
    found = solve_game(plain_game([20.0] * firms, intercept=[100.0], slope=[2.0]), method="interior-point")
    assert found.sales.ravel() == pytest.approx([80.0 / (2.0 * (firms + 1))] * firms, rel=1e-12)
    assert found.price.item() == pytest.approx((100.0 + firms * 20.0) / (firms + 1), rel=1e-12)


@pytest.mark.parametrize(
    ("capacity", "price"), [(0.0, 36.0), (1.0, 35.8), (10.0, 34.0), (40 / 3, 100 / 3), (50.0, 100 / 3)]
)
def test_the_entry_of_one_plant(capacity: float, price: float) -> None:
    """Four equal Cournot firms at cost 20, P = 100 - Q, and an entrant of capacity K at the same cost.

    The price falls by K / 5 and each incumbent sells K / 5 less, until K = 80 / 6 = 13.33 no longer binds. What one
    more item of capacity brings the entrant is P - K - 20."""
    found = solve_game(plain_game([20.0] * 5, capacity=[[np.inf] * 4 + [capacity]]), method="interior-point")
    sold = min(capacity, 40 / 3)
    assert found.price.item() == pytest.approx(price, rel=1e-12)
    assert found.sales.ravel() == pytest.approx([16.0 - sold / 5.0] * 4 + [sold], rel=1e-12)
    if capacity:
        assert found.scarcity.ravel()[-1] == pytest.approx(max(price - sold - 20.0, 0.0), abs=1e-9)
    assert found.residual.item() < EXACT


def test_a_firm_keeps_back_for_all_its_plants_and_for_what_it_earns_of_others() -> None:
    """P = 100 - Q, cost 10. One firm with two plants is a monopoly: Q = 45, however the plants share it.

    Firm 0 earns half of what firm 1 does: 90 - 2 a - 1.5 b = 0 and 90 - a - 2 b = 0: a = 18, b = 36."""
    alone = solve_game(plain_game([10.0, 10.0], firm=[0, 0]), method="interior-point")
    assert alone.sales.sum() == pytest.approx(45.0)
    assert not alone.unique.item()
    held = solve_game(plain_game([10.0, 10.0], interest=[[1.0, 0.5], [0.0, 1.0]]), method="interior-point")
    assert held.sales.ravel() == pytest.approx([18.0, 36.0])
    assert held.unique.item()


def test_price_takers_at_the_same_cost_have_one_price_and_many_ways_to_share() -> None:
    """P = 100 - Q, costs 10, 10 and 12: P = 10 and Q = 90 whoever sells. With room for 30 each of the cheap ones, both
    are full, P = 12 and the dear one sells 28: nothing else would do."""
    free = solve_game(plain_game([10.0, 10.0, 12.0], conduct=0.0), method="interior-point")
    assert free.price.item() == pytest.approx(10.0, rel=1e-12)
    assert free.sales[0, :, 0] == pytest.approx([45.0, 45.0, 0.0])
    assert not free.unique.item()
    full = solve_game(
        plain_game([10.0, 10.0, 12.0], conduct=0.0, capacity=[[30.0, 30.0, np.inf]]), method="interior-point"
    )
    assert full.sales[0, :, 0] == pytest.approx([30.0, 30.0, 28.0], rel=1e-12)
    assert full.scarcity[0] == pytest.approx([2.0, 2.0, 0.0])
    assert full.unique.item()


@pytest.mark.parametrize("markets", [2, 3])
@pytest.mark.parametrize("rivals", [0, 1, 2, 3])
def test_plants_of_a_firm_may_swap_markets(markets: int, rivals: int) -> None:
    """A firm's full cheap plant and its dear one carry at the same cost to all markets: which of them serves which
    market changes no price, no mark-up and no plant's output, whoever else sells there."""
    game = plain_game(
        [15.0] * rivals + [10.0, 20.0],
        firm=[*range(rivals), rivals, rivals],
        intercept=[100.0, 80.0, 120.0][:markets],
        slope=[1.0] * markets,
        capacity=[[np.inf] * rivals + [8.0, np.inf]],
    )
    found = solve_game(game, method="interior-point")
    assert (found.sales[0, -2:] > 0.0).sum() > markets
    assert not found.unique.item()
    assert not unique(game, found).item()


def test_a_cost_in_steps_ends_on_a_step_or_between_two() -> None:
    """20 at 10 and more at 40, price-taking. P = 50 - Q: 20 are sold at 30, between both costs. P = 100 - Q: 60 at 40.
    P = 25 - Q: 15 at 10.

    With a second market like the first under a duty of a tenth on the value at customs, the cost at the margin c is
    borne 1.1 times there: 50 - x = c, 50 - y = 1.1 c and x + y = 20, c = 80 / 2.1."""
    game = plain_game([0.0], conduct=0.0)._replace(
        step_width=np.array([[[20.0, np.inf]]]), step_cost=np.array([[[10.0, 40.0]]])
    )
    for intercept, sold, price in ((50.0, 20.0, 30.0), (100.0, 60.0, 40.0), (25.0, 15.0, 10.0)):
        found = solve_game(game._replace(intercept=np.array([[intercept]])), method="interior-point")
        assert found.sales.item() == pytest.approx(sold, rel=1e-12)
        assert found.price.item() == pytest.approx(price, rel=1e-12)
        assert found.scarcity.item() == 0.0
    both = plain_game([0.0], intercept=[50.0, 50.0], slope=[1.0, 1.0], conduct=0.0, duty_on_cost=[[[0.0, 0.1]]])
    both = both._replace(step_width=game.step_width, step_cost=game.step_cost)
    found = solve_game(both, method="interior-point")
    assert found.price[0] == pytest.approx([80.0 / 2.1, 88.0 / 2.1], rel=1e-12)
    assert found.residual.item() < EXACT


def test_a_duty_on_the_price_with_a_capacity_that_binds() -> None:
    """One Cournot firm, cost 0, room for 20, two markets P = 100 - Q; in the second it keeps 0.8. The same is earned by
    one more in both: 100 - 2 x = 0.8 (100 - 2 y), x + y = 20: 3.6 x = 52, x = 130/9; scarcity 100 - 260/9.

    The convex programme would weigh the second market's buyers by 0.8 and miss it."""
    game = plain_game(
        [0.0], intercept=[100.0, 100.0], slope=[1.0, 1.0], duty_on_price=[[[0.0, 0.25]]], capacity=[[20.0]]
    )
    found = solve_game(game, method="interior-point")
    assert found.sales[0, 0] == pytest.approx([130 / 9, 50 / 9], rel=1e-12)
    assert found.scarcity.item() == pytest.approx(100 - 260 / 9, rel=1e-12)


def test_what_binds_besides_goes_to_the_general_method() -> None:
    """A quota of 30 with 20 an item above, price-taking at cost 10, P = 100 - Q: 70 are sold at 30 and a place is worth
    20. A quota of 95 is not reached, and the fast method's answer stands."""
    quota = {"in_quota": np.ones((1, 1, 1), bool), "over_amount": [[20.0]], "conduct": 0.0}
    tight = solve_game(plain_game([10.0], quota=[[30.0]], **quota))
    assert METHODS[tight.method[0]] == "complementarity"
    assert (tight.price.item(), tight.over.item(), tight.licence.item()) == pytest.approx((30.0, 40.0, 20.0))
    wide = solve_game(plain_game([10.0], quota=[[95.0]], **quota))
    assert METHODS[wide.method[0]] == "interior-point"
    assert wide.price.item() == pytest.approx(10.0)


def test_more_than_the_residual_allows_is_refused_with_the_residual_and_the_case() -> None:
    """Without the quota of 30, 90 are sold: 60 too many, of 90."""
    quota = {"in_quota": np.ones((1, 1, 1), bool), "over_amount": [[20.0]], "conduct": 0.0}
    game = plain_game([10.0], quota=[[30.0]], **quota)
    with pytest.raises(
        NotConvergedError, match=r"case 0 has no equilibrium that was found: its conditions are 0\.667 of"
    ):
        solve_game(game, method="interior-point")


@pytest.mark.parametrize("kind", ["cournot", "takers", "shared", "stepped", "priced", "curved", "staked"])
def test_the_general_method_finds_the_same(kind: str) -> None:
    """Prices of random games agree, and the sales where they are the only ones."""
    game = random_game(kind, plants=6, markets=3, cases=3, seed=11)
    found = solve_game(game, method="interior-point")
    other = solve_game(game, method="complementarity")
    assert found.residual.max() < 1e-10
    assert found.price == pytest.approx(other.price, rel=1e-6)
    for case in np.flatnonzero(found.unique):
        assert found.sales[case] == pytest.approx(other.sales[case], rel=1e-5, abs=1e-5 * found.sales[case].max())


@pytest.mark.parametrize("kind", ["cournot", "takers", "shared", "priced"])
def test_water_filling_finds_the_same(kind: str) -> None:
    game = random_game(kind, plants=9, markets=4, cases=3, seed=5)
    found = solve_game(game, method="interior-point")
    plain = solve_game(game, method="water-filling")
    assert METHODS[plain.method[0]] == "water-filling"
    assert plain.price == pytest.approx(found.price, rel=1e-6)
    if found.unique.all():
        assert plain.sales == pytest.approx(found.sales, rel=1e-5, abs=1e-5 * found.sales.max())


@pytest.mark.parametrize("kind", KINDS)
def test_whether_other_sales_would_do_is_what_linear_programmes_say(kind: str) -> None:
    """Random games, and the same with every plant a twin of the first, which other sales may do for."""
    game = random_game(kind, plants=6, markets=3, cases=3, seed=21)
    same = {
        name: np.ascontiguousarray(np.broadcast_to(getattr(game, name)[:, :1], getattr(game, name).shape))
        for name in ("step_width", "step_cost", "freight", "duty_on_cost", "duty_on_price")
    }
    for one in (game, game._replace(**same)):
        found = solve_game(one, method="interior-point")
        assert found.unique.tolist() == unique(one, found).tolist()


def test_what_the_general_method_misses_it_finds_from_where_the_search_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two markets of which one takes 1,400,000 and the other about one, stakes, steps and price-takers in one game, as
    if the search had not told its last digits."""
    game = plain_game(
        np.zeros(3),
        intercept=[94.712, 139.621],
        slope=[6.59e-05, 0.761],
        interest=[[1.0, 0.0, 0.711], [0.755, 1.0, 0.0], [0.0, 0.0, 1.0]],
        capacity=[[107.0, np.inf, 1.23]],
        freight=[[[10.0, 15.0], [15.0, 5.0], [20.0, 5.0]]],
        isoelastic=[False, True],
        scale=[[365.0, 872.0]],
        elasticity=[[1.808, 0.663]],
        conduct=[[[0.0, 1.0], [0.0, 0.7], [0.0, 0.7]]],
    )._replace(
        step_width=np.array([[[0.333, 3.053, np.inf], [594.449, 198.899, np.inf], [645.478, 338.439, np.inf]]]),
        step_cost=np.array([[[4.0, 18.0, 23.0], [7.0, 20.0, 32.0], [10.0, 20.0, 23.0]]]),
    )
    with pytest.raises(NotConvergedError):
        solve_game(game, method="complementarity")
    near = solve_game(game)
    off = near._replace(residual=np.ones(1), sales=0.999 * near.sales)
    monkeypatch.setattr(solving, "_quickly", lambda *_, **__: off)
    found = solve_game(game)
    assert METHODS[found.method[0]] == "complementarity"
    assert found.price == pytest.approx(near.price)


def test_what_is_given_away_without_end_has_no_equilibrium() -> None:
    """At no cost and an elasticity of 1.5 each item more earns at least P (1 - 1 / 1.5); a capacity sets an end."""
    given = {"isoelastic": [True], "scale": [[1000.0]]}
    with pytest.raises(NotConvergedError, match=r"sells there at no cost, and at elasticity 1\.5 it earns by each"):
        solve_game(plain_game([0.0, 10.0], **given, elasticity=[[1.5]]))
    found = solve_game(plain_game([0.0, 10.0], **given, elasticity=[[1.5]], capacity=[[5.0, np.inf]]))
    assert found.sales[0, 0, 0] == pytest.approx(5.0)


def test_powers_of_a_cost_in_a_market_that_hardly_falls() -> None:
    """Demand that takes a million at half its price and costs that rise by a cube: the search begins where the power is
    no dearer than the price, and ends at rounding."""
    game = plain_game(
        [0.0, 0.0],
        intercept=[100.0, 90.0],
        slope=[1e-5, 1e-4],
        power_scale=[[0.05, 0.002]],
        power_exponent=[[3.0, 0.7]],
    )._replace(step_width=np.array([[[20.0, np.inf]] * 2]), step_cost=np.array([[[5.0, 8.0], [12.0, 17.0]]]))
    assert solve_game(game, method="interior-point").residual.max() < 1e-9


@pytest.mark.parametrize(("firm", "sold", "price"), [([0, 1], 12.0, 22.0), ([0, 0], 10.0, 25.0)])
def test_two_products_that_stand_in_for_each_other(firm: list[int], sold: float, price: float) -> None:
    """P1 = 40 - Q1 - Q2 / 2, cost 10. Two firms: 30 = 2 Q + Q / 2. One firm of both also counts what one takes from the
    other: 30 = 2 Q + Q / 2 + Q / 2."""
    only = [[[0.0, np.nan], [np.nan, 0.0]]]
    cross = [[[0.0, 0.5], [0.5, 0.0]]]
    game = plain_game([10.0] * 2, intercept=[40.0] * 2, firm=np.array(firm), freight=only, cross_slope=cross)
    found = solve_game(game, method="interior-point")
    assert found.sales[0].sum(axis=1) == pytest.approx([sold] * 2, rel=1e-12)
    assert found.price[0] == pytest.approx([price] * 2, rel=1e-12)
    assert found.unique[0]


@pytest.mark.parametrize("kind", ["cournot", "between", "shared", "stepped", "priced", "staked"])
def test_the_general_method_finds_the_same_of_products_that_stand_in(kind: str) -> None:
    """Random games in which each market's price falls with the others' sales too, not both ways alike."""
    game = random_game(kind, plants=6, markets=3, cases=4, seed=11)
    part = np.random.default_rng(5).uniform(0.0, 0.4, (4, 3, 3)) * (1.0 - np.eye(3))
    game = game._replace(cross_slope=part * np.sqrt(game.slope[:, :, None] * game.slope[:, None]))
    found, other = (solve_game(game, method=method) for method in ("interior-point", "complementarity"))
    assert found.residual.max() < 1e-9
    assert found.price == pytest.approx(other.price, rel=1e-8)
    assert found.sales.sum(axis=1) == pytest.approx(other.sales.sum(axis=1), rel=1e-7, abs=1e-7)
    assert (found.unique == other.unique).all()


def test_products_that_go_with_each_other_are_left_to_the_general_method() -> None:
    """Q2 raises P1 and Q1 P2 by half: 30 = 2 Q - Q / 2 of two firms, Q = 20 at 40 - 20 + 10 = 30."""
    only = [[[0.0, np.nan], [np.nan, 0.0]]]
    game = plain_game([10.0] * 2, intercept=[40.0] * 2, freight=only, cross_slope=[[[0.0, -0.5], [-0.5, 0.0]]])
    found = solve_game(game)
    assert found.price[0] == pytest.approx([30.0, 30.0])
    assert METHODS[found.method[0]] == "complementarity"


def test_price_takers_in_many_markets_do_not_end_the_process() -> None:
    """Twenty price-takers in ten markets, from whose conditions the general method once factored a matrix of half its
    rank, which wrote beyond its memory."""
    game = market(20, 10, 3, seed=4, conduct=0.0)
    assert solve_game(game, method="complementarity").price == pytest.approx(solve_game(game).price, rel=1e-6)
