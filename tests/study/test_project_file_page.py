"""The page of project files shows the keys of the models, projects that are read, and refusals that are said."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.project_file import parse_project
from cell2grid.study.quantity import figures
from cell2grid.study.schema import project_schema
from cell2grid.study.shipped import example_project

DOCS = Path(__file__).resolve().parents[2] / "docs/reference"
TEXT = (DOCS / "project-file.md").read_text(encoding="utf-8")
# what brings each refusal of the page about: the key and what is written for it
WRONG = {
    "finance.capital_cost": "-250 EUR/kWh",
    "finance.discount_rate": "-150 percent/year",
    "finance.life": "0 year",
    "finance.fixed_cost": "8 EUR/kW",
    "prices.currency": "USD",
    "finance.debt": "{rate: 5 percent/year, tenor: 10 year}",
    "finance.debt.tenor": "{rate: 5 percent/year, tenor: 25 year, share: 50 percent}",
    "ageing.cells": "gasper-2023-lfp",
    "contracts.0.years": "[{kind: capacity, price: 30 EUR/kW/year, begins: 2026-01-01, years: 9 year}]",
    "augmentation.0.year": "[{year: 8.5 year}]",
}


def test_tables_of_the_page_are_those_of_the_models() -> None:
    made = runpy.run_path(str(DOCS / "study_file_tables.py"))
    assert made["project_page"](TEXT) == TEXT, "run: python docs/reference/study_file_tables.py"


def test_projects_and_dates_of_the_page_are_read() -> None:
    small, _, *dates = re.findall(r"```yaml\n(.*?)```", TEXT, flags=re.DOTALL)
    assert parse_project(small).project == "hill"
    kinds = {type(parse_project(small + date).commissioning).__name__ for date in dates}
    assert kinds == {"Day", "Quantity", "OfStudy"}


@pytest.mark.parametrize("path", WRONG)
def test_refusals_of_the_page_are_said_in_its_words(path: str) -> None:
    (said,) = re.findall(rf"^\| `hill\.yaml:\d+:\d+: ({re.escape(path)}: .*?)` \|", TEXT, flags=re.MULTILINE)
    keys = {"capital_cost": "250 EUR/kWh", "discount_rate": "7 percent/year", "life": "20 year"}
    first, second = path.split(".")[:2]
    text = "project: hill\npower: 100 MW\nenergy: 400 MWh\nvaluation: 2026-01-01\n"
    if first == "finance":
        keys[second] = WRONG[path]
    elif second == "0":
        text += f"{first}: {WRONG[path]}\n"
    else:
        text += f"{first}: {{{second}: {WRONG[path]}}}\n"
    text += f"finance: {{{', '.join(f'{key}: {value}' for key, value in keys.items())}}}\n"
    with pytest.raises(StudyError) as caught:
        parse_project(text)
    assert said in str(caught.value)


def test_the_example_to_begin_with_is_read_and_says_where_each_figure_comes_from() -> None:
    project = parse_project(example_project().read_text(encoding="utf-8"))
    assert not [path for path, figure in figures(project) if not figure.sources]


def test_an_editor_takes_plain_numbers_where_the_file_does() -> None:
    schema = project_schema()
    assert schema["properties"]["efficiency_charge"]["type"] == ["string", "number"]
    assert next(iter(schema["properties"])) == "project"
    assert schema["additionalProperties"] is False
