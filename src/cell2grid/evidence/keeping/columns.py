"""The claims as columns for the analyst: Parquet parts beside the store, which DuckDB sums up, also as of a day.

SQLite stays the record. The parts are a copy in a folder of their own, which may be deleted at any time. Rows of the
store are only ever added, so a part never changes: what is new goes into further parts, and many small ones are joined.
``claims-*.parquet`` holds what claims say (their sentences stay in the store) with ``recorded_at``, the time they were
learnt; ``standings-*.parquet`` holds each change of how a claim stands with its ``since``. What is asked of them is in
``totals.py``, listings are in ``listing.py``, files for others to keep in ``evidence/exports``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from itertools import pairwise, takewhile
from pathlib import Path
from typing import Any

from filelock import FileLock
from sqlalchemy import Connection, Table, func, select

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping import store_tables as tables
from cell2grid.evidence.keeping.duckdb_files import copied, duckdb_here

_ROWS = 250_000
_FETCHED_AT_ONCE = 50_000
_MOST_SMALL = 12
# the columns of the parts, with their types in DuckDB; times are in UTC
_TEXT, _NUMBER, _INTEGER, _DAY, _TIME = "VARCHAR", "DOUBLE", "INTEGER", "DATE", "TIMESTAMP"
_COLUMNS = {
    "claims": {
        "number": _INTEGER,
        "id": _TEXT,
        "page": _INTEGER,
        "measure": _TEXT,
        "frame": _TEXT,
        "subject": _TEXT,
        "object": _TEXT,
        "value": _NUMBER,
        "low": _NUMBER,
        "high": _NUMBER,
        "unit": _TEXT,
        "period_start": _DAY,
        "period_end": _DAY,
        "tier": _TEXT,
        "recorded_at": _TIME,
    },
    "standings": {"number": _INTEGER, "claim": _INTEGER, "status": _TEXT, "since": _TIME},
}
_TABLES: dict[str, Table] = {"claims": tables.claims, "standings": tables.standings}


@dataclass(frozen=True, slots=True)
class Part:
    """A file of rows by their number, from ``first`` to ``last``; ``seal`` is a hash of the last row in the store."""

    path: Path
    first: int
    last: int
    seal: str

    @classmethod
    def at(cls, path: Path) -> Part:
        """The part that the name of a file says."""
        first, last, seal = path.stem.split("-")[1:]
        return cls(path, int(first), int(last), seal)

    @classmethod
    def named(cls, folder: Path, name: str, first: int, last: int, seal: str) -> Part:
        """The part in a file of its name."""
        return cls(folder / f"{name}-{first:09d}-{last:09d}-{seal}.parquet", first, last, seal)


@contextmanager
def up_to_date(connection: Connection, folder: Path) -> Iterator[dict[str, list[str]]]:
    """The parts of both tables with all that the store holds, for as long as the block lasts.

    Raises
    ------
    EvidenceError
        The folder cannot be written.
    """
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / "lock"):
            for left in folder.glob(".*.partial"):
                left.unlink()
            yield {name: [_spelled(part.path) for part in _refreshed(connection, folder, name)] for name in _COLUMNS}
    except OSError as error:
        raise EvidenceError(
            f"the columns of the store in '{folder}' cannot be written: {error.strerror or error}"
        ) from error


def _refreshed(connection: Connection, folder: Path, name: str) -> list[Part]:
    parts = sorted((Part.at(path) for path in folder.glob(f"{name}-*.parquet")), key=lambda part: part.first)
    if not _are_of(connection, name, parts):
        # another store stood here, or an earlier copy of this one was put back
        for part in parts:
            part.path.unlink()
        parts = []
    while new := _next_part(connection, folder, name, after=parts[-1].last if parts else 0):
        parts.append(new)
    small = len(list(takewhile(lambda part: part.last - part.first + 1 < _ROWS, reversed(parts))))
    if small <= _MOST_SMALL:
        return parts
    return [*parts[:-small], _joined(folder, name, parts[-small:])]


def _are_of(connection: Connection, name: str, parts: Sequence[Part]) -> bool:
    follow = all(after.first == before.last + 1 for before, after in pairwise(parts))
    return follow and all(part.seal == _seal(connection, name, part.last) for part in parts)


def _seal(connection: Connection, name: str, number: int) -> str:
    table = _TABLES[name]
    row = connection.execute(select(table).where(table.c.number == number)).one_or_none()
    return "missing" if row is None else hashlib.sha256(repr(tuple(row)).encode("utf-8", "replace")).hexdigest()[:12]


def _next_part(connection: Connection, folder: Path, name: str, *, after: int) -> Part | None:
    """The part of the next rows, after writing it; None where there are no more."""
    if (connection.scalar(select(func.max(_TABLES[name].c.number))) or 0) <= after:
        return None
    import pandas as pd

    columns = _COLUMNS[name]
    # from the driver, as rows that know their names take four times as long
    rows = connection.connection.cursor()
    rows.execute(f"SELECT {', '.join(columns)} FROM {name} WHERE number > ? ORDER BY number LIMIT ?", (after, _ROWS))
    typed = ", ".join(_cast(column, kind) for column, kind in columns.items())
    last = after
    with duckdb_here() as engine:
        engine.execute(f"CREATE TABLE part ({', '.join(map(' '.join, columns.items()))})")
        while block := rows.fetchmany(_FETCHED_AT_ONCE):
            last = block[-1][0]
            engine.register("block", pd.DataFrame(block, columns=list(columns)))
            engine.execute(f"INSERT INTO part SELECT {typed} FROM block")
            engine.unregister("block")
        return _written(engine, "FROM part", Part.named(folder, name, after + 1, last, _seal(connection, name, last)))


def _cast(column: str, kind: str) -> str:
    # the store's times say their zone, which is UTC; a day that is none stays unsaid
    text = f"left({column}, 26)" if kind == _TIME else column
    return f"TRY_CAST({text} AS {kind})" if kind == _DAY else f"CAST({text} AS {kind})"


def _joined(folder: Path, name: str, parts: Sequence[Part]) -> Part:
    whole = Part.named(folder, name, parts[0].first, parts[-1].last, parts[-1].seal)
    with duckdb_here() as engine:
        engine.read_parquet([_spelled(part.path) for part in parts]).create_view("parts")
        _written(engine, "FROM parts ORDER BY number", whole)
    for part in parts:
        part.path.unlink()
    return whole


def _spelled(path: Path) -> str:
    # brackets and stars in the name of a folder are no pattern
    return escape(str(path))


def _written(engine: Any, rows: str, part: Part) -> Part:
    beside = part.path.with_name(f".{part.path.name}.partial")
    copied(engine, rows, beside)
    beside.replace(part.path)
    return part
