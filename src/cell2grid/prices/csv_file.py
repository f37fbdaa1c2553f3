"""Rows of CSV files, plain or packed with gzip: a header, a column of stamps and a column of numbers.

Cells are taken many rows at a time; where something is wrong, the line is found on a second way through the file. Time
and memory are bounded by the size of the file, which is bounded when unpacked too.
"""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from cell2grid.errors import PriceError
from cell2grid.prices import cells
from cell2grid.prices.found import MOST_BYTES, MOST_ROWS, Found, Wanted, columns, opened_size, place

_LONGEST_LINE = 65_536
_ROWS_AT_ONCE = 1_024
_MOST_PARTS = 64
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")


def found_in_csv(path: Path, wanted: Wanted) -> Found:
    """The stamps and numbers of a CSV file.

    Raises
    ------
    PriceError
        The file cannot be read, is too large, lacks a column, or has a cell that cannot be read.
    """
    return found_in_text(path, _text(path), wanted)


def found_in_text(path: Path, text: str, wanted: Wanted) -> Found:
    """The stamps and numbers of CSV text, which errors name by ``path``.

    Raises
    ------
    PriceError
        The text lacks a column, or has a cell that cannot be read.
    """
    _check_lines(path, text)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = _reader(text, delimiter)
    try:
        header = [cell.strip() for cell in next(reader)]
    except csv.Error as error:
        raise PriceError(f"not CSV: {error}; mend the header", where=f"{path}:1") from None
    if len(header) == 1 and _NUMBER.fullmatch(header[0]):
        raise PriceError("the first line is no header; write one, as in 'timestep,price'", where=f"{path}:1")
    time_at, value_at = columns(header, wanted, f"{path}:1")
    seconds, numbers, aware, count = [], [], None, 0
    for rows in _blocks(path, reader, text, delimiter, len(header), time_at):
        done = count

        def where(i: int, done: int = done) -> str:
            return place(path, _line(text, delimiter, done + i))

        block, aware = cells.stamps([row[time_at] for row in rows], aware, where)
        seconds.append(block)
        numbers.append(cells.numbers([row[value_at] for row in rows], wanted, where))
        count += len(rows)
        if count > MOST_ROWS:
            raise PriceError(f"more than {MOST_ROWS:,} rows; cut the file into years", where=str(path))
    return Found(
        path=path,
        header=header[value_at],
        seconds=np.concatenate([*seconds, np.empty(0, np.int64)]),
        numbers=np.concatenate([*numbers, np.empty(0)]),
        aware=bool(aware),
        line=lambda i: _line(text, delimiter, i),
    )


def _reader(text: str, delimiter: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _blocks(path: Path, reader: Any, text: str, delimiter: str, width: int, time_at: int) -> Iterator[list[list[str]]]:
    """The rows below the header, some at a time, without blank lines; rows of another width are refused."""
    done = 0
    while True:
        try:
            rows = list(islice(reader, _ROWS_AT_ONCE))
        except csv.Error as error:
            raise PriceError(f"not CSV: {error}; mend the file", where=f"{path}:{reader.line_num}") from None
        if not rows:
            return
        if set(map(len, rows)) != {width} or not all(row[time_at].strip() for row in rows):
            rows = [row for row in rows if any(cell.strip() for cell in row)]
            for i, row in enumerate(rows):
                if len(row) != width:
                    raise PriceError(
                        f"{len(row)} cells, the header has {width}; mend the file",
                        where=place(path, _line(text, delimiter, done + i)),
                    )
        done += len(rows)
        if rows:
            yield rows


def _line(text: str, delimiter: str, place: int) -> int:
    """The line of the row at a place below the header, blank lines not counted."""
    reader = _reader(text, delimiter)
    next(reader)
    rows = (reader.line_num for row in reader if any(cell.strip() for cell in row))
    return int(next(islice(rows, place, None), reader.line_num))


def _text(path: Path) -> str:
    """The file as text; a file that is missing, too large, empty or not UTF-8 is refused."""
    opened_size(path, MOST_BYTES)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PriceError(f"the file cannot be read: {error.strerror}; check the path", where=str(path)) from None
    if path.suffix.lower() == ".gz":
        data = _unpacked(path, data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise PriceError(
            f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8 text", where=f"{path}:{line}"
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PriceError("the file is binary; give CSV text", where=f"{path}:{line}")
    if not text.strip():
        raise PriceError("the file is empty; give a header and rows of timestep and price", where=f"{path}:1")
    return text


def _unpacked(path: Path, data: bytes) -> bytes:
    """What a gzip file holds, no more than is read of a plain one."""
    parts: list[bytes] = []
    size = 0
    while data:
        unpacker = zlib.decompressobj(wbits=31)
        try:
            part = unpacker.decompress(data, MOST_BYTES - size + 1)
        except zlib.error as error:
            raise PriceError(f"not gzip: {error}; pack the file again", where=str(path)) from None
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise PriceError(f"the file unpacks to more than {MOST_BYTES:,} bytes; cut it into years", where=str(path))
        if not unpacker.eof:
            raise PriceError("the gzip file ends too early; pack it again", where=str(path))
        data = unpacker.unused_data.lstrip(b"\0")
        if data and len(parts) >= _MOST_PARTS:
            # each further part costs a copy of what is left
            raise PriceError(f"the gzip file has more than {_MOST_PARTS} parts; pack it again", where=str(path))
    return b"".join(parts)


def _check_lines(path: Path, text: str) -> None:
    """Refuse a line that is too long, before it becomes a row of very many cells."""
    start = 0
    while len(text) - start > _LONGEST_LINE:
        end = text.rfind("\n", start, start + _LONGEST_LINE)
        if end < 0:
            line = text.count("\n", 0, start) + 1
            raise PriceError(
                f"the line has more than {_LONGEST_LINE:,} characters; leave out columns, and end lines with \\n",
                where=f"{path}:{line}",
            )
        start = end + 1
