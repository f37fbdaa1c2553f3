"""What a method without foresight is told: the prices that came before the asset runs, and forecasts of those to come.

The methods are called in ``methods``; forecasts are made in ``cell2grid.prices.forecasts``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cell2grid.cli.dispatch.options import Quantity
from cell2grid.cli.output import progress, waiting
from cell2grid.errors import Cell2gridError, InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cell2grid.engines.dispatch import Case
    from cell2grid.engines.foresight import Operation, Row
    from cell2grid.engines.foresight.expected import Expectation
    from cell2grid.prices import PriceSeries
    from cell2grid.prices.forecasts import Known

    Floats = NDArray[np.float64]

METHODS = ("perfect", "rolling", "stochastic", "naive", "compare")
# those that learn from prices that came before
_LEARN = ("stochastic", "naive", "compare")
TRAIN_DAYS, TRAIN_SHARE = 90.0, 0.25
# a series of so many times what a method needs is long enough to spend that much of it on learning
_LONG_ENOUGH = 2.0
WINDOW = "48h"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class ForesightAsked:
    """The options about what is known of prices, as they were written; None where they were not."""

    foresight: str
    window: Quantity
    every: int | None
    forecast: str | None
    published: str | None
    train: float | None
    intraday: Path | None
    reserve: Path | None


def checked(asked: ForesightAsked) -> None:
    """Refuse options that do not belong to the method that was asked for, before any file is read.

    Raises
    ------
    InputError
        There is no such method, or an option says nothing to it.
    """
    method = asked.foresight
    if method not in METHODS:
        raise InputError(f"--foresight is '{method[:40]}', expected {', '.join(METHODS[:-1])} or {METHODS[-1]}")
    if asked.reserve is not None and (method != "perfect" or asked.intraday is not None):
        other = "--intraday" if asked.intraday is not None else f"--foresight {method}"
        raise InputError(f"--reserve is planned on known prices, and {other} is another question; leave one out")
    if asked.intraday is not None and method == "compare":
        raise InputError("--intraday changes one schedule, and compare makes several; choose one of the methods")
    for option, takes in (
        ("window", ("rolling", "compare")),
        ("every", ("rolling",)),
        ("forecast", ("rolling", "stochastic", "compare")),
        ("published", ("rolling", "stochastic", "compare")),
    ):
        if getattr(asked, option) is not None and method not in takes:
            raise InputError(
                f"--{option} says nothing to --foresight {method}; give it with {' or '.join(takes)}, or leave it out"
            )
    if asked.published is not None and method == "stochastic" and asked.forecast is None:
        raise InputError("--published says when a forecast knows prices, and there is none; give --forecast too")
    if asked.every is not None and asked.every < 1:
        raise InputError(f"--every is {asked.every}, expected 1 or more steps")
    if asked.train is not None and not 0.0 <= asked.train < 1e6:
        raise InputError(f"--train is {asked.train:g} days, expected 0 or more")


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """The prices of all steps, the step ``first`` at which the asset begins to run, and what was asked."""

    asked: ForesightAsked
    series: PriceSeries
    first: int

    @property
    def now(self) -> PriceSeries:
        """The prices in the steps in which the asset runs."""
        return self.series.part(self.first, len(self.series.price))

    @property
    def window(self) -> float:
        """How far a plan looks ahead [hour]."""
        from cell2grid.cli.price_options import step_minutes

        return step_minutes("--window", self.asked.window or WINDOW) / 60.0

    @property
    def past(self) -> Floats:
        """The prices before the asset runs [currency/MWh]."""
        return self.series.price[: self.first]

    @property
    def stamps(self) -> NDArray[np.datetime64]:
        """When each step begins, on clocks that stand still at the offset of the first step."""
        ahead = self.series.local_time()[0] - self.series.timestep[0].astype("datetime64[s]")
        stamps: NDArray[np.datetime64] = self.series.timestep.astype("datetime64[s]") + ahead
        return stamps

    @contextmanager
    def watched(self) -> Iterator[Callable[[Case], Operation]]:
        """The method that was asked for, with its progress on standard error."""
        from cell2grid.engines.foresight import rolling, stochastic

        asked, method = self.asked, self.asked.foresight
        if method == "rolling":
            told = self.forecast(asked.forecast or "yesterday")
            with progress("planning", len(self.series.price) - self.first) as done:
                yield partial(rolling, forecast=_Watched(told, done), window_hours=self.window, every=asked.every or 1)
        elif method == "stochastic":
            expected = None if asked.forecast is None else self.forecast(asked.forecast)
            self._check_learnt()
            with waiting("learning"):
                yield lambda case: stochastic(case, self.past, self._stamps_of(case), forecast=expected)
        else:
            with waiting("learning"):
                yield self._better_rule

    def _better_rule(self, case: Case) -> Operation:
        from cell2grid.engines.foresight import naive

        return naive(case, self.past, self._stamps_of(case))

    def _stamps_of(self, case: Case) -> NDArray[np.datetime64]:
        return self.stamps[: self.first + len(case.price)]

    def _check_learnt(self) -> None:
        """Refuse a past too short to learn from, with days that these prices do have."""
        needed, days = _needed_days("stochastic", self.series), _days(self.series)
        learnt = float(self.series.step_hours[: self.first].sum()) / 24.0
        if learnt >= needed - 1e-9:
            return
        step = f"give '--train {needed:g}'"
        if days < needed + 1.0:
            step = f"give {_LONG_ENOUGH * needed:g} days of prices or more, or take '--foresight rolling'"
        raise InputError(
            f"the stochastic method learns from {needed:g} days of prices or more, and {learnt:.4g} of the {days:.4g} "
            f"days that the prices cover come before the asset runs; {step}"
        )

    def warm(self, case: Case) -> None:
        """Load and compile all methods of a comparison on a small case, so that none is timed with that."""
        with suppress(Cell2gridError):
            self._compared(case, [self.forecast(name) for name in self._names()])

    def compared(self, case: Case) -> list[Row]:
        """Perfect foresight and all methods without it, on the same steps."""
        from cell2grid.engines.foresight.store import unlike_a_store

        if unlike_a_store(case) is None:
            self._check_learnt()
        told = [self.forecast(name) for name in self._names()]
        steps = len(case.price)
        with progress("comparing", steps * len(told)) as done:
            watched = [_Watched(each, lambda at, i=i: done(i * steps + at)) for i, each in enumerate(told)]  # type: ignore[misc]
            return self._compared(case, watched)

    def _compared(self, case: Case, told: Sequence[Expectation]) -> list[Row]:
        from cell2grid.engines.foresight import compared

        return compared(case, self.past, self._stamps_of(case), told, window_hours=self.window)

    def _names(self) -> tuple[str, ...]:
        """The forecasts of a comparison: those that are built in, and the one that was asked for."""
        names = _built_in()
        if self.asked.forecast is not None and self.asked.forecast not in names:
            names = (*names, self.asked.forecast)
        return names

    def forecast(self, name: str) -> Expectation:
        """The forecast of one name, or of a file.

        Raises
        ------
        InputError, PriceError
            There is none, or it cannot be made of these prices.
        """
        from cell2grid.prices.forecasts import forecast, forecasts, read_forecast

        if name in forecasts():
            # days and hours are those of clocks that stand still
            return forecast(name, replace(self.known, timestep=self.stamps))
        path, column = _file_and_column(name)
        if not path.exists():
            return forecast(name, self.known)
        return read_forecast(path, self.known, column=column)

    def of_intraday(self, intraday: PriceSeries) -> Expectation:
        """Day-ahead prices as the forecast of intraday prices, in the steps in which the asset runs."""
        from cell2grid.prices.forecasts import day_ahead_forecast, known_prices

        return day_ahead_forecast(self.now, known_prices(intraday))

    @property
    def known(self) -> Known:
        """What is known of the prices in each step."""
        from cell2grid.prices.forecasts import known_prices

        published = None if self.asked.published is None else _hour("--published", self.asked.published)
        return known_prices(self.series, first=self.first, published_hour=published)


class _Watched:
    """A forecast that is asked for in small blocks, and says after each how far it is."""

    def __init__(self, told: Expectation, done: Callable[[int], None]) -> None:
        self.told, self.done = told, done

    @property
    def name(self) -> str:
        return self.told.name

    def prices(self, first: int, last: int, leads: int) -> Floats:
        import numpy as np

        rows = []
        for at in range(first, last, _AT_ONCE):
            until = min(at + _AT_ONCE, last)
            rows.append(self.told.prices(at, until, leads))
            self.done(until)
        return np.concatenate(rows)


def first_step(asked: ForesightAsked, series: PriceSeries) -> int:
    """The step at which the asset begins to run, after the days that methods learn from.

    Raises
    ------
    InputError
        No two steps are left to run in.
    """
    import numpy as np

    edges = series.edges()
    days = _days(series)
    train = asked.train
    if train is None:
        learns = asked.foresight in _LEARN or asked.forecast == "autoregression"
        train = float(np.floor(min(TRAIN_DAYS, days * TRAIN_SHARE))) if learns else 0.0
        needed = _needed_days(asked.foresight, series)
        if days >= _LONG_ENOUGH * needed:
            train = max(train, needed)
    first = int(np.searchsorted(edges[:-1], edges[0] + train * 86_400.0))
    if first > len(series.price) - 2:
        raise InputError(
            f"--train is {train:g} days and the prices cover {days:.4g}: no two time steps are left for the asset to "
            "run in; give fewer days or more prices"
        )
    return first


def _days(series: PriceSeries) -> float:
    """How long the prices are [day]."""
    return float(series.step_hours.sum()) / 24.0


def _needed_days(method: str, series: PriceSeries) -> float:
    """The fewest whole days of prices that a method learns from."""
    import math

    from cell2grid.engines.foresight.markov import FEWEST_DAYS

    if method not in ("stochastic", "compare"):
        return 1.0 if method == "naive" else 0.0
    # long steps are few in a day: two prices a day of that time at least
    mean_step = _days(series) / len(series.price)
    return float(math.ceil(max(FEWEST_DAYS, 2 * FEWEST_DAYS * mean_step) - 1e-9))


def _built_in() -> tuple[str, ...]:
    """The forecasts of a comparison: all that are built in and look at nothing to come, if their library is there."""
    from importlib.util import find_spec

    return ("yesterday", "last_week", *(("autoregression",) if find_spec("sklearn") else ()))


def _file_and_column(name: str) -> tuple[Path, str | None]:
    """The file and the column of ``FILE`` or ``FILE:COLUMN``."""
    whole = Path(name)
    path, colon, column = name.rpartition(":")
    return (whole, None) if whole.exists() or not colon else (Path(path), column)


def _hour(option: str, text: str) -> float:
    """The hour of the day that ``13:00`` spells."""
    hours, colon, minutes = text.strip().partition(":")
    if not (hours.isdecimal() and len(hours) <= 2 and (not colon or (minutes.isdecimal() and len(minutes) == 2))):
        raise InputError(f"{option} '{text[:20]}' is no time of day; write it as in 13:00")
    hour = int(hours) + int(minutes or 0) / 60.0
    if hour >= 24.0 or int(minutes or 0) >= 60:
        raise InputError(f"{option} '{text[:20]}' is no time of day; write it as in 13:00")
    return hour
