"""Numerals and words for numbers: what is printed, and the number it stands for.

Magnitudes that follow (million, 亿) are ``magnitudes.yaml``; units are ``units_written.py``; what the number counts is
the lexer's business (``lexer.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.vocabulary import table

BLANK = r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
LONGEST_NUMERAL = 24  # digits and separators; a longer run is a code, not a count

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_VALUES = {word: float(n) for n, word in enumerate(_ONES)} | {
    word: float(10 * n) for n, word in enumerate(_TENS, start=2)
}
_VAGUE = {
    "tens of thousands": 1e4,
    "hundreds of thousands": 1e5,
    "tens of millions": 1e7,
    "hundreds of millions": 1e8,
    "tens of billions": 1e10,
    "hundreds of billions": 1e11,
    "dozens": 12.0,
    "scores": 20.0,
    "hundreds": 100.0,
    "thousands": 1e3,
    "millions": 1e6,
    "billions": 1e9,
    "trillions": 1e12,
}
_GROUPS = {"quartet": 4.0, "trio": 3.0, "a pair": 2.0, "the pair": 2.0, "a couple": 2.0, "a dozen": 12.0}
_FRACTIONS = {
    "three-quarters": 75.0,
    "three quarters": 75.0,
    "two-thirds": 200 / 3,
    "two thirds": 200 / 3,
    "one-third": 100 / 3,
    "one third": 100 / 3,
    "a third": 100 / 3,
    "one-quarter": 25.0,
    "one quarter": 25.0,
    "a quarter": 25.0,
    "one-fifth": 20.0,
    "one fifth": 20.0,
    "a fifth": 20.0,
    "two-fifths": 40.0,
    "three-fifths": 60.0,
    "four-fifths": 80.0,
    "one-tenth": 10.0,
    "a tenth": 10.0,
    "half": 50.0,
}


_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d])|\d{1,2}(?:,\d{2})+,\d{3}(?!\d)"
    r"|\d{1,3}(?:[\u00a0\u202f\u2009’']\d{3})+(?:[.,]\d{1,3})?(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
    r"|[1-9]\d{0,2}(?: \d{3})+(?![\d,.])(?=\s*[A-Za-z%€])"
    r"|\d+\.\d+|\d+,\d{1,2}(?![\d,])|\d+"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed number: its place, its value, and whether it is digits, a word, a fraction or a vague crowd."""

    start: int
    end: int
    value: float
    kind: str


@cache
def _pattern() -> re.Pattern[str]:
    ones, tens = "|".join(_ONES[1:10]), "|".join(_TENS)
    small = rf"(?:{tens})(?:[ -](?:{ones}))?|{'|'.join(sorted(_ONES, key=len, reverse=True))}"
    vague = "|".join(_VAGUE)
    groups = "|".join(_GROUPS)
    fractions = "|".join(_FRACTIONS)
    return re.compile(
        rf"(?P<digits>{_DIGITS})"
        rf"|\b(?i:(?P<halfof>(?:half|quarter)[ -](?:of[ ])?an?)(?=[ -](?:million|billion|trillion"
        rf"|dozen|hour|year|day|century|decade)\b)"
        rf"|(?P<article>an?)(?=[ ](?:hundred|thousand|million|billion|trillion)\b)"
        rf"|(?P<vague>{vague})(?=[ ]of\b)"
        rf"|(?P<group>{groups})(?=[ ]of\b|[,.;]|[ ](?:as|has|had|have|is|are)\b)"
        rf"|(?P<fraction>(?:{fractions}))(?![ -](?:year|hour|month|hearted|baked|finished|life)|[ -]an?\b)"
        rf"|(?P<word>(?:{small}))(?:[ -](?P<hundred>hundred)(?![ ]of)(?:[ -](?:and[ -])?(?P<rest>{small}))?)?)\b"
    )


