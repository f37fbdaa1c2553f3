"""Parts of years that a date expression names: halves, quarters, seasons, fiscal years, decades, the end of a year.

Days and months are ``days_and_months.py``, dates that lean on others ``relative_dates.py``.
"""

from __future__ import annotations

from datetime import date

from cell2grid.evidence.dates.calendar_spans import (
    Period,
    Setting,
    fiscal_span,
    full_year,
    month_span,
    nearest_year,
    said_year,
    shift,
    year_span,
)
from cell2grid.evidence.dates.days_and_months import edge_of
from cell2grid.evidence.dates.relative_dates import unit_span
from cell2grid.evidence.vocabulary import table

_FISCAL = frozenset(
    {"fiscal", "fiscal_q", "fiscal_r", "fy", "fy_h", "fy_before", "year_f", "fiscal_which", "year_fy", "fy_bare"}
)


def _months_of(first: int, last: int, parts: dict[str, str], setting: Setting) -> Period | None:
    """Months of the calendar year that an expression is of, or of the fiscal year that it names."""
    edge = parts.get("edge", "").lower()
    if _FISCAL & parts.keys():
        return _edge(_fiscal(first, last, parts, setting), edge)
    year = said_year(parts, setting) or nearest_year(setting, first, last)
    return None if year is None else edge_of(month_span(year, first, last), edge)


def _edge(whole: Period | None, edge: str) -> Period | None:
    return None if whole is None else edge_of(whole, edge)


def _fiscal(first: int, last: int, parts: dict[str, str], setting: Setting) -> Period | None:
    """Months of a fiscal year: the one that is named, or the latest, last or next one."""
    year = said_year({key: word for key, word in parts.items() if key != "which"}, setting)
    if year is not None and "split" in parts:  # FY2024-25 ends in 2025
        year = year if setting.calendar.by_start else year + 1
    if year is not None or setting.anchor is None:
        return fiscal_span(year, first, last, setting)
    which = parts.get("fiscal_which", "").lower()
    current = fiscal_span(None, 1, 12, Setting(anchor=setting.anchor, calendar=setting.calendar))
    if not which.startswith(("the", "this", "last", "next")) or current is None or current.start is None:
        return fiscal_span(None, first, last, setting)
    step = -12 if "last" in which or "previous" in which else 12 if "next" in which else 0
    start, end = shift(current.start, first - 1 + step, False), shift(current.start, last + step, False)
    return None if start is None or end is None else Period(start, date.fromordinal(end.toordinal() - 1))


def read_half(parts: dict[str, str], setting: Setting) -> Period | None:
    """A half of a year."""
    written = parts.get("half", "").lower() or ("first" if "1" in parts["half_h"] else "second")
    if written in {"last", "current"}:
        return None
    first = 1 if written in {"first", "1st"} else 7
    return _months_of(first, first + 5, parts, setting)


def read_quarter(parts: dict[str, str], setting: Setting) -> Period | None:
    """A quarter of a year, or two in a row."""
    written = parts.get("quarter", "").lower()
    if written == "last" and not {"year", "which", "year_f"} & parts.keys():
        return unit_span("last", "quarter", setting)
    ordinals = table("calendar")["ordinals"]
    first = ordinals[written] if written else int(parts["quarter_q"].strip("Q"))
    last = ordinals[parts["quarter2"].lower()] if "quarter2" in parts else first
    return _months_of(3 * first - 2, 3 * last, parts, setting)


def read_first_months(parts: dict[str, str], setting: Setting) -> Period | None:
    """The first or last so many months or quarters of a year; the last without a year are those before the anchor."""
    if parts["unit"] == "weeks":
        return None
    number = count(parts["count"]) * (3 if parts["unit"] == "quarters" else 1)
    if number > 12:
        return None
    last = parts["order"].lower() in {"last", "final"}
    first_month, last_month = (13 - number, 12) if last else (1, number)
    if _FISCAL & parts.keys():
        return _fiscal(first_month, last_month, parts, setting)
    year = said_year(parts, setting)
    if last and year is None and setting.anchor is not None:
        return Period(shift(setting.anchor, -number, False), setting.anchor)
    if year is None and not setting.future and setting.anchor is not None and setting.year is None:
        year = setting.anchor.year if last_month <= setting.anchor.month else setting.anchor.year - 1
    year = year or nearest_year(setting, first_month, last_month)
    return None if year is None else month_span(year, first_month, last_month)


