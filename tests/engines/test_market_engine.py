"""The engine ``market`` by hand: what it writes, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from market_at_hand import market_arrays

from cell2grid.engines import engine
from cell2grid.engines.market.arrays import game_of
from cell2grid.engines.market.telling import cost_at_margin
from cell2grid.errors import EngineError, InputError, NotConvergedError

solve = engine("market").solve


def test_two_regions_by_hand() -> None:
    """Plant A makes at 10 in HOME, B at 20 in AWAY; freight 5 both ways. P = 100 - Q in HOME, 80 - 2 Q in AWAY.

    HOME: 100 - 2 a - b = 10 and 100 - a - 2 b = 25: a = (2 x 90 - 75) / 3 = 35, b = (2 x 75 - 90) / 3 = 20, P = 45.
    AWAY: 80 - 4 a - 2 b = 15 and 80 - 2 a - 4 b = 20: a = (130 - 60) / 6 = 35/3, b = (120 - 65) / 6 = 55/6,
    Q = 125/6, P = 80 - 125/3 = 115/3.
    Profit of A = 35 x 35 + (115/3 - 15) x 35/3 = 1225 + 2450/9; with a fixed cost of 100 that less.
    Surplus of buyers: 55^2 / 2 in HOME and 2 x (125/6)^2 / 2 in AWAY.
    """
    found = solve(
        market_arrays(
            markets=("HOME", "AWAY"),
            cost_step=[[10.0], [20.0]],
            selling_freight=[[0.0, 5.0], [5.0, 0.0]],
            demand_intercept=[100.0, 80.0],
            demand_slope=[1.0, 2.0],
            fixed_cost_rate=[100.0, 0.0],
        )
    ).isel(member=0, term=0)
    assert found["sales"].values == pytest.approx(np.array([[35.0, 35 / 3], [20.0, 55 / 6]]))
    assert found["market_price"].values == pytest.approx(np.array([45.0, 115 / 3]))
    assert found["plant_sales"].values == pytest.approx(np.array([35 + 35 / 3, 20 + 55 / 6]))
    assert found["plant_profit"].values[0] == pytest.approx(1225 + 2450 / 9 - 100)
    assert found["plant_margin"].values[0] == pytest.approx((1225 + 2450 / 9) / (45 * 35 + 115 / 3 * 35 / 3))
    assert found["firm_revenue"].sel(firm="B").item() == pytest.approx(45 * 20 + 115 / 3 * 55 / 6)
    assert found["market_share"].sel(market="HOME").values == pytest.approx(np.array([35 / 55, 20 / 55]))
    assert found["consumer_surplus"].values == pytest.approx(np.array([55**2 / 2, (125 / 6) ** 2]))
    assert found["market_hhi"].values[0] == pytest.approx(1e4 * (35**2 + 20**2) / 55**2)
    assert found["market_cr4"].values == pytest.approx(np.array([1.0, 1.0]))
    assert np.isnan(found["sales_utilisation"]).all()
    assert found["stationarity_residual"].item() < 1e-12
    assert found["unique_sales"].item() == 1.0


def test_the_value_at_customs_at_the_edge_of_a_step_is_that_of_the_step_that_ends() -> None:
    """A plant that takes prices makes 10 at 10 and more at 40: of P = 40 - Q it sells 10 at 30. On the value at
    customs, 10 of the last item made, a tenth is paid: 1 an item, wherever a sum of the sales is rounded to."""
    steps = {"cost_step": [[10.0, 40.0]], "cost_step_width": [[10.0, np.inf]], "steps": 2}
    found = solve(market_arrays(plants=("A",), conduct=0.0, demand_intercept=40.0, duty_on_cost=0.1, **steps))
    assert found["plant_sales"].item() == pytest.approx(10.0, rel=1e-12)
    assert found["duty_revenue"].item() == pytest.approx(10.0, rel=1e-9)
    for rounding in (-1e-15, 0.0, 1e-15, 1e-12):
        made = np.array([[10.0 * (1.0 + rounding)]])
        cost = cost_at_margin(game_of(market_arrays(plants=("A",), **steps)), made)
        assert cost.item() == 10.0


def test_duties_on_cost_on_price_and_for_the_item() -> None:
    """One price-taking plant, cost 10, freight 10, P = 100 - Q. Duty of a half on the value at customs: P = 30, 70 are
    sold, and 10 of duty is paid on each. Of a half on what the seller is left with: P = 30 too, of which 20 are left.
    5 an item: P = 25."""
    given = {"plants": ("A",), "conduct": 0.0, "cost_step": 10.0, "selling_freight": 10.0}
    for name, rate, price, paid in (
        ("duty_on_cost", 0.5, 30, 10),
        ("duty_on_price", 0.5, 30, 10),
        ("duty_amount", 5, 25, 5),
    ):
        found = solve(market_arrays(**given, **{name: rate}))
        assert found["market_price"].item() == pytest.approx(price)
        assert found["duty_revenue"].item() == pytest.approx(paid * (100 - price))
        assert found["firm_profit"].item() == pytest.approx(0.0, abs=1e-9)


def test_costs_of_making_are_the_area_under_the_cost_of_one_more() -> None:
    """20 at 10 and the rest at 30, price-taking, P = 100 - Q: 70 are sold at 30, and the first 20 earn 20 each.

    By a power, 10 + (Q / 5)^2: 90 - Q = Q^2 / 25 has Q = 12.5 (sqrt(1 + 360/25) - 1), and the profit is what the last
    item earns on all less the area under the rise, Q x (Q / 5)^2 x 2 / 3.
    """
    stepped = solve(
        market_arrays(("A",), steps=2, conduct=0.0, cost_step=[[10.0, 30.0]], cost_step_width=[[20.0, np.inf]])
    )
    assert stepped["market_price"].item() == pytest.approx(30.0)
    assert stepped["plant_profit"].item() == pytest.approx(400.0)
    power = solve(market_arrays(("A",), conduct=0.0, cost_step=10.0, cost_power_scale=0.2, cost_power=2.0))
    quantity = (-1.0 + np.sqrt(1.0 + 4.0 * 90.0 / 25.0)) * 12.5
    assert power["plant_sales"].item() == pytest.approx(quantity)
    assert power["plant_profit"].item() == pytest.approx(quantity**3 / 25.0 * 2.0 / 3.0)


def test_a_market_that_nobody_reaches_has_no_price() -> None:
    found = solve(market_arrays(markets=("HOME", "FAR"), selling_freight=[[0.0, np.nan], [0.0, np.nan]]))
    assert np.isnan(found["market_price"].sel(market="FAR").item())
    assert found["market_sales"].sel(market="FAR").item() == 0.0
    assert np.isnan(found["market_share"].sel(market="FAR")).all()
    closed = solve(market_arrays(sales_capacity=0.0))
    assert np.isnan(closed["market_price"].item())
    dear = solve(market_arrays(cost_step=120.0))  # whoever wanted one would pay 100
    assert dear["market_price"].item() == 100.0
    assert dear["market_sales"].item() == 0.0


def test_iso_elastic_demand_has_no_bound_to_its_surplus_at_an_elasticity_of_one() -> None:
    """Two Cournot firms at cost 12, Q = 600 / P^e. At e = 2: P (1 - 1/4) = 12, P = 16, and the surplus is P Q, which is
    600 / 16. At e = 1: P = 24 and no bound."""
    curve = {"demand_form": np.array(["isoelastic"], dtype=object), "demand_scale": 600.0, "cost_step": 12.0}
    found = solve(market_arrays(**curve, demand_elasticity=2.0))
    assert found["market_price"].item() == pytest.approx(16.0)
    assert found["consumer_surplus"].item() == pytest.approx(600.0 / 16.0)
    unit = solve(market_arrays(**curve, demand_elasticity=1.0))
    assert unit["market_price"].item() == pytest.approx(24.0)
    assert np.isnan(unit["consumer_surplus"].item())


def test_who_earns_more_the_less_it_sells_has_no_equilibrium() -> None:
    curve = {"demand_form": np.array(["isoelastic"], dtype=object), "demand_scale": 600.0, "cost_step": 12.0}
    with pytest.raises(
        NotConvergedError, match=r"term 0 has no equilibrium in market '.+': at elasticity 0.5 its 2 sellers"
    ):
        solve(market_arrays(**curve, demand_elasticity=0.5))
    with pytest.raises(NotConvergedError, match="elasticity 1 its 1 sellers"):
        solve(market_arrays(("A",), **curve, demand_elasticity=1.0))
    # a stake in the other makes its holder sell less still
    staked = market_arrays(**curve, demand_elasticity=0.5)
    staked["firm_interest"][0, 1] = 0.3
    with pytest.raises(NotConvergedError, match=r"elasticity 0.5 its 2 sellers earn more the less they sell"):
        solve(staked)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"demand_slope": -1.0}, r"demand_slope is -1 at member 0, market HOME, term 0; demand must fall"),
        ({"demand_intercept": -5.0}, r"demand_intercept is -5 at member 0, market HOME, term 0; a negative intercept"),
        ({"demand_intercept": np.nan}, "demand_intercept is nan"),
        ({"conduct": 1.5}, r"conduct is 1.5 at member 0, firm A, market HOME, term 0; expected 0 to 1"),
        ({"cost_step": np.nan}, "cost_step is nan"),
        ({"sales_capacity": -1.0}, "sales_capacity is -1"),
        ({"selling_freight": np.inf}, "selling_freight is inf"),
        ({"duty_on_cost": -0.1}, "duty_on_cost is -0.1"),
        ({"demand_form": np.array(["isoelastic"], dtype=object), "demand_elasticity": 0.0}, "demand_elasticity is 0"),
    ],
)
def test_numbers_out_of_their_bounds_are_refused_by_name(given: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        solve(market_arrays(**given))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"demand_form": np.array(["logarithmic"], dtype=object)}, "demand_form of 'HOME' is 'logarithmic'"),
        ({"decides": ("A", "C"), "firms": ("A", "B")}, "plant 'B' is decided over by 'C'"),
        (
            {"steps": 2, "cost_step": [[2.0, 1.0]], "cost_step_width": [[1.0, np.inf]]},
            "cost_step of 'A' falls at step 2",
        ),
        ({"cost_step_width": 10.0, "sales_capacity": 20.0}, "end at 10, below its sales_capacity 20"),
        ({"firm_interest": np.eye(2) * 0.5}, "firm_interest of 'A' in itself is 0.5"),
        ({"cross_slope": 1.0}, "cross_slope of a market with itself"),
    ],
)
def test_arrays_that_contradict_each_other_are_a_fault(given: dict[str, object], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        solve(market_arrays(**given))


def test_use_of_capacity_and_the_four_largest() -> None:
    """Price-takers at costs 1 to 5 with room for 20, 10, 10, 10 and 50, P = 100 - Q: P = 5, and the last sells 45."""
    found = solve(
        market_arrays(
            ("A", "B", "C", "D", "E"),
            conduct=0.0,
            cost_step=[[1.0], [2.0], [3.0], [4.0], [5.0]],
            sales_capacity=[20.0, 10.0, 10.0, 10.0, 50.0],
        )
    ).isel(member=0, term=0)
    assert found["market_price"].item() == pytest.approx(5.0)
    assert found["sales_utilisation"].values == pytest.approx([1.0, 1.0, 1.0, 1.0, 0.9])
    assert found["market_cr4"].item() == pytest.approx((20 + 45 + 10 + 10) / 95)
    assert found["scarcity_rent"].values == pytest.approx([4.0, 3.0, 2.0, 1.0, 0.0])
