"""The quantities of a sentence: number, magnitude, unit or counted noun, per what, within which bounds.

Dates are masked first, then traps (names, codes, addresses); what is left and has a unit is a quantity. A number
without a unit is kept aside as ``bare``: only its sentence and the sentences before can say what it counts
(``carry.py``). Nothing here knows frames, subjects or periods.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from cell2grid.evidence.dates.date_expressions import DateExpression, date_expressions
from cell2grid.evidence.quantities.approximations import degree
from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.denominators import denominator_after
from cell2grid.evidence.quantities.joining import listed, ranges
from cell2grid.evidence.quantities.numbers import Numeral, has_number_word, magnitude, magnitude_pattern, numerals
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.quantities.traps import traps
from cell2grid.evidence.quantities.units_written import currency_before, unit_after
from cell2grid.evidence.quantities.verbal import may_hold_verbal, verbal_quantities
from cell2grid.evidence.vocabulary import table, word_list


@dataclass(frozen=True, slots=True)
class Lexed:
    """What a sentence holds: its quantities, its numbers without a unit, its dates."""

    quantities: tuple[Quantity, ...]
    dates: tuple[DateExpression, ...]


_DIGIT = re.compile(r"\d")


def may_hold_quantity(text: str) -> bool:
    """Whether a sentence has a digit or a word that a quantity needs: a cheap look before it is read.

    >>> may_hold_quantity("It made two of them."), may_hold_quantity("It made them.")
    (True, False)
    """
    return bool(_DIGIT.search(text)) or has_number_word(text) or may_hold_verbal(text)


def lex(text: str) -> Lexed:
    """The quantities and dates of one sentence, in order.

    >>> found = lex("The plant can build 150,000 vehicles a year and cost about US$490 million.").quantities
    >>> [(q.value, q.unit, q.approx) for q in found]
    [(150000.0, 'vehicle/year', None), (490000000.0, 'USD', 'about')]
    """
    dates = date_expressions(text)
    if not may_hold_quantity(text):
        return Lexed((), dates)
    masks = [(d.start, d.end) for d in dates if not d.holds_duration] + [(s, e) for s, e, _ in traps(text)]
    pieces: list[Quantity] = []
    for numeral in numerals(text):
        if any(start < numeral.end and numeral.start < end for start, end in masks):
            continue
        if pieces and numeral.start < pieces[-1].end:
            continue
        piece = _piece(text, numeral)
        if piece is not None:
            pieces.append(piece)
    joined = ranges(text, listed(text, pieces))
    found = [_bounded(text, piece) for piece in joined if not _is_name(text, piece)]
    verbal = verbal_quantities(text, [piece for piece in found if piece.kind not in {"bare", "count"}])
    found = [piece for piece in found if not any(v.start <= piece.start < v.end for v in verbal)] + verbal
    return Lexed(tuple(sorted(found, key=lambda q: q.start)), dates)


# -- one number ------------------------------------------------------------------------------------------------------

_LETTER_BEFORE = re.compile(r"(?:[A-Za-zÀ-žΑ-я]|[A-Za-zÀ-žΑ-я][-–]|\d[.,:/]|[#_@])\Z")
_GLUED_WORD = re.compile(r"[A-Za-z_]")
_MINUS = re.compile(r"(?:^|[\s(])[-−–]\Z")


def _piece(text: str, numeral: Numeral) -> Quantity | None:
    """One number with its magnitude, unit and denominator; None where it is part of a name or an idiom."""
    start, end = numeral.start, numeral.end
    currency = currency_before(text, start) if numeral.kind in {"digits", "halfof", "article"} else None
    if currency is None and numeral.kind == "digits" and _LETTER_BEFORE.search(text[max(0, start - 2) : start]):
        return None
    first = start if currency is None else currency[0]
    factor, end = _magnitude(text, numeral, currency is not None)
    unit_end, unit, kind, noun = end, "", "bare", ""
    if currency is not None:
        unit, kind = currency[1], "currency"
        after = unit_after(text, end)
        unit_end = after.end if after is not None and after.name == unit else end
    else:
        found = _unit_or_noun(text, numeral, end)
        if found is None:
            return None
        unit_end, unit, kind, noun = found
    value = float(f"{numeral.value * factor:.15g}")  # 8.03 billion is 8030000000, not its binary neighbour
    if kind == "percent" and numeral.kind != "fraction" and unit_end == end:
        return None
    if unit and kind in {"energy", "power", "currency", "count", "mass", "duration"}:
        per = denominator_after(text, unit_end, kind)
        if per is not None and not (kind == "duration" and per[1] in {"year", "month"}):
            unit_end, unit = per[0], f"{unit}/{per[1]}"
    if numeral.kind == "digits" and _MINUS.search(text[max(0, first - 2) : first]):
        value, first = -value, first - 1
    return Quantity(
        first, unit_end, start, end, numeral.value, value, value, value, unit, kind, None, noun, factor,
        numeral.kind == "digits",
    )  # fmt: skip


def _magnitude(text: str, numeral: Numeral, has_currency: bool) -> tuple[float, int]:
    if numeral.kind in {"fraction", "vague", "group"}:
        return 1.0, numeral.end
    found = magnitude_pattern().match(text, numeral.end, min(len(text), numeral.end + 16))
    if found is None:
        return 1.0, numeral.end
    letter = found.group("letter")
    if letter is not None:
        money_follows = re.match(r"\s?(?:euros?|dollars?|yuan|won|yen|pounds?|RMB|USD|EUR)\b", text[found.end() :])
        counted = letter in "kKM" and counted_noun(text, found.end()) is not None
        if not (has_currency or money_follows or counted):
            return 1.0, numeral.end
        return magnitude(letter), found.end()
    word = found.group("word")
    factor, end = magnitude(word), found.end()
    again = magnitude_pattern().match(text, end, min(len(text), end + 16))
    if again is not None and again.group("word") is not None and factor < 1e6:
        return factor * magnitude(again.group("word")), again.end()
    return factor, end


def _unit_or_noun(text: str, numeral: Numeral, end: int) -> tuple[int, str, str, str] | None:
    """End, unit, kind and noun of what follows a number; None where the number is no quantity at all."""
    if numeral.kind == "fraction":
        return _fraction(text, numeral)
    if numeral.kind in {"vague", "group"}:
        of = re.match(r"\s+of(?:\s+(?:the|its|their|these|those))?", text[end : end + 14])
        noun = counted_noun(text, end + of.end()) if of else None
        return None if noun is None else (noun.end, noun.name, "count", noun.written)
    unit = unit_after(text, end)
    if unit is not None and not (unit.kind == "ratio" and _no_ratio(text, numeral, unit.end)):
        if numeral.kind == "word" and numeral.value == 1 and unit.kind == "duration" and _idiom(text, numeral):
            return None
        return unit.end, unit.name, unit.kind, unit.written
    glued = end < len(text) and _GLUED_WORD.match(text[end])
    if glued:
        return None
    hyphen = re.match(r"-[A-Za-z]", text[end : end + 2]) is not None
    ones = numeral.value == 1 and numeral.kind in {"word", "digits", "article"}
    noun = counted_noun(text, end, singular_too=ones or hyphen)
    if noun is not None and not (ones and _idiom(text, numeral)):
        return noun.end, noun.name, "count", noun.written
    if hyphen or numeral.kind in {"halfof", "article"}:
        return None
    of_these = re.match(
        r"\s+of\s+(?:the|its|their|these|those)(?:\s+(?:world|country|company|group|firm)[’']s)?(?=\s)",
        text[end : end + 40],
    )
    if of_these is not None and numeral.value >= 2:
        noun = counted_noun(text, end + of_these.end())
        if noun is not None:
            return noun.end, noun.name, "count", noun.written
    return end, "", "bare", ""


def _idiom(text: str, numeral: Numeral) -> bool:
    """Whether "one" is no count: one of the, one another, one day, no one, at one time."""
    after = text[numeral.end : numeral.end + 12].lower()
    before = text[max(0, numeral.start - 12) : numeral.start].lower()
    return bool(
        re.match(r"[ -](?:of|another|day|time|way|thing|or|by|could|must|might|stop|side|hand|year\s+later)\b", after)
    ) or bool(re.search(r"\b(?:no|any|every|some|each|this|that|the|number|which|at)\s$", before))


def _no_ratio(text: str, numeral: Numeral, end: int) -> bool:
    before = text[max(0, numeral.start - 16) : numeral.start].lower()
    return bool(re.match(r"\s*(?:square|new roman|now)", text[end : end + 14].lower())) or before.endswith(
        "the financial "
    )


def _fraction(text: str, numeral: Numeral) -> tuple[int, str, str, str] | None:
    """A fraction in words is a percentage where it is a part of something, nothing where it is a stretch of time."""
    before = text[max(0, numeral.start - 14) : numeral.start].lower()
    if re.search(
        r"\b(?:first|second|latter|last|other|third|and a|the|year|this|that|next|better|in"
        r"|one and a)\s*-?$",
        before,
    ):
        return None
    after = text[numeral.end : numeral.end + 14].lower()
    part = re.match(
        r"\s+(?:of|the|its|their|all|that|as|his|what)\b|\s+(?:from|in|to|since|compared|year)\b"
        r"|[.,;)]|$",
        after,
    )
    return (numeral.end, "percent", "percent", "fraction") if part else None


# -- bounds, names, words --------------------------------------------------------------------------------------------


def _bounded(text: str, piece: Quantity) -> Quantity:
    if piece.approx == "range" or piece.value is None:
        return piece
    fraction = piece.noun == "fraction" or not piece.digits
    found = degree(text, piece.start, piece.end, article=fraction)
    if found is None and piece.number_end != piece.end:
        found = degree(text, piece.start, piece.number_end, article=fraction)
        found = None if found is not None and found.start < piece.start else found
    vague = (
        not piece.digits
        and piece.number in {10.0, 12.0, 20.0, 100.0, 1e3, 1e6, 1e9}
        and _VAGUE_WORD.match(text, piece.number_start)
    )
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


_VAGUE_WORD = re.compile(r"(?i:tens of|hundreds|thousands|millions|billions|dozens|scores)")
_CAPITAL_BEFORE = re.compile(r"(?P<word>[A-Z][\w’'&.-]*)[\s\u200b]$")
_NOT_NAMES = word_list("capital_but_no_name")


@cache
def _last_words_of_firms() -> frozenset[str]:
    """The words that firms' names end in: a number behind one may be its share of a row (BYD 403 and MG 511)."""
    rows = table("gazetteer")["firms"]
    return frozenset(alias.split()[-1] for row in rows for alias in [row["name"], *row.get("aliases", [])])


