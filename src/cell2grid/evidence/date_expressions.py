"""Where a sentence speaks of time, and in which form: the grammar of dates, without a calendar.

An expression keeps the parts that are printed (year, month, day, half, quarter, how many months) and the word that
opens or closes it (by, until, since, from). What days it means beside a story's anchor is ``periods.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from cell2grid.evidence.vocabulary import table

_YEAR = r"(?:19[5-9]\d|20[0-6]\d)"
_PARTS = re.compile(r"\d|[Mm]onth|[Yy]ear|[Qq]uarter|[Hh]alf|[Ww]eek|day|[Aa]go|decade|period|night|年|月")


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A stretch of a sentence that speaks of time: its form, the printed parts, and the word that opens or closes it.

    ``holds_duration`` is true where the expression counts units of time (the past two years), which is a quantity too.
    """

    start: int
    end: int
    form: str
    parts: dict[str, str] = field(default_factory=dict)
    opening: str = ""
    holds_duration: bool = False


@cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    words = table("calendar")
    full = sorted((name for name in words["months"] if len(name) > 4 or name in {"May", "June", "July"}), key=len)
    short = [name for name in words["months"] if name not in full]
    month = rf"(?:(?:{'|'.join(reversed(full))})\b|(?:{'|'.join(short)})\b\.?)"
    # may and march are verbs as well: the month has its capital, and a neighbour that a verb has not
    weekday = rf"(?:{'|'.join(words['weekdays'])})"
    count = rf"(?:{'|'.join(words['counts'])}|\d{{1,2}})"
    ordinal = rf"(?i:{'|'.join(words['ordinals'])})"
    year = rf"(?P<year>{_YEAR})(?![\d,.]\d)"
    of_year = (
        rf"(?:\s*,?\s*(?:of\s+|in\s+)?(?:fiscal\s+(?:year\s+)?|FY\s?|calendar\s+)?(?:{year}|(?P<which>"
        r"(?i:the\s+(?:same|previous|following|current|next|prior|preceding)\s+year|(?:this|last|next"
        r"|that)\s+year|the\s+year(?!\s+(?:before|earlier|ago|to\b))))))?"
    )
    dash = r"\s*(?:-|–|—|to|through|until|and|&|/|or|till)\s*"
    forms = {
        "iso": rf"\b(?P<year>{_YEAR})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?:T[\d:+.Z-]{{2,25}})?\b",
        "chinese": rf"(?P<year>{_YEAR})年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?"
        rf"|(?P<only_month>\d{{1,2}})月(?:(?P<only_day>\d{{1,2}})日)?(?!前)",
        "ended": rf"(?i:(?:fiscal\s+)?(?P<span>three months|six months|nine months|twelve months|12 months"
        rf"|quarter|half[- ]year|half|(?:fiscal |financial )?year|month"
        rf"|period)(?:\s+period)?\s+(?:ended|ending|to|through|up to|until"
        rf"|to the end of)\s+(?:on\s+)?)(?P<month>{month})\s*(?P<day>\d{{1,2}})?(?:st|nd|rd"
        rf"|th)?\b{of_year}",
        "days": rf"(?P<month>{month})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:{dash})(?:(?P<month2>{month})\s+)?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?![,.]\d|\s*%)(?:\s*,?\s*{year})?|(?P<day_a>\d{{1,2}}){dash}(?P<day_b>\d{{1,2}})\s+(?P<month_b>{month})(?:\s*,?\s*(?P<year_b>{_YEAR}))?",
        "day": rf"(?:{weekday},?\s+)?(?:(?P<month>{month})\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![,.]\d"
        rf"|\s*(?:%|percent|per cent|GWh|MWh|MW|GW|million|billion))|(?P<day_a>\d{{1,2}})(?:st|nd|rd"
        rf"|th)?\s+(?:of\s+)?(?P<month_a>{month}))(?:\s*,?\s*(?:{year}|(?P<which>(?i:this|last"
        rf"|next)\s+year)))?",
        "months": rf"(?P<month>{month})(?P<dash>{dash})(?P<month2>{month}){of_year}",
        "month": rf"(?:(?P<edge>(?i:early|mid|late|(?:the\s+)?(?:beginning|start|middle|end)\s+of"
        rf"|end))[- ]?\s*)?(?:(?P<before>(?i:last|this|next|the same))\s+)?(?P<month>{month}){of_year}",
        "half": rf"(?:the\s+)?(?P<half>(?i:first|second|1st|2nd|latter|last|current"
        rf"|other))[ -]half\b(?![ -](?:a|an|of\s+(?:the\s+)?(?:work|vehicles|cells))\b){of_year}"
        rf"|(?:(?P<year_before>{_YEAR})\s)?\b(?P<half_h>H[12]|[12]H|1-?H|2-?H)\s*(?:of\s+)?(?:'|FY"
        rf"|fiscal\s+)?(?P<year_h>{_YEAR}|\d{{2}})?\b",
        "quarter": rf"(?:the\s+)?(?:(?:fiscal|financial)\s+)?(?P<quarter>{ordinal})[ -](?:fiscal\s+"
        rf"|calendar\s+)?quarter\b{of_year}|(?:(?P<year_before>{_YEAR})\s)?\b(?P<quarter_q>Q[1-4]"
        rf"|[1-4]Q)(?:\s*(?:of\s+)?(?:'|FY|fiscal\s+(?:year\s+)?)?(?P<year_q>{_YEAR}|\d{{2}}))?\b",
        "first_months": rf"(?:the\s+)?(?P<order>(?i:first|opening|last|final))\s+(?P<count>{count})\s+(?P<unit>months"
        rf"|quarters|weeks){of_year}",
        "window": rf"(?i:(?:the|over|in|during|for|within)\s+)*(?P<direction>(?i:past|last|previous|preceding"
        rf"|coming|next|following))\s+(?P<count>{count}|\d{{1,3}}|few|several"
        rf"|couple of)\s+(?P<unit>years?|months?|weeks?|days?|quarters?|decades?|hours?)\b",
        "ago": rf"\b(?P<count>{count}|\d{{1,3}}|an?|a few|several)\s+(?P<unit>years?|months?|weeks?|days?"
        rf"|hours?|minutes?|quarters?|decades?)\s+(?P<relation>ago|earlier|before(?!\s+\w+ing\b"
        rf"|\s+(?:the|he|she|it|they)\b)|prior(?!\s+to)|previously)\b|(?P<the>(?i:the"
        rf"|from\s+the))\s+(?P<unit_the>year|month|quarter|week)\s+(?P<relation_the>before|earlier"
        rf"|prior|ago)\b",
        "same_period": rf"(?i:the\s+)?(?i:same|corresponding|year-ago|year-earlier|prior-year|comparable)\s+(?:period"
        rf"|month|quarter|half|time|months|stretch|span)\b(?:\s+(?:of|in"
        rf"|a)\s+(?:the\s+)?(?:(?P<year>{_YEAR})|(?P<which>(?i:last\s+year|previous\s+year"
        rf"|prior\s+year|year\s+before|year\s+earlier|year\s+ago|preceding\s+year|that\s+year)))"
        rf"|\s+(?P<which_b>(?i:last\s+year|a\s+year\s+(?:earlier|ago|before)|the\s+year\s+before)))?",
        "edge": rf"(?:the\s+)?(?P<edge>(?i:end|start|beginning|middle|close|turn))\s+of\s+(?:(?:the|this|last"
        rf"|next)\s+(?P<unit>year|month|quarter|decade|week)|(?:fiscal\s+)?{year})"
        rf"|(?P<year_end>(?i:year[- ]end|end-year|end of year))(?:\s+(?P<year_e>{_YEAR}))?"
        rf"|(?P<edge_b>(?i:early|mid|late|end|summer|spring|autumn|fall"
        rf"|winter))(?:[- ]of)?[- ](?:in\s+|of\s+)?(?P<year_b>{_YEAR})(?!s)|(?P<edge_c>(?i:early|late"
        rf"|mid|middle))(?:[- ]|\s+in\s+)(?P<which_c>(?i:this|last|next))\s+year"
        rf"|(?P<earlier>(?i:earlier|later))\s+this\s+(?P<unit_e>year|month|quarter|week)",
        "decade": r"(?:(?:early|mid|late)[- ])?(?:the\s+)?(?:(?:early|mid|late)[- ])?(?P<decade>(?:19|20)\d0)s\b",
        "years": rf"(?P<year>{_YEAR})(?P<dash>\s*(?:-|–|—|to|through|until|and|/|or)\s*)(?P<year2>{_YEAR}"
        rf"|\d{{2}}(?=\b(?!\s*(?:%|per\s?cent|GWh|MWh|MW|GW|million|billion)|[,.]\d)))(?![\d,.]\d)",
        "relative": rf"(?:(?P<of>(?i:the\s+(?:whole|rest|remainder|entirety)\s+of|all\s+of|all|for\s+the\s+full"
        rf"|full))\s+)?\b(?P<which>(?i:last|this|next|the\s+(?:following|previous|prior|preceding|next"
        rf"|current|same|past)|previous|prior|that|current|the\s+coming))\s+(?P<unit>(?i:fiscal\s+year"
        rf"|financial\s+year|calendar\s+year|year|month|quarter|week|half|decade|summer|spring|autumn"
        rf"|fall|winter)|{weekday}|{month})\b(?!-)",
        "weekday": rf"\b(?P<weekday>{weekday})\b|\b(?P<word>(?i:today|yesterday|tomorrow|tonight))\b",
        "year": rf"(?:(?P<of>(?i:the\s+(?:whole|full\s+year|full-year|rest|entirety)\s+of|all\s+of"
        rf"|full-?\s?year|calendar(?:\s+year)?|fiscal(?:\s+year)?|financial(?:\s+year)?"
        rf"|FY))\s*)?(?<![\w.,$€£¥/-])(?:FY|CY)?\s?{year}(?:(?P<slash>[/-]\d{{2}}))?(?!\w|[-–]\w*\d"
        rf"|\s?%|,\d)(?!\s*(?:MWh|GWh|kWh|TWh|MW|GW|kW|km|kg|tonnes|tons|Ah|mm|percent|per\s?cent"
        rf"|million|billion|yuan|euros|dollars|won|units\b|vehicles\b|jobs\b|workers\b|employees\b"
        rf"|people\b|cars\b|homes\b|systems\b|containers\b|households\b|hours\b|days\b|hectares\b"
        rf"|acres\b|辆|万|亿))|\bFY\s?'?(?P<year_fy>\d{{2}})(?:[/-]\d{{2}})?\b",
    }
    return [(name, re.compile(pattern)) for name, pattern in forms.items()]


