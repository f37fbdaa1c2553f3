"""From a study's observations or a file of counts to the document of ramp fits."""

import json

import pytest

from cell2grid.errors import InputError
from cell2grid.run.ramp_question import file_question, plant_question
from cell2grid.run.told.ramp_told import ramp_table, told_ramp
from cell2grid.study.count_file import parse_counts
from cell2grid.study.loader import load_study


def _strict(document):
    return json.loads(json.dumps(document, allow_nan=False))


def test_a_study_s_nameplate_is_what_comes_out_good(changed):
    """1,200 a year of which 80 % of the time and 90 % good: 100 x 0.8 x 0.9 = 72 a month; outages 9 days of 10."""
    study = changed(
        ("    ramp: {curve: immediate}\n", '    ramp: {curve: immediate}\n    availability: "80 percent [gazette]"\n')
    )
    question = plant_question(study, None)
    assert question.nameplate == pytest.approx(72.0)
    assert question.noun == "container"
    down = changed(
        (
            "    ramp: {curve: immediate}\n",
            '    ramp: {curve: immediate}\n    outages: {every: "9 day [gazette]", lasts: "1 day [gazette]"}\n',
        )
    )
    assert plant_question(down, "fjord").nameplate == pytest.approx(100 * 0.9 * 0.9)


def test_months_under_a_shock_count_less(changed):
    """The storm leaves half of April: four months of which the last worked half."""
    case = plant_question(changed(), "fjord").case
    assert case.scale.tolist() == pytest.approx([1.0, 1.0, 1.0, 0.5])
    told = told_ramp(plant_question(changed(), "fjord"))
    immediate = told["curves"][0]
    days = 365 / 12
    assert immediate["expected"][0] == pytest.approx(90.0 * (31 + 28 + 31 + 15) / days)


def test_a_plant_without_counts_or_that_is_none_is_refused(changed):
    study = changed().changed(observations={})
    with pytest.raises(InputError, match="plant 'fjord' has no observation of its output to fit"):
        plant_question(study, "fjord")
    with pytest.raises(
        InputError, match=r"no plant of study '.*' has an observation of its output to fit; add one to obs"
    ):
        plant_question(study, None)
    with pytest.raises(InputError, match="--plant 'quay' is none of the study's plants: fjord"):
        plant_question(study, "quay")


def test_the_shipped_plant_cannot_be_told_by_two_counts():
    told = _strict(told_ramp(plant_question(load_study("shanghai-megapack").study, None)))
    assert [part["items"] for part in told["counts"]] == [1000.0, 1000.0]
    assert told["supply_or_demand"] == "cannot be told"
    assert any("2 counts cannot tell supply from demand" in sentence for sentence in told["verdict"])
    for curve in told["curves"]:
        if curve["spare_counts"] <= 0:
            assert not any(parameter["interval"] for parameter in curve["parameters"])


def test_dates_include_both_ends_and_the_opening_is_the_first_of_them(tmp_path):
    rows = parse_counts("start,end,count\n2030-01-01,2030-01-31,31\n2030-02-01,2030-02-28,56\n")
    question = file_question(tmp_path / "c.csv", rows, opens=None, nameplate=None, noun="item")
    assert question.case.edges.tolist() == [0.0, 31.0, 59.0]
    assert any("--opens is not given: the plant is taken to open on 2030-01-01" in note for note in question.notes)
    told = _strict(told_ramp(question))
    assert told["counts"][1]["stretches"] == [
        {"start_day": 31.0, "end_day": 59.0, "start": "2030-02-01", "end": "2030-02-28"}
    ]
    assert told["nameplate"] is None
    assert told["supply_or_demand"] is None


def test_counts_from_an_opening_that_nobody_names_are_refused(tmp_path):
    rows = parse_counts("end,cumulative\n2030-01-31,31\n")
    with pytest.raises(InputError, match="no row says when that was; add --opens DATE"):
        file_question(tmp_path / "c.csv", rows, opens=None, nameplate=None, noun="item")
    from datetime import date

    with pytest.raises(InputError, match="ends on 2030-01-31, before the plant opens on 2031-01-01"):
        file_question(tmp_path / "c.csv", rows, opens=date(2031, 1, 1), nameplate=None, noun="item")


def test_the_table_of_the_chart_has_the_counts_and_the_curves_not_set_apart():
    question = plant_question(load_study("shanghai-megapack").study, None)
    told = told_ramp(question)
    table = ramp_table(question, told)
    counted = table[table["kind"] == "counted"]
    days = [part["days"] for part in told["counts"]]
    assert counted["rate"].tolist() == pytest.approx([1000 / each * 365 / 12 for each in days])
    assert set(table.loc[table["kind"] == "fitted", "series"]) <= set(told["cannot_be_told_apart"])
    plateau = table[table["series"] == "plateau below nameplate"]["rate"]
    assert plateau.max() == pytest.approx(plateau.min())
