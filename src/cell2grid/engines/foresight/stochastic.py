"""Stochastic dynamic programming: at each step the best answer to its price, given what prices tend to do next.

The chances of the next prices are a Markov lattice (``markov``), fitted to prices that came before, or to how far they
were from a forecast. The expected value of stored energy is carried back on it exactly, concave and piecewise linear in
the level, without a grid of levels chosen beforehand (``stochastic_kernel``). After Xu, Korpås, Botterud 2020
(arXiv:1910.09149) and Zheng, Jaworski, Xu 2021 (arXiv:2108.06000). Equations: docs/formulation/foresight.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch import Case
from cell2grid.engines.foresight.expected import Expectation, windows
from cell2grid.engines.foresight.markov import PriceLattice, fitted, hours_of
from cell2grid.engines.foresight.store import Operation, Store, operated, ready
from cell2grid.errors import InputError

if TYPE_CHECKING:
    from cell2grid.engines.foresight.stochastic_kernel import Carried, Period

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Stamps = npt.NDArray[np.datetime64]

# a grid of levels with more pieces than this is thinned, and the operation says how far that can move a value
LONGEST = 1_000
DAY_HOURS = 24.0
# an error of this share of the money that changes hands is rounding
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How the lattice is fitted.

    At most ``states`` an hour, on the ``past_hours`` before it (on all of the past with None), anew every
    ``refit_hours`` (once, before the first step, with None). Its values look ``beyond_hours`` past the steps that it
    serves, where a stored MWh is worth the mean price.
    """

    states: int = 12
    past_hours: float | None = 8 * 7 * DAY_HOURS
    refit_hours: float | None = 7 * DAY_HOURS
    beyond_hours: float = 7 * DAY_HOURS

    def __post_init__(self) -> None:
        for name in ("past_hours", "refit_hours", "beyond_hours"):
            value = getattr(self, name)
            if value is not None and not value > 0.0:
                raise InputError(f"price lattice: {name} is {value:g}, expected more than 0")


# about a forecast a lattice serves a day, for which the forecast was made
ABOUT_A_FORECAST = Fit(refit_hours=DAY_HOURS, beyond_hours=3 * DAY_HOURS)


@dataclass(frozen=True, slots=True, eq=False)
class LevelValues:
    """What stored energy is worth at the end of each step's window, as the mean over the states of the price.

    The window of step t has the segments ``at[t]`` to ``at[t + 1]`` of ``worth`` [currency/MWh] and ``length`` [MWh],
    from empty upwards, by the lattice that serves step t.
    """

    at: Integers
    worth: Floats
    length: Floats


class _Served(NamedTuple):
    """The steps ``first`` to before ``last`` that one lattice serves, the step before which its values end, and what
    the prices of the lattice are added to, by step [currency/MWh]."""

    first: int
    last: int
    end: int
    lattice: PriceLattice
    base: Floats


def stochastic(
    case: Case, past: Floats, stamps: Stamps, *, fit: Fit | None = None, forecast: Expectation | None = None
) -> Operation:
    """What an asset does that answers each price by what prices tend to do next.

    Parameters
    ----------
    case
        The asset, with the prices that come, of which each step sees its own and those before.
    past
        Prices [currency/MWh] that came before the first step, at least 14 days of them.
    stamps
        When each step begins, those of the past first.
    fit
        How the lattice is fitted.
    forecast
        With it the lattice is one of the errors of this forecast, as it is made once for each fit.

    Raises
    ------
    InputError
        The past is too short, the case is cyclic, or has a part that cannot be told from inside the store.
    InfeasibleError
        The bounds of the level cannot be kept.

    >>> from cell2grid.engines.dispatch import asset_case
    >>> from cell2grid.prices import synthetic_year
    >>> year = synthetic_year(1)
    >>> half = len(year.price) // 2
    >>> case = asset_case(year.price[half:], year.step_hours[half:], power=1.0, energy=2.0)
    >>> 0.0 < stochastic(case, year.price[:half], year.timestep).value
    True
    """
    from cell2grid.engines.foresight.stochastic_kernel import execute

    store = ready(case, stamps, len(past))
    fit = fit or (Fit() if forecast is None else ABOUT_A_FORECAST)
    energy, level, error = np.empty(len(case.price)), case.start, 0.0
    buy, sell = store.buy(case.price), store.sell(case.price)
    for served, carried in _carried(case, store, past, stamps, fit, forecast):
        here = slice(served.first, served.last)
        level = execute(
            buy[here],
            sell[here],
            store.most_in[here],
            store.most_out[here],
            store.kept[here],
            store.lowest[here],
            store.highest[here],
            carried.own_at,
            carried.own_level,
            carried.own_slope,
            level,
            energy[here],
        )
        error = max(error, carried.error)
    method = "stochastic" if forecast is None else f"stochastic, {forecast.name}"
    done = operated(case, energy, method)
    turnover = float(np.sum(np.abs(case.price) * (done.charge + done.discharge) * case.step_hours))
    return replace(done, notes=(*done.notes, *_notes(buy, sell, error, turnover)))


