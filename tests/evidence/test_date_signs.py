"""The words that the forms of dates are said to need are in whatever the forms match."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.evidence.dates.date_expressions import _forms, _signs, date_expressions
from cell2grid.evidence.vocabulary.signs import shaped

ASCII = st.characters(codec="ascii")


@pytest.mark.parametrize(
    ("sentence", "form"),
    [
        ("They met last summer.", "relative"),
        ("It opens on the 3rd of\nMay.", "day"),
        ("Output fell in the twelve months ended  June 30.", "ended"),
        ("It made none a decade ago.", "ago"),
        ("It ships in EARLY 2031.", "edge"),
        ("产量在2031年3月增长。", "chinese"),
    ],
)
def test_a_form_is_found_by_its_words(sentence: str, form: str) -> None:
    assert form in [found.form for found in date_expressions(sentence)]


@pytest.mark.parametrize("form", _forms())
def test_whatever_a_form_matches_holds_a_word_that_it_needs(form: str) -> None:
    """A form is only tried where one of its words is, so a word that is missing in the table would lose dates."""
    pattern: re.Pattern[str] = _forms()[form]
    letters = pattern.search("2031年3月") is not None

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern) if letters else st.from_regex(pattern, alphabet=ASCII))
    def check(text: str) -> None:
        assert pattern.search(text) is None or form in _signs().found(shaped(text))

    check()
