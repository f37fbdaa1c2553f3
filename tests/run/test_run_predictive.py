"""Where each observation lies among the members, and how many the ranges hold."""

import numpy as np
import pytest

from cell2grid.run import run_study
from cell2grid.run.told.predictive import coverage, predictive_rows


def test_a_row_by_hand(changed, folder):
    """Capacity 100 in every member: 90 good ones in each of three months and 45 in April are 315, below the 320."""
    (row,) = predictive_rows(changed(), run_study(changed(), study_folder=folder).arrays)
    assert [row[edge] for edge in ("p2_5", "p10", "p50", "p90", "p97_5")] == pytest.approx([315] * 5)
    assert row["rank"] == 1.0
    assert row["p_value"] == pytest.approx(2 / 41)
    assert not row["inside_80"]
    assert not row["used"]


def test_a_reported_figure_in_the_middle_is_inside(changed, folder):
    """From 50 to 150 a month the total is uniform from 157.5 to 472.5: 320 lies at 51.6 %."""
    study = changed(('"1200 container/year [gazette]"', '"600 .. 1800 container/year [gazette]"'))
    results = run_study(study.changed(members=2000), study_folder=folder)
    (row,) = results.tables["predictive"].to_dict("records")
    assert row["rank"] == pytest.approx(0.516, abs=0.03)
    assert row["p2_5"] == pytest.approx(157.5 + 0.025 * 315, abs=5)
    assert row["inside_80"]
    assert row["inside_95"]


def test_ranges_hold_as_many_as_they_say(changed, folder):
    """Figures drawn as the members are lie in the 80 % range in 80 of 100: of 200 between 140 and 180."""
    study = changed(('"1200 container/year [gazette]"', '"600 .. 1800 container/year [gazette]"'))
    arrays = run_study(study.changed(members=500), study_folder=folder).arrays
    one = study.observations["built"]
    truths = 3.15 * np.random.default_rng(3).uniform(50, 150, 200)
    seen = {
        f"n{number}": one.model_copy(update={"value": type(one.value).model_validate(f"{truth} container [gazette]")})
        for number, truth in enumerate(truths)
    }
    found = coverage(predictive_rows(study.changed(observations=seen), arrays))["held_out"]
    assert found["observations"] == 200
    assert 140 < found["inside_80"] < 180
    assert 180 < found["inside_95"] <= 200
