"""Stakes as BODS 0.4: bounds of shares, records under all names, and that the published schema and checks pass."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.exports.bods import Ownership, ownership, share
from cell2grid.evidence.keeping.listing import Filed, Source
from cell2grid.evidence.naming.identities import Identities
from cell2grid.evidence.records import Claim, NameDecision, Tier

PUBLISHED = date(2026, 3, 1)


@pytest.fixture(autouse=True, scope="module")
def no_list_is_fetched() -> Iterator[None]:
    """The checks fetch the list of registers; no identifier here claims to be of one, so an empty list will do."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("legacy_checks", "record_based_checks"):
            patch.setattr(f"libcovebods.tasks.checks.{name}.get_orgids_prefixes", list)
        yield


def stake(
    holder: str | None, company: str | None, value: float | None, *, on: str = "2025-05-01", **slots: Any
) -> Filed:
    words = f"{value:g}%" if value is not None else "40% to 45%"
    quote = f"{holder} holds {words} of {company}."
    place = ("d" * 64, "s1", "stake", "stake", holder, quote, 0, len(quote), words, 5, 9)
    known: dict[str, Any] = {"low": value, "high": value, "unit": "percent", "object": company, "tier": Tier.A, **slots}
    source = Source("stakes.txt", "Who holds what", "The Quay", on, "https://news.example/stakes?a=1")
    return Filed(Claim(*place, value, **known), "accepted", "2026-02-03T04:05:06.700000+00:00", source)


def made(*filed: Filed, decisions: Sequence[NameDecision] = ()) -> Ownership:
    return ownership(filed, Identities(decisions), published=PUBLISHED)


def problems(statements: list[dict[str, Any]], folder: Path) -> list[Any]:
    """What the published schema and the further checks of its validator find."""
    from libcovebods.config import LibCoveBODSConfig
    from libcovebods.data_reader import DataReader
    from libcovebods.jsonschemavalidate import JSONSchemaValidator
    from libcovebods.run_tasks import process_additional_checks
    from libcovebods.schema import SchemaBODS

    path = folder / "stakes.json"
    path.write_text(json.dumps(statements), encoding="utf-8")
    config, reader = LibCoveBODSConfig(), DataReader(str(path))
    schema = SchemaBODS(reader, config)
    assert schema.schema_version == "0.4"
    found = [error.json() for error in JSONSchemaValidator(schema).validate(reader)]
    return [*found, *process_additional_checks(reader, config, schema)["additional_checks"]]


def relationships(exported: Ownership) -> list[dict[str, Any]]:
    return [each for each in exported.statements if each["recordType"] == "relationship"]


# --- one claim ------------------------------------------------------------------------------------------------------


def test_one_stake_is_two_firms_and_what_one_holds_of_the_other(tmp_path: Path) -> None:
    exported = made(stake("Vasa Invest", "Birka Storage", 35.0))
    assert [each["recordType"] for each in exported.statements] == ["entity", "entity", "relationship"]
    firms = {each["recordDetails"]["name"]: each["recordId"] for each in exported.statements[:2]}
    (held,) = relationships(exported)
    assert held["recordDetails"]["interestedParty"] == firms["Vasa Invest"]
    assert held["recordDetails"]["subject"] == held["declarationSubject"] == firms["Birka Storage"]
    (interest,) = held["recordDetails"]["interests"]
    assert interest["share"] == {"exact": 35.0}
    assert (interest["type"], interest["details"]) == ("shareholding", "Vasa Invest holds 35% of Birka Storage.")
    assert (held["statementDate"], held["recordStatus"]) == ("2025-05-01", "new")
    assert held["source"] == {
        "type": ["thirdParty"],
        "description": "Who holds what",
        "url": "https://news.example/stakes?a=1",
        "assertedBy": [{"name": "The Quay"}],
        "retrievedAt": "2026-02-03T04:05:06Z",
    }
    assert held["publicationDetails"]["publicationDate"] == "2026-03-01"
    assert problems(exported.statements, tmp_path) == []


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({}, {"exact": 40.0}),
        ({"approx": "over", "high": None}, {"exclusiveMinimum": 40.0}),
        ({"approx": "at least", "high": None}, {"minimum": 40.0}),
        ({"approx": "under", "low": 0.0}, {"exclusiveMaximum": 40.0}),
        ({"approx": "at most", "low": 0.0}, {"maximum": 40.0}),
        ({"approx": "about", "low": 38.0, "high": 42.0}, {"minimum": 38.0, "maximum": 42.0}),
        ({"approx": "nearly", "low": 36.0}, {"minimum": 36.0, "exclusiveMaximum": 40.0}),
        ({"approx": "just over", "high": 42.0}, {"exclusiveMinimum": 40.0, "maximum": 42.0}),
        ({"value": None, "low": 40.0, "high": 45.0}, {"minimum": 40.0, "maximum": 45.0}),
        ({"value": 98.0, "low": 93.1, "high": 102.9, "approx": "about"}, {"minimum": 93.1}),
        ({"value": 0.51, "low": 0.51, "high": 0.51, "unit": "ratio"}, {"exact": 51.0}),
        ({"value": 0.0, "low": 0.0, "high": 0.0}, {"exact": 0.0}),
        ({"value": 100.0, "low": 100.0, "high": 100.0}, {"exact": 100.0}),
        ({"value": 0.333333, "low": None, "high": None, "unit": "ratio"}, {"exact": 33.3333}),
    ],
    ids=str,
)
def test_words_of_degree_are_bounds(slots: dict[str, Any], expected: dict[str, float], tmp_path: Path) -> None:
    value = slots.pop("value", 40.0)
    exported = made(stake("Vasa Invest", "Birka Storage", value, **slots))
    assert relationships(exported)[0]["recordDetails"]["interests"][0]["share"] == expected
    assert problems(exported.statements, tmp_path) == []


