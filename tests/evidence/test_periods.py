"""Dates of a sentence against an anchor: the days they mean, both ends included."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.dates.calendar_spans import Period, Setting
from cell2grid.evidence.dates.date_expressions import date_expressions
from cell2grid.evidence.dates.periods import period

ANCHOR = Setting(anchor=date(2025, 7, 18), previous=Period(date(2025, 1, 1), date(2025, 6, 30)))


def _days(text: str, setting: Setting = ANCHOR) -> list[tuple[str | None, str | None]]:
    found = [period(expression, setting) for expression in date_expressions(text)]
    return [(p.start and p.start.isoformat(), p.end and p.end.isoformat()) for p in found if p is not None]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("on March 11, 2024", "2024-03-11", "2024-03-11"),
        ("on 11 March 2024", "2024-03-11", "2024-03-11"),
        ("2024-03-11", "2024-03-11", "2024-03-11"),
        ("in May 2024", "2024-05-01", "2024-05-31"),
        ("in February", "2025-02-01", "2025-02-28"),
        ("in November", "2024-11-01", "2024-11-30"),
        ("January this year", "2025-01-01", "2025-01-31"),
        ("Between Feb. 6 and 11, cities", "2025-02-06", "2025-02-11"),
        ("in the first half of 2022", "2022-01-01", "2022-06-30"),
        ("in H1 2025", "2025-01-01", "2025-06-30"),
        ("in the second quarter", "2025-04-01", "2025-06-30"),
        ("in the fourth quarter", "2024-10-01", "2024-12-31"),
        ("Q4 2023", "2023-10-01", "2023-12-31"),
        ("in the first nine months of 2024", "2024-01-01", "2024-09-30"),
        ("from January to June", "2025-01-01", "2025-06-30"),
        ("last year", "2024-01-01", "2024-12-31"),
        ("this month", "2025-07-01", "2025-07-31"),
        ("in 2021 and 2022", "2021-01-01", "2022-12-31"),
        ("2012–13", "2012-01-01", "2013-12-31"),
        ("by the end of 2027", None, "2027-12-31"),
        ("by 2030", None, "2030-12-31"),
        ("until June 2026", None, "2026-06-30"),
        ("since 2023", "2023-01-01", None),
        ("from 2026", "2026-01-01", None),
        ("before 2022", None, "2021-12-31"),
        ("at the end of June", "2025-06-30", "2025-06-30"),
        ("as of March 31, 2025", "2025-03-31", "2025-03-31"),
        ("in the past two years", "2023-07-18", "2025-07-18"),
        ("the quarter ended June 30, 2025", "2025-04-01", "2025-06-30"),
        ("the fiscal year ended March 31, 2025", "2024-04-01", "2025-03-31"),
        ("in the same period of 2024", "2024-01-01", "2024-06-30"),
        ("from a year earlier", "2024-01-01", "2024-06-30"),
        ("the following month", "2025-02-01", "2025-02-28"),
        ("late 2025", "2025-09-01", "2025-12-31"),
        ("on Wednesday", "2025-07-16", "2025-07-16"),
        ("the whole of 2024", "2024-01-01", "2024-12-31"),
        ("2024年3月", "2024-03-01", "2024-03-31"),
        ("in the late 2020s", "2020-01-01", "2029-12-31"),
    ],
)
def test_an_expression_means_its_days(text: str, start: str | None, end: str | None) -> None:
    assert _days(text) == [(start, end)]


def test_what_the_page_does_not_say_stays_unsaid() -> None:
    nothing = Setting()
    assert _days("in April", nothing) == []
    assert _days("on Friday", Setting(anchor=date(2025, 1, 1), exact=False)) == []
    assert _days("in recent years", nothing) == []
    assert _days("on 31 June 2025") == []


def test_may_and_march_are_verbs_as_well() -> None:
    assert _days("It may march on.") == []
    assert _days("in May") == [("2025-05-01", "2025-05-31")]


def test_a_month_to_come_is_the_next_one() -> None:
    assert _days("in April", Setting(anchor=date(2025, 7, 18), future=True)) == [("2026-04-01", "2026-04-30")]


def test_numbers_with_units_are_no_years() -> None:
    assert date_expressions("It stores 2000 MWh and employs 2020 people.") == ()


@given(st.integers(1950, 2069), st.integers(1, 12))
def test_the_end_of_a_month_is_its_last_day(year: int, month: int) -> None:
    name = date(year, month, 1).strftime("%B")
    ((start, end),) = _days(f"in {name} {year}", Setting())
    assert start == f"{year}-{month:02d}-01"
    assert end is not None
    following = date(year + month // 12, month % 12 + 1, 1)
    assert (following - date.fromisoformat(end)).days == 1


def test_the_labelled_dates_are_found(shared: Path) -> None:
    rows = list(csv.DictReader(io.StringIO((shared / "data" / "seed-dates.csv").read_text(encoding="utf-8"))))
    plain = [row for row in rows if row["type"] == "abs" and row["surface"].isascii()]
    right = 0
    for row in plain:
        text = (shared / "seeds" / row["doc"]).read_bytes().decode()
        line = text.split("\n")[int(row["line"]) - 1]
        meant = [(s, e) for s, e in _days(line, Setting())]
        # "before 2022" has an open start, and "2021 and 2022" is one expression here, two in the labels
        right += any(row["end"] in {e, None} or (s or "") <= row["start"] <= row["end"] <= (e or "") for s, e in meant)
    assert right / len(plain) >= 0.95
