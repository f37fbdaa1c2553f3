"""Energy and reserve together: cases by hand, the equations, laws, and scipy as the second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reserve_cases import DAY, battery, cases_and_products
from reserve_oracle import oracle

from cell2grid.engines import dispatch, reserves
from cell2grid.engines.dispatch.case import Case, asset_case
from cell2grid.engines.dispatch.highs import whole
from cell2grid.engines.reserves import Product, co_optimised, product
from cell2grid.errors import InfeasibleError


def test_one_product_in_one_step_earns_its_price() -> None:
    """10 MW at 8 a MW and hour for an hour, nothing called, energy for 15 minutes held: 10 x 0.25 = 2.5 of 10 MWh.

    Standing still, all 10 MW are free both ways: 80.
    """
    case = asset_case(np.array([50.0]), power=10.0, energy=20.0, start_fraction=0.5, end_fraction=0.5)
    fcr = product(case, "fcr", capacity_price=8.0, duration_up=0.25, duration_down=0.25)
    best = co_optimised(case, [fcr])
    assert best.award.tolist() == [[10.0]]
    assert (best.value, best.capacity_revenue.tolist(), best.revenue) == (80.0, [80.0], 0.0)
    assert best.method == "highs lp"
    assert best.bound == pytest.approx(80.0)


def test_a_duration_holds_energy_behind_an_award() -> None:
    """2 h behind each MW up, at 0.5 out of the store: each MW holds 4 MWh. Of 12 MWh 3 MW can be awarded, not 10."""
    case = asset_case(
        np.array([0.0]), power=10.0, energy=20.0, efficiency_discharge=0.5, start_fraction=0.6, end_fraction=0.6
    )
    best = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, duration_up=2.0)])
    assert best.award[0, 0] == pytest.approx(3.0)
    assert best.value == pytest.approx(15.0)


def test_a_duration_holds_room_for_an_award_down() -> None:
    """2 h at 0.5 into the store: each MW down needs room for 1 MWh; 8 of 20 MWh are free, so 8 MW."""
    case = asset_case(
        np.array([0.0]), power=10.0, energy=20.0, efficiency_charge=0.5, start_fraction=0.6, end_fraction=0.6
    )
    best = co_optimised(case, [product(case, "down", down=True, capacity_price=5.0, duration_down=2.0)])
    assert best.award[0, 0] == pytest.approx(8.0)


def test_calls_move_energy_and_are_paid() -> None:
    """8 MW up called for half of each hour, at 100: two hours move 4 MWh each out of a store of 10 MWh at 0.8.

    Each MW awarded in both hours draws 0.5 / 0.8 = 0.625 MWh an hour; 10 MWh / 1.25 = 8 MW. Pay: 8 x 2 for capacity
    of 1, and 8 MWh x 100. Selling at 0 earns nothing.
    """
    case = asset_case(
        np.zeros(2), power=0.0, discharge_power=10.0, energy=10.0, efficiency_discharge=0.8, start_fraction=1.0
    )
    terms = {"capacity_price": 1.0, "activation_up": 0.5, "activation_price_up": 100.0}
    block = product(case, "up", up=True, block_hours=2.0, **terms)
    best = co_optimised(case, [block])
    assert best.award[:, 0].tolist() == pytest.approx([8.0, 8.0])
    assert best.activation_revenue[0] == pytest.approx(800.0)
    assert best.value == pytest.approx(816.0)
    assert best.energy.tolist() == pytest.approx([5.0, 0.0])


def test_calls_down_fill_the_store_and_cost() -> None:
    """5 MW down called a fifth of an hour at 30: 1 MWh is taken for 30, and at 0.9 stores 0.9; wear of 2 is 2."""
    case = asset_case(
        np.array([1000.0]), power=5.0, energy=10.0, efficiency_charge=0.9, throughput_cost=2.0, discharge_power=0.0
    )
    down = product(case, "down", down=True, capacity_price=40.0, activation_down=0.2, activation_price_down=30.0)
    best = co_optimised(case, [down])
    assert best.energy[0] == pytest.approx(0.9)
    assert best.activation_revenue[0] == pytest.approx(-30.0)
    assert best.value == pytest.approx(5.0 * 40.0 - 30.0 - 2.0)


def test_the_price_of_a_call_is_the_market_price_and_an_adder() -> None:
    case = battery(np.array([20.0, 30.0]))
    one = product(case, "both", capacity_price=0.0, activation_adder_up=5.0, activation_adder_down=-7.0)
    assert one.activation_price_up.tolist() == [25.0, 35.0]
    assert one.activation_price_down.tolist() == [13.0, 23.0]


def test_a_symmetric_product_takes_both_sides_and_an_asymmetric_one_only_its_own() -> None:
    """Selling 10 of 10 MW in the dear hour leaves nothing up; a downward product could then have 20 MW.

    Up: giving up x MW of sales at 100 for x MW at 30 does not pay. Down at 30: 10 + 10 = 20 MW, 600.
    """
    case = asset_case(np.array([100.0]), power=10.0, energy=20.0, start_fraction=1.0)
    both, up, down = (
        product(case, name, capacity_price=30.0, **ways)  # type: ignore[arg-type]
        for name, ways in (("both", {}), ("up", {"up": True}), ("down", {"down": True}))
    )
    assert co_optimised(case, [both]).value == pytest.approx(1000.0)
    assert co_optimised(case, [up]).value == pytest.approx(1000.0)
    best = co_optimised(case, [down])
    assert best.value == pytest.approx(1600.0)
    assert best.award[0, 0] == pytest.approx(20.0)


def test_a_block_has_one_award() -> None:
    """Two hours as one block, capacity at 10 and 50, 10 MWh to sell at 30 and 45, 10 MW out and none in.

    By the hour: 10 MWh sold at 30, and 10 MW at 50: 800. As a block an award of x earns 60 x and leaves 10 - x MW of
    each hour to sales: up to x = 5 each MW costs 45 - 30, beyond it 45 + 30. So x = 5: 300 + 5 x 45 + 5 x 30 = 675.
    """
    case = asset_case(np.array([30.0, 45.0]), power=0.0, discharge_power=10.0, energy=10.0, start_fraction=1.0)
    prices = np.array([10.0, 50.0])
    hourly = co_optimised(case, [product(case, "up", up=True, capacity_price=prices)])
    block = co_optimised(case, [product(case, "up", up=True, capacity_price=prices, block_hours=2.0)])
    assert hourly.value == pytest.approx(10 * 30.0 + 10 * 50.0)
    assert block.value == pytest.approx(675.0)
    assert block.award[:, 0].tolist() == pytest.approx([5.0, 5.0])


def test_blocks_are_counted_from_midnight() -> None:
    case = battery(np.zeros(6))
    assert product(case, "a", capacity_price=1.0, block_hours=4.0, first_hour=2.0).block.tolist() == [0, 0, 1, 1, 1, 1]
    half = battery(np.zeros(6), 0.5)
    assert product(half, "a", capacity_price=1.0, block_hours=1.0).block.tolist() == [0, 0, 1, 1, 2, 2]


def test_blocks_of_a_year_of_five_minutes_stay_on_the_hour() -> None:
    """Twelve times a twelfth of an hour, added up 100,000 times, is not quite whole: each block still has 48 steps."""
    steps = 105_120
    one = product(
        asset_case(np.zeros(steps), 1.0 / 12.0, power=1.0, energy=1.0), "a", capacity_price=1.0, block_hours=4.0
    )
    assert set(np.bincount(one.block).tolist()) == {48}


def test_awards_and_flow_share_the_limits_and_the_store() -> None:
    case = battery(DAY - 40.0)
    products = [
        product(case, "fcr", capacity_price=9.0, duration_up=0.5, duration_down=0.5, activation_up=0.05,
                activation_down=0.05, block_hours=4.0),
        product(case, "up", up=True, capacity_price=6.0, duration_up=1.0, activation_up=0.1),
        product(case, "down", down=True, capacity_price=4.0, duration_down=1.0, activation_down=0.1, most=3.0),
    ]  # fmt: skip
    best = co_optimised(case, products)
    fcr, up, down = best.award.T
    net = best.discharge - best.charge
    assert (net + fcr + up).max() <= 10.0 + 1e-6
    assert (-net + fcr + down).max() <= 10.0 + 1e-6
    assert down.max() <= 3.0
    before = np.concatenate([[20.0], best.energy[:-1]])
    for level in (before, best.energy):
        assert (level - (0.5 * fcr + up) / 0.95).min() >= -1e-6
        assert (level + (0.5 * fcr + down) * 0.9).max() <= 40.0 + 1e-6
    stored = 0.9 * (best.charge + 0.05 * fcr + 0.1 * down)
    drawn = (best.discharge + 0.05 * fcr + 0.1 * up) / 0.95
    assert np.abs(best.energy - before - stored + drawn).max() < 1e-9
    assert (np.diff(fcr.reshape(-1, 4), axis=1) == 0.0).all()
    assert best.value == pytest.approx(best.revenue + best.capacity_revenue.sum() + best.activation_revenue.sum())
    assert (best.award > 0.0).any(axis=0).all()


def test_a_least_bid_is_kept_by_a_yes_or_no() -> None:
    """Only 3 MW are free for up; a least bid of 4 MW leaves none, one of 2 MW leaves all 3."""
    case = asset_case(np.array([0.0]), power=10.0, energy=20.0, start_fraction=0.15, end_fraction=0.15)
    for least, awarded in ((4.0, 0.0), (2.0, 3.0)):
        best = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, duration_up=1.0, least=least)])
        assert best.award[0, 0] == pytest.approx(awarded)
    assert co_optimised(case, [product(case, "up", up=True, capacity_price=5.0, least=4.0)]).method == "highs lp"
    assert co_optimised(
        case, [product(case, "up", up=True, capacity_price=5.0, duration_up=1.0, least=4.0)]
    ).method == "highs milp"  # fmt: skip


def test_the_grid_connection_bounds_the_awards() -> None:
    """6 MW may be sent, the sun sends 4: 2 MW of 10 can be promised upward; downward 5 MW may come in, and 4 + 5."""
    case = asset_case(
        np.array([50.0]),
        power=10.0,
        energy=40.0,
        start_fraction=0.5,
        end_fraction=0.5,
        generation=4.0,
        export_limit=6.0,
        import_limit=5.0,
    )
    up = co_optimised(case, [product(case, "up", up=True, capacity_price=5.0)])
    assert up.award[0, 0] == pytest.approx(2.0)
    assert up.value == pytest.approx(4 * 50.0 + 2 * 5.0)
    down = co_optimised(case, [product(case, "down", down=True, capacity_price=5.0)])
    assert down.award[0, 0] == pytest.approx(9.0)


def test_negative_prices_are_not_used_both_ways_and_the_method_says_what_it_took() -> None:
    """A full store at -50: the linear problem would take and send at once; the hull half of it; the rule forbids it."""
    case = asset_case(
        np.array([-50.0, -50.0]),
        power=10.0,
        energy=10.0,
        efficiency_charge=0.8,
        efficiency_discharge=0.8,
        start_fraction=1.0,
        end_fraction=1.0,
    )
    up = product(case, "up", up=True, capacity_price=1.0)
    best = co_optimised(case, [up])
    assert float((best.charge * best.discharge).max()) == 0.0
    assert best.method == "highs milp"
    assert best.value == pytest.approx(oracle(case, [up]), abs=1e-6)
    relaxed = co_optimised(replace(case, mode="relaxed"), [up])
    assert relaxed.value > best.value + 1.0
    assert relaxed.method == "highs lp"


def test_without_products_the_value_is_that_of_dispatch() -> None:
    for price in (DAY, DAY - 50.0):
        case = battery(price, throughput_cost=1.0, self_discharge=0.002)
        assert co_optimised(case, []).value == pytest.approx(whole(case).value, rel=1e-8)


@settings(max_examples=200, deadline=None)
@given(cases_and_products)
def test_any_small_case_earns_what_scipy_finds(drawn: tuple[Case, list[Product]]) -> None:
    case, products = drawn
    expected = oracle(case, products)
    if np.isnan(expected):
        with pytest.raises(InfeasibleError):
            co_optimised(case, products)
        return
    best = co_optimised(case, products)
    assert best.value == pytest.approx(expected, rel=1e-6, abs=1e-5)
    assert best.bound >= best.value
    if case.mode == "exclusive":
        assert float(np.minimum(best.charge, best.discharge).max()) == 0.0
    for i, one in enumerate(products):
        awarded = best.award[:, i]
        assert ((awarded == 0.0) | (awarded >= one.least)).all()


@settings(max_examples=40, deadline=None)
@given(cases_and_products, st.sampled_from([0.0, 0.3, 2.0]))
def test_laws_of_a_product(drawn: tuple[Case, list[Product]], more: float) -> None:
    """A product never hurts, a higher price of capacity never lowers the value, a longer duration never raises it."""
    case, products = drawn
    try:
        none = co_optimised(case, []).value
    except InfeasibleError:
        return
    value = co_optimised(case, products).value
    allowed = 1e-5 * max(1.0, abs(value))
    assert value >= none - allowed
    dearer = [replace(one, capacity_price=one.capacity_price + more) for one in products]
    assert co_optimised(case, dearer).value >= value - allowed
    longer = [
        replace(one, duration_up=one.duration_up + more * one.up, duration_down=one.duration_down + more * one.down)
        for one in products
    ]
    assert co_optimised(case, longer).value <= value + allowed


def test_rows_of_products_may_come_in_any_order() -> None:
    case = battery(DAY)
    one = product(case, "one", capacity_price=5.0, duration_up=0.5, duration_down=0.5)
    other = product(case, "other", up=True, capacity_price=7.0, duration_up=1.0)
    first, second = co_optimised(case, [one, other]), co_optimised(case, [other, one])
    assert first.value == pytest.approx(second.value, rel=1e-9)
    assert second.names == ("other", "one")


def test_labelled_arrays_give_the_same_plan() -> None:
    case = battery(DAY, generation=2.0, export_limit=9.0)
    one = product(case, "one", capacity_price=5.0, duration_up=0.5, duration_down=0.5, block_hours=4.0)
    plain = co_optimised(case, [one])
    asset = dispatch.asset_arrays(
        DAY,
        power=10.0,
        energy=40.0,
        efficiency_charge=0.9,
        efficiency_discharge=0.95,
        start_fraction=0.5,
        end_fraction=0.5,
        generation=2.0,
        export_limit=9.0,
    )
    solved = reserves.solve(asset.merge(reserves.product_arrays([one])))
    assert float(solved["co_optimised_value"]) == plain.value
    assert solved["award"].sel(service="one").values.tolist() == plain.award[:, 0].tolist()
    assert solved.attrs["method"] == plain.method
