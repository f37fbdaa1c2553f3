"""Days, weeks and months that a date expression names, and stretches of them: what they are beside a story's anchor.

Parts of years are ``parts_of_years.py``, dates that lean on others ``relative_dates.py``.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from cell2grid.evidence.dates.calendar_spans import (
    Period,
    Setting,
    month_number,
    month_span,
    nearest_year,
    said_year,
    shift,
)
from cell2grid.evidence.vocabulary import table


def read_iso(parts: dict[str, str], setting: Setting) -> Period | None:
    """A day written year, month, day."""
    day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    return Period(day, day)


def read_numeric(parts: dict[str, str], setting: Setting) -> Period | None:
    """A day written in digits with its year last: only where its order is sure, by a day above 12 or by the page."""
    one, two = int(parts["one"]), int(parts["two"])
    day_first = parts["mark"] == "." or setting.calendar.day_first
    if one > 12 >= two or (parts["mark"] == "." and two <= 12):
        day_first = True
    elif two > 12 >= one:
        day_first = False
    elif one != two and not day_first and setting.calendar.day_first is None:
        return None
    number, month = (one, two) if day_first else (two, one)
    year = int(parts["year"])
    day = date(year if year > 99 else 2000 + year, month, number)
    return Period(day, day)


def read_ended(parts: dict[str, str], setting: Setting) -> Period | None:
    """The three months ended June 30, the year to March, the June quarter."""
    month = month_number(next(parts[key] for key in ("month", "month_a", "month_q") if key in parts))
    year = said_year(parts, setting) or nearest_year(setting, month, month)
    if year is None:
        return None
    number = parts.get("day") or parts.get("day_a")
    last = date(year, month, int(number or calendar.monthrange(year, month)[1]))
    span = parts.get("span", "quarter").lower()
    lengths = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "quarter": 3, "half": 6, "month": 1, "week": 0}
    length = next((months for word, months in lengths.items() if span.startswith(word)), 12)
    length = int(span.split()[0]) if span[0].isdigit() else length
    if span == "period" and setting.previous is not None:
        return Period(setting.previous.start, last)
    start = shift(last, -length, True)
    return None if start is None else Period(start + timedelta(days=1), last)


def read_week(parts: dict[str, str], setting: Setting) -> Period | None:
    """The week of, to or from a day."""
    day = read_day(parts, setting)
    if day is None or day.start is None:
        return None
    relation = parts["relation"].lower()
    if relation in {"to", "ending", "ended"}:
        return Period(day.start - timedelta(days=6), day.start)
    first = day.start - timedelta(days=day.start.weekday()) if relation == "of" else day.start
    return Period(first, first + timedelta(days=6))


def read_day(parts: dict[str, str], setting: Setting) -> Period | None:
    """A day of a month; the weekday that is printed with it settles a year that is not."""
    month = month_number(parts.get("month") or parts["month_a"])
    number = int(parts.get("day") or parts["day_a"])
    year = said_year(parts, setting) or nearest_year(setting, month, month)
    if year is None:
        return None
    day = date(year, month, number)
    if "weekday_said" in parts and not {"year", "which"} & parts.keys():
        words = table("calendar")
        asked = (words["weekdays"] | words["short_weekdays"])[parts["weekday_said"].rstrip(".")]
        near = [other for step in (0, -1, 1) if (other := _same_day(day, step)) and other.weekday() == asked]
        day = near[0] if near else day
    return Period(day, day)


def _same_day(day: date, years: int) -> date | None:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return None


def read_days(parts: dict[str, str], setting: Setting) -> Period | None:
    """From one day to another, also over the turn of a month or year."""
    first_month = month_number(next(parts[key] for key in ("month", "month_c", "month_b") if key in parts))
    last_month = month_number(next((parts[key] for key in ("month2", "month_d") if key in parts), str(first_month)))
    year = said_year(parts, setting) or nearest_year(setting, last_month, last_month)
    if year is None:
        return None
    first = int(next(parts[key] for key in ("day", "day_c", "day_a") if key in parts))
    last = int(next(parts[key] for key in ("day2", "day_d", "day_b") if key in parts))
    begun = year - 1 if last_month < first_month else year  # 28 December to 3 January
    return Period(date(begun, first_month, first), date(year, last_month, last))


def read_month(parts: dict[str, str], setting: Setting) -> Period | None:
    """A month, or its beginning, middle or end."""
    month = month_number(parts["month"])
    year = said_year(parts, setting)
    if year is None and parts.get("before", "").lower() in {"last", "next"} and setting.anchor is not None:
        past = parts["before"].lower() == "last"
        year = setting.anchor.year + (-(month >= setting.anchor.month) if past else month <= setting.anchor.month)
    if year is None and parts.get("before", "").lower() == "this" and setting.anchor is not None:
        year = setting.anchor.year
    year = year or nearest_year(setting, month, month)
    if year is None:
        return None
    return edge_of(month_span(year, month, month), parts.get("edge", "").lower())


def read_months(parts: dict[str, str], setting: Setting) -> Period | None:
    """From one month to another, both included; over the turn of a year where the second comes first in it."""
    first, last = month_number(parts["month"]), month_number(parts["month2"])
    year = said_year(parts, setting) or nearest_year(setting, first if first <= last else last, last)
    if year is None:
        return None
    start_year = int(parts["year_a"]) if "year_a" in parts else year if first <= last else year - 1
    return Period(date(start_year, first, 1), month_span(year, last, last).end)


_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}


def read_chinese(parts: dict[str, str], setting: Setting) -> Period | None:
    """A date of a Chinese page: 2025年3月5日, 去年, 上半年, 第一季度, 前三季度, 1-6月, 上月."""
    if "month_zh" in parts:
        if setting.anchor is None:
            return None
        day = shift(setting.anchor.replace(day=1), -1 if parts["month_zh"].startswith("上") else 0, False)
        return None if day is None else month_span(day.year, day.month, day.month)
    first, last = _chinese_months(parts)
    year = int(parts["year"]) if "year" in parts else None
    if "which_zh" in parts:
        step = {"去年": -1, "明年": 1}.get(parts["which_zh"], 0)
        year = None if setting.anchor is None else setting.anchor.year + step
    elif year is None:
        year = nearest_year(setting, first, last)
    if year is None:
        return None
    if "day" in parts:
        return Period(date(year, first, int(parts["day"])), date(year, first, int(parts["day"])))
    return month_span(year, first, last)


def _chinese_months(parts: dict[str, str]) -> tuple[int, int]:
    """The first and last month of a part of a year."""
    if "half_zh" in parts:
        return (1, 6) if parts["half_zh"].startswith("上") else (7, 12)
    for key, months in (("quarter_zh", 3), ("first_zh", 1), ("quarters_zh", 3)):
        if key in parts:
            number = _CHINESE.get(parts[key]) or int(parts[key])
            return (months * number - months + 1 if key == "quarter_zh" else 1), months * number
    if "month" in parts:
        return int(parts["month"]), int(parts.get("month2") or parts["month"])
    return 1, 12


def edge_of(whole: Period, edge: str) -> Period:
    """The end or start of a period is that day; early, mid and late are its thirds."""
    start, end = whole.start, whole.end
    if not edge or start is None or end is None:
        return whole
    if "end" in edge or "close" in edge or "turn" in edge:
        return Period(end, end)
    if "start" in edge or "beginning" in edge:
        return Period(start, start)
    third = ("early", "mid", "late").index(next(word for word in ("early", "mid", "late") if word in edge))
    length = (end - start).days
    if length < 40:
        bounds = [(1, 10), (11, 20), (21, end.day)][third]
        return Period(start.replace(day=bounds[0]), start.replace(day=bounds[1]))
    months = round((length + 1) / 91.3)  # a third of a quarter is a month, of a half two, of a year four
    first = shift(start, months * third, False)
    last = shift(first, months, False)
    return whole if first is None or last is None else Period(first, last - timedelta(days=1))
