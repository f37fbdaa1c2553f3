"""Figures in a row of months take the month in the same place; spans of dated months are one period."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Document


def _periods(text: str) -> list[tuple[str, str | None, str | None]]:
    page = f"Exports of Lunara Motors\n\n3 November 2025\n\n{text}\n"
    claims = read_page(Document("0" * 64, "page.txt", "text", page)).claims
    return [(claim.value_text, claim.period_start, claim.period_end) for claim in claims]


def test_three_months_respectively() -> None:
    found = _periods("In July, August and September Lunara Motors exported 410, 520 and 630 cars, respectively.")
    assert [start for _, start, _ in found] == ["2025-07-01", "2025-08-01", "2025-09-01"]
    assert [end for _, _, end in found] == ["2025-07-31", "2025-08-31", "2025-09-30"]


def test_a_span_of_two_dated_months_is_one_period() -> None:
    found = _periods("Lunara Motors will deliver 300 buses between November 2025 and April 2026.")
    assert found == [("300 buses", "2025-11-01", "2026-04-30")]


def test_a_year_and_a_number_are_no_span_of_years() -> None:
    found = _periods("The plant can make 300 MWh of cells per year from 2026 and 12 gigawatt-hours a year by 2028.")
    assert [text for text, _, _ in found] == ["300 MWh of cells per year", "12 gigawatt-hours a year"]
    assert found[1][2] == "2028-12-31"


@pytest.mark.parametrize(("said", "end"), [("last", "2024-12-31"), ("this", "2025-12-31"), ("next", "2026-12-31")])
def test_the_end_of_a_year_is_that_of_the_year_said(said: str, end: str) -> None:
    found = _periods(f"Oman has 2 GW of batteries at the end of {said} year.")
    assert found[0][2] == end


def test_the_level_before_a_rise_does_not_take_the_date_of_the_rise() -> None:
    found = _periods("Lunara Motors will raise capacity at its Dax plant from 2 GWh to 5 GWh by 2028.")
    assert [(start, end) for _, start, end in found] == [(None, None), (None, "2028-12-31")]


def test_a_date_behind_and_belongs_to_the_figure_behind_it() -> None:
    found = _periods("By 2027 Lunara Motors sees packs at about $85 per kWh and by 2030 at $60 per kWh.")
    assert [end for _, _, end in found] == ["2027-12-31", "2030-12-31"]
