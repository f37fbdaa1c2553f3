"""Quantities without a number of their own: a majority stake, a 50-50 split, a single line; multiples among them.

Words for multiples are ``multiples.py``. Numbers and number words are ``lexer.py``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.multiples import PARTS_OF_MULTIPLES, may_hold_multiple, multiples
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import word_list
from cell2grid.evidence.vocabulary.signs import Signs

_SINGLE = re.compile(r"\b(?:a|one|the)?\s?\b(?P<single>single)[ -](?=[a-z])")
_STAKES = re.compile(
    r"\b(?P<which>majority|minority)\s+(?:stake|share|shareholding|interest|holding"
    r"|ownership)\b(?!\s*holder)",
    re.I,
)
_OF_TEN = re.compile(
    r"\b(?P<part>one(?P<noun>\s+[a-z-]+(?<!s))|one|two|three|four|five|six|seven|eight|nine|[1-9])\s+(?:in|out of)\s+"
    r"(?:every\s+)?(?P<whole>two|three|four|five|six|seven|eight|nine|ten|twenty|10|5|4|3|20)"
    r"\b(?(noun)(?=\s+(?:is|was|has|had|of|now|[a-z]+s\s+(?:the|an?|its|to|by))\b|[.,;)]|$)|(?=\s+(?:of\s|(?:[a-z-]+\s+){0,2}?[a-z-]+s\b)))(?!\s+(?:[a-z]+\s+)?(?:years?|months?|days?|weeks?"
    r"|countries|cities|regions|states|provinces|markets|sites"
    r"|places|phases|stages|hours?|quarters?|minutes)\b)",
    re.I,
)
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twenty": 20,
}  # fmt: skip
_HALVES = re.compile(r"\b50[-:/]50\b|\bfifty-fifty\b")


_NO_GOODS = re.compile(r"\b(?:[Nn]o|[Nn]il)(?=\s[a-z-]+)")
_FLOWED = re.compile(
    r"\b(?:export|shipp?|deliver|produc|import|regist)\w*\s+$|\b(?:sold|sells?|selling|made|makes?|built|builds?)\s+$",
    re.I,
)
_WERE_MOVED = re.compile(
    r"\s(?:was|were|have been|had been|has been)\s"
    r"(?:exported|shipped|sold|delivered|produced|built|made|imported|registered)\b"
)


@cache
def _signs() -> Signs:
    """The words that each kind of verbal quantity needs."""
    wholes = ("t", "f", "s", "eight", "nine", "10", "20", "3", "4", "5")  # two to ten, and twenty
    tens = [f" {link} {every}{whole}" for link in ("in", "of") for every in ("", "every ") for whole in wholes]
    halves = ("50-50", "50:50", "50/50", "fifty-fifty")
    nothing = [f"{word}{blank}" for word in ("no", "No", "nil", "Nil") for blank in " \n\u00a0"]
    return Signs(
        {"tens": tens, "halves": halves, "multiples": PARTS_OF_MULTIPLES, "single": ["single"], "nothing": nothing},
        {"stakes": ["majority", "minority"]},
    )


@lru_cache(maxsize=8)
def _signs_in(text: str) -> frozenset[str]:
    return frozenset(_signs().found(text))


def may_hold_verbal(text: str) -> bool:
    """Whether a text has a word that such a quantity needs; a cheap look before the patterns are run."""
    signs = _signs_in(text)
    return bool(signs - {"nothing"}) or ("nothing" in signs and _NO_GOODS.search(text) is not None)


def verbal_quantities(text: str, found: list[Quantity]) -> list[Quantity]:
    """The verbal quantities of a sentence that none of those found so far overlaps.

    >>> [(q.value, q.unit) for q in verbal_quantities("It took a majority stake in a single plant.", [])]
    [(50.0, 'percent'), (1.0, 'plant')]
    """
    signs = _signs_in(text)
    if not signs:
        return []
    stakes, halves, tens, singles, nothing = (
        pattern.finditer(text) if name in signs else ()
        for name, pattern in (
            ("stakes", _STAKES), ("halves", _HALVES), ("tens", _OF_TEN), ("single", _SINGLE), ("nothing", _NO_GOODS),
        )
    )  # fmt: skip
    verbal = [_part(match, *_stake_bounds(match), "stake") for match in stakes]
    verbal += [_part(match, 50.0, 50.0, None, "split") for match in halves]
    verbal += multiples(text) if "multiples" in signs and may_hold_multiple(text) else []
    verbal += [single for match in singles if (single := _single(text, match)) is not None]
    verbal += [none for match in nothing if (none := _none(text, match)) is not None]
    free = [v for v in verbal if not any(q.start < v.end and v.start < q.end for q in found)]
    return free + [part for match in tens if (part := _of_ten(match)) is not None]


def _of_ten(match: re.Match[str]) -> Quantity | None:
    """Nine in ten as a percentage; None where the part is no less than the whole."""
    part, whole = (
        float(_COUNTS.get(word.lower()) or word) for word in (match.group("part").split()[0], match.group("whole"))
    )
    if part >= whole:
        return None
    start, end = match.span()
    value = 100 * part / whole
    return Quantity(
        start, end, start, end, value, value, value, value, "percent", "percent", None, "fraction", digits=False
    )  # fmt: skip


def _stake_bounds(match: re.Match[str]) -> tuple[float, float, str]:
    return (50.0, 100.0, "over") if match.group("which").lower() == "majority" else (0.0, 50.0, "under")


def _part(match: re.Match[str], low: float, high: float, approx: str | None, noun: str) -> Quantity:
    start, end = match.span()
    return Quantity(
        start, end, start, end, 50.0, 50.0, low, high, "percent", "percent", approx, noun, digits=False
    )  # fmt: skip


def _single(text: str, match: re.Match[str]) -> Quantity | None:
    if _ONLY_ONE.search(text[: match.start("single")]):
        return None
    noun = counted_noun(text, match.end("single"), singular_too=True)
    if noun is None or text[match.end("single") : noun.end].strip().endswith("s"):
        return None
    start, end = match.start("single"), match.end("single")
    return Quantity(
        start, noun.end, start, end, 1.0, 1.0, 1.0, 1.0, noun.name, "count", None, noun.written, digits=False
    )  # fmt: skip


def _none(text: str, match: re.Match[str]) -> Quantity | None:
    """No cars, where the sentence says that they were made, sold or shipped: a zero that was measured."""
    noun = counted_noun(text, match.end())
    if noun is None or noun.name not in word_list("goods"):
        return None
    if not (_FLOWED.search(text, max(0, match.start() - 24), match.start()) or _WERE_MOVED.match(text, noun.end)):
        return None
    start, end = match.span()
    return Quantity(
        start, noun.end, start, end, 0.0, 0.0, 0.0, 0.0, noun.name, "count", None, noun.written, digits=False
    )  # fmt: skip


_ONLY_ONE = re.compile(r"(?:est|most|every|any|each|no|not an?|per)\s+$")
