"""Sums of many members without their arrays: held to the arrays of the engines."""

import numpy as np
import pytest
from capability_at_hand import capability_arrays
from hypothesis import given, settings
from hypothesis import strategies as st
from plants_at_hand import supply_arrays

from cell2grid.engines import capability, supply
from cell2grid.engines.capability.arrays import plant_arrays
from cell2grid.engines.supply.bins import BINS, count, empty_bins, set_bounds, summed_up, widen
from cell2grid.engines.supply.kernel_streaming import Plain
from cell2grid.engines.supply.streaming import VARIABLES, plain_summary
from cell2grid.errors import EngineError

MONTHS = 30


def world(members, seed=1, *, plants=5, markets=2):
    """Plants with ramps, outages and yields whose markets are short of some and take all of others."""
    random = np.random.default_rng(seed)
    opens = random.integers(0, 12, plants)
    ages = np.arange(MONTHS)[None, None, :] + 0.5 - opens[:, None, None]
    arrays = capability_arrays(
        ages.tolist(),
        members=members,
        capacity=random.uniform(50, 150, (members, plants, 1)),
        curve="logistic",
        months_to_nameplate=random.uniform(6, 20, (members, plants)),
        yield_start=0.5,
        yield_steady=random.uniform(0.8, 0.95, (members, plants)),
        yield_months=10.0,
        outage_every=60.0,
        outage_lasts=8.0,
    )
    market = np.arange(plants) % (markets + 1) - 1
    demand = random.uniform(20, 200, (markets, MONTHS))
    demand[-1] = np.inf
    factor = random.uniform(0.5, 1.5, (members, markets))
    left, by_member = random.uniform(0.5, 1, (plants, MONTHS)), random.uniform(0.5, 1, (members, plants))
    return arrays, Plain(market, left, by_member, demand, factor)


def solved(arrays, plain):
    """The same by the engines, one after the other."""
    able = capability.solve(arrays)
    values = {name: able[name].transpose("member", "plant", "period").values for name in able}
    regions = [f"R{place}" for place in plain.market]
    ledger = supply_arrays(
        values.pop("capacity"),
        regions=regions,
        markets=[(f"R{place}", 0.0) for place in range(len(plain.demand))],
        availability=plain.scale_by_member[:, :, None],
        shutdown_scale=plain.scale,
        **values,
    )
    ledger["market_demand"][:] = plain.demand[None] * plain.demand_by_member[:, :, None]
    return supply.solve(ledger)


def test_bins_by_hand():
    # 1 to 5: the mean is 3, the deviation the root of 2, the middle one is 3
    values = np.array([4.0, 2.0, 5.0, 1.0, 3.0])
    bins, room = empty_bins(1), np.empty(5, np.int32)
    widen(bins, 0, 1, values[None], 5)
    set_bounds(bins, 0, 1)
    count(bins, 0, 1, values[None], 5, room)
    found = summed_up(bins, 5, (0.5,))
    # the bins cover 1 - 1 to 5 + 1
    assert float(bins.width[0]) == pytest.approx(6 / BINS)
    assert (float(found.mean[0]), float(found.deviation[0])) == pytest.approx((3.0, np.sqrt(2.0)))
    assert float(found.quantiles[0, 0]) == pytest.approx(3.0, abs=6 / BINS)
    assert float(found.error[0, 0]) == pytest.approx(6 / BINS)


NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40)


@given(NUMBERS, NUMBERS, st.floats(0, 1))
@settings(deadline=None)
def test_a_quantile_is_no_further_off_than_is_said(first, later, share):
    """Whatever comes after the members that the bounds were taken from."""
    values, room = np.array(first + later), np.empty(80, np.int32)
    bins = empty_bins(1)
    widen(bins, 0, 1, np.array([first]), len(first))
    set_bounds(bins, 0, 1)
    count(bins, 0, 1, values[None], len(values), room)
    found = summed_up(bins, len(values), (share,))
    exact = np.quantile(values, share)
    assert abs(found.quantiles[0, 0] - exact) <= found.error[0, 0] * (1 + 1e-9) + 1e-6
    assert float(found.mean[0]) == pytest.approx(values.mean(), rel=1e-6, abs=1e-3)
    assert int(bins.counts.sum()) == len(values)


@pytest.mark.parametrize("members", [1, 63, 700])
def test_the_summary_is_that_of_the_engines_arrays(members):
    arrays, plain = world(members)
    found, whole = plain_summary(plant_arrays(arrays), plain), solved(arrays, plain)
    for name in VARIABLES:
        values = whole[name].transpose("member", "plant", "period").values
        assert found[name].mean == pytest.approx(values.mean(axis=0), rel=1e-9, abs=1e-7)
        assert found[name].deviation == pytest.approx(values.std(axis=0), rel=1e-6, abs=1e-5)
        exact = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
        assert np.all(np.abs(found[name].quantiles - exact) <= found[name].error * (1 + 1e-9) + 1e-7)


def test_the_middle_of_many_members_is_known_to_three_hundredths_of_what_they_span():
    arrays, plain = world(700)
    found, whole = plain_summary(plant_arrays(arrays), plain), solved(arrays, plain)
    values = whole["output"].transpose("member", "plant", "period").values
    span = values.max(axis=0) - values.min(axis=0)
    assert np.all(found["output"].error[1] <= 0.03 * span + 1e-6)


def test_any_number_of_threads_gives_the_same_bytes():
    arrays, plain = world(200)
    one, three = (plain_summary(plant_arrays(arrays), plain, threads=threads) for threads in (1, 3))
    for name in VARIABLES:
        assert all(left.tobytes() == right.tobytes() for left, right in zip(one[name], three[name], strict=True))


def test_a_factor_below_nothing_is_refused():
    arrays, plain = world(3)
    with pytest.raises(EngineError, match="scale_by_member of plain plants has a number that is missing or below 0"):
        plain_summary(plant_arrays(arrays), plain._replace(scale_by_member=-plain.scale_by_member))
