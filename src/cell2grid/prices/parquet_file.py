"""Rows of Parquet files: a column of stamps, as times or text, and a column of numbers, through DuckDB.

DuckDB reads no other file and fetches no extension; its memory is bounded, and so are the rows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices import cells
from cell2grid.prices.found import MOST_BYTES, MOST_ROWS, Found, Wanted, columns, opened_size, place

_MOST_MEMORY = "1GB"
_LONGEST_TEXT = 64
_NUMBERS = (
    *("DOUBLE", "FLOAT", "DECIMAL", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT"),
    *("UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT"),
)


def found_in_parquet(path: Path, wanted: Wanted) -> Found:
    """The stamps and numbers of a Parquet file.

    Raises
    ------
    PriceError
        The file cannot be read, is too large, lacks a column, or has a value that cannot be read.
    """
    import duckdb

    opened_size(path, MOST_BYTES)
    settings: dict[str, Any] = {
        "memory_limit": _MOST_MEMORY,
        "threads": 2,
        "max_temp_directory_size": "0B",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    try:
        with duckdb.connect(config=settings) as engine:
            return _found(path, engine, wanted)
    except duckdb.Error as error:
        words = str(error).partition("\n")[0][:200]
        raise PriceError(f"not a Parquet file that can be read: {words}; write it again", where=str(path)) from None


def _found(path: Path, engine: Any, wanted: Wanted) -> Found:
    # a name with * ? [ would be taken for a pattern
    pattern = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    rows = engine.read_parquet(pattern)
    names, kinds = [str(name) for name in rows.columns], [str(kind) for kind in rows.types]
    time_at, value_at = columns(names, wanted, str(path))
    engine.register("rows", rows)
    (count,) = engine.execute("SELECT count(*) FROM rows").fetchone()
    if count > MOST_ROWS:
        raise PriceError(f"{count:,} rows, at most {MOST_ROWS:,} are read; cut the file into years", where=str(path))

    def where(i: int) -> str:
        return place(path, i + 1, noun="row")

    def column(expression: str) -> Any:
        return engine.execute(f"SELECT {expression} AS taken FROM rows").fetchnumpy()["taken"]

    seconds, aware = _seconds(path, names[time_at], kinds[time_at], column, where)
    return Found(
        path=path,
        header=names[value_at],
        seconds=seconds,
        numbers=_numbers(names[value_at], kinds[value_at], column, wanted, where),
        aware=aware,
        line=lambda i: i + 1,
        noun="row",
    )


def _seconds(path: Path, name: str, kind: str, column: Any, where: Any) -> tuple[npt.NDArray[np.int64], bool]:
    if kind == "VARCHAR":
        return cells.stamps(_texts(name, column), None, where)
    if not kind.startswith("TIMESTAMP") and kind != "DATE":
        raise PriceError(f"column '{name[:40]}' is of type {kind}, expected stamps as times or text", where=str(path))
    micro = _whole(column(f"epoch_us({_quoted(name)}::{'TIMESTAMPTZ' if 'ZONE' in kind else 'TIMESTAMP'})"), where)
    odd = np.flatnonzero(micro % 1_000_000)
    if odd.size:
        raise PriceError("the stamp has a fraction of a second, expected whole seconds; round it", where=where(odd[0]))
    seconds = micro // 1_000_000
    years = seconds.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64) + 1970
    far = np.flatnonzero((years < cells.FIRST_YEAR) | (years > cells.LAST_YEAR))
    if far.size:
        raise PriceError(
            f"the stamp lies outside the years {cells.FIRST_YEAR} to {cells.LAST_YEAR}; correct it", where=where(far[0])
        )
    return seconds, "ZONE" in kind


def _whole(micro: Any, where: Any) -> npt.NDArray[np.int64]:
    missing = np.flatnonzero(np.ma.getmaskarray(micro))
    if missing.size:
        raise PriceError("the stamp is missing; mend the file", where=where(missing[0]))
    return np.ma.getdata(micro).astype(np.int64)


def _numbers(name: str, kind: str, column: Any, wanted: Wanted, where: Any) -> npt.NDArray[np.float64]:
    if kind == "VARCHAR":
        return cells.numbers(_texts(name, column), wanted, where)
    if kind.partition("(")[0] not in _NUMBERS or kind.endswith("]"):
        raise PriceError(
            f"column '{name[:40]}' is of type {kind}, expected numbers", where=where(0).partition(", row")[0]
        )
    taken = column(f"{_quoted(name)}::DOUBLE")
    numbers = np.where(np.ma.getmaskarray(taken), np.nan, np.ma.getdata(taken).astype(np.float64))
    fits = (numbers >= wanted.measured.lowest) & (numbers <= wanted.measured.highest)
    for i in np.flatnonzero(~(fits | (np.isnan(numbers) & wanted.missing)))[:1].tolist():
        if np.isnan(numbers[i]):
            raise PriceError(f"the {wanted.measured.noun} is missing; {cells.MENDS}", where=where(i))
        cells.within(float(numbers[i]), repr(float(numbers[i])), wanted.measured, where(i))
    return numbers


def _texts(name: str, column: Any) -> list[str]:
    taken = column(f"left({_quoted(name)}, {_LONGEST_TEXT})")
    hidden = np.ma.getmaskarray(taken)
    return ["" if away or text is None else text for text, away in zip(np.ma.getdata(taken), hidden, strict=True)]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
