"""The price-taker assumption under test: a store whose own sales move the price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_questions import Asset, decimals, questions
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from impact_oracle import best_value

from cell2grid.engines.dispatch import Case, asset_case, checked, outcome, schedule
from cell2grid.engines.dispatch.impact import Impact, with_impact
from cell2grid.errors import InfeasibleError, InputError
from cell2grid.prices import synthetic_year


def case_of(price: Any, hours: Any = 1.0, **asset: Any) -> Case:
    return checked(asset_case(np.asarray(price, float), hours, **asset))


def answered(price: np.ndarray, hours: Any, asset: Asset, slope: float, **options: float) -> tuple[Case, Impact]:
    """The case and its answer; questions without any schedule are left out."""
    try:
        case = case_of(price, hours, **asset)
        return case, with_impact(case, slope, **options)
    except (InfeasibleError, InputError):
        assume(False)
        raise


@pytest.mark.parametrize("slope", [1e3, 1e5])
def test_a_steep_slope_leaves_a_sliver_of_the_power(slope: float) -> None:
    """As in two steps: q = 10 / s earns 20 q = 200 / s, of a store that could move the price by 100 s."""
    found = with_impact(case_of([20.0, 60.0], power=100.0, energy=100.0), slope, tolerance=1e-4)
    assert found.objective == pytest.approx(200.0 / slope, rel=1e-3)
    assert found.net_export[1] == pytest.approx(10.0 / slope, rel=0.1)


@pytest.mark.parametrize("slope", [1e3, 1e5])
@pytest.mark.parametrize("losses", [1.0, 0.85])
def test_a_week_at_a_steep_slope_has_its_schedule(slope: float, losses: float) -> None:
    """Far from the limits of the store, what is earned falls as the inverse of the slope."""
    price = synthetic_year(seed=3).price[:168]
    case = case_of(price, power=100.0, energy=200.0, round_trip_efficiency=losses)
    mild, steep = (with_impact(case, each) for each in (slope, 3.0 * slope))
    assert 0.0 < mild.objective <= mild.taker_expected
    assert 3.0 * steep.objective == pytest.approx(mild.objective, rel=1e-2)


def test_two_steps_by_hand() -> None:
    """Buy q at 20 + s q, sell at 60 - s q: q (40 - 2 s q) is most at q = 10 / s, below the limits from s = 1 on.

    s = 2: q = 10 / 2 = 5, 5 (50 - 30) = 100; a taker moves 10, both prices become 40 and it earns nothing of the 400.
    """
    found = with_impact(case_of([20.0, 60.0], power=10.0, energy=10.0), 2.0, tolerance=1e-9)
    assert found.taker_expected == 400.0
    assert found.taker_earned == 0.0
    assert found.objective == pytest.approx(100.0, rel=1e-8)
    assert found.net_export == pytest.approx([-5.0, 5.0], abs=1e-3)
    assert found.price == pytest.approx([30.0, 50.0], abs=1e-2)
    assert 0.0 <= found.gap <= 1e-6


def test_two_steps_by_hand_with_losses_and_a_slope_of_each_step() -> None:
    """Half of what is bought is sold: x at 10 + x, x / 2 at 90 - 4 x / 2; 45 x - x^2 - 10 x - x^2 is most at x = 8.75.

    35 * 8.75 - 2 * 8.75^2 = 153.125.
    """
    case = case_of([10.0, 90.0], power=20.0, energy=20.0, efficiency_charge=0.5)
    found = with_impact(case, np.array([1.0, 4.0]), tolerance=1e-9)
    assert found.objective == pytest.approx(153.125, rel=1e-8)
    assert found.schedule.charge == pytest.approx([8.75, 0.0], abs=1e-3)


def test_a_plant_curtails_its_sun_where_more_would_sell_for_less_by_hand() -> None:
    """Of 30 MW of sun at 40 - 1 y the sale of 20 MW earns most, 400; the store takes 8 MW of the rest to the night.

    At night 8 MW are sold at 30 - 8 = 22: 176 besides. The taker sells 30 at 40 in the day, which pays 10 each.
    """
    case = case_of([40.0, 30.0], power=8.0, energy=8.0, generation=np.array([30.0, 0.0]), import_limit=0.0)
    found = with_impact(case, 1.0, tolerance=1e-9)
    assert found.objective == pytest.approx(400.0 + 176.0, rel=1e-7)
    assert found.net_export == pytest.approx([20.0, 8.0], abs=1e-3)
    assert found.taker_expected == 1200.0
    assert found.taker_earned == 300.0


def test_without_a_slope_it_is_the_schedule_at_given_prices() -> None:
    year = synthetic_year(3)
    case = case_of(year.price, year.step_hours, power=50.0, energy=100.0, efficiency_charge=0.9)
    found = with_impact(case, 0.0)
    assert found.objective == found.taker_earned == found.taker_expected == schedule(case).value
    assert found.rounds == 0


@settings(max_examples=60, deadline=None)
@given(questions(), decimals(0.0, 8.0))
def test_it_earns_no_less_than_a_taker_and_no_more_than_a_taker_expects(
    question: tuple[np.ndarray, Any, Asset], slope: float
) -> None:
    price, hours, asset = question
    case, found = answered(price, hours, asset, slope)
    slack = 1e-7 * max(1.0, abs(found.taker_expected))
    assert found.taker_earned <= found.objective <= found.taker_expected + slack
    assert found.gap >= 0.0
    # the money is that of the powers, counted from the outside
    figures = outcome(found.schedule, case)
    export = found.net_export
    paid = np.where(export >= 0.0, case.sell_price, case.buy_price) - slope * export
    costs = float(figures["objective"]) - float(figures["revenue"])
    assert float((paid * export * case.step_hours).sum()) + costs == pytest.approx(found.objective, abs=10 * slack)
    if case.generation is None:
        assert export == pytest.approx(np.asarray(figures["net_export"]), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(questions(()), decimals(0.0, 4.0), decimals(0.0, 4.0))
def test_a_steeper_slope_earns_less(question: tuple[np.ndarray, Any, Asset], slope: float, more: float) -> None:
    price, hours, asset = question
    flat, steep = (answered(price, hours, asset, each, tolerance=1e-7)[1] for each in (slope, slope + more))
    slack = 1e-9 * max(1.0, abs(flat.objective))
    assert steep.objective <= flat.objective + flat.gap + slack
    assert steep.taker_earned <= flat.taker_earned + slack
    assert steep.taker_expected == flat.taker_expected


@settings(max_examples=30, deadline=None)
@given(st.lists(decimals(-40.0, 120.0), min_size=2, max_size=24), decimals(0.0, 5.0), decimals(0.5, 1.0))
def test_twice_the_store_at_half_the_slope_earns_twice(prices: list[float], slope: float, efficiency: float) -> None:
    def of(size: float) -> Case:
        losses = {"efficiency_charge": efficiency, "efficiency_discharge": efficiency}
        return case_of(prices, power=4.0 * size, energy=9.0 * size, start_fraction=0.5, end_fraction=0.5, **losses)

    one, two = with_impact(of(1.0), slope, tolerance=1e-7), with_impact(of(2.0), slope / 2.0, tolerance=1e-7)
    slack = 2.0 * one.gap + two.gap + 1e-9
    assert abs(two.objective - 2.0 * one.objective) <= slack
    assert two.taker_earned == pytest.approx(2.0 * one.taker_earned, abs=1e-6)


@st.composite
def sites(draw: st.DrawFn) -> tuple[list[float], np.ndarray, Asset]:
    """Four steps of a lossy store, with or without sun, a load and fees behind its connection."""
    prices = draw(st.lists(decimals(-30.0, 120.0), min_size=4, max_size=4))
    slope = np.array(draw(st.lists(decimals(0.0, 6.0), min_size=4, max_size=4)))
    asset: Asset = {"power": draw(decimals(1.0, 8.0)), "discharge_power": 5.0, "energy": draw(decimals(2.0, 20.0))}
    asset |= {"efficiency_charge": draw(decimals(0.5, 1.0)), "efficiency_discharge": 0.9, "start_fraction": 0.4}
    asset |= {"throughput_cost": draw(decimals(0.0, 4.0)), "self_discharge": draw(st.sampled_from([0.0, 0.05]))}
    if draw(st.booleans()):
        asset |= {"generation": np.array(draw(st.lists(decimals(0.0, 12.0), min_size=4, max_size=4)))}
        asset |= {"export_limit": draw(decimals(2.0, 9.0))}
    if draw(st.booleans()):
        asset |= {"load": draw(decimals(0.0, 3.0)), "import_limit": 10.0}
    if draw(st.booleans()):
        asset |= {"buy_adder": draw(decimals(0.0, 9.0)), "sell_adder": -draw(decimals(0.0, 5.0))}
    return prices, slope, asset


@settings(max_examples=25, deadline=None)
@given(sites())
def test_it_is_the_best_of_quadratic_programs(question: tuple[list[float], np.ndarray, Asset]) -> None:
    prices, slope, asset = question
    case = case_of(prices, **asset)
    found, best = with_impact(case, slope, tolerance=1e-9), best_value(case, slope)
    scale = max(1.0, abs(found.taker_expected), abs(found.taker_earned))
    assert found.objective <= best + 1e-6 * scale
    assert found.objective + found.gap >= best - 1e-6 * scale
    if found.concave:
        assert found.objective == pytest.approx(best, abs=1e-6 * scale)


def test_a_schedule_that_only_the_solver_finds_is_bounded_as_well() -> None:
    """A cap for each day goes to HiGHS; with a cap that no day reaches it earns what the kernel finds without one."""
    price = synthetic_year(2).price[:96] + 20.0
    asset = {"power": 10.0, "energy": 20.0, "efficiency_charge": 0.9, "efficiency_discharge": 0.9}
    free = with_impact(case_of(price, **asset), 0.5)
    loose = with_impact(case_of(price, **asset, cycles_per_day=9.0), 0.5)
    tight = with_impact(case_of(price, **asset, cycles_per_day=0.5), 0.5)
    assert loose.schedule.method.startswith("highs")
    assert abs(loose.objective - free.objective) <= loose.gap + free.gap
    assert tight.objective < free.objective - free.gap
    assert tight.gap <= 1e-4 * tight.objective * 1.01


def test_a_year_of_hours_is_within_a_ten_thousandth_of_its_bound() -> None:
    year = synthetic_year(1)
    asset = {"power": 500.0, "energy": 2000.0, "efficiency_charge": 0.94, "efficiency_discharge": 0.94}
    found = with_impact(case_of(year.price, year.step_hours, **asset), 0.02)
    assert found.gap <= 1.001e-4 * (found.objective + found.gap)
    assert found.taker_earned < found.objective < found.taker_expected


@pytest.mark.parametrize("slope", [-0.1, np.nan, np.inf, [0.1, 0.1], [0.1, -0.2, 0.1]])
def test_a_slope_that_is_none_is_refused(slope: Any) -> None:
    with pytest.raises(InputError, match="slope"):
        with_impact(case_of([1.0, 2.0, 3.0], power=1.0, energy=1.0), slope)


def test_a_tolerance_that_no_method_keeps_is_refused() -> None:
    with pytest.raises(InputError, match="tolerance"):
        with_impact(case_of([1.0, 2.0], power=1.0, energy=1.0), 0.1, tolerance=0.0)
