"""The states of our laws beside those of BLAST-Lite over the same chunks of time."""

from __future__ import annotations

import numpy as np
import pytest
from blast_at_hand import MODELS, blast_model

from cell2grid.engines.ageing.aged import aged_over
from cell2grid.engines.ageing.chunks import HOLDS, KEPT, chunk_ends
from cell2grid.run.life.cells import cells_named

_WARM_UP = 12  # chunks after which no curve is near its beginning, where our step is held back


def _run():
    """A hundred and twenty days of a daily swing with noise, and cells that are cooler and warmer by season."""
    hours = np.arange(24 * 120 + 1)
    noise = np.random.default_rng(1)
    level = np.clip(0.5 + 0.4 * np.sin(2 * np.pi * hours / 24) + 0.1 * noise.standard_normal(len(hours)), 0, 1)
    level[800:900] = level[800]
    celsius = 25 + 8 * np.sin(2 * np.pi * hours / 24 / 90) + 3 * noise.standard_normal(len(hours))
    return hours.astype(float), level, celsius


def _rescaled(level, left):
    return np.clip(level[0] + (level - level[0]) / left, 0.0, 1.0)


@pytest.mark.parametrize("held_as", [HOLDS, KEPT])
@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_states_are_those_of_blast_over_the_same_chunks(name, held_as):
    hours, level, celsius = _run()
    cells, battery = cells_named(name), blast_model(name)
    ends = chunk_ends(level, hours)
    first, start, begun = 0, None, 0
    for number, end in enumerate(ends):
        if number == _WARM_UP:
            start, begun = np.array([states[-1] for states in battery.states.values()]), first
        part = level[first : end + 1]
        if held_as == KEPT:
            part = _rescaled(part, battery.outputs["q"][-1])
        battery.update_battery_state(hours[first : end + 1] * 3600.0, part, celsius[first : end + 1])
        first = end
    states = len(cells.form.states)
    run = level[begun:], hours[begun:] - hours[begun], celsius[begun:] + 273.15
    aged = aged_over(cells, start[:states].astype(float), *run, 1.0, held_as, ends[_WARM_UP:] - begun)
    theirs = np.array([values[-1] for values in battery.states.values()])[:states]
    assert aged.state == pytest.approx(theirs, abs=1e-9)
    assert aged.health == pytest.approx(battery.outputs["q"][-1], abs=1e-9)
    if np.isfinite(aged.resistance):
        assert aged.resistance == pytest.approx(battery.outputs["r"][-1], abs=1e-9)
