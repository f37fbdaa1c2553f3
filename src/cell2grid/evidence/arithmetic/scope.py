"""What a figure is limited to by the words beside it: where, over how long, which part, which goods, planned or not.

A claim names whose figure it is and of when; that BYD sold so many cars *in Thailand*, *so far*, *in the first phase*
stands only in its sentence. Figures that are limited differently are not compared. The words are in
``vocabulary/scopes.yaml``; names and periods are ``matching.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, lru_cache
from typing import Generic, TypeVar

from cell2grid.evidence.arithmetic.matching import words
from cell2grid.evidence.records import Claim
from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.gazetteer import of_kind

_WHERE, _TIME, _PART, _GOODS, _MONEY, _COUNT = "where", "time", "part", "goods", "money", "count"
_DIMENSIONS = (_WHERE, _TIME, _PART, _GOODS, _MONEY, _COUNT)
# a limit that the measure itself says, so that a figure without the word has it as well
_IMPLIED = {"exports": {"abroad"}, "sales": {"retail"}, "deliveries": {"ordered"}, "power": {"electric"}}
_CLAUSE = re.compile(r"[;:]\s|,?\s(?:while|whereas|but|although|though|yet)\s|\s[—–]\s|,\sas\s(?!well|of|at|a\b|the\b)")
# who says so and from where limits nothing
_DATELINE = re.compile(r"\W*[A-Z]{3,}.{0,120}?\s(?:--|–|—|-)\s")
_SOURCE = re.compile(r"(?:^|,?\s)(?:according to|citing|data from|figures from|statistics from)\b[^,;]*", re.I)
_SEPARATOR = re.compile(r",|;|\band\b|\bor\b|\bbut\b|\bversus\b|\bagainst\b|、|，")
_NUMBER = re.compile(r"\d[\d,.]*")
_FIRST = re.compile(r"^\W*(?:In|Across|Outside|For|At|Throughout|Within)\s[^,]{1,60},")
_PLACED = re.compile(
    r"\b(?:in|to|for|from|across|at|near|outside|into|of)\s+(?:the\s+)?"
    r"([A-ZÀ-Þ][\w’'-]*(?:\s[A-ZÀ-Þ][\w’'-]*){0,2})"
)
_OF_A_FIRM = re.compile(
    r"\s(?:[\w-]+\s){0,3}(?:\w*makers?|firm|company|group|giant|producer|manufacturer|developer|supplier|utility"
    r"|operator|start-?up|conglomerate|investor|unit|subsidiary|rival|partner)\b",
    re.I,
)
_TOKEN = re.compile(r"\w+(?:[-.&]\w+)*")
_WORD = re.compile(r"\w+")
_TO_BE = re.compile(r"\b(?:is|are) to\b", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d[.,]?")
_LONGEST = 600
T = TypeVar("T")


class Alike(IntEnum):
    """Whether two figures are limited to the same."""

    NO = 0
    UNSAID = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class Scope:
    """The limits of a figure by dimension, and whether it is a plan."""

    limits: dict[str, frozenset[str]] = field(default_factory=dict, compare=True)
    planned: bool = False

    def __getitem__(self, dimension: str) -> frozenset[str]:
        """The limits in one dimension; empty where nothing is said."""
        return self.limits.get(dimension, frozenset())


def scope(claim: Claim) -> Scope:
    """What the words of its sentence limit the figure of a claim to.

    >>> from cell2grid.evidence.records import Claim
    >>> said = "Contoso sold 900 electric cars in Norway and plans to sell 1,500 in 2027."
    >>> def figure(text):
    ...     at = said.index(text)
    ...     return Claim("d", "s", "sales", "sales", "Contoso", said, 0, len(said), text, at, at + len(text), 1.0, None,
    ...                  None, "vehicle")
    >>> sorted(scope(figure("900"))["where"]), scope(figure("900")).planned, scope(figure("1,500")).planned
    (['norway'], False, True)
    """
    at = 0 if claim.value_start is None or claim.start is None else claim.value_start - claim.start
    return _scope(claim.quote, claim.value_text, at, claim.measure, claim.subject)


def alike(one: Claim, other: Claim) -> Alike:
    """Whether two figures are limited to the same; UNSAID where one has a limit of which the other is silent.

    Later figures of a story leave out which goods are meant, so that silence on these counts only between pages.
    """
    first, second = scope(one), scope(other)
    found = Alike.YES
    for dimension in _DIMENSIONS:
        mine, yours = _without_implied(first[dimension], one), _without_implied(second[dimension], other)
        if mine == yours:
            continue
        if dimension in (_TIME, _PART) or (mine and yours and not _nested(mine, yours)):
            return Alike.NO
        if dimension != _GOODS or one.document != other.document or one.story != other.story:
            found = Alike.UNSAID
    # between pages a place named elsewhere in the sentence may be meant as well
    if found is Alike.YES and one.document != other.document and _nearby(one) != _nearby(other):
        return Alike.UNSAID
    return found


def planned(claim: Claim, told_on: int | None = None) -> bool:
    """Whether the figure is a plan, a forecast or a target by its words, or of a time after the day it was told."""
    if scope(claim).planned:
        return True
    day = claim.period_start if claim.period_start is not None else claim.period_end
    if told_on is None or day is None:
        return False
    from cell2grid.evidence.arithmetic.matching import days

    span = days(day, day)
    return span is not None and span[0] > told_on


def is_base(claim: Claim) -> bool:
    """Whether the figure is one that another is compared with: ``from 40``, ``against 40``, ``compared with 40``."""
    # "from 40 to 60" is a range, and nothing that is left behind
    return claim.value is not None and _base_words().search(_before(claim)[-24:]) is not None


def said_beside(claim: Claim) -> str:
    """The words around a figure that are about it and about no other."""
    at = 0 if claim.value_start is None or claim.start is None else claim.value_start - claim.start
    start = _place(claim.quote, claim.value_text, at)
    left, right = _around(claim.quote, start, start + len(claim.value_text))
    return f"{left} {claim.value_text} {right}"


def phase(claim: Claim) -> str | None:
    """Which phase or stage of a project the figure is of, where its words say so."""
    found = sorted(each for each in scope(claim)[_PART] if each.endswith("_phase"))
    return found[0] if len(found) == 1 else None


def _without_implied(limits: frozenset[str], claim: Claim) -> frozenset[str]:
    return limits - _IMPLIED.get(claim.measure, set())


def _nested(mine: frozenset[str], yours: frozenset[str]) -> bool:
    """Whether one set of limits only says more than the other, as of electric cars and of cars."""
    return mine <= yours or yours <= mine


def _before(claim: Claim) -> str:
    at = 0 if claim.value_start is None or claim.start is None else claim.value_start - claim.start
    return claim.quote[: _place(claim.quote, claim.value_text, at)]


def _place(quote: str, value_text: str, at: int) -> int:
    """Where the figure stands in its sentence; in HTML the first place that shows it."""
    if at and quote.startswith(value_text, at):
        return at
    found = quote.find(value_text)
    return found if found >= 0 else min(at, len(quote))


@lru_cache(maxsize=131072)
def _scope(quote: str, value_text: str, at: int, measure: str, subject: str | None) -> Scope:
    start = _place(quote, value_text, at)
    end = start + len(value_text)
    left, right = _around(quote, start, end)
    told = f"{_SOURCE.sub('', left)} {value_text} {_SOURCE.sub('', right)}"
    known = set(words(subject))
    limits: dict[str, set[str]] = {each: set() for each in _DIMENSIONS}
    for written, (dimension, mark) in _written_in(told.lower(), _marks()):
        # a word of the subject's own name limits nothing: Contoso Solar, Bus & Coach
        if not known or not set(words(written)) & known:
            limits[dimension].add(mark)
    limits[_WHERE] |= _places(told, known)
    if measure == "stake":
        limits[_WHERE].clear()
    if measure != "power":
        limits[_GOODS].discard("grid")
    clause = quote[max(0, start - 120) : start]
    clause = clause[max((each.end() for each in _CLAUSE.finditer(clause)), default=0) :]
    is_plan = _is_planned(clause) or _planned_after().search(right, 0, 40) is not None
    return Scope({key: frozenset(each) for key, each in limits.items() if each}, is_plan)


def _nearby(claim: Claim) -> frozenset[str]:
    """The places that the sentence of a claim names, beside the figure or elsewhere."""
    return _named_in(claim.quote[_headed(claim.quote, len(claim.quote)) : _LONGEST], claim.subject)


@lru_cache(maxsize=65536)
def _named_in(text: str, subject: str | None) -> frozenset[str]:
    return frozenset(_places(_SOURCE.sub("", text), set(words(subject))))


def _around(quote: str, start: int, end: int) -> tuple[str, str]:
    """The words left and right of a figure that are about it and about no other figure."""
    first, last = max(0, start - _LONGEST, _headed(quote, start)), min(len(quote), end + _LONGEST)
    first = max((each.end() for each in _CLAUSE.finditer(quote, first, start)), default=first)
    last = min((each.start() for each in _CLAUSE.finditer(quote, end, last)), default=last)
    left, right = quote[first:start], quote[end:last]
    # a figure of comparison is limited as the one that it is compared with
    held = _base_words().search(left[-24:]) is not None
    numbers = [] if held else [each for each in _NUMBER.finditer(left) if not _is_date(left, each)]
    for number in reversed(numbers):
        # "rose 48 % to 102,300" is one statement; only behind a comma or "and" does another begin
        parted = _SEPARATOR.search(left, number.end())
        if parted is not None:
            left = left[parted.end() :]
            break
    numbers = [each for each in _NUMBER.finditer(right) if not _is_date(right, each)]
    if numbers:
        ends = [each.start() for each in _SEPARATOR.finditer(right, 0, numbers[0].start())]
        right = right[: ends[-1] if ends else numbers[0].start()]
    opening = _FIRST.match(quote)
    if opening is not None and opening.end() < start - len(left):
        left = f"{opening.group()} {left}"
    return left, right


def _headed(quote: str, start: int) -> int:
    """Where a sentence begins behind its dateline, if that stands before a place."""
    dateline = _DATELINE.match(quote)
    return dateline.end() if dateline is not None and dateline.end() <= start else 0


def _is_date(text: str, number: re.Match[str]) -> bool:
    """Whether a number is a year or the day of a month."""
    if len(number.group()) >= 4 and _YEAR.fullmatch(number.group()):
        return True
    if len(number.group().strip(",.")) > 2:
        return False
    return _months().search(text, max(0, number.start() - 12), number.end() + 12) is not None


def _places(text: str, known: set[str]) -> set[str]:
    """The places named in a text, by the country's own name where it has one; those of the subject's name are none."""
    found = set()
    for written, name, start in _written_at(text, _countries()):
        # whose home it is, as in "Swedish van maker Contoso", is not where
        of_firm = written != name and _OF_A_FIRM.match(text, start + len(written)) is not None
        if not of_firm and not set(words(written)) & known and not set(words(name)) <= known:
            found.add(name.lower())
    for match in _PLACED.finditer(text):
        named = match.group(1).rstrip("'’")
        first = named.split(maxsplit=1)[0]
        if _countries().by_word.get(first) or first in _date_words() or set(words(named)) & known:
            continue
        if len(named) == 1 or (len(named) == 3 and named.isupper()):
            continue  # a currency, as in "to RMB 41 billion"
        found.add(named.lower())
    return found


@dataclass(frozen=True, slots=True)
class _Written(Generic[T]):
    """Words to be found in a text with what each stands for: by their first word, and those written without blanks."""

    by_word: dict[str, list[tuple[str, T]]]
    unspaced: tuple[tuple[str, T], ...]


def _indexed(rows: Iterable[tuple[str, T]]) -> _Written[T]:
    by_word: dict[str, list[tuple[str, T]]] = {}
    unspaced = []
    for written, meant in rows:
        first = _TOKEN.match(written)
        if written.isascii() and first is not None:
            by_word.setdefault(first.group(), []).append((written, meant))
        elif any(unicodedata.category(sign) == "Lo" for sign in written):
            unspaced.append((written, meant))
    for found in by_word.values():
        found.sort(key=lambda row: -len(row[0]))
    return _Written(by_word, tuple(unspaced))


def _written_in(text: str, known: _Written[T]) -> Iterator[tuple[str, T]]:
    """The longest of the known phrases at each word of a text, with what each stands for."""
    return ((written, meant) for written, meant, _ in _written_at(text, known))


def _written_at(text: str, known: _Written[T]) -> Iterator[tuple[str, T, int]]:
    """The same with their places."""
    tokens = () if known.by_word.keys().isdisjoint(_TOKEN.findall(text)) else _TOKEN.finditer(text)
    for token in tokens:
        for written, meant in known.by_word.get(token.group(), ()):
            end = token.start() + len(written)
            if text.startswith(written, token.start()) and not _goes_on(text, end):
                yield written, meant, token.start()
                break
    if not text.isascii():
        yield from ((written, meant, text.index(written)) for written, meant in known.unspaced if written in text)


def _goes_on(text: str, end: int) -> bool:
    """Whether a word goes on behind a place: ``US`` in ``US$`` and ``car`` in ``car-maker`` are no words."""
    following = text[end : end + 1]
    return following.isalnum() or following in {"$", "_"} or (following == "-" and text[end + 1 : end + 2].isalnum())


@cache
def _marks() -> _Written[tuple[str, str]]:
    lists = table("scopes")
    return _indexed(
        (str(written).lower(), (dimension, mark))
        for dimension in _DIMENSIONS
        for mark, rows in lists[dimension].items()
        for written in rows
    )


@cache
def _countries() -> _Written[str]:
    return _indexed(
        (alias.text, country.name) for country in of_kind("country") for alias in country.aliases if not alias.near
    )


@cache
def _date_words() -> frozenset[str]:
    calendar = table("calendar")
    return frozenset([*calendar["months"], *calendar["weekdays"], "Q1", "Q2", "Q3", "Q4", "H1", "H2"])


@cache
def _months() -> re.Pattern[str]:
    calendar = table("calendar")
    return re.compile(rf"\b(?:{'|'.join((*calendar['months'], *calendar['weekdays']))}|Q[1-4]|FY\d*|H[12])\b")


def _is_planned(clause: str) -> bool:
    told = _WORD.findall(clause.lower())
    return not _planned_before().isdisjoint(told) or ("to" in told and _TO_BE.search(clause) is not None)


@cache
def _planned_before() -> frozenset[str]:
    return frozenset(table("scopes")["planned_before"].split())


@cache
def _planned_after() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{table('scopes')['planned_after'].replace(' |', '|')})\b", re.I)


@cache
def _base_words() -> re.Pattern[str]:
    bases = table("scopes")["base"].replace(" |", "|").replace(".", r"\.")
    degree = r"(?:\s+(?:about|around|nearly|just|only|some|over|the|a|an|roughly|its|their))*"
    return re.compile(rf"\b(?:{bases}){degree}\s+\W{{0,3}}$", re.I)
