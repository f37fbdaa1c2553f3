"""The words that call for a pattern of furniture are in whatever the pattern matches."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.evidence.pages.page_lines import _by_word, _signs, page_lines
from cell2grid.evidence.vocabulary.signs import with_zeros


@pytest.mark.parametrize(
    "line",
    [
        "By going on you accept our cookie policy and the rest",
        "News > Energy > Storage",
        "Anneli Kask is a senior reporter in Tallinn.",
        "Call us on +372 600 1234 about this",
        "A 4-min read",
        "Reuse needs a licence. All Rights Reserved",
    ],
)
def test_furniture_is_known_by_a_word_in_it(line: str) -> None:
    assert [found.look for found in page_lines(line)] == ["furniture"]


@pytest.mark.parametrize("name", _by_word())
def test_whatever_a_pattern_matches_holds_a_word_that_calls_for_it(name: str) -> None:
    """A pattern is only tried where one of its words is, so a missing word would lose furniture."""
    pattern = _by_word()[name]

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(pattern, alphabet=st.characters(codec="ascii", exclude_characters="\n")))
    def check(line: str) -> None:
        assert pattern.match(line) is None or name in _signs().found(with_zeros(line))

    check()
