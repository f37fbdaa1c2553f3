"""What holds of any cells: more time, more use or a larger scale never leaves more, and a run may be cut."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines.ageing import age, fresh
from cell2grid.engines.ageing.chunks import chunk_ends
from cell2grid.engines.ageing.trajectories import power_step, sigmoid_step
from cell2grid.run.life.cells import cells_named
from cell2grid.study.cell_file import cell_sets

sets = st.sampled_from(sorted(cell_sets()))
levels = st.lists(st.floats(0, 1), min_size=2, max_size=60)
losses = st.floats(0, 0.5)
steps = st.floats(0, 5000)
powers = st.floats(0.2, 1.5)
rates = st.floats(1e-9, 1e-2)


def _aged(name, level, celsius=25.0, hours=4.0, **options):
    cells = cells_named(name)
    return age(cells, fresh(cells), level, np.full(len(level) - 1, hours), celsius, **options)


def test_a_power_is_followed_from_where_the_loss_is():
    """0.01 x^0.5 is 0.02 at x = 4; a step of 1 adds its slope there, 0.5 x 0.02 / 4 = 0.0025."""
    assert power_step(0.0, 4.0, 0.01, 0.5) == pytest.approx(0.02)
    assert power_step(0.02, 1.0, 0.01, 0.5) == pytest.approx(0.0225)
    assert sigmoid_step(0.0, 4.0, 0.5, 0.1, 1.0) == pytest.approx(0.5 * math.tanh(0.2))


@given(losses, steps, rates, powers, st.integers(200, 400))
def test_small_steps_end_on_the_curve(loss, length, rate, power, parts):
    end = loss
    for _ in range(parts):
        end = power_step(end, length / parts, rate, power)
    place = (loss / rate) ** (1.0 / power) if loss else 0.0
    exact = rate * (place + length) ** power
    assert end == pytest.approx(exact, rel=0.05 if power <= 1 else 0.3, abs=1e-9)


@given(losses, losses, steps, steps, rates, rates, powers)
def test_a_longer_step_or_a_higher_rate_never_loses_less(loss, more, length, longer, rate, faster, power):
    low = power_step(loss, length, rate, power)
    assert low >= loss
    spare = 1e-12 + 1e-9 * low
    assert power_step(loss, length + longer, rate, power) >= low - spare
    if power <= 1.0 or loss > 0.0:
        assert power_step(loss + more, length, rate, power) >= low - spare
    if power <= 1.0:
        assert power_step(loss, length, rate + faster, power) >= low - spare


@given(losses, steps, st.floats(1e-3, 1.0), st.floats(1e-6, 1e-2), powers)
def test_a_sigmoid_stays_finite_and_rises(loss, length, most, rate, power):
    end = sigmoid_step(loss, length, most, rate, power)
    assert math.isfinite(end)
    assert end >= loss


@settings(max_examples=60)
@given(sets, levels, st.floats(10, 40), st.booleans())
def test_more_time_never_leaves_more(name, level, celsius, fading):
    """A run that goes on at rest has lost at least what it had."""
    before = _aged(name, level, celsius, fading=fading)
    cells = cells_named(name)
    after = age(cells, before.state, np.full(25, level[-1]), np.ones(24), celsius, fading=fading)
    assert after.health <= before.health + 1e-12
    assert 0.0 <= before.health <= 1.0


@settings(max_examples=60)
@given(sets, st.integers(1, 40), st.integers(1, 40), st.floats(20, 40))
def test_more_cycles_in_the_same_time_never_leave_more(name, cycles, more, celsius):
    """Full cycles of four hours, then rest, over the same days."""
    days = cycles + more

    def health(count):
        level = np.append(0.0, np.tile([1.0, 0.0, 0.0], days))
        level[1 + 3 * count :] = 0.0
        cells = cells_named(name)
        return age(cells, fresh(cells), level, np.tile([4.0, 4.0, 16.0], days), celsius).health

    assert health(days) <= health(cycles) + 1e-12


@settings(max_examples=60)
@given(sets, levels, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_scale_never_leaves_more_and_none_leaves_all(name, level, small, more):
    assert _aged(name, level, scale=0.0).health == 1.0
    assert _aged(name, level, scale=small + more).health <= _aged(name, level, scale=small).health


@settings(max_examples=60)
@given(sets, st.floats(0.05, 1), st.floats(10, 44), st.floats(0, 34), st.integers(1, 400))
def test_warmer_rest_never_leaves_more_within_the_fitted_range(name, level, celsius, warmer, days):
    run = np.full(days + 1, level)
    cold = _aged(name, run, celsius, 24.0)
    warm = _aged(name, run, min(celsius + warmer, 45.0) if warmer else celsius, 24.0)
    if celsius <= 45.0:
        assert warm.health <= cold.health + 1e-12


@settings(max_examples=60)
@given(sets, levels, levels)
def test_a_run_that_is_cut_where_a_chunk_ends_gives_the_same_state(name, first, second):
    level = np.array([*first, *second])
    hours = np.arange(len(level)) * 6.0
    ends = chunk_ends(level, hours)
    cells, place = cells_named(name), int(ends[len(ends) // 2])
    whole = age(cells, fresh(cells), level, np.full(len(level) - 1, 6.0), fading=True)
    # the turns of each part alone are those of the whole where chunks last for a day at rest
    left = age(cells, fresh(cells), level[: place + 1], np.full(place, 6.0), fading=True)
    if place == len(level) - 1:
        assert left.state.tolist() == whole.state.tolist()
        return
    both = age(cells, left.state, level[place:], np.full(len(level) - 1 - place, 6.0), fading=True)
    assert both.full_cycles + left.full_cycles == pytest.approx(whole.full_cycles, rel=0.05, abs=1e-9)
    assert 1.0 - both.health == pytest.approx(1.0 - whole.health, rel=0.35, abs=1e-6)


@given(levels, st.floats(0.25, 48))
def test_chunks_cover_the_run_once(level, step):
    hours = np.arange(len(level)) * step
    ends = chunk_ends(np.array(level), hours)
    assert ends[-1] == len(level) - 1
    assert (np.diff(np.append(0, ends)) > 0).all()


def test_rounding_of_levels_does_not_decide_where_chunks_end():
    """Full swings are just one cycle each, and plateaus have one last step, whatever the last digits say."""
    generator = np.random.default_rng(8)
    swings = np.tile([0.0, 0.5, 1.0, 1.0, 0.6, 0.0, 0.0, 0.3, 0.3, 0.0, 0.7, 0.7, 0.2], 600)
    hours = np.arange(len(swings), dtype=float)
    cells = cells_named("gasper-2023-nmc-75ah-a")
    clean = age(cells, fresh(cells), swings, np.ones(len(swings) - 1))
    for noise in (1e-16, 1e-14, 1e-11):
        rough = np.clip(swings + noise * generator.standard_normal(len(swings)), 0.0, 1.0)
        assert chunk_ends(rough, hours).tolist() == chunk_ends(swings, hours).tolist()
        worn = age(cells, fresh(cells), rough, np.ones(len(swings) - 1))
        assert worn.health == pytest.approx(clean.health, rel=1e-9)


def test_a_day_of_rest_after_another_is_cut_without_a_trace():
    """Rest ends chunks after the first hour past a day, 25 hours each; a run cut at one goes on as if it were not."""
    cells = cells_named("naumann-2020-lfp-sony")
    level = np.append(0.0, np.tile([1.0, *[1.0] * 60, 0.0, *[0.0] * 60], 6))
    ends = chunk_ends(level, np.arange(len(level), dtype=float))
    place = int(ends[len(ends) // 2])
    whole = age(cells, fresh(cells), level, np.ones(len(level) - 1), fading=True)
    left = age(cells, fresh(cells), level[: place + 1], np.ones(place), fading=True)
    both = age(cells, left.state, level[place:], np.ones(len(level) - 1 - place), fading=True)
    assert both.health == pytest.approx(whole.health, abs=1e-6)
