"""The rolling horizon: by hand, against perfect foresight, and blind to what is not yet known."""

from __future__ import annotations

import numpy as np
import pytest
from forecasts_at_hand import Rows, hours_from, perfect
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.dispatch import asset_case, checked, outcome, schedule
from cell2grid.engines.foresight import level_values, rolling
from cell2grid.engines.foresight.expected import windows
from cell2grid.errors import EngineError, InfeasibleError, InputError
from cell2grid.prices import PriceSeries, synthetic_year
from cell2grid.prices.forecasts import forecast, known_prices


def test_each_step_plans_on_what_it_is_told_by_hand() -> None:
    """1 MW, 1 MWh, no losses, empty; windows of two steps that end with nothing.

    Step 0 costs 10 and is told 5 for the next: it waits. Step 1 costs 30 and is told 40: it buys. Step 2 costs 20 and
    is told 50: it holds. Step 3 sells at 45. Bought at 30, sold at 45: 15.
    """
    case = asset_case(np.array([10.0, 30.0, 20.0, 45.0]), power=1.0, energy=1.0)
    told = Rows(np.array([[0.0, 5.0], [0.0, 40.0], [0.0, 50.0], [0.0, 0.0]]))
    done = rolling(case, told, window_hours=2.0, end_value="none")
    assert done.energy.tolist() == [0.0, 1.0, 1.0, 0.0]
    assert done.value == 15.0
    assert done.method == "rolling, by hand, 2 h"


def test_a_plan_may_be_kept_for_several_steps_by_hand() -> None:
    """Step 0 (10) is told 50 for the next and plans to buy and sell; the next comes at 5, and the plan is kept."""
    case = asset_case(np.array([10.0, 5.0, 5.0]), power=1.0, energy=1.0)
    told = Rows(np.array([[10.0, 50.0, 0.0], [5.0, 90.0, 90.0], [5.0, 5.0, 5.0]]))
    assert rolling(case, told, window_hours=3.0, every=2).energy.tolist() == [1.0, 0.0, 0.0]
    assert rolling(case, told, window_hours=3.0, every=1).energy.tolist() == [1.0, 1.0, 0.0]


def test_what_a_window_leaves_is_worth_its_mean_price_by_hand() -> None:
    """Windows of one step: in itself the mean price, so nothing pays; told 10 and 30, the mean of 20 pays to buy at 10
    and to hold; with no worth at the end of the window it sells at any price above 0."""
    case = asset_case(np.array([10.0, 12.0, 8.0]), power=1.0, energy=1.0, start_fraction=1.0)
    told = Rows(np.array([[10.0, 30.0], [12.0, 30.0], [8.0, 30.0]]))
    assert rolling(case, told, window_hours=1.0, end_value="none").energy.tolist() == [0.0, 0.0, 0.0]
    assert rolling(case, told, window_hours=2.0, end_value="mean").energy.tolist() == [1.0, 1.0, 0.0]


def test_a_window_has_the_steps_that_begin_within_it() -> None:
    assert windows(np.array([1.0, 0.5, 0.5, 2.0]), 1.0).tolist() == [1, 3, 4, 4]
    assert windows(np.full(5, 1.0 / 12.0), 0.25).tolist() == [3, 4, 5, 5, 5]


prices = st.lists(st.integers(-60, 120), min_size=2, max_size=12).map(lambda values: np.array(values, dtype=np.float64))
assets = st.fixed_dictionaries(
    {
        "power": st.sampled_from([1.0, 2.5]),
        "energy": st.sampled_from([1.0, 4.0]),
        "efficiency_charge": st.sampled_from([1.0, 0.9]),
        "efficiency_discharge": st.sampled_from([1.0, 0.85]),
        "start_fraction": st.sampled_from([0.0, 0.5, 1.0]),
        "end_fraction": st.sampled_from([0.0, 0.25]),
    },
    optional={
        "self_discharge": st.sampled_from([0.01, 0.1]),
        "throughput_cost": st.sampled_from([2.0]),
        "terminal_value": st.sampled_from([30.0, -5.0]),
        "buy_adder": st.sampled_from([3.0]),
        "sell_adder": st.sampled_from([-4.0]),
        "energy_ceiling": st.sampled_from([0.75, 1.0]),
        "import_limit": st.sampled_from([0.75]),
    },
)


