"""What is fitted to what: bounds and priors of unknowns, what was observed, and the residuals of rows of unknowns.

Inside, an unknown is a place x between its bounds, 0 at ``low`` and 1 at ``high``: derivatives then have one measure,
standard deviations of what was reported for the whole range. Finding the least sum is ``least_squares.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# rows of unknowns (row, unknown) in, rows of modelled values out (row, observation, and more that is not fitted to)
Model = Callable[[Array], Array]
# of the whole range: above what a solver leaves unsaid (about 1e-8), below what curves matter at
STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of an unknown apart from the observations: a normal, of its logarithm where ``logarithmic``."""

    mean: float
    deviation: float
    logarithmic: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Unknowns by name between bounds, and what was observed with one standard deviation of it.

    >>> problem = Problem(("cost",), np.array([0.0]), np.array([10.0]), np.array([4.0]), np.array([0.5]))
    >>> problem.residuals(problem.places(np.array([[5.0]])), np.array([[5.0]]))
    array([[2.]])
    """

    names: tuple[str, ...]
    low: Array
    """(unknown,) in the unit of each."""
    high: Array
    """(unknown,)"""
    observed: Array
    """(observation,) in the unit of each."""
    deviation: Array
    """(observation,) above nothing."""
    priors: tuple[Prior | None, ...] = ()

    @property
    def width(self) -> Array:
        """The ranges of the unknowns."""
        return self.high - self.low

    def values(self, places: Array) -> Array:
        """The unknowns at places between 0 and 1."""
        return self.low + places * self.width

    def places(self, values: Array) -> Array:
        """Where values of the unknowns are between their bounds."""
        return (values - self.low) / self.width

    def residuals(self, places: Array, modelled: Array) -> Array:
        """(m - o) / σ of each observation, then (θ - μ) / s of each prior: (row, observation and prior).

        What is modelled beyond the observations is left out.
        """
        of_data = (modelled[:, : len(self.observed)] - self.observed) / self.deviation
        of_priors = [
            (_told(prior, self.values(places)[:, place]) - _centre(prior)) / prior.deviation
            for place, prior in enumerate(self.priors)
            if prior is not None
        ]
        return np.column_stack([of_data, *of_priors])

    def objective(self, model: Model, places: Array) -> Array:
        """The residuals of rows of places; a row that the model has no answer for is not finite."""
        return self.residuals(places, model(self.values(places)))


def _told(prior: Prior, values: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(values) if prior.logarithmic else values, np.float64)


def _centre(prior: Prior) -> float:
    return float(np.log(prior.mean)) if prior.logarithmic else prior.mean


def derivatives(
    residuals: Callable[[Array], Array], places: Array, *, rows_apart: bool = False, step: float = STEP
) -> Array:
    """What residuals change by with each unknown's place: (row, residual, unknown).

    Central differences, one-sided at a bound and where the model has no answer on the other side.

    Parameters
    ----------
    rows_apart
        Whether any row may be asked for in any place, so that all are asked for at once.

    >>> derivatives(lambda places: places**2, np.array([[0.5]])).round(9)
    array([[[1.]]])
    """
    count, unknowns = places.shape
    moved = np.tile(places, (2 * unknowns, 1, 1))
    for place in range(unknowns):
        moved[2 * place, :, place] = np.minimum(places[:, place] + step, 1.0)
        moved[2 * place + 1, :, place] = np.maximum(places[:, place] - step, 0.0)
    if rows_apart:
        found = residuals(moved.reshape(-1, unknowns)).reshape(2 * unknowns, count, -1)
    else:
        found = np.stack([residuals(part) for part in moved])
    lost = np.asarray(~np.isfinite(found).all(axis=2))
    if lost.any():
        here = residuals(places)
        for part, rows, ends in zip(moved, lost, found, strict=True):
            part[rows], ends[rows] = places[rows], here[rows]
    slopes = np.empty((count, found.shape[2], unknowns))
    for place in range(unknowns):
        apart = (moved[2 * place] - moved[2 * place + 1])[:, place : place + 1]
        rise = found[2 * place] - found[2 * place + 1]
        slopes[:, :, place] = np.divide(rise, apart, out=np.zeros_like(rise), where=apart > 0)
    return slopes
