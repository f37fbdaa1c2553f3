"""The dispatch of one storage asset: a case by hand, the equations, laws, and HiGHS as the second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from dispatch_oracle import oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.engines.dispatch.schedule import check_value
from cell2grid.errors import EngineError, InfeasibleError, InputError, NotConvergedError

HAND = np.array([10.0, 50.0, 10.0, 5000.0, 10.0])
WEEK = 60.0 + 40.0 * np.sin(np.arange(168) * 2.0 * np.pi / 24.0) + np.cos(np.arange(168) * 1.7)
WITH_NEGATIVES = WEEK - 45.0


def solve(price: np.ndarray, step_hours: np.ndarray | float = 1.0, **asset: object) -> xr.Dataset:
    chosen = {
        "power": 10.0,
        "energy": 40.0,
        "efficiency_charge": 0.93,
        "efficiency_discharge": 0.96,
        "start_fraction": 0.5,
        "end_fraction": 0.5,
        **asset,
    }
    return dispatch.solve(dispatch.asset_arrays(price, step_hours, **chosen))  # type: ignore[arg-type]


def test_the_hand_solved_case_buys_twice_and_sells_twice() -> None:
    """4 MW, 6 MWh, no losses, empty at the start: buy 4 at 10, sell 4 at 50, buy 4 at 10, sell 4 at 5000.

    Revenue = -40 + 200 - 40 + 20,000 = 20,120.
    """
    best = dispatch.solve(dispatch.asset_arrays(HAND, power=4.0, energy=6.0))
    assert (best["charge"] - best["discharge"]).values.tolist() == [4.0, -4.0, 4.0, -4.0, 0.0]
    assert best["energy"].values.tolist() == [4.0, 0.0, 4.0, 0.0, 0.0]
    assert float(best["revenue"]) == 20120.0
    assert best.attrs["method"] == "dynamic programming"


def test_losses_are_counted_on_both_sides_of_the_store() -> None:
    """10 MW for 2 h at 0.8 stores 16 MWh; 5 MW limit at 0.5 draws 10 MWh an hour: 5 MW sold in each of two hours.

    The third hour would draw the 0 MWh that are left after 10 + 6: 3 MW are sold in the second hour.
    """
    best = dispatch.solve(
        dispatch.asset_arrays(
            np.array([1.0, 100.0, 90.0]),
            np.array([2.0, 1.0, 1.0]),
            power=10.0,
            discharge_power=5.0,
            energy=20.0,
            efficiency_charge=0.8,
            efficiency_discharge=0.5,
        )
    )
    assert best["charge"].values == pytest.approx([10.0, 0.0, 0.0])
    assert best["discharge"].values == pytest.approx([0.0, 5.0, 3.0])
    assert best["energy"].values == pytest.approx([16.0, 6.0, 0.0])


def test_energy_follows_the_balance() -> None:
    hours = np.tile([1.0, 0.5, 0.25, 2.0], 42)
    best = solve(WITH_NEGATIVES, hours)
    before = np.concatenate([[20.0], best["energy"].values[:-1]])
    stored = 0.93 * best["charge"].values * hours
    drawn = best["discharge"].values * hours / 0.96
    assert np.abs(best["energy"].values - before - stored + drawn).max() < 1e-9


def test_charge_stays_within_its_limit_and_discharge_within_its_own() -> None:
    limit = 5.0 + 5.0 * (np.arange(168) % 3)
    best = solve(WEEK, power=limit, discharge_power=limit[::-1].copy())
    assert (best["charge"].values <= limit).all()
    assert (best["charge"].values >= 0.0).all()
    assert (best["discharge"].values <= limit[::-1]).all()
    assert (best["discharge"].values >= 0.0).all()


def test_revenue_is_sales_less_purchases() -> None:
    hours = np.full(168, 0.25)
    best = solve(WITH_NEGATIVES, hours)
    net = best["discharge"].values - best["charge"].values
    assert float(best["revenue"]) == pytest.approx(float((net * WITH_NEGATIVES * hours).sum()), rel=1e-12)
    assert float(best["charging_cost"]) == pytest.approx(
        float((best["charge"].values * WITH_NEGATIVES * hours).sum()), rel=1e-12
    )


def test_energy_taken_and_sent_are_power_times_time() -> None:
    hours = np.full(168, 0.5)
    best = solve(WEEK, hours)
    assert float(best["charged_energy"]) == pytest.approx(float(best["charge"].sum()) * 0.5, rel=1e-12)
    assert float(best["discharged_energy"]) == pytest.approx(float(best["discharge"].sum()) * 0.5, rel=1e-12)


def test_objective_is_revenue_less_throughput_cost() -> None:
    best = solve(WEEK, throughput_cost=7.0)
    moved = float(best["charged_energy"] + best["discharged_energy"])
    assert float(best["objective"]) == pytest.approx(float(best["revenue"]) - 7.0 * moved, rel=1e-12)
    assert float(best["charged_energy"]) < float(solve(WEEK)["charged_energy"])


def test_a_throughput_cost_above_the_spread_leaves_the_store_alone() -> None:
    best = solve(WEEK, throughput_cost=60.0)
    assert float(best["charged_energy"]) == 0.0
    assert float(best["objective"]) == 0.0


def test_the_end_is_a_floor_and_not_a_target() -> None:
    """At a price of 0 after all sales nothing is gained by selling: the store may end above the floor."""
    best = solve(np.array([50.0, 0.0]), start_fraction=1.0, end_fraction=0.25)
    assert float(best["energy"][-1]) >= 10.0
    full = solve(np.array([-5.0, -5.0, -5.0]), start_fraction=0.0, end_fraction=0.0)
    assert float(full["energy"][-1]) > 0.0


def test_a_start_below_the_end_charges_whatever_it_costs() -> None:
    best = solve(np.array([500.0, 520.0, 510.0]), start_fraction=0.0, end_fraction=0.4)
    assert float(best["energy"][-1]) == pytest.approx(16.0, abs=1e-12)
    # of 16 MWh, 10 MW bought in the cheapest hour store 9.3, and the next cheapest stores the 6.7 left
    assert best["charge"].values == pytest.approx([10.0, 0.0, 6.7 / 0.93])


def test_negative_prices_are_never_used_both_ways_at_once() -> None:
    best = solve(WITH_NEGATIVES)
    assert best.attrs["method"] == "dynamic programming"
    assert float((best["charge"] * best["discharge"]).max()) == 0.0


def test_negative_prices_without_losses_need_no_solver() -> None:
    best = solve(WITH_NEGATIVES, efficiency_charge=1.0, efficiency_discharge=1.0)
    assert best.attrs["method"] == "dynamic programming"


def test_equal_prices_in_different_hours_lose_no_revenue() -> None:
    price = np.repeat([10.0, 90.0, 10.0, 90.0], 6)
    found = float(solve(price)["revenue"])
    full = np.full(24, 10.0)
    expected = oracle(
        price,
        np.ones(24),
        full,
        full,
        energy=40.0,
        efficiency_charge=0.93,
        efficiency_discharge=0.96,
        start=20.0,
        end=20.0,
    )
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_year_of_hours_earns_what_highs_finds() -> None:
    random = np.random.default_rng(8760)
    price = np.abs(50.0 + 30.0 * np.sin(np.arange(8760) * 2 * np.pi / 24.0) + random.normal(0.0, 15.0, 8760))
    found = solve(price, power=100.0, energy=400.0)
    limit = np.full(8760, 100.0)
    expected = oracle(
        price,
        np.ones(8760),
        limit,
        limit,
        energy=400.0,
        efficiency_charge=0.93,
        efficiency_discharge=0.96,
        start=200.0,
        end=200.0,
        exclusive=False,
    )
    assert float(found["revenue"]) == pytest.approx(expected, rel=1e-9)


@st.composite
def cases(draw: st.DrawFn, lowest: float = 0.0) -> dict[str, object]:
    steps = draw(st.integers(1, 8))

    def series(low: float, high: float) -> np.ndarray:
        # three decimals: differences below the solver's tolerance prove nothing about ours
        values = st.integers(round(low * 1000), round(high * 1000)).map(lambda n: n / 1000.0)
        return np.array(draw(st.lists(values, min_size=steps, max_size=steps)))

    return {
        "price": series(lowest, 100.0),
        "hours": series(0.1, 3.0),
        "power_in": series(0.0, 5.0) + 0.1,
        "power_out": series(0.0, 5.0),
        "energy": draw(st.integers(1, 12)) * 1.0,
        "efficiency_charge": draw(st.sampled_from([0.5, 0.8, 0.94, 1.0])),
        "efficiency_discharge": draw(st.sampled_from([0.6, 0.9, 1.0])),
        "start": draw(st.sampled_from([0.0, 0.3, 0.5, 1.0])),
        "end": draw(st.sampled_from([0.0, 0.2, 0.5, 1.0])),
        "throughput_cost": draw(st.sampled_from([0.0, 0.0, 3.0])),
    }


def agree(case: dict) -> None:
    full = case["energy"]
    expected = oracle(**{**case, "start": case["start"] * full, "end": case["end"] * full})
    arrays = dispatch.asset_arrays(
        case["price"],
        case["hours"],
        power=case["power_in"],
        discharge_power=case["power_out"],
        energy=full,
        efficiency_charge=case["efficiency_charge"],
        efficiency_discharge=case["efficiency_discharge"],
        start_fraction=case["start"],
        end_fraction=case["end"],
        throughput_cost=case["throughput_cost"],
    )
    if np.isnan(expected):
        with pytest.raises(InfeasibleError, match="end_fraction"):
            dispatch.solve(arrays)
        return
    best = dispatch.solve(arrays)
    assert float(best["objective"]) == pytest.approx(expected, rel=1e-7, abs=1e-6)
    assert best["energy"].values.min() >= -1e-9
    assert best["energy"].values.max() <= full + 1e-9
    assert float(best["energy"][-1]) >= case["end"] * full - 1e-9
    assert float((best["charge"] * best["discharge"]).max()) == 0.0


@settings(max_examples=150, deadline=None)
@given(cases())
def test_any_small_case_earns_what_highs_finds(case: dict) -> None:
    agree(case)


@settings(max_examples=100, deadline=None)
@given(cases(lowest=-60.0))
def test_any_small_case_with_negative_prices_earns_what_highs_finds(case: dict) -> None:
    agree(case)


@settings(max_examples=30, deadline=None)
@given(cases(), st.floats(1.0, 3.0))
def test_more_energy_or_power_never_hurts(case: dict, more: float) -> None:
    def earned(energy: float, power: float) -> float:
        return float(solve(case["price"], power=power, energy=energy, start_fraction=0.0, end_fraction=0.0)["revenue"])

    first = earned(4.0, 2.0)
    assert earned(4.0 * more, 2.0) >= first - 1e-9
    assert earned(4.0, 2.0 * more) >= first - 1e-9


@settings(max_examples=30, deadline=None)
@given(cases(), st.floats(0.01, 100.0))
def test_scaling_the_prices_scales_the_revenue(case: dict, scale: float) -> None:
    one = float(solve(case["price"], end_fraction=0.0)["revenue"])
    other = float(solve(case["price"] * scale, end_fraction=0.0)["revenue"])
    assert other == pytest.approx(one * scale, rel=1e-9, abs=1e-9)


def test_rounding_does_not_gather_over_a_year_of_five_minutes() -> None:
    random = np.random.default_rng(12)
    price = 50.0 + np.cumsum(random.normal(0.0, 1.0, 105_120)) * 0.05
    best = solve(np.abs(price), 1.0 / 12.0, power=100.0, energy=400.0)
    before = np.concatenate([[200.0], best["energy"].values[:-1]])
    stored = (0.93 * best["charge"].values - best["discharge"].values / 0.96) / 12.0
    assert np.abs(best["energy"].values - before - stored).max() < 1e-9
    assert best["energy"].values.min() >= 0.0
    assert best["energy"].values.max() <= 400.0


def test_the_coordinates_of_the_prices_come_back() -> None:
    arrays = dispatch.asset_arrays(HAND, power=4.0, energy=6.0)
    stamps = np.arange("2025-01-01T00", "2025-01-01T05", dtype="datetime64[h]").astype("datetime64[ns]")
    best = dispatch.solve(arrays.assign_coords(timestep=stamps))
    assert (best["timestep"].values == stamps).all()
    assert best["energy"].attrs["units"] == "MWh"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"energy": 0.0}, "energy_capacity is 0"),
        ({"energy": float("nan")}, "energy_capacity is nan"),
        ({"energy": float("inf")}, "energy_capacity is inf"),
        ({"efficiency_charge": 0.0}, "efficiency_charge is 0"),
        ({"efficiency_charge": 1.01}, "efficiency_charge is 1.01"),
        ({"efficiency_discharge": -0.5}, "efficiency_discharge is -0.5"),
        ({"start_fraction": 1.5}, "start_fraction is 1.5"),
        ({"end_fraction": -0.1}, "end_fraction is -0.1"),
        ({"throughput_cost": -1.0}, "throughput_cost is -1"),
        ({"power": 0.0}, "0 MW in every timestep"),
        ({"power": -1.0}, "charge_limit of timestep 0 is -1.0"),
        ({"discharge_power": float("inf")}, "discharge_limit of timestep 0 is inf"),
    ],
)
def test_an_impossible_asset_is_refused_by_name(change: dict, words: str) -> None:
    with pytest.raises(InputError, match=words):
        solve(WEEK, **change)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -float("inf")])
def test_a_price_that_is_not_finite_is_refused(wrong: float) -> None:
    price = WEEK.copy()
    price[17] = wrong
    with pytest.raises(InputError, match="price of timestep 17"):
        solve(price)


@pytest.mark.parametrize("wrong", [0.0, -1.0, float("nan")])
def test_a_step_without_length_is_refused(wrong: float) -> None:
    hours = np.ones(168)
    hours[3] = wrong
    with pytest.raises(InputError, match="step_hours of timestep 3"):
        solve(WEEK, hours)


def test_no_prices_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="no timestep"):
        solve(np.array([]))


@pytest.mark.parametrize("price", [np.array([10.0, 20.0]), np.array([-10.0, 20.0])])
def test_an_end_out_of_reach_names_timestep_value_and_bound(price: np.ndarray) -> None:
    with pytest.raises(InfeasibleError, match=r"timestep \(1\) at most 38.6 MWh.* asks for 40 MWh"):
        solve(price, start_fraction=0.5, end_fraction=1.0)


def test_running_out_of_time_is_said_and_not_hidden() -> None:
    case = dispatch.checked(
        dispatch.asset_case(
            np.tile(WITH_NEGATIVES, 20), power=10.0, energy=40.0, efficiency_charge=0.9, cycles_per_day=0.5
        )
    )
    with pytest.raises(NotConvergedError, match="time limit"):
        dispatch.schedule(case, time_limit=0.001)


def test_a_missing_or_misplaced_variable_is_a_fault_of_the_caller() -> None:
    arrays = dispatch.asset_arrays(WEEK, power=10.0, energy=40.0)
    with pytest.raises(EngineError, match="'energy_capacity' is missing"):
        dispatch.solve(arrays.drop_vars("energy_capacity"))
    arrays["price"].attrs["units"] = "currency/kWh"
    with pytest.raises(EngineError, match="currency/kWh"):
        dispatch.solve(arrays)


def test_a_schedule_that_does_not_earn_its_value_is_never_returned() -> None:
    case = dispatch.checked(dispatch.asset_case(HAND, power=4.0, energy=6.0))
    claimed = replace(dispatch.schedule(case), value=20121.0)
    with pytest.raises(EngineError, match="should agree"):
        check_value(case, claimed)
