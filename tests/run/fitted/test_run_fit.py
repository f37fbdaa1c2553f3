"""Unknown figures of a study fitted to what was reported of it: known ones are found again, and the text holds them."""

import pytest
from ramping_study import RAMPING, REEF, ramping, unknown

from cell2grid.errors import InputError, StudyError
from cell2grid.results import TABLES
from cell2grid.run import run_study
from cell2grid.run.fitted import fit_document, fit_of, fit_tables, with_fitted
from cell2grid.run.fitted.asked import asked_of
from cell2grid.study.loader import load_study, parse_study
from cell2grid.study.yaml_tree import parse_tree

CAPACITY, MONTHS = "plants.fjord.capacity", "plants.fjord.ramp.months_to_nameplate"


@pytest.fixture(scope="module")
def fitted():
    return fit_of(ramping())


def rows(document, part, key="figure"):
    return {row[key]: row for row in document[part]}


def test_figures_that_made_the_reports_are_found_again(fitted):
    """2430 packs in the first half year, 12,960 in the second year: 14,400 a year, a ramp of 8 months."""
    found = rows(fit_document(fitted), "unknowns")
    assert found[CAPACITY]["value"] == pytest.approx(14400, rel=1e-5)
    assert found[MONTHS]["value"] == pytest.approx(8.0, rel=1e-5)
    # one deviation of the second year is 2 % of it, and so is that of the capacity
    assert found[CAPACITY]["deviation"] == pytest.approx(0.02 * 14400, rel=1e-3)
    assert (found[CAPACITY]["low"], found[CAPACITY]["high"]) == pytest.approx(
        (14400 * (1 - 0.0392), 14400 * (1 + 0.0392)), rel=2e-3
    )
    assert all(row["identified"] for row in found.values())


def test_what_was_held_out_is_predicted_and_not_used(fitted):
    document = fit_document(fitted)
    seen = rows(document, "observations", "name")
    assert [name for name, row in seen.items() if row["used"]] == ["later", "spring"]
    assert seen["autumn"]["modelled"] == pytest.approx(6210, rel=1e-4)
    assert seen["autumn"]["inside_95"] is True
    assert seen["autumn"]["p2_5"] < 6210 < seen["autumn"]["p97_5"]
    # with the first guesses it was far off
    assert seen["autumn"]["as_written"] < 4000
    off = fit_document(fit_of(ramping(observations__autumn__value="8000 pack [page]")))
    assert rows(off, "observations", "name")["autumn"]["inside_95"] is False
    assert rows(off, "unknowns")[CAPACITY]["value"] == rows(document, "unknowns")[CAPACITY]["value"]
    assert any("1 of 1 held-out observations lie outside the 95 % range: autumn" in note for note in off["notes"])


def test_order_in_the_file_never_matters(fitted):
    unknowns = parse_tree(RAMPING).value["fit"]["unknowns"]
    turned = ramping(fit__unknowns=dict(reversed(unknowns.items())), fit__on=["later", "spring"])
    assert fit_document(fit_of(turned)) == fit_document(fitted)


def test_two_plants_of_which_the_sum_is_reported_are_told_only_as_a_sum():
    study = ramping(**REEF, fit__unknowns={CAPACITY: unknown(), "plants.reef.capacity": unknown()})
    document = fit_document(fit_of(study, members=0))
    told = document["identifiability"]
    assert (told["rank"], told["told"], told["unknowns"]) == (1, 1, 2)
    # 90 % of what fjord can make is good, and all of reef's
    assert told["not_told"] == [f"{CAPACITY} and plants.reef.capacity only as {CAPACITY} + 1.11 x plants.reef.capacity"]
    assert not any(row["identified"] for row in document["unknowns"])
    assert f"fit: the observations tell {told['not_told'][0]}" in document["notes"]


def test_what_goes_with_an_unknown_keeps_its_proportion():
    """Fjord (9,000 x 0.9) and reef (6,000) rise by the same factor k: 14,100 k in the second year = 18,960."""
    both = unknown(also=["plants.reef.capacity"], against="plants.reef.capacity")
    row = fit_document(fit_of(ramping(**REEF, fit__unknowns={CAPACITY: both}), members=0))["unknowns"][0]
    assert row["value"] == pytest.approx(9000 * 18960 / 14100, rel=1e-6)
    # against what stands in the study
    assert row["against"]["below"] == pytest.approx(6000 - row["value"])


def test_a_prior_pulls_where_reports_are_vague():
    """Reports say 14,400 ± 288 and the prior 10,000 ± 100: (14400/288² + 10000/100²) / (1/288² + 1/100²)."""
    prior = unknown(prior="normal(10000, 100) pack/year [assumed: as the older plant]")
    study = ramping(fit__unknowns={CAPACITY: prior}, fit__on=["later"])
    row = fit_document(fit_of(study, members=0))["unknowns"][0]
    assert row["value"] == pytest.approx(10473.4, rel=1e-3)


def test_a_prior_that_reports_contradict_is_no_bound():
    """Reports say 14,400 ± 288 and the prior 8,000 ± 288: halfway, 11,200, which is 11 deviations off either."""
    prior = unknown(prior="normal(8000, 288) pack/year [assumed: x]")
    document = fit_document(fit_of(ramping(fit__unknowns={CAPACITY: prior}, fit__on=["later"]), members=0))
    row = document["unknowns"][0]
    assert row["value"] == pytest.approx(11200, rel=1e-3)
    assert (row["at_bound"], row["bounds"]) == (False, [5000.0, 30000.0])
    said = [note for note in document["notes"] if "later is not met: 10,080 pack at best" in note]
    assert len(said) == 1


