"""Which claims speak of the same thing: names, objects and periods compared, and claims found by them.

Only what a check may compare is decided here; merging names for good is a reviewer's business, and names that a
reviewer has merged come in as one (``standing.py``). What a figure is limited to is ``scope.py``, the figures in claims
are ``figures.py``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from functools import cache, lru_cache

from cell2grid.evidence.arithmetic.figures import parts
from cell2grid.evidence.records import Claim
from cell2grid.evidence.vocabulary import table

_WORD = re.compile(r"[^\W_]+")
# words that name a legal form and not a firm
_FORMS = frozenset(
    [
        *("ab", "ag", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "limited", "llc", "ltd"),
        *("nv", "oyj", "plc", "sa", "se", "spa", "the"),
    ]
)
# words that say "all of it" and not of what
_WHOLE = frozenset(
    [
        *("a", "all", "and", "combined", "country", "domestic", "entire", "for", "global", "in", "industry", "its"),
        *("market", "national", "of", "overall", "s", "the", "total", "unit", "volume", "world", "worldwide"),
    ]
)


# measures of which the months of a year add up to the year
FLOWS = frozenset({"production", "deliveries", "sales", "exports", "revenue", "profit", "investment"})
# words beside a printed number that do not say what is counted
_SIZES = frozenset(
    [
        *("about", "around", "billion", "half", "hundred", "just", "less", "million", "more", "nearly", "only", "over"),
        *("than", "thousand", "trillion"),
    ]
)


# days a year from the ends of the calendar, so that a day after a period and a year before it are days too
_EARLIEST, _LATEST = date(2, 1, 1).toordinal(), date(9998, 12, 31).toordinal()


class Match(IntEnum):
    """How sure it is that two names mean the same."""

    NO = 0
    UNSAID = 1
    RELATED = 2
    SAME = 3


@lru_cache(maxsize=262144)
def words(name: str | None) -> tuple[str, ...]:
    """The words of a name in small letters and the singular, without its legal form.

    >>> words("Contoso Motors Co. Ltd."), words("vehicles")
    (('contoso', 'motor'), ('vehicle',))
    """
    found = [word.lower() for word in _WORD.findall((name or "").replace("’s", "").replace("'s", ""))]
    kept = [word for word in found if word not in _FORMS] or found
    return tuple(_singular(word) for word in kept)


def names(one: str | None, other: str | None) -> Match:
    """Whether two names mean the same; a longer name that begins with the shorter one is related to it.

    >>> names("Polestar", "Polestar Europe").name, names("Europe", "Polestar Europe").name, names("Polestar", None).name
    ('RELATED', 'NO', 'UNSAID')
    """
    short, long = sorted((words(one), words(other)), key=len)
    if not short:
        return Match.UNSAID
    if short == long or set(short) == set(long):
        return Match.SAME
    # one word at the end is more often a place than the name
    ends = len(short) > 1 and long[-len(short) :] == short
    return Match.RELATED if long[: len(short)] == short or ends else Match.NO


def who(claim: Claim) -> tuple[str, ...]:
    """The words of the subject, or none where it only repeats the measure or the counted noun."""
    return _who(claim.subject, claim.measure, claim.unit)


@lru_cache(maxsize=262144)
def _who(subject: str | None, measure: str, unit: str) -> tuple[str, ...]:
    said = words(subject)
    return () if set(said) <= {*words(measure), parts(unit)[0]} else said


def subjects(one: Claim, other: Claim) -> Match:
    """Whether two claims are about the same firm, plant, country or project."""
    return names(" ".join(who(one)), " ".join(who(other)))


def counted(claim: Claim) -> tuple[str, ...]:
    """The words for what is counted: of the object, else those beside the printed number, else the unit's noun."""
    beside = tuple(
        word for word in words(claim.value_text) if word.isalpha() and len(word) > 1 and word not in _SIZES | _WHOLE
    )
    return telling(claim.object) or beside or (parts(claim.unit)[0],)


def objects(one: Claim, other: Claim) -> Match:
    """Whether two claims count the same thing; an object that only repeats the counted noun says nothing."""
    first, second = bare_object(one), bare_object(other)
    if first == second:
        return Match.SAME
    if not first or not second:
        return Match.UNSAID
    return names(" ".join(first), " ".join(second))


def bare_object(claim: Claim) -> tuple[str, ...]:
    """The words of the object that say more than the counted noun."""
    return _bare(claim.object, claim.unit)


@lru_cache(maxsize=262144)
def _bare(name: str | None, unit: str) -> tuple[str, ...]:
    noun = parts(unit)[0]
    return tuple(word for word in words(name) if word != noun and word not in _WHOLE)


def telling(name: str | None) -> tuple[str, ...]:
    """The words of a phrase that say of what.

    >>> telling("the country's overall vehicle exports")
    ('vehicle', 'export')
    """
    return tuple(word for word in words(name) if word not in _WHOLE)


