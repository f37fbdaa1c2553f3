"""Words of degree beside a number, and the interval that each leaves open: over, nearly, up to, about, or more.

The table is data with a version (``vocabulary/approximations.yaml``); the text of the claim stays as it is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from cell2grid.evidence.vocabulary import table


@dataclass(frozen=True, slots=True)
class Degree:
    """What a word of degree says: its kind, and the factors of the printed number that bound the meant one."""

    kind: str
    low: float | None
    high: float | None
    start: int
    end: int

    def interval(self, value: float) -> tuple[float | None, float | None]:
        """The bounds around a printed number; None where a side is open.

        >>> Degree("nearly", 0.9, 1.0, 0, 6).interval(50.0)
        (45.0, 50.0)
        """
        low = None if self.low is None else float(f"{value * self.low:.12g}")
        high = None if self.high is None else float(f"{value * self.high:.12g}")
        return (low, high) if value >= 0 else (high, low)


def _rows(part: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {word.lower(): row for row in part.values() for word in row["words"]}


@cache
def _before() -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """The words of degree before a number, and those among them that are glued to it (~, 约)."""
    words = _rows(table("approximations")["words"])
    return words, tuple(word for word in words if not word[-1].isascii() or not word[0].isalpha())


@cache
def _last_words() -> frozenset[str]:
    """The words that a word of degree may end in: most numbers have none of them before them."""
    return frozenset(word.split()[-1] for word in _before()[0])


@cache
def _after() -> tuple[re.Pattern[str], dict[str, dict[str, Any]]]:
    rows = table("approximations")
    words, closing = _rows(rows["after"]), _rows(rows["closing"])
    written, closed = ("|".join(re.escape(w) for w in sorted(part, key=len, reverse=True)) for part in (words, closing))
    ends = r"(?=\s*(?:[.,;:)]|$))"
    pattern = rf"\s?(?:(?P<word>{written})(?![a-z])|(?P<closing>{closed}){ends})"
    return re.compile(pattern, re.IGNORECASE), words | closing


_SPREAD = re.compile(
    r"\b(?:spread|distributed|divided|scattered|split|take|took|taken|control|win|won|hand|handed)\s+(?:out\s+)?$", re.I
)
_GLUED_SHORT = re.compile(r"(?<![\w.])(?:c|ca|approx)\.$", re.I)
_MORE_BLANKS = re.compile(r"[^\S ]")
_OPENING = "(\"'“‘[—–"


def degree(text: str, start: int, end: int, *, article: bool = False) -> Degree | None:
    """The word of degree before or after a number, or None. ``article`` lets "a" stand between (over a third).

    >>> degree("exported over 22,340 abroad", 14, 20).kind
    'over'
    """
    found = _degree_before(text, start, article)
    if found is not None:
        return found
    pattern, words = _after()
    behind = pattern.match(text, end)
    if behind is None:
        return None
    name = str(behind.lastgroup)
    return _degree(words[behind.group(name).lower()], behind.start(name), behind.end(name))


def _degree_before(text: str, start: int, article: bool) -> Degree | None:
    words, glued = _before()
    first = max(0, start - 34)
    tail = text[first:start]
    bare = tail.rstrip()
    if article:
        bare = re.sub(r"\s(?:an?|the)$", "", bare)
    if bare.endswith(glued):
        mark = next(mark for mark in glued if bare.endswith(mark))
        return _degree(words[mark], first + len(bare) - len(mark), first + len(bare))
    if bare.rpartition(" ")[2].lstrip(_OPENING).lower() not in _last_words() and not _MORE_BLANKS.search(bare):
        return None
    if len(tail) == len(bare) and not _GLUED_SHORT.search(bare):  # c.300 MW
        return None
    tokens = list(re.finditer(r"\S+", bare))
    for count in range(min(5, len(tokens)), 0, -1):
        token = tokens[-count]
        opening = len(token.group()) - len(token.group().lstrip(_OPENING))
        written = " ".join(t.group() for t in tokens[-count:]).lower()[opening:]
        if written in words and (first == 0 or token.start() > 0 or text[first - 1].isspace()):
            place = first + token.start() + opening
            spread = written == "over" and _SPREAD.search(text[:place])
            return None if spread else _degree(words[written], place, first + len(bare))
    return None


def _degree(row: dict[str, Any], start: int, end: int) -> Degree:
    return Degree(str(row["kind"]), row["low"], row["high"], start, end)
