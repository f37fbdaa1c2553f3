"""Ageing by hand, its ranges and what it refuses."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cell2grid.engines.ageing import Cells, age, age_over_years, cells_warnings, fresh, health_of
from cell2grid.errors import InputError
from cell2grid.run.life.cells import cells_named
from cell2grid.study.cell_file import cell_sets

SETS = sorted(cell_sets())
LFP = "gasper-2023-lfp-250ah"


def plain(**changed):
    """Cells of simple numbers: losses of 0.001 sqrt(days) and 0.0001 n (1 + D) at any temperature and level."""
    parameters = {
        "calendar_rate": 1e-3,
        "calendar_kelvin": 0.0,
        "calendar_anode": 0.0,
        "calendar_power": 0.5,
        "cycle_rate": 5e-5,
        "cycle_depth": 5e-5,
        "cycle_c_rate": 0.0,
        "cycle_kelvin": 0.0,
        "cycle_kelvin_falling": 0.0,
        "cycle_power": 1.0,
    }
    return Cells(name="plain", law="anode-arrhenius", parameters={**parameters, **changed}, paper="Plain", doi="10.1/x")


def test_time_alone_takes_a_power_of_the_days():
    """At rest for a day, 0.001 x 1^0.5 = 0.001; the second day adds the slope there, 0.5 x 0.001 / 1 x 1 = 0.0005."""
    cells = plain()
    one = age(cells, fresh(cells), np.full(25, 0.5), np.ones(24))
    assert one.health == pytest.approx(1 - 0.001)
    two = age(cells, one.state, np.full(25, 0.5), np.ones(24))
    assert two.health == pytest.approx(1 - 0.0015)
    assert (two.cycle_loss, two.full_cycles) == (0.0, 0.0)


def test_the_published_rate_of_time_is_that_of_its_formula():
    """At 25 degC and an anode of U volts a day takes 8.37e4 exp((-5210 - 3560 U) / 298.15)."""
    filled = 0.0085 + 0.5 * 0.7715
    potential = (
        0.6379
        + 0.5416 * math.exp(-305.5309 * filled)
        - 0.044 * math.tanh((filled - 0.1958) / 0.1088)
        - 0.1978 * math.tanh((filled - 1.0571) / 0.0854)
        - 0.6875 * math.tanh((filled + 0.0117) / 0.0529)
        - 0.0175 * math.tanh((filled - 0.5692) / 0.0875)
    )
    cells = cells_named(LFP)
    rested = age(cells, fresh(cells), [0.5, 0.5], [24.0], 25.0)
    assert rested.calendar_loss == pytest.approx(8.37e4 * math.exp((-5210 - 3560 * potential) / 298.15), rel=1e-12)


def test_a_first_cycle_takes_the_rate_of_the_law():
    """From empty to full and back: n = 1, D = 1, so 0.0001 x (1 / 2 + 1 / 2) x 2 = 0.0002.

    exp(0 / T) + exp(-0 / T) = 2 and (5e-5 + 5e-5 x 1) x 2 = 0.0002 a cycle.
    """
    cells = plain()
    cycled = age(cells, fresh(cells), [0.0, 1.0, 0.0], [4.0, 4.0])
    assert cycled.full_cycles == 1.0
    assert cycled.cycle_loss == pytest.approx(0.0002)
    assert cycled.calendar_loss == pytest.approx(0.001 * math.sqrt(1 / 3))


def test_a_cycle_a_day_counts_what_the_store_holds():
    """Cells that lose nothing but 1 % a cycle hold 0.99 after one: the next is 0.99 of a full cycle of new ones.

    In one run with fixed shares both count whole, for levels are shares of what was held at its beginning.
    """
    cells = plain(calendar_rate=0.0, cycle_rate=0.005, cycle_depth=0.0)
    day = [0.0, 1.0, 0.0], [4.0, 20.0]
    one = age(cells, fresh(cells), *day)
    assert one.health == pytest.approx(0.99)
    assert age(cells, one.state, *day).full_cycles == pytest.approx(0.99)
    week = np.tile([1.0, 0.0], 60)
    fixed = age(cells, fresh(cells), np.append(0.0, week), np.ones(120))
    fading = age(cells, fresh(cells), np.append(0.0, week), np.ones(120), fading=True)
    kept = age(cells, fresh(cells), np.append(0.3, 0.3 + 0.4 * week), np.ones(120), keep_throughput=True)
    assert fixed.full_cycles == pytest.approx(60.0)
    assert fading.full_cycles == pytest.approx((1 - 0.99**60) / 0.01, rel=0.02)
    assert kept.full_cycles == pytest.approx(0.4 * 60.0, rel=0.01)


@pytest.mark.parametrize("name", SETS)
def test_the_losses_of_time_and_use_make_up_the_whole(name):
    cells = cells_named(name)
    level = np.append(0.2, np.tile([0.9, 0.9, 0.2], 300))
    aged = age(cells, fresh(cells), level, np.tile([4.0, 16.0, 4.0], 300), 30.0)
    rested = age(cells, fresh(cells), level, np.tile([4.0, 16.0, 4.0], 300), 30.0, scale=0.0)
    assert 1.0 - aged.health == pytest.approx(aged.calendar_loss + aged.cycle_loss)
    assert aged.calendar_loss > 0.0
    assert aged.cycle_loss > 0.0
    assert rested.health == 1.0
    assert health_of(cells, aged.state) == aged.health


@pytest.mark.parametrize("name", SETS)
def test_new_cells_are_whole(name):
    cells = cells_named(name)
    assert health_of(cells, fresh(cells)) == 1.0


@pytest.mark.parametrize("name", SETS)
def test_rest_at_any_level_and_no_use_at_all_give_numbers(name):
    cells = cells_named(name)
    for level in (0.0, 0.5, 1.0):
        for celsius in (-60.0, 0.0, 100.0):
            aged = age(cells, fresh(cells), np.full(100, level), np.ones(99), celsius)
            assert 0.0 <= aged.health <= 1.0
            assert aged.cycle_loss == 0.0


@pytest.mark.parametrize("name", SETS)
def test_nothing_is_left_below_nothing(name):
    cells = cells_named(name)
    level = np.append(0.0, np.tile([1.0, 0.0], 4380))
    for options in ({}, {"fading": True}, {"keep_throughput": True}):
        aged = age(cells, fresh(cells), level, np.ones(8760), 60.0, scale=100.0, **options)
        assert aged.health == 0.0
        assert np.isfinite(aged.state).all()
        later = age(cells, aged.state, level, np.ones(8760), 60.0, scale=100.0, **options)
        assert (later.health, later.calendar_loss, later.cycle_loss) == (0.0, 0.0, 0.0)


def test_losses_are_multiplied_with_the_scale():
    cells = cells_named(LFP)
    day = np.tile([1.0, 0.0], 365), np.tile([4.0, 20.0], 365)[:-1]
    once, twice = (age(cells, fresh(cells), *day, scale=scale) for scale in (1.0, 2.0))
    assert 1.0 - twice.health == pytest.approx(2.0 * (1.0 - once.health))


def test_a_range_that_is_left_is_named_with_its_paper():
    """A cycle of 0.35 in cells tested from 0.8 to 1: all of the throughput is outside."""
    cells = cells_named(LFP)
    shallow = age(cells, fresh(cells), np.append(0.5, np.tile([0.85, 0.5], 50)), np.tile([4.0, 20.0], 50), 50.0)
    assert cells_warnings(cells, shallow) == [
        "temperature of 50 degC is outside 10 to 45 degC, the range fitted by Gasper 2023 "
        "(https://doi.org/10.1016/j.est.2023.109042), for 100% of the time",
        "depth of 0.35 is outside 0.8 to 1, the range fitted by Gasper 2023 "
        "(https://doi.org/10.1016/j.est.2023.109042), for 100% of the throughput",
    ]
    deep = age(cells, fresh(cells), np.append(0.0, np.tile([1.0, 0.0], 50)), np.tile([4.0, 20.0], 50))
    assert cells_warnings(cells, deep) == []
    fast = age(cells, fresh(cells), np.append(0.0, np.tile([1.0, 0.0], 50)), np.tile([1.0, 23.0], 50))
    assert cells_warnings(cells, [deep, fast])[0].startswith(
        "charge rate of up to 1 1/hour is outside 0 to 0.65 1/hour"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"level": [0.0, 1.2]}, "level is 1.2 at place 1, expected 0 to 1"),
        ({"level": [math.nan, 1.0]}, "level is nan at place 0"),
        ({"level": [0.0, 1.0, 0.0]}, r"\(3,\) levels for \(1,\) steps"),
        ({"level": [0.5], "step_hours": []}, "levels for"),
        ({"step_hours": [0.0]}, "step_hours is 0.0 at place 0, expected above 0"),
        ({"step_hours": [math.inf]}, "step_hours is inf"),
        ({"celsius": 150.0}, "celsius is 150.0 at place 0, expected -60 to 100"),
        ({"celsius": [20.0, 20.0]}, r"\(2,\) temperatures for \(1,\) steps"),
        ({"scale": -1.0}, "scale is -1.0, expected 0 to 100"),
        ({"scale": math.nan}, "scale is nan"),
        ({"state": np.zeros(3)}, "a state of 'plain' is calendar, cycles"),
        ({"state": np.array([math.nan, 0.0])}, "is not finite"),
        ({"fading": True, "keep_throughput": True}, "choose one"),
    ],
)
def test_what_cannot_be_is_refused_by_name(changed, words):
    cells = plain()
    call = {"state": fresh(cells), "level": [0.0, 1.0], "step_hours": [4.0], **changed}
    with pytest.raises(InputError, match=words):
        age(cells, **call)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"law": "linear"}, "law 'linear' is not one of anode-arrhenius"),
        ({"parameters": {}}, "misses parameter calendar_anode"),
        ({"parameters": {**plain().parameters, "knee": 1.0}}, "does not know parameter knee"),
        ({"parameters": {**plain().parameters, "cycle_rate": math.inf}}, "cycle_rate is not finite"),
        ({"fitted": {"voltage": (3.0, 4.0)}}, "'voltage' is not one of temperature"),
        ({"fitted": {"depth": (1.0, 0.8)}}, "expected one that rises"),
    ],
)
def test_cells_that_do_not_fit_their_law_are_refused(changed, words):
    given = {"name": "own", "law": "anode-arrhenius", "parameters": plain().parameters, **changed}
    with pytest.raises(InputError, match=words):
        Cells(**given)


def test_a_table_of_voltages_must_rise():
    good = cells_named("schmalstieg-2014-nmc111-sanyo")
    for tables, words in (
        ({"voltage_level": (0.0, 0.0), "voltage": (3.0, 4.0)}, "does not rise"),
        ({"voltage_level": (0.0, 1.0), "voltage": (3.0,)}, "rows"),
    ):
        with pytest.raises(InputError, match=words):
            Cells(name="own", law=good.law, parameters=good.parameters, tables=tables)


@pytest.mark.parametrize("years", [0, 101, 1.5, math.nan, math.inf])
def test_years_are_a_whole_number(years):
    with pytest.raises(InputError, match="expected a whole number from 1 to 100"):
        age_over_years(plain(), [0.0, 1.0], [4.0], 25.0, years)


def test_a_duty_cycle_of_too_many_steps_is_refused():
    with pytest.raises(InputError, match="take longer steps"):
        age_over_years(plain(), [0.0, 1.0], [1e-6], 25.0, 20)
