"""What a plant of a study says, as arrays of the engines: blocks, ramps, yields, stops, shifts, times and limits."""

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.inputs.plant_kind import said
from cell2grid.run.inputs.plants import defaults, plant_labels, plant_values
from cell2grid.run.inputs.shocks import Shocks

OWN_YIELD = 'yield: "90 percent [gazette]"'


def values(study, count=2, first=0, seed=None):
    figures = Figures(study.seed if seed is None else seed, first=first, count=count)
    periods = months_between(study.horizon.start, study.horizon.end)
    found = plant_values(study, figures, periods, Shocks(study, figures, periods))
    return {name: array for name, (_, array) in found.items()}


@pytest.fixture
def plant(changed):
    """The study whose plant also says what is given, in place of its yield."""

    def make(text, *replacements):
        return changed((OWN_YIELD, text.strip().replace("\n", "\n    ")), *replacements)

    return make


def test_a_yield_is_a_share_or_a_curve(plant):
    share = values(plant(OWN_YIELD))
    assert (share["yield_start"][0, 0], share["yield_steady"][0, 0], share["yield_months"][0, 0]) == (0.9, 0.9, 0.0)
    curve = (
        'yield: {start: "60 percent [gazette]", steady: "92 percent [gazette]", months_to_steady: "24 month [gazette]"}'
    )
    found = values(plant(curve))
    assert (found["yield_start"][0, 0], found["yield_steady"][0, 0], found["yield_months"][0, 0]) == (0.6, 0.92, 24.0)


def test_a_shutdown_is_weighted_by_its_days(plant):
    """Six of April's thirty days at nothing, and ten of June's at a half: 24 / 30 and 25 / 30."""
    study = plant(f"""
{OWN_YIELD}
shutdowns:
- {{start: "2030-04-05 [gazette]", end: "2030-04-10 [gazette]"}}
- {{start: "2030-06-21 [gazette]", end: "2030-06-30 [gazette]", leaves: "50 percent [gazette]"}}
""")
    left = values(study)["shutdown_scale"][0, 0]
    assert left[[2, 3, 4, 5, 6]].tolist() == pytest.approx([1.0, 24 / 30, 1.0, 25 / 30, 1.0])


def test_a_shutdown_of_every_year_comes_again_on_its_days(plant):
    """29 February stands for the 28th in other years; two days of 2029 and 2030, three of the leap year 2028."""
    study = plant(
        f"""
{OWN_YIELD}
shutdowns:
- {{start: "2028-02-27 [gazette]", end: "2028-02-29 [gazette]", every_year: true}}
- {{start: "2027-12-30 [gazette]", end: "2028-01-02 [gazette]", every_year: true}}
""",
        ("start: 2030-01, end: 2030-12", "start: 2028-01, end: 2030-12"),
    )
    left = values(study)["shutdown_scale"][0, 0]
    assert left[[1, 13, 25]].tolist() == pytest.approx([26 / 29, 26 / 28, 26 / 28])
    assert left[[0, 11, 12, 23, 24]].tolist() == pytest.approx([29 / 31] * 5)


def test_shifts_are_hours_by_the_nameplate_s_until_the_next_row_or_the_end(plant):
    """For 80 hours a week: 40 from 11 April on (20 days of 30), 120 from 1 June to the 15th, then 80 again."""
    study = plant(f"""
{OWN_YIELD}
nameplate_hours: "80 hour/week [gazette]"
shifts:
- {{start: "2030-06-01 [gazette]", end: "2030-06-15 [gazette]", hours: "120 hour/week [gazette]"}}
- {{start: "2030-04-11 [gazette]", hours: "40 hour/week [gazette]"}}
""")
    scale = values(study)["shift_scale"][0, 0]
    assert scale[[2, 3, 4, 5, 6]].tolist() == pytest.approx([1.0, (10 + 20 * 0.5) / 30, 0.5, (15 * 1.5 + 15) / 30, 1.0])


def test_shifts_without_hours_to_hold_them_against_are_refused(changed):
    from cell2grid.study.model import Shift

    study = changed()
    shift = Shift.model_validate({"start": "2030-02-01", "hours": "40 hour/week"})
    made = study.plants["fjord"].changed(shifts=(shift,))
    with pytest.raises(StudyError, match=r"plants\.fjord: has shifts; give nameplate_hours"):
        values(study.changed(plants={"fjord": made}))


