"""Traps: each pattern finds its stretch, and the words it is said to need are in whatever it matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.evidence.quantities.traps import traps
from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.signs import Signs, shaped

PATTERNS = {name: re.compile("".join(row["pattern"])) for name, row in table("traps").items()}


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The line opens at 9:30 am CET.", "clock"),
        ("Visit 12 Harbour  Road in Larne.", "address"),
        ("Firmware 3.1 is out.", "version"),
        ("It is a Tier 1 supplier.", "name"),
        ("A 40-foot container holds it.", "container_size"),
        ("TOP TEN makers", "rank"),
    ],
)
def test_a_trap_is_found_by_its_words(sentence: str, kind: str) -> None:
    assert kind in [name for _, _, name in traps(sentence)]


@pytest.mark.parametrize("name", PATTERNS)
def test_whatever_a_pattern_matches_holds_a_word_that_it_needs(name: str) -> None:
    """A pattern is only run where one of its words is, so a word that is missing in the table would lose traps."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(PATTERNS[name], alphabet=st.characters(codec="ascii")))
    def check(text: str) -> None:
        matched = {(found.start(), found.end(), name) for found in PATTERNS[name].finditer(text)}
        assert matched <= set(traps(text))

    check()


def test_signs_are_found_inside_words_in_their_case_and_with_digits_as_zeros() -> None:
    signs = Signs({"year": ["0000"], "firm": ["Inc"]}, {"firm": ["limited"]})
    assert signs.found(shaped("since  2019")) == {"year"}
    assert signs.found(shaped("INC. and inc.")) == set()
    assert signs.found("Unlimited") == {"firm"}
    assert Signs({}).found("anything") == set()
