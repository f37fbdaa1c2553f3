"""Quantities without a number of their own: a majority stake, a 50-50 split, a single line.

Numbers and number words are ``lexer.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.quantity import Quantity
from cell2grid.evidence.units_written import counted_noun

_SINGLE = re.compile(r"\b(?:a|one|the)?\s?\b(?P<single>single)[ -](?=[a-z])")
_STAKES = re.compile(
    r"\b(?P<which>majority|minority)\s+(?:stake|share|shareholding|interest|holding"
    r"|ownership)\b(?!\s*holder)",
    re.I,
)
_HALVES = re.compile(r"\b50[-:/]50\b|\bfifty-fifty\b")


def verbal_quantities(text: str, found: list[Quantity]) -> list[Quantity]:
    """Quantities without a number of their own: a majority stake, a 50-50 split, a single line."""
    verbal: list[Quantity] = []
    for match in _STAKES.finditer(text):
        low, high = (50.0, 100.0) if match.group("which").lower() == "majority" else (0.0, 50.0)
        kind = "over" if low else "under"
        verbal.append(
            Quantity(
                match.start(),
                match.end(),
                match.start(),
                match.end(),
                50.0,
                50.0,
                low,
                high,
                "percent",
                "percent",
                kind,
                "stake",
                1.0,
                False,
            )
        )
    for match in _HALVES.finditer(text):
        verbal.append(
            Quantity(
                match.start(),
                match.end(),
                match.start(),
                match.end(),
                50.0,
                50.0,
                50.0,
                50.0,
                "percent",
                "percent",
                None,
                "split",
                1.0,
                False,
            )
        )
    for match in _SINGLE.finditer(text):
        if re.search(r"(?:est|most|every|any|each|no|not an?|per)\s+$", text[: match.start("single")]):
            continue
        noun = counted_noun(text, match.end("single"), singular_too=True)
        if noun is not None and not text[match.end("single") : noun.end].strip().endswith("s"):
            verbal.append(
                Quantity(
                    match.start("single"),
                    noun.end,
                    match.start("single"),
                    match.end("single"),
                    1.0,
                    1.0,
                    1.0,
                    1.0,
                    noun.name,
                    "count",
                    None,
                    noun.written,
                    1.0,
                    False,
                )
            )
    return [v for v in verbal if not any(q.start < v.end and v.start < q.end for q in found)]
