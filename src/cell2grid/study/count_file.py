"""Files of reported counts: what a plant had made in stretches of days, one row each.

A row has ``end`` and either ``count`` with its ``start``, or ``cumulative``, which counts from the opening. Days are
dates, both included, or numbers counted from the opening: ``0, 168`` is everything before day 168 is over. What is
fitted to them is in ``cell2grid.formulas.ramp_fit``.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from cell2grid.errors import InputError
from cell2grid.files import plain_size

COLUMNS = ("name", "start", "end", "count", "cumulative")
MOST_BYTES = 1_000_000
_LARGEST = 1e15
_LONGEST_NAME = 100
_MOST_DAYS = 100_000.0


@dataclass(frozen=True, slots=True)
class CountRow:
    """A row: its name, its line, its days as written, and its items. ``start`` is None from the opening on."""

    name: str
    line: int
    start: date | float | None
    end: date | float
    items: float


def read_counts(path: Path) -> list[CountRow]:
    """The rows of a file, in their order.

    Raises
    ------
    InputError
        The file cannot be read, lacks a column, or a row says something that cannot be; the message has its line.
    """
    try:
        if (size := plain_size(path)) > MOST_BYTES:
            raise InputError(f"has {size:,} bytes, above {MOST_BYTES:,}; join days to months", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not text in UTF-8; save it as CSV in UTF-8", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or error}", where=str(path)) from None
    return parse_counts(text, name=str(path))


def parse_counts(text: str, *, name: str = "counts") -> list[CountRow]:
    """The rows of a text.

    Raises
    ------
    InputError
        As ``read_counts``.

    >>> parse_counts("end,cumulative\\n168,1000\\n323,2000\\n")[1]
    CountRow(name='row 2', line=3, start=None, end=323.0, items=2000.0)
    """
    first = text.split("\n", 1)[0]
    reader = csv.reader(StringIO(text), delimiter=";" if ";" in first else ",", strict=True)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"is no CSV: {error}", where=f"{name}:{reader.line_num}") from None
    if not lines:
        raise InputError("is empty; write a header such as 'start,end,count' and a row for each count", where=name)
    header = [cell.strip().lower() for cell in lines[0][1]]
    _check_header(header, name)
    rows = [_row(dict(zip(header, row, strict=False)), row, header, line, name, number)
            for number, (line, row) in enumerate(lines[1:], start=1)]  # fmt: skip
    if not rows:
        raise InputError("has a header and no row; write one for each count", where=name)
    if len({isinstance(row.end, date) for row in rows}) > 1:
        raise InputError("has days as dates and as numbers; write all of them in one way", where=name)
    return rows


def _check_header(header: list[str], name: str) -> None:
    strange = [cell for cell in header if cell not in COLUMNS]
    if strange:
        raise InputError(f"column '{strange[0][:40]}' is not one of {', '.join(COLUMNS)}", where=f"{name}:1")
    twice = [cell for cell in header if header.count(cell) > 1]
    if twice:
        raise InputError(f"column '{twice[0]}' is there twice; keep one", where=f"{name}:1")
    if "end" not in header or not {"count", "cumulative"} & set(header):
        raise InputError("needs a column 'end', and 'count' with 'start' or 'cumulative'", where=f"{name}:1")
    if "count" in header and "start" not in header:
        raise InputError("has 'count' and no 'start'; add it, or write 'cumulative'", where=f"{name}:1")


def _row(cells: dict[str, str], row: list[str], header: list[str], line: int, name: str, number: int) -> CountRow:
    where = f"{name}:{line}"
    if len(row) != len(header):
        raise InputError(f"has {len(row)} cells, expected {len(header)}", where=where)
    cells = {key: cell.strip() for key, cell in cells.items()}
    written = [key for key in ("count", "cumulative") if cells.get(key)]
    if len(written) != 1:
        raise InputError("says how many in 'count' or in 'cumulative'; write one of them", where=where)
    items = _number(cells[written[0]], written[0], where, most=_LARGEST)
    end = _day(cells["end"], "end", where)
    start = None if written == ["cumulative"] or not cells.get("start") else _day(cells["start"], "start", where)
    if written == ["count"] and start is None:
        raise InputError("has a count and no start; add it, or write the count as 'cumulative'", where=where)
    if start is not None and isinstance(start, date) != isinstance(end, date):
        raise InputError("has one day as a date and one as a number; write both in one way", where=where)
    if start is not None and _ends_first(start, end):
        raise InputError(f"end {cells['end']} is before start {cells['start']}; correct one of them", where=where)
    return CountRow((cells.get("name") or f"row {number}")[:_LONGEST_NAME], line, start, end, items)


def _ends_first(start: date | float, end: date | float) -> bool:
    if isinstance(start, date) and isinstance(end, date):
        return end < start
    return not isinstance(start, date) and not isinstance(end, date) and end <= start


def _number(text: str, key: str, where: str, *, most: float) -> float:
    try:
        number = float(text.replace(" ", ""))
    except ValueError:
        raise InputError(f"{key} '{text[:40]}' is no number; write it as in 1000", where=where) from None
    if not math.isfinite(number) or not 0 <= number <= most:
        raise InputError(f"{key} '{text[:40]}' is not from 0 to {most:,.0f}", where=where)
    return number


def _day(text: str, key: str, where: str) -> date | float:
    if not text:
        raise InputError(f"has no {key}; write a date such as 2025-07-31, or days since the opening", where=where)
    if len(text) == 10 and text[4] == "-":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise InputError(f"{key} '{text}' is no day of the calendar; write it as 2025-07-31", where=where) from None
    try:
        return _number(text, key, where, most=_MOST_DAYS)
    except InputError:
        raise InputError(
            f"{key} '{text[:40]}' is neither a date such as 2025-07-31 nor a number of days since the opening from 0 to"
            f" {_MOST_DAYS:,.0f}",
            where=where,
        ) from None
