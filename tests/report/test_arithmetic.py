"""Checks told in words: what holds, what does not, and what is only computed."""

from __future__ import annotations

from typing import Any

import pytest

from cell2grid.report import arithmetic
from cell2grid.report.provenance import Provenance, study_of
from cell2grid.results import Results

SLOTS = {
    "w1": ("Gull Motors", "exports", "vehicle", 41.0, None),
    "w2": ("Gull Motors", "exports", "vehicle", 59.0, None),
    "w3": ("Gull Motors", "exports", "vehicle", 102.0, "about"),
    "s1": ("Gull Motors", "share", "percent", 25.0, None),
    "e1": ("Moor battery", "energy", "MWh", 400.0, None),
    "p1": ("Moor battery", "power", "MW", 100.0, None),
}


@pytest.fixture(scope="module")
def provenance(results: Results) -> Provenance:
    claims = [
        {"id": key, "document": "d", "quote": f"{value}", "value_text": f"{value}", "start": 0, "value_start": 0,
         "subject": subject, "measure": measure, "unit": unit, "value": value, "approx": approx, "object": "Gull"}
        for key, (subject, measure, unit, value, approx) in SLOTS.items()
    ]  # fmt: skip
    documents = [{"id": "d", "title": "Year book", "publisher": "Port office", "date": "2030"}]
    return Provenance(study_of(results), {"claims": claims, "documents": documents, "checks": [], "used": {}})


def check(kind: str, claims: list[str], stated: float | None, computed: float | None, unit: str, verdict: str) -> Any:
    residual = None if stated is None or computed is None else stated - computed
    return {"kind": kind, "claims": claims, "stated": stated, "computed": computed, "unit": unit,
            "residual": residual, "tolerance": 0.0, "verdict": verdict, "note": "a note"}  # fmt: skip


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (
            check("sum", ["w3", "w1", "w2"], 102.0, 100.0, "vehicle", "rounding"),
            "Gull Motors: 2 figures for exports add up to 100 vehicles within rounding (102 vehicles is stated).",
        ),
        (
            check("ratio", ["s1", "w1", "w3"], 40.2, 40.196, "percent", "rounding"),
            "Gull Motors: 41 vehicles of about 102 vehicles are 40.2 %, as stated.",
        ),
        (
            check("product", ["w3", "e1"], None, 40800.0, "MWh", "cannot_say"),
            "Gull Motors: about 102 vehicles at 400 MWh make about 40,800 MWh.",
        ),
        (
            check("sum", ["w3", "w1", "w2"], 102.0, 100.0, "vehicle", "fails"),
            "Gull Motors: 2 figures for exports add up to 100 vehicles; stated is 102 vehicles, 2 vehicles more.",
        ),
        (
            check("sum", ["w3", "w1"], 102.0, 41.0, "vehicle", "incomplete"),
            "Gull Motors: 1 figure for exports adds up to 41 vehicles; stated is 102 vehicles, 61 vehicles more, "
            "but they do not cover its whole period.",
        ),
        (
            check("ratio", ["s1", "w1", "w3"], 25.0, 40.2, "percent", "fails"),
            "Gull Motors: 41 vehicles of about 102 vehicles are 40.2 %; stated is 25 %, 15.2 % less.",
        ),
        (
            check("ratio", ["e1", "p1"], None, 4.0, "hour", "cannot_say"),
            "Moor battery: 400 MWh at 100 MW make 4 hours.",
        ),
        (
            check("stakes", ["s1"], 100.0, 100.0, "percent", "holds"),
            "Gull: the stakes that are named add up to 100 %.",
        ),
        (
            check("agreement", ["w1", "w2"], 41.0, 59.0, "vehicle", "fails"),
            "Gull Motors: one source says 41 vehicles, and another 59 vehicles, another figure.",
        ),
    ],
)
def test_a_check_is_told_in_words(made: Any, told: str, provenance: Provenance):
    assert arithmetic.told(made, provenance) == told


def test_a_check_whose_claim_is_missing_is_told_in_numbers(provenance: Provenance):
    made = check("sum", ["w3", "gone"], 102.0, 100.0, "vehicle", "fails")
    assert arithmetic.told(made, provenance) is None
    assert arithmetic.line(made, provenance) == "stated 102 vehicles, computed 100 vehicles"


def test_a_check_of_a_kind_that_is_not_known_is_told_in_numbers(provenance: Provenance):
    assert arithmetic.line(check("riddle", ["w1", "w2"], None, 3.0, "vehicle", "holds"), provenance) == (
        "computed 3 vehicles"
    )
    assert arithmetic.line(check("riddle", ["w1"], None, None, "vehicle", "cannot_say"), provenance) == "a note"


def test_what_is_stated_nowhere_is_said_to_be_computed(provenance: Provenance):
    assert arithmetic.verdict(check("ratio", [], None, 4.0, "hour", "cannot_say")) == "computed, stated nowhere"
    assert arithmetic.verdict(check("sum", [], 4.0, 4.0, "hour", "rounding")) == "holds within rounding"


def test_sources_of_a_check_are_its_documents_once(provenance: Provenance):
    assert arithmetic.sources(check("sum", ["w1", "w2"], None, 1.0, "vehicle", "holds"), provenance) == (
        "Year book, Port office, 2030"
    )
