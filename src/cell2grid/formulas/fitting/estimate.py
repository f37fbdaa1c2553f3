"""The estimate: the least sum of squares from several starts, and how well it meets what was observed.

The starts are run together. Intervals are in ``profile.py``, which unknowns cannot be told in ``identifiability.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.formulas.draws import standard_uniform
from cell2grid.formulas.fitting.least_squares import least_squares
from cell2grid.formulas.fitting.problem import Array, Model, Problem, derivatives

STARTS = 8
# of the range: nearer to a bound is at it, nearer to another is the same place
AT_BOUND, SAME = 1e-6, 1e-3
# sums of squares so near, as a part of one more than the sum, are the same
AS_GOOD = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """The unknowns that meet the observations best, and how well."""

    names: tuple[str, ...]
    values: Array
    """(unknown,)"""
    places: Array
    """(unknown,) between the bounds, 0 to 1."""
    modelled: Array
    """(observation,) and what else the model says."""
    slopes: Array
    """(observation and prior, unknown) deviations for the whole range."""
    chi_square: float
    """Of the observations."""
    total: float
    """Of observations and priors."""
    at_bound: tuple[str, ...]
    """Unknowns that stand at a bound that they were given."""
    starts: int
    agreeing: int
    """Starts that came to the same place."""
    elsewhere: Array
    """(place, unknown) other places that are as good, one row each."""

    def deviations(self, width: Array) -> Array:
        """One standard deviation of each unknown, from (JᵀJ)⁻¹ at the estimate; infinite where nothing tells it.

        >>> slopes = np.array([[2.0, 0.0]])
        >>> Estimate(
        ...     ("a", "b"), np.zeros(2), np.zeros(2), np.zeros(1), slopes, 0.0, 0.0, (), 1, 1, np.zeros((0, 2))
        ... ).deviations(np.ones(2))
        array([0.5, inf])
        """
        _, singular, across = np.linalg.svd(self.slopes, full_matrices=True)
        size = np.zeros(len(across))
        size[: len(singular)] = singular
        # what moves nothing has no deviation, and neither has what goes with it
        lost = size <= 1e-9 * max(float(size.max(initial=0.0)), 1e-30)
        spread = np.where(lost, 0.0, np.divide(1.0, size, out=np.zeros_like(size), where=~lost))
        variance = ((across * spread[:, None]) ** 2).sum(axis=0)
        touched = (np.abs(across[lost]) > 1e-6).any(axis=0) if lost.any() else np.zeros(len(across), np.bool_)
        return np.where(touched, np.inf, np.sqrt(variance)) * width


def estimated(
    problem: Problem,
    model: Model,
    *,
    first: Array | None = None,
    starts: int = STARTS,
    seed: int = 1,
    on_progress: Callable[[int], None] = lambda step: None,
) -> Estimate:
    """The unknowns with the least sum of squares, from a first place and from others drawn by the unknowns' names.

    Parameters
    ----------
    first
        (unknown,) where to begin; the middle of the bounds without it.
    starts
        How many places it is begun at.

    Raises
    ------
    NotConvergedError
        The model has no answer at any start, or no start came to an end.
    """
    residuals = partial(problem.objective, model)
    begin = _begin(problem, first, starts, seed)
    found = least_squares(residuals, begin, rows_apart=True, on_progress=on_progress)
    if not np.isfinite(found.chi_square).any():
        said = ", ".join(
            f"{name} {value:.6g}" for name, value in zip(problem.names, problem.values(begin[0]), strict=True)
        )
        raise NotConvergedError(
            f"fit: the model has no answer at any of {starts} starts, the first at {said}; narrow the bounds of the"
            " unknowns to where it has one"
        )
    if not (found.converged & np.isfinite(found.chi_square)).any():
        raise NotConvergedError(
            f"fit: no start came to an end within {found.steps} steps; the least sum of squares so far is"
            f" {found.chi_square.min():.6g}; narrow the bounds, or fit fewer unknowns"
        )
    sums = np.where(found.converged, found.chi_square, np.inf)
    good = sums <= sums.min() + AS_GOOD * (1.0 + sums.min())
    best = int(np.flatnonzero(good)[0])
    return _at(problem, model, found.places[best], found.places[good], starts)


def _begin(problem: Problem, first: Array | None, starts: int, seed: int) -> Array:
    places = np.empty((starts, len(problem.names)))
    for column, name in enumerate(problem.names):
        places[:, column] = standard_uniform(seed, f"fit start {name}", first=0, count=starts)
    places[0] = 0.5 if first is None else np.clip(problem.places(first), 0.0, 1.0)
    return places


def _at(problem: Problem, model: Model, place: Array, good: Array, starts: int) -> Estimate:
    rows = place[None, :]
    values = problem.values(rows)
    modelled = model(values)
    residuals = problem.residuals(rows, modelled)[0]
    count = len(problem.observed)
    apart = np.abs(good - place).max(axis=1) > SAME
    elsewhere: list[Array] = []
    for other in good[apart]:
        if all(np.abs(other - known).max() > SAME for known in elsewhere):
            elsewhere.append(other)
    ends = [name for name, x in zip(problem.names, place, strict=True) if min(x, 1.0 - x) <= AT_BOUND]
    return Estimate(
        names=problem.names,
        values=values[0],
        places=place,
        modelled=modelled[0],
        slopes=derivatives(partial(problem.objective, model), rows, rows_apart=True)[0],
        chi_square=float((residuals[:count] ** 2).sum()),
        total=float((residuals**2).sum()),
        at_bound=tuple(ends),
        starts=starts,
        agreeing=int((~apart).sum()),
        elsewhere=problem.values(np.array(elsewhere).reshape(-1, len(place))),
    )
