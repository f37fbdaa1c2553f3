"""The built-in forecasts: what each says by hand, and that none of them looks ahead."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from cell2grid.errors import InputError
from cell2grid.prices import PriceSeries, synthetic_year
from cell2grid.prices.forecasts import carried, forecast, forecasts, known_prices

BLIND = sorted(set(forecasts()) - {"perfect"})


def series(price: np.ndarray, minutes: int = 60, start: str = "2025-01-06") -> PriceSeries:
    step = np.timedelta64(minutes, "m")
    return PriceSeries(
        timestep=(np.datetime64(start) + np.arange(len(price)) * step).astype("datetime64[s]"),
        price=np.asarray(price, dtype=np.float64),
        step_hours=np.full(len(price), minutes / 60.0),
        name="by hand",
    )


def test_yesterday_and_last_week_by_hand() -> None:
    """Steps of 12 h, prices 0, 1, 2, …: two a day. In step 15 (price 15 known) the next is of the time of step 14,
    which is known: 14. Two ahead has the time of step 15 itself; three ahead that of 14 again. A week is 14 steps: the
    next step (16) cost 2 a week ago."""
    known = known_prices(series(np.arange(20.0), minutes=720), first=15)
    assert forecast("yesterday", known, carry_error=False).prices(0, 1, 4).tolist() == [[15.0, 14.0, 15.0, 14.0]]
    assert forecast("last_week", known, carry_error=False).prices(0, 1, 4).tolist() == [[15.0, 2.0, 3.0, 4.0]]


def test_where_the_series_has_no_day_before_the_last_price_stands() -> None:
    known = known_prices(series(np.arange(5.0), minutes=720))
    assert forecast("last_week", known, carry_error=False).prices(0, 2, 4).tolist() == [
        [0.0, 0.0, 0.0, 0.0],
        [1.0, 0.0, 1.0, 0.0],
    ]


def test_published_prices_are_known_to_the_end_of_the_published_day() -> None:
    """Four steps a day, published at 12:00: in the steps of 0 and 6 o'clock the day itself is known, later the next."""
    known = known_prices(series(np.arange(12.0), minutes=360), published_hour=12.0)
    assert known.ahead.tolist() == [4, 3, 6, 5, 4, 3, 6, 5, 4, 3, 2, 1]
    assert forecast("yesterday", known, carry_error=False).prices(1, 3, 6).tolist() == [
        [1.0, 2.0, 3.0, 0.0, 1.0, 2.0],
        [2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
    ]


def test_an_error_is_carried_on_as_errors_faded_by_hand() -> None:
    """Two steps a day, so yesterday's price is that of two steps before: errors are 8 - 0, 4 - 0 and 10 - 8 = 2. The
    fading is (8*4 + 4*2) / (64 + 16) = 1/2, and the last error leaves 1 and 1/2 on the two steps after."""
    price = np.array([0.0, 0.0, 8.0, 4.0, 10.0, 0.0, 0.0, 0.0])
    known = known_prices(series(price, minutes=720))
    plain = forecast("yesterday", known, carry_error=False)
    assert plain.prices(4, 5, 3).tolist() == [[10.0, 4.0, 10.0]]
    assert carried(plain).prices(4, 5, 3).tolist() == [[10.0, 5.0, 10.5]]


def test_nothing_is_carried_where_prices_are_published_ahead() -> None:
    known = known_prices(synthetic_year(1), first=24 * 30, published_hour=12.0)
    plain = forecast("last_week", known, carry_error=False)
    assert np.array_equal(plain.prices(0, 48, 48), carried(plain).prices(0, 48, 48))


@pytest.mark.parametrize("name", BLIND)
@pytest.mark.parametrize("published_hour", [None, 13.0])
def test_no_price_that_is_not_yet_known_moves_a_forecast(name: str, published_hour: float | None) -> None:
    year = synthetic_year(3)
    cut = 24 * 80 + 7
    prices = year.price[: 24 * 90]
    whole = replace(
        year, price=prices, timestep=year.timestep[: len(prices)], step_hours=year.step_hours[: len(prices)]
    )
    first = 24 * 20
    known = known_prices(whole, first=first, published_hour=published_hour)
    unknown = int(known.last[cut]) + 1
    other = prices.copy()
    other[unknown:] = -7.0 * other[unknown:] + 1000.0
    told = forecast(name, known).prices(0, cut - first + 1, 48)
    retold = forecast(name, replace(known, price=other)).prices(0, cut - first + 1, 48)
    assert np.array_equal(told, retold)
    assert np.isfinite(told).all()
    later = forecast(name, replace(known, price=other)).prices(cut - first + 1, cut - first + 60, 48)
    assert not np.array_equal(later, forecast(name, known).prices(cut - first + 1, cut - first + 60, 48))


@pytest.mark.parametrize("name", sorted(forecasts()))
def test_blocks_of_rows_are_those_of_the_whole(name: str) -> None:
    known = known_prices(synthetic_year(2), first=24 * 60 + 5)
    made = forecast(name, known)
    whole = made.prices(0, 100, 30)
    parts = [made.prices(a, b, 30) for a, b in ((60, 100), (0, 17), (17, 60))]
    assert np.array_equal(whole, np.vstack([parts[1], parts[2], parts[0]]))


def test_the_autoregression_learns_a_weekly_pattern() -> None:
    """Prices that repeat every week are forecast from two days after the first fit on, to a small share of their
    spread, while yesterday misses each change of the day."""
    random = np.random.default_rng(1)
    week = random.uniform(20.0, 80.0, 7 * 24)
    price = np.tile(week, 20) + random.normal(0.0, 0.5, 20 * 7 * 24)
    known = known_prices(series(price), first=24 * 7 * 15)
    ahead = np.array([price[known.first + t : known.first + t + 24] for t in range(200)])
    errors = {
        name: np.abs(forecast(name, known, carry_error=False).prices(0, 200, 24) - ahead).mean()
        for name in ("autoregression", "yesterday")
    }
    assert errors["autoregression"] < 2.0
    assert errors["yesterday"] > 10.0


@pytest.mark.parametrize("price", [np.full(24 * 50, 40.0), np.tile([1e9, -1e9], 12 * 50)])
def test_prices_that_never_change_and_huge_ones_leave_finite_forecasts(price: np.ndarray) -> None:
    known = known_prices(series(price), first=24 * 40)
    assert np.isfinite(forecast("autoregression", known).prices(0, 48, 48)).all()


def test_without_scikit_learn_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(InputError, match=r"pip install 'cell2grid\[forecast\]'"):
        forecast("autoregression", known_prices(synthetic_year(1)))


def test_an_unknown_forecast_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InputError, match="no forecast 'yesterdy'; did you mean 'yesterday'"):
        forecast("yesterdy", known_prices(synthetic_year(1)))


def test_steps_that_do_not_divide_a_day_are_refused() -> None:
    with pytest.raises(InputError, match="steps of 25200 s do not divide a day"):
        forecast("yesterday", known_prices(series(np.arange(9.0), minutes=420)))


@pytest.mark.parametrize(
    ("first", "hour", "said"), [(9, None, "starts at step 9"), (0, 24.0, "published at 24"), (0, float("nan"), "nan")]
)
def test_what_is_known_when_is_checked(first: int, hour: float | None, said: str) -> None:
    with pytest.raises(InputError, match=said):
        known_prices(series(np.arange(9.0)), first=first, published_hour=hour)
