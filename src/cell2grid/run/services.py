"""The services of a file over the steps of a price series: products for the engine of energy and reserve.

Blocks and hours of the day are counted on the clocks of the service's zone; columns of prices are read and averaged
over each step. What a service file may say is in ``cell2grid.study.service_file``; the plan is made in
``cell2grid.engines.reserves``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from cell2grid.engines.reserves import Product, product
from cell2grid.errors import InputError, PriceError
from cell2grid.study.service_file import Called, Column, Service, money_per, read_services

if TYPE_CHECKING:
    from cell2grid.engines.dispatch import Case
    from cell2grid.prices import PriceSeries
    from cell2grid.study.quantity import Quantity

Floats = npt.NDArray[np.float64]
Seconds = npt.NDArray[np.int64]


def products_of_file(path: Path | str, case: Case, series: PriceSeries) -> list[Product]:
    """The products that a user's service file spells, over the steps of a case and its price series.

    Parameters
    ----------
    path
        A YAML file as in docs/how-to/reserves.md; columns that it names are looked for beside it.
    case
        The asset and its prices; ``series`` has the same steps, and says when they are and in which currency.

    Raises
    ------
    StudyError
        The file says something that cannot be; the message has line and column.
    PriceError
        A column cannot be read, is in another currency, or does not cover the prices.
    """
    return [product_of(service, case, series) for service in read_services(path)]


def product_of(service: Service, case: Case, series: PriceSeries) -> Product:
    """The product of one service over the steps of a case.

    Raises
    ------
    InputError, PriceError
        As ``products_of_file``, without the place in the file.

    >>> from cell2grid.engines.dispatch import asset_case
    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.study.service_file import parse_services
    >>> year = synthetic_year(1)
    >>> fcr, = parse_services("services: [{service: fcr, price: 32 EUR/MW}]")
    >>> made = product_of(fcr, asset_case(year.price, year.step_hours, power=10.0, energy=20.0), year)
    >>> float(made.capacity_price[0]), made.least, int(made.block[7] - made.block[0])
    (8.0, 1.0, 1)
    """
    terms = service.terms
    up, down = (terms.direction in (way, "symmetric") for way in ("up", "down"))
    hours = 0.0 if terms.duration is None else terms.duration.to("hour").mode
    hours_down = hours if terms.duration_down is None else terms.duration_down.to("hour").mode
    calls: dict[str, Any] = {}
    for way, called in (("up", terms.called_up), ("down", terms.called_down)):
        calls[f"activation_{way}"] = 0.0 if called is None or called.share is None else called.share.to("ratio").mode
        calls[f"activation_price_{way}"] = _call_price(service, called, series)
    limits = (_limit(service), _sold(service, series))
    return product(
        case,
        service.name,
        capacity_price=_capacity_price(service, series),
        up=up,
        down=down,
        duration_up=hours,
        duration_down=hours_down,
        least=0.0 if terms.minimum is None else terms.minimum.to("MW").mode,
        most=np.where(limits[1], limits[0], 0.0),
        block=_blocks(service, series),
        **calls,
    )


def _limit(service: Service) -> float:
    return np.inf if service.terms.maximum is None else service.terms.maximum.to("MW").mode


def _capacity_price(service: Service, series: PriceSeries) -> Floats:
    """What an awarded MW earns in an hour, with what its movement earns [currency/MW/hour]."""
    terms = service.terms
    unit = service.price.unit or ""
    block = 1.0 if terms.block is None else terms.block.to("hour").mode
    # a price of a whole block is spread over its hours
    per = "MW" if unit.count("/") == 1 else "MW/hour"
    price = _money(service, service.price, per, series) / (block if per == "MW" else 1.0)
    if terms.mileage is not None:
        moved, paid = terms.mileage.ratio.to("ratio/hour").mode, terms.mileage.price or terms.mileage.prices
        share = 1.0 if terms.mileage.accuracy is None else terms.mileage.accuracy.to("ratio").mode
        price = price + moved * share * _money(service, paid, "MW", series)
    return price * (1.0 if terms.performance is None else terms.performance.to("ratio").mode)


def _call_price(service: Service, called: Called | None, series: PriceSeries) -> Floats:
    """What a called MWh earns, or costs [currency/MWh]."""
    if called is None or called.paid == "none":
        return np.zeros(len(series.price))
    if called.price is not None or called.prices is not None:
        return _money(service, called.price or called.prices, "MWh", series)
    return series.price + _money(service, called.adder, "MWh", series)


def _money(service: Service, price: Quantity | Column | None, unit: str, series: PriceSeries) -> Floats:
    """A price over the steps [currency/``unit``]."""
    if price is None:
        return np.zeros(len(series.price))
    if isinstance(price, Column):
        return _column(service, price, unit, series)
    value, paid_in = money_per(price.text, unit)
    _check_currency(service, paid_in, series)
    return np.full(len(series.price), value)


def _check_currency(service: Service, paid_in: str | None, series: PriceSeries) -> None:
    if paid_in is not None and series.currency is not None and paid_in != series.currency:
        raise PriceError(
            f"service '{service.name}' is paid in {paid_in} and energy in {series.currency}; give both in one currency"
        )


def _column(service: Service, column: Column, unit: str, series: PriceSeries) -> Floats:
    """A column of prices, averaged over each step of the series [currency/``unit``]."""
    from cell2grid.prices import read_prices

    path = service.folder / column.file
    found = read_prices(
        path, price_column=column.column, time_column=column.time_column, timezone=column.timezone, irregular=True
    )
    factor = 1.0
    if column.unit is not None:
        factor, paid_in = money_per(f"1 {column.unit}", unit)
        _check_currency(service, paid_in, series)
    _check_currency(service, found.currency, series)
    if found.offsets != series.offsets:
        lacking = "the stamps of this file" if series.offsets else "those of the energy prices"
        raise PriceError(
            f"{lacking} have no offset and the others do; name the zone whose clocks wrote them, as in "
            "'timezone: Europe/Berlin'",
            where=str(path),
        )
    return factor * _averaged(found, series, path)


def _averaged(found: PriceSeries, series: PriceSeries, path: Path) -> Floats:
    """The mean of a column over each step of another series."""
    theirs, ours = found.edges(), series.edges()
    if theirs[0] > ours[0] or theirs[-1] < ours[-1]:
        first, last = (str(np.datetime64(int(edge), "s")).replace("T", " ")[:16] for edge in (ours[0], ours[-1]))
        raise PriceError(
            f"the prices of energy go from {first} to {last} UTC, and this file does not cover them; give a longer one",
            where=str(path),
        )
    summed = np.concatenate([[0.0], np.cumsum(found.price * np.diff(theirs))])
    mean: Floats = np.diff(np.interp(ours, theirs, summed)) / np.diff(ours)
    # one price over the whole step is that price, to the last digit
    place = np.searchsorted(theirs, ours[:-1], side="right") - 1
    return np.where(theirs[place + 1] >= ours[1:], found.price[place], mean)


def _clock(service: Service, series: PriceSeries) -> Seconds:
    """What the clocks of the service's zone show where each step begins [second since 1970-01-01]."""
    from cell2grid.prices.zones import clock_of

    utc = series.timestep.astype("datetime64[s]").astype(np.int64)
    # stamps without an offset are what some clock showed: they are taken as they are
    zone = (service.terms.zone or series.zone) if series.offsets else None
    local: Seconds = clock_of(zone, utc).local(utc)
    return local


def _blocks(service: Service, series: PriceSeries) -> Seconds:
    """The number of the block in which each step begins; without blocks each step has its own."""
    if service.terms.block is None:
        return np.arange(len(series.price), dtype=np.int64)
    length = round(service.terms.block.to("hour").mode * 3600.0)
    longest = float(series.step_hours.max())
    if longest * 3600.0 > length + 0.5:
        raise InputError(
            f"service '{service.name}': a time step of {longest:g} h is longer than its blocks of {length / 3600.0:g} "
            "h; give prices of shorter steps"
        )
    begins = _seconds(service.terms.block_begins or "00:00")
    return (_clock(service, series) - begins) // length


def _sold(service: Service, series: PriceSeries) -> npt.NDArray[np.bool_]:
    """Whether the service is sold in each step: where the hour of day in which it begins is among its hours."""
    hours = service.terms.available
    if hours is None:
        return np.ones(len(series.price), dtype=bool)
    first, last = _seconds(hours.begins), _seconds(hours.ends)
    of_day = _clock(service, series) % 86400
    if first < last:
        return (of_day >= first) & (of_day < last)
    return (of_day >= first) | (of_day < last)


def _seconds(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 3600 + int(minute) * 60
