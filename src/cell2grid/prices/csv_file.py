"""Price series from CSV files: a header, a column of ISO 8601 stamps and a column of prices per MWh.

The policy is to stop: a gap, a stamp twice, a number that is missing, a clock change in local time are errors that
name the line, for a series mended by guesswork gives a plausible wrong revenue. Stamps with an offset are turned into
UTC; stamps without one are taken as UTC. Resampling, time zones by name and other formats are left out.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cell2grid.errors import PriceError
from cell2grid.prices.series import PriceSeries

# a year of one-minute prices has about 15 MB
MOST_BYTES = 256_000_000
FIRST_YEAR, LAST_YEAR = 1900, 2200
HIGHEST_PRICE = 1e9
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_TIME_NAMES = ("timestep", "", "time", "timestamp", "datetime", "date", "utc", "index")
_MENDS = "mend the file: this reader fills nothing in"


class _Row(NamedTuple):
    line: int
    stamp: datetime
    price: float


def read_prices(
    path: str | Path,
    *,
    price_column: str = "price",
    time_column: str | None = None,
    currency: str | None = None,
    name: str | None = None,
) -> PriceSeries:
    """The price series of a CSV file [currency/MWh].

    Parameters
    ----------
    path
        A file with a header line; cells are parted by comma, semicolon or tab.
    price_column
        The column of prices per MWh.
    time_column
        The column of ISO 8601 stamps at which the steps begin. Without it: ``timestep``, or a first column that is
        unnamed or called time, timestamp, datetime, date, utc or index.
    currency
        The ISO 4217 code of the prices, where it is known.
    name
        What charts call the series; the file's name without it.

    Raises
    ------
    PriceError
        The file cannot be read, lacks a column, or has a gap, a stamp twice, stamps out of order or of changing
        spacing, a price that is no finite number, or fewer than two rows.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "two.csv"
    >>> _ = path.write_text("timestep,price\\n2025-03-30T01:00+01:00,41\\n2025-03-30T03:00+02:00,-3.5\\n")
    >>> read_prices(path).price
    array([41. , -3.5])
    """
    path = Path(path)
    rows = list(_rows(path, _text(path), price_column, time_column))
    if len(rows) < 2:
        raise PriceError(
            f"{len(rows)} row{'' if len(rows) == 1 else 's'} of prices, expected at least 2: "
            "one row does not say how long its time step is",
            where=str(path),
        )
    seconds = _spacing(path, rows)
    start = rows[0].stamp.replace(tzinfo=None)
    first = np.datetime64(start, "s")
    return PriceSeries(
        timestep=first + np.arange(len(rows)) * np.timedelta64(seconds, "s"),
        price=np.array([row.price for row in rows]),
        step_hours=np.full(len(rows), seconds / 3600.0),
        name=path.stem if name is None else name,
        currency=currency,
        offsets=rows[0].stamp.tzinfo is not None,
    )


def _text(path: Path) -> str:
    """The file as text; a file that is missing, too large, empty or not UTF-8 is refused."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise PriceError(
                f"the file has {size:,} bytes, at most {MOST_BYTES:,} are read; cut it into years",
                where=str(path),
            )
        data = path.read_bytes()
    except OSError as error:
        raise PriceError(f"the file cannot be read: {error.strerror}; check the path", where=str(path)) from None
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


def _rows(path: Path, text: str, price_column: str, time_column: str | None) -> Iterator[_Row]:
    """The stamps and prices of the file with their lines."""
    header_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader)]
        time_at, price_at = _columns(path, header, price_column, time_column)
        aware: bool | None = None
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            where = f"{path}:{reader.line_num}"
            if len(cells) != len(header):
                raise PriceError(f"{len(cells)} cells, the header has {len(header)}; {_MENDS}", where=where)
            stamp = _stamp(cells[time_at], where)
            if aware is not None and aware != (stamp.tzinfo is not None):
                raise PriceError(
                    f"stamp '{cells[time_at][:40]}' {'lacks' if aware else 'has'} an offset, unlike the lines before; "
                    "write all stamps in one way",
                    where=where,
                )
            aware = stamp.tzinfo is not None
            yield _Row(reader.line_num, stamp, _price(cells[price_at], where))
    except csv.Error as error:
        raise PriceError(f"not CSV: {error}; {_MENDS}", where=f"{path}:{reader.line_num}") from None


def _columns(path: Path, header: list[str], price_column: str, time_column: str | None) -> tuple[int, int]:
    """The places of the stamps and of the prices in a row."""
    where = f"{path}:1"
    if len(header) == 1 and _NUMBER.fullmatch(header[0]):
        raise PriceError("the first line is no header; write one, as in 'timestep,price'", where=where)
    price_at = _place(header, price_column, "price", where)
    if time_column is not None:
        return _place(header, time_column, "time", where), price_at
    if "timestep" in header:
        return _place(header, "timestep", "time", where), price_at
    if header[0].lower() in _TIME_NAMES and price_at != 0:
        return 0, price_at
    return _place(header, "timestep", "time", where), price_at


