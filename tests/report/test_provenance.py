"""Where figures come from: references of the study, claims of the evidence, sentences split around their values."""

from __future__ import annotations

import pytest

from cell2grid.errors import RunFolderError
from cell2grid.report.provenance import Provenance, behind, called, provenance_of, study_of, web_address
from cell2grid.results import Results


def test_every_figure_of_the_study_has_a_path_and_a_source(results: Results):
    provenance = provenance_of(results)
    assert provenance.figures["plants.fjord.capacity"].text == "2400 container/year"
    assert provenance.words("plants.fjord.capacity") == "Fjord works opens, The Harbour Gazette, 2031-01-09"
    assert provenance.words("lanes.0.lead_time") == "our assumption: a ferry and a train; no strikes"
    assert provenance.figures["markets.rest.demand.0.unlimited"].assumptions == ("buyers queue",)
    assert provenance.figures["prices.danish"].assumptions == ("no prices of the region at hand",)


def test_a_sentence_is_split_around_its_value(results: Results):
    sentence = provenance_of(results).sentences["cc02"]
    assert (sentence.before, sentence.value, sentence.after) == ("Bergen Fund holds 60% and Oslo Port ", "30%", ".")


@pytest.mark.parametrize("place", [{"start": None, "value_start": None}, {"value_start": 3}, {"value_start": 10_000}])
def test_a_wrong_offset_is_not_believed(place: dict[str, int | None], results: Results):
    rows = [{**row, **place} if row["id"] == "aa02" else row for row in results.evidence["claims"]]
    provenance = Provenance(study_of(results), {**results.evidence, "claims": rows})
    assert provenance.sentences["aa02"].value == "2.5 MWh"
    assert provenance.sentences["aa02"].quote == "Each container from Fjord works holds 2.5 MWh."


def test_a_value_that_is_not_in_its_sentence_leaves_the_sentence_whole(results: Results):
    rows = [{**row, "value_text": "99 kWh"} for row in results.evidence["claims"]]
    sentence = Provenance(study_of(results), {**results.evidence, "claims": rows}).sentences["aa02"]
    assert (sentence.value, sentence.quote) == ("", "Each container from Fjord works holds 2.5 MWh.")


def test_a_claim_that_the_study_names_is_found_by_the_beginning_of_its_id(results: Results):
    text = results.study_json.replace("2400 container/year [gazette]", "2400 container/year [claim aa01]")
    changed = Results(text, results.tables, results.manifest, {**results.evidence, "used": {}}, None)
    provenance = provenance_of(changed)
    assert [sentence.claim for sentence in provenance.sentences_of("plants.fjord.capacity")] == ["aa01"]
    assert provenance.words("plants.fjord.capacity") == "Fjord works opens, The Harbour Gazette, 2031-01-09"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("HTTP://example.org", "HTTP://example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("http://[broken", None),
        (None, None),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str | None, kept: str | None):
    assert web_address(url) == kept


def test_names_that_readers_know_come_before_keys(results: Results):
    study = study_of(results)
    assert called(study, "NO") == "Norway"
    assert called(study, "fjord") == "fjord"
    assert called(study, "nowhere") == "nowhere"


def test_figures_behind_a_variable_are_those_of_the_plant(results: Results):
    assert "plants.fjord.capacity" in behind(results, "output", "fjord")
    assert behind(results, "stock") == ()


def test_a_study_of_another_version_is_refused(results: Results):
    strange = Results('{"study": "x"}', results.tables, results.manifest, results.evidence, None)
    with pytest.raises(RunFolderError, match="not a study of this version"):
        study_of(strange)
