"""The SQL of the page on queries gives the tables that stand below it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGE = (DOCS / "how-to/query.md").read_text(encoding="utf-8")
_FILE = re.compile(r"^```\{code-block\} \w+\n:caption: (\S+)\n\n?(.*?)^```$", re.MULTILINE | re.DOTALL)
_QUERY = re.compile(r"^```sql\n(.*?)^```\n\n((?:\|[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
QUERIES = _QUERY.findall(PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages of the tutorial, after the commands of the page."""
    place = tmp_path_factory.mktemp("queries")
    for name, content in _FILE.findall((DOCS / "tutorial/first-report.md").read_text(encoding="utf-8")):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content, encoding="utf-8")
    for command in re.findall(r"^(?:% )?\$ cell2grid (.*)$", PAGE, re.MULTILINE):
        arguments = [sys.executable, "-m", "cell2grid", *shlex.split(command)]
        subprocess.run(arguments, cwd=place, check=True, capture_output=True, env={**os.environ, "USER": "reader"})
    return place


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


@pytest.mark.parametrize(("query", "table"), QUERIES, ids=[query.split("\n")[0] for query, _ in QUERIES])
def test_a_query_gives_the_table_below_it(
    query: str, table: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    heading, _, *expected = [[cell.strip() for cell in row.strip("| ").split("|")] for row in table.splitlines()]
    with duckdb.connect() as engine:
        found = engine.execute(query)
        names = [column[0] for column in found.description]
        rows = [[_shown(value) for value in row] for row in found.fetchall()]
    assert names == heading
    assert rows == expected


def test_the_page_has_queries() -> None:
    assert len(QUERIES) == PAGE.count("```sql") >= 6