def read_months_short(parts: dict[str, str], setting: Setting) -> Period | None:
    """The first months of a year as results count them: 9M 2025, 6M FY26."""
    year, last = full_year(parts["year"]), int(parts["count"])
    return fiscal_span(year, 1, last, setting) if "fy" in parts else month_span(year, 1, last)


def count(written: str) -> int:
    """How many: digits or a word."""
    return int(written) if written.isdigit() else int(table("calendar")["counts"][written.lower()])


def read_edge(parts: dict[str, str], setting: Setting) -> Period | None:
    """The end, start, a third or a season of a year."""
    edge = next((parts[key].lower() for key in ("edge", "edge_b", "edge_c") if key in parts), "end")
    if "earlier" in parts:
        return unit_span("this", parts["unit_e"].lower(), setting)
    if "period_end" in parts or (parts.get("unit") == "quarter" and parts.get("which_e") == "the"):
        return _end_of_spoken(parts, setting, edge)
    if parts.get("unit", "year") != "year":
        whole = unit_span(parts.get("which_e", "this").lower(), parts["unit"], setting)
        return None if whole is None else edge_of(whole, edge)
    if "fy" in parts:
        return _edge(_fiscal(1, 12, parts, setting), edge)
    year = said_year(parts, setting) or (setting.anchor.year if setting.anchor else setting.year)
    if year is None:
        return None
    year += {"last": -1, "next": 1}.get(parts.get("which_e", "").lower(), 0)
    seasons = table("calendar")["seasons"]
    if edge in seasons:
        return month_span(year, *seasons[edge])
    if edge == "winter":
        first = year if "split" in parts else year - 1  # the winter of 2024-25 begins in 2024
        return Period(date(first, 12, 1), month_span(first + 1, 2, 2).end)
    return edge_of(year_span(year), edge)


def _end_of_spoken(parts: dict[str, str], setting: Setting, edge: str) -> Period | None:
    """The end or start of the quarter or period spoken of before; else of the current or the last one ended."""
    longest = 100 if "quarter" in parts.get("unit", "") + parts.get("period_end", "").lower() else 370
    for spoken in (setting.previous, setting.reported):
        start, end = (None, None) if spoken is None else (spoken.start, spoken.end)
        if start is not None and end is not None and 27 < (end - start).days < longest:
            return edge_of(Period(start, end), edge)
    if setting.anchor is None or "period" in parts.get("period_end", ""):
        return None
    whole = unit_span("this" if setting.future else "last", "quarter", setting)
    return None if whole is None else edge_of(whole, edge)


def read_decade(parts: dict[str, str], setting: Setting) -> Period | None:
    """Ten years."""
    return Period(date(int(parts["decade"]), 1, 1), date(int(parts["decade"]) + 9, 12, 31))


def read_years(parts: dict[str, str], setting: Setting) -> Period | None:
    """From one year to another; 2024-25 is one year where the page counts in fiscal ones."""
    first, written = int(parts["year"]), parts["year2"]
    last = int(written) if len(written) == 4 else first // 100 * 100 + int(written)
    if len(written) == 2 and last == first + 1:
        if setting.calendar.fiscal_end != 12:
            return fiscal_span(first if setting.calendar.by_start else last, 1, 12, setting)
        if "fy" in parts:
            return None  # nothing says in which month such a year ends
    return Period(date(first, 1, 1), date(last, 12, 31)) if last >= first else None


def read_year(parts: dict[str, str], setting: Setting) -> Period | None:
    """A year; a fiscal one where it is so called."""
    fiscal = "year_fy" in parts or "fy" in parts or "iscal" in parts.get("of", "") or "inancial" in parts.get("of", "")
    if fiscal:
        year = full_year(parts.get("split_fy") or parts.get("year") or parts["year_fy"])
        by_start = "split_fy" in parts and setting.calendar.by_start
        return fiscal_span(year - 1 if by_start else year, 1, 12, setting)
    return year_span(full_year(parts["year"]))


def read_so_far(parts: dict[str, str], setting: Setting) -> Period | None:
    """The year up to the day of the story."""
    if setting.anchor is None or not setting.exact:
        return None
    year = int(parts["year"]) if "year" in parts else setting.anchor.year
    return Period(date(year, 1, 1), setting.anchor) if year == setting.anchor.year else None
