"""A forecast that the user has in a file: in a wide form, or in a long one.

Wide: one row a step, one column of prices expected for it, made the day before for the whole day, as forecasts of
day-ahead markets are published. Long: columns ``made_at``, ``timestep`` and ``price``; in each step the latest made by
then counts. Stamps are matched, never counted: a step of the run without a forecast is an error that names it. Steps
beyond what was forecast by then take the same time of the last day that was.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cell2grid.errors import InputError
from cell2grid.prices.forecasts.columns import Stamps, columns_of, header_of
from cell2grid.prices.forecasts.known import DAY_SECONDS, Floats, Integers, Known
from cell2grid.prices.forecasts.matrix import Forecast, carried
from cell2grid.prices.series import PriceSeries

LONG = ("made_at", "timestep", "price")
# a forecast of a day stands when the market for it closes, at noon of the day before, unless the user says otherwise
MADE_HOUR = 12.0


def read_forecast(
    path: str | Path,
    known: Known,
    *,
    column: str | None = None,
    made_hour: float = MADE_HOUR,
    carry_error: bool = True,
) -> Forecast:
    """The forecast of a CSV or Parquet file, matched to the steps that it is for.

    Parameters
    ----------
    path
        The file. With the columns ``made_at``, ``timestep`` and ``price`` it is in the long form, and in the wide one
        without.
    known
        What is known of the prices that were forecast.
    column
        The column of the forecast in the wide form; ``price`` without it.
    made_hour
        Wide form: the hour of the day before [hour] from which the forecast of a day may be used.
    carry_error
        Whether the latest error is carried on, as in ``carried``.

    Raises
    ------
    PriceError
        The file cannot be read, or a price in it is no finite number.
    InputError
        A step of the run has no forecast, or ``made_hour`` lies outside a day.

    >>> import tempfile, pathlib
    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.prices.forecasts import known_prices, read_forecast
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "told.csv"
    >>> rows = [f"2025-01-01T{hour:02},{40 + hour}" for hour in range(24)]
    >>> _ = path.write_text("\\n".join(["timestep,told", *rows]))
    >>> known = known_prices(synthetic_year(1))
    >>> import dataclasses
    >>> day = dataclasses.replace(known, price=known.price[:24], timestep=known.timestep[:24], ahead=known.ahead[:24])
    >>> read_forecast(path, day, column="told", carry_error=False).prices(0, 1, 4)[0, 1:]
    array([41., 42., 43.])
    """
    if not 0.0 <= made_hour <= 24.0:
        raise InputError(f"forecast: made at hour {made_hour:g} of the day before, expected 0 to 24")
    path = Path(path)
    header = header_of(path)
    if set(LONG) <= set(header):
        (made, target), price = columns_of(path, stamps=LONG[:2], number=LONG[2])
        words = "the file's latest forecast made by then"
    else:
        (target,), price = columns_of(path, stamps=(_time_column(header),), number=column or "price")
        made = _day_before(target, made_hour)
        words = "the file's forecast, made the day before"
    name = path.stem if column is None else f"{path.stem}, {column}"
    told = Forecast(name, words, known, _Vintages(str(path), known, made, target, price).rows)
    return carried(told) if carry_error else told


def day_ahead_forecast(series: PriceSeries, known: Known, *, made_hour: float = MADE_HOUR) -> Forecast:
    """Another series as the forecast of each of its days, made at ``made_hour`` of the day before.

    So day-ahead prices are a forecast of intraday prices. Parameters and errors as ``read_forecast``.
    """
    target = series.timestep.astype("datetime64[s]")
    made = _day_before(target, made_hour)
    words = f"{series.name}, known the day before"
    vintages = _Vintages(series.name, known, made, target, series.price)
    return carried(Forecast(series.name, words, known, vintages.rows))


def _day_before(target: Stamps, made_hour: float) -> Stamps:
    """When the forecasts of some steps are made: at an hour of the day before each."""
    days = target.astype(np.int64) // DAY_SECONDS * DAY_SECONDS
    return (days - DAY_SECONDS + round(made_hour * 3600.0)).astype("datetime64[s]")


class _Vintages:
    """Forecasts in the order in which they were made, and what had been told by each step of the series."""

    def __init__(self, name: str, known: Known, made: Stamps, target: Stamps, price: Floats) -> None:
        stamps = known.timestep.astype("datetime64[s]")
        at = np.searchsorted(stamps, target)
        fits = (at < len(stamps)) & (stamps[np.minimum(at, len(stamps) - 1)] == target)
        # the first step in which a forecast may be used
        since = np.searchsorted(stamps, made)
        # made after its step, or for a step outside the series: of no use to anybody in it
        useful = fits & (since <= at)
        order = np.argsort(since[useful], kind="stable")
        self.since, self.at, self.price = since[useful][order], at[useful][order], price[useful][order]
        self.known, self.day = known, known.day_steps
        told = np.zeros(len(stamps), dtype=bool)
        told[self.at] = True
        missing = np.flatnonzero(~told[known.first :])
        if len(missing):
            first = stamps[known.first + missing[0]]
            raise InputError(
                f"{len(missing)} of {len(stamps) - known.first} steps have no forecast made in time, the first at "
                f"{first}; give one for each step, or shorten the prices",
                where=name,
            )

    def rows(self, origins: Integers, leads: int) -> Floats:
        """What was expected in each of the steps ``origins``, which rise."""
        count = len(self.known.price)
        view = np.full(count + leads, np.nan)
        rows = np.empty((len(origins), leads))
        used = 0
        for row, origin in enumerate(origins.tolist()):
            until = int(np.searchsorted(self.since, origin, side="right"))
            view[self.at[used:until]] = self.price[used:until]
            used = until
            rows[row] = self._filled(view, origin, leads)
        return rows

    def _filled(self, view: Floats, origin: int, leads: int) -> Floats:
        """One row: what was told, then what was told of the same time of the last day told, then the last price."""
        row: Floats = view[origin : origin + leads].copy()
        if np.isnan(row).any():
            last = int(self.known.last[origin])
            # the day before the step, as it was told, or as it came where it was not told
            before = np.arange(max(origin - self.day, 0), origin)
            came = np.where(np.isnan(view[before]), self.known.price[before], view[before])
            told = np.concatenate([np.full(self.day - len(before), self.known.price[last]), came, row])
            for lead in np.flatnonzero(np.isnan(row)).tolist():
                told[self.day + lead] = told[lead]
            row = told[self.day :]
        return row


def _time_column(header: list[str]) -> str:
    """The column of stamps: ``timestep``, or the first."""
    return "timestep" if "timestep" in header or not header else header[0]
