"""Finding the gazetteer's names: boundaries, the longest first, days, contexts, and an oracle that searches naively."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.naming.discourse import Discourse
from cell2grid.evidence.naming.gazetteer import Gazetteer, gazetteer
from cell2grid.evidence.naming.mentions import mentions
from cell2grid.evidence.naming.names import names
from cell2grid.evidence.naming.tokens import tokens
from cell2grid.evidence.vocabulary.gazetteer import Entity, entities_of


def _made(*rows: Any, kind: str = "firm") -> list[Entity]:
    return list(entities_of({"kind": kind, "country": None, "entries": list(rows)}, "test.yaml"))


def _found(text: str, **how: Any) -> list[tuple[str, str]]:
    return [(each.name, text[each.start : each.end]) for each in gazetteer().found(text, **how)]


def _said(text: str, story: set[str] | None = None) -> list[tuple[str, str]]:
    return [(each.name, each.kind) for each in names(text, tokens(text), story or set())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ford left Stratford and Fordham.", [("Ford", "Ford")]),
        ("SK On grew; the sk on and SK ON did not.", [("SK On", "SK On")]),
        (
            "Hyundai Motor's and LG Energy Solution’s cells",
            [("Hyundai Motor", "Hyundai Motor"), ("LG Energy Solution", "LG Energy Solution")],
        ),
        ("a Tesla-built plant, a non-Tesla one", [("Tesla", "Tesla")]),
        ("LG\u00a0Energy\nSolution sold", [("LG Energy Solution", "LG\u00a0Energy\nSolution")]),
        ("Tes\u200bla and B\ufeffYD", [("Tesla", "Tes\u200bla"), ("BYD", "B\ufeffYD")]),
        ("特斯拉与宁德时代在上海投产", [("Tesla", "特斯拉"), ("CATL", "宁德时代"), ("Shanghai", "上海")]),
        ("与BYD合作", [("BYD", "BYD")]),
        ("40 Megapacks and Megapack's price", [("Megapack", "Megapacks"), ("Megapack", "Megapack")]),
        ("tesla.com, AT&TESLA, Tesla.com", []),
        (
            "In the U.S., the US and the U.S.-led group",
            [("United States", "U.S."), ("United States", "US"), ("United States", "U.S.")],
        ),
    ],
)
def test_names_stand_between_the_boundaries_of_words(text: str, expected: list[tuple[str, str]]) -> None:
    assert _found(text) == expected


@pytest.mark.parametrize(
    ("day", "id_"),
    [("2019-05-01", "firm:mercedes-benz"), ("2023-05-01", "firm:daimler-truck"), (None, "firm:daimler-truck")],
)
def test_a_name_that_passed_on_is_whose_it_was_on_the_day_of_the_story(day: str | None, id_: str) -> None:
    found = gazetteer().found("Daimler ordered cells.", day=day)
    assert [(each.entity.id, each.name) for each in found] == [(id_, "Daimler")]


def test_a_former_name_is_kept_in_the_words_of_the_page_and_still_known_after_its_days() -> None:
    found = gazetteer().found("Freyr Battery, now T1 Energy, moved.", day="2025-06-01")
    assert [(each.name, each.entity.name) for each in found] == [
        ("Freyr Battery", "T1 Energy"),
        ("T1 Energy", "T1 Energy"),
    ]


def test_words_near_it_tell_whose_a_shared_name_is() -> None:
    assert [each.entity.name for each in gazetteer().found("Volvo sold 300 electric trucks.")] == ["Volvo Group"]
    assert [each.entity.name for each in gazetteer().found("Volvo sold 300 SUVs.")] == ["Volvo Cars"]


def test_a_short_form_needs_the_full_name_before_it() -> None:
    assert _said("A unit of Form has 8 GWh.") == [("Form", "unknown")]
    assert _said("Form Energy said a unit of Form has 8 GWh.") == [("Form Energy", "firm"), ("Form Energy", "firm")]
    assert _said("A unit of Form has 8 GWh.", {"Form Energy"}) == [("Form Energy", "firm")]


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Reliance on imports fell.", False),
        ("Reliance plans a factory.", True),
        ("Its partner Reliance will pay.", True),
        ("Origin's battery is large.", True),
        ("Origin of the cells is unclear.", False),
        ("Normal prices fell.", False),
        ("The plant in Normal makes vans.", True),
    ],
)
def test_a_common_word_is_a_name_only_where_its_place_or_verb_shows_it(text: str, is_name: bool) -> None:
    assert any(kind in {"firm", "place"} for _, kind in _said(text)) is is_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Contemporary Amperex Technology Co. Ltd. sold", ("CATL", "firm")),
        ("Amara Raja Energy & Mobility sold", ("Amara Raja Energy & Mobility", "firm")),
        ("Hunan Yuneng Battery Materials Co. Ltd. sold", ("Hunan Yuneng Battery Materials", "firm")),
        ("EcoPro BM sold", ("EcoPro BM", "firm")),
    ],
)
def test_a_name_that_is_not_settled_is_called_as_the_page_calls_it(text: str, expected: tuple[str, str]) -> None:
    assert _said(text)[0] == expected


def test_chinese_names_are_mentions_though_no_space_parts_them() -> None:
    assert [(m.name, m.kind) for m in mentions("特斯拉上海", Discourse())] == [("Tesla", "firm"), ("Shanghai", "place")]


def test_the_day_of_the_story_reaches_the_mentions() -> None:
    assert [m.name for m in mentions("Daimler ordered cells.", Discourse(day="2019-05-01"))] == ["Daimler"]


# --- laws ---------------------------------------------------------------------------------------------------------

_WORDS = st.sampled_from(["Ab", "Abc", "Bc", "Ab Bc", "Bc Cd", "Cd", "Ab Bc Cd", "Cd Ab", "e.f", "Ab-Bc"])
_TEXT = st.lists(
    st.sampled_from(["Ab", "Abc", "Bc", "Cd", "x", " ", " ", "-", "'s", ".", ",", "\n", "\u00a0", "s"]), max_size=24
)


def _naive(known: Sequence[str], text: str) -> list[tuple[int, int]]:
    """The places found by trying every name at every character, the longest first, and moving on behind a match."""
    plain = text.translate({ord("\n"): " ", 0xA0: " "})
    found, place = [], 0
    while place < len(plain):
        before_is_word = re.search(r"[\w&+]$|[\w&+][.'-]$", plain[:place]) is not None
        fitting = [
            name
            for name in known
            if plain.startswith(name, place)
            and re.match(r"(?![\w&+])(?!'(?!s(?![\w&+]))[\w&+])(?!\.[\w&+])", plain[place + len(name) :])
        ]
        longest = "" if before_is_word else max(fitting, key=len, default="")
        if longest:
            found.append((place, place + len(longest)))
        place += max(len(longest), 1)
    return found


@given(st.lists(_WORDS, unique=True, min_size=1, max_size=8), _TEXT)
def test_the_automaton_finds_what_a_naive_search_finds(known: list[str], pieces: list[str]) -> None:
    text = re.sub(r"[ \n\u00a0]{2,}", " ", "".join(pieces))
    found = Gazetteer(_made(*known)).found(text)
    assert [(each.start, each.end) for each in found] == _naive(known, text)


@given(st.permutations(["Ab", "Ab Bc", "Bc", "Cd", "Cd Ab"]), _TEXT)
def test_the_order_of_entries_never_matters(known: list[str], pieces: list[str]) -> None:
    rows = [{"name": name, "aliases": [{"is": "Bc", "ambiguous": True}] if name == "Cd" else []} for name in known]
    text = "".join(pieces)
    ordered = Gazetteer(_made(*sorted(rows, key=lambda row: str(row["name"])))).found(text)
    assert [(e.start, e.entity.id) for e in Gazetteer(_made(*rows)).found(text)] == [
        (e.start, e.entity.id) for e in ordered
    ]


@given(st.text(alphabet="Ab Bc\u200b\u00a0\u00ad \n’'s", max_size=40))
def test_places_are_those_of_the_text_as_it_is(text: str) -> None:
    for each in Gazetteer(_made("Ab", "Ab Bc", "Bc")).found(text):
        plain = re.sub("[\u200b\u00ad]", "", text[each.start : each.end])
        assert re.sub(r"\s+", " ", plain) in {"Ab", "Ab Bc", "Bc"}


@given(st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 1, 1)))
def test_on_each_day_one_entity_is_meant(day: date) -> None:
    change = date(2022, 2, 1)
    known = Gazetteer(
        _made(
            {"name": "Old Co", "aliases": [{"is": "Zed", "until": date(2022, 1, 31)}]},
            {"name": "New Co", "aliases": [{"is": "Zed", "from": change}]},
        )
    )
    found = known.found("Zed grew.", day=day.isoformat())
    assert [each.entity.name for each in found] == ["Old Co" if day < change else "New Co"]
