"""A forecast as arrays [origin, lead]: the price that was expected, in one step, of itself and of those after it.

Rows are made in blocks that the caller asks for, for the whole of a year of five-minute steps would not fit. Prices
that are already known stand in the place of their forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Protocol, cast

import numpy as np

from cell2grid.errors import InputError
from cell2grid.modules import modules
from cell2grid.prices.forecasts.known import Floats, Integers, Known

# days over which the fading of errors is measured, and rows that are made at once for it
ERROR_DAYS, ERROR_ROWS = 28, 100_000

# (steps in which it is made, number of steps from each on) -> [currency/MWh]
Maker = Callable[[Integers, int], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """A named forecast; ``prices`` gives its rows."""

    name: str
    words: str
    known: Known
    maker: Maker

    def prices(self, first: int, last: int, leads: int) -> Floats:
        """The prices expected in the steps ``first`` to before ``last`` of the asset's run [origin, lead].

        Lead 0 is the step itself. Leads beyond the series repeat its last step: nothing may depend on them.
        """
        origins = np.arange(self.known.first + first, self.known.first + last)
        expected = np.array(self.maker(origins, leads), dtype=np.float64)
        steps = len(self.known.price)
        lead = np.arange(leads)
        targets = np.minimum(origins[:, None] + lead, steps - 1)
        here = lead < self.known.ahead[origins][:, None]
        expected[here] = self.known.price[targets[here]]
        return expected


class ForecastFile(Protocol):
    """What a file of ``made/`` holds: one sentence, and how the rows are made."""

    WORDS: str

    def maker(self, known: Known) -> Maker:
        """The rows of the forecast, made of what is known."""


@cache
def forecasts() -> Mapping[str, ForecastFile]:
    """Every built-in forecast by the name of its file.

    >>> sorted(forecasts())
    ['autoregression', 'last_week', 'perfect', 'yesterday']
    """
    found = modules("cell2grid.prices.forecasts.made")
    return {name: cast(ForecastFile, module) for name, module in found.items()}


def forecast(name: str, known: Known, *, carry_error: bool = True) -> Forecast:
    """The built-in forecast of one name, made of what is known; with ``carry_error`` as ``carried`` has it.

    Raises
    ------
    InputError
        There is no forecast of this name, or it cannot be made of these prices.

    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.prices.forecasts import known_prices
    >>> known = known_prices(synthetic_year(1), first=48)
    >>> expected = forecast("yesterday", known, carry_error=False).prices(0, 2, 4)
    >>> bool(expected[0, 0] == known.price[48]), bool(expected[0, 1] == known.price[25])
    (True, True)
    """
    if name not in forecasts():
        near = get_close_matches(name, forecasts(), n=1, cutoff=0.5)
        hint = f"did you mean '{near[0]}'? " if near else ""
        raise InputError(
            f"no forecast '{name[:40]}'; {hint}built in are {', '.join(forecasts())}; or give a file of forecasts"
        )
    found = forecasts()[name]
    made = Forecast(name, found.WORDS, known, found.maker(known))
    return carried(made) if carry_error else made


def carried(made: Forecast) -> Forecast:
    """The same forecast with its latest error carried on, fading as its errors faded in the four weeks before.

    A price above its forecast is most often followed by another. A plan that takes the price as it is and the rest as
    forecast would sell into every such rise and buy into every fall. Where prices are published ahead nothing is
    carried.

    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.prices.forecasts import known_prices
    >>> known = known_prices(synthetic_year(1), first=24 * 60)
    >>> plain = forecast("yesterday", known, carry_error=False)
    >>> came = synthetic_year(1).price[24 * 60 :][np.arange(500)[:, None] + np.arange(6)]
    >>> errors = [np.abs(told.prices(0, 500, 6) - came).mean() for told in (plain, carried(plain))]
    >>> bool(errors[1] < errors[0])
    True
    """
    known, maker = made.known, made.maker
    errors = _Errors(made)

    def rows(origins: Integers, leads: int) -> Floats:
        told = maker(origins, leads)
        error, fading = errors.at(origins)
        powers = fading[:, None] ** np.arange(leads)
        added: Floats = told + np.where(known.ahead[origins] == 1, error, 0.0)[:, None] * powers
        return added

    return Forecast(made.name, f"{made.words}, with its latest error carried on", known, rows)


class _Errors:
    """How far each price was from what was told of it one step before, and how such errors fade."""

    def __init__(self, made: Forecast) -> None:
        self.made, self.done = made, 1
        self.error = np.zeros(len(made.known.price))
        self.window = ERROR_DAYS * made.known.day_steps

    def at(self, origins: Integers) -> tuple[Floats, Floats]:
        """The error of each origin's own price, and the share of it that one step leaves."""
        known = self.made.known
        while self.done <= origins.max():
            last = min(self.done + ERROR_ROWS, len(self.error))
            before = np.arange(self.done, last) - 1
            self.error[self.done : last] = known.price[self.done : last] - self.made.maker(before, 2)[:, 1]
            self.done = last
        product = np.cumsum(np.concatenate([[0.0, 0.0], self.error[1:] * self.error[:-1]]))
        square = np.cumsum(np.concatenate([[0.0], self.error[:-1] ** 2, [0.0]]))
        since = np.maximum(origins + 1 - self.window, 0)
        above, below = product[origins + 1] - product[since], square[origins] - square[np.maximum(since - 1, 0)]
        fading = np.divide(above, below, out=np.zeros(len(origins)), where=below > 0.0)
        return self.error[origins], np.clip(fading, 0.0, 0.999)


def same_time_before(known: Known, origins: Integers, leads: int, period: int) -> Floats:
    """The latest known price that lies whole periods before each target; NaN where the series has none.

    ``period`` is in steps. A target that is known itself is its own price.
    """
    targets = origins[:, None] + np.arange(leads)
    away = targets - known.last[origins][:, None]
    at = targets - np.maximum(-(-away // period), 0) * period
    found: Floats = np.where(at >= 0, known.price[np.maximum(at, 0)], np.nan)
    return found
