"""The months, quarters, halves and years that a story has told of, for "in the quarter" and "during the period".

What a printed date means is ``periods.py``; the story that asks is ``claims/story_time.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from cell2grid.evidence.dates.calendar_spans import Period, month_span, shift
from cell2grid.evidence.dates.date_expressions import DateExpression

_LENGTHS = {"month": 1, "quarter": 3, "half": 6, "half-year": 6}
# forms that lean on another date, or that name no whole stretch of the calendar
_NO_SPANS = frozenset(
    {"ago", "same_period", "span", "weekday", "window", "edge", "so_far", "day", "days", "iso", "week"}
)
_ASIDE = re.compile(r"\s+(?:alone|itself)\b")
_COMPARED = re.compile(
    r"\b(?:from|than|against|versus|vs\.?|compared\s+(?:with|to)|relative\s+to|over|since|until|by|after|before)\s+"
    r"(?:[\w-]+\s+){0,3}$",
    re.I,
)


def is_aside(text: str, found: DateExpression) -> bool:
    """Whether a date stands for one moment of a longer time of which the text goes on to speak (in August alone).

    >>> from cell2grid.evidence.dates.date_expressions import date_expressions
    >>> is_aside("In May alone 3 GWh were sold.", date_expressions("In May alone 3 GWh were sold.")[0])
    True
    """
    return _ASIDE.match(text, found.end) is not None


@dataclass(slots=True)
class Spoken:
    """The last stretch told of in each length, in months; under 0 the last of all lengths."""

    last: dict[int, Period] = field(default_factory=dict)

    def remember(self, found: DateExpression, meant: Period | None, text: str, day: date | None) -> None:
        """Keep whole months that a story of that day tells of; none that are to come or only compared with."""
        months = _whole_months(meant)
        if meant is None or months == 0 or found.form in _NO_SPANS or is_aside(text, found):
            return
        ahead = day is not None and meant.start is not None and meant.start > day
        if not ahead and not _COMPARED.search(text, max(0, found.start - 40), found.start):
            self.last[months] = self.last[0] = meant

    def meant(self, unit: str, day: date | None, reported: Period | None = None) -> Period | None:
        """What "in the quarter" means: the last one told of, the one that ends what was told of, or the last one over.

        The one of which the headline says that it is reported goes first.

        >>> from cell2grid.evidence.dates.calendar_spans import quarter_span
        >>> told = Spoken({3: quarter_span(2025, 2), 0: month_span(2025, 8, 8)})
        >>> told.meant("quarter", None).end.isoformat(), Spoken().meant("quarter", date(2025, 8, 6)).end.isoformat()
        ('2025-06-30', '2025-06-30')
        """
        within = self.last.get(0)
        if unit == "period":
            return within
        length = _LENGTHS.get(unit)
        if length is None:  # a full year is as often one to come
            return None
        if _whole_months(reported) == length:
            return reported
        if length in self.last:
            return self.last[length]
        if within is not None and within.end is not None and (day is None or within.end <= day):
            first = (within.end.month - 1) // length * length + 1
            return month_span(within.end.year, first, first + length - 1)
        if day is None:
            return None
        first_day = date(day.year, (day.month - 1) // length * length + 1, 1)
        return Period(shift(first_day, -length, False), first_day - timedelta(days=1))


def _whole_months(meant: Period | None) -> int:
    """How many whole months a stretch of time has; 0 where it is open, or begins or ends within a month."""
    if meant is None or meant.start is None or meant.end is None or meant.start.day != 1:
        return 0
    if (meant.end + timedelta(days=1)).day != 1:
        return 0
    return (meant.end.year - meant.start.year) * 12 + meant.end.month - meant.start.month + 1
