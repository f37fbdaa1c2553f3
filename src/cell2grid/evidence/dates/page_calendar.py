"""How a page counts time: when its fiscal years end, by which end they are named, and whether 5/3 is in March.

Read once for a page, from what it prints anywhere: "the fiscal year that ended on June 30", an Indian or Japanese
currency, a day above 12. What a date means with it is ``periods.py``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from cell2grid.evidence.dates.calendar_spans import PageCalendar, month_number
from cell2grid.evidence.vocabulary import table

LOOK = 20_000  # characters of a page in which its calendar is sought


def calendar_of(text: str, address: str | None = None) -> PageCalendar:
    """The calendar of a page with that text and address.

    >>> calendar_of("Its fiscal year ends on September 30.").fiscal_end
    9
    >>> calendar_of("Posted 24/3/2025; updated 5/4/2025").day_first
    True
    """
    return _calendar_of(text[:LOOK], address or "")


@lru_cache(maxsize=64)
def _calendar_of(text: str, address: str) -> PageCalendar:
    end, by_start = _fiscal_year(text)
    return PageCalendar(end, by_start, _day_first(text, address))


# -- fiscal years ----------------------------------------------------------------------------------------------------

_FY = re.compile(r"FY(?<=\bFY)\s?['’]?\d")  # begins with its letters, which a search skips to


@lru_cache(maxsize=1)
def _fiscal_patterns() -> dict[str, re.Pattern[str]]:
    month = rf"(?P<month>{'|'.join(sorted(table('calendar')['months'], key=len, reverse=True))})\b"
    day = r"(?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?:of\s+)?"
    year = r"(?:\s+\d{1,2}(?!\d)(?:st|nd|rd|th)?)?(?:,?\s+(?P<year>20\d\d))?"
    named = r"(?P<named>20\d\d|['’]?\d\d\b)?"
    return {
        "ends": re.compile(
            rf"(?:(?i:fiscal|financial)(?:\s+(?i:year))?\s*{named}|\bFY\s?['’]?(?P<fy>20\d\d|\d\d\b))[^.;()\n]{{0,24}}?"
            rf"\b(?:end(?:s|ed|ing)?|clos(?:es|ed|ing)|to|through)\s+(?:on\s+|in\s+)?(?:the\s+)?{day}{month}{year}"
        ),
        "quarter": re.compile(
            r"(?i:fiscal\s+(?P<before>first|second|third|fourth)\s+quarter|"
            r"(?P<of>first|second|third|fourth)(?:[\s-]+fiscal)?[\s-]+quarter(?:\s+of\s+(?:its\s+)?fiscal(?:\s+year)?"
            rf"(?:\s+20\d\d)?)?)[^.;()\n]{{0,12}}?\s+ended\s+(?:on\s+|in\s+)?{day}{month}"
        ),
        "begins": re.compile(
            rf"(?i:fiscal|financial)\s+year[^.;()\n]{{0,24}}?\b(?:begins?|began|starts?|started|runs\s+from)\s+"
            rf"(?:on\s+|in\s+)?(?:the\s+)?{day}{month}"
        ),
        "bracket": re.compile(
            rf"(?:\bFY\s?['’]?|(?i:fiscal|financial\s+year)\s+)(?P<named>20\d\d|\d\d\b)\s*\(\s*{month}[^)]{{0,40}}\)"
        ),
    }


_SIGNS_OF_INDIA = ("₹", "Rs", "crore", "lakh", "INR")  # of which the pattern has one
_INDIAN = re.compile(r"₹|\bRs\.?\s?\d|\b(?:crore|lakh)s?\b|\bINR\b")
_JAPANESE = re.compile(r"\byen\b|\bJPY\b|\bJapan\b|\bTokyo\b")


def _fiscal_year(text: str) -> tuple[int, bool]:
    """The month in which fiscal years end, and whether they are named by the year in which they begin."""
    head = text[:8000]
    if any(sign in head for sign in _SIGNS_OF_INDIA) and len(_INDIAN.findall(head)) > 1:
        return 3, False
    small = text.lower()
    if not ("fiscal" in small or "financial year" in small or _FY.search(text)):
        return 12, False
    patterns, japanese = _fiscal_patterns(), len(_JAPANESE.findall(head)) > 1
    quarter = patterns["quarter"].search(text)
    if quarter is not None and "iscal" in quarter.group():
        number = table("calendar")["ordinals"][(quarter.group("before") or quarter.group("of")).lower()]
        return (month_number(quarter.group("month")) + 3 * (4 - number) - 1) % 12 + 1, False
    said = patterns["ends"].search(text)
    if said is not None:
        end, named, last = (
            month_number(said.group("month")),
            said.group("named") or said.group("fy"),
            said.group("year"),
        )
        if named and last:
            return end, int(named[-2:]) == int(last[-2:]) - 1
        return end, end == 3 and japanese
    bracket = patterns["bracket"].search(text)
    if bracket is not None:
        begins = month_number(bracket.group("month"))
        years = re.findall(r"20(\d\d)", bracket.group()[bracket.start("month") - bracket.start() :])
        return (begins - 2) % 12 + 1, bool(years and begins != 1 and int(bracket.group("named")[-2:]) == int(years[0]))
    begun = patterns["begins"].search(text)
    if begun is not None:
        return (month_number(begun.group("month")) - 2) % 12 + 1, False
    return (3, True) if japanese else (12, False)


# -- the order of day and month --------------------------------------------------------------------------------------

_SLASH = re.compile(r"\d/\d")
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/(?:20)?\d\d(?![\d/])")
# endings of addresses of countries that write the day first; .com says nothing
_DAY_FIRST = re.compile(
    r"\.(?:uk|au|nz|in|ie|za|de|fr|es|it|nl|be|at|ch|pt|br|mx|ar|cl|co|pe|pl|cz|hu|ro|bg|gr|tr|se|no|dk|fi|sg|my|hk|th|id|vn|ae|sa|eg|ke|ng)"
    r"(?:/|:|$)",
    re.I,
)


def _day_first(text: str, address: str) -> bool | None:
    """Whether 5/3 is the fifth of March: by days above 12 on the page, else by the country of its address."""
    firsts = seconds = 0
    for one, two in _SLASHED.findall(text) if _SLASH.search(text) else ():
        firsts += int(one) > 12 >= int(two)
        seconds += int(two) > 12 >= int(one)
    if bool(firsts) != bool(seconds):
        return firsts > 0
    return True if _DAY_FIRST.search(address) and not seconds else None
