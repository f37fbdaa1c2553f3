"""Dates that lean on the day of the story or on the period spoken of before: last month, a year earlier, on Tuesday.

Days and months are ``days_and_months.py``, halves, quarters and years ``parts_of_years.py``.
"""

from __future__ import annotations

from datetime import date, timedelta

from cell2grid.evidence.dates.calendar_spans import (
    Period,
    Setting,
    fiscal_span,
    month_span,
    shift,
    year_span,
)
from cell2grid.evidence.dates.days_and_months import read_month
from cell2grid.evidence.vocabulary import table

_MONTHS = {"year": 12, "month": 1, "quarter": 3, "decade": 120}


def _count(written: str) -> int | None:
    counts = table("calendar")["counts"]
    return int(written) if written.isdigit() else counts.get(written.lower())


def read_window(parts: dict[str, str], setting: Setting) -> Period | None:
    """The past or coming so many years, months, weeks or days, to or from the day of the story."""
    number = _count(parts["count"])
    if setting.anchor is None or number is None:
        return None
    unit, ahead = parts["unit"].rstrip("s"), parts["direction"].lower() in {"coming", "next", "following", "within"}
    return _window(setting.anchor, number, unit, ahead)


def _window(base: date, number: int, unit: str, ahead: bool) -> Period:
    if unit in {"day", "week", "hour"}:
        length = timedelta(days=number * 7 if unit == "week" else number if unit == "day" else 0)
        return Period(base, base + length) if ahead else Period(base - length, base)
    months = number * _MONTHS[unit]
    other = shift(base, months if ahead else -months, False)
    return Period(base, other) if ahead else Period(other, base)


def read_ago(parts: dict[str, str], setting: Setting) -> Period | None:
    """So many years, months or weeks before the day of the story, or before the period spoken of."""
    unit = (parts.get("unit") or parts["unit_the"]).rstrip("s")
    relation = parts.get("relation") or parts["relation_the"]
    written = parts.get("count", "one").lower()
    number = 1 if written in {"a", "an"} else _count(written)
    if number is None:
        return None
    months = _MONTHS.get(unit)
    if months is None:
        if setting.anchor is None or not setting.exact:
            return None
        length = timedelta(days=number * {"day": 1, "week": 7}.get(unit, 0))
        return Period(setting.anchor - length, setting.anchor - length)
    if setting.previous is not None and (relation != "ago" or setting.previous.start is not None):
        return setting.previous.shifted(-number * months)
    if setting.anchor is None:
        return None
    day = shift(setting.anchor, -number * months, False)
    if day is None:
        return None
    return year_span(day.year) if unit == "year" else month_span(day.year, day.month, day.month)


def read_same_period(parts: dict[str, str], setting: Setting) -> Period | None:
    """The period spoken of before, in the same year or in an earlier one."""
    previous = setting.previous
    if previous is None:
        return None
    base = previous.start or previous.end
    if "year" in parts and base is not None:
        return previous.shifted(12 * (int(parts["year"]) - base.year))
    before = {"which", "which_b"} & parts.keys() or "year" in parts.get("kin", "").lower()
    return previous.shifted(-12) if before else previous


def read_relative(parts: dict[str, str], setting: Setting) -> Period | None:
    """Last, this, next or the following year, month, week, season or weekday."""
    which, unit = " ".join(parts["which"].lower().split()), parts["unit"]
    if unit in table("calendar")["weekdays"]:
        return _weekday(unit, setting, which)
    if unit.rstrip(".") in table("calendar")["months"]:
        return read_month({"month": unit, "before": which.removeprefix("the ")}, setting)
    return unit_span(which, unit.lower(), setting)


def unit_span(which: str, unit: str, setting: Setting) -> Period | None:
    """A unit of the calendar beside the anchor, or beside the period spoken of where the words chain to it.

    >>> unit_span("last", "month", Setting(anchor=date(2025, 7, 18))).start.isoformat()
    '2025-06-01'
    """
    chained = which.startswith(
        ("the following", "that", "the same", "the next", "the previous", "the prior", "the preceding")
    )
    base = setting.anchor
    if chained and setting.previous is not None:
        base = setting.previous.start or setting.previous.end
    if base is None:
        return None
    ahead = any(word in which for word in ("next", "following", "coming"))
    back = any(word in which for word in ("last", "previous", "prior", "preceding", "past"))
    step = 1 if ahead else -1 if back else 0
    if "past" in which and unit in {"year", "month", "week", "quarter", "decade"}:
        return _window(base, 1, unit, False)
    if unit in {"fiscal year", "financial year"}:
        whole = fiscal_span(None, 1, 12, Setting(anchor=base, calendar=setting.calendar))
        return None if whole is None else whole.shifted(12 * step)
    if "year" in unit:
        return year_span(base.year + step)
    return _part_span(base, unit, step, setting)


