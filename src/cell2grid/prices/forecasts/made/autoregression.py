"""Each day's prices as a regularised regression on those of one, two, three and seven days before, and on the weekday.

After Lago et al. 2021 (doi:10.1016/j.apenergy.2021.116983), whose LEAR model it follows: every step of the day on all
steps of the lagged days, prices damped by arsinh. The shrinkage is a ridge, chosen by cross-validation within the days
it is fitted on, by scikit-learn (extra ``forecast``). Days later than the next are forecast on forecasts. Days are
those of the stamps.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cell2grid.errors import InputError
from cell2grid.prices.forecasts.known import DAY_SECONDS, Floats, Integers, Known
from cell2grid.prices.forecasts.made.yesterday import maker as of_yesterday
from cell2grid.prices.forecasts.matrix import Maker

WORDS = "a regularised regression on the prices of one, two, three and seven days before, refitted every week"

LAGS = (1, 2, 3, 7)
# days between two fits, the most days that one is fitted on, and the fewest
REFIT_DAYS, MOST_DAYS, FEWEST_DAYS = 7, 364, 28
# fits that are kept for rows asked for again
KEPT = 60
SHRINKAGES = tuple(float(shrinkage) for shrinkage in np.logspace(0.0, 5.0, 11))


def maker(known: Known) -> Maker:
    """The rows; until enough days are known to fit on, those of ``yesterday``.

    Raises
    ------
    InputError
        scikit-learn is not installed, or the series has no steps of one length that divide a day.
    """
    try:
        import sklearn  # type: ignore[import-untyped] # noqa: F401
    except ImportError:
        raise InputError(
            "the forecast 'autoregression' needs scikit-learn; install it with pip install 'cell2grid[forecast]', "
            "or take the forecast 'last_week'"
        ) from None
    days = _Days(known)
    before_the_first_fit = of_yesterday(known)

    def expected(origins: Integers, leads: int) -> Floats:
        rows = before_the_first_fit(origins, leads)
        for at, origin in enumerate(origins.tolist()):
            fitted = days.row(origin, leads)
            if fitted is not None:
                rows[at] = fitted
        return rows

    return expected


@dataclass(slots=True, eq=False)
class _Days:
    """The series as whole days [day, step of the day], its fits by day, and the forecasts made after each day."""

    known: Known
    start: int = field(init=False)
    table: Floats = field(init=False)
    weekday: Integers = field(init=False)
    fits: dict[int, _Fit] = field(init=False, default_factory=dict)
    made: dict[tuple[int, int], Floats] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        steps = self.known.day_steps
        seconds = self.known.timestep.astype("datetime64[s]").astype(np.int64)
        # the first step at which a day begins
        self.start = int(-(seconds[0] % DAY_SECONDS) // (DAY_SECONDS // steps) % steps)
        whole = max((len(seconds) - self.start) // steps, 0)
        self.table = self.known.price[self.start : self.start + whole * steps].reshape(whole, steps)
        first = int(-(-seconds[0] // DAY_SECONDS))
        # 1970-01-01 was a Thursday
        self.weekday = (first + np.arange(whole + 366) + 3) % 7

    def row(self, origin: int, leads: int) -> Floats | None:
        """The prices expected in step ``origin`` for itself and those after it; None before the first fit."""
        steps = self.table.shape[1]
        last = int(self.known.last[origin])
        # the days before this one are known to their last step
        day = (last + 1 - self.start) // steps
        offset = origin - self.start - day * steps
        if day < FEWEST_DAYS + LAGS[-1]:
            return None
        ahead = self.forecast(day, max(offset + leads, 1))
        row = ahead[max(offset, 0) : max(offset + leads, 0)]
        # what lies before that day is known
        return np.concatenate([np.zeros(leads - len(row)), row])

    def forecast(self, day: int, reach: int) -> Floats:
        """The prices expected for ``day`` and those after it, flat, once all days before it are known."""
        steps = self.table.shape[1]
        count = -(-reach // steps)
        if (day, count) not in self.made:
            # origins run forward: what was made for another day is not asked for again
            self.made = {key: row for key, row in self.made.items() if key[0] == day}
            fit, past = self.fit(day), self.table[day - LAGS[-1] : day]
            for ahead in range(count):
                past = np.vstack([past, fit.next_day(past, int(self.weekday[day + ahead]))])
            self.made[day, count] = past[LAGS[-1] :].ravel()
        return self.made[day, count]

    def fit(self, day: int) -> _Fit:
        """The regression that serves ``day``, made of days before it."""
        day = max(day - day % REFIT_DAYS, FEWEST_DAYS + LAGS[-1])
        if day not in self.fits:
            if len(self.fits) == KEPT:
                del self.fits[next(iter(self.fits))]
            first = max(day - MOST_DAYS, 0)
            self.fits[day] = _fitted(self.table[first:day], self.weekday[first:day])
        return self.fits[day]


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A fitted regression: weights by (step of the day, price or weekday seen), on prices damped around ``middle``."""

    weight: Floats
    constant: Floats
    middle: float
    width: float

    def next_day(self, past: Floats, weekday: int) -> Floats:
        """The prices expected for the day after ``past`` [day, step]."""
        damped = _damped(past, self.middle, self.width)
        seen = np.concatenate([*(damped[-lag] for lag in LAGS), np.arange(7) == weekday])
        # a sum of many prices of one kind can be far outside all of them; nothing seen before was
        told = np.clip(self.weight @ seen + self.constant, damped.min() - 1.0, damped.max() + 1.0)
        found: Floats = np.sinh(told) * self.width + self.middle
        return found


def _damped(price: Floats, middle: float, width: float) -> Floats:
    damped: Floats = np.arcsinh((price - middle) / width)
    return damped


def _fitted(table: Floats, weekday: Integers) -> _Fit:
    """The regression of each day of a table on its lags, with the shrinkage that leaves the least error."""
    from sklearn.linear_model import RidgeCV  # type: ignore[import-untyped]
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    middle = float(np.median(table))
    # the median distance, which spikes do not move; a price that never changes has none
    width = float(np.median(np.abs(table - middle))) or 1.0
    damped = _damped(table, middle, width)
    days = np.arange(LAGS[-1], len(table))
    seen = np.hstack([*(damped[days - lag] for lag in LAGS), weekday[days][:, None] == np.arange(7)])
    # matrices this small are slower, by far, on several threads that wait for each other
    with threadpool_limits(1):
        model = RidgeCV(alphas=SHRINKAGES).fit(seen, damped[days])
    return _Fit(np.asarray(model.coef_), np.asarray(model.intercept_), middle, width)
