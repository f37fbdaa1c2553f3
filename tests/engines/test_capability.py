"""What plants could start: cases solved by hand, the two forms side by side, and what is refused."""

import math

import numpy as np
import pytest
from capability_at_hand import capability_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import capability
from cell2grid.errors import EngineError
from cell2grid.formulas.counter import shares, words

FORMS = pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "plain"])


@FORMS
def test_capacity_by_hand(compiled):
    """Blocks of 10 and 30 a month; the second opens in the middle of the second month: 10, 10 + 15, 10 + 30."""
    arrays = capability_arrays(
        [[[0.5, 1.5, 2.5], [-1.0, 0.25, 1.0]]],
        capacity=[10.0, 30.0],
        open_share=[[[1.0, 1.0, 1.0], [0.0, 0.5, 1.0]]],
    )
    solved = capability.solve(arrays, compiled=compiled)
    assert solved["capacity"].values[0, 0].tolist() == [10.0, 25.0, 40.0]


@FORMS
def test_ramp_by_hand(compiled):
    """Linear over 4 months, blocks of 10 and 30 of ages 1, 2, 3 and none, 0, 1.

    Alone 1/4; then (10 x 1/2 + 30 x 0) / 40 = 1/8; then (10 x 3/4 + 30 x 1/4) / 40 = 3/8. The second plant is an
    S-curve over 12 months at 6 and at 12: a half and 99 %; before it opens, nothing.
    """
    ages = [[[1.0, 2.0, 3.0], [-1.0, 0.0, 1.0]], [[-1.0, 6.0, 12.0], [-9.0, -8.0, -7.0]]]
    arrays = capability_arrays(
        ages, capacity=[10.0, 30.0], curve=["linear", "logistic"], months_to_nameplate=[4.0, 12.0]
    )
    ramp = capability.solve(arrays, compiled=compiled)["ramp"].values[0]
    assert ramp[0] == pytest.approx([0.25, 0.125, 0.375], rel=1e-14)
    assert ramp[1] == pytest.approx([0.0, 0.5, 0.99], rel=1e-14)


@FORMS
def test_what_is_learned_by_making_and_a_ramp_of_no_time_are_whole_at_once(compiled):
    ages = [[[-1.0, 0.5, 1.5]]] * 3
    arrays = capability_arrays(ages, curve=["learning", "logistic", "tranches"], months_to_nameplate=[9.0, 0.0, 0.0])
    ramp = capability.solve(arrays, compiled=compiled)["ramp"].values[0]
    assert ramp.tolist() == [[0.0, 1.0, 1.0]] * 3


@FORMS
def test_yield_by_hand(compiled):
    """From 50 % to 90 % in 24 months: 0.5 up to the opening; 0.9 - 0.4 / 10 at 12 months; 0.9 - 0.4 / 100 at 24."""
    arrays = capability_arrays(
        [[[-1.0, 0.0, 12.0, 24.0]], [[-1.0, 0.0, 12.0, 24.0]]],
        yield_start=[0.5, 0.5],
        yield_steady=[0.9, 0.9],
        yield_months=[24.0, 0.0],
    )
    rates = capability.solve(arrays, compiled=compiled)["yield_rate"].values[0]
    assert rates[0] == pytest.approx([0.5, 0.5, 0.86, 0.896], rel=1e-14)
    assert rates[1].tolist() == [0.9] * 4


@FORMS
def test_outages_by_hand(compiled):
    """The first outages of a plant, from the numbers of its own key.

    Up 40 days and down 10 on average, a fifth left while it is down. The numbers with the counters 1, 2, 3, ... give
    the first time up, the first time down and so on; the days of each outage are laid over the months of 31, 28, 31
    and 30 days.
    """
    arrays = capability_arrays(
        [[[0.5, 1.5, 2.5, 3.5]]], outage_every=40.0, outage_lasts=10.0, outage_leaves=0.2, first=5
    )
    key = words(1, 5)
    numbers = shares(key, np.arange(60))
    down = np.zeros(120)
    assert numbers[0] > 10.0 / 50.0, "this member begins up"
    now = 0.0
    for turn in range(29):
        now += -40.0 * math.log(numbers[1 + 2 * turn])
        over = now - 10.0 * math.log(numbers[2 + 2 * turn])
        for day in range(120):
            down[day] += max(min(over, day + 1) - max(now, day), 0.0)
        now = over
    expected = [1 - 0.8 * days.mean() for days in np.split(down, [31, 59, 90])]
    found = capability.solve(arrays, compiled=compiled)["outage_scale"].values[0, 0]
    assert found == pytest.approx(expected, rel=1e-12)
    assert min(expected) < 1.0


