"""How amounts change from year to year: by hand, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.finance import learning_factors, overlaps, price_index, year_shares, yearly


def test_a_year_of_the_life_counts_for_the_part_that_lies_within() -> None:
    assert year_shares([1.0, 2.25], 3).tolist() == [[1.0, 0.0, 0.0], [1.0, 1.0, 0.25]]
    assert yearly(8.0, 0.5, 2.5, 3).tolist() == [8.0, 4.0, 1.0]


def test_a_contract_of_a_year_and_a_half_from_the_middle_of_the_first() -> None:
    assert overlaps(0.5, 2.0, 3).tolist() == [0.5, 1.0, 0.0]
    assert overlaps(-1.0, 0.25, 2).tolist() == [0.25, 0.0]
    assert overlaps([2.0, 0.0], [1.0, np.inf], 2).tolist() == [[0.0, 0.0], [1.0, 1.0]]


@given(st.floats(-5.0, 20.0), st.floats(0.0, 20.0))
def test_what_overlaps_adds_up_to_the_time_within_the_years(begins: float, length: float) -> None:
    within = max(min(begins + length, 10.0) - max(begins, 0.0), 0.0)
    assert overlaps(begins, begins + length, 10).sum() == pytest.approx(within, abs=1e-12)


@given(st.floats(-0.3, 2.0), st.floats(0.0, 30.0), st.floats(0.0, 30.0))
def test_an_index_over_two_times_is_that_over_both(inflation: float, first: float, second: float) -> None:
    both = price_index(inflation, first) * price_index(inflation, second)
    assert float(price_index(inflation, first + second)) == pytest.approx(float(both), rel=1e-9)


def test_two_doublings_of_learning_take_the_part_twice() -> None:
    """Growth of 100 % a year doubles in one: after two, 0.8 of 0.8 is left; without growth all of it."""
    assert float(learning_factors(0.2, 1.0, 2.0)) == pytest.approx(0.64)
    assert float(learning_factors(0.2, 0.0, 9.0)) == 1.0
    assert float(learning_factors(0.0, 3.0, 9.0)) == 1.0