def test_times_and_limits_are_in_months_and_items(plant):
    """73 days are a fifth of a year, 2.4 months; 500 MWh are 250 items of 2 MWh."""
    found = values(plant(f'{OWN_YIELD}\nprocess_time: "73 day [gazette]"\nstock_limit: "500 MWh [gazette]"'))
    assert found["process_time"][0, 0] == pytest.approx(2.4)
    assert found["stock_limit"][0, 0] == pytest.approx(250.0)
    none = values(plant(OWN_YIELD))
    assert none["process_time"][0, 0] == 0.0
    assert none["stock_limit"][0, 0] == np.inf


def test_outages_are_in_days_and_missing_where_none_are_said(plant):
    text = f'{OWN_YIELD}\noutages: {{every: "2 month [gazette]", lasts: "36 hour [gazette]"}}'
    found = values(plant(text))
    assert found["outage_every"][0, 0] == pytest.approx(365 / 6)
    assert found["outage_lasts"][0, 0] == pytest.approx(1.5)
    assert found["outage_leaves"][0, 0] == 0.0
    assert np.isnan(values(plant(OWN_YIELD))["outage_every"]).all()


def test_outages_too_short_to_follow_are_refused_and_never_waited_for(plant):
    text = f'{OWN_YIELD}\noutages: {{every: "100 second [gazette]", lasts: "1 second [gazette]"}}'
    with pytest.raises(StudyError, match=r"plants\.fjord\.outages: '100 second' .* above 100,000; .* availability"):
        values(plant(text))


def test_streams_of_outages_go_by_seed_and_plant(changed):
    study = changed()
    twin = study.changed(plants={**study.plants, "other": study.plants["fjord"]})
    one, two, third = (values(*case)["outage_stream"] for case in ((study,), (twin,), (twin, 2, 0, 99)))
    assert one[0] == two[0]
    assert len({*two.tolist(), *third.tolist()}) == 4


def test_learning_by_making_has_items_and_a_start(changed):
    ramp = '{curve: learning, items_to_nameplate: "2000 container [gazette]", starts_at: "20 percent [gazette]"}'
    study = changed(("{curve: immediate}", ramp))
    found = values(study)
    assert (found["learning_items"][0, 0], found["learning_start"][0, 0]) == (2000.0, 0.2)
    assert plant_labels(study)["ramp_curve"] == ("plant", ["learning"])
    untold = changed(("{curve: immediate}", ramp.replace(', starts_at: "20 percent [gazette]"', "")))
    assert values(untold)["learning_start"][0, 0] == pytest.approx(0.01)
    assert any("starts_at is not given, taken as 1 %" in sentence for sentence in defaults(untold))
    assert np.isnan(values(changed())["learning_items"]).all()


def test_a_plant_that_would_start_with_nothing_is_refused(changed):
    ramp = '{curve: learning, items_to_nameplate: "2000 container [gazette]", starts_at: "0 percent [gazette]"}'
    with pytest.raises(StudyError, match="a plant that starts with nothing never learns"):
        values(changed(("{curve: immediate}", ramp)))


def test_a_plant_s_own_figures_come_before_its_technology_s(changed):
    kind = """technologies:
  works:
    kind: plant
    process_time: "10 day [gazette]"
    availability: "80 percent [gazette]"
    outages: {every: "30 day [gazette]", lasts: "1 day [gazette]"}
"""
    study = changed(
        ("technologies:\n", kind),
        ("    makes: pack\n", '    makes: pack\n    technology: works\n    process_time: "5 day [gazette]"\n'),
    )
    found = values(study)
    assert found["process_time"][0, 0] == pytest.approx(5 * 12 / 365)
    assert found["availability"][0, 0, 0] == 0.8
    assert found["outage_every"][0, 0] == 30.0
    assert said(study, "fjord", "process_time").path == "plants.fjord.process_time"
    assert said(study, "fjord", "outages").path == "technologies.works.outages"


def test_what_is_not_said_is_listed(changed):
    assert defaults(changed())[-1] == (
        "plants.fjord: not given: outages taken as none, process time taken as none, stock limit taken as no limit"
    )
