"""Names, described plants, groups and pointers: who a sentence speaks of."""

from __future__ import annotations

import pytest

from cell2grid.evidence.naming.discourse import Discourse
from cell2grid.evidence.naming.mentions import mentions
from cell2grid.evidence.naming.names import names, owner_of
from cell2grid.evidence.naming.tokens import tokens


def _names(text: str) -> list[tuple[str, str]]:
    return [(name.name, name.kind) for name in names(text, tokens(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Geely Automobile Holdings Ltd. and BYD Co. Ltd. grew.", [("Geely", "firm"), ("BYD", "firm")]),
        ("Contemporary Amperex Technology Co. Ltd. (CATL) grew.", [("CATL", "firm"), ("CATL", "firm")]),
        ("The maker Zenith Lithium AG grew.", [("Zenith Lithium", "firm")]),
        (
            "The old plans of Siemens Automotive Electric for the town are bad.",
            [("Siemens Automotive Electric", "firm")],
        ),
        ("Prices rose in Chile.", [("Chile", "country")]),
        ("A project named BESS del Desierto is large.", [("BESS del Desierto", "unknown")]),
        ("The Ningde-based maker grew.", []),
    ],
)
def test_names_are_matched_longest_first_and_unknown_ones_kept(text: str, expected: list[tuple[str, str]]) -> None:
    assert _names(text) == expected


def test_an_alias_needs_whole_words() -> None:
    assert ("Ford", "firm") not in _names("He lives in Fordham and Stratford.")


def test_owners_come_from_the_gazetteer() -> None:
    assert owner_of("Giga Shanghai") == "Tesla"
    assert owner_of("PowerCo") == "Volkswagen"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Acme Energy's new cell factory in Turin opened.", "Acme Energy Turin cell factory"),
        ("Verkor is building a gigafactory in Dunkirk.", "Verkor Dunkirk gigafactory"),
        ("Hyundai Motor's Ulsan complex closed.", "Hyundai Motor Ulsan complex"),
        ("The plant in Salzgitter starts.", "Salzgitter plant"),
        ("SAIC opened its Rayong factory.", "SAIC Rayong factory"),
        ("Tesla's Shanghai battery factory has opened.", "Tesla Shanghai Megapack factory"),
    ],
)
def test_a_described_plant_is_named_by_owner_place_and_kind(text: str, name: str) -> None:
    assert name in [m.name for m in mentions(text, Discourse()) if m.kind == "plant"]


def _after(*sentences: str) -> list[tuple[str, bool]]:
    story = Discourse()
    found = []
    for sentence in sentences:
        found = mentions(sentence, story)
        story.remember(found, sentence)
    return [(m.name, m.inherited) for m in found]


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("SK On runs a plant in Komarom.", "The plant grew.", "SK On Komarom plant"),
        ("Neoen built the Collie Battery.", "The company is French.", "Neoen"),
        ("BYD, Geely and Chery grew.", "Their share was large.", "BYD;Geely;Chery"),
        ("They founded Iberica Cells, a joint venture.", "The venture will start.", "Iberica Cells"),
    ],
)
def test_words_that_point_back_are_resolved_and_marked(first: str, second: str, name: str) -> None:
    assert (name, True) in _after(first, second)


def test_groups_without_a_name_are_kept_as_found() -> None:
    text = "Chinese EV companies and battery factories grew; those in North America shrank."
    assert [m.name for m in mentions(text, Discourse()) if m.kind == "group"] == [
        "Chinese EV companies",
        "battery factories",
        "North America factories",
    ]