@FORMS
def test_a_plant_that_begins_down_is_down_from_the_first_day(compiled):
    """Up 1 day and down 1,000,000 on average: all but surely down throughout."""
    arrays = capability_arrays([[[0.5, 1.5]]], outage_every=1.0, outage_lasts=1e6, outage_leaves=0.25)
    found = capability.solve(arrays, compiled=compiled)["outage_scale"].values[0, 0]
    assert found.tolist() == [0.25, 0.25]


@FORMS
@pytest.mark.parametrize(
    "outage",
    [
        {"outage_every": np.nan},
        {"outage_every": 30.0, "outage_lasts": 0.0},
        {"outage_every": 30.0, "outage_leaves": 1.0},
    ],
)
def test_outages_that_cost_nothing_leave_exactly_all(compiled, outage):
    arrays = capability_arrays([[[0.5, 1.5, 2.5]]], **outage)
    assert capability.solve(arrays, compiled=compiled)["outage_scale"].values.tolist() == [[[1.0, 1.0, 1.0]]]


AGES = st.lists(
    st.lists(st.floats(-30, 200) | st.just(math.inf) | st.integers(-30, 30).map(float), min_size=7, max_size=7),
    min_size=2,
    max_size=2,
)


@given(
    st.lists(st.tuples(AGES, st.sampled_from(["immediate", "linear", "tranches", "logistic", "learning"])), max_size=3),
    st.booleans(),
    st.floats(0, 100),
    st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 100)),
    st.tuples(st.just(math.nan) | st.floats(0.5, 1000), st.floats(0, 200), st.floats(0, 1)),
)
@settings(deadline=None, max_examples=150)
def test_the_kernel_is_the_reference(plants, stepping, months, yields, outages):
    ages = np.array([ages for ages, _ in plants], dtype=float).reshape(len(plants), 2, 7)
    if stepping:  # ages as the calendar gives them: by whole months but for the first
        ages = np.where(np.isfinite(ages), ages[..., :1] + np.arange(7.0), ages)
    arrays = capability_arrays(
        ages,
        members=3,
        curve=[curve for _, curve in plants],
        capacity=[10.0, 25.0],
        months_to_nameplate=months,
        yield_start=yields[0],
        yield_steady=yields[1],
        yield_months=yields[2],
        outage_every=outages[0],
        outage_lasts=outages[1],
        outage_leaves=outages[2],
    )
    fast, plain = (capability.solve(arrays, compiled=compiled) for compiled in (True, False))
    for name in capability.WRITES:
        assert fast[name].values == pytest.approx(plain[name].values, rel=1e-9, abs=1e-12), name
        assert np.all((fast[name] >= 0) & np.isfinite(fast[name]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"curve": "cubic"}, "ramp curve 'cubic' is not one of immediate, learning, linear, tranches, logistic"),
        ({"capacity": -1.0}, "'tranche_capacity' at .* expected 0 or more"),
        ({"capacity": np.nan}, "'tranche_capacity' at .* expected 0 or more"),
        ({"months_to_nameplate": np.inf}, "'months_to_nameplate' at .* expected 0 or more"),
        ({"yield_start": 1.1}, "'yield_start' at .* expected from 0 to 1"),
        ({"outage_every": 0.0}, "'outage_every' at .* expected above 0"),
        ({"outage_every": 10.0, "outage_lasts": -1.0}, "'outage_lasts' at .* expected 0 or more"),
        ({"outage_every": 1e-6, "outage_lasts": 1e-6}, "plant 'plant-0' has about .* outages .* its availability"),
    ],
)
def test_numbers_out_of_bounds_are_refused_by_name(changes, message):
    with pytest.raises(EngineError, match=message):
        capability.solve(capability_arrays([[[0.5, 1.5]]], **changes))
