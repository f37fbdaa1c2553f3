"""The price years of a fleet: each file of a folder is a series, and a series of several years is cut into them.

All files are read and checked before any work starts. What fits in ``HELD_BYTES`` stays in memory; the rest is read
again when its turn comes, and must then be what it was. How a file is read is in ``cell2grid.prices``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.errors import PriceError
from cell2grid.prices import PriceSeries, read_prices

HELD_BYTES = 256_000_000
MOST_FILES = 200_000
READ = (".csv", ".csv.gz", ".parquet", ".pq", ".xlsx", ".xlsm")
_YEAR_HOURS = 366 * 24
_DAY_HOURS = 24
# from UTC to the clock that is furthest from it
_CLOCKS_APART = np.timedelta64(14 * 3600, "s")


@dataclass(frozen=True, slots=True)
class PriceYear:
    """One year of one series: the steps ``first`` to ``first + count`` of a column of a file."""

    file: Path
    column: str
    series: str
    year: int
    first: int
    count: int
    hours: float
    filled: int
    currency: str | None
    digest: str


class YearPrices(NamedTuple):
    """What the engine needs of a price year: stamps in UTC, prices [currency/MWh], steps [hour] and local days."""

    timestep: npt.NDArray[np.datetime64]
    price: npt.NDArray[np.float64]
    step_hours: npt.NDArray[np.float64]
    day: npt.NDArray[np.int64]


@dataclass(slots=True, eq=False)
class PriceFolder:
    """The price years of a folder in their order: by file name, column and year.

    ``ignored`` names the files that are no price files by their ending; ``notes`` say what was done to which series.
    """

    years: tuple[PriceYear, ...]
    ignored: tuple[str, ...]
    reading: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    held: dict[tuple[Path, str], PriceSeries] = field(default_factory=dict)
    last: tuple[tuple[Path, str], PriceSeries] | None = None

    def prices(self, year: PriceYear) -> YearPrices:
        """The steps and prices of a year, from memory or from its file.

        Raises
        ------
        PriceError
            The file is no longer what it was at the start.
        """
        key = (year.file, year.column)
        series = self.held.get(key)
        if series is None:
            if self.last is None or self.last[0] != key:
                self.last = (key, read_prices(year.file, price_column=year.column, **self.reading))
            series = self.last[1]
        found = _cut(series, year.first, year.count)
        if key not in self.held and _digest(found) != year.digest:
            raise PriceError("the prices have changed since the fleet began; start it again", where=str(year.file))
        return found


def read_folder(
    folder: str | Path,
    *,
    price_columns: Sequence[str] = ("price",),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    **reading: Any,
) -> PriceFolder:
    """The price years of all files of a folder, or of one file, each checked from its first row to its last.

    Parameters
    ----------
    price_columns
        The columns of each file that are series; where there are several a series is called ``file:column``.
    on_progress
        Called with the number of files that are read, and of all.
    reading
        What else ``read_prices`` takes, as ``time_column`` and ``currency``.

    Raises
    ------
    PriceError
        There is no price file, two have one name, or one is not whole; the message has file and line.
    """
    files, ignored = price_files(Path(folder))
    found = PriceFolder((), ignored, dict(reading))
    years: list[PriceYear] = []
    held = 0
    for number, file in enumerate(files):
        for column in price_columns:
            series = read_prices(file, price_column=column, **reading)
            name = series_name(file) if len(price_columns) == 1 else f"{series_name(file)}:{column}"
            years += _years(series, file, column, name)
            found.notes += tuple(f"{name}: {note}" for note in series.notes)
            held += 3 * series.price.nbytes
            if held <= HELD_BYTES:
                found.held[file, column] = series
        on_progress(number + 1, len(files))
    found.years = tuple(years)
    return found


def series_name(file: Path) -> str:
    """The name of the series in a file: the file's without its ending.

    >>> series_name(Path("prices/de.2025.csv.gz"))
    'de.2025'
    """
    return file.name.removesuffix(".gz").rpartition(".")[0] or file.name


def calendar_years(series: PriceSeries) -> list[tuple[int, int, int]]:
    """The calendar years of a series on its local clock: year, first step and number of steps.

    Up to 366 days stay in one piece, called by the year that most of them lie in. Where no zone is known, a series
    that begins within 14 hours of a new year in UTC begins with that year on its own clock, and its years turn at
    that hour. A first or last piece of less than a day belongs to the year beside it.

    >>> stamps = np.datetime64("2023-12-31T23:00", "s") + np.arange(2 * 8760 + 24) * np.timedelta64(3600, "s")
    >>> one = np.ones(len(stamps))
    >>> calendar_years(PriceSeries(timestep=stamps, step_hours=one, price=one, name="de"))
    [(2024, 0, 8784), (2025, 8784, 8760)]
    """
    numbers = _years_of_steps(series)
    ends = np.concatenate([[0.0], np.cumsum(series.step_hours)])
    if ends[-1] <= _YEAR_HOURS:
        return [(int(numbers[len(numbers) // 2]), 0, len(numbers))]
    firsts = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), len(numbers)]
    if ends[firsts[1]] < _DAY_HOURS:
        del firsts[1]
    if ends[-1] - ends[firsts[-2]] < _DAY_HOURS:
        del firsts[-2]
    return [(int(numbers[(a + b) // 2]), a, b - a) for a, b in pairwise(firsts)]


def _years_of_steps(series: PriceSeries) -> npt.NDArray[np.int64]:
    """The calendar year of each step on the local clock, or on the clock that the first step suggests."""
    if series.zone is not None:
        return series.local_year()
    stamps = series.timestep.astype("datetime64[s]")
    away = stamps[0] - (stamps[0] + _CLOCKS_APART).astype("datetime64[Y]").astype("datetime64[s]")
    shift = away if abs(away) <= _CLOCKS_APART else np.timedelta64(0, "s")
    years: npt.NDArray[np.int64] = (stamps - shift).astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def _years(series: PriceSeries, file: Path, column: str, name: str) -> list[PriceYear]:
    found = []
    for year, first, count in calendar_years(series):
        piece = _cut(series, first, count)
        filled = int(((series.filled >= first) & (series.filled < first + count)).sum())
        found.append(
            PriceYear(
                file=file,
                column=column,
                series=name,
                year=year,
                first=first,
                count=count,
                hours=float(piece.step_hours.sum()),
                filled=filled,
                currency=series.currency,
                digest=_digest(piece),
            )
        )
    return found


def _cut(series: PriceSeries, first: int, count: int) -> YearPrices:
    part = series.part(first, first + count)
    return YearPrices(part.timestep, part.price, part.step_hours, part.local_day())


def _digest(prices: YearPrices) -> str:
    """The hash of what the engine sees, whatever the format of the file."""
    whole = hashlib.sha256()
    stamps = prices.timestep.astype("datetime64[s]").astype(np.int64)
    for values in (stamps, prices.price, prices.step_hours, prices.day):
        whole.update(np.ascontiguousarray(values).tobytes())
    return whole.hexdigest()


def price_files(folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """The price files in the order of their names, and the names of the others; a file stands for itself.

    Raises
    ------
    PriceError
        There is none, or two would be one series.
    """
    if folder.is_file():
        return [folder], ()
    if not folder.is_dir():
        raise PriceError("there is no such folder of price files; check the path", where=str(folder))
    entries = sorted((each for each in folder.iterdir() if not each.name.startswith(".")), key=lambda each: each.name)
    files = [each for each in entries if each.name.lower().endswith(READ) and each.is_file()]
    chosen = set(files)
    ignored = tuple(each.name for each in entries if each not in chosen)
    if not files:
        raise PriceError(
            f"no price file stands in the folder, whose {len(ignored)} other entries are none; "
            f"price files end in {', '.join(READ)}",
            where=str(folder),
        )
    if len(files) > MOST_FILES:
        raise PriceError(
            f"{len(files):,} price files, at most {MOST_FILES:,} are read; cut the fleet", where=str(folder)
        )
    called: dict[str, Path] = {}
    for file in files:
        name = series_name(file)
        if name in called:
            raise PriceError(
                f"'{file.name}' and '{called[name].name}' would both be the series '{name}'; rename one",
                where=str(folder),
            )
        called[name] = file
    return files, ignored