@pytest.mark.parametrize(
    ("filed", "reason"),
    [
        (stake(None, "Birka Storage", 35.0), "no holder is named"),
        (stake("Vasa Invest", None, 35.0), "no company is named"),
        (stake("Vasa Invest;Orsa", "Birka Storage", 35.0), "are several"),
        (stake("Vasa Invest", "Birka Storage", 115.0), "no share of 0 to 100 %"),
        (stake("Vasa Invest", "Birka Storage", -5.0), "no share of 0 to 100 %"),
        (stake("Vasa Invest", "Birka Storage", 35.0, unit="USD"), "no share of 0 to 100 %"),
        (stake("Vasa Invest", "Birka Storage", None, low=None, high=None), "no share of 0 to 100 %"),
        (stake("Vasa Invest", "VASA  Invest", 35.0), "would hold itself"),
    ],
    ids=lambda each: str(each) if isinstance(each, str) else "",
)
def test_what_cannot_be_a_statement_is_left_out_and_said_so(filed: Filed, reason: str) -> None:
    exported = made(filed)
    assert exported.statements == []
    assert [left.claim for left in exported.left_out] == [filed.claim.id]
    assert reason in exported.left_out[0].reason


def test_claims_of_another_measure_are_passed_over() -> None:
    filed = stake("Vasa Invest", "Birka Storage", 35.0)
    other = Filed(filed.claim.corrected(measure="share"), filed.status, filed.recorded_at, filed.source)
    assert made(other) == Ownership([], [])


# --- records --------------------------------------------------------------------------------------------------------


def test_a_stake_that_is_told_again_follows_in_its_record(tmp_path: Path) -> None:
    first = stake("Vasa Invest", "Birka Storage", 35.0, on="2024-01-05")
    then = stake("Vasa Invest", "Birka Storage", 40.0, on="2025-06-30")
    other = stake("Orsa", "Birka Storage", 20.0)
    exported = made(then, other, first)
    told = [(each["recordId"], each["statementDate"], each["recordStatus"]) for each in relationships(exported)]
    of_vasa = [each[1:] for each in told if each[0] == relationships(made(first))[0]["recordId"]]
    assert of_vasa == [("2024-01-05", "new"), ("2025-06-30", "updated")]
    assert problems(exported.statements, tmp_path) == []


