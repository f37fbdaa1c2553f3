"""Rows of Excel sheets (.xlsx, .xlsm) through openpyxl: a column of dates or text, and a column of numbers.

A workbook is a packed folder of XML. Small parts are refused when they unpack to much; the sheet and the table of its
texts are read as a stream, which stops at the first row or text that is too long, and at too many of them. Formulas
count with the value that the program stored last.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from cell2grid.errors import PriceError
from cell2grid.prices import cells
from cell2grid.prices.found import MOST_COLUMNS, Found, Wanted, columns, opened_size, place

MOST_PACKED = 128_000_000
# a year of minutes whose stamps are text; openpyxl takes 30 µs for each
MOST_TEXTS = 600_000
# a sheet has at most 1,048,576 rows
_MOST_ROWS = 1_048_576
_MOST_STREAMED = 512_000_000
_MOST_PART = 8_000_000
_MOST_PARTS = 2_000
_LONGEST_ROW = 1_000_000
_ROW, _TEXT = (b"<row", b":row"), (b"<si", b":si")


class _Watched:
    """A part that is read as a stream: not too many bytes, rows or texts, none too long, and no entities."""

    def __init__(self, source: IO[bytes], name: str) -> None:
        self._source, self._name = source, name
        self._size = self._since = self._rows = self._texts = 0
        self._tail = b""

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(65_536 if size < 0 else size)
        self._size += len(data)
        seen = self._tail + data
        last = max(seen.rfind(mark) for mark in (*_ROW, *_TEXT))
        self._since = len(seen) - last if last >= 0 else self._since + len(data)
        self._rows += sum(data.count(mark) for mark in _ROW)
        self._texts += sum(data.count(mark) for mark in _TEXT)
        self._tail = seen[-16:]
        many = self._rows > 2 * _MOST_ROWS or self._texts > MOST_TEXTS
        if self._size > _MOST_STREAMED or self._since > _LONGEST_ROW or many:
            raise PriceError(f"part '{self._name[:60]}' is too large: cut the sheet, prices into years")
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise PriceError(f"part '{self._name[:60]}' defines entities, which no sheet needs; save it again")
        return data

    def close(self) -> None:
        self._source.close()

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Bounded(zipfile.ZipFile):
    """A packed folder whose parts are read whole only where they are small, and watched where they are streamed."""

    def read(self, name: Any, pwd: Any = None) -> bytes:
        size = self.getinfo(getattr(name, "filename", name)).file_size
        if size > _MOST_PART:
            raise PriceError(f"part '{name}' unpacks to {size:,} bytes, at most {_MOST_PART:,} are read; save it again")
        with super().open(name, pwd=pwd) as part:
            return part.read()

    def open(self, name: Any, mode: Any = "r", pwd: Any = None, *, force_zip64: bool = False) -> Any:
        return _Watched(super().open(name, mode, pwd, force_zip64=force_zip64), str(name))


def found_in_excel(path: Path, wanted: Wanted) -> Found:
    """The stamps and numbers of a sheet.

    Raises
    ------
    PriceError
        The file cannot be read, is too large, lacks the sheet or a column, or has a cell that cannot be read.
    """
    opened_size(path, MOST_PACKED)
    with workbook(path) as reader:
        sheet = sheet_of(path, reader, wanted.sheet)
        with closing(sheet.iter_rows(values_only=True, max_row=1, max_col=MOST_COLUMNS + 1)) as rows:
            header = _header(path, sheet.title, next(rows, ()))
        time_at, value_at = columns(header, wanted, place(path, 1, noun="row", sheet=sheet.title))
        width = max(time_at, value_at) + 1
        with closing(sheet.iter_rows(min_row=2, max_row=_MOST_ROWS, max_col=width, values_only=True)) as rows:
            return _found(path, sheet.title, header[value_at], _pairs(rows, time_at, value_at), wanted)


def _found(path: Path, sheet: str, header: str, pairs: Iterator[tuple[int, Any, Any]], wanted: Wanted) -> Found:
    seconds, numbers, lines = [], [], []
    aware: bool | None = None
    for line, stamp, number in pairs:
        where = partial(place, path, line, noun="row", sheet=sheet)
        second, aware = _stamp(stamp, aware, where)
        seconds.append(second)
        numbers.append(_number(number, wanted, where))
        lines.append(line)
    return Found(
        path=path,
        header=header,
        seconds=np.array(seconds, dtype=np.int64),
        numbers=np.array(numbers, dtype=np.float64),
        aware=bool(aware),
        line=lambda i: lines[min(i, len(lines) - 1)],
        noun="row",
        sheet=sheet,
    )


@contextmanager
def workbook(path: Path) -> Iterator[Any]:
    """The workbook without its sheets; whatever goes wrong in it is said of the file.

    Raises
    ------
    PriceError
        It is no workbook, or unpacks to more than is read.
    """
    from openpyxl.reader.excel import ExcelReader  # type: ignore[import-untyped]
    from openpyxl.styles.stylesheet import apply_stylesheet  # type: ignore[import-untyped]

    try:
        with warnings.catch_warnings(), _Bounded(path) as archive:
            # styles, filters and the like that are not read
            warnings.simplefilter("ignore")
            if len(archive.infolist()) > _MOST_PARTS:
                raise PriceError(f"more than {_MOST_PARTS:,} parts; save the sheet alone")
            # openpyxl looks at the ending, and then reads from what it is handed
            with path.open("rb") as source:
                reader = ExcelReader(source, read_only=True, data_only=True, keep_links=False)
                reader.archive.close()
            reader.archive = archive
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(archive, reader.wb)
            yield reader
    except PriceError as error:
        raise error if error.where else PriceError(error.message, where=str(path)) from None
    except MemoryError:
        raise PriceError("the workbook needs more memory than there is; save it as CSV", where=str(path)) from None
    except Exception as error:
        # a workbook can be wrong in any of hundreds of ways, each with an error of its own
        words = str(error).partition("\n")[0][:120]
        raise PriceError(
            f"not a workbook that can be read ({type(error).__name__}: {words}); save it again as .xlsx or CSV",
            where=str(path),
        ) from None


def sheet_of(path: Path, reader: Any, name: str | None) -> Any:
    """The sheet of a name, or the first; openpyxl would read through each of them to see how large it is.

    Raises
    ------
    PriceError
        There is no such sheet.
    """
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet  # type: ignore[import-untyped]

    class Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
        def _get_size(self) -> None:
            """What a sheet says of its size may be far from what it holds."""

    found = [(sheet.name, rel.target) for sheet, rel in reader.parser.find_sheets() if "chartsheet" not in rel.Type]
    sheets = {title: part for title, part in found if part in reader.valid_files}
    if not sheets:
        raise PriceError("the workbook has no sheet of cells", where=str(path))
    if name is not None and name not in sheets:
        names = ", ".join(f"'{title[:30]}'" for title in list(sheets)[:12])
        raise PriceError(f"no sheet '{name[:40]}'; the workbook has {names}", where=str(path))
    title = next(iter(sheets)) if name is None else name
    return Sheet(reader.wb, title, sheets[title], reader.shared_strings)


def _header(path: Path, sheet: str, row: tuple[Any, ...]) -> list[str]:
    names = ["" if cell is None else str(cell).strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise PriceError(
            "the first row is empty; write the names of the columns into it",
            where=place(path, 1, noun="row", sheet=sheet),
        )
    return names


def _pairs(rows: Iterator[tuple[Any, ...]], time_at: int, value_at: int) -> Iterator[tuple[int, Any, Any]]:
    """The row, stamp and number of each row that has either; rows after a million are not looked at."""
    for i, row in enumerate(islice(rows, _MOST_ROWS)):
        stamp, number = (row[at] if at < len(row) else None for at in (time_at, value_at))
        if any(cell is not None and str(cell).strip() for cell in (stamp, number)):
            yield i + 2, stamp, number


def _stamp(cell: Any, aware: bool | None, where: cells.Place) -> tuple[int, bool]:
    if isinstance(cell, str):
        return cells.stamp_of(cell, aware, where)
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    if not isinstance(cell, datetime):
        shown = "" if cell is None else str(cell)[:40]
        raise PriceError(f"'{shown}' is not a stamp; write dates with their time, or ISO 8601 text", where=where())
    if aware:
        raise PriceError(
            f"stamp '{cell}' lacks an offset, unlike those before; write all stamps in one way", where=where()
        )
    # sheets keep days as fractions, which miss the second by a little
    whole = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
    if abs(whole - cell) > timedelta(milliseconds=20):
        raise PriceError(
            f"stamp '{cell}' has a fraction of a second, expected whole seconds; round the stamps", where=where()
        )
    return cells.whole_second(whole, str(cell), where), False


def _number(cell: Any, wanted: Wanted, where: cells.Place) -> float:
    if isinstance(cell, bool) or not isinstance(cell, int | float | str | None):
        raise PriceError(f"{wanted.measured.noun} '{str(cell)[:40]}' is not a number; {cells.MENDS}", where=where())
    if cell is None or isinstance(cell, str):
        return cells.number_of(cell or "", wanted, where)
    try:
        return cells.within(float(cell), str(cell), wanted.measured, where)
    except OverflowError:
        return cells.number_of(str(cell), wanted, where)
