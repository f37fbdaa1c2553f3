"""What days a date expression means beside its story's anchor, its sentence and the expression before it.

Both ends of a period are included; an open end is None. By and until leave the start open, since and from the end;
the end of a month, quarter or year is that day. One reader for each form stands in ``days_and_months.py``,
``parts_of_years.py`` and ``relative_dates.py``; the grammar is ``date_expressions.py``; which period belongs to which
figure is ``figure_periods.py``; where a story's anchor comes from is ``anchors.py``.
"""

from __future__ import annotations

from datetime import timedelta

from cell2grid.evidence.dates import days_and_months, parts_of_years, relative_dates
from cell2grid.evidence.dates.calendar_spans import Period, Setting
from cell2grid.evidence.dates.date_expressions import DateExpression

_BEFORE = {"by", "until", "till", "through", "up to"}
_AFTER = {"since", "from", "starting", "beginning"}


def period(expression: DateExpression, setting: Setting) -> Period | None:
    """The days that an expression means, or None where the page does not say enough.

    >>> from datetime import date
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


_FORMS = {
    "span": relative_dates.read_span,
    "iso": days_and_months.read_iso,
    "numeric": days_and_months.read_numeric,
    "chinese": days_and_months.read_chinese,
    "ended": days_and_months.read_ended,
    "week": days_and_months.read_week,
    "days": days_and_months.read_days,
    "day": days_and_months.read_day,
    "months": days_and_months.read_months,
    "month": days_and_months.read_month,
    "so_far": parts_of_years.read_so_far,
    "half": parts_of_years.read_half,
    "quarter": parts_of_years.read_quarter,
    "months_short": parts_of_years.read_months_short,
    "first_months": parts_of_years.read_first_months,
    "window": relative_dates.read_window,
    "ago": relative_dates.read_ago,
    "same_period": relative_dates.read_same_period,
    "edge": parts_of_years.read_edge,
    "decade": parts_of_years.read_decade,
    "years": parts_of_years.read_years,
    "relative": relative_dates.read_relative,
    "weekday": relative_dates.read_weekday,
    "year": parts_of_years.read_year,
}
