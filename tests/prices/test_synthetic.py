"""The synthetic year: the same for the same seed, with the shape its page describes, and never without its label."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.errors import InputError
from cell2grid.prices import synthetic_year


def test_the_same_seed_gives_the_same_prices() -> None:
    assert (synthetic_year(7).price == synthetic_year(7).price).all()
    assert (synthetic_year(7).price != synthetic_year(8).price).any()


def test_the_first_prices_of_seed_1_are_kept() -> None:
    """A change here changes every result that rests on the synthetic year."""
    assert synthetic_year(1).price[:4].tolist() == FIRST


FIRST = [56.16, 52.87, 53.86, 55.46]


@pytest.mark.parametrize(
    ("year", "minutes", "steps"), [(2025, 60, 8760), (2024, 60, 8784), (2025, 30, 17_520), (2023, 15, 35_040)]
)
def test_a_year_is_whole(year: int, minutes: int, steps: int) -> None:
    series = synthetic_year(1, year=year, resolution_minutes=minutes)
    assert series.price.size == series.timestep.size == steps
    assert series.resolution_minutes == minutes
    assert (np.diff(series.timestep) == np.timedelta64(minutes, "m")).all()
    assert str(series.timestep[0]).startswith(f"{year}-01-01T00:00")


@pytest.mark.parametrize("seed", range(5))
def test_it_has_a_trough_peaks_weekends_winter_negative_hours_and_spikes(seed: int) -> None:
    series = synthetic_year(seed)
    hour = np.arange(8760) % 24
    weekday = series.timestep.astype("datetime64[D]").astype(int) % 7  # 1970-01-01, a Thursday, is 0
    month = series.timestep.astype("datetime64[M]").astype(int) % 12 + 1
    by_hour = [float(np.median(series.price[hour == n])) for n in range(24)]
    assert by_hour[19] > by_hour[8] > by_hour[3]
    assert by_hour[12] < by_hour[8]
    assert np.median(series.price[(weekday == 2) | (weekday == 3)]) < np.median(series.price[weekday == 5])
    assert np.median(series.price[month == 7]) < np.median(series.price[month == 1])
    assert 20 < (series.price < 0).sum() < 800
    assert series.price.max() > 200.0
    assert np.isfinite(series.price).all()


def test_the_noise_remembers_the_hour_before() -> None:
    price = synthetic_year(3).price
    shape = np.repeat(np.median(price.reshape(365, 24), axis=0)[None], 365, axis=0).ravel()
    rest = price - shape
    assert np.corrcoef(rest[1:], rest[:-1])[0, 1] > 0.5


def test_the_label_says_that_no_market_set_the_prices() -> None:
    series = synthetic_year(1, currency="USD")
    assert series.synthetic
    assert "synthetic" in series.label
    assert series.unit == "USD/MWh"
    assert series.to_dataset().attrs["synthetic"] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": -1}, "seed .* -1"),
        ({"seed": 1, "year": 99}, "year .* 99"),
        ({"seed": 1, "resolution_minutes": 7}, "7 min, expected a divisor"),
        ({"seed": 1, "resolution_minutes": 0}, "0 min, expected a divisor"),
    ],
)
def test_an_impossible_year_is_refused(arguments: dict[str, int], words: str) -> None:
    with pytest.raises(InputError, match=words):
        synthetic_year(**arguments)
