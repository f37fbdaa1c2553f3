"""Stretches of the calendar, and the year that a date without one is of.

What a printed date means is put together in ``periods.py``.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from cell2grid.evidence.vocabulary import table


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both included; None where an end is open."""

    start: date | None
    end: date | None

    def shifted(self, months: int) -> Period:
        """The same stretch that many months later."""
        return Period(shift(self.start, months, False), shift(self.end, months, True))


@dataclass(frozen=True, slots=True)
class PageCalendar:
    """How a page counts time: the month in which its fiscal years end, by which end they are named, and 5/3/2025.

    ``by_start`` is true where fiscal 2024 is the year that begins in 2024; ``day_first`` is None where nothing on the
    page says whether 5/3 is in March or in May. What a page shows of it is read by ``page_calendar.py``.
    """

    fiscal_end: int = 12
    by_start: bool = False
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What a relative date is counted from: the anchor day, the period spoken of before, a year said nearby.

    ``exact`` is false where the page shows only that it is not older than the anchor; ``future`` is true where the
    words around speak of what is to come; ``calendar`` is how the page counts fiscal years and writes days;
    ``reported`` is the period of which the headline says that it is told (second-quarter results).
    """

    anchor: date | None = None
    exact: bool = True
    previous: Period | None = None
    year: int | None = None
    future: bool = False
    calendar: PageCalendar = PageCalendar()
    reported: Period | None = None


def month_span(year: int, first: int, last: int) -> Period:
    """The days from the first of one month to the last of another of the same year."""
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def year_span(year: int) -> Period:
    """A calendar year."""
    return month_span(year, 1, 12)


def quarter_span(year: int, number: int) -> Period:
    """A quarter of a calendar year, 1 to 4."""
    return month_span(year, 3 * number - 2, 3 * number)


def fiscal_span(year: int | None, first: int, last: int, setting: Setting) -> Period | None:
    """Months of a fiscal year, 1 to 12 of it; without a year, of the latest begun (or next to end, in the future).

    >>> india = Setting(anchor=date(2025, 7, 18), calendar=PageCalendar(3))
    >>> fiscal_span(2026, 1, 3, india).start.isoformat(), fiscal_span(None, 1, 12, india).end.isoformat()
    ('2025-04-01', '2026-03-31')
    """
    months = setting.calendar.fiscal_end - 12 + (12 if setting.calendar.by_start else 0)
    if year is not None:
        return month_span(year, first, last).shifted(months)
    if setting.anchor is None:
        return None
    spans = [month_span(setting.anchor.year + step, first, last).shifted(months) for step in range(-2, 3)]
    if setting.future:
        return next((span for span in spans if span.end is not None and span.end >= setting.anchor), None)
    return next((span for span in reversed(spans) if span.start is not None and span.start <= setting.anchor), None)


def shift(day: date | None, months: int, is_end: bool) -> date | None:
    """A day that many months later; the end of a month stays the end of one."""
    if day is None:
        return None
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    length = calendar.monthrange(year, month + 1)[1]
    whole_month = is_end and day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, length if whole_month else min(day.day, length))


def full_year(text: str) -> int:
    """A year from four digits or two."""
    number = int(text)
    return number if number > 99 else 2000 + number


def month_number(text: str) -> int:
    """The number of a month from its name, short name or digits."""
    return int(text) if text.isdigit() else int(table("calendar")["months"][text.rstrip(".")])


def said_year(parts: dict[str, str], setting: Setting) -> int | None:
    """The year that an expression prints or points at (of 2024, of the year, last year); None where it has none."""
    for key in ("year", "year_b", "year_d", "year_e", "year_f", "year_h", "year_q", "year_before", "year_fy"):
        if key in parts:
            return full_year(parts[key])
    which = next((parts[key].lower() for key in ("which", "which_b", "which_c") if key in parts), None)
    if which is None:
        return None
    if which.startswith(("the following", "that", "the same", "the next")) and setting.previous is not None:
        base = setting.previous.end or setting.previous.start
        return None if base is None else base.year + (1 if "following" in which or "next" in which else 0)
    if setting.anchor is None:
        return setting.year if which in {"the year", "this year", "this"} else None
    back = which.startswith(
        ("last", "previous", "prior", "year", "a year", "the previous", "the year b", "the prior", "preceding")
    )
    step = -1 if back else 1 if which.startswith(("next", "the next")) else 0
    return setting.anchor.year + step


def nearest_year(setting: Setting, first_month: int, last_month: int) -> int | None:
    """The year of a month, quarter or half that is printed without one."""
    if setting.year is not None and (setting.anchor is None or abs(setting.year - setting.anchor.year) <= 1):
        return setting.year
    anchor = setting.anchor
    if anchor is None:
        base = None if setting.previous is None else setting.previous.end or setting.previous.start
        return None if base is None else base.year
    if setting.future:
        return anchor.year if last_month >= anchor.month else anchor.year + 1
    return anchor.year if first_month <= anchor.month else anchor.year - 1
