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
    """A unit read beside a number: where it ends, its spelling in a claim, and of what kind it is."""

    end: int
    name: str
    kind: str
    written: str = ""


@cache
def spellings() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]], dict[str, str]]:
    """Symbols (case kept), words (lower case, singular and plural), and marks of currency before a number."""
    symbols: dict[str, tuple[str, str]] = {}
    words: dict[str, tuple[str, str]] = {}
    before: dict[str, str] = {}
    for kind, units in table("units").items():
        for name, row in units.items():
            unit_kind = name if name == "percentage_point" else kind
            for symbol in row.get("symbols", []):
                symbols[symbol] = (name, unit_kind)
            for symbol in row.get("before", []):
                before[symbol] = name
            for word in [*row.get("words", []), *row.get("after", [])]:
                target = words if (word.isascii() and word[:1].isalpha()) or word.startswith("-") else symbols
                target[word.lower() if target is words else word] = (name, unit_kind)
                if target is words:
                    target[plural(word.lower())] = (name, unit_kind)
    return symbols, words, before


@cache
def _after_pattern() -> re.Pattern[str]:
    symbols, words, _ = spellings()
    longest_symbols = "|".join(re.escape(s) for s in sorted(symbols, key=len, reverse=True))
    longest_words = "|".join(re.escape(w).replace("\\ ", r"[\s-]") for w in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"{BLANK}{{0,3}}(?:-?(?P<word>(?i:{longest_words}))(?![\w])"
        rf"|-?(?P<symbol>{longest_symbols})(?![A-Za-z0-9²³]))"
    )


@cache
def _before_pattern() -> re.Pattern[str]:
    _, _, before = spellings()
    marks = "|".join(re.escape(mark) for mark in sorted(before, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?P<mark>{marks}){BLANK}{{0,2}}$")


def currency_before(text: str, start: int) -> tuple[int, str] | None:
    """Where the mark of a currency before a number begins, and the ISO code that it stands for.

    >>> currency_before("about US$92 billion", 9)
    (6, 'USD')
    """
    found = _before_pattern().search(text, max(0, start - 10), start)
    if found is None:
        return None
    code = spellings()[2][found.group("mark")]
    if found.group("mark") in {"W", "Ft", "Dh"} and found.end() != found.end("mark"):
        return None
    if found.group("mark") in {"¥", "￥"} and re.search(r"\b(?:yen|Japan\w*|Nissan|Toyota|Panasonic|Tokyo)\b", text):
        code = "JPY"
    return found.start("mark"), code


def unit_after(text: str, end: int) -> Unit | None:
    """The unit that follows a number or its magnitude, currencies among them.

    >>> unit_after("36.5 per cent", 4).name, unit_after("2,000MWh", 5).name
    ('percent', 'MWh')
    """
    found = _after_pattern().match(text, end, min(len(text), end + 40))
    if found is None:
        return None
    symbols, words, _ = spellings()
    if found.group("symbol") is not None:
        name, kind = symbols[found.group("symbol")]
        glued = found.start("symbol") == end
        if found.group("symbol") in {"x", "V", "h", "min", "度"} and not glued and found.group("symbol") != "h":
            return None
        return Unit(found.end(), name, kind, found.group("symbol"))
    written = re.sub(r"[\s-]", " ", found.group("word").lower())
    name, kind = words.get(written) or words.get(found.group("word").lower()) or words["-" + written.strip()]
    return Unit(found.end(), name, kind, found.group("word"))
