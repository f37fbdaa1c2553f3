"""Rows of a table are read by their headings: unit, measure, whose and when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.claims.tables import figures, table_rows
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document, Tier

HEAD = (
    "# Volta Cells reports its second quarter\n\n"
    "Seoul, 30 July 2026 - Volta Cells reported more revenue on Thursday.\n\n"
)


def claims(table: str) -> dict[str, Claim]:
    told = read_page(Document("d" * 64, "a.md", "markdown", HEAD + table))
    for claim in told.claims:
        assert (HEAD + table)[claim.value_start : claim.value_end] == claim.value_text
    return {claim.value_text: claim for claim in told.claims}


def test_firms_in_rows_and_a_unit_and_period_in_the_heading() -> None:
    found = claims(
        "| Rank | Maker | GWh, Jan-Jun 2026 | Change | Share |\n|---|---|---|---|---|\n"
        "| 1 | Alfa | 120.5 | 12.4% | 40% |\n| 2 | Beta Power | 61 | -3.1% | 20.3% |\n"
    )
    energy, change, share = found["61"], found["-3.1%"], found["20.3%"]
    assert (energy.value, energy.unit, energy.subject, energy.tier) == (61, "GWh", "Beta Power", Tier.B)
    assert (energy.period_start, energy.period_end) == ("2026-01-01", "2026-06-30")
    assert (change.measure, change.value, change.subject) == ("change", -3.1, "Beta Power")
    assert (share.measure, share.unit, share.period_end) == ("share", "percent", "2026-06-30")
    assert "1" not in found


def test_measures_in_rows_and_periods_in_headings_are_of_the_firm_of_the_page() -> None:
    found = claims("| | Q2 2026 | Q2 2025 | Change |\n|-|-|-|-|\n| Revenue | €98.4 million | €94.1 million | +4.6% |\n")
    now, before = found["€98.4 million"], found["€94.1 million"]
    assert (now.measure, now.subject, now.value) == ("revenue", "Volta Cells", 98.4e6)
    assert (now.period_start, now.period_end) == ("2026-04-01", "2026-06-30")
    assert (before.period_start, before.period_end) == ("2025-04-01", "2025-06-30")
    assert set(now.inherited) == {"measure", "subject", "period"}


@pytest.mark.parametrize(
    ("heading", "number", "value", "unit"),
    [
        ("Price (₹/MW/month)", "2,08,000", 208000.0, "INR/MW/month"),
        ("Capex, US$m", "713", 713e6, "USD"),
        ("Revenue ($ millions)", "713", 713e6, "USD"),
        ("Revenue, € million", "1,204.5", 1204.5e6, "EUR"),
        ("Power (MW)", "49.9", 49.9, "MW"),
        ("Output in GWh", "7", 7, "GWh"),
        ("Share, %", "36.8", 36.8, "percent"),
        ("Rs crore", "250", 2.5e9, "INR"),
        ("Sales (vehicles)", "12,304", 12304, "vehicle"),
        ("Duration (hours)", "4", 4, "hour"),
    ],
)
def test_a_plain_number_has_the_unit_of_its_heading(heading: str, number: str, value: float, unit: str) -> None:
    (_, row) = table_rows(f"Name\t{heading}\tNote\nAlfa\t{number}\tnew\n")
    ((column, quantity),) = figures(row)
    assert (column, quantity.unit) == (1, unit)
    assert quantity.value == pytest.approx(value)


def test_a_corner_gives_the_money_of_all_columns() -> None:
    found = claims("| ($ millions) | Q1 2026 | Q2 2026 |\n|-|-|-|\n| Energy revenue | 713 | 1,027 |\n")
    now = found["1,027"]
    assert (now.value, now.unit, now.measure, now.period_start) == (1027e6, "USD", "revenue", "2026-04-01")


def test_projects_with_power_energy_and_the_year_that_is_no_figure() -> None:
    found = claims(
        "Project | Power | Energy | Operation\n\nHeather Hill | 300 MW | 1,200 MWh | 2027\n\n"
        "Elm | 49.9 MW | 99.8 MWh | 2026\n"
    )
    assert {text: (each.measure, each.subject) for text, each in found.items()} == {
        "300 MW": ("power", "Heather Hill"),
        "1,200 MWh": ("energy", "Heather Hill"),
        "49.9 MW": ("power", "Elm"),
        "99.8 MWh": ("energy", "Elm"),
    }


def test_lines_with_bars_and_no_headings_are_no_table() -> None:
    assert table_rows("Home | 5 GWh | 7 GWh\nAway | 8 GWh | 9 GWh\n") == []
    assert table_rows("By A. Writer | 6 November 2025\n\nThe plant has 5 GWh.\n") == []


@given(st.text(alphabet="ab 15.,%|\t\n-MWh", max_size=200))
def test_any_text_gives_rows_inside_it(text: str) -> None:
    for row in table_rows(text):
        line = text[row.span.start : row.span.end]
        assert "\n" not in line
        for cell in row.cells:
            assert line[cell.start : cell.start + len(cell.text)] == cell.text
        for _, quantity in figures(row):
            assert 0 <= quantity.start < quantity.end <= len(line)