_IN_TURN = re.compile(r"\d,\d{3}(?:\s[a-z]+)?(?:,|,?\sand)\s[A-Z][\w’'&.-]*\s$")  # Maxus 3,480, and Farizon 410


_IN_TURN = re.compile(r"\d,\d{3}(?:\s[a-z]+)?(?:,|,?\sand)\s[A-Z][\w’'&.-]*\s$")  # Maxus 3,480 and Farizon 410


def _is_name(text: str, piece: Quantity) -> bool:
    """Whether a small whole number belongs to the capital word before it (Falcon 9, Atto 3, Zeekr 001)."""
    if not piece.digits or piece.number != int(piece.number) or piece.number > 999 or piece.factor != 1:
        return False
    if piece.kind not in {"bare", "count"} or piece.start != piece.number_start:
        return False
    before = _CAPITAL_BEFORE.search(text, max(0, piece.start - 30), piece.start)
    if before is None or before.group("word").rstrip(".") in _NOT_NAMES:
        return False
    if piece.kind == "bare" and _IN_TURN.search(text, 0, piece.start):
        return False
    if piece.kind == "bare":
        return piece.number < 10 or before.group("word") not in _last_words_of_firms()
    at_start = not text[: before.start()].strip(" \"'“‘(")
    return not at_start and not before.group("word").endswith(("'s", "’s")) and text[piece.number_start :][:1] != " "
