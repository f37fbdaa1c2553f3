"""Numerals and words for numbers: what is printed, and the number it stands for.

The words are data (``vocabulary/number_words.yaml``). Magnitudes that follow (million, 亿) are ``magnitudes.py``; units
are ``units_written.py``; what the number counts is the lexer's business (``lexer.py``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.signs import Words

BLANK = r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff]"
# Digits and separators; a longer run is a code and no count, and is not read. So every number stays far below the
# largest that a float holds, whatever magnitude follows.
LONGEST_NUMERAL = 24
_GROUP = "[\u00a0\u202f\u2009\u2008\u2007’']"


def _digits_written() -> str:
    """The pattern of digits: English, Indian, Swiss, European and spaced groups, decimals, powers of ten."""
    return (
        r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?(?!\d)"
        rf"|\d{{1,3}}(?:{_GROUP}\d{{3}})+(?:[.,]\d{{1,3}})?(?!\d)"
        r"|\d{1,3}(?:\.\d{3})+,\d{1,2}(?!\d)|\d{1,3}(?:\.\d{3}){2,}(?!\d)"
        r"|[1-9]\d{0,2}(?: \d{3})+(?![\d,.])(?=\s*[A-Za-z%€])"
        r"|\d+(?:\.\d+)?e[+-]?\d{1,2}(?!\w)|\d+\.\d+|\d+,\d{1,2}(?!,?\d)|\d+|(?<![\w.,])\.\d{1,4}(?!\d)"
    )


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed number: its place, its value, and whether it is digits, a word, a fraction or a vague crowd."""

    start: int
    end: int
    value: float
    kind: str


def _either(words: object) -> str:
    """The words as alternatives of a pattern, the longest first; a blank in one may be a hyphen."""
    names = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(name).replace(r"\ ", "[ -]") for name in names)


@cache
def _fractions() -> dict[str, float]:
    """Every fraction in words, with blanks, as a percentage (two thirds, a quarter, half)."""
    words = table("number_words")
    found = {"half": 50.0}
    for count, many in words["numerators"].items():
        for name, parts in words["denominators"].items():
            if many < parts and (many > 1) == name.endswith("s") and (many, name) != (2, "quarters"):
                found[f"{count} {name}"] = 100.0 * many / parts
    return found


@cache
def _pattern() -> re.Pattern[str]:
    words = table("number_words")
    ones, tens, every = _either(list(words["ones"])[1:10]), _either(words["tens"]), _either(words["ones"])
    small = rf"(?:{tens})(?:[ -](?:{ones}))?|{every}"
    hundreds = rf"(?:{small})(?:[ -]hundred(?![ ]of\b)(?:[ -](?:and[ -])?(?:{small}))?)?"
    hundreds = rf"{hundreds}|an?[ -]hundred[ -](?:and[ -])?(?:{small})"
    part, wholes = _either(words["parts"]), _either(words["wholes"])
    spoken = [*words["ones"], *words["tens"], *words["vague"], *words["some_of"], *words["groups"], *words["parts"]]
    first = "".join(sorted({letter for word in [*spoken, "a", "none"] for letter in (word[0], word[0].upper())}))
    return re.compile(
        rf"{_in_digits()}|\b(?=[{first}])(?i:(?P<halfof>(?:an?[ -])?(?:{part})[ -](?:of[ -])?an?)(?=[ -](?:{wholes}))"
        rf"|(?P<some>{_either(words['some_of'])})(?=[ ](?:dozen|hundred|thousand|million|billion|trillion)\b)"
        rf"|(?P<article>an?)(?=[ ](?:dozen|hundred|thousand|million|billion|trillion)\b"
        rf"|[ ](?:hour|day|week|month|year)[ ]and[ ]a[ ]half\b)"
        rf"|(?P<vague>{_either(words['vague'])})(?=[ ]of\b)"
        rf"|(?P<group>{_either(words['groups'])})(?=[ ]of\b|[,.;]|[ ](?:as|has|had|have|is|are)\b)"
        rf"|(?:(?<=remaining )|(?<=other ))(?P<part>third|quarter|fifth|half|tenth)"
        rf"(?=[.,;)]|\s(?:of|is|was|goes|by)\b|$)"
        rf"|(?P<fraction>{_either(_fractions())})(?![ -](?:year|hour|month|hearted|baked|finished|life)|[ -]an?\b)"
        rf"|(?P<none>none)(?=\s(?:in|during|last|this|to|abroad|overseas)\b)"
        rf"|(?P<word>(?:{hundreds})(?:[ -]thousand(?:[ ]and)?[ -](?:{hundreds}))?))\b"
    )


