"""Units as pages write them, before a number (US$, €) and after it (MWh, per cent, billion yuan, a year).

The spellings are data (``vocabulary/units.yaml``). Counted nouns are ``counted_nouns.py``, what stands behind "per"
``denominators.py``, numbers themselves ``numbers.py``; putting the parts together is ``lexer.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.quantities.numbers import BLANK
from cell2grid.evidence.quantities.plurals import plural
from cell2grid.evidence.vocabulary import table


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit read beside a number: where it ends, its spelling in a claim, and of what kind it is.

    ``scale`` is what the number is multiplied by: a cent is a hundredth of a dollar.
    """

    end: int
    name: str
    kind: str
    written: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Spelling:
    """What a way of writing a unit stands for."""

    name: str
    kind: str
    scale: float = 1.0


@cache
def spellings() -> tuple[dict[str, Spelling], dict[str, Spelling], dict[str, str]]:
    """Symbols (case kept), words (lower case, singular and plural), and marks of currency before a number."""
    symbols: dict[str, Spelling] = {}
    words: dict[str, Spelling] = {}
    before: dict[str, str] = {}
    for kind, units in table("units").items():
        for name, row in units.items():
            whole = Spelling(name, name if name == "percentage_point" else kind)
            before |= dict.fromkeys([*row.get("before", []), *row.get("doubtful", [])], name)
            symbols |= dict.fromkeys(row.get("symbols", []), whole)
            for word in [*row.get("words", []), *row.get("after", [])]:
                _spell(word, whole, symbols, words)
            for word in row.get("hundredth", []):
                _spell(word, Spelling(name, kind, 0.01), symbols, words)
    return symbols, words, before


def _spell(word: str, unit: Spelling, symbols: dict[str, Spelling], words: dict[str, Spelling]) -> None:
    if (word.isascii() and word[:1].isalpha()) or word.startswith("-"):
        words[word.lower()] = words[plural(word.lower())] = unit
    else:
        symbols[word] = unit


@cache
def _after_pattern() -> re.Pattern[str]:
    symbols, words, _ = spellings()
    longest_symbols = "|".join(re.escape(s) for s in sorted(symbols, key=len, reverse=True))
    longest_words = "|".join(re.sub(r"\\[ -]", r"[\\s-]", re.escape(w)) for w in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"{BLANK}{{0,3}}(?:-?(?P<word>(?i:{longest_words}))(?![\w])"
        rf"|-?(?P<symbol>{longest_symbols})(?![A-Za-z0-9²³])"
        r"|(?P<noted>[GMkT]Wh|[GMk]W|%)(?=[1-9¹²³](?![\w.,]))|(?P<multiple>(?<=\d)X(?!\w)))"  # 12 GWh¹: a footnote
    )


@cache
def _before_pattern() -> re.Pattern[str]:
    _, _, before = spellings()
    marks = "|".join(re.escape(mark) for mark in sorted(before, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?P<mark>{marks}){BLANK}{{0,2}}$")


@cache
def _doubtful() -> frozenset[str]:
    """Marks that are letters of other names too (W, R, P): they need a large number behind them."""
    return frozenset(mark for row in table("units")["currency"].values() for mark in row.get("doubtful", []))


_LARGE = re.compile(
    r"\d[\d.,]*\s?(?:(?i:million|billion|trillion|bn|mn|mln|bln|tn|crore|lakh)\b|[mbk]\b)|\d{1,3}(?:,\d{3})+"
)


def currency_before(text: str, start: int) -> tuple[int, str] | None:
    """Where the mark of a currency before a number begins, and the ISO code that it stands for.

    >>> currency_before("about US$92 billion", 9)
    (6, 'USD')
    >>> currency_before("the P7 car", 5), currency_before("cost P7 billion", 6)
    (None, (5, 'PHP'))
    """
    found = _before_pattern().search(text, max(0, start - 10), start)
    if found is None:
        return None
    mark = found.group("mark")
    code = spellings()[2][mark]
    if mark in _doubtful() and not _LARGE.match(text, start):
        return None
    if mark in {"¥", "￥"} and re.search(r"\b(?:yen|Japan\w*|Nissan|Toyota|Panasonic|Tokyo)\b", text):
        code = "JPY"
    return found.start("mark"), code


_GLUED = frozenset({"x", "min", "度", "×"})


def unit_after(text: str, end: int) -> Unit | None:
    """The unit that follows a number or its magnitude, currencies among them.

    >>> unit_after("36.5 per cent", 4).name, unit_after("2,000MWh", 5).name
    ('percent', 'MWh')
    """
    found = _after_pattern().match(text, end, min(len(text), end + 40))
    if found is None:
        return None
    symbols, words, before = spellings()
    mark = text[end : found.end()].strip()
    if mark in before and not mark.islower() and text[found.end() : found.end() + 3].lstrip()[:1].isdigit():
        return None  # 40 CNY 2400: the mark of the next number
    if found.group("multiple") is not None:
        return Unit(found.end(), "ratio", "ratio", "X") if "." in text[max(0, end - 4) : end] else None
    symbol = found.group("symbol") or found.group("noted")
    if symbol is not None:
        unit = symbols[symbol]
        glued = text[end : end + 1] == symbol[:1]
        return None if symbol in _GLUED and not glued else Unit(found.end(), unit.name, unit.kind, symbol, unit.scale)
    written = re.sub(r"[\s-]", " ", found.group("word").lower())
    unit = words.get(written) or words.get(found.group("word").lower()) or words["-" + written.strip()]
    return Unit(found.end(), unit.name, unit.kind, found.group("word"), unit.scale)
