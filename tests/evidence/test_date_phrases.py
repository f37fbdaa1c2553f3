"""What the phrases of ``date_phrases.txt`` mean beside one day, and how a page shows in which way it counts time."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.dates.calendar_spans import PageCalendar, Period, Setting
from cell2grid.evidence.dates.date_expressions import date_expressions
from cell2grid.evidence.dates.page_calendar import calendar_of
from cell2grid.evidence.dates.periods import period
from cell2grid.evidence.pages.anchors import anchor_of

ROWS = [
    line.rpartition(" |")
    for line in (Path(__file__).parent / "date_phrases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def _setting(mark: str) -> Setting:
    end = int(mark) if mark.isdigit() else 12
    before = Period(date(2025, 1, 1), date(2025, 6, 30))
    return Setting(date(2025, 7, 18), previous=before, future=mark == "future", calendar=PageCalendar(end))


def _written(meant: Period | None) -> str:
    return "none" if meant is None else f"{meant.start or ''}..{meant.end or ''}"


@pytest.mark.parametrize(("phrase", "days"), [(row[0], row[2]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_phrase_means_the_days_of_the_table(phrase: str, days: str) -> None:
    marked = re.match(r"@(\w+) ", phrase)
    text = phrase[marked.end() :] if marked else phrase
    found = [period(expression, _setting(marked.group(1) if marked else "")) for expression in date_expressions(text)]
    assert [_written(meant) for meant in found] == [day for day in days.strip().split("; ") if day]


@pytest.mark.parametrize(
    ("page", "end", "by_start"),
    [
        ("Results of the fiscal year ended March 31, 2025.", 3, False),
        ("Its fiscal year ends on 30 June.", 6, False),
        ("In fiscal 2024, which ends in March 2025, it sold less.", 3, True),
        ("FY2024 (April 2024 to March 2025) was a good year.", 3, True),
        ("FY2025 (July 2024 to June 2025) was a good year.", 6, False),
        ("The financial year begins on 1 April.", 3, False),
        ("Revenue of the fiscal third quarter ended June 30 fell.", 9, False),
        ("Sold for Rs 900 crore, against Rs 700 crore in FY24.", 3, False),
        ("Sales fell to 3 billion yen in fiscal 2024, the Tokyo firm said, as the yen rose.", 3, True),
        ("Sales in fiscal 2024 fell.", 12, False),
        ("The year ended in sorrow.", 12, False),
    ],
)
def test_a_page_shows_when_its_fiscal_years_end(page: str, end: int, by_start: bool) -> None:
    calendar = calendar_of(page)
    assert (calendar.fiscal_end, calendar.by_start) == (end, by_start)


@pytest.mark.parametrize(
    ("page", "address", "day_first"),
    [
        ("Posted 24/3/2025 and 5/4/2025", None, True),
        ("Posted 3/24/2025 and 5/4/2025", None, False),
        ("Posted 5/4/2025", None, None),
        ("Posted 5/4/2025", "https://news.example.co.uk/a", True),
        ("Posted 5/4/2025", "https://news.example.com/a", None),
        ("Posted 24/3/2025 and 3/24/2025", None, None),
    ],
)
def test_a_page_shows_whether_its_days_come_first(page: str, address: str | None, day_first: bool | None) -> None:
    assert calendar_of(page, address).day_first is day_first
    (expression, *_) = date_expressions("It opened on 5/4/2025.")
    meant = period(expression, Setting(calendar=calendar_of(page, address)))
    expected = {True: "2025-04-05..2025-04-05", False: "2025-05-04..2025-05-04", None: "none"}
    assert _written(meant) == expected[day_first]


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)), st.integers(1, 12), st.booleans())
def test_fiscal_quarters_of_a_year_are_three_months_each_and_follow_each_other(
    anchor: date, end: int, by_start: bool
) -> None:
    setting = Setting(anchor, calendar=PageCalendar(end, by_start))
    quarters = [
        period(expression, setting)
        for number in (1, 2, 3, 4)
        for expression in date_expressions(f"in Q{number} FY{anchor.year}")
    ]
    (year,) = (period(expression, setting) for expression in date_expressions(f"in FY{anchor.year}"))
    assert year is not None
    spans = [(q.start, q.end) for q in quarters if q is not None and q.start is not None and q.end is not None]
    assert (spans[0][0], spans[-1][1]) == (year.start, year.end)
    assert all((after[0] - before[1]).days == 1 for before, after in pairwise(spans))
    assert year.end is not None
    assert year.end.month == end


BYLINES = [
    "April 14, 2025", "Published on 14 April 2025", "Updated 10:45 GMT, 14 April 2025", "Apr 14, 2025 · 4 min read",
    "2025-04-14T08:30:00+08:00", "14.04.2025", "14/04/2025", "04/14/2025", "2025年04月14日 08:30",
    "发布时间：2025-04-14", "By Ana Roth | April 14, 2025", "Mon, 14 Apr 2025 08:30:00 GMT",
    "Monday 14 April 2025 10.15 BST",
    "14-Apr-2025", "APRIL 14, 2025", "News | 14 April 2025", "First published 14 April 2025, updated 15 April 2025",
    "Economy 14:22 April 14, 2025", "Metals Report No. 88 - Santiago, 14 April 2025",
    "By S. Roth - Today at 18h30, updated 14 April 2025 - Reading time: 2 min",
    "Source: Eastern Cell Network | Editor: Li Wei and Anna Berg | 2025-04-14 09:12", "14. April 2025",
    "Seoul, April 14, 2025", "입력 2025.04.14 08:30", "Posted by admin on April 14th, 2025",
]  # fmt: skip


@pytest.mark.parametrize("line", BYLINES)
def test_a_byline_gives_the_day_of_its_page(line: str) -> None:
    anchor = anchor_of(None, "Vesta Cells sold 40 packs.", line, None)
    assert (anchor.day, anchor.source) == (date(2025, 4, 14), "byline")


def test_a_byline_whose_weekday_does_not_fit_is_the_last_to_be_believed() -> None:
    wrong = "Tuesday, 14 April 2025"  # it was a Monday
    doubtful = anchor_of(None, "Vesta Cells sold 40 packs.", wrong, None)
    assert (doubtful.day, doubtful.exact) == (date(2025, 4, 14), False)
    assert doubtful.source == "byline, weekday does not fit"
    dateline = anchor_of(None, "OSLO, 15 April 2025 -- Vesta Cells sold 40 packs.", wrong, None)
    assert dateline.day == date(2025, 4, 15)


def test_a_month_beside_a_bar_is_a_byline_that_is_not_exact() -> None:
    anchor = anchor_of(
        None, "Owner: Vesta Power\nFirst cells on site: Q4 2026.", "Fact sheet | Rev C | March 2026", None
    )
    assert (anchor.day, anchor.source, anchor.exact) == (date(2026, 3, 1), "byline", False)


def test_a_printed_weekday_settles_the_year_of_a_day_without_one() -> None:
    (expression,) = date_expressions("on Thursday, March 6")
    assert _written(period(expression, Setting(date(2024, 11, 3)))) == "2025-03-06..2025-03-06"
