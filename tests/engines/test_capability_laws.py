"""Laws of what plants could start: threads, neighbours, more of it, and the long run of outages."""

from itertools import pairwise

import numba
import numpy as np
import pytest
from capability_at_hand import capability_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import capability


def _many(members=40, plants=6, periods=30, first=0, **changes):
    ages = (
        np.arange(periods)[None, None, :] - np.arange(0, 2 * plants, 2)[:, None, None] + np.array([0.5, -4.5])[:, None]
    )
    curves = ["logistic", "linear", "tranches", "immediate", "logistic", "learning"]
    numbers = {
        "months_to_nameplate": 18.0,
        "yield_start": 0.6,
        "yield_steady": 0.9,
        "yield_months": 20.0,
        "outage_every": 25.0,
        "outage_lasts": 4.0,
        "outage_leaves": 0.1,
        **changes,
    }
    return capability_arrays(ages, members=members, curve=curves[:plants], first=first, **numbers)


def test_any_number_of_threads_gives_the_same_bytes():
    arrays, before = _many(), numba.get_num_threads()
    found = []
    try:
        for threads in sorted({1, 2, numba.config.NUMBA_NUM_THREADS}):
            numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
            solved = capability.solve(arrays)
            found.append(b"".join(solved[name].values.tobytes() for name in capability.WRITES))
    finally:
        numba.set_num_threads(before)
    assert len(set(found)) == 1


def test_what_is_added_changes_no_draw_of_the_others():
    whole = capability.solve(_many())
    for part in (
        capability.solve(_many(members=15, first=10)),  # a chunk from the middle
        capability.solve(_many(plants=4)),
        capability.solve(_many(periods=21)),
    ):
        same = whole.sel(member=part["member"], plant=part["plant"], period=part["period"])
        for name in capability.WRITES:
            # a month more is one more number to draw, and no other one
            assert part[name].values.tobytes() == np.ascontiguousarray(same[name].values).tobytes(), name


def test_the_order_of_plants_never_matters():
    arrays = _many()
    turned = capability.solve(arrays.isel(plant=slice(None, None, -1)))
    assert turned.isel(plant=slice(None, None, -1)).identical(capability.solve(arrays))


@pytest.mark.parametrize(("every", "lasts"), [(60.0, 3.0), (5.0, 5.0), (400.0, 30.0), (2.0, 0.01)])
def test_the_long_run_share_of_time_up_lies_within_its_interval(every, lasts):
    """The share of time up over members and months is every / (every + lasts), in each month as in all of them.

    The interval is five standard errors of the mean over independent members, from the spread that the members show.
    """
    members, periods = 600, 120
    arrays = capability_arrays(
        [[np.arange(periods) + 0.5]], members=members, outage_every=every, outage_lasts=lasts, outage_leaves=0.0
    )
    left = capability.solve(arrays)["outage_scale"].values[:, 0]
    days = arrays["days"].values
    expected = every / (every + lasts)
    of_members = left @ days / days.sum()
    assert abs(of_members.mean() - expected) < 5 * of_members.std(ddof=1) / np.sqrt(members)
    for month in (0, 1, periods - 1):
        of_month = left[:, month]
        assert abs(of_month.mean() - expected) < 5 * of_month.std(ddof=1) / np.sqrt(members)


def test_the_variance_of_downtime_is_that_of_an_alternating_renewal_process():
    """Over a long time T, Var(days down) / T tends to 2 U² D² / (U + D)³ (Barlow and Proschan 1965), here to 10 %."""
    up, down, members, periods = 20.0, 5.0, 4000, 120
    arrays = capability_arrays(
        [[np.arange(periods) + 0.5]], members=members, outage_every=up, outage_lasts=down, outage_leaves=0.0
    )
    lost = (1 - capability.solve(arrays)["outage_scale"].values[:, 0]) @ arrays["days"].values
    assert lost.var() / arrays["days"].values.sum() == pytest.approx(2 * (up * down) ** 2 / (up + down) ** 3, rel=0.1)


def test_members_and_plants_fail_independently():
    left = capability.solve(_many(members=4000, plants=3, periods=6))["outage_scale"].values.mean(axis=2)
    between_plants = np.corrcoef(left.T)[np.triu_indices(3, 1)]
    between_members = np.corrcoef(left[:-1, 0], left[1:, 0])[0, 1]
    # a correlation of independent numbers is about 1 / sqrt(4000)
    assert np.abs([*between_plants, between_members]).max() < 5 / np.sqrt(4000)


@given(st.floats(1, 60), st.floats(0.1, 40))
@settings(deadline=None, max_examples=40)
def test_a_longer_ramp_never_helps(months, more):
    early, late = (capability.solve(_many(members=1, months_to_nameplate=m))["ramp"] for m in (months, months + more))
    # an S-curve is a hair ahead at its foot: it begins at one hundredth, whatever its length
    assert float((late - early).max()) <= 0.01


def test_what_outages_leave_falls_with_what_each_of_them_takes():
    left = [capability.solve(_many(outage_leaves=share))["outage_scale"] for share in (0.0, 0.5, 0.9)]
    for less, more in pairwise(left):
        assert bool((less <= more).all())
        assert bool((less < more).any())
