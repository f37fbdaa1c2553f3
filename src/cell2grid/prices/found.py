"""What a reader of one format hands on: stamps and numbers of two columns, and where in the file each row stands.

The readers are ``csv_file``, ``parquet_file`` and ``excel_file``; ``steps`` makes time steps of what they found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.files import plain_size
from cell2grid.prices.measures import bare, price_unit, unit_in

# about 15 MB a year of one-minute prices as CSV; ten million steps fit
MOST_BYTES = 512_000_000
MOST_ROWS = 12_000_000
MOST_COLUMNS = 1_000
_TIME_NAMES = ("timestep", "", "time", "timestamp", "datetime", "date", "utc", "index")


class Measured(NamedTuple):
    """What the numbers of a column are: the noun of messages, the bounds, and what a bound is said to be."""

    noun: str
    lowest: float
    highest: float
    per: str = ""


class Wanted(NamedTuple):
    """What is asked of a file: two columns by name, and how its cells are to be taken.

    ``value_column`` None stands for the one column beside the stamps. ``missing`` tells whether a cell may be without
    a number, which a policy then fills. ``decimal`` is the mark of decimals in text, ``sheet`` a sheet of a workbook.
    """

    value_column: str | None
    time_column: str | None
    measured: Measured
    missing: bool = False
    decimal: str = "."
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a file in its order: seconds since 1970-01-01 on UTC or a local clock, and numbers.

    ``aware`` tells whether stamps had offsets, so that seconds are UTC. ``numbers`` is NaN where a cell has none.
    ``line`` gives the line or row of the file from a place in the arrays.
    """

    path: Path
    header: str
    seconds: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.float64]
    aware: bool
    line: Callable[[int], int]
    noun: str = "line"
    sheet: str = ""

    def row(self, i: int) -> str:
        """The row in words, as in ``line 4``."""
        return f"{self.noun} {self.line(i)}"

    def where(self, i: int) -> str:
        """The row with its file, as errors name it."""
        return place(self.path, self.line(i), noun=self.noun, sheet=self.sheet)


def place(path: Path, line: int, *, noun: str = "line", sheet: str = "") -> str:
    """A line or row of a file, as errors name it."""
    inside = f", sheet '{sheet}'" if sheet else ""
    return f"{path}:{line}" if noun == "line" else f"{path}{inside}, row {line}"


def columns(header: list[str], wanted: Wanted, where: str) -> tuple[int, int]:
    """The places of the stamps and of the numbers in a row.

    Raises
    ------
    PriceError
        A column is missing, or stands there more than once.
    """
    if len(header) > MOST_COLUMNS:
        raise PriceError(
            f"{len(header):,} columns, at most {MOST_COLUMNS:,} are read; leave out the others", where=where
        )
    if wanted.value_column is None:
        return _beside(header, wanted, where)
    value_at = _value_place(header, wanted.value_column, wanted.measured.noun, where)
    return _time_place(header, wanted.time_column, value_at, where), value_at


def _time_place(header: list[str], time_column: str | None, value_at: int | None, where: str) -> int:
    if time_column is not None:
        return _place(header, time_column, "time", where)
    if "timestep" in header:
        return _place(header, "timestep", "time", where)
    if header[0].lower() in _TIME_NAMES and value_at != 0:
        return 0
    return _place(header, "timestep", "time", where)


def _beside(header: list[str], wanted: Wanted, where: str) -> tuple[int, int]:
    """The stamps, and the one column beside them."""
    time_at = _time_place(header, wanted.time_column, None, where)
    others = [i for i in range(len(header)) if i != time_at]
    if len(others) != 1:
        names = ", ".join(f"'{header[i][:30]}'" for i in others[:12])
        raise PriceError(f"{len(others)} columns stand beside the stamps ({names}); name one", where=where)
    return time_at, others[0]


def _value_place(header: list[str], column: str, kind: str, where: str) -> int:
    """The column of this name; or the one that has it before a unit in brackets; or, for ``price``, a unit alone."""
    if column not in header:
        found = [i for i, name in enumerate(header) if bare(name) == column and name != column]
        if not found and column == "price":
            found = [i for i, name in enumerate(header) if unit_in(name) == name.strip() and price_unit(name)]
        if len(found) == 1:
            return found[0]
    return _place(header, column, kind, where)


def _place(header: list[str], column: str, kind: str, where: str) -> int:
    if header.count(column) > 1:
        raise PriceError(f"column '{column}' stands {header.count(column)} times; rename one", where=where)
    if column in header:
        return header.index(column)
    near = get_close_matches(column.lower(), [name.lower() for name in header], n=1, cutoff=0.5)
    meant = next((name for name in header if near and name.lower() == near[0]), None)
    hint = f"did you mean '{meant}'? " if meant else ""
    names = ", ".join(f"'{name[:30]}'" for name in header[:12])
    # what a region or project file reads is named there, and has no option
    option = f"--{kind}-column, " if kind != "power" else ""
    words = {"price": "in a study with column:", "power": "column: beside its file", "time": "or call it timestep"}
    way = f"{option}{words[kind]}" if kind in words else option.removesuffix(", ")
    raise PriceError(
        f"no column '{column[:40]}'; {hint}the header has {names}; name the {kind} column with {way}", where=where
    )


def opened_size(path: Path, most: int) -> int:
    """The bytes of a file, which are not more than are read.

    Raises
    ------
    PriceError
        It is not there, or larger.
    """
    try:
        size = plain_size(path)
        with path.open("rb"):
            pass
    except OSError as error:
        raise PriceError(f"the file cannot be read: {error.strerror}; check the path", where=str(path)) from None
    if size > most:
        raise PriceError(f"the file has {size:,} bytes, at most {most:,} are read; cut it into years", where=str(path))
    return size
