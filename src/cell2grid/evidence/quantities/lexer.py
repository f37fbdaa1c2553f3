"""The quantities of a sentence: number, magnitude, unit or counted noun, per what, within which bounds.

Dates are masked first, then traps (names, codes, addresses); what is left and has a unit is a quantity. A number
without a unit is kept aside as ``bare``: only its sentence and the sentences before can say what it counts
(``carry.py``). Nothing here knows frames, subjects or periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from cell2grid.evidence.dates.date_expressions import DateExpression, date_expressions
from cell2grid.evidence.quantities.approximations import degree
from cell2grid.evidence.quantities.joining import listed, ranges
from cell2grid.evidence.quantities.measured import measured
from cell2grid.evidence.quantities.numbers import Numeral, may_hold_number, numeral_behind, numerals
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.quantities.traps import traps
from cell2grid.evidence.quantities.verbal import may_hold_verbal, verbal_quantities
from cell2grid.evidence.vocabulary import table, word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind


@dataclass(frozen=True, slots=True)
class Lexed:
    """What a sentence holds: its quantities, its numbers without a unit, its dates."""

    quantities: tuple[Quantity, ...]
    dates: tuple[DateExpression, ...]


@lru_cache(maxsize=8)  # asked before a sentence is read, and again by the reading
def may_hold_quantity(text: str) -> bool:
    """Whether a sentence has a digit or a word that a quantity needs: a cheap look before it is read.

    >>> may_hold_quantity("It made two of them."), may_hold_quantity("It made them.")
    (True, False)
    """
    return may_hold_number(text) or may_hold_verbal(text)


@lru_cache(maxsize=4096)  # many pages tell the same story of an agency
def lex(text: str) -> Lexed:
    """The quantities and dates of one sentence, in order.

    >>> found = lex("The plant can build 150,000 vehicles a year and cost about US$490 million.").quantities
    >>> [(q.value, q.unit, q.approx) for q in found]
    [(150000.0, 'vehicle/year', None), (490000000.0, 'USD', 'about')]
    """
    text = _narrow(text)
    dates = date_expressions(text)
    if not may_hold_quantity(text):
        return Lexed((), dates)
    outside = _unmasked(text, numerals(text), [(d.start, d.end) for d in dates if not d.holds_duration])
    outside = _unmasked(text, outside, [(start, end) for start, end, _ in traps(text)]) if outside else []
    pieces: list[Quantity] = []
    for numeral in outside:
        if pieces and numeral.start < pieces[-1].end:
            continue
        joined = bool(pieces) and _joins(text, pieces[-1], numeral)
        piece = measured(text, numeral, behind_unit=joined, floor=pieces[-1].end if pieces else 0)
        if piece is not None:
            pieces.append(piece)
    pieces = ranges(text, listed(text, pieces))
    found = [_bounded(text, piece) for piece in pieces if not _is_name(text, piece)]
    verbal = verbal_quantities(text, [piece for piece in found if piece.kind not in {"bare", "count"}])
    verbal = [_bounded(text, v) for v in verbal if not any(piece.start < v.start < piece.end for piece in found)]
    found = [piece for piece in found if not any(v.start <= piece.start < v.end for v in verbal)] + verbal
    return Lexed(tuple(sorted(found, key=lambda q: q.start)), dates)


def _unmasked(text: str, found: list[Numeral], masks: list[tuple[int, int]]) -> list[Numeral]:
    """The numerals that no mask touches, and what is left of spaced digits behind one."""
    free: list[Numeral] = []
    for numeral in found:
        touching = [end for start, end in masks if start < numeral.end and numeral.start < end]
        left = numeral_behind(text, numeral, max(touching)) if touching else numeral
        if left is not None:
            free.append(left)
    return free


# Full-width digits, letters and signs of East Asian pages, each to its plain form of the same length; the comma keeps
# its width, since it parts numbers and not thousands.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；：！？"}
_IS_WIDE = re.compile("[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")


def _narrow(text: str) -> str:
    """The text with full-width digits and letters in plain ones, place for place.

    >>> _narrow("２５０ＭＷ，１．５％")
    '250MW，1.5%'
    """
    return text if text.isascii() or not _IS_WIDE.search(text) else text.translate(_WIDE)


def _joins(text: str, before: Quantity, numeral: Numeral) -> bool:
    """Whether only a hyphen stands between a unit and the next number (100MW-400MWh), or it is the end of a range."""
    between = text[before.end : numeral.start]
    return between == "-to-" or ((before.kind != "bare" or before.factor > 1) and between in {"-", "–", "/"})


# -- bounds, names, words --------------------------------------------------------------------------------------------


def _bounded(text: str, piece: Quantity) -> Quantity:
    if piece.approx is not None or piece.value is None:
        return piece
    fraction = piece.noun == "fraction" or not piece.digits
    found = degree(text, piece.start, piece.end, article=fraction)
    if found is None and piece.number_end != piece.end:
        found = degree(text, piece.start, piece.number_end, article=fraction)
        found = None if found is not None and found.start < piece.start else found
    vague = not piece.digits and _VAGUE_WORD.match(text, piece.number_start)
    if vague:
        return replace(piece, low=piece.value, high=None, approx="vague")
    if found is None:
        return piece
    low, high = found.interval(piece.value)
    if found.kind == "about" and not piece.digits and piece.number == 0.5 and piece.factor > 1:
        one_digit = table("approximations")["one_digit"]
        low, high = piece.value * one_digit["low"], piece.value * one_digit["high"]
    behind = found.start >= piece.end
    return replace(
        piece, low=low, high=high, approx=found.kind, degree_start=found.start, end=found.end if behind else piece.end
    )


_VAGUE_WORD = re.compile(
    r"(?i:tens of|(?:hundred|thousand|million|billion|trillion|dozen|score)s|several|a few|many|multiple)\b"
)
_CAPITAL_BEFORE = re.compile(r"(?P<word>[A-Z][\w’'&.-]*)[\s\u200b]$")
_NOT_NAMES = word_list("capital_but_no_name")


@cache
def _last_words_of_firms() -> frozenset[str]:
    """The words that firms' names end in: a number behind one may be its share of a row (BYD 403 and MG 511)."""
    return frozenset(name.split()[-1] for firm in of_kind("firm", "venture") for name in firm.names)