def _place(header: list[str], column: str, kind: str, where: str) -> int:
    if header.count(column) > 1:
        raise PriceError(f"column '{column}' stands {header.count(column)} times; rename one", where=where)
    if column in header:
        return header.index(column)
    near = get_close_matches(column.lower(), [name.lower() for name in header], n=1, cutoff=0.5)
    meant = next((name for name in header if near and name.lower() == near[0]), None)
    hint = f"did you mean '{meant}'? " if meant else ""
    names = ", ".join(f"'{name[:30]}'" for name in header[:12])
    way = f"--{kind}-column{', in a study with column:' if kind == 'price' else ''}"
    raise PriceError(
        f"no column '{column[:40]}'; {hint}the header has {names}; name the {kind} column with {way}", where=where
    )


def _stamp(cell: str, where: str) -> datetime:
    """The stamp of a cell, in UTC where it has an offset."""
    shown = cell.strip()[:40]
    try:
        stamp = datetime.fromisoformat(cell.strip())
    except ValueError:
        raise PriceError(
            f"'{shown}' is not an ISO 8601 stamp; write it as in 2025-03-30T01:00+01:00 or 2025-03-30 00:00",
            where=where,
        ) from None
    if not FIRST_YEAR <= stamp.year <= LAST_YEAR:
        raise PriceError(f"stamp '{shown}' lies outside the years {FIRST_YEAR} to {LAST_YEAR}; correct it", where=where)
    return stamp if stamp.tzinfo is None else stamp.astimezone(UTC)


def _price(cell: str, where: str) -> float:
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        if not text:
            raise PriceError(f"the price is missing; {_MENDS}", where=where)
        if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text):
            hint = "write it without commas between thousands, and a point for the decimals"
        else:
            hint = "write a point for the decimals" if re.fullmatch(r"[+-]?\d+,\d+", text) else _MENDS
        raise PriceError(f"price '{text[:40]}' is not a number; {hint}", where=where)
    price = float(text)
    if abs(price) > HIGHEST_PRICE:
        raise PriceError(
            f"price '{text[:40]}' is beyond {HIGHEST_PRICE:g} per MWh, the largest that is read; correct it",
            where=where,
        )
    return price


def _spacing(path: Path, rows: list[_Row]) -> int:
    """The seconds between stamps, which are the same from the first row to the last."""
    steps = [after.stamp - before.stamp for before, after in pairwise(rows)]
    usual, _ = Counter(steps).most_common(1)[0]
    if usual <= timedelta(0):
        usual = min((step for step in steps if step > timedelta(0)), default=timedelta(hours=1))
    for i, step in enumerate(steps):
        if step != usual:
            raise PriceError(
                _complaint(rows[i], rows[i + 1], step, usual, Counter(steps)),
                where=f"{path}:{rows[i + 1].line}",
            )
    if usual.microseconds:
        raise PriceError(
            f"steps of {usual.total_seconds()} s, expected whole seconds; round the stamps", where=str(path)
        )
    return int(usual.total_seconds())


def _complaint(before: _Row, after: _Row, step: timedelta, usual: timedelta, steps: Counter[timedelta]) -> str:
    """What is wrong between two rows whose stamps are not the usual step apart, and what to do."""
    stamp = after.stamp.isoformat(sep=" ", timespec="minutes")
    earlier = f"line {before.line}"
    if _clock_changes(after.stamp) and step - usual in (timedelta(hours=1), timedelta(hours=-1)):
        happened = "skipped" if step > usual else "repeated"
        return (
            f"an hour is {happened} at {stamp}, as local clocks do near this date; write the stamps in UTC or with "
            "their offset (2025-03-30T03:00+02:00)"
        )
    if step == timedelta(0):
        return f"stamp {stamp} stands twice, here and on {earlier}; remove one"
    if step < timedelta(0):
        return f"stamp {stamp} is earlier than that of {earlier}; sort the rows by time"
    often = steps[step] > 2 and steps[step] * 10 > steps.total()
    if step % usual or often:
        return (
            f"stamp {stamp} comes {_minutes(step)} after {earlier}, the usual step is {_minutes(usual)}: "
            "resolutions are mixed; give one resolution a file"
        )
    missing = step // usual - 1
    return (
        f"a gap of {missing} step{'' if missing == 1 else 's'} before {stamp}: it comes {_minutes(step)} after "
        f"{earlier}, expected {_minutes(usual)}; {_MENDS}"
    )


def _minutes(step: timedelta) -> str:
    return f"{step.total_seconds() / 60:g} min"


def _clock_changes(stamp: datetime) -> bool:
    """Whether clocks change somewhere at about this local time: Sunday before five, in spring or autumn."""
    return stamp.tzinfo is None and stamp.weekday() == 6 and stamp.hour < 5 and stamp.month in (3, 4, 9, 10, 11)
