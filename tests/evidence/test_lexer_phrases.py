"""What the lexer reads in the phrases of ``lexer_phrases.txt``, and that it reads nothing where nothing is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.evidence.quantities.lexer import lex
from cell2grid.evidence.quantities.quantity import Quantity

ROWS = [
    line.rpartition(" |")
    for line in (Path(__file__).parent / "lexer_phrases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def _same(quantity: Quantity, asked: str) -> bool:
    size, unit, *degree = asked.split(None, 2)
    ends = [float(end) for end in size.split("..")]
    read = [quantity.value] if len(ends) == 1 else [quantity.low, quantity.high]
    approx = "range" if len(ends) == 2 else degree[0] if degree else None
    return read == pytest.approx(ends) and quantity.unit == unit and quantity.approx in {approx, *degree}


@pytest.mark.parametrize(("phrase", "readings"), [(row[0], row[2]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_phrase_is_read_as_the_table_says(phrase: str, readings: str) -> None:
    text = phrase.replace("␠", "\u00a0").replace("␣", "\u2009")
    read = [quantity for quantity in lex(text).quantities if quantity.kind != "bare"]
    asked = [reading for reading in readings.split(";") if reading.strip()]
    assert len(read) == len(asked), read
    assert all(map(_same, read, asked)), read


def test_the_table_holds_both_what_counts_and_what_does_not() -> None:
    assert sum(bool(row[2].strip()) for row in ROWS) > 350
    assert sum(not row[2].strip() for row in ROWS) > 150