def feasible(price: np.ndarray, asset: dict) -> bool:
    try:
        schedule(checked(asset_case(price, 0.5, **asset)))
    except InfeasibleError:
        return False
    return True


@given(prices, assets)
@settings(max_examples=150, deadline=None)
def test_with_perfect_forecasts_to_the_end_it_is_perfect(price: np.ndarray, asset: dict) -> None:
    if not feasible(price, asset):
        return
    case = asset_case(price, 0.5, **asset)
    best = schedule(checked(case))
    done = rolling(case, perfect(price), window_hours=100.0)
    assert done.value == pytest.approx(best.value, rel=1e-9, abs=1e-9)


@given(prices, assets, st.integers(0, 5), st.sampled_from([0.5, 1.5, 4.0]), st.sampled_from([1, 3]))
@settings(max_examples=150, deadline=None)
def test_whatever_it_is_told_it_keeps_its_limits_and_never_beats_perfect(
    price: np.ndarray, asset: dict, seed: int, window: float, every: int
) -> None:
    if not feasible(price, asset):
        return
    case = asset_case(price, 0.5, **asset)
    told = Rows(np.random.default_rng(seed).normal(20.0, 80.0, (len(price), 9)))
    done = rolling(case, told, window_hours=window, every=every)
    small = 1e-9 * case.energy_capacity
    assert (done.charge >= 0.0).all()
    assert (done.charge <= case.charge_limit).all()
    assert (done.discharge <= case.discharge_limit).all()
    assert (done.charge * done.discharge == 0.0).all()
    before = np.concatenate([[case.start], done.energy[:-1]])
    into = done.charge * 0.5 * case.efficiency_charge - done.discharge * 0.5 / case.efficiency_discharge
    assert np.allclose(done.energy, case.kept * before + into, atol=small)
    assert (done.energy >= case.lowest - small).all()
    assert (done.energy <= case.highest + small).all()
    assert done.value <= schedule(checked(case)).value + 1e-9 * (1.0 + np.abs(price).sum() * 2.5)
    assert outcome(done.schedule, case)["objective"] == pytest.approx(done.value)


def a_quarter(seed: int) -> PriceSeries:
    year = synthetic_year(seed)
    cut = slice(0, 24 * 90)
    return PriceSeries(timestep=year.timestep[cut], price=year.price[cut], step_hours=year.step_hours[cut], name="cut")


@pytest.mark.parametrize("name", ["yesterday", "last_week", "autoregression"])
@pytest.mark.parametrize("published_hour", [None, 13.0])
def test_a_price_not_yet_known_changes_no_earlier_step(name: str, published_hour: float | None) -> None:
    series, first = a_quarter(4), 24 * 50
    known = known_prices(series, first=first, published_hour=published_hour)
    cut = 24 * 30 + 5
    unknown = int(known.last[first + cut]) + 1
    other = series.price.copy()
    other[unknown:] = 300.0 - 2.0 * other[unknown:]
    found = []
    for price in (series.price, other):
        changed = PriceSeries(timestep=series.timestep, price=price, step_hours=series.step_hours, name="cut")
        told = forecast(name, known_prices(changed, first=first, published_hour=published_hour))
        case = asset_case(price[first:], power=1.0, energy=4.0, efficiency_charge=0.9, efficiency_discharge=0.9)
        found.append(rolling(case, told).energy)
    assert np.array_equal(found[0][: cut + 1], found[1][: cut + 1])
    assert not np.array_equal(found[0], found[1])


