"""Quantiles of the distributions that a study may write: by hand, as laws, and against scipy.stats."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cell2grid.distributions import KINDS, Distribution
from cell2grid.formulas.draws import quantile, standard_uniform
from cell2grid.units import parse_magnitude

SHARES = np.array([1e-9, 1e-4, 0.01, 0.1, 0.37, 0.5, 0.61, 0.9, 0.99, 0.9999, 1.0 - 1e-9])


def test_quantiles_by_hand():
    """The median of a PERT with 1 between 0 and 2 is 1; one standard deviation above 120 ± 10 lies 130, at
    Phi(1) = 0.841345; of the values 1, 2, 2, 5 the second quarter and the third are 2; a lognormal of mean 24 and
    deviation 6 has sigma² = ln(1 + 0.25²) = 0.060625 and the median 24 exp(-0.060625 / 2) = 23.2834."""
    assert quantile(Distribution("pert", (0.0, 1.0, 2.0)), np.array([0.5])) == pytest.approx(1.0)
    assert quantile(Distribution("normal", (120.0, 10.0)), np.array([0.841344746])) == pytest.approx(130.0)
    assert quantile(Distribution("empirical", (5.0, 2.0, 1.0, 2.0)), np.array([0.2, 0.3, 0.7, 0.8])).tolist() == [
        1,
        2,
        2,
        5,
    ]
    assert quantile(Distribution("lognormal", (24.0, 6.0)), np.array([0.5])) == pytest.approx(23.28342, rel=1e-6)


def _lognormal(mean, deviation):
    sigma = np.sqrt(np.log(1.0 + (deviation / mean) ** 2))
    return stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2.0))


@pytest.mark.parametrize(
    ("kind", "numbers", "peer"),
    [
        ("uniform", (3.0, 8.0), stats.uniform(3.0, 5.0)),
        ("triangular", (1.0, 2.0, 6.0), stats.triang(0.2, 1.0, 5.0)),
        ("normal", (120.0, 10.0), stats.norm(120.0, 10.0)),
        ("normal", (10.0, 4.0, 5.0, 30.0), stats.truncnorm(-1.25, 5.0, 10.0, 4.0)),
        ("normal", (0.0, 1.0, 5.0, 9.0), stats.truncnorm(5.0, 9.0)),
        ("normal", (0.0, 1.0, -9.0, -5.0), stats.truncnorm(-9.0, -5.0)),
        ("lognormal", (24.0, 6.0), _lognormal(24.0, 6.0)),
        ("lognormal", (3.0, 9.0), _lognormal(3.0, 9.0)),
        ("pert", (20.0, 24.0, 48.0), stats.beta(1.0 + 16.0 / 28.0, 1.0 + 96.0 / 28.0, 20.0, 28.0)),
        ("pert", (1.0, 1.0, 2.0), stats.beta(1.0, 5.0, 1.0, 1.0)),
    ],
)
def test_quantiles_are_those_of_scipy(kind, numbers, peer):
    ours = quantile(Distribution(kind, numbers), SHARES)
    assert ours == pytest.approx(peer.ppf(SHARES), rel=1e-7)


def test_a_cut_lognormal_is_that_part_of_the_whole():
    whole, cut = _lognormal(24.0, 6.0), Distribution("lognormal", (24.0, 6.0, 15.0, 30.0))
    within = whole.cdf(15.0) + SHARES * (whole.cdf(30.0) - whole.cdf(15.0))
    assert quantile(cut, SHARES) == pytest.approx(whole.ppf(within), rel=1e-9)


@pytest.mark.parametrize(("kind", "mean", "deviation"), [("normal", 120.0, 10.0), ("lognormal", 24.0, 6.0)])
def test_members_have_the_mean_and_deviation_that_were_written(kind, mean, deviation):
    drawn = quantile(Distribution(kind, (mean, deviation)), standard_uniform(5, kind, first=0, count=200_000))
    assert drawn.mean() == pytest.approx(mean, abs=4 * deviation / 200_000**0.5)
    assert drawn.std() == pytest.approx(deviation, rel=0.02)


NUMBERS = st.floats(-1e6, 1e6)


@st.composite
def distributions(draw):
    kind = draw(st.sampled_from(KINDS))
    if kind == "empirical":
        return Distribution(kind, tuple(draw(st.lists(NUMBERS, min_size=1, max_size=9))))
    if kind in ("normal", "lognormal"):
        mean = draw(st.floats(0.1, 1e6))
        deviation = mean * draw(st.floats(0.0, 3.0))
        cut = (mean - deviation, mean + 2 * deviation) if draw(st.booleans()) and deviation > 0 else ()
        return Distribution(kind, (mean, deviation, *cut))
    return Distribution(
        kind, tuple(sorted(draw(st.lists(NUMBERS, min_size=3, max_size=3)))[:: 2 if kind == "uniform" else 1])
    )


@given(distributions(), st.floats(1e-6, 1e6))
@settings(max_examples=200, deadline=None)
def test_draws_rise_with_their_share_stay_in_the_support_and_scale_with_the_unit(found, factor):
    shares = np.array([0.0, 2.0**-53, 1e-6, 0.25, 0.5, 0.75, 1 - 1e-6, 1 - 2.0**-53])
    drawn = quantile(found, shares)
    low, high = found.support
    room = 1e-9 * max(abs(low), abs(high), 1e-9)
    assert (np.diff(drawn) >= -room).all()
    assert (drawn >= low).all()
    assert (drawn <= high).all()
    assert quantile(found.scaled(factor), shares) == pytest.approx(drawn * factor, rel=1e-6, abs=room * factor)
    assert low - room <= found.middle <= high + room


@given(distributions(), st.floats(0.001, 0.999))
@settings(max_examples=200, deadline=None)
def test_the_quantile_of_one_share_is_that_of_many(found, share):
    many = float(quantile(found, np.array([share]))[0])
    scale = max(abs(found.support[0]), abs(found.support[1]), 1e-9)
    assert found.quantile(share) == pytest.approx(many, rel=1e-7, abs=1e-9 * scale)


def test_ranges_with_dots_are_the_same_distributions():
    assert parse_magnitude("1 .. 4 MW") == parse_magnitude("uniform(1, 4) MW")
    assert parse_magnitude("1 .. 2 .. 4 MW") == parse_magnitude("triangular(1, 2, 4) MW")
