"""What a word or letter behind a number multiplies it by: million, bn, crore, 亿; k or M where money or goods follow.

The words are data (``vocabulary/magnitudes.yaml``); numbers are ``numbers.py``.
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.quantities.counted_nouns import counted_noun
from cell2grid.evidence.quantities.numbers import BLANK, Numeral, part_after
from cell2grid.evidence.vocabulary import table

_LETTERS = {"k": 1e3, "m": 1e6, "mm": 1e6, "b": 1e9, "t": 1e12}
_MONEY_FOLLOWS = re.compile(r"\s?(?:€|\$|£|(?:euros?|dollars?|yuan|won|yen|pounds?|RMB|USD|EUR|sq\.?\s?ft)\b)")
_SECOND = re.compile(r"\s?(?:-|–|to)\s?\d[\d.]{0,6}[kKmM](?![A-Za-z0-9])")


@cache
def _pattern() -> re.Pattern[str]:
    """A word, or letters glued to the digits (k, m, M, MM, b, B, T)."""
    words = sorted(table("magnitudes"), key=len, reverse=True)
    latin = "|".join(re.escape(word) for word in words if word.isascii())
    chinese = "|".join(word for word in words if not word.isascii() and word != "千")
    return re.compile(
        rf"{BLANK}{{0,3}}-?(?P<word>(?i:{latin})\b(?:(?i:(?<=mio)|(?<=mrd)|(?<=\scr))\.)?|(?:{chinese})|千(?![瓦克米伏]))"
        r"|(?P<letter>MM|mm|[kKmMbBT])(?![A-Za-z0-9²³])|\s(?P<spaced>[kM])(?=€)"
    )


def magnitude(written: str) -> float:
    """The factor of a magnitude word or letter.

    >>> magnitude("Billion"), magnitude("k")
    (1000000000.0, 1000.0)
    """
    lower = written.lower().rstrip(".")
    return _LETTERS[lower] if lower in _LETTERS else float(table("magnitudes")[lower])


def magnitude_after(text: str, numeral: Numeral, has_currency: bool) -> tuple[float, int]:
    """The factor behind a number and where it ends; 1 and the end of the number where there is none.

    >>> from cell2grid.evidence.quantities.numbers import numerals
    >>> magnitude_after("$1.2bn", numerals("$1.2bn")[0], True)
    (1000000000.0, 6)
    """
    if numeral.kind in {"fraction", "rest", "vague", "group"}:
        return 1.0, numeral.end
    found = _pattern().match(text, numeral.end, min(len(text), numeral.end + 16))
    if found is None:
        return 1.0, numeral.end
    letter = found.group("letter") or found.group("spaced")
    if letter is not None:
        return _by_letter(text, numeral, letter, found.end(), has_currency)
    word = found.group("word")
    factor, end = magnitude(word), found.end()
    again = _pattern().match(text, end, min(len(text), end + 16))
    if again is not None and again.group("word") is not None and factor < 1e6:
        factor, end = factor * magnitude(again.group("word")), again.end()
    end, part = part_after(text, end)
    return (factor * (1 + part / numeral.value), end) if part and numeral.value else (factor, end)


def _by_letter(text: str, numeral: Numeral, letter: str, end: int, has_currency: bool) -> tuple[float, int]:
    money = has_currency or _MONEY_FOLLOWS.match(text, end) is not None
    further = _SECOND.match(text, end)  # 1.2m-1.4m vehicles
    noun = None if money else counted_noun(text, end if further is None else further.end())
    counted = noun is not None and (letter in {"k", "K", "M"} or (letter == "m" and noun.end - end < 24))
    if not (money or counted) or (letter == "T" and not has_currency):
        return 1.0, numeral.end
    return magnitude(letter), end
