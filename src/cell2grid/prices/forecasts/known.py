"""What is known when: for each time step, how many prices, its own first, stand on the table in it.

In a market whose price is set as the step begins, that is one. Where a day's prices are published the day before, it
is all prices to the end of the published day. Forecasts (``matrix``) start where this ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.prices.series import PriceSeries

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """Prices, their stamps, and for each step the number of prices from its own on that are known in it.

    ``first`` is the step of the series at which the asset begins to run; the steps before it are the past that a
    forecast may learn from. Steps are of one length.
    """

    price: Floats
    timestep: npt.NDArray[np.datetime64]
    ahead: Integers
    first: int = 0

    @property
    def day_steps(self) -> int:
        """The number of steps of a day.

        Raises
        ------
        InputError
            The steps are of several lengths, or do not divide a day.
        """
        seconds = np.diff(self.timestep.astype("datetime64[s]")).astype(np.int64)
        step = int(seconds[0])
        if (seconds != step).any():
            wrong = int(np.argmax(seconds != step)) + 1
            raise InputError(
                f"forecast: step {wrong} begins {seconds[wrong - 1]} s after the one before, the first {step} s; "
                "give prices of one resolution"
            )
        if step <= 0 or DAY_SECONDS % step:
            raise InputError(f"forecast: steps of {step} s do not divide a day; resample the prices first")
        return DAY_SECONDS // step

    @property
    def last(self) -> Integers:
        """The last step whose price is known, for each step."""
        last: Integers = np.minimum(np.arange(len(self.price)) + self.ahead, len(self.price)) - 1
        return last


def known_prices(series: PriceSeries, *, first: int = 0, published_hour: float | None = None) -> Known:
    """What is known of a price series in each of its steps.

    Parameters
    ----------
    series
        The whole series: the past to learn from, then the steps in which the asset runs.
    first
        The step at which the asset begins to run.
    published_hour
        The hour of the day [hour], on clocks of the zone of the series, at which the prices of the next day are
        published, all at once. Without it each price is known as its step begins, and no sooner.

    Raises
    ------
    InputError
        ``first`` lies outside the series, the hour outside the day, or the series has fewer than two steps.

    >>> from cell2grid.prices import synthetic_year
    >>> known_prices(synthetic_year(1), published_hour=13.0).ahead[[0, 12, 13, 23]]
    array([24, 12, 35, 25])
    """
    steps = len(series.price)
    if steps < 2:
        raise InputError(f"forecast: {steps} price is no series; give at least two")
    if not 0 <= first < steps:
        raise InputError(f"forecast: the asset starts at step {first}, expected 0 to {steps - 1}")
    ahead = np.ones(steps, dtype=np.int64)
    if published_hour is not None:
        if not 0.0 <= published_hour < 24.0:
            raise InputError(f"forecast: prices are published at {published_hour:g} o'clock, expected 0 to below 24")
        seconds = series.local_time().astype("datetime64[s]").astype(np.int64)
        day = seconds // DAY_SECONDS
        # what was published stays so where clocks go back
        last = np.maximum.accumulate(day + ((seconds % DAY_SECONDS) >= published_hour * 3600.0))
        # prices reach to the end of the last published day
        ahead = np.searchsorted(day, last, side="right").astype(np.int64) - np.arange(steps)
    return Known(price=series.price, timestep=series.timestep, ahead=ahead, first=first)
