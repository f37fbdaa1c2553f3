"""The calendar: months, days, and what part of a month something lasted."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.formulas.calendar import (
    age_at,
    days_in,
    first_day,
    left_of_month,
    month_after,
    months_between,
    quarter_month,
    share_from,
)

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def test_a_shock_is_weighted_by_its_days():
    # 28 March to 18 April 2022, both included: 4 of 31 and 18 of 30 days; on them a fifth is left
    spell = [(date(2022, 3, 28), date(2022, 4, 18), np.array([0.2]))]
    assert left_of_month(spell, "2022-03") == pytest.approx([(27 + 4 * 0.2) / 31])
    assert left_of_month(spell, "2022-04") == pytest.approx([(12 + 18 * 0.2) / 30])
    assert left_of_month(spell, "2022-05") == 1.0


def test_two_shocks_on_one_day_multiply():
    # 10 days of a half, on 4 of them a half again: (20 + 6 × 0.5 + 4 × 0.25) / 30
    half = np.array([0.5])
    spells = [(date(2022, 4, 1), date(2022, 4, 10), half), (date(2022, 4, 7), date(2022, 4, 10), half)]
    assert left_of_month(spells, "2022-04") == pytest.approx([24 / 30])


@given(DAYS, st.integers(0, 400), st.floats(0, 1))
@settings(deadline=None)
def test_what_a_spell_takes_is_its_days_times_what_it_takes_of_one(start, length, leaves):
    end = start + timedelta(days=length)
    months = months_between(start.isoformat()[:7], end.isoformat()[:7])
    spell = [(start, end, np.array(leaves))]
    lost = sum((1 - float(left_of_month(spell, month))) * days_in(month) for month in months)
    assert lost == pytest.approx((length + 1) * (1 - leaves), abs=1e-9)


@given(DAYS, st.integers(0, 100))
@settings(deadline=None)
def test_a_spell_that_leaves_all_leaves_exactly_all(start, length):
    spell = [(start, start + timedelta(days=length), np.array(1.0))]
    assert float(left_of_month(spell, start.isoformat()[:7])) == 1.0


def test_the_month_of_opening_counts_its_days():
    # 11 February 2025 leaves 18 of 28 days
    months = months_between("2025-01", "2025-03")
    assert share_from(date(2025, 2, 11), months).tolist() == [0.0, 18 / 28, 1.0]
    assert age_at(date(2025, 2, 11), months).tolist() == [-0.5, 9 / 28, 18 / 28 + 0.5]


@given(DAYS)
@settings(deadline=None)
def test_ages_grow_by_a_month_a_month(day):
    months = months_between(day.isoformat()[:7], month_after(day.isoformat()[:7], 5))
    ages = age_at(day, months)
    assert np.all(np.diff(ages[1:]) == pytest.approx(1.0))
    assert 0 < ages[0] <= 0.5


@given(DAYS, st.integers(0, 600))
@settings(deadline=None)
def test_months_between_has_one_month_more_than_lie_between(day, months):
    start = day.isoformat()[:7]
    found = months_between(start, month_after(start, months))
    assert len(found) == months + 1
    assert found == sorted(set(found))


def test_february_has_29_days_in_leap_years_only():
    assert [days_in(f"{year}-02") for year in (1900, 2000, 2023, 2024)] == [28, 29, 28, 29]
    assert first_day("2024-12") == date(2024, 12, 1)
    assert [quarter_month(f"2022-{month:02d}") for month in range(1, 13)] == [1, 2, 3] * 4
