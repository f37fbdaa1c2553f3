"""Draws: each member has its own place in its own stream."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.formulas.draws import standard_uniform, triangular, uniform

EXPECTED = [0.754408890446, 0.648457023295, 0.363378891061]


def test_first_numbers_of_a_stream_stay_what_they_are():
    # the bytes of every run hang on these; a change of generator is a new format of results
    drawn = standard_uniform(1, "plants.north.capacity", first=0, count=3)
    again = [float(standard_uniform(1, "plants.north.capacity", first=n, count=1)[0]) for n in range(3)]
    assert drawn.tolist() == again
    assert np.round(drawn, 12).tolist() == EXPECTED


@given(st.integers(0, 2**40), st.integers(0, 500), st.integers(1, 50))
@settings(max_examples=50, deadline=None)
def test_a_member_draws_the_same_in_any_chunk(seed, first, count):
    whole = standard_uniform(seed, "a", first=0, count=first + count)
    assert np.array_equal(standard_uniform(seed, "a", first=first, count=count), whole[first:])


def test_streams_of_two_names_and_of_two_seeds_have_nothing_in_common():
    one, other, seeded = (standard_uniform(s, n, first=0, count=4000) for s, n in ((1, "a"), (1, "b"), (2, "a")))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05
    assert abs(np.corrcoef(one, seeded)[0, 1]) < 0.05
    # 1 before a is not 1a before nothing
    assert standard_uniform(1, "1a", first=0, count=1) != standard_uniform(11, "a", first=0, count=1)


def test_draws_are_spread_evenly():
    drawn = np.sort(standard_uniform(3, "even", first=0, count=10_000))
    # Kolmogorov's distance, 1 % level: 1.63 / √n
    assert np.abs(drawn - np.arange(10_000) / 10_000).max() < 1.63 / 100


@given(st.floats(0, 1, exclude_max=True), st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1))
@settings(deadline=None)
def test_no_draw_leaves_its_range(share, low, width, part):
    high, mode = low + width, low + part * width
    for value in (uniform(np.array([share]), low, high), triangular(np.array([share]), low, min(mode, high), high)):
        assert low - 1e-6 <= value[0] <= high + 1e-6


def test_triangular_quantiles_are_those_of_scipy():
    from scipy.stats import triang

    shares = np.linspace(0, 0.999, 200)
    expected = triang(c=0.25, loc=2.0, scale=8.0).ppf(shares)
    assert triangular(shares, 2.0, 4.0, 10.0) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("mode", [2.0, 10.0])
def test_a_mode_at_an_end_is_allowed(mode):
    values = triangular(np.linspace(0, 0.99, 50), 2.0, mode, 10.0)
    assert np.isfinite(values).all()
    assert np.all(np.diff(values) >= 0)
