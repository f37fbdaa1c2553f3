"""A schedule sold a day ahead and changed on the day: what was sold is paid, and the change at the price of the day.

The day-ahead schedule is any schedule (perfect, rolling, …) of the case on day-ahead prices; the change on the day is
the best on the prices of the day, or a rolling horizon on a forecast of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case, Schedule, checked, schedule, site
from cell2grid.engines.dispatch.schedule import earned
from cell2grid.engines.foresight.expected import Expectation
from cell2grid.engines.foresight.rolling import rolling
from cell2grid.engines.foresight.store import Operation
from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settlement:
    """What was sold a day ahead, what was done, and what both are paid.

    ``committed`` [MW] is the power sold (below 0: bought) at the grid connection by step; ``day_ahead`` and
    ``intraday`` [currency] are the incomes of the two markets, fees and throughput cost of what was done taken off the
    second; ``value`` [currency] is their sum and ``held_value`` what keeping to the day-ahead schedule would be paid.
    """

    committed: Floats
    actual: Schedule | Operation
    day_ahead: float
    intraday: float
    held_value: float

    @property
    def value(self) -> float:
        """The income of both markets [currency]."""
        return self.day_ahead + self.intraday

    @property
    def gain(self) -> float:
        """What the change on the day is worth [currency]."""
        return self.value - self.held_value


def redispatched(
    case: Case,
    committed: Schedule | Operation,
    intraday_price: Floats,
    *,
    forecast: Expectation | None = None,
    window_hours: float = 24.0,
) -> Settlement:
    """The best change on the day of a schedule sold a day ahead, and what both are paid.

    Parameters
    ----------
    case
        The asset on day-ahead prices.
    committed
        The schedule sold on them.
    intraday_price
        What each MWh more or less than sold is paid [currency/MWh], by step.
    forecast
        What is expected of intraday prices; without it they are all known in advance.
    window_hours
        How far a plan on the forecast looks ahead [hour].

    Raises
    ------
    InputError
        The two series of prices are of unlike length, or the case contradicts itself.

    >>> from cell2grid.engines.dispatch import asset_case, schedule
    >>> case = asset_case(np.array([10.0, 50.0, 40.0]), power=1.0, energy=1.0)
    >>> done = redispatched(case, schedule(case), np.array([10.0, 50.0, 90.0]))
    >>> done.held_value, done.value
    (40.0, 80.0)
    """
    if np.shape(intraday_price) != case.price.shape:
        raise InputError(
            f"intraday: {np.size(intraday_price)} intraday prices for {len(case.price)} day-ahead prices; give one for "
            "each step"
        )
    today = checked(replace(case, price=np.ascontiguousarray(intraday_price, dtype=np.float64)))
    actual = schedule(today) if forecast is None else rolling(today, forecast, window_hours=window_hours)
    return settled(case, committed, today.price, actual)


def settled(
    case: Case, committed: Schedule | Operation, intraday_price: Floats, actual: Schedule | Operation
) -> Settlement:
    """What is paid where ``committed`` was sold at the case's prices and ``actual`` was done."""
    today = replace(case, price=intraday_price)
    sold = site.net_export(case, committed.discharge - committed.charge)
    day_ahead = float(np.sum(case.price * sold * case.step_hours))
    bought_back = float(np.sum(intraday_price * sold * case.step_hours))

    def on_the_day(done: Schedule | Operation) -> float:
        return earned(today, done.charge, done.discharge, done.energy) - bought_back

    return Settlement(
        committed=sold,
        actual=actual,
        day_ahead=day_ahead,
        intraday=on_the_day(actual),
        held_value=day_ahead + on_the_day(committed),
    )
