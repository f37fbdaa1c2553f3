"""DuckDB for files of this machine, and nothing from elsewhere; what the disk refuses is an error of the disk.

What is asked of it is in ``totals.py``, what it writes beside the store in ``columns.py``, for others in
``evidence/exports/parquet.py``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r'"errno":\s*"(\d+)"')


@contextmanager
def duckdb_here(place: Path | None = None, **settings: Any) -> Iterator[Any]:
    """DuckDB in memory, or in the file ``place``, which fetches no extensions.

    Raises
    ------
    OSError
        A file cannot be read or written, as where a disk is full.
    """
    import duckdb

    settings = {**settings, "autoinstall_known_extensions": False, "autoload_known_extensions": False}
    try:
        with duckdb.connect(place or ":memory:", config=settings) as engine:
            yield engine
    except duckdb.IOException as error:
        known = _NUMBER.search(str(error))
        if known is None:
            # a line that ends in what the system says, as in "IO Error: Cannot open file: Permission denied"
            raise OSError(str(error).partition("\n")[0].rpartition(": ")[2][:200]) from error
        raise OSError(int(known[1]), os.strerror(int(known[1]))) from error


def copied(engine: Any, rows: str, place: Path, **options: object) -> None:
    """Write the rows of a query to a Parquet file."""
    path = str(place).replace("'", "''")
    further = "".join(f", {name} {value}" for name, value in options.items())
    engine.execute(f"COPY ({rows}) TO '{path}' (FORMAT parquet, COMPRESSION zstd{further})")
