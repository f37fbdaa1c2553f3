"""Ramp curves: hand values, then laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import EngineError
from cell2grid.formulas.ramp import CURVES, ramp_share

CURVE = st.sampled_from(sorted(CURVES))


@pytest.mark.parametrize(
    ("curve", "age", "months", "share"),
    [
        ("immediate", 0.0, 24.0, 1.0),
        ("linear", 6.0, 24.0, 0.25),
        ("linear", 30.0, 24.0, 1.0),
        # 12 months are 4 quarters: blocks of a quarter each, the second one from month 3 on
        ("tranches", 2.9, 12.0, 0.25),
        ("tranches", 3.0, 12.0, 0.5),
        ("tranches", 9.0, 12.0, 1.0),
        # 7 months are begun quarters 1, 2 and 3
        ("tranches", 0.0, 7.0, 1 / 3),
        # an S-curve is at one hundredth, at half, at 99 hundredths
        ("logistic", 0.0, 24.0, 0.01),
        ("logistic", 12.0, 24.0, 0.5),
        ("logistic", 24.0, 24.0, 0.99),
        ("linear", -0.1, 24.0, 0.0),
        ("linear", 0.0, 0.0, 1.0),
        ("logistic", np.inf, 24.0, 1.0),
    ],
)
def test_ramp_by_hand(curve, age, months, share):
    assert float(ramp_share(curve, age, months)) == pytest.approx(share, rel=1e-12)


@given(CURVE, st.lists(st.floats(0, 200), min_size=2, max_size=20), st.floats(0, 120))
@settings(deadline=None)
def test_a_ramp_never_falls_and_stays_between_nothing_and_nameplate(curve, ages, months):
    shares = ramp_share(curve, np.sort(ages), months)
    assert np.all(np.diff(shares) >= 0)
    assert np.all((shares >= 0) & (shares <= 1))


@given(st.sampled_from(["linear", "logistic"]), st.floats(0, 100), st.floats(0.5, 100), st.floats(0.1, 50))
@settings(deadline=None)
def test_a_longer_ramp_is_never_ahead(curve, age, months, more):
    assert ramp_share(curve, age, months + more) <= ramp_share(curve, age, months) + (
        0.01 if curve == "logistic" else 0
    )


def test_ages_and_times_of_members_broadcast():
    shares = ramp_share("linear", np.array([3.0, 6.0]), np.array([[6.0], [12.0]]))
    assert shares.tolist() == [[0.5, 1.0], [0.25, 0.5]]


def test_an_unknown_curve_is_refused_with_the_known_ones():
    with pytest.raises(EngineError, match="'cubic' is not one of immediate, linear, tranches, logistic"):
        ramp_share("cubic", 1.0, 2.0)
