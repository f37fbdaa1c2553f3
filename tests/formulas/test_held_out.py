"""Fits by least absolute miss, groups held out, and intervals of means."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import NotConvergedError
from cell2grid.formulas.held_out import bootstrap_mean, each_held_out, least_absolute


def test_a_line_by_hand():
    """Four points on 30 + 2 x and one far above: the line through the four misses least in all."""
    x = np.array([1.0, 5.0, 9.0, 20.0, 7.0])
    y = np.array([32.0, 40.0, 48.0, 70.0, 900.0])
    assert least_absolute(np.column_stack([np.ones(5), x]), y) == pytest.approx([30.0, 2.0])


def test_nothing_is_fitted_below_nought():
    """Falling values: the slope stops at nought, and the rest is their median."""
    x, y = np.array([1.0, 2.0, 3.0]), np.array([9.0, 8.0, 1.0])
    assert least_absolute(np.column_stack([np.ones(3), x]), y) == pytest.approx([8.0, 0.0])


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(1, 1000), min_size=1, max_size=15))
def test_one_column_of_ones_misses_as_little_as_the_median(values):
    y = np.array(values)
    (found,) = least_absolute(np.ones((len(y), 1)), y)
    assert abs(y - found).sum() == pytest.approx(abs(y - np.median(y)).sum(), rel=1e-6, abs=1e-6)


def test_a_fit_without_an_answer_says_so():
    with pytest.raises(NotConvergedError, match="infinite"):
        least_absolute(np.array([[1.0], [1.0]]), np.array([np.inf, 1.0]))


@given(st.lists(st.integers(2000, 2005), min_size=1, max_size=20))
def test_each_case_is_held_out_once_and_never_seen_then(years):
    own = [place for others, own in each_held_out(years) for place in own]
    assert sorted(own) == list(range(len(years)))
    for others, held in each_held_out(years):
        assert not set(others) & set(held)
        assert len(others) + len(held) == len(years)
        assert len({years[place] for place in held}) == 1


def test_the_interval_of_a_mean_is_that_of_theory():
    """400 values of deviation 20: the mean is known to 20 / 20 = 1, so that 95 % are 3.92 wide."""
    values = np.random.default_rng(2).normal(50.0, 20.0, 400)
    low, high = bootstrap_mean(values, seed=1, name="rule")
    assert low < values.mean() < high
    assert high - low == pytest.approx(3.92 * values.std() / 20, rel=0.08)
    assert (low, high) == bootstrap_mean(values, seed=1, name="rule")
    assert (low, high) != bootstrap_mean(values, seed=2, name="rule")
