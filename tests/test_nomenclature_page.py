from __future__ import annotations

import re
import runpy
from pathlib import Path

from cell2grid.nomenclature import variables

DOCS = Path(__file__).resolve().parents[1] / "docs/reference"


def test_tables_of_the_page_are_those_of_the_nomenclature() -> None:
    text = (DOCS / "nomenclature.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(DOCS / "nomenclature_table.py"))
    assert text == made["page"](text), "run: python docs/reference/nomenclature_table.py"


def test_each_variable_stands_on_the_page_once() -> None:
    text = (DOCS / "nomenclature.md").read_text(encoding="utf-8")
    tables = text.split("## Variables")[1]
    assert sorted(re.findall(r"^\| `(\w+)` \| ", tables, re.M)) == sorted(variables())


def test_each_dim_is_explained_on_the_page() -> None:
    dims = (DOCS / "nomenclature.md").read_text(encoding="utf-8").split("## Dims")[1].split("## Units")[0]
    assert {f"`{dim}`" for row in variables().values() for dim in row.dims} <= set(re.findall(r"`\w+`", dims))
