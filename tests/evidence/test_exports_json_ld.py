"""Claims as JSON-LD: every term has a meaning in the file's own context, and every reference a node."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cell2grid.evidence.exports.exporting import export
from cell2grid.evidence.exports.json_ld import CONTEXT, said, web_address
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier

# terms of schema.org and PROV-O that are used, each as the vocabularies spell it
SCHEMA = {
    *("SoftwareApplication", "CreativeWork", "Organization", "Person", "Claim", "ClaimReview", "Rating", "Observation"),
    *("PropertyValue", "Thing", "name", "softwareVersion", "identifier", "publisher", "datePublished", "url", "text"),
    *(
        "temporalCoverage",
        "about",
        "appearance",
        "observationAbout",
        "variableMeasured",
        "value",
        "minValue",
        "maxValue",
    ),
    *("unitText", "additionalProperty", "propertyID", "claimReviewed", "itemReviewed", "reviewRating", "ratingValue"),
    *("bestRating", "worstRating", "alternateName", "reviewBody", "author", "sameAs"),
}
PROV = {
    *("SoftwareAgent", "Person", "Entity", "Activity", "used", "endedAtTime", "wasAssociatedWith", "wasAttributedTo"),
    *("wasGeneratedBy", "wasQuotedFrom", "wasRevisionOf", "generatedAtTime"),
}
ANNOTATION = {
    *("SpecificResource", "TextQuoteSelector", "TextPositionSelector", "hasTarget", "hasSource", "hasSelector"),
    *("exact", "start", "end"),
}
KEYWORDS = {"@id", "@type", "@graph", "@context", "@version", "@vocab"}
DOCUMENT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(hours=6)
        return self.now


def claim(value: float, **slots: Any) -> Claim:
    quote = f"Orsa shipped {value:g} packs to China."
    place = (DOCUMENT, "s1", "deliveries", "deliveries", "Orsa", quote, 0, len(quote), f"{value:g} packs", 13, 20)
    return Claim(*place, value, value, value, "pack", **{"tier": Tier.A, "period_end": "2025-12-31", **slots})


@pytest.fixture
def exported(tmp_path: Path) -> dict[str, Any]:
    """An open, an accepted, a rejected, an edited claim with its correction, and one that was decided on twice."""
    with open_store(tmp_path / "claims.db", create=True, now=Clock()) as store:
        page = Document(DOCUMENT, "orsa.txt", "text", "words", "Orsa ships", "The Quay", "2026-01-01", "javascript:x")
        claims = [claim(float(number)) for number in range(1, 6)]
        store.add(Pages((page,), (Story("s1", DOCUMENT, Label.CORE, 0, 5),), (), tuple(claims)))
        store.decide(claims[1].id, "accept", reviewer="M. Öz", note="said twice")
        store.decide(claims[2].id, "reject", reviewer="M. Öz")
        store.decide(claims[3].id, "edit", reviewer="N", corrected=claims[3].corrected(subject="China"))
        store.decide(claims[4].id, "reject", reviewer="N")
        store.decide(claims[4].id, "withdraw", reviewer="N")
        export(store, tmp_path / "claims.jsonld", status="all", today=datetime(2026, 2, 1).date())
    document: dict[str, Any] = json.loads((tmp_path / "claims.jsonld").read_text(encoding="utf-8"))
    return document


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(below)


def of_kind(document: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [node for node in document["@graph"] if kind in node["@type"]]


def test_every_term_has_a_meaning_in_the_context(exported: dict[str, Any]) -> None:
    assert exported["@context"] == CONTEXT
    assert CONTEXT["@vocab"] == "https://schema.org/"
    assert {CONTEXT["prov"], CONTEXT["oa"]} == {"http://www.w3.org/ns/prov#", "http://www.w3.org/ns/oa#"}
    known = {"prov": PROV, "oa": ANNOTATION}
    for node in nodes(exported["@graph"]):
        kinds = node.get("@type", [])
        for term in (*node, *([kinds] if isinstance(kinds, str) else kinds)):
            prefix, _, name = term.rpartition(":")
            assert term in KEYWORDS or (name in known[prefix] if prefix else term in SCHEMA), term
    for term in CONTEXT:
        prefix, _, name = term.rpartition(":")
        assert term in KEYWORDS | set(known) or name in (known[prefix] if prefix else SCHEMA), term


def test_every_reference_has_its_node_and_every_name_is_absolute(exported: dict[str, Any]) -> None:
    names = [node["@id"] for node in exported["@graph"]]
    assert len(set(names)) == len(names)
    assert all(re.match(r"(urn:x-cell2grid:|ni:///sha-256;)\S+$", name) for name in names)
    references = {term for term, says in CONTEXT.items() if isinstance(says, dict) and says["@type"] == "@id"}
    for node in nodes(exported["@graph"]):
        for term in references & set(node) - {"sameAs", "url"}:
            assert node[term] in names, (term, node[term])


def test_a_claim_has_its_sentence_its_page_its_place_and_its_reading(exported: dict[str, Any]) -> None:
    first = of_kind(exported, "Claim")[0]
    (page,) = of_kind(exported, "CreativeWork")
    assert first["text"] == "Orsa shipped 1 packs to China."
    assert first["prov:wasQuotedFrom"] == first["appearance"] == page["@id"]
    assert page["@id"] == "ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    assert (page["name"], page["datePublished"]) == ("Orsa ships", "2026-01-01")
    assert "url" not in page, "what is no address of the web is none"
    (reading,) = of_kind(exported, "prov:Activity")
    assert first["prov:wasGeneratedBy"] == reading["@id"]
    assert reading["prov:used"] == page["@id"]
    assert first["temporalCoverage"] == "../2025-12-31"
    assert first["about"]["observationAbout"] == {"@type": "Thing", "name": "Orsa"}
    assert (first["about"]["value"], first["about"]["unitText"]) == (1.0, "pack")
    place = first["oa:hasTarget"]["oa:hasSelector"]
    assert place[1] == {"@type": "oa:TextPositionSelector", "oa:start": 13, "oa:end": 20}


def test_only_decided_claims_are_reviewed(exported: dict[str, Any]) -> None:
    claims = {node["@id"]: node for node in of_kind(exported, "Claim")}
    reviews = {claims[node["itemReviewed"]]["text"][13]: node for node in of_kind(exported, "ClaimReview")}
    assert len(claims) == 6
    assert {text: node["reviewRating"]["ratingValue"] for text, node in reviews.items() if text != "4"} == {
        "2": 5,
        "3": 1,
    }
    assert reviews["2"]["reviewBody"] == "said twice"
    assert reviews["2"]["claimReviewed"] == "deliveries, Orsa: 2 pack, ../2025-12-31"
    people = {node["@id"]: node["name"] for node in of_kind(exported, "Person")}
    assert people[reviews["2"]["author"]] == "M. Öz"
    assert reviews["2"]["datePublished"].startswith("2026-01-01")


def test_a_correction_is_a_revision_that_its_reviewer_made(exported: dict[str, Any]) -> None:
    claims = of_kind(exported, "Claim")
    (corrected,) = [node for node in claims if "prov:wasRevisionOf" in node]
    edited = next(node for node in claims if node["@id"] == corrected["prov:wasRevisionOf"])
    assert edited["about"]["observationAbout"]["name"] == "Orsa"
    assert corrected["about"]["observationAbout"] == {
        "@type": "Thing",
        "name": "China",
        "identifier": corrected["about"]["observationAbout"]["identifier"],
        "sameAs": "http://www.wikidata.org/entity/Q148",
    }
    assert "prov:wasGeneratedBy" not in corrected
    ratings = {node["itemReviewed"]: node["reviewRating"] for node in of_kind(exported, "ClaimReview")}
    assert ratings[edited["@id"]]["alternateName"] == "corrected"
    assert ratings[corrected["@id"]]["ratingValue"] == 5


def test_a_claim_in_a_line() -> None:
    assert said(claim(3.0, approx="about", period_start="2025-01-01", object="China")) == (
        "deliveries of China, Orsa: about 3 pack, 2025-01-01/2025-12-31"
    )
    unsaid = claim(3.0, period_end=None).corrected(value=None, low=2.0, high=None, subject=None)
    assert said(unsaid) == "deliveries, unnamed: 2 to … pack"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://news.example/a?b=c#d", True),
        ("http://news.example", True),
        ("javascript:alert(1)", False),
        ("https://news.example/a b", False),
        ('https://news.example/"onload', False),
        ("ftp://news.example", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_linked(text: str | None, good: bool) -> None:
    assert web_address(text) == (text if good else None)
