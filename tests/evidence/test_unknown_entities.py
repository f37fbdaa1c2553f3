"""Names that no entity has: listed with likely matches, decided about, and seen as one by listings only then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import EvidenceError
from cell2grid.evidence.entities import deciding
from cell2grid.evidence.entities.describing import entity_row, others_called
from cell2grid.evidence.entities.suggestions import comparable, suggestions
from cell2grid.evidence.entities.unknown import is_name, looks_like, unknown_names
from cell2grid.evidence.keeping.store import Store, open_store
from cell2grid.evidence.naming.identities import Identities
from cell2grid.evidence.records import Claim, Document, Label, Pages, Story, Tier


class Clock:
    """A clock that moves on by a day each time it is read."""

    def __init__(self) -> None:
        self.day = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.day += timedelta(days=1)
        return self.day


def _page(name: str, *subjects: tuple[str, str, str | None]) -> Pages:
    claims = tuple(
        Claim(
            name,
            "s1",
            measure,
            measure,
            subject,
            f"{subject} has {n} MW.",
            n,
            n + 9,
            str(n),
            n,
            n + 1,
            float(n),
            float(n),
            float(n),
            "MW",
            thing,
            tier=Tier.A,
        )
        for n, (subject, measure, thing) in enumerate(subjects)
    )
    return Pages(
        (Document(name, f"{name}.txt", "text", "x" * 99),), (Story("s1", name, Label.CORE, 0, 99),), (), claims
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "claims.db", create=True, now=Clock()) as opened:
        opened.add(
            _page("a", ("Orsa Cells AB", "power", None), ("CATL", "power", None), ("Orsa", "stake", "Kivi Storage"))
        )
        opened.add(
            _page(
                "b",
                ("Orsa Cells AB", "power", None),
                ("Chinese carmakers", "power", None),
                ("Contemporary Ampere Technology", "power", None),
            )
        )
        yield opened


def _names(store: Store) -> list[str]:
    return [each.name for each in unknown_names(store)[0]]


def _subjects(store: Store, subject: str, **how: str) -> set[str | None]:
    return {claim.subject for claim in store.claims(subject=subject, **how)}


def test_unknown_names_are_listed_with_how_often_where_and_in_which_words(store: Store) -> None:
    found, total = unknown_names(store, limit=1)
    assert (total, found[0].name, found[0].claims, found[0].documents) == (4, "Orsa Cells AB", 2, ("a.txt", "b.txt"))
    assert found[0].example == "Orsa Cells AB has 0 MW."
    assert _names(store) == ["Orsa Cells AB", "Contemporary Ampere Technology", "Kivi Storage", "Orsa"]


def test_likely_matches_are_entities_and_other_unknown_names(store: Store) -> None:
    near = {each.name: [(s.name, s.entity) for s in each.suggestions] for each in unknown_names(store)[0]}
    assert ("Contemporary Amperex Technology", "firm:catl") in near["Contemporary Ampere Technology"]
    assert near["Orsa"] == [("Orsa Cells AB", None)]
    assert near["Kivi Storage"] == []


def test_nothing_is_one_before_it_is_decided_and_the_claims_keep_their_words_after(store: Store) -> None:
    assert _subjects(store, "Orsa Cells") == {"Orsa Cells AB"}
    deciding.begin(store, "Orsa Cells AB", "firm", reviewer="reader")
    deciding.mean(store, "Orsa", "Orsa Cells AB", reviewer="reader", note="their site")
    assert _subjects(store, "Orsa Cells") == {"Orsa Cells AB", "Orsa"}
    assert _names(store) == ["Contemporary Ampere Technology", "Kivi Storage"]
    assert store.identities().called("Orsa") == "Orsa Cells AB"


def test_a_listing_as_of_a_day_knows_the_decisions_of_that_day_only(store: Store) -> None:
    deciding.mean(store, "Contemporary Ampere Technology", "宁德时代", reviewer="reader")
    decided = store.name_decisions()[-1].decided_at
    assert _subjects(store, "CATL") == {"CATL", "Contemporary Ampere Technology"}
    before = (datetime.fromisoformat(decided) - timedelta(hours=1)).isoformat()
    assert _subjects(store, "CATL", as_of=before) == {"CATL"}


def test_what_is_apart_is_suggested_no_more(store: Store) -> None:
    deciding.part(store, "Contemporary Ampere Technology", "CATL", reviewer="reader")
    near = {each.name: each.suggestions for each in unknown_names(store)[0]}
    assert all(each.entity != "firm:catl" for each in near["Contemporary Ampere Technology"])


def test_a_decision_is_taken_back_and_kept_in_the_store(store: Store) -> None:
    deciding.begin(store, "Kivi Storage", "firm", reviewer="reader")
    deciding.undo(store, "Kivi Storage", reviewer="other")
    assert "Kivi Storage" in _names(store)
    assert [(made.decision, made.reviewer) for made in store.name_decisions()] == [("new", "reader"), ("undo", "other")]


def test_what_cannot_be_decided_is_refused_by_name(store: Store) -> None:
    with pytest.raises(EvidenceError, match=r"no claim of store .* names 'Nobody'"):
        deciding.mean(store, "Nobody", "CATL", reviewer="reader")
    with pytest.raises(EvidenceError, match="no entity is called 'Northvolx'; near are 'Northvolt'"):
        deciding.mean(store, "Orsa", "Northvolx", reviewer="reader")
    with pytest.raises(EvidenceError, match="'CATL' is firm:catl by the gazetteer"):
        deciding.begin(store, "CATL", "firm", reviewer="reader")
    with pytest.raises(EvidenceError, match="'ship' is no kind"):
        deciding.begin(store, "Orsa", "ship", reviewer="reader")
    with pytest.raises(EvidenceError, match="nothing was decided about 'Orsa'"):
        deciding.undo(store, "Orsa", reviewer="reader")
    with pytest.raises(EvidenceError, match="needs a reviewer"):
        deciding.begin(store, "Orsa", "firm", reviewer=" ")


def test_an_entity_that_others_lead_to_is_not_taken_back_before_them(store: Store) -> None:
    deciding.begin(store, "Orsa Cells AB", "firm", reviewer="reader")
    deciding.mean(store, "Orsa", "firm:orsa-cells-ab", reviewer="reader")
    with pytest.raises(EvidenceError, match="stands for Orsa too"):
        deciding.undo(store, "Orsa Cells AB", reviewer="reader")
    with pytest.raises(EvidenceError, match="'Orsa' and 'Orsa Cells AB' are one"):
        deciding.part(store, "Orsa", "Orsa Cells AB", reviewer="reader")
    with pytest.raises(EvidenceError, match="if it is that: --is firm:orsa-cells-ab"):
        deciding.begin(store, "Orsa Cells AB", "firm", reviewer="reader")


def test_a_store_from_before_decisions_about_names_is_read_and_added_to(tmp_path: Path) -> None:
    with open_store(tmp_path / "old.db", create=True, now=Clock()) as opened:
        opened.add(_page("a", ("Orsa", "power", None)))
    with sqlite3.connect(tmp_path / "old.db") as raw:
        raw.execute("DROP TABLE name_decisions")
    with open_store(tmp_path / "old.db", now=Clock()) as opened:
        assert opened.name_decisions() == ()
        deciding.begin(opened, "Orsa", "firm", reviewer="reader")
        assert _names(opened) == []


def test_what_is_known_of_an_entity_is_a_row_of_plain_values() -> None:
    identities = Identities()
    known = deciding.entity(identities, "Freyr")
    row = entity_row(known, identities)
    assert (row["id"], row["name"], row["country"]) == ("firm:t1-energy", "T1 Energy", "US")
    assert {"Freyr", "T1 Energy"} <= {each["name"] for each in row["names"]}
    assert next(each["until"] for each in row["names"] if each["name"] == "Freyr") == "2025-02-18"
    assert others_called("Daimler", deciding.entity(identities, "Daimler")) == ["firm:mercedes-benz"]


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Orsa", True),
        ("Orsa Turin cell plant", True),
        ("BESS del Desierto", True),
        ("1Komma5", True),
        ("electric cars", False),
        ("the market", False),
        ("Chinese battery makers", False),
        ("Chinese", False),
        ("比亚迪", True),
    ],
)
def test_only_names_are_listed(words: str, is_one: bool) -> None:
    assert is_name(words) is is_one


def test_words_at_the_end_show_what_a_name_looks_like() -> None:
    assert [looks_like(each) for each in ("Kivi battery park", "Kivi mine", "Kivi Lithium", "Kivi")] == [
        "project",
        "plant",
        "firm",
        None,
    ]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_any_text_can_be_compared_and_a_legal_form_changes_nothing(name: str) -> None:
    plain = comparable(name)
    assert comparable(plain) == plain
    assert not plain or comparable(f"{name} Ltd") == plain


@given(
    st.lists(st.sampled_from(["Orsa Energy", "Orsa Energi", "Kivi", "Kivi Storage", "Volt"]), unique=True, max_size=5)
)
def test_suggestions_go_both_ways_among_unknown_names(names: list[str]) -> None:
    found = suggestions(names, names, Identities())
    pairs = {(one, near.name) for one, each in found.items() for near in each if near.entity is None}
    assert all((other, one) in pairs or len(found[other]) == 3 for one, other in pairs)
    assert all(one != other for one, other in pairs)
