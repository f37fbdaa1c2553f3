"""How much the price falls with sales, from a price and a load: by hand, against known truths, and where to refuse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.prices import estimated_slope, synthetic_year

LOAD_CHANGES, PRICE_CHANGES = np.array([10.0, 20.0, -20.0, -10.0]), np.array([2.0, 3.0, -3.0, -2.0])


def by_hand() -> tuple[np.ndarray, np.ndarray]:
    """61 steps whose changes are the four above, fifteen times."""
    return tuple(
        np.concatenate([[level], level + np.cumsum(np.tile(changes, 15))])
        for level, changes in ((50.0, PRICE_CHANGES), (1000.0, LOAD_CHANGES))
    )  # type: ignore[return-value]


def market(seed: int, steps: int = 2000, slope: float = 0.003) -> tuple[np.ndarray, np.ndarray]:
    """Prices that follow a load with days in it, and errors that last from step to step."""
    random = np.random.default_rng(seed)
    load, error = np.empty(steps), np.empty(steps)
    load[0] = error[0] = 0.0
    shocks, pushes = random.normal(size=steps) * 5.0, random.normal(size=steps) * 800.0
    for t in range(1, steps):
        load[t] = 0.9 * load[t - 1] + pushes[t]
        error[t] = 0.7 * error[t - 1] + shocks[t]
    load += 50_000.0 + 6_000.0 * np.sin(np.arange(steps) * np.pi / 12.0)
    return 10.0 + slope * load + error, load


def test_it_is_the_slope_of_the_differences_by_hand() -> None:
    """(10*2 + 20*3 + 20*3 + 10*2) / (100 + 400 + 400 + 100) = 160 / 1000 in each four changes, whose means are zero.

    Residuals 0.4, -0.2, 0.2, -0.4; times the changes of the load 4, -4, -4, 4: squares of 16 in each of 60 changes,
    of which two numbers were fitted. One step apart: 30 products of -16 and 29 of 16, with the weight 1/2, twice.
    """
    price, load = by_hand()
    found = estimated_slope(price, load, lags=0)
    assert found.value == pytest.approx(0.16, rel=1e-12)
    assert found.count == 60
    error = np.sqrt(960.0 * 60.0 / 58.0) / 15_000.0
    assert found.high - found.value == pytest.approx(1.959963984540054 * error, rel=1e-9)
    assert found.value - found.low == pytest.approx(1.959963984540054 * error, rel=1e-9)
    one = estimated_slope(price, load, lags=1)
    error = np.sqrt((960.0 - 16.0) * 60.0 / 58.0) / 15_000.0
    assert one.high - one.value == pytest.approx(1.959963984540054 * error, rel=1e-9)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Of 200 markets the truth lies within the 95 % interval in 190, give or take three deviations of 3.1."""
    held = sum(found.low <= 0.003 <= found.high for found in (estimated_slope(*market(seed)) for seed in range(200)))
    assert 180 <= held <= 199


def test_levels_and_seasons_drop_out() -> None:
    price, load = market(1)
    season = 30.0 * np.cos(np.arange(len(price)) * 2.0 * np.pi / len(price))
    plain, shifted = estimated_slope(price, load), estimated_slope(price + 100.0 + season, load - 7_000.0)
    assert shifted.value == pytest.approx(plain.value, rel=1e-2)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100.0), st.floats(0.01, 100.0))
def test_units_carry_over(seed: int, money: float, power: float) -> None:
    price, load = market(seed, steps=200)
    one, other = estimated_slope(price, load), estimated_slope(price * money, load * power)
    for name in ("value", "low", "high"):
        assert getattr(other, name) == pytest.approx(getattr(one, name) * money / power, rel=1e-7, abs=1e-12)


def test_a_price_that_bends_up_with_the_load_is_steeper_at_the_peak() -> None:
    price, load = market(2)
    bent = price + 2e-7 * (load - load.min()) ** 2
    found = estimated_slope(bent, load)
    assert found.steeper_at_peak is True
    assert [quarter.count for quarter in found.quarters] == pytest.approx([500] * 4, abs=2)
    values = [quarter.value for quarter in found.quarters]
    assert values == sorted(values)
    assert any("at the peak" in note for note in found.notes())
    straight = estimated_slope(price, load)
    assert straight.steeper_at_peak is False
    assert straight.notes() == ()


def test_prices_that_know_nothing_of_the_load_are_not_told_apart_from_zero() -> None:
    found = estimated_slope(synthetic_year(1).price, np.random.default_rng(4).normal(50_000.0, 3_000.0, 8760))
    assert not found.told
    assert found.low < 0.0 < found.high
    assert "not told apart from zero" in found.notes()[0]


def test_a_price_that_falls_with_the_load_is_said_to_be_below_zero() -> None:
    price, load = market(3)
    found = estimated_slope(-price, load)
    assert not found.told
    assert "below zero" in found.notes()[0]


def test_a_day_of_lags_is_taken_and_less_of_a_short_series() -> None:
    assert estimated_slope(*market(1)).lags == 24
    price, load = market(1, steps=60)
    short = estimated_slope(price, load)
    assert (short.lags, short.quarters, short.steeper_at_peak) == (15, (), None)


@pytest.mark.parametrize(
    ("price", "load", "said"),
    [
        (np.arange(60.0), np.full(60, 5e4), "no slope can be told"),
        (np.arange(60.0), 5e4 + np.arange(60.0), "no slope can be told"),
        (np.arange(48.0), np.arange(48.0) ** 2, "too few"),
        (np.arange(60.0), np.arange(61.0) ** 2, "shape"),
        (np.arange(60.0), np.where(np.arange(60) == 7, np.nan, np.arange(60.0) ** 2), "load of timestep 7"),
        (np.where(np.arange(60) == 3, np.inf, 1.0), np.arange(60.0) ** 2, "price of timestep 3"),
    ],
)
def test_where_it_cannot_be_told_it_is_refused(price: np.ndarray, load: np.ndarray, said: str) -> None:
    with pytest.raises(InputError, match=said):
        estimated_slope(price, load)


@pytest.mark.parametrize("lags", [-1, 60])
def test_lags_beyond_the_series_are_refused(lags: int) -> None:
    with pytest.raises(InputError, match="lags"):
        estimated_slope(*market(1, steps=60), lags=lags)