def numerals(text: str) -> list[Numeral]:
    """Every numeral and number word of a sentence, in order, whatever it stands for.

    >>> [(n.value, n.kind) for n in numerals("two hundred and fifty of 1,200.5, a third of them")]
    [(250.0, 'word'), (1200.5, 'digits'), (33.333333333333336, 'fraction')]
    """
    pattern = _pattern() if has_number_word(text) else _digits_pattern()
    return [numeral for found in pattern.finditer(text) if (numeral := _numeral(found)) is not None]


_NUMBER_WORDS = {
    *_ONES, *_TENS, *(word for crowd in _VAGUE for word in crowd.split()), *("quartet", "trio", "pair", "couple"),
    *("half", "third", "thirds", "quarter", "quarters", "fifth", "fifths", "tenth", "hundred", "thousand", "million"),
    *("billion", "trillion", "dozen"),
} - {"of"}  # fmt: skip
_LATIN_WORD = re.compile(r"[a-z]+")


def has_number_word(text: str) -> bool:
    """Whether a text holds a word that is a number or a part of one.

    >>> has_number_word("Half of them"), has_number_word("12 of them")
    (True, False)
    """
    return not _NUMBER_WORDS.isdisjoint(_LATIN_WORD.findall(text.lower()))


@cache
def _digits_pattern() -> re.Pattern[str]:
    names = ("halfof", "article", "vague", "group", "fraction", "word", "hundred", "rest")
    never = "".join(f"(?P<{name}>(?!))?" for name in names)
    return re.compile(rf"(?P<digits>{_DIGITS}){never}")


def _numeral(found: re.Match[str]) -> Numeral | None:
    start, end, kind = found.start(), found.end(), found.lastgroup
    written = found.group().lower()
    if found.group("digits") is not None:
        return Numeral(start, end, _digits(written), "digits") if end - start <= LONGEST_NUMERAL else None
    if kind == "halfof":
        return Numeral(start, end, 0.25 if written.startswith("quarter") else 0.5, "halfof")
    if kind == "article":
        return Numeral(start, end, 1.0, "article")
    for name, values in (("vague", _VAGUE), ("group", _GROUPS), ("fraction", _FRACTIONS)):
        if found.group(name) is not None:
            return Numeral(start, end, values[written], name)
    value = _words(found.group("word").lower())
    if found.group("hundred"):
        value = value * 100 + (_words(found.group("rest").lower()) if found.group("rest") else 0.0)
    return Numeral(start, end, value, "word")


def _words(written: str) -> float:
    return sum(_VALUES[word] for word in re.split(r"[ -]", written))


def _digits(written: str) -> float:
    plain = re.sub("[ \u00a0\u202f\u2009’']", "", written)
    if plain.count(".") > 1:
        return float(plain.replace(".", ""))
    if re.fullmatch(r"\d+,\d{1,2}", plain):
        return float(plain.replace(",", "."))
    if re.fullmatch(r"\d{1,3}\.\d{3},\d+", plain):
        return float(plain.replace(".", "").replace(",", "."))
    return float(plain.replace(",", ""))


@cache
def magnitude_pattern() -> re.Pattern[str]:
    """What may follow a number and multiply it: a word, or a letter glued to the digits (k, m, M, b, B)."""
    words = sorted(table("magnitudes"), key=len, reverse=True)
    latin = "|".join(word for word in words if word.isascii())
    chinese = "|".join(word for word in words if not word.isascii())
    return re.compile(rf"{BLANK}{{0,3}}-?(?P<word>(?i:{latin})\b|(?:{chinese}))|(?P<letter>[kKmMbB])(?![A-Za-z0-9²³])")


def magnitude(written: str) -> float:
    """The factor of a magnitude word or letter.

    >>> magnitude("Billion"), magnitude("k")
    (1000000000.0, 1000.0)
    """
    letters = {"k": 1e3, "m": 1e6, "b": 1e9}
    lower = written.lower()
    return letters[lower] if lower in letters else float(table("magnitudes")[lower])