def numerals(text: str) -> list[Numeral]:
    """Every numeral and number word of a sentence, in order, whatever it stands for.

    >>> [(n.value, n.kind) for n in numerals("two hundred and fifty of 1,200.5, a third of them")]
    [(250.0, 'word'), (1200.5, 'digits'), (33.333333333333336, 'fraction')]
    >>> [n.value for n in numerals("one and a half million, 2½ hours, three thousand five hundred")]
    [1.5, 2.5, 3500.0]
    """
    words = has_number_word(text)
    pattern = _pattern() if words else _digits_pattern()
    found = [numeral for match in pattern.finditer(text) if (numeral := _numeral(match)) is not None]
    found = _with_parts(text, found) if words and found else found
    return found if text.isascii() else sorted(found + _chinese(text), key=lambda numeral: numeral.start)


def _chinese(text: str) -> list[Numeral]:
    """A Chinese word for a small number right before the word that counts (两座工厂)."""
    pattern, values = _chinese_pattern()
    found = pattern.finditer(text)
    return [Numeral(match.start(), match.end(), float(values[match.group()]), "word") for match in found]


@cache
def _chinese_pattern() -> tuple[re.Pattern[str], dict[str, float]]:
    values = table("number_words")["chinese"]
    each = "".join(values)
    # what may not stand before is looked at behind the word, to which a search can skip
    return re.compile(rf"[{each}](?<![第{each}百千万亿].)(?=[座条家个名套台辆款])"), values


_DIGIT = re.compile(r"\d")


@cache
def _signs_of_number() -> re.Pattern[str]:
    words = table("number_words")
    signs, chinese = "".join(words["signs"]), "".join(words["chinese"])
    return re.compile(rf"[\d{signs}{chinese}](?:(?<![{chinese}])|[座条家个名套台辆款])")


def may_hold_number(text: str) -> bool:
    """Whether a text holds a digit, a sign or a word for a number; a cheap look before it is read.

    >>> may_hold_number("½ hour"), may_hold_number("an hour")
    (True, False)
    """
    signs = _DIGIT if text.isascii() else _signs_of_number()
    return signs.search(text) is not None or has_number_word(text)


@cache
def _number_words() -> Words:
    """The single words of which a number in words has at least one."""
    words = table("number_words")
    spoken = [*words["ones"], *words["tens"], *words["vague"], *words["groups"], *words["denominators"], "half", "none"]
    parts = frozenset(part for word in spoken for part in word.split()) - {"of", "a", "the"}
    return Words(parts | {"hundred", "thousand", "million", "billion", "trillion", "dozen"})


def has_number_word(text: str) -> bool:
    """Whether a text holds a word that is a number or a part of one.

    >>> has_number_word("Half of them"), has_number_word("12 of them")
    (True, False)
    """
    return _number_words().any_in(text)


@cache
def _digits_pattern() -> re.Pattern[str]:
    names = ("halfof", "some", "article", "vague", "group", "part", "fraction", "none", "word")
    never = "".join(f"(?P<{name}>(?!))?" for name in names)
    return re.compile(f"(?:{_in_digits()}){never}")


def _in_digits() -> str:
    """The pattern of a number in digits with a part of one (2½, 3 1/2), and of a fraction (1/3 of)."""
    signs = "".join(table("number_words")["signs"])
    # the look at the first sign spares all alternatives at a letter
    return (
        rf"(?=[\d.{signs}])(?:(?<![\d/.,])(?P<slashed>[1-9]/(?:10|[2-9]))(?=\sof\b)"
        rf"|(?P<digits>(?:{_digits_written()})(?:[{signs}]|[ -][1-9]/[2-8](?=[ -][A-Za-z]))?|[{signs}](?!\w)))"
    )


