"""The parts of words by which a flow is looked for are in whatever its pattern matches."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cell2grid.evidence.frames._flows import _PATTERNS, _words_in


@pytest.mark.parametrize("name", _PATTERNS)
def test_whatever_a_flow_matches_holds_a_part_that_it_is_looked_for_by(name: str) -> None:
    pattern = _PATTERNS[name]

    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.from_regex(pattern, alphabet=st.characters(codec="ascii")) if name != "exports" else st.from_regex(pattern)
    )
    def check(text: str) -> None:
        # two letters of Unicode have a small form in ASCII that no page means (the long s, the sign of Kelvin)
        assert pattern.search(text) is None or name in _words_in(text) or "ſ" in text

    check()


def test_a_sentence_without_a_word_for_a_flow_has_none() -> None:
    assert _words_in("Its tower is 90 metres high.") == frozenset()
    assert _words_in("SHIPMENTS rose.") == {"deliveries"}
