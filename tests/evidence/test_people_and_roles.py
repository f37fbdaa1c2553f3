"""People with the firms that they speak for, the parts that names play, and what only describes a firm."""

from __future__ import annotations

import pytest

from cell2grid.evidence.naming.discourse import Discourse, Mention
from cell2grid.evidence.naming.leads import is_dateline, leading_name
from cell2grid.evidence.naming.mentions import mentions
from cell2grid.evidence.naming.roles import asides
from cell2grid.evidence.naming.verbs import acts, inflected


def _mentions(*sentences: str) -> list[Mention]:
    story = Discourse()
    found: list[Mention] = []
    for sentence in sentences:
        found = mentions(sentence, story)
        story.remember(found, sentence, asides(sentence, found))
    return found


@pytest.mark.parametrize(
    ("text", "person", "firm"),
    [
        ("Orla Byrne, chief executive of Lyrand Storage, said no.", "Orla Byrne", "Lyrand Storage"),
        ("Northvolt's founder, Peter Lindqvist, left.", "Peter Lindqvist", "Northvolt"),
        ("It fell, Mr Tabone said.", "Tabone", None),
        ("Chen Rui, the plant's manager, said no.", "Chen Rui", None),
    ],
)
def test_people_are_told_by_office_title_or_name(text: str, person: str, firm: str | None) -> None:
    assert [(m.name, m.owner) for m in _mentions(text) if m.kind == "person"] == [(person, firm)]


@pytest.mark.parametrize("text", ["Kathleen Valley opened.", "Lyrand Storage said no.", "It lies in Diego de Almagro."])
def test_places_and_firms_are_no_people(text: str) -> None:
    assert "person" not in {m.kind for m in _mentions(text)}


@pytest.mark.parametrize(
    ("text", "name", "part"),
    [
        ("Orvano Cells closed its Turin plant.", "Orvano Cells Turin plant", "object"),
        ("Orvano Cells sold cells to ferry builder Lyrand Marine.", "Lyrand Marine", "to"),
        ("Under the deal, Orvano Cells grew.", "Orvano Cells", ""),
        ("Orvano Cells expects Lyrand Cars to grow.", "Lyrand Cars", ""),
        ("It rents from Orvano Cells and Lyrand Cars.", "Lyrand Cars", "from"),
    ],
)
def test_the_part_of_a_name(text: str, name: str, part: str) -> None:
    assert [m.preposition for m in _mentions(text) if m.name == name and not m.inherited] == [part]


@pytest.mark.parametrize(
    ("text", "aside"),
    [
        ("Orvano, a unit of Hexon, grew.", ", a unit of Hexon,"),
        ("Orvano, held by Hexon, Lyrand and Quenby, grew.", ", held by Hexon, Lyrand and Quenby,"),
        ("In Genk, Orvano's new plant, now shut, made cells.", None),
        ("Orvano sold 3 GWh in May, the company said, and grew.", None),
    ],
)
def test_asides(text: str, aside: str | None) -> None:
    found = [text[start:end] for start, end in asides(text, _mentions(text))]
    assert (aside in found) if aside else all("plant" not in each and "company" not in each for each in found)


@pytest.mark.parametrize(
    ("sentences", "name"),
    [
        (("BMW met Tesla.", "The German carmaker grew."), "BMW"),
        (("BMW met Tesla.", "The American firm grew."), "Tesla"),
        (("Volkswagen set up PowerCo.", "The Volkswagen unit grew."), "PowerCo"),
        (("Hyundai met Tesla.", "The Koreans grew."), "Hyundai Motor"),
        (("Once small, Orvano Cells grew.", "It is another story: the firm shrank."), "Orvano Cells"),
    ],
)
def test_descriptions_are_told_by_home_and_trade(sentences: tuple[str, ...], name: str) -> None:
    assert [m.name for m in _mentions(*sentences) if m.inherited][-1] == name


def test_the_devon_developer_is_no_devon() -> None:
    assert [m.name for m in _mentions("Orvano Cells grew.", "The Devon developer shrank.")] == ["Orvano Cells"]


@pytest.mark.parametrize(("text", "place"), [("GOTHENBURG.", True), ("NEOEN.", False), ("The end.", False)])
def test_a_place_in_capitals_alone_is_a_dateline(text: str, place: bool) -> None:
    assert is_dateline(text) is place


def test_a_heading_in_capitals_is_no_name() -> None:
    assert leading_name("OUTLOOK: We expect 3 GWh.") is None


def test_a_verb_behind_an_aside_still_makes_a_subject() -> None:
    assert acts("Orvano, a unit of Hexon, also sold cells.", 6)
    assert not acts("Orvano built by hand.", 6)


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("plan", ("plan", "plans", "planned", "planning")),
        ("carry", ("carry", "carries", "carried", "carrying")),
        ("reach", ("reach", "reaches", "reached", "reaching")),
        ("own", ("own", "owns", "owned", "owning")),
    ],
)
def test_regular_forms_of_verbs(verb: str, forms: tuple[str, ...]) -> None:
    assert inflected(verb) == forms