def test_a_report_that_no_bound_reaches_is_said_not_to_be_met():
    """12,960 packs are reported and 5,000 to 6,000 a year make no more than 5,400: 29 deviations of 2 % off."""
    low = unknown(low="5000 pack/year [assumed: x]", high="6000 pack/year [assumed: x]")
    document = fit_document(fit_of(ramping(fit__unknowns={CAPACITY: low}, fit__on=["later"]), members=0))
    said = [note for note in document["notes"] if "later is not met: 5,400 pack at best" in note]
    assert len(said) == 1
    assert "29.2 standard deviations off" in said[0]


def test_what_a_prior_alone_tells_is_said_to_be_told_by_it():
    """Nothing is reported of reef alone: its interval is 1.96 deviations of its prior."""
    reef = unknown(prior="normal(6000, 200) pack/year [assumed: x]")
    study = ramping(**REEF, fit__unknowns={CAPACITY: unknown(), "plants.reef.capacity": reef})
    document = fit_document(fit_of(study, members=0))
    row = rows(document, "unknowns")["plants.reef.capacity"]
    assert row["high"] - row["low"] == pytest.approx(2 * 1.96 * 200, rel=1e-2)
    assert not row["identified"]
    said = next(words for words in document["findings"] if words.startswith("plants.reef.capacity"))
    assert "by a prior: what was reported does not tell it" in said


def test_a_uniform_prior_is_a_bound():
    prior = unknown(prior="6000 .. 12000 pack/year [assumed: as the older plant]")
    study = ramping(fit__unknowns={CAPACITY: prior}, fit__on=["later"])
    document = fit_document(fit_of(study, members=0))
    row = document["unknowns"][0]
    assert row["value"] == pytest.approx(12000)
    assert (row["at_bound"], row["bounds"]) == (True, [6000.0, 12000.0])
    assert any("stands at a bound that it was given" in note for note in document["notes"])


def test_other_ranges_widen_the_draws_and_not_the_profile(fitted):
    ranged = fit_of(ramping(plants__fjord__yield="80 .. 100 percent [page]"))
    one, other = (rows(fit_document(found), "unknowns")[CAPACITY] for found in (fitted, ranged))
    assert ranged.varied == ("plants.fjord.yield",)
    assert fitted.varied == ()
    assert other["high"] - other["low"] == pytest.approx(one["high"] - one["low"], rel=1e-2)
    assert other["p97_5"] - other["p2_5"] > 2.0 * (one["p97_5"] - one["p2_5"])
    # 14,400 x 0.9 packs are 12,960: with a yield of 80 to 100 %, 12,960 to 16,200
    assert other["p2_5"] > 12000
    assert other["p97_5"] < 17500


def test_fitted_figures_stand_in_the_text_where_they_were(fitted, tmp_path):
    place = tmp_path / "ramping.yaml"
    place.write_text(RAMPING, encoding="utf-8")
    written = with_fitted(fitted, load_study(place))
    assert 'capacity: "14400 pack/year [assumed: fitted to later, spring]"' in written
    assert 'months_to_nameplate: "8 month [assumed: fitted to later, spring]"' in written
    changed = [
        (before, after)
        for before, after in zip(RAMPING.splitlines(), written.splitlines(), strict=True)
        if before != after
    ]
    assert len(changed) == 2
    assert "# nobody says how large it is" in written
    seen = run_study(parse_study(written), members=4).tables["observations"].set_index("name")
    assert seen.loc["later", "mean"] == pytest.approx(12960, rel=1e-4)


def test_a_figure_that_is_said_once_for_several_places_is_not_written_over(fitted, tmp_path):
    place = tmp_path / "ramping.yaml"
    shared = RAMPING.replace('"9000 pack/year [assumed: a first guess]"', "*size").replace(
        "  fjord:\n",
        '  old:\n    {owner: north, region: "NO", makes: pack, opens: "2029-01 [page]",\n'
        '     capacity: &size "9000 pack/year [page]"}\n  fjord:\n',
    )
    place.write_text(shared, encoding="utf-8")
    with pytest.raises(StudyError, match="said once for several places"):
        with_fitted(fitted, load_study(place))


def test_the_tables_of_a_fit_are_those_of_the_run_folder(fitted):
    tables = fit_tables(fitted)
    assert {name: list(frame.columns) for name, frame in tables.items()} == {
        name: list(TABLES[name]) for name in tables
    }
    profile = tables["fit_profile"]
    assert profile.groupby("figure")["rise"].min().abs().max() < 1e-6
    found = run_study(ramping(), members=8)
    assert set(tables) <= set(found.tables)
    notes = [note for note in found.manifest["notes"] if note.startswith("fit: the run has")]
    assert "plants.fjord.capacity is 9,000 and was fitted to 14,400 pack/year" in notes[0]
    # the run itself has the first guess
    assert found.tables["observations"].set_index("name").loc["later", "mean"] == pytest.approx(8100)


def test_a_study_without_a_fit_says_what_to_add():
    bare = ramping().changed(fit=None)
    with pytest.raises(StudyError, match="has nothing to fit; add 'fit' with 'unknowns'"):
        asked_of(bare)


def test_an_unknown_that_nothing_is_made_from_is_refused():
    capital = {"low": "1 NOK [page]", "high": "9000 NOK [page]"}
    study = ramping(
        firms__north={"capital": "5000 NOK [page]"}, fit__unknowns={"firms.north.capital": capital}, fit__on=["later"]
    )
    with pytest.raises(StudyError, match=r"nothing that was observed is made from 'firms\.north\.capital'"):
        fit_of(study, members=0)


def test_members_are_bounded():
    with pytest.raises(InputError, match="members is 200000, expected 0 to 100,000"):
        fit_of(ramping(), members=200_000)
