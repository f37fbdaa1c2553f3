"""Whose figure it is, in short stories: pronouns, descriptions, asides, lists, people, plants without a name."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document

STORIES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "whose_figures.yaml").read_text(encoding="utf-8")
)


PAGES = "defgh"  # the sets whose texts are whole pages


def _claims(text: str, *, whole: bool = False) -> dict[str, Claim]:
    page = f"{text}\n" if whole else f"Storage and cells\n\n3 November 2025\n\n{text}\n"
    claims: dict[str, Claim] = {}
    for claim in read_page(Document("0" * 64, "page.txt", "text", page), date="2025-11-03").claims:
        claims.setdefault(claim.value_text, claim)
    return claims


def _plain(name: str) -> str:
    return name.lower().replace("-", " ").removeprefix("the ")


def _is_right(subject: str | None, wanted: str) -> bool:
    if subject is None:
        return "None" in wanted.split("|")
    for name in wanted.split("|"):
        words = _plain(name).removeprefix("~").split()
        if name.startswith("~") and ";" not in subject and all(word in _plain(subject) for word in words):
            return True
        if _plain(name) == _plain(subject):
            return True
    return False


@cache
def _tally() -> Counter[str]:
    count: Counter[str] = Counter()
    for story in STORIES:
        claims = _claims(story["text"], whole=story["set"] in PAGES)
        for value, wanted in story["figures"].items():
            claim = claims.get(value)
            right = claim is not None and _is_right(claim.subject, wanted)
            count["wanted"] += 1
            count["right"] += right
            if claim is not None and claim.tier == "A":
                count["A"] += 1
                count["A right"] += right
    return count


@pytest.mark.parametrize(("part", "whole", "share"), [("right", "wanted", 0.92), ("A right", "A", 0.95)])
def test_whose_the_figures_of_the_stories_are(part: str, whole: str, share: float) -> None:
    tally = _tally()
    assert tally["wanted"] > 800
    assert tally[part] / tally[whole] >= share, dict(tally)


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        ("Orvano closed its Turin plant and laid off 95 people.", "95 people", "Orvano"),
        ("Lyrand Cells, a unit of Hexon, sold 300 tonnes in May.", "300 tonnes", "Lyrand Cells"),
        ("Duties on Orvano Motors are 17%, on Lyrand Cars 18.8%.", "18.8%", "Lyrand Cars"),
        ("“We sold 900 cars in May,” said Orla Byrne, chief executive of Lyrand Cars.", "900 cars", "Lyrand Cars"),
        ("Orvano opened a plant in Genk with a capacity of 3 GWh a year.", "3 GWh a year", "Genk plant"),
        ("Lyrand Cars sold 900 cars in May, followed by Orvano with 700.", "700", "Orvano"),
        ("Orvano Cells will supply Lyrand Cars with 3 GWh in 2027.", "3 GWh", "Orvano Cells"),
        ("The state of Hesse offered Orvano Cells a grant of €90 million.", "€90 million", "Hesse"),
    ],
)  # fmt: skip
def test_the_part_that_a_name_plays(text: str, value: str, subject: str) -> None:
    assert _claims(text)[value].subject == subject


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        ("Orvano Cells runs a plant in Genk. It lost €3 million in 2024.", "€3 million", "Orvano Cells"),
        ("Orvano Cells runs a plant in Genk. It employs 80 people.", "80 people", "Orvano Cells"),
        ("The German firm Orvano bought Lyrand of Zug. The German firm sold 900 cars in May.", "900 cars", "Orvano"),
        ("Iberdrola bid with Hydro. The former offered €5 million, the latter €4 million.", "€5 million", "Iberdrola"),
        ("Who builds what\n\n1. Orvano Verde\nThe Chilean developer will build 90 MW.", "90 MW", "Orvano Verde"),
    ],
)  # fmt: skip
def test_what_is_pointed_at_is_carried_over(text: str, value: str, subject: str) -> None:
    claim = _claims(text)[value]
    assert (claim.subject, claim.tier.value == "A") == (subject, False)


@pytest.mark.parametrize(
    "text",
    [
        "Orvano Cells grew. Winners must build 2 GW by 2028.",
        "Orvano Cells invested in a maker of vans, a start-up, which booked €14 million in 2023.",
    ],
)
def test_where_nobody_is_named_nobody_is_the_subject(text: str) -> None:
    assert [claim.subject for claim in _claims(text).values()][-1] is None


_NAMES = st.sampled_from(["Orvano Cells", "Lyrand Motors", "Quenby Storage", "Hexon Energy", "Tessaro Mobility"])
_ASIDES = st.sampled_from(
    ["", ", a unit of {other},", ", which is owned by {other},", ", backed by {other},", " (formerly {other})"]
)
_FACTS = st.sampled_from(
    [
        ("sold 4,100 cars in May", "4,100 cars"),
        ("made 4,100 cars in May", "4,100 cars"),
        ("posted a loss of €41 million for 2024", "€41 million"),
        ("employs 410 people", "410 people"),
        ("had a market share of 41% in 2024", "41%"),
    ]
)


@given(names=st.lists(_NAMES, min_size=2, max_size=2, unique=True), aside=_ASIDES, fact=_FACTS)
def test_an_aside_changes_no_subject(names: list[str], aside: str, fact: tuple[str, str]) -> None:
    claim = _claims(f"{names[0]}{aside.format(other=names[1])} {fact[0]}.")[fact[1]]
    assert (claim.subject, claim.tier.value) == (names[0], "A")


@given(names=st.lists(_NAMES, min_size=2, max_size=2, unique=True), fact=_FACTS)
def test_it_is_what_the_sentence_before_was_about(names: list[str], fact: tuple[str, str]) -> None:
    claim = _claims(f"{names[0]} buys cells from {names[1]}. It {fact[0]}.")[fact[1]]
    assert (claim.subject, claim.inherited) == (names[0], ("subject",))
