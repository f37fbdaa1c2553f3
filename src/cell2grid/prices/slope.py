"""How much one MW more of sales lowers the price, estimated from a price and a load: the slope, and how sure it is.

Price and residual load (load less sun and wind) of the same steps are compared in their changes from step to step, so
that levels and seasons drop out. What else moves both is in the slope: it says what happened together, not what a new
plant would cause. What a slope does to a schedule is in ``engines.dispatch.impact``. Equation:
docs/formulation/dispatch.md#price_impact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError

Floats = npt.NDArray[np.float64]

METHOD = "least squares on differences of neighbouring steps, Newey-West errors"
# fewer changes say too little for the errors to be trusted: two days of hours
LEAST_COUNT = 48
# a share of the load that is rounding; prices and loads beyond the last are slips of the pen
_CONSTANT, _LARGEST = 1e-9, 1e9
_QUARTERS = 4
# two-sided 95 % of the normal distribution
_NORMAL = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """The slope among the steps of a quarter of the load [currency/MWh/MW]: from the lowest loads to the highest."""

    lowest_load: float
    highest_load: float
    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """How much one MW more of sales lowers the price [currency/MWh/MW], with its 95 % interval.

    ``count`` is the number of changes that it rests on, ``lags`` how many steps apart they hang together. Where the
    interval has zero in it, it is not ``told``. ``quarters`` are by load; ``steeper_at_peak`` says that the highest
    quarter is steeper than the lowest by more than chance, and is None where that cannot be compared.
    """

    value: float
    low: float
    high: float
    count: int
    lags: int
    quarters: tuple[Quarter, ...]
    steeper_at_peak: bool | None
    method: str = METHOD

    @property
    def told(self) -> bool:
        """Whether the slope is told apart from zero, and falls."""
        return self.low > 0.0

    def notes(self) -> tuple[str, ...]:
        """What a reader should know of it, in sentences."""
        said = []
        if not self.told:
            where = "below zero" if self.high < 0.0 else "not told apart from zero"
            said.append(
                f"The slope of {self.value:.3g} per MWh and MW is {where} (95 % interval {self.low:.3g} to "
                f"{self.high:.3g}, {self.count:,} changes)."
            )
        if self.steeper_at_peak:
            first, last = self.quarters[0], self.quarters[-1]
            said.append(
                f"The price moves more at the peak: {last.value:.3g} per MWh and MW in the quarter of the highest "
                f"loads, {first.value:.3g} in that of the lowest; one slope for all steps understates it there."
            )
        return tuple(said)


def estimated_slope(price: npt.ArrayLike, quantity: npt.ArrayLike, *, lags: int | None = None) -> Slope:
    """How much one MW more of sales lowered the price, from a price and a residual load of the same steps.

    Parameters
    ----------
    price, quantity
        Prices [currency/MWh] and the load less sun and wind [MW] by timestep, equally long steps without a gap.
    lags
        Steps apart within which errors may hang together; a day of hours (24), or a quarter of a short series, without.

    Raises
    ------
    InputError
        Lengths differ, a number is not finite, there are fewer than 49 steps, or the load never changes.

    Equation ``price_impact`` of docs/formulation/dispatch.md; standard errors as Newey and West, doi:10.2307/1913610.

    >>> load = 50_000.0 + 5_000.0 * np.sin(np.arange(240.0) / 4.0)
    >>> found = estimated_slope(20.0 + 0.002 * load, load)
    >>> round(found.value, 6), found.count, found.told
    (0.002, 239, True)
    """
    prices, loads = _checked(price, quantity)
    used = min(24, len(prices) // 4) if lags is None else lags
    if not 0 <= used < len(prices) - 1:
        raise InputError(f"lags is {used}, expected 0 to {len(prices) - 2}; change it")
    change, moved = np.diff(prices), np.diff(loads)
    size = float(np.abs(loads).max())
    if float(moved.std()) <= _CONSTANT * size:
        raise InputError(
            "the load changes by the same in every step, so that no slope can be told; give one that varies"
        )
    value, deviation = _fitted(change, moved, used, np.ones(len(change), dtype=bool))
    quarters, deviations = _by_quarter(change, moved, (loads[:-1] + loads[1:]) / 2.0, used, _CONSTANT * size)
    return Slope(
        value=value,
        low=value - _NORMAL * deviation,
        high=value + _NORMAL * deviation,
        count=len(change),
        lags=used,
        quarters=quarters,
        steeper_at_peak=_steeper(quarters, deviations),
    )


def _checked(price: npt.ArrayLike, quantity: npt.ArrayLike) -> tuple[Floats, Floats]:
    prices, loads = np.asarray(price, dtype=np.float64), np.asarray(quantity, dtype=np.float64)
    if prices.ndim != 1 or prices.shape != loads.shape:
        raise InputError(
            f"prices have the shape {prices.shape} and loads {loads.shape}; give one of each for every timestep"
        )
    for name, values in (("price", prices), ("load", loads)):
        wrong = ~(np.abs(values) <= _LARGEST)
        if wrong.any():
            step = int(np.argmax(wrong))
            raise InputError(f"{name} of timestep {step} is {values[step]}, expected a number; mend the series")
    if len(prices) <= LEAST_COUNT:
        raise InputError(
            f"{len(prices)} timesteps are too few to tell a slope, expected {LEAST_COUNT + 1} or more; give a "
            "longer series"
        )
    return prices, loads


def _fitted(change: Floats, moved: Floats, lags: int, of: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """The slope among some of the changes and its standard error; those left out keep their place in time."""
    count = int(of.sum())
    load = np.where(of, moved - moved[of].mean(), 0.0)
    price = np.where(of, change - change[of].mean(), 0.0)
    spread = float(load @ load)
    value = float(load @ price) / spread
    score = load * (price - value * load)
    total = float(score @ score)
    for lag in range(1, lags + 1):
        # weights that fall in a line keep the sum from going below zero
        total += 2.0 * (1.0 - lag / (lags + 1.0)) * float(score[lag:] @ score[:-lag])
    # two numbers were fitted, the level of the changes and the slope
    return value, float(np.sqrt(max(total, 0.0) * count / (count - 2.0))) / spread


def _by_quarter(
    change: Floats, moved: Floats, load: Floats, lags: int, least: float
) -> tuple[tuple[Quarter, ...], list[float]]:
    """The slope by quarters of the load, and the standard errors; none where a quarter is too short to tell."""
    edges = np.quantile(load, np.linspace(0.0, 1.0, _QUARTERS + 1))
    place = np.clip(np.searchsorted(edges, load, side="right") - 1, 0, _QUARTERS - 1)
    found, deviations = [], []
    for i in range(_QUARTERS):
        of = place == i
        if int(of.sum()) < LEAST_COUNT or float(moved[of].std()) <= least:
            return (), []
        value, deviation = _fitted(change, moved, lags, of)
        away = _NORMAL * deviation
        found.append(
            Quarter(
                lowest_load=float(edges[i]),
                highest_load=float(edges[i + 1]),
                value=value,
                low=value - away,
                high=value + away,
                count=int(of.sum()),
            )
        )
        deviations.append(deviation)
    return tuple(found), deviations


def _steeper(quarters: tuple[Quarter, ...], deviations: list[float]) -> bool | None:
    """Whether the slope among the highest loads is above that among the lowest, beyond chance."""
    if not quarters:
        return None
    away = _NORMAL * float(np.hypot(deviations[0], deviations[-1]))
    return bool(quarters[-1].value - quarters[0].value > away)
