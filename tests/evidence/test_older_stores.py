"""Stores of an earlier schema are brought up to date when they are opened, and tell the same as before."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.older_stores import standings_again
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.keeping.store_file import StoreFile

OLDER = Path(__file__).parent / "older"
# what version 0.1 said of this store: the order of all claims, and how each stood at the end of each day
SAID = json.loads((OLDER / "schema-1.json").read_text(encoding="utf-8"))
CORRECTED_IN_HTML = "3caab20e299a2bda"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "claims.db"
    with sqlite3.connect(path) as connection:
        connection.executescript((OLDER / "schema-1.sql").read_text(encoding="utf-8"))
    connection.close()
    return path


def _rows(path: Path, table: str, columns: list[str]) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2").fetchall()
    finally:
        connection.close()


def test_how_each_claim_stood_on_each_day_stays(old: Path) -> None:
    with open_store(old) as store:
        for day, said in SAID["status"].items():
            assert {each.claim.id: each.status for each in store.filed(status="all", as_of=day)} == said, day


def test_the_order_stays_and_a_correction_stands_beside_what_it_corrects(old: Path) -> None:
    with open_store(old) as store:
        order = [each.claim.id for each in store.filed(status="all")]
    without = [each for each in SAID["order"] if each != CORRECTED_IN_HTML]
    assert [each for each in order if each != CORRECTED_IN_HTML] == without
    edited = "ed733d661148539a"
    assert order.index(CORRECTED_IN_HTML) == order.index(edited) + 1


def test_no_row_is_lost_or_changed(old: Path) -> None:
    connection = sqlite3.connect(old)
    named = {
        table: [f'"{row[1]}"' for row in connection.execute(f"PRAGMA table_info({table})")]
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    }
    connection.close()
    before = {table: _rows(old, table, columns) for table, columns in named.items()}
    open_store(old).close()
    after = {table: _rows(old, table, columns) for table, columns in named.items()}
    assert len(before["claims"]) == 10
    about = before.pop("cell2grid"), after.pop("cell2grid")
    assert about == ([("schema", "1")], [("schema", str(tables.SCHEMA))])
    assert after == before


def test_it_is_laid_out_as_a_new_one(old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.db"
    open_store(new, create=True).close()
    with open_store(old) as store:
        assert [each.claim.id for each in store.filed(source="the quay", subject="FABRIKAM", status="all")] == [
            CORRECTED_IN_HTML
        ]
    laid = [set(_rows(path, "sqlite_master", ["name", "type"])) - {("sqlite_sequence", "table")} for path in (old, new)]
    assert laid[0] == laid[1]


def test_bringing_up_to_date_is_all_or_nothing(old: Path) -> None:
    connection = sqlite3.connect(old)
    connection.execute("CREATE VIEW standings AS SELECT 1 AS claim")
    connection.commit()
    before = _rows(old, "sqlite_master", ["name", "sql"])
    with pytest.raises(EvidenceError, match="cannot be used"):
        open_store(old)
    assert _rows(old, "sqlite_master", ["name", "sql"]) == before
    connection.execute("DROP VIEW standings")
    connection.close()
    with open_store(old) as store:
        assert store.count(status="all") == 10


def test_the_log_made_again_is_the_log(old: Path) -> None:
    open_store(old).close()
    with open_store(old) as store:
        first = store.claims(tier="A")[0]
        store.decide(first.id, "edit", reviewer="M", corrected=first.corrected(subject="Woodgrove"))
        store.decide(first.id, "withdraw", reviewer="M")
    file = StoreFile(old)
    with file.reading() as connection:
        kept = connection.execute(tables.standings.select().order_by(tables.standings.c.number)).all()
        assert [tuple(row)[1:] for row in kept] == [tuple(change) for change in standings_again(connection)]
    file.close()
