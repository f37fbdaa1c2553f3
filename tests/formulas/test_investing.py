"""Interest while building, annuities, learning and what is left: by hand, against sums, and what holds of all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.investing import (
    annuity,
    compounded,
    interest_during_construction,
    learned_cost,
    salvage_share,
    share_by_age,
)

rates = st.floats(0.0, 1.0)


def test_interest_on_even_spending_by_hand():
    """Two years at 21 %: ((1.21)^2 - 1) / (2 ln 1.21) = 0.4641 / 0.381240 = 1.217343."""
    assert float(interest_during_construction(0.21, 2.0)) == pytest.approx(0.4641 / (2 * np.log(1.21)))
    assert float(interest_during_construction(0.21, 0.0)) == pytest.approx(1.0)
    assert float(interest_during_construction(0.0, 5.0)) == pytest.approx(1.0)


@given(rates, st.floats(0.0, 20.0))
def test_even_spending_is_the_limit_of_many_parts(rate, years):
    until = (np.arange(4000) + 0.5) / 4000 * years
    parts = compounded(rate, np.full(4000, 1 / 4000), until)
    assert float(interest_during_construction(rate, years)) == pytest.approx(float(parts), rel=1e-4)


def test_parts_by_hand():
    """30 % two years and 70 % a half before the opening, at 10 %: 0.3 x 1.21 + 0.7 x 1.1^.5."""
    assert float(compounded(0.1, [0.3, 0.7], [2.0, 0.5])) == pytest.approx(0.363 + 0.7 * 1.1**0.5)


@given(rates, st.integers(1, 60))
def test_an_annuity_pays_back_what_was_lent(rate, years):
    paid = float(annuity(rate, years))
    owed = 1.0
    for _ in range(years):
        owed = owed * (1.0 + rate) - paid
    assert owed == pytest.approx(0.0, abs=1e-9 * (1.0 + rate) ** years)


def test_what_is_left_by_hand():
    """Five of fifteen years: two thirds; after them nothing."""
    assert salvage_share([0.0, 5.0, 15.0, 16.0], 15.0) == pytest.approx([1.0, 2.0 / 3.0, 0.0, 0.0])


def test_learning_by_hand():
    """20 % a doubling: three doublings leave .512; half a doubling .8^.5; what has not grown has learned nothing."""
    found = learned_cost(0.2, 10.0, [80.0, 10.0 * 2**0.5, 10.0, 5.0])
    assert found == pytest.approx([0.512, 0.8**0.5, 1.0, 1.0])
    assert float(learned_cost(0.2, 0.0, 100.0)) == 1.0


@given(st.floats(0.0, 10.0), st.integers(1, 12))
def test_all_of_the_time_after_the_lead_is_open(lead, terms):
    assert float(share_by_age(lead, terms).sum()) == pytest.approx(max(terms - lead, 0.0))
