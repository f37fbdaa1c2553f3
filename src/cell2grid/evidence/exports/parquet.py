"""Sheets as Parquet files, and the snapshot of claims that is named by the hash of its rows.

The snapshot holds what claims say and not when the store learnt it, in the order of their ids: the same claims give the
same name and bytes, whatever the order in which they came in. DuckDB writes it and reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cell2grid.evidence.exports.sheets import CLAIM_COLUMNS, Kind, Sheet, filed_row, kinds
from cell2grid.evidence.keeping.duckdb_files import copied, duckdb_here
from cell2grid.evidence.keeping.listing import Filed

_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.NUMBER: "DOUBLE",
    Kind.INTEGER: "BIGINT",
    Kind.DAY: "DATE",
    Kind.TIME: "TIMESTAMP",
}
_AT_ONCE = 20_000
_ROW_GROUP = 100_000
# in it a page goes by the hash of its bytes, as its path is only how one reader called it
SNAPSHOT_COLUMNS = tuple(name for name in CLAIM_COLUMNS if name != "recorded_at")


def write_parquet(sheet: Sheet, place: Path) -> int:
    """How many rows were written, in the order in which they came."""
    with _table(sheet) as (engine, count):
        copied(engine, "FROM rows", place, ROW_GROUP_SIZE=_ROW_GROUP)
    return count


def write_snapshot(filed: Iterable[Filed], place: Path) -> tuple[int, str]:
    """How many claims were written, in the order of their ids, and the hash of the rows."""
    columns = kinds(SNAPSHOT_COLUMNS)
    records = ({**filed_row(each), "document": each.claim.document} for each in filed)
    plain = Sheet("claims", columns, records)
    sealed = Sheet("claims", {**columns, "seal": Kind.TEXT}, _sealed(plain))
    whole = hashlib.sha256(json.dumps([*columns]).encode())
    with _table(sealed) as (engine, count):
        seals = engine.execute("SELECT seal FROM rows ORDER BY id")
        while block := seals.fetchmany(_AT_ONCE):
            whole.update("".join(seal for (seal,) in block).encode())
        copied(engine, "SELECT * EXCLUDE (seal) FROM rows ORDER BY id", place, ROW_GROUP_SIZE=_ROW_GROUP)
    return count, whole.hexdigest()


def _sealed(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """The rows of a sheet, each with a hash of its cells."""
    for row in sheet.rows():
        seal = hashlib.sha256(json.dumps(_spelled(row), ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
        yield {**dict(zip(sheet.columns, row, strict=True)), "seal": seal}


@contextmanager
def _table(sheet: Sheet) -> Iterator[tuple[Any, int]]:
    """DuckDB with the rows in a table, which lies in a file so that memory does not grow with it."""
    import pandas as pd

    typed = ", ".join(f'"{name}" {_TYPES[kind]}' for name, kind in sheet.columns.items())
    taken = ", ".join(f'TRY_CAST(CAST("{name}" AS VARCHAR) AS {_TYPES[kind]})' for name, kind in sheet.columns.items())
    # one thread, so that the bytes are the same each time
    with TemporaryDirectory() as folder, duckdb_here(Path(folder) / "rows.duckdb", threads=1) as engine:
        engine.execute(f"CREATE TABLE rows ({typed})")
        rows, count = sheet.rows(), 0
        while block := [_spelled(row) for row in islice(rows, _AT_ONCE)]:
            engine.register("block", pd.DataFrame(block, columns=list(sheet.columns), dtype=object))
            engine.execute(f"INSERT INTO rows SELECT {taken} FROM block")
            engine.unregister("block")
            count += len(block)
        yield engine, count


def _spelled(row: tuple[Any, ...]) -> tuple[str | None, ...]:
    """All cells as text, so that no type is guessed from the first rows; a number as text is the same number again."""
    return tuple(None if value is None else str(value) for value in row)
