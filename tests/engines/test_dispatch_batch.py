"""Values without schedules are those of the schedules, for any number of threads and any asset."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.engines.dispatch.batch import BLOCK, values, values_of_assets
from cell2grid.errors import InfeasibleError, InputError

PLAIN = {"power": 4.0, "energy": 6.0}
LOSSY = {"power": 5.0, "energy": 12.0, "efficiency_charge": 0.9, "efficiency_discharge": 0.93, "start_fraction": 0.5}


def one_by_one(prices: Any, hours: Any, asset: dict[str, Any]) -> Any:
    found = []
    for row in prices:
        case = dispatch.checked(dispatch.asset_case(np.asarray(row, float), hours, **asset))
        found.append(dispatch.outcome(dispatch.schedule(case), case)["objective"])
    return np.array(found)


def test_two_series_are_worth_what_a_hand_finds() -> None:
    """Buy 4 at 10, sell at 50, buy at 10, sell at 5000: 20,120. Buy 4 at 10, sell at 40, buy at 20, sell at 60: 280."""
    assert values([[10.0, 50, 10, 5000, 10], [30, 10, 40, 20, 60]], **PLAIN) == pytest.approx([20120.0, 280.0])


def test_a_negative_price_pays_for_charging_and_not_for_losing() -> None:
    """At -10 an empty 6 MWh store with 4 MW and half lost on the way in takes 4 MW twice: 4·10 + 4·10 = 80, kept 4.

    The two MWh that fit on top would be bought at 0 and sold for nothing. Relaxed, the same.
    """
    prices = np.array([[-10.0, -10.0, 0.0]])
    asset = {**PLAIN, "efficiency_charge": 0.5}
    assert values(prices, **asset) == pytest.approx([80.0])
    assert values(prices, mode="relaxed", **asset) == pytest.approx([80.0])
    # full at the start: only doing both at once earns anything, (4 - 2)·10 an hour
    full = {**asset, "start_fraction": 1.0}
    assert values(prices[:, :1], mode="relaxed", **full) == pytest.approx([20.0])
    assert values(prices[:, :1], **full) == pytest.approx([0.0])


@given(
    seed=st.integers(0, 10_000),
    mode=st.sampled_from(["exclusive", "relaxed"]),
    cost=st.sampled_from([0.0, 3.0]),
    loss=st.sampled_from([0.0, 0.01]),
    adders=st.booleans(),
    bounds=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_each_value_is_that_of_its_schedule(
    seed: int, mode: str, cost: float, loss: float, adders: bool, bounds: bool
) -> None:
    random = np.random.default_rng(seed)
    prices = np.round(random.normal(10, 30, (5, 24)), 1)
    hours = random.choice([0.25, 0.5, 1.0, 2.0], 24)
    asset: dict[str, Any] = {**LOSSY, "mode": mode, "throughput_cost": cost, "self_discharge": loss}
    if adders:
        asset |= {"buy_adder": 5.0, "sell_adder": random.normal(-2, 1, 24), "import_limit": 4.0}
    if bounds:
        asset |= {"energy_floor": 0.1, "energy_ceiling": 0.9, "end_fraction": 0.4, "terminal_value": 12.0}
    expected = one_by_one(prices, hours, asset)
    assert values(prices, hours, **asset) == pytest.approx(expected, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    "more",
    [
        {"cyclic": True},
        {"cycles_per_year": 500.0},
        {"generation": np.linspace(0, 3, 24), "export_limit": 6.0},
        {"load": 2.0, "import_limit": 6.0},
        {"charge_by_level": ((0.0, 1.0), (0.5, 1.0), (1.0, 0.2))},
        {"efficiency_charge_by_power": ((0.5, 0.95), (1.0, 0.9))},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_the_kernel_cannot_say_goes_the_long_way(more: dict[str, Any]) -> None:
    prices = np.random.default_rng(3).normal(20, 30, (4, 24))
    asset = {**LOSSY, **more}
    assert values(prices, workers=2, **asset) == pytest.approx(one_by_one(prices, 1.0, asset), rel=1e-9)


def test_values_are_the_same_for_any_number_of_threads() -> None:
    prices = np.random.default_rng(4).normal(20, 30, (3 * BLOCK + 5, 48))
    one = values(prices, workers=1, **LOSSY)
    for workers in (2, 3, None):
        assert np.array_equal(values(prices, workers=workers, **LOSSY), one)
    # rows in another order, in single precision or every second one are the same rows
    assert np.array_equal(values(prices[::-2], **LOSSY), one[::-2])
    single = prices.astype(np.float32)
    assert np.array_equal(values(single, **LOSSY), values(single.astype(float), **LOSSY))


def test_assets_on_one_series_are_worth_what_each_is_alone() -> None:
    price = np.random.default_rng(6).normal(20, 30, 48)
    assets = [{**LOSSY, "power": 1.0 + i} for i in range(9)]
    assets += [{**LOSSY, "cyclic": True}, {**LOSSY, "mode": "relaxed"}]
    found = values_of_assets(price, 1.0, assets, workers=2)
    assert found == pytest.approx([one_by_one([price], 1.0, asset)[0] for asset in assets], rel=1e-9)
    assert np.array_equal(found, values_of_assets(price, 1.0, assets, workers=1))
    assert values_of_assets(price, 1.0, []).shape == (0,)


@pytest.mark.parametrize(
    ("prices", "message"),
    [
        ([10.0, 20.0], r"shape \(2,\), expected numbers by \(series, timestep\)"),
        (np.empty((0, 5)), r"shape \(0, 5\)"),
        ([["a", "b"]], "expected numbers"),
    ],
)
def test_prices_of_another_shape_are_refused(prices: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        values(prices, **PLAIN)


@pytest.mark.parametrize("more", [{}, {"cyclic": True}])
@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e12])
def test_a_wrong_price_is_named_with_its_series_and_timestep(wrong: float, more: dict[str, Any]) -> None:
    prices = np.ones((2 * BLOCK, 5))
    prices[BLOCK + 2, 3] = wrong
    with pytest.raises(InputError, match=rf"{BLOCK + 2}\D.*timestep 3"):
        values(prices, workers=2, **PLAIN, **more)


def test_what_no_series_allows_is_refused_once() -> None:
    with pytest.raises(InfeasibleError, match=r"number 0: .*end"):
        values(np.ones((3, 2)), power=1.0, energy=10.0, end_fraction=1.0)
    with pytest.raises(InputError, match="efficiency_charge is 0"):
        values(np.ones((3, 2)), efficiency_charge=0.0, **PLAIN)
    with pytest.raises(InputError, match="workers is 0"):
        values(np.ones((3, 2)), workers=0, **PLAIN)
    with pytest.raises(InputError, match=r"number 1: .*energy_capacity is 0"):
        values_of_assets(np.ones(3), 1.0, [PLAIN, {**PLAIN, "energy": 0.0}])
