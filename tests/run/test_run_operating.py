"""Modelled days of operation against reported ones: by hand, and nine Megapack projects that were each held out."""

from datetime import date

import pytest

from cell2grid.report.findings import findings
from cell2grid.run import run_study, run_summary
from cell2grid.run.operating import months_since
from cell2grid.run.record_check import check_record, read_record
from cell2grid.study.loader import load_study

ORDER = '    order: {plant: fjord, product: pack, energy: "399 MWh [gazette]", ordered: "2030-01-05 [gazette]"}'


@pytest.fixture(scope="module")
def nine():
    return run_study(load_study("megapack-deliveries").study)


def test_a_day_in_months_by_hand():
    assert months_since("2030-01", date(2030, 1, 1)) == 0
    assert months_since("2030-01", date(2031, 2, 15)) == 13.5
    assert months_since("2030-03", date(2030, 1, 1)) == -2


def test_a_miss_by_hand(changed, folder):
    """200 packs at 90 a month are complete in March, month 2; two months later it is May, whose middle is at 4.5.

    Reported was 1 May, at 4.0: half a month, or 15.2 days, too late.
    """
    study = changed((ORDER, f'{ORDER}\n    operated: "2030-05-01 [gazette]"'))
    results = run_study(study, study_folder=folder)
    (row,) = results.tables["operating"].to_dict("records")
    assert (row["project"], row["reported"], row["commissioning_p50"]) == ("heath", "2030-05-01", "2030-05")
    assert row["missed"] == pytest.approx(0.5 * 365.25 / 12)
    assert row["inside_80"]
    told = run_summary(results, folder)["operating"]
    assert told["mean_absolute_error"] == pytest.approx(15.22, abs=0.01)
    assert told["inside_80"] == 1


def test_what_was_reported_changes_nothing_that_is_computed(changed, folder):
    runs = [
        run_study(changed((ORDER, f'{ORDER}\n    operated: "{day} [gazette]"')), study_folder=folder)
        for day in ("2030-05-01", "2031-01-01")
    ]
    assert runs[0].arrays.identical(runs[1].arrays)
    assert runs[0].tables["operating"]["missed"][0] > runs[1].tables["operating"]["missed"][0]


def test_an_order_that_never_arrives_has_no_miss_and_is_not_inside(changed, folder):
    more = ORDER.replace("399", "99999")
    study = changed((ORDER, f'{more}\n    operated: "2030-05 [gazette]"'))
    results = run_study(study, study_folder=folder)
    (row,) = run_summary(results, folder)["operating"]["projects"]
    assert row["missed"] is None
    assert not row["inside_80"]


def test_a_run_without_reported_days_has_no_table(changed, folder):
    results = run_study(changed(), study_folder=folder)
    assert "operating" not in results.tables
    assert run_summary(results, folder)["operating"] is None


def test_nine_projects_are_held_against_their_days(nine):
    frame = nine.tables["operating"].set_index("project")
    assert len(frame) == 9
    assert frame["inside_80"].sum() >= 5
    # what the page says of the study
    assert frame["missed"].abs().mean() == pytest.approx(207, abs=3)


def test_the_misses_are_told_in_words(nine):
    (text,) = [finding.text for finding in findings(nine) if "reported to operate" in finding.text]
    assert text.startswith("9 projects were reported to operate on a day: the middle case misses it by ")
    assert (
        "the modelled range holds 6; the widest miss is Clay Tye, reported 2024-03-22 and modelled April 2022." in text
    )


def test_the_study_takes_each_time_from_the_other_years(nine, shared):
    """The middle of each project is what the rule says that was fitted without its year, to within half a month."""
    check = check_record(read_record(shared / "data/megapack-projects.csv"), kind="megapack")
    by_start = {project.start: said for project, said in zip(check.asked, check.said["site and power"], strict=True)}
    study = load_study("megapack-deliveries").study
    for row in nine.tables["operating"].to_dict("records"):
        project = study.projects[row["project"]]
        took = (project.operated.first - project.order.ordered.first).days + row["missed"]
        assert took == pytest.approx(by_start[project.order.ordered.first], abs=32)
    missed = nine.tables["operating"]["missed"].abs().mean()
    assert all(missed < abs(check.misses[name]).mean() for name in ("median", "nearest in size", "last begun"))