def level_values(
    case: Case, past: Floats, stamps: Stamps, *, window_hours: float = 48.0, fit: Fit | None = None
) -> LevelValues:
    """What stored energy is worth where the window of each step ends: the ``end_value`` of ``rolling``.

    Parameters are those of ``stochastic`` and the window of ``rolling``; so are the errors.
    """
    store = ready(case, stamps, len(past))
    ends = windows(case.step_hours, window_hours)
    at, worth, length = [0], [np.empty(0)], [np.empty(0)]
    for served, carried in _carried(case, store, past, stamps, fit or Fit(), None, ends):
        for t in range(served.first, served.last):
            first, pieces = carried.mean_at[ends[t] - 1 - served.first]
            level = carried.mean_level[first : first + pieces]
            slope = carried.mean_slope[first : first + pieces]
            lowest = store.lowest[ends[t] - 1]
            # below the lowest level nothing may be, whatever it would be worth
            lengths = np.diff(np.concatenate([[0.0, lowest], level]))
            worth.append(np.concatenate([slope[:1] if pieces else [0.0], slope]))
            length.append(lengths)
            at.append(at[-1] + pieces + 1)
    return LevelValues(np.array(at), np.concatenate(worth), np.concatenate(length))


def _notes(buy: Floats, sell: Floats, error: float, turnover: float) -> tuple[str, ...]:
    notes = []
    if (buy < sell).any():
        notes.append(
            "where a price would pay for charging and discharging at once, expected values take the hull of both, a "
            "bound from above; what is done never does both"
        )
    if error > ROUNDING * turnover:
        notes.append(f"pieces of long grids were merged, which moves an expected value by {error:.3g} at most")
    return tuple(notes)


def _carried(
    case: Case,
    store: Store,
    past: Floats,
    stamps: Stamps,
    fit: Fit,
    forecast: Expectation | None,
    ends: Integers | None = None,
) -> Iterator[tuple[_Served, Carried]]:
    """Each stretch of steps with the values that its lattice gives; with ``ends`` also at the ends of windows."""
    from cell2grid.engines.foresight.stochastic_kernel import carry_back

    for served in _served(case, past, stamps, fit, forecast, ends):
        count = served.last - served.first
        here = stamps[len(past) + served.first : len(past) + served.end]
        state = np.zeros(len(here), np.int64)
        rest = case.price[served.first : served.last] - served.base[:count]
        state[:count] = served.lattice.states(here[:count], rest)
        own = np.arange(len(here)) < (count if ends is None else 0)
        share = served.lattice.share if ends is not None else np.empty((0, 0))
        yield served, carry_back(_period(store, served, here), state, own, share, LONGEST)


def _served(
    case: Case, past: Floats, stamps: Stamps, fit: Fit, forecast: Expectation | None, ends: Integers | None
) -> Iterator[_Served]:
    """The stretches of steps between two fits, each with the lattice that the prices before it tell."""
    begin = np.concatenate([[0.0], np.cumsum(case.step_hours)])
    steps = len(case.price)

    def after(step: int, hours: float) -> int:
        return int(np.searchsorted(begin[:-1], begin[step] + hours * (1.0 - 1e-9)))

    known = np.concatenate([past, case.price])
    before = (stamps - stamps[len(past)]) / np.timedelta64(1, "h")
    errors = _Errors(forecast, known, len(past)) if forecast is not None else None
    first = 0
    while first < steps:
        last = steps if fit.refit_hours is None else max(after(first, fit.refit_hours), first + 1)
        end = max(after(last if ends is None else int(ends[last - 1]), fit.beyond_hours), last)
        now = len(past) + first
        since = 0 if fit.past_hours is None else int(np.searchsorted(before, before[now] - fit.past_hours))
        if errors is None:
            base, rest = np.zeros(end - first), known[since:now]
        else:
            base, rest = errors.row(first, end), errors.before(now, since, last - first)
        lattice = fitted(rest, stamps[now - len(rest) : now], states=fit.states)
        yield _Served(first, last, end, lattice, base)
        first = last


class _Errors:
    """How far prices were from a forecast that was made once for each stretch of steps."""

    def __init__(self, forecast: Expectation, known: Floats, past: int) -> None:
        self.forecast, self.known, self.past = forecast, known, past
        self.of: dict[tuple[int, int], Floats] = {}

    def row(self, first: int, end: int) -> Floats:
        """The prices expected in step ``first`` for the steps to before ``end``."""
        return np.asarray(self.forecast.prices(first, first + 1, end - first)[0], dtype=np.float64)

    def before(self, now: int, since: int, length: int) -> Floats:
        """The errors of the stretches of ``length`` steps that end before step ``now`` of the whole series."""
        stretches = range(now - (now - since) // length * length, now, length)
        return np.concatenate([np.empty(0), *(self.error(first, length) for first in stretches)])

    def error(self, first: int, length: int) -> Floats:
        """The errors of one stretch."""
        if (first, length) not in self.of:
            told = self.row(first - self.past, first - self.past + length)
            self.of[first, length] = self.known[first : first + length] - told
        return self.of[first, length]


def _period(store: Store, served: _Served, stamps: Stamps) -> Period:
    """The steps of a stretch, and those beyond it that its values look at, on the prices of the lattice."""
    from cell2grid.engines.foresight.stochastic_kernel import Period

    here, last = slice(served.first, served.end), served.end - 1
    price = served.base[:, None] + served.lattice.prices(stamps)
    # the bounds of the level before each step, and after the last
    low = np.append(np.concatenate([[store.start], store.lowest[:-1]])[here], store.lowest[last])
    high = np.append(np.concatenate([[store.start], store.highest[:-1]])[here], store.highest[last])
    buy = (price + store.buy_add[here, None]) / store.efficiency_charge
    sell = (price + store.sell_add[here, None]) * store.efficiency_discharge
    worth, length = store.end_worth, store.end_length
    if served.end < len(store.kept):
        worth, length = np.array([float(sell.mean())]), high[-1:]
    return Period(
        buy,
        sell,
        store.most_in[here],
        store.most_out[here],
        store.kept[here],
        low,
        high,
        served.lattice.chance,
        hours_of(stamps),
        worth,
        length,
    )
