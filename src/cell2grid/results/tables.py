"""Tables of a run folder as Parquet files, out and in, their columns checked on both ways.

The same table gives the same bytes, on any number of cores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from cell2grid.errors import RunFolderError
from cell2grid.results.columns import OPTIONAL, TABLES, TEXT, TYPES

if TYPE_CHECKING:
    import pandas as pd


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Write each table into a file of its name."""
    import duckdb

    with duckdb.connect(config={"threads": 1}) as connection:
        for table, columns in TABLES.items():
            if table in OPTIONAL and table not in tables:
                continue
            connection.register("frame", tables[table])
            typed = ", ".join(f'CAST("{name}" AS {TYPES.get(name, TEXT)}) AS "{name}"' for name in columns)
            path = str(folder / f"{table}.parquet").replace("'", "''")
            connection.execute(f"COPY (SELECT {typed} FROM frame) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
            connection.unregister("frame")


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables of a run folder by name, those that it has.

    Raises
    ------
    RunFolderError
        A file cannot be read, or has other columns.
    """
    import duckdb

    tables = {}
    with duckdb.connect(config={"threads": 1}) as connection:
        for name, columns in TABLES.items():
            path = folder / "tables" / f"{name}.parquet"
            if name in OPTIONAL and not path.is_file():
                continue
            try:
                frame = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
            except duckdb.Error as error:
                raise RunFolderError(f"{path} cannot be read: {error}; run the study again") from None
            check_columns(name, list(frame.columns), RunFolderError)
            words = [column for column in columns if column not in TYPES]
            frame[words] = frame[words].astype(object).where(frame[words].notna(), None)
            tables[name] = frame
    return tables


def check_columns(table: str, columns: list[str], kind: Callable[[str], Exception]) -> None:
    """Refuse a table that is not one of ours, or has other columns, by an error of ``kind``."""
    if table not in TABLES:
        raise kind(f"table '{table}' is not one of {', '.join(TABLES)}")
    if columns != list(TABLES[table]):
        raise kind(f"table '{table}' has the columns {columns}, expected {list(TABLES[table])}")
