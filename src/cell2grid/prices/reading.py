"""Price series and profiles from files: CSV (plain or gzip), Parquet and Excel, by the ending of their name.

The rows are found in ``csv_file``, ``parquet_file`` and ``excel_file``, put in time in ``steps``, filled in
``filling``. Stamps with an offset are turned into UTC; those without are of the zone that is named, or taken as UTC.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple, TypedDict, get_args

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError, PriceError
from cell2grid.prices.filling import LONGEST_GAP, Gaps, filled
from cell2grid.prices.found import Found, Measured, Wanted
from cell2grid.prices.measures import ExchangeRate, bare, check_currency, conversion, power_factor, unit_in
from cell2grid.prices.series import PriceSeries, Profile
from cell2grid.prices.steps import Duplicates, Stamps, lengths, rows_in_time
from cell2grid.prices.zones import check_zone

HIGHEST_PRICE = 1e9
WORKBOOKS = (".xlsx", ".xlsm")
_PRICE = Measured("price", -HIGHEST_PRICE, HIGHEST_PRICE, " per MWh")
_POWER = Measured("power", 0.0, 1e9)
_NET_POWER = Measured("power", -1e9, 1e9)
_TEMPERATURE = Measured("temperature", -60.0, 100.0, " degC")
_DEGREES = ("degc", "°c", "c", "celsius")
_SHARE_SLACK = 1e-9


class _Stepped(NamedTuple):
    """Rows as steps: what both kinds of series are made of."""

    timestep: npt.NDArray[np.datetime64]
    step_hours: npt.NDArray[np.float64]
    numbers: npt.NDArray[np.float64]
    filled: npt.NDArray[np.int64]
    notes: tuple[str, ...]


class _Timing(TypedDict):
    timezone: str | None
    stamps: Stamps
    gaps: Gaps
    longest_gap: float
    duplicates: Duplicates
    irregular: bool


def read_prices(
    path: str | Path,
    *,
    price_column: str = "price",
    time_column: str | None = None,
    currency: str | None = None,
    name: str | None = None,
    unit: str | None = None,
    rate: ExchangeRate | str | None = None,
    timezone: str | None = None,
    stamps: Stamps = "begin",
    gaps: Gaps = "error",
    longest_gap: float = LONGEST_GAP,
    duplicates: Duplicates = "error",
    irregular: bool = False,
    decimal: str = ".",
    sheet: str | None = None,
) -> PriceSeries:
    """The price series of a CSV, Parquet or Excel file [currency/MWh].

    Parameters
    ----------
    path
        A file in .csv, .csv.gz, .parquet, .xlsx or .xlsm; a name with another ending is read as CSV. Cells of CSV are
        parted by comma, semicolon or tab, below a header line.
    price_column
        The column of prices; ``price`` is also found as ``price [EUR/MWh]`` and as a column named by its unit alone.
    time_column
        The column of stamps. Without it: ``timestep``, or a first column that is unnamed or called time, timestamp,
        datetime, date, utc or index.
    currency
        The ISO 4217 code of the prices, where the file does not say it; where it says another, a ``rate`` is needed.
    name
        What charts call the series; the file's name without it.
    unit
        The unit of the prices, as in ``ct/kWh``, where the header does not say it; per MWh without either.
    rate
        The exchange rate with its day, as in ``1.08 USD/EUR 2025-01-02``, at which prices are converted.
    timezone
        The IANA name of the zone whose clocks wrote stamps without an offset, or an offset such as ``+10:00``; days
        and months of the series are counted in it.
    stamps
        Whether a stamp marks the ``begin`` or the ``end`` of its step.
    gaps
        What becomes of missing rows and prices: ``error``; ``hold`` the price before; ``interpolate`` between the
        neighbours; ``day-before``, the same local time of the day before. What was filled is counted on the series.
    longest_gap
        The longest gap that is filled [hour].
    duplicates
        What becomes of rows with one stamp: ``error``; ``same`` keeps one where their prices are the same; ``last``.
    irregular
        Whether steps may have any lengths. A step then lasts to the next stamp, the last as long as the one before.
    decimal
        The mark of decimals in text, ``.`` or ``,``.
    sheet
        The sheet of a workbook; the first without it.

    Raises
    ------
    PriceError
        The file cannot be read, lacks a column, or has a gap, a stamp twice, stamps out of order or of changing
        spacing, a local time that never was, a price that is no finite number, or fewer than two rows.
    InputError
        An argument is none of its choices.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "two.csv"
    >>> _ = path.write_text("timestep,price [EUR/MWh]\\n2025-03-30 01:00,41\\n2025-03-30 03:00,-3.5\\n")
    >>> series = read_prices(path, timezone="Europe/Berlin")
    >>> series.price, series.unit, series.timestep[1]
    (array([41. , -3.5]), 'EUR/MWh', np.datetime64('2025-03-30T01:00:00'))
    """
    path = Path(path)
    check_currency(currency)
    timing = _timing(timezone, stamps, gaps, longest_gap, duplicates, irregular)
    wanted = Wanted(price_column, time_column, _PRICE, gaps != "error", _mark(decimal), sheet)
    found = found_in_file(path, wanted)
    return price_series(
        found,
        **timing,
        currency=currency,
        name=path.name.removesuffix(".gz").rpartition(".")[0] or path.name if name is None else name,
        unit=unit,
        rate=ExchangeRate.of(rate) if isinstance(rate, str) else rate,
    )


def price_series(
    found: Found,
    *,
    name: str,
    currency: str | None = None,
    unit: str | None = None,
    rate: ExchangeRate | None = None,
    timezone: str | None = None,
    stamps: Stamps = "begin",
    gaps: Gaps = "error",
    longest_gap: float = LONGEST_GAP,
    duplicates: Duplicates = "error",
    irregular: bool = False,
) -> PriceSeries:
    """The price series of rows that were found, as ``read_prices`` has it.

    Raises
    ------
    PriceError
        As ``read_prices``.
    """
    factor, held, notes = conversion(found.header, unit=unit, currency=currency, rate=rate, where=str(found.path))
    timing = _timing(timezone, stamps, gaps, longest_gap, duplicates, irregular)
    made = _stepped(found, _PRICE, timing)
    price = made.numbers if factor == 1.0 else made.numbers * factor
    _check_converted(found, price, factor)
    return PriceSeries(
        timestep=made.timestep,
        price=price,
        step_hours=made.step_hours,
        name=name,
        currency=held,
        offsets=found.aware or timezone is not None,
        zone=timezone,
        filled=made.filled,
        notes=(*notes, *made.notes),
    )


def read_profile(
    path: str | Path,
    *,
    column: str | None = None,
    unit: str | None = None,
    capacity: float | None = None,
    time_column: str | None = None,
    name: str | None = None,
    timezone: str | None = None,
    stamps: Stamps = "begin",
    gaps: Gaps = "error",
    longest_gap: float = LONGEST_GAP,
    duplicates: Duplicates = "error",
    irregular: bool = False,
    decimal: str = ".",
    sheet: str | None = None,
    signed: bool = False,
) -> Profile:
    """The mean power of a generation or a load over each time step [MW].

    Parameters
    ----------
    path
        A file as ``read_prices`` takes it.
    column
        The column of powers; without it, the one column beside the stamps.
    unit
        ``MW``, ``kW``, ``share`` or ``percent``, where the header does not say it, as ``pv [kW]`` does.
    capacity
        What a share is a share of [MW]; with it, a column whose header has no unit holds shares.
    time_column, name, timezone, stamps, gaps, longest_gap, duplicates, irregular, decimal, sheet
        As of ``read_prices``.
    signed
        Whether powers may be below 0, as those of a store are.

    Raises
    ------
    PriceError
        As ``read_prices``; and where a unit or capacity is missing, a power is below 0, or a share above 1.
    InputError
        An argument is none of its choices.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "sun.csv"
    >>> _ = path.write_text("timestep,share\\n2025-06-01 11:00Z,0.5\\n2025-06-01 12:00Z,0.75\\n")
    >>> read_profile(path, capacity=80.0).power
    array([40., 60.])
    """
    path = Path(path)
    timing = _timing(timezone, stamps, gaps, longest_gap, duplicates, irregular)
    measured = _NET_POWER if signed else _POWER
    wanted = Wanted(column, time_column, measured, gaps != "error", _mark(decimal), sheet)
    found = found_in_file(path, wanted)
    factor, shares = power_factor(found.header, unit=unit, capacity=capacity, where=str(found.path))
    if shares and capacity is not None:
        over = np.flatnonzero(found.numbers * factor > capacity * (1.0 + _SHARE_SLACK))
        if over.size:
            i = int(over[0])
            raise PriceError(
                f"share {found.numbers[i]:g} is above the whole capacity of {capacity:g} MW; correct it, or, where it "
                f"is no share, write the unit in the header, as in '{bare(found.header)[:40]} [MW]'",
                where=found.where(i),
            )
    made = _stepped(found, measured, timing)
    return Profile(
        timestep=made.timestep,
        power=made.numbers * factor,
        step_hours=made.step_hours,
        name=path.name.removesuffix(".gz").rpartition(".")[0] or path.name if name is None else name,
        offsets=found.aware or timezone is not None,
        zone=timezone,
        filled=made.filled,
        notes=made.notes,
    )


def read_temperature(
    path: str | Path,
    *,
    column: str | None = None,
    time_column: str | None = None,
    timezone: str | None = None,
    irregular: bool = False,
) -> Profile:
    """The mean temperature over each time step [degC], in the ``power`` of a profile.

    Parameters are as of ``read_profile``.

    Raises
    ------
    PriceError
        As ``read_prices``; and where the header has another unit, or a temperature is not from -60 to 100 degC.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "cells.csv"
    >>> _ = path.write_text("timestep,temperature [degC]\\n2025-06-01 11:00Z,25.5\\n2025-06-01 12:00Z,26\\n")
    >>> read_temperature(path).power
    array([25.5, 26. ])
    """
    path = Path(path)
    timing = _timing(timezone, "begin", "error", LONGEST_GAP, "error", irregular)
    found = found_in_file(path, Wanted(column, time_column, _TEMPERATURE, False, ".", None))
    if bare(found.header) != found.header.strip() and unit_in(found.header).lower() not in _DEGREES:
        raise PriceError(
            f"column '{found.header[:40]}' is in '{unit_in(found.header)[:20]}'; temperatures are read in degC",
            where=str(path),
        )
    made = _stepped(found, _TEMPERATURE, timing)
    return Profile(
        timestep=made.timestep,
        power=made.numbers,
        step_hours=made.step_hours,
        name=path.name,
        offsets=found.aware or timezone is not None,
        zone=timezone,
        notes=made.notes,
    )


def found_in_file(path: Path, wanted: Wanted) -> Found:
    """The stamps and numbers of a file of any kind that is read.

    Raises
    ------
    PriceError
        It cannot be read.
    """
    ending = path.suffix.lower()
    if wanted.sheet is not None and ending not in WORKBOOKS:
        raise PriceError(
            f"sheet '{wanted.sheet[:40]}' is asked for, and only workbooks ({', '.join(WORKBOOKS)}) have sheets; leave "
            "--sheet out",
            where=str(path),
        )
    if ending in (".parquet", ".pq"):
        from cell2grid.prices.parquet_file import found_in_parquet

        return found_in_parquet(path, wanted)
    if ending in WORKBOOKS:
        from cell2grid.prices.excel_file import found_in_excel

        return found_in_excel(path, wanted)
    if ending in (".xls", ".xlsb", ".ods"):
        raise PriceError(f"sheets in {ending} are not read; save the file as .xlsx, .csv or .parquet", where=str(path))
    from cell2grid.prices.csv_file import found_in_csv

    return found_in_csv(path, wanted)


def _stepped(found: Found, measured: Measured, timing: _Timing) -> _Stepped:
    """The time steps of rows that were found."""
    gaps = timing["gaps"]
    rows = rows_in_time(
        found,
        timezone=timing["timezone"],
        stamps=timing["stamps"],
        duplicates=timing["duplicates"],
        irregular=timing["irregular"],
        gaps=gaps != "error",
        noun=measured.noun,
    )
    seconds = lengths(rows, timing["stamps"])
    rows, places = filled(rows, gaps=gaps, longest_gap=timing["longest_gap"], measured=measured)
    if rows.usual:
        seconds = np.full(rows.begins.size, rows.usual, dtype=np.int64)
    return _Stepped(
        timestep=rows.begins.astype("datetime64[s]"),
        step_hours=seconds / 3600.0,
        numbers=rows.numbers,
        filled=places,
        notes=rows.notes,
    )


def _timing(
    timezone: str | None, stamps: Stamps, gaps: Gaps, longest_gap: float, duplicates: Duplicates, irregular: bool
) -> _Timing:
    for what, given, choices in (
        ("stamps", stamps, get_args(Stamps)),
        ("gaps", gaps, get_args(Gaps)),
        ("duplicates", duplicates, get_args(Duplicates)),
    ):
        if given not in choices:
            raise InputError(f"{what} '{given}' is none of {', '.join(choices)}; choose one")
    if not 0.0 < longest_gap < math.inf:
        raise InputError(f"longest gap is {longest_gap} hours, expected above 0 and finite; give it in hours")
    if timezone is not None:
        check_zone(timezone)
    return _Timing(
        timezone=timezone,
        stamps=stamps,
        gaps=gaps,
        longest_gap=longest_gap,
        duplicates=duplicates,
        irregular=irregular,
    )


def _mark(decimal: str) -> str:
    if decimal not in (".", ","):
        raise InputError(f"decimal mark '{decimal[:10]}' is neither '.' nor ','; give one of them")
    return decimal


def _check_converted(found: Found, price: npt.NDArray[np.float64], factor: float) -> None:
    far = np.flatnonzero(np.abs(price) > HIGHEST_PRICE) if factor != 1.0 else np.empty(0, np.int64)
    if far.size:
        raise PriceError(
            f"a price is {price[far[0]]:g} per MWh, beyond {HIGHEST_PRICE:g}, the largest taken; check the unit",
            where=str(found.path),
        )
