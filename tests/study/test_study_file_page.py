from __future__ import annotations

import re
import runpy
from pathlib import Path

from cell2grid.study.loader import parse_study

DOCS = Path(__file__).resolve().parents[2] / "docs/reference"


def test_tables_of_the_page_are_those_of_the_models() -> None:
    text = (DOCS / "study-file.md").read_text(encoding="utf-8")
    made = runpy.run_path(str(DOCS / "study_file_tables.py"))
    assert text == made["page"](text), "run: python docs/reference/study_file_tables.py"


def test_the_small_study_of_the_page_is_one() -> None:
    text = (DOCS / "study-file.md").read_text(encoding="utf-8")
    (small,) = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert parse_study(small).plants["north"].makes == "pack"
