"""Columns of other files set beside a price series: what changes with time in an asset or a project file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.errors import PriceError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.prices import PriceSeries, Profile
    from cell2grid.study.asset_file import ColumnOf
    from cell2grid.study.wear import TemperatureColumn

_WHOLE_YEAR = 363 * 24.0  # hours


def column_beside(folder: Path, key: str, column: ColumnOf, series: PriceSeries) -> NDArray[np.float64]:
    """The numbers of a column over the steps of the prices, in the unit of the asset's key.

    Raises
    ------
    PriceError
        The file cannot be read, is in another unit or money, or has other time steps than the prices.
    """
    from cell2grid.prices import Profile, aligned, read_prices, read_profile
    from cell2grid.study.asset_file import unit_of

    place = folder / column.file
    timed: dict[str, Any] = {"timezone": series.zone, "irregular": not series.regular}
    if unit_of(key) == "currency/MWh":
        money = read_prices(place, price_column=column.column, unit=column.unit, currency=series.currency, **timed)
        profile = Profile(
            timestep=money.timestep, step_hours=money.step_hours, power=money.price, name=f"{place}: {column.column}",
            offsets=money.offsets, zone=money.zone,
        )  # fmt: skip
    elif unit_of(key) == "ratio":
        profile = read_profile(place, column=column.column, unit=column.unit or "share", capacity=1.0, **timed)
    else:
        profile = read_profile(place, column=column.column, unit=column.unit, **timed)
    return aligned(profile, series, cut=True)


def temperature_beside(
    folder: Path, column: TemperatureColumn, series: PriceSeries
) -> tuple[NDArray[np.float64], str | None]:
    """The temperatures [degC] over the steps of the prices, and a note where they are those of another year.

    A file with the stamps of the prices is set beside them by stamp; one of another year that is whole is set beside
    them by the time of the year, as weather of a typical year is.

    Raises
    ------
    PriceError
        The file cannot be read, or covers neither the prices nor a year.
    """
    from cell2grid.prices import aligned, read_temperature

    place = folder / column.file
    profile = read_temperature(place, column=column.column, timezone=series.zone, irregular=not series.regular)
    try:
        return aligned(profile, series, cut=True), None
    except PriceError:
        if float(profile.step_hours.sum()) < _WHOLE_YEAR:
            raise
    note = f"temperatures of {profile.name} are set beside the prices by the time of the year"
    return _by_time_of_year(profile, series), note


def _by_time_of_year(profile: Profile, series: PriceSeries) -> NDArray[np.float64]:
    """The temperature of the profile at the time of the year of each step."""
    hours, values = _hour_of_year(profile.timestep), profile.power
    order = np.argsort(hours, kind="stable")
    # the year closes on itself
    known = np.concatenate([[hours[order][-1] - 8784.0], hours[order], [hours[order][0] + 8784.0]])
    numbers = np.concatenate([[values[order][-1]], values[order], [values[order][0]]])
    found: NDArray[np.float64] = np.interp(_hour_of_year(series.timestep), known, numbers)
    return found


def _hour_of_year(stamps: NDArray[np.datetime64]) -> NDArray[np.float64]:
    """Hours since the year began, 29 February counted in every year, so that dates stay beside dates."""
    days, years = stamps.astype("datetime64[D]"), stamps.astype("datetime64[Y]")
    day = (days - years.astype("datetime64[D]")).astype(np.int64)
    year = years.astype(np.int64) + 1970
    leap = ((year % 4 == 0) & (year % 100 != 0)) | (year % 400 == 0)
    day = day + (~leap & (day >= 59))
    seconds = (stamps.astype("datetime64[s]") - days.astype("datetime64[s]")).astype(np.int64)
    hours: NDArray[np.float64] = day * 24.0 + seconds / 3600.0
    return hours
