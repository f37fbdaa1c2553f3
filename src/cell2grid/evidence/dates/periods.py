"""What days a date expression means beside its story's anchor, its sentence and the expression before it.

Both ends of a period are included; an open end is None. By and until leave the start open, since and from the end;
the end of a month, quarter or year is that day. The grammar of the expressions is ``date_expressions.py``; which
period belongs to which figure is ``slots.py``; where a story's anchor comes from is ``anchors.py``.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from cell2grid.evidence.dates.calendar_spans import (
    Period,
    Setting,
    full_year,
    month_number,
    month_span,
    nearest_year,
    quarter_span,
    said_year,
    shift,
    year_span,
)
from cell2grid.evidence.dates.date_expressions import DateExpression
from cell2grid.evidence.vocabulary import table

_BEFORE = {"by", "until", "till", "through", "up to"}
_AFTER = {"since", "from", "starting", "beginning"}


def period(expression: DateExpression, setting: Setting) -> Period | None:
    """The days that an expression means, or None where the page does not say enough.

    >>> from cell2grid.evidence.dates.date_expressions import date_expressions
    >>> found = date_expressions("It fell in the fourth quarter.")[0]
    >>> p = period(found, Setting(anchor=date(2025, 2, 12)))
    >>> p.start.isoformat(), p.end.isoformat()
    ('2024-10-01', '2024-12-31')
    """
    read = _FORMS[expression.form]
    try:
        closed = read(expression.parts, setting)
    except (ValueError, OverflowError):  # 31 June, or a year out of the calendar
        return None
    if closed is None or (closed.start is not None and closed.end is not None and closed.end < closed.start):
        return None  # 3-2 March is no stretch of time
    return _opened(closed, expression)


def _opened(closed: Period, expression: DateExpression) -> Period:
    opening, form = expression.opening, expression.form
    if opening in _BEFORE and form not in {"months", "years", "days", "ago", "same_period"}:
        return Period(None, closed.end)
    if opening == "before" and closed.start is not None:
        return Period(None, closed.start - timedelta(days=1))
    if opening in _AFTER and form not in {"months", "years", "days", "ago", "same_period", "window", "ended"}:
        return Period(closed.start, None)
    if opening == "after" and closed.end is not None:
        return Period(closed.end + timedelta(days=1), None)
    if opening in {"as of", "as at"} and closed.end is not None:
        return Period(closed.end, closed.end)
    return closed


# -- one reader for each form ----------------------------------------------------------------------------------------


def _read_iso(parts: dict[str, str], setting: Setting) -> Period | None:
    day = date(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    return Period(day, day)


def _read_chinese(parts: dict[str, str], setting: Setting) -> Period | None:
    month = int(parts.get("month") or parts.get("only_month") or 0)
    year = int(parts["year"]) if "year" in parts else nearest_year(setting, month, month)
    if year is None:
        return None
    number = parts.get("day") or parts.get("only_day")
    if number:
        return Period(date(year, month, int(number)), date(year, month, int(number)))
    return month_span(year, month, month) if month else year_span(year)


def _read_ended(parts: dict[str, str], setting: Setting) -> Period | None:
    month = month_number(parts["month"])
    year = said_year(parts, setting) or nearest_year(setting, month, month)
    if year is None:
        return None
    last = date(year, month, int(parts.get("day") or calendar.monthrange(year, month)[1]))
    span = parts["span"].lower()
    lengths = {"three": 3, "six": 6, "nine": 9, "twelve": 12, "12": 12, "quarter": 3, "half": 6, "month": 1}
    length = next((months for word, months in lengths.items() if span.startswith(word)), 12)
    if span == "period" and setting.previous is not None:
        return Period(setting.previous.start, last)
    start = shift(last, -length, True)
    return None if start is None else Period(start + timedelta(days=1), last)


def _read_day(parts: dict[str, str], setting: Setting) -> Period | None:
    month = month_number(parts.get("month") or parts["month_a"])
    number = int(parts.get("day") or parts["day_a"])
    year = said_year(parts, setting) or nearest_year(setting, month, month)
    return None if year is None else Period(date(year, month, number), date(year, month, number))


def _read_days(parts: dict[str, str], setting: Setting) -> Period | None:
    month = month_number(parts.get("month") or parts["month_b"])
    year = said_year(parts, setting) or nearest_year(setting, month, month)
    if year is None:
        return None
    last_month = month_number(parts["month2"]) if "month2" in parts else month
    first, last = int(parts.get("day") or parts["day_a"]), int(parts.get("day2") or parts["day_b"])
    begun = year - 1 if last_month < month else year  # 28 December to 3 January
    return Period(date(begun, month, first), date(year, last_month, last))


def _read_month(parts: dict[str, str], setting: Setting) -> Period | None:
    month = month_number(parts["month"])
    year = said_year(parts, setting)
    if year is None and parts.get("before", "").lower() in {"last", "next"} and setting.anchor is not None:
        past = parts["before"].lower() == "last"
        year = setting.anchor.year + (-(month >= setting.anchor.month) if past else month <= setting.anchor.month)
    year = year or nearest_year(setting, month, month)
    if year is None:
        return None
    whole = month_span(year, month, month)
    return _edge_of(whole, parts.get("edge", "").lower())


def _read_months(parts: dict[str, str], setting: Setting) -> Period | None:
    first, last = month_number(parts["month"]), month_number(parts["month2"])
    year = said_year(parts, setting) or nearest_year(setting, first, last)
    if year is None:
        return None
    start_year = int(parts["year_a"]) if "year_a" in parts else year if first <= last else year - 1
    return Period(date(start_year, first, 1), month_span(year, last, last).end)


def _read_half(parts: dict[str, str], setting: Setting) -> Period | None:
    written = parts.get("half", "").lower() or ("first" if "1" in parts["half_h"] else "second")
    if written in {"last", "current"}:
        return None
    first = 1 if written in {"first", "1st"} else 7
    year = said_year(parts, setting) or nearest_year(setting, first, first + 5)
    return None if year is None else month_span(year, first, first + 5)


def _read_quarter(parts: dict[str, str], setting: Setting) -> Period | None:
    fiscal = _fiscal_quarter(parts, setting)
    if fiscal is not None:
        return fiscal
    written = parts.get("quarter", "").lower()
    if written == "last" and "year" not in parts:
        return _relative_unit("last", "quarter", setting)
    number = table("calendar")["ordinals"][written] if written else int(parts["quarter_q"].strip("Q"))
    year = said_year(parts, setting) or nearest_year(setting, 3 * number - 2, 3 * number)
    return None if year is None else quarter_span(year, number)


def _read_first_months(parts: dict[str, str], setting: Setting) -> Period | None:
    if parts["unit"] == "weeks":
        return None
    number = _count(parts["count"]) * (3 if parts["unit"] == "quarters" else 1)
    if number > 12:
        return None
    last = parts["order"].lower() in {"last", "final"}
    first_month, last_month = (13 - number, 12) if last else (1, number)
    year = said_year(parts, setting)
    if last and year is None and setting.anchor is not None:
        return Period(shift(setting.anchor, -number, False), setting.anchor)
    if year is None and not setting.future and setting.anchor is not None and setting.year is None:
        year = setting.anchor.year if last_month <= setting.anchor.month else setting.anchor.year - 1
    year = year or nearest_year(setting, first_month, last_month)
    return None if year is None else month_span(year, first_month, last_month)


def _read_window(parts: dict[str, str], setting: Setting) -> Period | None:
    if setting.anchor is None or not (parts["count"].isdigit() or parts["count"] in table("calendar")["counts"]):
        return None
    number, unit = _count(parts["count"]), parts["unit"].rstrip("s")
    ahead = parts["direction"].lower() in {"coming", "next", "following"}
    base = setting.anchor
    if unit in {"day", "week", "hour"}:
        length = timedelta(days=number * 7 if unit == "week" else number if unit == "day" else 0)
        return Period(base, base + length) if ahead else Period(base - length, base)
    months = number * {"year": 12, "month": 1, "quarter": 3, "decade": 120}[unit]
    other = shift(base, months if ahead else -months, False)
    return Period(base, other) if ahead else Period(other, base)


def _read_ago(parts: dict[str, str], setting: Setting) -> Period | None:
    unit = (parts.get("unit") or parts["unit_the"]).rstrip("s")
    relation = parts.get("relation") or parts["relation_the"]
    written = parts.get("count", "one").lower()
    if written in {"a few", "several"}:
        return None
    number = 1 if written in {"a", "an"} else _count(written)
    months = {"year": 12, "month": 1, "quarter": 3, "decade": 120}.get(unit)
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
    return (
        None if day is None else year_span(day.year) if unit == "year" else month_span(day.year, day.month, day.month)
    )


def _read_same_period(parts: dict[str, str], setting: Setting) -> Period | None:
    previous = setting.previous
    if previous is None:
        return None
    base = previous.start or previous.end
    if "year" in parts and base is not None:
        return previous.shifted(12 * (int(parts["year"]) - base.year))
    before = {"which", "which_b"} & parts.keys() or "year" in parts.get("kin", "").lower()
    return previous.shifted(-12) if before else previous


def _read_edge(parts: dict[str, str], setting: Setting) -> Period | None:
    edge = next((parts[key].lower() for key in ("edge", "edge_b", "edge_c") if key in parts), "end")
    if "earlier" in parts:
        return _relative_unit("this", parts["unit_e"].lower(), setting)
    if parts.get("unit", "year") != "year":
        whole = _relative_unit("this", parts["unit"], setting)
        return None if whole is None else _edge_of(whole, edge)
    year = said_year(parts, setting) or (setting.anchor.year if setting.anchor else setting.year)
    if year is not None:
        year += {"last": -1, "next": 1}.get(parts.get("which_e", "").lower(), 0)
    if year is None:
        return None
    seasons = table("calendar")["seasons"]
    if edge in seasons:
        return month_span(year, *seasons[edge])
    if edge == "winter":
        return Period(date(year - 1, 12, 1), month_span(year, 2, 2).end)
    return _edge_of(year_span(year), edge)


def _edge_of(whole: Period, edge: str) -> Period:
    """The end or start of a period is that day; early, mid and late are its thirds."""
    start, end = whole.start, whole.end
    if not edge or start is None or end is None:
        return whole
    if "end" in edge or "close" in edge or "turn" in edge:
        return Period(end, end)
    if "start" in edge or "beginning" in edge:
        return Period(start, start)
    third = ("early", "mid", "late").index(next(word for word in ("early", "mid", "late") if word in edge))
    if (end - start).days > 300:
        return month_span(start.year, 4 * third + 1, 4 * third + 4)
    if (end - start).days < 40:
        bounds = [(1, 10), (11, 20), (21, end.day)][third]
        return Period(start.replace(day=bounds[0]), start.replace(day=bounds[1]))
    return whole


def _read_decade(parts: dict[str, str], setting: Setting) -> Period | None:
    return Period(date(int(parts["decade"]), 1, 1), date(int(parts["decade"]) + 9, 12, 31))


def _read_years(parts: dict[str, str], setting: Setting) -> Period | None:
    first = int(parts["year"])
    last = int(parts["year2"]) if len(parts["year2"]) == 4 else first // 100 * 100 + int(parts["year2"])
    return Period(date(first, 1, 1), date(last, 12, 31)) if last >= first else None


def _read_relative(parts: dict[str, str], setting: Setting) -> Period | None:
    which, unit = " ".join(parts["which"].lower().split()), parts["unit"]
    if unit in table("calendar")["weekdays"]:
        return _weekday(unit, setting)
    if unit.rstrip(".") in table("calendar")["months"]:
        return _read_month({"month": unit, "before": which.removeprefix("the ")}, setting)
    return _relative_unit(which, unit.lower(), setting)


def _relative_unit(which: str, unit: str, setting: Setting) -> Period | None:
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
    if "year" in unit:
        return year_span(base.year + step)
    if unit == "month":
        day = shift(base.replace(day=1), step, False)
        return None if day is None else month_span(day.year, day.month, day.month)
    if unit in {"quarter", "half"}:
        length = 3 if unit == "quarter" else 6
        first = (base.month - 1) // length * length
        day = shift(date(base.year, first + 1, 1), step * length, False)
        return None if day is None else month_span(day.year, day.month, day.month + length - 1)
    if unit == "week":
        monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * step)
        return Period(monday, monday + timedelta(days=6)) if setting.exact else None
    seasons = table("calendar")["seasons"]
    return month_span(base.year + step, *seasons[unit]) if unit in seasons else None


def _read_weekday(parts: dict[str, str], setting: Setting) -> Period | None:
    if "weekday" in parts:
        return _weekday(parts["weekday"], setting)
    if setting.anchor is None or not setting.exact:
        return None
    step = {"yesterday": -1, "tomorrow": 1}.get(parts["word"].lower(), 0)
    day = setting.anchor + timedelta(days=step)
    return Period(day, day)


def _weekday(name: str, setting: Setting) -> Period | None:
    if setting.anchor is None or not setting.exact:
        return None
    number = int(table("calendar")["weekdays"][name])
    step = (number - setting.anchor.weekday()) % 7 if setting.future else -((setting.anchor.weekday() - number) % 7)
    day = setting.anchor + timedelta(days=step)
    return Period(day, day)


def _read_year(parts: dict[str, str], setting: Setting) -> Period | None:
    year = full_year(parts.get("year") or parts["year_fy"])
    if "year_fy" in parts and setting.fiscal_end < 12:
        return year_span(year).shifted(setting.fiscal_end - 12)
    return year_span(year)


def _fiscal_quarter(parts: dict[str, str], setting: Setting) -> Period | None:
    """A quarter of a fiscal year that does not end in December (Q3 FY26 is October to December 2025 in India)."""
    if setting.fiscal_end == 12 or "fiscal" not in parts or "quarter_q" not in parts or "year_q" not in parts:
        return None
    whole = quarter_span(full_year(parts["year_q"]), int(parts["quarter_q"].strip("Q")))
    return whole.shifted(setting.fiscal_end - 12)


def _count(written: str) -> int:
    return int(written) if written.isdigit() else int(table("calendar")["counts"][written])


def _read_span(parts: dict[str, str], setting: Setting) -> Period | None:
    """For the quarter, in the period: the one that was spoken of before."""
    previous = setting.previous
    if previous is None or previous.end is None or parts["unit"] == "period":
        return previous
    length = {"quarter": 3, "half": 6, "half-year": 6, "month": 1}[parts["unit"]]
    first = (previous.end.month - 1) // length * length + 1
    return month_span(previous.end.year, first, first + length - 1)


_FORMS = {
    "span": _read_span,
    "iso": _read_iso,
    "chinese": _read_chinese,
    "ended": _read_ended,
    "days": _read_days,
    "day": _read_day,
    "months": _read_months,
    "month": _read_month,
    "half": _read_half,
    "quarter": _read_quarter,
    "first_months": _read_first_months,
    "window": _read_window,
    "ago": _read_ago,
    "same_period": _read_same_period,
    "edge": _read_edge,
    "decade": _read_decade,
    "years": _read_years,
    "relative": _read_relative,
    "weekday": _read_weekday,
    "year": _read_year,
}
