"""Stores that may only be read, as in an archive, and disks that refuse: listed all the same, refused in words."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports.sheets import Kind, Sheet
from cell2grid.evidence.exports.writing import write
from cell2grid.evidence.keeping import store_file
from cell2grid.evidence.keeping.duckdb_files import duckdb_here
from cell2grid.evidence.keeping.store import open_store
from cell2grid.evidence.reading import read_pages


@pytest.fixture
def store(tmp_path: Path) -> Path:
    page = tmp_path / "may.txt"
    page.write_text("Orsa Batteries built 310 packs in May 2026.")
    place = tmp_path / "a store's #1.db"
    with open_store(place, create=True) as opened:
        for pages in read_pages([page]):
            opened.add(pages)
    return place


@pytest.fixture
def only_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system says of a folder without leave to write, which would not hold for its administrator."""
    monkeypatch.setattr(store_file.os, "access", lambda path, mode: mode != os.W_OK)


@pytest.mark.usefixtures("only_read")
def test_a_store_that_may_only_be_read_is_listed_and_counted(store: Path) -> None:
    before = sorted(os.listdir(store.parent))
    with open_store(store) as opened:
        assert opened.only_read
        assert [claim.value for claim in opened.claims()] == [310.0]
        assert [row["sum"] for row in opened.totals(["measure"])] == [310.0]
    assert sorted(os.listdir(store.parent)) == before


@pytest.mark.usefixtures("only_read")
def test_what_would_be_written_into_it_is_refused_with_the_next_step(store: Path) -> None:
    with open_store(store) as opened, pytest.raises(EvidenceError, match="may only be read; copy it"):
        opened.accept_all([claim.id for claim in opened.claims()], reviewer="reader", note="")
    with pytest.raises(EvidenceError, match="may only be read; copy it"):
        open_store(store, create=True)


def test_a_store_that_may_be_written_is(store: Path) -> None:
    with open_store(store) as opened:
        assert not opened.only_read
        opened.require_writable()


@pytest.mark.parametrize(
    ("words", "number", "said"),
    [
        (
            'IO Error: Async write failed: {"exception_message":"Could not write","errno":"28"}',
            errno.ENOSPC,
            "No space",
        ),
        ('IO Error: Cannot open file "a": Permission denied', None, "Permission denied"),
    ],
)
def test_what_the_disk_refuses_duckdb_is_an_error_of_the_disk(words: str, number: int | None, said: str) -> None:
    with pytest.raises(OSError, match=said) as refused, duckdb_here():
        raise duckdb.IOException(words)
    assert refused.value.errno == number


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "xlsx"])
def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"out.{ending}").mkdir()

    def rows() -> Iterator[dict[str, str]]:
        yield {"id": "a"}

    with pytest.raises(EvidenceError, match=f"out.{ending}' cannot be written: "):
        write(tmp_path / f"out.{ending}", Sheet("claims", {"id": Kind.TEXT}, rows()))
