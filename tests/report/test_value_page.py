"""The page of a valuation: it stands alone, runs nothing, shows each table that has rows, and says what it rests on."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from worth_tables import benefit, delay, load, members, size_map, worth_tables

from cell2grid.errors import EngineError, InputError
from cell2grid.report.alone import Tables
from cell2grid.report.charts import charts, drawable
from cell2grid.report.value_page import Told, html, write_worth_page

HOSTILE = '</style><script>alert(1)</script>"><img src=x onerror=alert(2)>'


@pytest.fixture(scope="module")
def page() -> str:
    return html(
        worth_tables(), kind="value", name="Heath on prices of 2024",
        figures=(Told("net present value", "EUR 1 million", "Worth at the valuation date."),),
        findings=("It pays back in 11 years.",),
        assumptions=(Told("finance.capital_cost", "180 EUR/kWh", "assumed: near recent tenders"),),
        notes=("Money is real, of 2025.",), caveats=("synthetic prices",), method="dynamic programming",
    )  # fmt: skip


def test_every_picture_has_its_table_and_words_for_those_who_do_not_see_it(page: str):
    figures = re.findall(r"<figure.*?</figure>", page, re.DOTALL)
    shown = Tables(tables=worth_tables())
    assert len(figures) == sum(drawable(shown, name) for name in charts()) >= 8
    for figure in figures:
        assert figure.count("<svg") == 2
        assert figure.count("<table") == 1
        assert len(re.findall(r'<svg[^>]* aria-label="[^"]{40,}"', figure)) == 2
        assert len(re.findall("<tr>", figure)) > 2


def test_figures_findings_notes_and_assumptions_are_on_it(page: str):
    for text in (
        "EUR 1 million", "Worth at the valuation date.", "It pays back in 11 years.", "Money is real, of 2025.",
        "<code>finance.capital_cost</code> <span>180 EUR/kWh</span></dt><dd>assumed: near recent tenders",
        "Method: dynamic programming.", "cell2grid value",
    ):  # fmt: skip
        assert text in page
    assert page.count("synthetic prices") >= 1 + 2 * 7


def test_it_asks_for_nothing(page: str):
    assert "default-src &#39;none&#39;" in page
    assert not re.search(r"<(?:script|img|iframe|link|object|form)", page)
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert not re.search(r"url\((?!#)", page)


def test_hostile_names_stay_text():
    tables = {
        "delay": delay((HOSTILE,)).assign(unit=HOSTILE),
        "members": members((HOSTILE,), npv=[1.0, 2.0]),
        "benefit": benefit().assign(variable=HOSTILE, unit=HOSTILE),
        "load": load(hours=48),
    }
    told = (Told(HOSTILE, HOSTILE, HOSTILE),)
    text = html(
        tables, kind="adequacy", name=HOSTILE, figures=told, findings=(HOSTILE,), assumptions=told, notes=(HOSTILE,),
        caveats=(HOSTILE,), names={HOSTILE: HOSTILE}, method=HOSTILE,
    )  # fmt: skip
    assert not re.search(r"<(?:script|img|iframe|link|object)", text)
    assert text.count("</style>") == 1
    assert "&lt;script&gt;" in text


def test_a_table_without_rows_has_no_picture():
    text = html({"size_map": size_map(powers=2, hours=2), "delay": delay()[:0]}, kind="size", name="Two by two")
    assert '<h3 id="size-title">' in text
    assert text.count("<figure") == 1
    assert "What a delay costs" not in text


def test_nothing_at_all_is_still_a_page():
    assert "<svg" not in html({}, kind="adequacy", name="Nothing")


def test_a_table_that_no_chart_could_read_is_refused():
    with pytest.raises(EngineError, match="table 'delays' is not one of"):
        html({"delays": delay()}, kind="value", name="a")
    with pytest.raises(EngineError, match="table 'delay' lacks the column 'npv'"):
        html({"delay": pd.DataFrame({"project": ["a"], "month": [1.0], "unit": ["EUR"]})}, kind="value", name="a")


def test_it_is_written_whole_or_not_at_all(tmp_path: Path):
    path = write_worth_page({"delay": delay()}, tmp_path / "page.html", kind="value", name="Heath")
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(InputError, match="cannot be written"):
        write_worth_page({}, tmp_path, kind="value", name="Heath")
    assert [entry.name for entry in tmp_path.iterdir()] == ["page.html"]
