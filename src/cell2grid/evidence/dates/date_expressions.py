"""Where a sentence speaks of time, and in which form: the grammar of dates, without a calendar.

An expression keeps the parts that are printed (year, month, day, half, quarter, how many months) and the word that
opens or closes it (by, until, since, from). What days it means beside a story's anchor is ``periods.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache

from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.signs import Signs, shaped, with_zeros

_YEAR = r"(?:19[5-9]\d|20[0-6]\d)"


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
def _forms() -> dict[str, re.Pattern[str]]:
    words = table("calendar")
    full = sorted((name for name in words["months"] if len(name) > 4 or name in {"May", "June", "July"}), key=len)
    short = [name for name in words["months"] if name not in full]
    month = rf"(?:(?:{'|'.join(reversed(full))})\b|(?:{'|'.join(short)})\b\.?)"
    # may and march are verbs as well: the month has its capital, and a neighbour that a verb has not
    weekday = rf"(?:{'|'.join(words['weekdays'])})"
    weekday_short = rf"(?:{'|'.join((*words['weekdays'], *words['short_weekdays']))})\b\.?"
    count = rf"(?:{'|'.join(words['counts'])}|\d{{1,2}})"
    ordinal = rf"(?i:{'|'.join(words['ordinals'])})"
    year = rf"(?P<year>{_YEAR})(?![\d,.]\d)"
    of_year = (
        r"(?:\s*,?\s*(?:of\s+|in\s+)?"
        r"(?:(?P<fy>(?:(?:its|the)\s+)?(?:fiscal|financial)(?:\s+year)?\s+|FY\s?['’]?)|calendar\s+)?"
        rf"(?:{year}(?P<split>[-–/]\d{{2}}(?![\d-]))?|(?P<year_f>(?<=FY)\d\d|(?<=FY[\s'’])\d\d)(?:[-–/]\d\d)?\b"
        r"|(?P<fiscal_which>(?i:(?:(?:the|its|this|last|next)\s+)?(?:the\s+)?(?:current\s+|previous\s+|same\s+)?"
        r"(?:fiscal|financial)\s+year))|(?P<which>"
        r"(?i:the\s+(?:same|previous|following|current|next|prior|preceding)\s+year|(?:this|last|next"
        r"|that)\s+year|the\s+year(?!\s+(?:before|earlier|ago|to\b))))))?"
    )
    dash = r"\s*(?:-|–|—|to|through|until|and|&|/|or|till)\s*"
    pieces = {
        "«month»": month, "«weekday»": weekday, "«weekday_short»": weekday_short, "«count»": count,
        "«ordinal»": ordinal, "«YEAR»": _YEAR, "«of_year»": of_year, "«year»": year, "«dash»": dash,
    }  # fmt: skip
    return {name: re.compile(_filled("".join(row["pattern"]), pieces)) for name, row in table("date_forms").items()}


def _filled(pattern: str, pieces: dict[str, str]) -> str:
    for mark, piece in pieces.items():
        pattern = pattern.replace(mark, piece)
    return pattern


_LISTS = re.compile(r"\s*(?:and|&|/|or)\s*")
_OPENING = re.compile(
    r"(?i:\b(?P<word>by|until|till|through|before|to|up to|since|from|starting|beginning|after|as of"
    r"|as at|at|in|on|during|for|between|over|within|around|about|this|end-)"
    r"(?:\s+(?:around|about|about|at least|the|as early as|as late as|roughly|in|on))?\s*)$"
)


@lru_cache(maxsize=4096)
def date_expressions(text: str) -> tuple[DateExpression, ...]:
    """Every stretch of a sentence that speaks of time, in order and without overlap.

    >>> [text.form for text in date_expressions("In Q3 2025 sales rose; by the end of 2027 they may double.")]
    ['quarter', 'edge']
    """
    signs = _signs().found(shaped(text))
    if not signs:
        return ()
    taken: list[DateExpression] = []
    for form, pattern in _forms().items():
        first = _first_place(form, text) if form in signs else None
        for found in pattern.finditer(text, first) if first is not None else ():
            start, end = found.span()
            if any(start < other.end and other.start < end for other in taken):
                continue
            if form in {"month", "months"} and not _is_month(text, found):
                continue
            parts = {key: value for key, value in found.groupdict().items() if value is not None}
            opening = _opening(text, start)
            if form == "months" and "year_a" in parts and _LISTS.fullmatch(parts["dash"]) and opening != "between":
                continue  # two dated months in a row, no span
            taken.append(DateExpression(start, end, form, parts, opening, _holds_duration(form, parts)))
    return tuple(sorted(taken, key=lambda expression: expression.start))


def _holds_duration(form: str, parts: dict[str, str]) -> bool:
    """Whether an expression counts units of time: the past two years, the nine months to September."""
    if form == "ended":
        return parts.get("span", "").lower().endswith(" months")
    counts = form in {"window", "first_months"} and parts.get("unit", "") not in {"quarters", "decades"}
    return counts and not {"year", "which"} & parts.keys() and parts["count"] not in {"few", "several", "couple of"}


# forms that hold a month or a year, which shows where to begin
_BY_MONTH = {"days", "day", "months", "month", "ended"}
_BY_YEAR = {"iso", "years", "year"}
_LONGEST_AHEAD = 80  # characters that a form has before its first month or year
_PLACE_OF_YEAR = re.compile(rf"{_YEAR}|FY")


def _first_place(form: str, text: str) -> int | None:
    """Where a form can begin at the earliest; None where the month or year that it holds is not there (Market)."""
    anchor = _calendar_word() if form in _BY_MONTH else _PLACE_OF_YEAR if form in _BY_YEAR else None
    if anchor is None:
        return 0
    found = anchor.search(text)
    return None if found is None else max(0, found.start() - _LONGEST_AHEAD)


@cache
def _signs() -> Signs:
    rows = table("date_forms").items()
    written = {name: _each(row.get("written", ())) for name, row in rows}
    return Signs(written, {name: [word.lower() for word in _each(row.get("needs", ()))] for name, row in rows})


def _each(words: Iterable[str]) -> list[str]:
    """The words with each of a list put in where they name one."""
    calendar = table("calendar")
    lists = {
        **calendar["signs"],
        "count": [*calendar["counts"], *calendar["signs"]["count"]],
        "month": calendar["months"],
        "weekday": calendar["weekdays"],
    }
    found = [with_zeros(word) for word in words]
    for name, members in lists.items():
        found = [
            word.replace(f"«{name}»", str(each))
            for word in found
            for each in (members if f"«{name}»" in word else [""])
        ]
    return found


@cache
def _calendar_word() -> re.Pattern[str]:
    words = [*table("calendar")["months"], *table("calendar")["weekdays"]]
    return re.compile(rf"\b(?:{'|'.join(words)}|[Tt]oday|[Yy]esterday|[Tt]omorrow)\b")


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
