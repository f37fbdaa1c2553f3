"""The size at which a project is worth most, looked for between bounds.

A coarse grid comes first, and its best size is where the search begins: along the hours alone where the NPV is linear
in power, by the simplex method within the bounds else. The same call always finds the same size. Maps are in
``size.py``. Equations: docs/formulation/size.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cell2grid.errors import InputError
from cell2grid.run.sensitivity.size import (
    MOST_PRICE_YEARS,
    Sized,
    Valuation,
    best_of,
    checked_bounds,
    linear_in_power,
    notes_on,
)
from cell2grid.run.worth.terms import Subject

COARSE = 5
TOLERANCE = 0.01
MOST_VALUATIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BestSize:
    """The size found, all that were tried, and how sure it is: to ``tolerance`` of both ranges where ``converged``."""

    best: Sized
    tried: tuple[Sized, ...]
    at_bound: tuple[str, ...]
    linear_in_power: bool
    valuations: int
    tolerance: float
    converged: bool
    price_years: tuple[str, ...]
    notes: tuple[str, ...]


def best_size(
    subject: Subject,
    power_bounds: tuple[float, float],
    hours_bounds: tuple[float, float],
    *,
    tolerance: float = TOLERANCE,
    most_valuations: int = MOST_VALUATIONS,
    most_price_years: int = MOST_PRICE_YEARS,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> BestSize:
    """The power [MW] and hours [hour] within bounds at which the mean NPV over the price years is highest.

    Parameters
    ----------
    tolerance
        How closely both are found, as a share of their ranges.
    most_valuations
        Where the search stops, found or not.
    on_progress
        Called with the valuations that are done and the most there will be.

    Raises
    ------
    InputError
        Bounds that are none or fall, a tolerance or a number of valuations that is none.
    InfeasibleError
        No size has a value.
    """
    power_bounds = checked_bounds("power", power_bounds)
    hours_bounds = checked_bounds("hours", hours_bounds)
    if not 1e-6 <= tolerance <= 0.5:
        raise InputError(f"tolerance is {tolerance:g}, expected 0.000001 to 0.5 of the range")
    if not COARSE**2 < most_valuations <= 10_000:
        raise InputError(f"valuations is {most_valuations}, expected {COARSE**2 + 1} to 10,000")
    search = _Search(subject, power_bounds, hours_bounds, most_valuations, most_price_years, workers, on_progress)
    search.grid()
    linear = linear_in_power(search.tried)
    converged = search.along_hours(tolerance) if linear else search.both(tolerance)
    best = best_of(search.tried)
    bounds = tuple(
        name
        for name, value, (low, high) in (("power", best.power, power_bounds), ("hours", best.hours, hours_bounds))
        if high > low and min(value - low, high - value) <= tolerance * (high - low)
    )
    notes = [*search.valuation.notes(), *notes_on(search.tried, best, bounds, linear)]
    if not converged:
        notes.append(
            f"the search stopped after {len(search.tried)} valuations before it was sure of its {tolerance:.0%}"
        )
    return BestSize(
        best=best, tried=tuple(search.tried), at_bound=bounds, linear_in_power=linear, valuations=len(search.tried),
        tolerance=tolerance, converged=converged, price_years=search.valuation.labels, notes=tuple(notes),
    )  # fmt: skip


class _Search:
    """The sizes that were tried so far, and the ways to try more."""

    def __init__(
        self,
        subject: Subject,
        power: tuple[float, float],
        hours: tuple[float, float],
        most: int,
        most_price_years: int,
        workers: int,
        on_progress: Callable[[int, int], None],
    ) -> None:
        self.valuation = Valuation(subject, most_price_years, workers)
        self.tried: list[Sized] = []
        self._power, self._hours, self._most, self._say = power, hours, most, on_progress

    def grid(self) -> None:
        """Try sizes all over the ranges."""
        powers, hours = (sorted({*np.linspace(*bounds, COARSE).tolist()}) for bounds in (self._power, self._hours))
        self.valuation.prepare(powers, hours)
        self.tried += self.valuation.of([(power, long) for long in hours for power in powers])
        self._say(len(self.tried), self._most)

    def along_hours(self, tolerance: float) -> bool:
        """Look between the hours beside the best ones, at the best power; whether it was found closely enough."""
        from scipy.optimize import minimize_scalar

        low, high = self._hours
        if high <= low:
            return True
        best, step = best_of(self.tried), (high - low) / (COARSE - 1)
        between = max(low, best.hours - step), min(high, best.hours + step)
        found = minimize_scalar(
            lambda hours: self._loss(best.power, float(hours)),
            bounds=between,
            method="bounded",
            options={"xatol": tolerance * (high - low), "maxiter": self._most - len(self.tried)},
        )
        return bool(found.success)

    def both(self, tolerance: float) -> bool:
        """Look from the best size on by the simplex method, within the bounds; whether it was found closely enough."""
        from scipy.optimize import minimize

        ranges = [bounds for bounds in (self._power, self._hours) if bounds[1] > bounds[0]]
        if not ranges:
            return True
        best = best_of(self.tried)
        place = [
            (value - low) / (high - low)
            for value, (low, high) in ((best.power, self._power), (best.hours, self._hours))
            if high > low
        ]
        step = 0.5 / (COARSE - 1)
        # away from a bound, so that the simplex has room
        turned = np.where(np.array(place) + step <= 1.0, step, -step)
        simplex = np.array(
            [place, *(np.array(place) + np.eye(len(place))[axis] * turned for axis in range(len(place)))]
        )
        found = minimize(
            self._loss_at,
            place,
            method="Nelder-Mead",
            bounds=[(0.0, 1.0)] * len(place),
            options={
                "initial_simplex": simplex,
                "xatol": tolerance,
                "fatol": np.inf,
                "maxfev": self._most - len(self.tried),
            },
        )
        return bool(found.success)

    def _loss_at(self, place: np.ndarray) -> float:
        """The loss at a place in the ranges, each from 0 to 1."""
        given = iter(place.tolist())
        power, hours = (
            low + next(given) * (high - low) if high > low else low for low, high in (self._power, self._hours)
        )
        return self._loss(power, hours)

    def _loss(self, power: float, hours: float) -> float:
        [found] = self.valuation.of([(power, hours)])
        self.tried.append(found)
        self._say(len(self.tried), self._most)
        # a size without a value is worse than any that was tried
        worst = max((-each.npv for each in self.tried if np.isfinite(each.npv)), default=0.0)
        return -found.npv if np.isfinite(found.npv) else worst + abs(worst) + 1.0
