"""The day that a story's relative dates are counted from, and how the page shows it.

In order: the day that the user gives, the page's byline, its metadata, a dateline, and last the sentences themselves:
what they tell as past or plan for a dated year bounds the day from below (``dated sentence``), and the first day that
fits is taken. Such a day is not exact: weekdays are not counted from it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cell2grid.evidence.dates.calendar_spans import PageCalendar, Period, Setting
from cell2grid.evidence.dates.date_expressions import DateExpression, date_expressions
from cell2grid.evidence.dates.page_calendar import calendar_of
from cell2grid.evidence.dates.periods import period
from cell2grid.evidence.pages.sentences import sentences
from cell2grid.evidence.records import Document
from cell2grid.evidence.vocabulary import table

LOOK = 12_000  # characters of a story in which dated sentences are sought


@dataclass(frozen=True, slots=True)
class Anchor:
    """The anchor of a story: its day (None where nothing shows it), where it comes from, whether it is the very day."""

    day: date | None = None
    source: str | None = None
    exact: bool = True


def anchor_of(document: Document | None, text: str, head: str, given: str | None) -> Anchor:
    """The anchor of a story with that text, whose furniture at the head is ``head``.

    >>> anchor_of(None, "Output doubled in March, the maker said.", "Published: 14 April 2024", None).day.isoformat()
    '2024-04-14'
    """
    if given is not None:
        return Anchor(date.fromisoformat(given), "given")
    calendar = calendar_of(document.text, document.url) if document is not None else PageCalendar()
    day, fits = _byline(head, calendar)
    if day is not None and fits:
        return Anchor(day, "byline")
    if document is not None and document.date:
        stated = _iso(document.date)
        if stated is not None:
            return Anchor(stated, "metadata")
    opened = _dateline(text, calendar)
    if opened is not None:
        return opened
    if day is not None:
        return Anchor(day, "byline, weekday does not fit", exact=False)
    told = _dated_sentences(text[:LOOK], calendar)
    month = _month_line(head)
    return (
        Anchor(month, "byline", exact=False) if month is not None and (told.day is None or told.day < month) else told
    )


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


_ONLY_DATE = re.compile(
    r"[\W\d]*(?:[A-Z][a-zé.-]+(?: [A-Z][a-z]+)?,\s*)?(?:(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day,?\s*)?$",
    re.I,
)
_BYLINE_WORD = re.compile(
    r"\b(?:published|updated|posted|date|issued|released|written|modified|on)\b|\bago\b|\bread\b|^\W*by\b"
    r"|发布|发表|更新|来源|입력|公開|更新日",
    re.I,
)
# a date beside a bar or point, put as \0
_PARTED = re.compile(r"(?:[|·•/–—]|\s-)\s*(?:[A-Z][\w.’'-]*,?\s){0,3}\0|\0\s*(?:[|·•/–—]|-\s)")
_TOLD_WHEN = re.compile(r"\b(?:published|updated|posted|modified|issued|released)\W{1,3}(?:on\W)?\0", re.I)
_BETWEEN_BARS = re.compile(r"[|·•]\s*\0|\0\s*[|·•]")
_CAPITALS = re.compile(r"[A-Z]{3,9}(?=\.?\s+\d)|(?<=\d )[A-Z]{3,9}\b")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}(?::\d{2})?\b|(?<=20\d\d)\d{1,2}:\d{2}")
_TELLS = re.compile(r"\b(?:quarter|ended|will|said)\b")


def _byline(head: str, calendar: PageCalendar) -> tuple[date | None, bool]:
    """A full date on a short line of its own or beside a word such as published, and whether its weekday fits."""
    for line in head.splitlines():
        if len(line) > 140 or not re.search(r"\d", line):
            continue
        plain = _CAPITALS.sub(_as_month, line.strip(" *_#>|"))
        dates = [found for found in date_expressions(plain) if _is_full(found)]
        if len(plain) > 120 or not dates:
            continue
        rest = plain
        for found in reversed(dates):
            rest = rest[: found.start] + "\0" + rest[found.end :]
        rest = _TIME.sub("", rest)
        letters = len(re.sub(r"[\W\d]", "", rest))
        alone = _ONLY_DATE.fullmatch(rest.replace("\0", "")) or _BYLINE_WORD.search(rest) or _PARTED.search(rest)
        told = letters <= 90 and (_TOLD_WHEN.search(rest) or _BETWEEN_BARS.search(rest))
        if not told and (letters > 30 or not (alone or letters <= 8) or _TELLS.search(rest)):
            continue
        for found in dates:
            stated = period(found, Setting(calendar=calendar))
            if stated is not None and stated.start is not None:
                return stated.start, weekday_fits(found, stated)
    return None, True


def _month_line(head: str) -> date | None:
    """The first day of a month that a line names beside a bar (Fact sheet | Rev C | March 2026)."""
    for line in head.splitlines():
        plain = line.strip(" *_#>")
        months = [found for found in date_expressions(plain) if found.form == "month" and "year" in found.parts]
        if len(plain) > 100 or len(months) != 1:
            continue
        rest = plain[: months[0].start] + "\0" + plain[months[0].end :]
        stated = period(months[0], Setting()) if _BETWEEN_BARS.search(rest) or rest == "\0" else None
        if stated is not None:
            return stated.start
    return None


def _is_full(found: DateExpression) -> bool:
    """Whether a date has its year, month and day."""
    full = found.form in {"iso", "numeric"} or (found.form == "chinese" and "year" in found.parts)
    return (full and (found.form != "chinese" or "day" in found.parts)) or (
        found.form == "day" and "year" in found.parts
    )


def weekday_fits(found: DateExpression, stated: Period) -> bool:
    """Whether the weekday that is printed with a date is that of the date; true where none is printed.

    >>> found = date_expressions("Tuesday, March 5, 2025")[0]
    >>> weekday_fits(found, period(found, Setting()))
    False
    """
    said = found.parts.get("weekday_said")
    if said is None or stated.start is None:
        return True
    words = table("calendar")
    return bool((words["weekdays"] | words["short_weekdays"])[said.rstrip(".")] == stated.start.weekday())


def _as_month(found: re.Match[str]) -> str:
    """A word in capitals as a name of a month is written (JULY as July)."""
    name = found.group().capitalize()
    return name if name in table("calendar")["months"] else found.group()


_DATELINE = re.compile(
    r"^\W*(?:[A-ZÀ-Ý][A-Za-zÀ-ÿ.,' /]{2,60}?)[,(]?\s*(?P<date>[A-Z][a-z]{2,8}\.?\s+\d{1,2}(?:,?\s+\d{4})?"
    r"|\d{1,2}\s+[A-Z][a-z]{2,8}\.?(?:\s+\d{4})?|[A-Z][a-z]{2,8}\s+\d{4})\)?\s*(?:\([^)]{2,40}\))?"
    r"\s*(?:--?|—|–|:)\s",
    re.M,
)


def _dateline(text: str, calendar: PageCalendar) -> Anchor | None:
    """The date of a dateline (SEOUL, July 18, 2025 --); without its year, the year that the sentences show."""
    found = _DATELINE.search(text[:1500])
    if found is None:
        return None
    expressions = date_expressions(found.group("date"))
    if not expressions or expressions[0].form not in {"day", "month"}:
        return None
    years = _dated_sentences(text[:LOOK], calendar).day
    parts = expressions[0].parts
    if "year" not in parts and years is None:
        return None
    base = None if years is None else date(years.year, 12, 31)
    stated = period(expressions[0], Setting(anchor=base))
    if stated is None or stated.start is None:
        return None
    if "year" not in parts and years is not None and stated.start < years:
        later = stated.shifted(12).start
        stated = Period(later, later) if years - stated.start > timedelta(days=200) else stated
    if expressions[0].form == "month":
        return Anchor(stated.start, "dated sentence", exact=False)
    return Anchor(stated.start, "byline") if stated.start else None


_AHEAD = re.compile(
    r"\b(?:will|would|shall|by|until|till|plans?|planned|planning|aims?|aiming|targets?|targeting"
    r"|expects?|expected|forecasts?|forecast|scheduled|due|set to|from|start\w*|begin\w*|projected"
    r"|intends?|quota|goal|guidance|before|ahead|next|through|outlook|see|could|may|should"
    r"|is to|are to|was to|were to)\b",
    re.I,
)


def _dated_sentences(text: str, calendar: PageCalendar) -> Anchor:
    """The first day that fits what the sentences tell as past, or plan for a year that has begun."""
    bounds: list[date] = []
    partial: list[tuple[DateExpression, str]] = []
    for span in sentences(text):
        sentence = text[span.start : span.end]
        for found in date_expressions(sentence):
            stretch = found.form in {"months", "years", "days"}
            ahead = found.opening in {"by", "until", "before"} or (found.opening == "from" and not stretch)
            before = sentence[max(0, found.start - 120) : found.start]
            ahead = ahead or _AHEAD.search(before.removesuffix("from ") if stretch else before) is not None
            bounds += _bound(found, ahead, sentence, calendar)
            if (
                found.form in {"day", "days"}
                and "year" not in found.parts
                and not _AHEAD.search(sentence)
                and not _SURELY_AHEAD.search(sentence)
            ):
                partial.append((found, sentence))
    if not bounds:
        return Anchor(None, None)
    latest = max(bounds)
    bound = latest
    for found, _ in partial:
        days = [
            stated.end
            for year in (-1, 0, 1)
            if (stated := period(found, Setting(anchor=date(bound.year + year, 12, 31)))) and stated.end
        ]
        nearest = min(days, key=lambda day: abs(day - bound), default=bound)
        latest = max(latest, nearest) if abs(nearest - bound) < timedelta(days=200) else latest
    return Anchor(latest, "dated sentence", exact=False)


_SURELY_AHEAD = re.compile(
    r"\b(?:will|would|due|scheduled|expected|set to|deadline|takes? effect|expires?|ahead of|is to"
    r"|are to)\b",
    re.I,
)
_WHOLE_YEAR_PAST = re.compile(
    r"\b(?:were|was|had|fell|rose|sold|exported|produced|invested|delivered|shipped|reached|hit"
    r"|totalled|totaled|came to|stood|grew|whole|full|averaged|accounted|made|in|up from|down from"
    r"|from|than|during|for|over)\b",
    re.I,
)
_TOLD = re.compile(
    r"\b(?:was|were|had|has been|have been|fell|rose|sold|exported|produced|invested|delivered|shipped"
    r"|reached|hit|totall?ed|came|stood|grew|averaged|accounted|made|opened|began|started|became"
    r"|dropped|went|announced|said|put|took|launched|booked|posted|recorded|\w{3,}ed)\b"
)


def had_happened(sentence: str, end: int) -> bool:
    """Whether what a sentence tells of "by 2024" had come to pass: the past perfect follows close behind.

    >>> had_happened("By 2024, exports had doubled.", 7), had_happened("It had planned to double by 2026.", 32)
    (True, False)
    """
    return re.match(r"[^.;]{0,50}\bhad\b", sentence[end:]) is not None


_PLANNED = re.compile(r"\b(?:quota|guidance|expects?|forecast|outlook|has set|(?:was|is|were) set|budget\w*)\b")
_LABEL_AHEAD = re.compile(r"\A[^.:;]{3,40}:\s*$")
_FISCAL = frozenset({"fiscal", "fiscal_q", "fiscal_r", "fy", "fy_h", "fy_before", "fy_bare", "year_f", "year_fy"})


def _bound(found: DateExpression, ahead: bool, sentence: str, calendar: PageCalendar) -> list[date]:
    """The day before which a story with this expression cannot have been written; nothing where it looks ahead."""
    if found.form not in {
        "year",
        "years",
        "half",
        "quarter",
        "month",
        "months",
        "day",
        "days",
        "iso",
        "edge",
        "ended",
        "first_months",
    }:
        return []
    stated = period(DateExpression(found.start, found.end, found.form, found.parts), Setting(calendar=calendar))
    if calendar.fiscal_end == 12 and _FISCAL & found.parts.keys():
        return []  # nothing says in which month such a year ends
    if stated is None or stated.end is None or stated.start is None or not 1990 <= stated.end.year <= 2040:
        return []
    if found.form in {"day", "days", "iso"} and found.opening in {"on", "", "in", "since", "after"}:
        ahead = _SURELY_AHEAD.search(sentence[max(0, found.start - 120) : found.start]) is not None
    past_by = found.opening == "by" and had_happened(sentence, found.end)
    plan = re.search(
        r"\b(?:quota|guidance|expects?|forecast|outlook|has set|(?:was|is|were) set|budget\w*)\b",
        sentence[max(0, found.start - 90) :],
    )
    if _LABEL_AHEAD.search(sentence[: found.start]) and not sentence[found.end :].strip(" ."):
        return []  # First power: December 2026
    if found.form == "year" and plan is not None and found.opening == "for":
        return [stated.start]
    if ahead and not past_by:
        return []
    if found.form in {"day", "days", "iso"}:
        return [stated.end]
    if found.form in {"year", "years"} and re.search(
        r"\b(?:Vision|Agenda|Expo|model|China)\s$", sentence[: found.start]
    ):
        return []
    if found.form in {"quarter", "half", "month", "months"} and (found.opening == "for" or not _TOLD.search(sentence)):
        return [stated.start]
    if found.form == "year" and not _WHOLE_YEAR_PAST.search(sentence):
        return [stated.start]
    return [stated.end + timedelta(days=1)]
