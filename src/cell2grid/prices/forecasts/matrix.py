"""A forecast as arrays [origin, lead]: the price that was expected, in one step, of itself and of those after it.

Rows are made in blocks that the caller asks for, for the whole of a year of five-minute steps would not fit. Prices
that are already known stand in the place of their forecast.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Protocol, cast

import numpy as np

from cell2grid.errors import InputError
from cell2grid.prices.forecasts.known import Floats, Integers, Known

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
    from cell2grid.prices.forecasts import made

    names = sorted(found.name for found in pkgutil.iter_modules(made.__path__))
    return {name: cast(ForecastFile, importlib.import_module(f"{made.__name__}.{name}")) for name in names}


def forecast(name: str, known: Known) -> Forecast:
    """The built-in forecast of one name, made of what is known.

    Raises
    ------
    InputError
        There is no forecast of this name, or it cannot be made of these prices.

    >>> from cell2grid.prices import synthetic_year
    >>> from cell2grid.prices.forecasts import known_prices
    >>> known = known_prices(synthetic_year(1), first=48)
    >>> expected = forecast("yesterday", known).prices(0, 2, 4)
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
    return Forecast(name, found.WORDS, known, found.maker(known))


def same_time_before(known: Known, origins: Integers, leads: int, period: int) -> Floats:
    """The latest known price that lies whole periods before each target; NaN where the series has none.

    ``period`` is in steps. A target that is known itself is its own price.
    """
    targets = origins[:, None] + np.arange(leads)
    away = targets - known.last[origins][:, None]
    at = targets - np.maximum(-(-away // period), 0) * period
    found: Floats = np.where(at >= 0, known.price[np.maximum(at, 0)], np.nan)
    return found
