"""A duty cycle over years: by hand, by law, and beside BLAST-Lite over ten of them."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from blast_at_hand import MODELS, TEN_YEARS, duty, ten_years

from cell2grid.engines import ageing
from cell2grid.engines.ageing import age, age_over_years, fresh
from cell2grid.run.life.cells import cells_named

with TEN_YEARS.open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))


def _ours(row):
    hours, level, celsius = duty(row["duty"], float(row["step_hours"]))
    aged = age_over_years(
        cells_named(row["cells"]),
        level,
        np.diff(hours),
        0.5 * (celsius[1:] + celsius[:-1]),
        10,
        keep_throughput=row["keep_throughput"] == "True",
    )
    return float(aged.health[-1])


def _named(row):
    return "-".join((row["cells"], row["duty"], row["step_hours"], "kept" if row["keep_throughput"] == "True" else ""))


@pytest.mark.parametrize("row", ROWS, ids=_named)
def test_ten_years_end_where_those_of_blast_end(row):
    """Within 0.2 points in quarter hours; in hours BLAST-Lite leaves a step of 25 out, which tells below 80 %."""
    theirs = float(row["state_of_health"])
    hourly_and_worn = row["step_hours"] == "1.0" and theirs < 0.8
    assert _ours(row) == pytest.approx(theirs, abs=0.0045 if hourly_and_worn else 0.002)


def test_the_oracle_has_every_set_duty_and_way():
    assert len(ROWS) == len(MODELS) * 3 * 2 * 2


@pytest.mark.parametrize(("place", "name"), list(enumerate(sorted(MODELS))))
def test_blast_still_ends_where_it_is_written_to_end(place, name):
    rows = [row for row in ROWS if row["cells"] == name and row["step_hours"] == "1.0"]
    row = rows[place % len(rows)]
    found = ten_years(name, row["duty"], 1.0, row["keep_throughput"] == "True")
    assert found == pytest.approx(float(row["state_of_health"]), abs=1e-8)


def test_a_day_repeated_is_the_year_of_such_days():
    cells = cells_named("gasper-2023-lfp-250ah")
    day, hours = [0.0, 1.0, 1.0, 0.0], [4.0, 12.0, 8.0]
    year = np.append(0.0, np.tile(day[1:], 365))
    once = age_over_years(cells, day, hours, 25.0, 3)
    whole = age_over_years(cells, year, np.tile(hours, 365), 25.0, 3)
    assert once.health == pytest.approx(whole.health, abs=1e-12)
    first = age(cells, fresh(cells), year, np.tile(hours, 365), fading=True)
    assert first.health == pytest.approx(once.health[0], abs=1e-12)


def test_a_duty_cycle_of_any_length_fills_the_years():
    """100 days do not divide a year, 1,000 days span it: each year still has 365 full cycles of what is left, or so."""
    cells = cells_named("gasper-2023-lfp-250ah")
    day, hours = [1.0, 1.0, 0.0], [4.0, 12.0, 8.0]
    whole = age_over_years(cells, np.append(0.0, np.tile(day, 1825)), np.tile(hours, 1825), 25.0, 5)
    for days in (1, 100, 365, 1000):
        aged = age_over_years(cells, np.append(0.0, np.tile(day, days)), np.tile(hours, days), 25.0, 5)
        assert aged.full_cycles == pytest.approx(365 * (1 + np.append(1, aged.health[:-1])) / 2, rel=0.06)
        assert aged.health == pytest.approx(whole.health, abs=1e-4)
        assert 1 - aged.health[-1] == pytest.approx(np.sum(aged.calendar_loss + aged.cycle_loss))


def test_the_engine_ages_what_the_numbers_say():
    cells = cells_named("schmalstieg-2014-nmc111-sanyo")
    arrays = ageing.duty_arrays(cells, [0.2, 0.8, 0.2], [4.0, 20.0], [20.0, 30.0], years=4, scale=0.5)
    solved = ageing.solve(arrays)
    plain = age_over_years(cells, [0.2, 0.8, 0.2], [4.0, 20.0], [20.0, 30.0], 4, scale=0.5)
    assert solved["state_of_health"].values.tolist() == plain.health.tolist()
    assert solved["resistance"].values.tolist() == plain.resistance.tolist()
    assert solved["year"].values.tolist() == [1, 2, 3, 4]