def test_the_whole_model_by_window_finds_what_the_fast_form_finds() -> None:
    """A generation of zero puts a site around the asset, and changes nothing."""
    series = a_quarter(2)
    price = series.price[: 24 * 6]
    asset = {"power": 1.0, "energy": 2.0, "efficiency_charge": 0.9, "start_fraction": 0.5, "end_fraction": 0.5}
    told = forecast("yesterday", known_prices(series))
    fast = rolling(asset_case(price, **asset), told, window_hours=24.0)
    slow = rolling(asset_case(price, generation=0.0, **asset), told, window_hours=24.0)
    assert slow.value == pytest.approx(fast.value, rel=1e-9)
    assert "a site's generation" in slow.notes[0]
    assert not fast.notes


def test_a_load_behind_a_limit_is_served_and_caps_are_kept() -> None:
    series = a_quarter(2)
    price = series.price[: 24 * 3]
    load = np.where(np.arange(len(price)) % 24 == 18, 3.0, 1.0)
    case = asset_case(
        price,
        power=2.0,
        energy=4.0,
        start_fraction=0.5,
        load=load,
        import_limit=2.0,
        cycles_per_day=0.5,
        end_fraction=0.5,
    )
    done = rolling(case, forecast("yesterday", known_prices(series)), window_hours=24.0)
    assert (load + done.charge - done.discharge <= 2.0 + 1e-9).all()
    assert (done.discharge.reshape(3, 24).sum(axis=1) <= 2.0 + 1e-9).all()
    assert done.discharge.sum() > 3.0


def test_values_of_the_stochastic_method_end_windows_better_than_nothing_does() -> None:
    """Days of one shape: short windows that see nothing beyond sell too soon; values that know the day do not."""
    shape = 40.0 + 30.0 * np.sin(np.arange(24) / 24.0 * 2.0 * np.pi) + np.where(np.arange(24) == 19, 60.0, 0.0)
    price = np.tile(shape, 40) + np.random.default_rng(1).normal(0.0, 2.0, 960)
    stamps, past = hours_from("2025-01-06", 960), 600
    case = asset_case(price[past:], power=1.0, energy=4.0, efficiency_charge=0.9, efficiency_discharge=0.9)
    told, best = perfect(price[past:]), schedule(checked(case)).value
    values = level_values(case, price[:past], stamps, window_hours=2.0)
    ended = rolling(case, told, window_hours=2.0, end_value=values).value
    assert rolling(case, told, window_hours=2.0, end_value="none").value < 0.7 * best
    assert 0.95 * best < ended <= best * (1.0 + 1e-9)


@pytest.mark.parametrize(
    ("asset", "call", "said"),
    [
        ({}, {"window_hours": 0.0}, "the window is 0 h"),
        ({}, {"window_hours": float("nan")}, "the window is nan h"),
        ({}, {"every": 0}, "kept for 0 steps"),
        ({}, {"end_value": "median"}, "end value 'median' is none of mean, none"),
        ({"cyclic": True}, {}, "cyclic"),
        ({"cyclic": True, "load": 0.5}, {}, "cyclic"),
        ({"energy": float("nan")}, {}, "energy_capacity is nan"),
    ],
)
def test_what_cannot_be_is_refused_by_name(asset: dict, call: dict, said: str) -> None:
    case = asset_case(np.array([1.0, 2.0]), **{"power": 1.0, "energy": 1.0, **asset})
    with pytest.raises(InputError, match=said):
        rolling(case, perfect(case.price), **call)


def test_an_end_that_cannot_be_reached_is_infeasible() -> None:
    case = asset_case(np.ones(3), power=1.0, energy=8.0, end_fraction=0.5)
    with pytest.raises(InfeasibleError, match=r"end_fraction 0\.5 asks for 4 MWh"):
        rolling(case, perfect(case.price))


def test_a_forecast_that_is_no_number_is_named() -> None:
    case = asset_case(np.ones(3), power=1.0, energy=1.0)
    told = Rows(np.array([[1.0, 1.0], [1.0, np.nan], [1.0, 1.0]]))
    with pytest.raises(EngineError, match="expects nan in step 1 for the step 1 later"):
        rolling(case, told)
