"""Sold a day ahead, changed on the day: what is paid by hand, and that a change made in full knowledge never loses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.dispatch import asset_case, checked, schedule
from cell2grid.engines.foresight import redispatched, rolling, settled
from cell2grid.errors import InputError
from cell2grid.prices import synthetic_year
from cell2grid.prices.forecasts import day_ahead_forecast, known_prices


def test_two_prices_by_hand() -> None:
    """1 MW, 1 MWh, full. Day-ahead 20, 30: it sells 1 MWh in step 1 for 30. On the day they are 60, 10: it sells in
    step 0 at 60 and buys the 1 MWh it owes in step 1 back at 10: 30 + 60 - 10 = 80, and 30 if it had kept to its plan.
    """
    case = asset_case(np.array([20.0, 30.0]), power=1.0, energy=1.0, start_fraction=1.0)
    done = redispatched(case, schedule(case), np.array([60.0, 10.0]))
    assert done.committed.tolist() == [0.0, 1.0]
    assert (done.day_ahead, done.intraday, done.value, done.held_value, done.gain) == (30.0, 50.0, 80.0, 30.0, 50.0)


prices = st.lists(st.integers(-50, 100), min_size=2, max_size=10)


@given(
    prices,
    st.integers(0, 1_000),
    st.fixed_dictionaries(
        {},
        optional={
            "throughput_cost": st.sampled_from([2.0]),
            "self_discharge": st.sampled_from([0.05]),
            "terminal_value": st.sampled_from([25.0]),
            "generation": st.sampled_from([0.6]),
            "export_limit": st.sampled_from([0.8]),
            "buy_adder": st.sampled_from([5.0]),
            "sell_adder": st.sampled_from([-3.0]),
        },
    ),
)
@settings(max_examples=120, deadline=None)
def test_a_change_made_in_full_knowledge_never_loses(ahead: list[int], seed: int, asset: dict) -> None:
    price = np.array(ahead, dtype=np.float64)
    case = asset_case(
        price, power=1.0, energy=2.0, efficiency_charge=0.9, efficiency_discharge=0.9, start_fraction=0.5, **asset
    )
    today = price + np.random.default_rng(seed).normal(0.0, 30.0, len(price))
    sold = schedule(checked(case))
    done = redispatched(case, sold, today)
    assert done.gain >= -1e-9 * (1.0 + np.abs(today).sum())
    # prices that stay leave nothing to change, and what was sold is what is paid
    same = redispatched(case, sold, price)
    assert same.value == pytest.approx(sold.value, rel=1e-9, abs=1e-9)
    assert same.held_value == pytest.approx(sold.value, rel=1e-9, abs=1e-9)


def test_a_change_on_a_forecast_lies_between_the_plan_and_full_knowledge() -> None:
    """Intraday prices that wander around the day-ahead ones; the day-ahead prices are the forecast of them."""
    ahead = synthetic_year(1)
    noise = np.random.default_rng(3).normal(0.0, 12.0, len(ahead.price))
    today = replace(ahead, price=ahead.price + np.convolve(noise, [0.6, 0.3, 0.1], mode="same"), name="intraday")
    case = asset_case(
        ahead.price, power=1.0, energy=2.0, efficiency_charge=0.94, efficiency_discharge=0.94, throughput_cost=1.0
    )
    sold = schedule(checked(case))
    told = day_ahead_forecast(ahead, known_prices(today))
    perfect = redispatched(case, sold, today.price)
    blind = redispatched(case, sold, today.price, forecast=told)
    assert 0.0 < blind.gain < perfect.gain
    assert blind.held_value == pytest.approx(sold.value)


def test_a_plan_made_without_foresight_is_settled_alike() -> None:
    ahead = synthetic_year(2)
    cut = slice(0, 24 * 30)
    case = asset_case(ahead.price[cut], power=1.0, energy=2.0)
    sold = rolling(case, day_ahead_forecast(ahead, known_prices(ahead)), every=24)
    kept = settled(case, sold, case.price[::-1].copy(), sold)
    assert kept.gain == 0.0
    assert kept.value == pytest.approx(sold.value)


def test_prices_of_another_number_are_refused() -> None:
    case = asset_case(np.ones(3), power=1.0, energy=1.0)
    with pytest.raises(InputError, match="2 intraday prices for 3 day-ahead prices"):
        redispatched(case, schedule(case), np.ones(2))
    with pytest.raises(InputError, match="price of timestep 1 is nan"):
        redispatched(case, schedule(case), np.array([1.0, np.nan, 1.0]))
