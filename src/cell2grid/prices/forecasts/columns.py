"""Columns of a CSV or Parquet file by name: stamps, and one number; each refusal names the line.

Only what ``forecast_file`` needs. A series of prices, whose steps must follow each other, is read in
``cell2grid.prices``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.files import plain_size

Floats = npt.NDArray[np.float64]
Stamps = npt.NDArray[np.datetime64]

# a year of hours, each with the 48 prices after it, has about 25 MB
MOST_BYTES = 512_000_000
HIGHEST_PRICE = 1e9


def header_of(path: Path) -> list[str]:
    """The names of the columns.

    Raises
    ------
    PriceError
        The file cannot be read, is too large, or is neither CSV nor Parquet.
    """
    try:
        size = plain_size(path)
        if size > MOST_BYTES:
            raise PriceError(
                f"the file has {size:,} bytes, at most {MOST_BYTES:,} are read; cut it into years", where=str(path)
            )
        if _is_parquet(path):
            return [str(name) for name in _query(path, "select * from read_parquet(?) limit 0")[0]]
        with path.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline(65_536)
    except OSError as error:
        raise PriceError(f"the file cannot be read: {error.strerror}; check the path", where=str(path)) from None
    except UnicodeDecodeError:
        raise PriceError("the file is neither UTF-8 text nor Parquet; save it as CSV", where=str(path)) from None
    return [cell.strip() for cell in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def columns_of(path: Path, *, stamps: tuple[str, ...], number: str) -> tuple[list[Stamps], Floats]:
    """The columns ``stamps`` as UTC stamps, then the column ``number`` as finite numbers.

    Raises
    ------
    PriceError
        A column is missing, a stamp is none, or a number is missing or not finite; the message names the line.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "one.csv"
    >>> _ = path.write_text("timestep,told\\n2025-03-30T03:00+02:00,41\\n")
    >>> columns_of(path, stamps=("timestep",), number="told")
    ([array(['2025-03-30T01:00:00'], dtype='datetime64[s]')], array([41.]))
    """
    header = header_of(path)
    for name in (*stamps, number):
        if header.count(name) != 1:
            shown = ", ".join(f"'{known[:30]}'" for known in header[:14])
            raise PriceError(
                f"{'no' if name not in header else 'more than one'} column '{name[:40]}'; the header has {shown}; "
                "name the column of the forecast",
                where=str(path),
            )
    cells = _of_parquet if _is_parquet(path) else _of_csv
    times: list[list[datetime]] = [[] for _ in stamps]
    numbers: list[float] = []
    seen: dict[str, datetime] = {}
    for where, row in cells(path, [*stamps, number]):
        for column, cell in zip(times, row[:-1], strict=True):
            # the same stamp stands in many rows of a long file
            if cell not in seen:
                seen[cell] = _stamp(cell, where)
            column.append(seen[cell])
        numbers.append(_number(row[-1], where))
    if not numbers:
        raise PriceError("the file has no row of forecasts; give at least one", where=str(path))
    return [np.array(column, dtype="datetime64[s]") for column in times], np.array(numbers)


def _of_csv(path: Path, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The cells of some columns of a CSV file, with the place of each row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        delimiter = _delimiter(file.readline(65_536))
        file.seek(0)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            header = [cell.strip() for cell in next(reader)]
            places = [header.index(name) for name in names]
            for row in reader:
                if not any(cell.strip() for cell in row):
                    continue
                where = f"{path}:{reader.line_num}"
                if len(row) != len(header):
                    raise PriceError(f"{len(row)} cells, the header has {len(header)}; mend the file", where=where)
                yield where, [row[place].strip() for place in places]
        except csv.Error as error:
            raise PriceError(f"not CSV: {error}; mend the file", where=f"{path}:{reader.line_num}") from None
        except UnicodeDecodeError:
            raise PriceError("the file is not UTF-8; save it as UTF-8 text", where=str(path)) from None


def _of_parquet(path: Path, names: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The same of a Parquet file, whose rows are counted from 1."""
    wanted = ", ".join('cast("{}" as varchar)'.format(name.replace('"', '""')) for name in names)
    for at, row in enumerate(_query(path, f"select {wanted} from read_parquet(?)")[1], start=1):
        yield f"{path}, row {at}", ["" if cell is None else cell for cell in row]


def _query(path: Path, text: str) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """The names and rows that a query on one file gives."""
    import duckdb

    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        found = connection.execute(text, [str(path)])
        return [column[0] for column in found.description], found.fetchall()
    except duckdb.Error:
        raise PriceError("the file is no Parquet that can be read; write it anew", where=str(path)) from None
    finally:
        connection.close()


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def _delimiter(line: str) -> str:
    return max(",;\t", key=line.count)


def _stamp(cell: str, where: str) -> datetime:
    """The stamp of a cell in UTC; without an offset it is taken as UTC, as those of prices are."""
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        raise PriceError(
            f"'{cell[:40]}' is not an ISO 8601 stamp; write it as in 2025-03-30T01:00+01:00", where=where
        ) from None
    return stamp if stamp.tzinfo is None else stamp.astimezone(UTC).replace(tzinfo=None)


def _number(cell: str, where: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not abs(number) <= HIGHEST_PRICE:
        raise PriceError(
            f"price '{cell[:40]}' is no number within {HIGHEST_PRICE:g} per MWh; mend the file", where=where
        )
    return number