def missing(wanted: Sequence[str], offered: Sequence[str]) -> int:
    """How many of the wanted words are not among those offered, as words of one stem or by their initials.

    >>> missing(("chinese", "nev", "export"), ("china", "new", "energy", "vehicle"))
    1
    """
    wanted, offered = _abbreviated(wanted, offered), _abbreviated(offered, wanted)
    return sum(not any(_alike(word, other) for other in offered) for word in wanted)


def _abbreviated(found: Sequence[str], known: Sequence[str]) -> list[str]:
    """The words with each run of three or more replaced by its initials where these are known."""
    left = list(found)
    for short in known:
        for i in range(len(left) - len(short) + 1 if len(short) >= 3 else 0):
            if "".join(word[0] for word in left[i : i + len(short)]) == short:
                left[i : i + len(short)] = [short]
                break
    return left


def _alike(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= 5 and one[:4] == other[:4])


@lru_cache(maxsize=262144)
def days(start: str | None, end: str | None) -> tuple[int, int] | None:
    """The period as the numbers of its first and last day, or None where an end is open or not a day."""
    if start is None or end is None:
        return None
    try:
        first, last = date.fromisoformat(start).toordinal(), date.fromisoformat(end).toordinal()
    except ValueError:
        return None
    return (first, last) if _EARLIEST <= first <= last <= _LATEST else None


def period(claim: Claim) -> tuple[int, int] | None:
    """The days of a claim's period."""
    return days(claim.period_start, claim.period_end)


def written(first: int, last: int) -> str:
    """Days as text, a whole month or year by its own name.

    >>> written(date(2026, 2, 1).toordinal(), date(2026, 2, 28).toordinal())
    '2026-02'
    """
    start, end = date.fromordinal(first), date.fromordinal(last)
    ends_month = last < date.max.toordinal() and date.fromordinal(last + 1).day == 1
    if start.day == 1 and start.month == 1 and (end.year, end.month) == (start.year, 12) and ends_month:
        return f"{start.year}"
    if start.day == 1 and (start.year, start.month) == (end.year, end.month) and ends_month:
        return start.isoformat()[:7]
    return start.isoformat() if start == end else f"{start} to {end}"


def same_sentence(one: Claim, other: Claim) -> bool:
    """Whether two claims are from one sentence."""
    return (one.document, one.story, one.start, one.quote) == (other.document, other.story, other.start, other.quote)


def is_facility(name: str | None) -> bool:
    """Whether a name is that of one plant or project, and not of a firm or country, which have several.

    >>> is_facility("Contoso Gävle plant"), is_facility("Contoso")
    (True, False)
    """
    return bool(set(words(name)) & _facilities())


@cache
def _facilities() -> frozenset[str]:
    rows = table("naming")["facilities"].values()
    return frozenset(word for written in rows for each in written for word in words(str(each)))


def tail(claim: Claim) -> tuple[str, ...]:
    """What the names of one subject share: of a plant its last words (Contoso Gävle plant, Gävle plant), else all."""
    named = who(claim)
    return named[-2:] if is_facility(claim.subject) else tuple(sorted(set(named)))


def same_value(one: Claim, other: Claim) -> bool:
    """Whether two claims print the same figure."""
    return (one.value, one.low, one.high, one.unit) == (other.value, other.low, other.high, other.unit)


def between(one: Claim, other: Claim) -> str | None:
    """The words between two figures of a sentence, or None where they are not of one or overlap."""
    if not same_sentence(one, other):
        return None
    if None in (one.value_start, one.value_end, other.value_start, other.value_end, one.start):
        first, second = one.quote.find(one.value_text), one.quote.find(other.value_text)
        left, right = sorted(((first, one.value_text), (second, other.value_text)))
        start, end = left[0] + len(left[1]), right[0]
    else:
        left_claim, right_claim = sorted((one, other), key=lambda claim: claim.value_start or 0)
        start = (left_claim.value_end or 0) - (one.start or 0)
        end = (right_claim.value_start or 0) - (one.start or 0)
    return one.quote[start:end] if 0 <= start < end else None


def place(claim: Claim) -> int:
    """Where the figure stands: in its document, or in its sentence where a page has no offsets."""
    return claim.value_start if claim.value_start is not None else max(claim.quote.find(claim.value_text), 0)


def in_sentence(claim: Claim) -> int:
    """Where the figure stands in its sentence."""
    return place(claim) - (claim.start or 0 if claim.value_start is not None else 0)


def distance(one: Claim, other: Claim) -> int:
    """How many characters lie between two claims of one document; 0 where a page does not say."""
    if (one.value_start is None or other.value_start is None) and not same_sentence(one, other):
        return 0
    return abs(place(one) - place(other))


def nearest(claim: Claim, others: Sequence[Claim]) -> Claim:
    """The one of ``others`` that stands nearest to the claim, on its own page before any other."""
    return min(others, key=lambda other: (other.document != claim.document, distance(claim, other), other.id))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