_OPENING = re.compile(
    r"(?i:\b(?P<word>by|until|till|through|before|to|up to|since|from|starting|beginning|after|as of"
    r"|as at|at|in|on|during|for|between|over|within|around|about|this|end-)"
    r"(?:\s+(?:around|about|about|at least|the|as early as|as late as|roughly|in|on))?\s*)$"
)


def date_expressions(text: str) -> list[DateExpression]:
    """Every stretch of a sentence that speaks of time, in order and without overlap.

    >>> [text.form for text in date_expressions("In Q3 2025 sales rose; by the end of 2027 they may double.")]
    ['quarter', 'edge']
    """
    if not _PARTS.search(text) and not _has_calendar_word(text):
        return []
    taken: list[DateExpression] = []
    has_month, has_year = _has_calendar_word(text), re.search(_YEAR, text) is not None
    for form, pattern in _forms():
        if not _may_hold(form, text, has_month, has_year):
            continue
        for found in pattern.finditer(text):
            start, end = found.span()
            if any(start < other.end and other.start < end for other in taken):
                continue
            if form in {"month", "months"} and not _is_month(text, found):
                continue
            parts = {key: value for key, value in found.groupdict().items() if value is not None}
            opening = _opening(text, start)
            duration = form in {"window", "first_months"} and parts.get("unit", "") not in {"quarters", "decades"}
            duration = (
                duration
                and not {"year", "which"} & parts.keys()
                and parts.get("count", "") not in {"few", "several", "couple of"}
            )
            taken.append(DateExpression(start, end, form, parts, opening, duration))
    return sorted(taken, key=lambda expression: expression.start)


