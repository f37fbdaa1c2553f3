"""Words of degree beside a number, and the interval that each leaves open: over, nearly, up to, about, or more.

The table is data with a version (``vocabulary/approximations.yaml``); the text of the claim stays as it is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

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
        low = None if self.low is None else value * self.low
        high = None if self.high is None else value * self.high
        return (low, high) if value >= 0 else (high, low)


def _alternatives(rows: dict[str, dict[str, object]]) -> tuple[str, dict[str, dict[str, object]]]:
    words: dict[str, dict[str, object]] = {}
    for row in rows.values():
        for word in row["words"]:  # type: ignore[attr-defined]
            words[word.lower()] = row
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(
        (r"(?<!\w)" if w[0].isalpha() and w.isascii() else "") + re.escape(w).replace("\\ ", r"\s+") for w in ordered
    ), words


@cache
def _before() -> tuple[re.Pattern[str], dict[str, dict[str, object]]]:
    pattern, words = _alternatives(table("approximations")["words"])
    return re.compile(rf"(?P<word>{pattern})\s{{0,2}}(?:an?\s+|the\s+)?$", re.IGNORECASE), words


@cache
def _after() -> tuple[re.Pattern[str], dict[str, dict[str, object]]]:
    pattern, words = _alternatives(table("approximations")["after"])
    return re.compile(rf"\s?(?P<word>{pattern})(?!\w)", re.IGNORECASE), words


_SPREAD = re.compile(
    r"\b(?:spread|distributed|divided|scattered|split|take|took|taken|control|win|won|hand"
    r"|handed)\s+(?:out\s+)?$",
    re.I,
)


def degree(text: str, start: int, end: int, *, article: bool = False) -> Degree | None:
    """The word of degree before or after a number, or None. ``article`` lets "a" stand between (over a third).

    >>> degree("exported over 22,340 abroad", 14, 20).kind
    'over'
    """
    pattern, words = _before()
    found = pattern.search(text, max(0, start - 34), start)
    if found is not None:
        between = text[found.end("word") : start].strip().lower()
        spread = found.group("word").lower() == "over" and _SPREAD.search(text[: found.start()])
        if not spread and (not between or article):
            return _degree(words[" ".join(found.group("word").lower().split())], found)
    pattern, words = _after()
    behind = pattern.match(text, end)
    return _degree(words[behind.group("word").lower()], behind) if behind is not None else None


def _degree(row: dict[str, object], found: re.Match[str]) -> Degree:
    low, high = row["low"], row["high"]
    return Degree(
        str(row["kind"]),
        None if low is None else float(low),  # type: ignore[arg-type]
        None if high is None else float(high),  # type: ignore[arg-type]
        found.start("word"),
        found.end("word"),
    )
