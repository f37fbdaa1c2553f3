"""Steps of another length: price times hours is the same before and after, over every step and over the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError, PriceError
from cell2grid.prices import PriceSeries, Profile, resampled, synthetic_year


def series(prices: list[float], minutes: list[int], start: str = "2025-01-01T00:00", **more: object) -> PriceSeries:
    begins = np.concatenate([[0], np.cumsum(minutes)[:-1]])
    return PriceSeries(
        timestep=np.datetime64(start, "s") + begins.astype("timedelta64[m]").astype("timedelta64[s]"),
        step_hours=np.array(minutes) / 60.0,
        price=np.array(prices, dtype=float),
        name="law",
        **more,
    )


def test_quarters_become_an_hour_by_hand() -> None:
    """(10 + 20 + 30 + 60) / 4 = 30."""
    hour = resampled(series([10, 20, 30, 60], [15] * 4), 60)
    assert hour.price.tolist() == [30.0]
    assert hour.step_hours.tolist() == [1.0]


def test_an_hour_becomes_quarters_of_the_same_price() -> None:
    quarters = resampled(series([0.1, 0.3], [60, 60]), 15)
    assert quarters.price.tolist() == [0.1] * 4 + [0.3] * 4
    assert quarters.timestep[5] == np.datetime64("2025-01-01T01:15")


def test_an_edge_within_a_step_gives_each_part_by_its_length() -> None:
    """60 min at 10 and 60 min at 40 in steps of 40 min: 10; (20·10 + 20·40)/40 = 25; 40."""
    assert resampled(series([10, 40], [60, 60]), 40).price.tolist() == [10.0, 25.0, 40.0]


def test_irregular_steps_become_regular_by_hand() -> None:
    """15 min at 8, 45 min at 16, 60 min at 2: the first hour is (15·8 + 45·16)/60 = 14."""
    assert resampled(series([8, 16, 2], [15, 45, 60]), 60).price.tolist() == [14.0, 2.0]


@settings(deadline=None, max_examples=200)
@given(
    minutes=st.lists(st.integers(1, 90), min_size=1, max_size=60),
    length=st.sampled_from([1, 4, 5, 7, 15, 30, 60, 77, 1440]),
    seed=st.integers(0, 2**32 - 1),
)
def test_price_times_hours_is_kept_in_every_step(minutes: list[int], length: int, seed: int) -> None:
    total = sum(minutes)
    minutes = [*minutes, -total % length or length]
    prices = np.random.default_rng(seed).normal(50.0, 80.0, len(minutes))
    before = series(prices.tolist(), minutes)
    after = resampled(before, length)
    assert (after.step_hours * 60.0 == length).all()
    by_minute = np.repeat(prices, minutes).reshape(-1, length)
    np.testing.assert_allclose(after.price, by_minute.mean(axis=1), rtol=0, atol=1e-9)
    np.testing.assert_allclose((after.price * after.step_hours).sum(), (prices * before.step_hours).sum(), atol=1e-7)


@settings(deadline=None, max_examples=50)
@given(prices=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=40), fine=st.sampled_from([1, 5, 12, 20, 30]))
def test_refining_and_coarsening_again_gives_the_same_back(prices: list[float], fine: int) -> None:
    before = series(prices, [60] * len(prices))
    refined = resampled(before, fine)
    assert set(refined.price) <= set(before.price.tolist())
    np.testing.assert_allclose(resampled(refined, 60).price, before.price, rtol=1e-14)


def test_ends_that_are_no_whole_step_are_refused_and_cut_only_if_asked() -> None:
    ragged = series([1, 2, 3, 4, 5, 6], [15] * 6, start="2025-01-01T00:45")
    with pytest.raises(PriceError, match="15 minutes before the first whole step are left; ask to cut"):
        resampled(ragged, 60)
    cut = resampled(ragged, 60, cut=True)
    assert cut.price.tolist() == [3.5]
    assert cut.timestep[0] == np.datetime64("2025-01-01T01:00")
    assert cut.notes == ("0.5 hours at the ends are no whole steps of 60 minutes and were cut",)


def test_hours_begin_on_local_clocks() -> None:
    """Adelaide is 9:30 or 10:30 ahead: its hours begin at half past in UTC."""
    halves = series([1, 3, 5, 7], [30] * 4, start="2025-01-01T00:30", zone="Australia/Adelaide")
    assert resampled(halves, 60).price.tolist() == [2.0, 6.0]
    assert resampled(halves, 60).timestep[0] == np.datetime64("2025-01-01T00:30")


def test_what_was_filled_stays_named() -> None:
    quarters = series([1.0] * 8, [15] * 8, filled=np.array([5]))
    assert resampled(quarters, 60).filled.tolist() == [1]
    assert resampled(quarters, 5).filled.tolist() == [15, 16, 17]


def test_a_profile_keeps_its_energy_too() -> None:
    sun = Profile(
        timestep=np.arange("2025-06-01T00", "2025-06-02T00", dtype="datetime64[h]").astype("datetime64[s]"),
        step_hours=np.ones(24),
        power=np.maximum(0.0, np.sin((np.arange(24) - 6) / 12 * np.pi)) * 50.0,
        name="sun",
    )
    fine = resampled(sun, 15)
    assert isinstance(fine, Profile)
    assert (fine.power * fine.step_hours).sum() == pytest.approx(sun.power.sum(), abs=1e-9)


@pytest.mark.parametrize("minutes", [0.0, -5.0, 0.001, float("nan"), float("inf")])
def test_a_length_that_is_none_is_refused(minutes: float) -> None:
    with pytest.raises(InputError, match="expected above 0 and whole seconds"):
        resampled(series([1, 2], [60, 60]), minutes)


def test_too_many_steps_are_refused_before_they_are_made() -> None:
    with pytest.raises(PriceError, match="more than 12,000,000 steps"):
        resampled(synthetic_year(1), 1 / 60)


def test_a_year_cut_into_parts_is_the_year() -> None:
    year = synthetic_year(3)
    parts = [year.part(0, 4000), year.part(4000, 8760)]
    assert np.concatenate([part.price for part in parts]).tolist() == year.price.tolist()
    assert list(year.years(whole=True)) == [2025]
    assert list(year.part(1, 8760).years(whole=True)) == []
    assert list(year.part(0, 8759).years(whole=True)) == []
