"""Sentences and their exact places."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.pages.sentences import LONGEST, sentences


def _cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SK Co. Ltd. grew. Feb. 6 came.", ["SK Co. Ltd. grew.", "Feb. 6 came."]),
        ("It has 3.9 MWh. No. 2 follows.", ["It has 3.9 MWh.", "No. 2 follows."]),
        ("The U.S. plant opened at 6 a.m. on Monday.", ["The U.S. plant opened at 6 a.m. on Monday."]),
        ('He said: "We build." She left.', ['He said: "We build."', "She left."]),
        ("# A headline\nA sentence that ends.", ["A headline", "A sentence that ends."]),
        ("- one item\n- another item", ["- one item", "- another item"]),
        ("容量为40吉瓦时。产量增长。", ["容量为40吉瓦时。", "产量增长。"]),
    ],
)
def test_abbreviations_and_paragraphs(text: str, expected: list[str]) -> None:
    assert _cut(text) == expected


def test_a_line_wrapped_in_the_middle_of_a_sentence_runs_on() -> None:
    text = "The plant near the harbour of the old town was built in nineteen months\nand cost 300 million."
    assert _cut(text) == [text]


def test_a_long_line_is_cut_in_pieces_that_cover_it() -> None:
    pieces = sentences("word " * 20_000)
    assert all(piece.end - piece.start <= LONGEST for piece in pieces)
    assert sum(piece.end - piece.start for piece in pieces) > 0.95 * 100_000


@given(st.text(alphabet=st.sampled_from("aB. \n,;:!?–\u200b\u202e8%$\r\t\ufeff"), max_size=300))
def test_sentences_are_sorted_and_never_overlap(text: str) -> None:
    spans = sentences(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(text[span.start : span.end].strip() for span in spans)


def test_a_line_that_ends_in_a_preposition_runs_on() -> None:
    text = "The plant has an annual capacity of\n60,000 packs."
    assert _cut(text) == [text]
