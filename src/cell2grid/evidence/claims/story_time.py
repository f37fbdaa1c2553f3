"""The time of a story while it is read: what its dates mean beside its day and beside the dates told so far.

What a single expression means is ``periods.py``; which date belongs to which figure is ``figure_periods.py``; where the
day of a story comes from is ``anchors.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from cell2grid.evidence.dates.calendar_spans import PageCalendar, Period, Setting, month_number
from cell2grid.evidence.dates.date_expressions import DateExpression, date_expressions
from cell2grid.evidence.dates.periods import period
from cell2grid.evidence.dates.spoken_spans import Spoken, is_aside
from cell2grid.evidence.pages.anchors import Anchor, had_happened

_APART = {"since", "until", "by", "before", "after"}  # what began or is due then is not of the year of what follows
_SPANS = {"half", "quarter", "first_months", "months_short", "ended", "months", "years"}
_YEARLY = {"year", "month", "months", "half", "quarter", "day"}
_FUTURE = re.compile(
    r"\b(?:will|would|shall|expects?|expected|plans?|planned|due|scheduled|aims?|targets?|forecasts?"
    r"|next|set to|to (?:start|begin|open|reach|rise|be)|starting|begin(?:s|ning)?"
    r"|take effect|upcoming|later|goal|guidance|hopes?|slated)\b[^.;]{0,60}$"
    r"|\b(?:by|until)\s+(?:the\s+)?(?:(?:end|start|middle|close|beginning)\s+of\s+)?$",
    re.I,
)
_HAD = re.compile(
    r"\bhad\s+(?!(?:\w+ly\s+)?(?:planned|hoped|aimed|intended|expected|promised|wanted|pledged|meant|agreed|targeted)\b)(?:[a-z]+\s+){0,3}?[a-z]+(?:ed|en|lt|ld|de|nt|d)\b[^.;]{0,70}$"
)


@dataclass(slots=True)
class StoryTime:
    """What a story has told of time so far: the period and year spoken of last, its last dated month and span.

    ``context`` is the number of the sentence that named a span (the first half of 2025), and the span; ``reported``
    the one span of the headline, where it names one.
    """

    anchor: Anchor
    calendar: PageCalendar
    headline: str = ""
    reported: Period | None = None
    previous: Period | None = None
    year: int | None = None
    month: tuple[int, date] | None = None
    context: tuple[int, Period] | None = None
    spoken: Spoken = field(default_factory=Spoken)

    def __post_init__(self) -> None:
        """What the headline reports on, where it names one span of months that is over."""
        setting = Setting(self.anchor.day, self.anchor.exact, calendar=self.calendar)
        spans = [found for found in date_expressions(self.headline) if found.form in _SPANS | {"month"}]
        meant = period(spans[0], setting) if len(spans) == 1 and "edge" not in spans[0].parts else None
        if meant is not None and meant.start is not None and meant.end is not None:
            past = self.anchor.day is None or meant.end <= self.anchor.day
            self.reported = meant if past else None

    def dated(self, number: int, text: str) -> list[tuple[DateExpression, Period | None]]:
        """The dates of the sentence of that number with the days that they mean; later sentences build upon them."""
        found: list[tuple[DateExpression, Period | None]] = []
        said_year: int | None = None
        for printed_date in date_expressions(text):
            expression = _as_base(printed_date, text)
            meant = self._meant(expression, text, said_year or self._year_near(number, expression))
            found.append((expression, meant))
            aside = is_aside(text, expression)
            if meant is not None and expression.form in _SPANS and not aside and self._has_begun(meant):
                self.context = (number, meant)
            self.spoken.remember(expression, meant, text, self.anchor.day)
            printed = next((expression.parts[key] for key in _PRINTED if key in expression.parts), "")
            if len(printed) == 4 and expression.form in _YEARLY:
                self.year = int(printed)
                if meant is not None and meant.start is not None and expression.form == "month":
                    self.month = (number, meant.start)
                said_year = int(printed) if _holds_on(expression, text) else said_year
            if meant is not None and not aside and expression.form not in {"weekday", "ago", "same_period"}:
                self.previous = meant if meant.start is not None or self.previous is None else self.previous
        return found

    def _has_begun(self, meant: Period) -> bool:
        """Whether a closed period is not wholly to come."""
        closed = meant.start is not None and meant.end is not None
        return closed and (self.anchor.day is None or (meant.start or self.anchor.day) <= self.anchor.day)

    def _meant(self, expression: DateExpression, text: str, year: int | None) -> Period | None:
        """What an expression means here; what had come to pass by a year or a day is of that year or day."""
        if expression.form == "span":
            told = self.spoken.meant(expression.parts["unit"].lower(), self.anchor.day, self.reported)
            if told is not None:
                return told
        before = text[max(0, expression.start - 90) : expression.start]
        past = expression.opening == "by" and (had_happened(text, expression.end) or _HAD.search(before) is not None)
        future = not past and _FUTURE.search(before) is not None
        meant = period(
            expression,
            Setting(self.anchor.day, self.anchor.exact, self.previous, year, future, self.calendar, self.reported),
        )
        if not past or meant is None or meant.end is None:
            return meant
        if expression.form == "year":
            return Period(meant.end.replace(month=1, day=1), meant.end)
        return Period(meant.end, meant.end) if expression.form == "edge" or "edge" in expression.parts else meant

    def _year_near(self, number: int, expression: DateExpression) -> int | None:
        """The year of a month without one, where a sentence before has dated a month: the next such month after it."""
        if self.anchor.day is None:
            return self.year
        if expression.form != "month" or self.month is None or number - self.month[0] > 2:
            return None
        told = self.month[1]
        month = month_number(expression.parts["month"])
        year = told.year if month >= told.month else told.year + 1
        return year if (year, month) <= (self.anchor.day.year, self.anchor.day.month) else None


_IS_BASE = re.compile(
    r"(?:\b(?:up|down|rose|rise|fell|fall|increase|gain|growth|grew|drop|decline|change|better|higher|lower|more|less)\b"
    r"|%|\bper\s?cent\b|\bpoints?\b)[^.;]{0,24}\bfrom\s+(?:the\s+)?$"
)


def _as_base(expression: DateExpression, text: str) -> DateExpression:
    """An expression that begins nothing but is compared with: up 70 % from the first quarter."""
    base = expression.opening == "from" and _IS_BASE.search(text, max(0, expression.start - 70), expression.start)
    return replace(expression, opening="than") if base else expression


_PRINTED = ("year", "year_b", "year_q", "year_h")


def _holds_on(expression: DateExpression, text: str) -> bool:
    """Whether the year that an expression prints is that of the months that follow it in its sentence."""
    if expression.form == "year":
        return text[: expression.start].strip().lower() in {"in", "for", "during"}
    return expression.form in {"month", "months"} and expression.opening not in _APART
