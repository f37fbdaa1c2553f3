"""Weights of members by what was observed, members drawn anew, and the rank of an observed value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.resampling import drawn_anew, effective_size, gaussian_weights, rank_among, two_sided

weights_of_some = st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(lambda found: sum(found) > 1e-6)


def test_weights_by_hand():
    """Misses of 0, 1 and 2 deviations: exp(0), exp(-1/2), exp(-2), over their sum 1.741866."""
    weights = gaussian_weights(np.array([[10.0], [12.0], [14.0]]), np.array([10.0]), np.array([2.0]))
    assert weights == pytest.approx([0.574097, 0.348208, 0.077695], abs=1e-6)


def test_two_observations_multiply():
    """Misses (1, 0) and (0, 2): exp(-1/2) against exp(-2), a ratio of exp(3/2)."""
    weights = gaussian_weights(np.array([[1.0, 0.0], [0.0, 2.0]]), np.zeros(2), np.ones(2))
    assert weights[0] / weights[1] == pytest.approx(np.exp(1.5))


def test_members_far_from_what_was_observed_are_still_told_apart():
    weights = gaussian_weights(np.array([[1e6], [1e6 + 1.0]]), np.array([0.0]), np.array([1e3]))
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > weights[1]


def test_without_a_value_there_is_no_weight():
    assert gaussian_weights(np.full((3, 1), np.nan), np.zeros(1), np.ones(1)).tolist() == [0.0, 0.0, 0.0]
    assert effective_size(np.zeros(3)) == 0.0


@given(weights_of_some, st.integers(1, 200), st.floats(0, 0.999999))
def test_each_member_comes_as_often_as_its_weight_to_within_one(found, count, start):
    weights = np.array(found) / sum(found)
    drawn = drawn_anew(weights, count, start)
    assert len(drawn) == count
    assert (np.diff(drawn) >= 0).all()
    often = np.bincount(drawn, minlength=len(weights))
    assert (abs(often - count * weights) < 1.0 + 1e-6).all()
    assert (often[weights == 0.0] == 0).all()


@given(weights_of_some)
def test_the_effective_size_lies_between_one_and_all(found):
    weights = np.array(found) / sum(found)
    assert 1.0 - 1e-9 <= effective_size(weights) <= len(weights) + 1e-6


def test_ranks_by_hand():
    """Of 1, 2, 3, 4 two are below 3 and one equals it: (2 + 1/2) / 4. Beyond all: p = 2 (1 + 0) / 5."""
    members = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    assert rank_among(members, 3.0) == 0.625
    assert two_sided(members, 9.0) == 0.4
    assert two_sided(members, 2.5) == 1.0
    assert np.isnan(rank_among(np.array([np.nan]), 1.0))


def test_p_values_of_what_comes_from_the_members_are_uniform():
    """Drawn from the same distribution, one in twenty lies in the outer 5 %: of 2,000 between 65 and 140."""
    rng = np.random.default_rng(5)
    often = sum(two_sided(rng.normal(size=99), rng.normal()) <= 0.05 for _ in range(2000))
    assert 65 < often < 140