def _numeral(found: re.Match[str]) -> Numeral | None:
    start, end, kind = found.start(), found.end(), str(found.lastgroup)
    if found.group("digits") is not None:
        return Numeral(start, end, _digits(found.group()), "digits") if end - start <= LONGEST_NUMERAL else None
    if kind == "slashed":
        part, _, whole = found.group().partition("/")
        share = 100.0 * int(part) / int(whole)
        return Numeral(start, end, share, "fraction") if share < 100 else None
    written, words = found.group().lower().replace("-", " "), table("number_words")
    if kind == "halfof":
        return Numeral(start, end, _part(written), "halfof")
    if kind in {"article", "some"}:
        return Numeral(start, end, 1.0, kind)
    if kind == "part":
        return Numeral(start, end, _fractions()["half" if written == "half" else f"a {written}"], "rest")
    if kind == "none":
        return Numeral(start, end, 0.0, "word")
    if kind == "fraction":
        return Numeral(start, end, _fractions()[written], kind)
    if kind in {"vague", "group"}:
        return Numeral(start, end, float(words[f"{kind}s" if kind == "group" else kind][written]), kind)
    return Numeral(start, end, _words(written), "word")


def _part(written: str) -> float:
    """The part of one that "half a", "a quarter of a" and the like leave of what follows."""
    parts = {name.replace("-", " "): value for name, value in table("number_words")["parts"].items()}
    return float(next(parts[name] for name in sorted(parts, key=len, reverse=True) if name in written))


_AND_PART = re.compile(
    r"[ -]and[ -](?:an?[ -]|(?=three))(?P<part>half|quarter|third|three[- ]quarters)\b(?![ ]of\b)", re.I
)


def numeral_behind(text: str, numeral: Numeral, end: int) -> Numeral | None:
    """What is left of spaced digits behind a date that ends inside them (on May 5 400 workers); None for nothing.

    >>> numeral_behind("May 5 400 left", Numeral(4, 9, 5400.0, "digits"), 5).value
    400.0
    """
    rest = text[end : numeral.end]
    if numeral.kind != "digits" or numeral.start >= end or not re.fullmatch(r"\s\d{3}(?:[ ,]\d{3})*", rest):
        return None
    return Numeral(end + 1, numeral.end, _digits(rest.strip()), "digits")


def _with_parts(text: str, found: list[Numeral]) -> list[Numeral]:
    """The numbers, each with the part that follows it (two and a half)."""
    whole: list[Numeral] = []
    for numeral in found:
        if whole and numeral.start < whole[-1].end:
            continue
        end, part = part_after(text, numeral.end) if numeral.kind in {"word", "digits"} else (numeral.end, 0.0)
        whole.append(Numeral(numeral.start, end, numeral.value + part, numeral.kind))
    return whole


def part_after(text: str, end: int) -> tuple[int, float]:
    """Where "and a half" behind a magnitude or unit ends, and the part it adds; the place itself and 0 without one.

    >>> part_after("a million and a half cars", 9)
    (20, 0.5)
    """
    found = _AND_PART.match(text, end)
    return (end, 0.0) if found is None else (found.end(), _part(found.group("part").lower().replace("-", " ")))


def _words(written: str) -> float:
    """The number that words say: two hundred and fifty, three thousand five hundred."""
    words = table("number_words")
    values = words["ones"] | words["tens"]
    total = below = 0.0
    for word in written.split():
        if word == "hundred":
            below *= 100
        elif word == "thousand":
            total, below = total + 1000 * below, 0.0
        elif word != "and":
            below += 1 if word in {"a", "an"} else values[word]
    return total + below


def _digits(written: str) -> float:
    signs = table("number_words")["signs"]
    if written[-1] in signs:
        return (_digits(written[:-1].rstrip()) if written[:-1] else 0.0) + float(signs[written[-1]])
    whole = re.fullmatch(r"(?P<whole>.+)[ -](?P<part>[1-9])/(?P<of>[2-8])", written)
    if whole is not None:
        return _digits(whole.group("whole")) + int(whole.group("part")) / int(whole.group("of"))
    plain = re.sub(rf" |{_GROUP}", "", written)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", plain):
        return float(plain.replace(".", "").replace(",", "."))
    if plain.count(".") > 1:
        return float(plain.replace(".", ""))
    if re.fullmatch(r"\d+,\d{1,2}", plain):
        return float(plain.replace(",", "."))
    return float(plain.replace(",", ""))
