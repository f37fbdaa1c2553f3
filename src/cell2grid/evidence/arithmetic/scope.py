"""What a figure is limited to by the words beside it: where, over how long, which part, which goods, planned or not.

A claim names whose figure it is and of when; that BYD sold so many cars *in Thailand*, *so far*, *in the first phase*
stands only in its sentence. Figures that are limited differently are not compared. The words are found in
``sentence_words.py``; names and periods are ``matching.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache, lru_cache

from cell2grid.evidence.arithmetic.matching import days, in_sentence, words
from cell2grid.evidence.arithmetic.sentence_words import DIMENSIONS, SentenceWords, sentence_words
from cell2grid.evidence.records import Claim
from cell2grid.evidence.vocabulary import table

# a limit that the measure itself says, so that a figure without the word has it as well
_IMPLIED = {"exports": {"abroad"}, "sales": {"retail"}, "deliveries": {"ordered"}, "power": {"electric"}}
_WORD = re.compile(r"\w+")
_TO_BE = re.compile(r"\b(?:is|are) to\b", re.I)
# of a sentence that is longer only the words near a figure are read
_LONGEST, _NEAR = 2000, 600


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
    return _scope(claim.quote, claim.value_text, in_sentence(claim), claim.measure, claim.subject)


def alike(one: Claim, other: Claim) -> Alike:
    """Whether two figures are limited to the same; UNSAID where one has a limit of which the other is silent.

    Later figures of a story leave out which goods are meant, so that silence on these counts only between pages.
    """
    first, second = scope(one), scope(other)
    found = Alike.YES
    for dimension in DIMENSIONS:
        mine, yours = _without_implied(first[dimension], one), _without_implied(second[dimension], other)
        if mine == yours:
            continue
        if dimension in ("time", "part") or (mine and yours and not _nested(mine, yours)):
            return Alike.NO
        if dimension != "goods" or one.document != other.document or one.story != other.story:
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
    span = days(day, day)
    return span is not None and span[0] > told_on


def is_base(claim: Claim) -> bool:
    """Whether the figure is one that another is compared with: ``from 40``, ``against 40``, ``compared with 40``."""
    # "from 40 to 60" is a range, and nothing that is left behind
    if claim.value is None:
        return False
    return _is_held(claim.quote, _place(claim.quote, claim.value_text, in_sentence(claim)))


def said_beside(claim: Claim) -> str:
    """The words around a figure that are about it and about no other."""
    quote, start, end = _window(claim.quote, claim.value_text, in_sentence(claim))
    found = sentence_words(quote)
    first, last = found.around(start, end, held=_is_held(quote, start), longest=_NEAR)
    return f"{quote[: found.opening] if found.opening <= first else ''} {quote[first:last]}".strip()


def phase(claim: Claim) -> str | None:
    """Which phase or stage of a project the figure is of, where its words say so."""
    found = sorted(each for each in scope(claim)["part"] if each.endswith("_phase"))
    return found[0] if len(found) == 1 else None


def _without_implied(limits: frozenset[str], claim: Claim) -> frozenset[str]:
    return limits - _IMPLIED.get(claim.measure, set())


def _nested(mine: frozenset[str], yours: frozenset[str]) -> bool:
    """Whether one set of limits only says more than the other, as of electric cars and of cars."""
    return mine <= yours or yours <= mine


def _window(quote: str, value_text: str, at: int) -> tuple[str, int, int]:
    """The sentence, or of a long one the words near the figure, with where the figure begins and ends in it."""
    start = _place(quote, value_text, at)
    end = start + len(value_text)
    if len(quote) <= _LONGEST:
        return quote, start, end
    first = max(0, start - _NEAR)
    return quote[first : end + _NEAR], start - first, end - first


def _place(quote: str, value_text: str, at: int) -> int:
    """Where the figure stands in its sentence; where the place that is said does not show it, the first that does."""
    if at >= 0 and quote.startswith(value_text, at):
        return at
    found = quote.find(value_text)
    return found if found >= 0 else max(0, min(at, len(quote)))


@lru_cache(maxsize=131072)
def _scope(quote: str, value_text: str, at: int, measure: str, subject: str | None) -> Scope:
    quote, start, end = _window(quote, value_text, at)
    found, known = sentence_words(quote), _known(subject)
    first, last = found.around(start, end, held=_is_held(quote, start), longest=_NEAR)
    limits: dict[str, set[str]] = {}
    for mark in found.beside(first, last):
        if mark.limits(known):
            limits.setdefault(mark.dimension, set()).add(mark.name)
    if measure == "stake":
        limits.pop("where", None)
    if measure != "power":
        limits.get("goods", set()).discard("grid")
    is_plan = _is_planned(quote, found, start) or _planned_after().match(quote[end : min(last, end + 40)]) is not None
    return Scope({key: frozenset(each) for key, each in limits.items() if each}, is_plan)


def _nearby(claim: Claim) -> frozenset[str]:
    """The places that the sentence of a claim names, beside the figure or elsewhere."""
    quote, _, _ = _window(claim.quote, claim.value_text, in_sentence(claim))
    return sentence_words(quote).places(_known(claim.subject))


@lru_cache(maxsize=65536)
def _known(subject: str | None) -> frozenset[str]:
    return frozenset(words(subject))


def _is_planned(quote: str, found: SentenceWords, start: int) -> bool:
    """Whether the clause before a figure says that it is not yet so."""
    first = max((stop for _, stop in found.clauses if stop <= start), default=0)
    clause = quote[max(first, start - 120) : start].lower()
    told = _WORD.findall(clause)
    return not _planned_before().isdisjoint(told) or ("to" in told and _TO_BE.search(clause) is not None)


@cache
def _planned_before() -> frozenset[str]:
    return frozenset(table("scopes")["planned_before"].split())


@cache
def _planned_after() -> re.Pattern[str]:
    return re.compile(rf".*?\b(?:{table('scopes')['planned_after'].replace(' |', '|')})\b", re.I | re.S)


def _is_held(quote: str, start: int) -> bool:
    """Whether words of comparison stand right before a place."""
    before = quote[max(0, start - 24) : start]
    return not _base_heads().isdisjoint(_WORD.findall(before.lower())) and _base_words().search(before) is not None


@cache
def _base_heads() -> frozenset[str]:
    """One word of each phrase of comparison, by which most sentences are passed over."""
    return frozenset(_WORD.findall(phrase.strip().lower())[-1] for phrase in table("scopes")["base"].split("|"))


@cache
def _base_words() -> re.Pattern[str]:
    bases = table("scopes")["base"].replace(" |", "|").replace(".", r"\.")
    degree = r"(?:\s+(?:about|around|nearly|just|only|some|over|the|a|an|roughly|its|their))*"
    return re.compile(rf"\b(?:{bases}){degree}\s+\W{{0,3}}$", re.I)