def test_a_firm_is_one_record_under_the_names_that_are_known_to_be_its(tmp_path: Path) -> None:
    new = NameDecision("Birka Storage AB", "new", "firm:birka", "M", "2026-01-01")
    also = NameDecision("Birka", "is", "firm:birka", "M", "2026-01-01")
    filed = (stake("CATL", "Birka", 20.0), stake("宁德时代", "Birka Storage AB", 25.0, on="2025-06-01"))
    exported = made(*filed, decisions=(new, also))
    firms = {each["recordDetails"]["name"]: each["recordDetails"] for each in exported.statements[:2]}
    assert set(firms) == {"CATL", "Birka Storage AB"}
    assert firms["CATL"]["alternateNames"] == ["宁德时代"]
    assert firms["CATL"]["jurisdiction"] == {"name": "China", "code": "CN"}
    assert firms["Birka Storage AB"]["alternateNames"] == ["Birka"]
    assert [each["recordStatus"] for each in relationships(exported)] == ["new", "updated"]
    assert problems(exported.statements, tmp_path) == []
    apart = made(*filed)
    assert len([each for each in apart.statements if each["recordType"] == "entity"]) == 3


def test_a_state_is_no_company(tmp_path: Path) -> None:
    exported = made(stake("Norway", "Birka Storage", 10.0), stake("Vasa Invest", "Birka Storage", 35.0))
    kinds = {
        each["recordDetails"]["name"]: each["recordDetails"]["entityType"]["type"]
        for each in exported.statements
        if each["recordType"] == "entity"
    }
    norway = next(each["recordDetails"] for each in exported.statements if "Norway" in str(each["recordDetails"]))
    item = "http://www.wikidata.org/entity/Q20"
    assert norway["identifiers"] == [{"id": "Q20", "schemeName": "Wikidata", "uri": item}]
    assert kinds == {"Norway": "state", "Birka Storage": "registeredEntity", "Vasa Invest": "registeredEntity"}
    assert problems(exported.statements, tmp_path) == []


def test_a_page_that_is_dated_after_the_export_is_stated_on_its_day(tmp_path: Path) -> None:
    exported = made(stake("Vasa Invest", "Birka Storage", 35.0, on="2031-01-01"))
    assert {each["statementDate"] for each in exported.statements} == {"2026-03-01"}
    undated = made(stake("Vasa Invest", "Birka Storage", 35.0, on="last May"))
    assert {each["statementDate"] for each in undated.statements} == {"2026-02-03"}
    assert problems([*exported.statements], tmp_path) == []


# --- laws -----------------------------------------------------------------------------------------------------------

_names = st.sampled_from(("Vasa Invest", "Birka Storage", "Orsa", "CATL", "宁德时代", "Sweden", "=1+1"))
_days = st.sampled_from(("2024-01-05", "2025-06-30", "2031-01-01", "unknown"))
_values = st.one_of(st.none(), st.floats(0, 100))


@st.composite
def stakes(draw: st.DrawFn) -> Filed:
    value = draw(_values)
    low, high = sorted((draw(st.floats(0, 100)), draw(st.floats(0, 110))))
    approx = draw(st.sampled_from((None, "over", "under", "about", "at least", "at most", "nearly", "just over")))
    slots = {"low": low, "high": high, "approx": approx, "period_start": draw(st.sampled_from((None, "2024-01-01")))}
    return stake(draw(_names), draw(_names), value, on=draw(_days), **slots)


@given(filed=st.lists(stakes(), max_size=6, unique_by=lambda each: each.claim.id))
def test_any_stakes_pass_the_schema_and_the_checks(
    filed: list[Filed], tmp_path_factory: pytest.TempPathFactory
) -> None:
    exported = made(*filed)
    assert problems(exported.statements, tmp_path_factory.mktemp("bods")) == [] if exported.statements else True
    assert len(relationships(exported)) + len(exported.left_out) == len(filed)
    assert made(*reversed(filed)).statements == exported.statements
    later = ownership(filed, Identities(), published=date(2026, 3, 2))
    known = {each["statementId"] for each in exported.statements if each["statementDate"] != "2026-03-01"}
    assert known <= {each["statementId"] for each in later.statements}


@given(value=st.floats(0, 100), approx=st.sampled_from(("over", "under", "about", "at least", "at most", "nearly")))
def test_the_printed_number_is_never_outside_what_is_stated(value: float, approx: str) -> None:
    low = {"over": value, "at least": value, "about": value * 0.95, "nearly": value * 0.9}.get(approx, 0.0)
    high = {"over": None, "at least": None, "about": value * 1.05}.get(approx, value)
    bounds = share(stake("Vasa", "Orsa", value, approx=approx, low=low, high=high).claim)
    assert bounds is None or all(
        round(value, 9) >= bound if "inimum" in name else round(value, 9) <= bound
        for name, bound in bounds.items()
        if name != "exact"
    )
