"""Members weighed by what was reported and drawn anew: against sums by hand, and the laws of it."""

import numpy as np
import pandas as pd
import pytest

from cell2grid.errors import NotConvergedError, StudyError
from cell2grid.run import run_study, run_summary
from cell2grid.run.calibration import calibrated, deviations
from cell2grid.run.ensemble import simulate
from cell2grid.study.quantity import Quantity

RANGE = ('"1200 container/year [gazette]"', '"600 .. 1800 container/year [gazette]"')
ON = 'calibration: {on: [built], tolerance: "5 percent [assumed: counted on a page]", draws: 25}\ncounterfactuals:'


@pytest.fixture
def fjord(changed):
    """Capacity between 50 and 150 a month, of which 90 % are good and, in April, half: built = 0.9 × 3.5 × capacity."""
    return lambda *more: changed(RANGE, ("counterfactuals:", ON), *more)


def test_the_posterior_is_where_the_report_puts_it(fjord, folder):
    """320 = 3.15 × capacity, so capacity is 101.6 a month, or 1,219 a year, with a deviation of 5 %: 61.

    A normal of 61 has its 10 and 90 % at 1,219 ± 78. Members are 400 of 10,000, so a mean is known to about 3.
    """
    study = fjord(("members: 40", "members: 400"))
    found = calibrated(study, study.calibration, members=400, seed=7)
    (row,) = [row for row in found.rows if row["figure"] == "plants.fjord.capacity"]
    assert row["prior"] == pytest.approx(1200, abs=15)
    assert row["mean"] == pytest.approx(1219, abs=15)
    assert row["p10"] == pytest.approx(1219 - 78, abs=15)
    assert row["p90"] == pytest.approx(1219 + 78, abs=15)
    # weights of a normal with deviation s over a range of R keep 2 √π s / R of the members
    assert found.effective == pytest.approx(10_000 * 2 * np.sqrt(np.pi) * 61 / 1200, rel=0.1)


def test_members_run_again_are_those_that_were_weighed(fjord):
    study = fjord()
    kept = calibrated(study, study.calibration, members=40, seed=7)
    alone = simulate(study.changed(calibration=None), members=1000, seed=7).arrays
    again = simulate(study, members=40, seed=7, draws=kept.draws).arrays
    for name in ("capacity", "output", "exports", "stock"):
        assert (alone[name].values[kept.draws] == again[name].values).all()
    assert (again["draw"].values == kept.draws).all()
    assert list(again["member"].values) == list(range(40))


def test_the_run_is_the_same_for_any_number_of_workers(fjord, folder):
    one, two = (run_study(fjord(), study_folder=folder, workers=workers) for workers in (1, 2))
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, two.tables[name])


def test_what_was_used_is_told_apart_from_what_is_a_test(fjord, folder):
    other = '  waste: {variable: scrapped, of: fjord, start: 2030-01, end: 2030-01, value: "10 container [gazette]"}'
    study = fjord(("observations:", f"observations:\n{other}"))
    results = run_study(study, study_folder=folder)
    rows = results.tables["predictive"].set_index("name")
    assert rows["used"].to_dict() == {"waste": False, "built": True}
    summary = run_summary(results, folder)
    assert summary["predictive"]["used"] == {"observations": 1, "inside_80": 1, "inside_95": 1}
    assert summary["predictive"]["held_out"]["observations"] == 1
    assert summary["calibration"]["on"] == ["built"]
    assert summary["calibration"]["weighed"] == 1000


def test_a_wide_tolerance_leaves_the_draws_as_they_were(fjord):
    study = fjord(("5 percent", "100 percent"), ('"320 container', '"300000 container'))
    found = calibrated(study, study.calibration, members=200, seed=7)
    # all members are 299,700 off, by a deviation of 300,000: the weights differ by less than a thousandth
    assert found.effective == pytest.approx(5000, rel=1e-3)
    (row,) = [row for row in found.rows if row["figure"] == "plants.fjord.capacity"]
    assert row["mean"] == pytest.approx(row["prior"], rel=0.05)
    assert found.notes == []


def test_a_report_that_no_member_meets_is_refused_with_the_next_step(fjord):
    study = fjord(('"320 container', '"4000 container'), ("5 percent", "0.1 percent"))
    with pytest.raises(NotConvergedError, match=r"'built' is furthest from all.*raise calibration\.draws") as caught:
        calibrated(study, study.calibration, members=40, seed=7)
    assert "4 container" in str(caught.value)


def test_few_members_are_noted(fjord, folder):
    results = run_study(fjord(("5 percent", "0.5 percent")), study_folder=folder)
    (note,) = [note for note in results.manifest["notes"] if note.startswith("calibration")]
    assert "ranges are rough" in note
    assert results.manifest["calibration"]["effective"] < 100


@pytest.fixture
def nothing(fjord):
    """A study that was built in Python: an observation of nothing."""
    study = fjord()
    one = study.observations["built"]
    return {"built": one.model_copy(update={"value": Quantity.model_validate("0 container [gazette]")})}, study


def test_an_observation_of_nothing_needs_a_least_deviation(nothing):
    seen, study = nothing
    with pytest.raises(StudyError, match=r"'built' is 0 container.*give calibration\.least"):
        deviations(study.calibration, seen)
    least = study.calibration.model_copy(update={"least": Quantity.model_validate("12 container [assumed: x]")})
    assert deviations(least, seen).tolist() == [12.0]


def test_a_least_of_another_kind_is_refused(nothing):
    seen, study = nothing
    least = study.calibration.model_copy(update={"least": Quantity.model_validate("12 day [assumed: x]")})
    with pytest.raises(StudyError, match=r"calibration\.least: is in day"):
        deviations(least, seen)


def test_too_many_members_are_refused_before_the_work(fjord):
    study = fjord(("draws: 25", "draws: 1000"))
    with pytest.raises(StudyError, match="100,000,000, above 10,000,000"):
        calibrated(study, study.calibration, members=100_000, seed=7)


def test_a_study_without_calibration_draws_its_members_as_before(changed, folder):
    results = run_study(changed(), study_folder=folder)
    assert "calibration" not in results.tables
    assert results.manifest["calibration"] is None
    assert (results.arrays["draw"].values == np.arange(40)).all()