_FLOWS = {"sale", "delivery", "export", "import", "registration"}
# a number behind a name that goes on a row: Maxus 3,480, and Farizon 410; Spain took 37 %, Italy 19 and Egypt 11
_IN_TURN = re.compile(
    r"\d,\d{3}(?:\s[a-z]+)?(?:,|,?\sand)\s[A-Z][\w’'&.-]*\s$"
    r"|\d,\d{3}(?:\s[a-z]+)?(?:(?:,|,?\sand)\s(?:the\s)?(?:[A-Z][\w’'&.-]*\s){1,3}\d{1,3}){1,5}(?:,|,?\sand)\s(?:the\s)?(?:[A-Z][\w’'&.-]*\s){1,3}$"
    r"|(?:%|\bper\s?cent)(?:\s(?:of|in)\s(?:[a-z-]+\s?){1,4})?"
    r"(?:(?:,|,?\sand)\s(?:[A-Z][\w’'&.-]*\s){1,3}(?:\d{1,2}(?:\.\d+)?(?!\d))?){0,4}"
    r"(?:,|,?\sand)\s(?:[A-Z][\w’'&.-]*\s){1,3}$"
)


def _is_name(text: str, piece: Quantity) -> bool:
    """Whether a small whole number belongs to the capital word before it (Falcon 9, Atto 3, Zeekr 001)."""
    if not piece.digits or piece.number != int(piece.number) or piece.number > 999 or piece.factor != 1:
        return False
    if piece.kind not in {"bare", "count"} or piece.start != piece.number_start:
        return False
    before = _CAPITAL_BEFORE.search(text, max(0, piece.start - 30), piece.start)
    if before is None or before.group("word").rstrip(".") in _NOT_NAMES:
        return False
    if piece.kind == "count" and piece.unit in _FLOWS:
        return True  # Mazda 3 sales
    if piece.kind == "bare" and _IN_TURN.search(text, max(0, piece.start - 120), piece.start):
        return False
    if piece.kind == "bare":
        return piece.number < 10 or before.group("word") not in _last_words_of_firms()
    at_start = not text[: before.start()].strip(" \"'“‘(")
    return not at_start and not before.group("word").endswith(("'s", "’s")) and text[piece.number_start :][:1] != " "