def _part_span(base: date, unit: str, step: int, setting: Setting) -> Period | None:
    if unit == "decade":
        first = base.year // 10 * 10 + 10 * step
        return Period(date(first, 1, 1), date(first + 9, 12, 31))
    if unit in {"month", "quarter", "half"}:
        length = {"month": 1, "quarter": 3, "half": 6}[unit]
        first_month = (base.month - 1) // length * length + 1
        day = shift(date(base.year, first_month, 1), step * length, False)
        return None if day is None else month_span(day.year, day.month, day.month + length - 1)
    if unit == "week":
        monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * step)
        return Period(monday, monday + timedelta(days=6)) if setting.exact else None
    return _season(base, unit, step)


def _season(base: date, unit: str, step: int) -> Period | None:
    """This, the last one ended, or the next one to begin; a winter begins in December."""
    seasons = {**table("calendar")["seasons"], "winter": [12, 2]}
    if unit not in seasons:
        return None
    first, last = seasons[unit]
    spans = []
    for year in range(base.year - 2, base.year + 3):
        end = month_span(year + (last < first), last, last).end
        spans.append(Period(date(year, first, 1), end))
    if step < 0:
        return next((span for span in reversed(spans) if span.end is not None and span.end < base), None)
    if step > 0:
        return next((span for span in spans if span.start is not None and span.start > base), None)
    now = next((span for span in spans if span.start and span.end and span.start <= base <= span.end), None)
    return now or next(span for span in spans if span.start is not None and span.start.year == base.year)


def read_weekday(parts: dict[str, str], setting: Setting) -> Period | None:
    """A day of the week, or yesterday, today and tomorrow: only where the very day of the story is known."""
    if "weekday" in parts:
        return _weekday(parts["weekday"], setting, "")
    if setting.anchor is None or not setting.exact:
        return None
    step = {"yesterday": -1, "tomorrow": 1}.get(parts["word"].lower(), 0)
    day = setting.anchor + timedelta(days=step)
    return Period(day, day)


def _weekday(name: str, setting: Setting, which: str) -> Period | None:
    """The weekday last past, today included; strictly before or behind the story with last or next."""
    if setting.anchor is None or not setting.exact:
        return None
    number = int(table("calendar")["weekdays"][name])
    ahead, back = (number - setting.anchor.weekday()) % 7, (setting.anchor.weekday() - number) % 7
    if which == "this":
        step = number - setting.anchor.weekday()
    elif which == "next" or "following" in which or "coming" in which:
        step = ahead or 7
    elif which == "last" or "past" in which or "previous" in which:
        step = -(back or 7)
    else:
        step = ahead if setting.future else -back
    day = setting.anchor + timedelta(days=step)
    return Period(day, day)


_LENGTHS = {"quarter": 3, "half": 6, "half-year": 6, "month": 1}


def _months(period: Period) -> int | None:
    """How many months a closed period has."""
    if period.start is None or period.end is None:
        return None
    return round((period.end - period.start).days / 30.44)


def read_span(parts: dict[str, str], setting: Setting) -> Period | None:
    """For the quarter, in the period, for the full year: the one that was spoken of before."""
    previous, unit = setting.previous or setting.reported, parts["unit"].lower()
    if "year" in unit and unit != "half-year":
        spoken = setting.reported or previous
        base = (spoken.end or spoken.start) if spoken is not None else setting.anchor
        return None if base is None else year_span(base.year)
    if setting.reported is not None and _months(setting.reported) == _LENGTHS.get(unit):
        return setting.reported
    if previous is None or previous.end is None or unit == "period":
        return previous
    length = _LENGTHS[unit]
    first = (previous.end.month - 1) // length * length + 1
    return month_span(previous.end.year, first, first + length - 1)