_NEEDS = {
    "chinese": ("年", "月"),
    "ended": (" ended", " ending", " to ", " through ", " up to ", " until "),
    "half": ("half", "H"),
    "quarter": ("quarter", "Q"),
    "first_months": ("months", "quarters", "weeks"),
    "window": ("past ", "last ", "previous ", "preceding ", "coming ", "next ", "following ", "Past ", "Last "),
    "ago": ("ago", "earlier", "before", "prior", "previously"),
    "same_period": ("same", "corresponding", "year-ago", "-earlier", "prior-year", "comparable", "Same"),
    "decade": ("0s",),
}
_NEEDS_MONTH = {"days", "day", "months", "month", "weekday", "ended"}
_NEEDS_YEAR = {"iso", "years"}


def _may_hold(form: str, text: str, has_month: bool, has_year: bool) -> bool:
    """A cheap look before a long pattern is run: whether the words that the form needs are there at all."""
    if (form in _NEEDS_MONTH and not has_month) or (form in _NEEDS_YEAR and not has_year):
        return False
    return form not in _NEEDS or any(word in text for word in _NEEDS[form])


@cache
def _calendar_word() -> re.Pattern[str]:
    words = [*table("calendar")["months"], *table("calendar")["weekdays"]]
    return re.compile(rf"\b(?:{'|'.join(words)}|[Tt]oday|[Yy]esterday|[Tt]omorrow)\b")


def _has_calendar_word(text: str) -> bool:
    return _calendar_word().search(text) is not None


def _opening(text: str, start: int) -> str:
    found = _OPENING.search(text, max(0, start - 40), start)
    return found.group("word").lower() if found else ""


_MONTH_BEFORE = re.compile(
    r"(?i:\b(?:in|of|by|since|until|till|through|before|after|last|this|next|early|mid|late|end|from"
    r"|for|during|to|and|or|between|on|at|is|was|full|following|previous|than|versus|vs|over|since"
    r"|as of|both|around|starting|with|month of|until|per)\b\s*|[(,;/–—-]\s*|^\W*)$"
)


def _is_month(text: str, found: re.Match[str]) -> bool:
    """Whether May or March is the month: other names of months have no second meaning."""
    name = found.group("month").rstrip(".")
    if name not in {"May", "March", "Mar", "Sept", "Dec", "Jan", "Apr", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"}:
        return True
    if found.end() - found.start() > len(found.group("month")) + 1:
        return True
    before = _MONTH_BEFORE.search(text, max(0, found.start() - 16), found.start())
    if before is None:
        return False
    at_start = not text[: found.start()].strip(" \"'“‘(#*-—–")
    after = text[found.end() : found.end() + 12]
    return not at_start or bool(re.match(r"(?:'s|’s|,|\s+(?:exports|sales|saw|was|deliveries|\d))", after))
