"""The least sum of squares between bounds, for many rows at once: a damped Gauss-Newton method with projection.

Rows are problems that are alike: starts of one fit, points of a profile, or members of an ensemble. Each goes its own
way, and the model is asked for all of them together, so that a fit of a thousand members costs some tens of calls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cell2grid.formulas.fitting.problem import Array, derivatives

MOST_STEPS = 60
STILL = 1e-9
FALL = 1e-10
_FIRST_DAMPING, _MOST_DAMPING = 1e-3, 1e12


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Rows of places with the least sum of squares, and which of them came to an end."""

    places: Array
    """(row, unknown) between 0 and 1."""
    chi_square: Array
    """(row,) the sum of squares; infinite where the model had no answer at the start."""
    converged: NDArray[np.bool_]
    """(row,)"""
    steps: int


def least_squares(
    residuals: Callable[[Array], Array],
    start: Array,
    *,
    fixed: NDArray[np.bool_] | None = None,
    rows_apart: bool = False,
    still: float = STILL,
    fall: float = FALL,
    on_progress: Callable[[int], None] = lambda step: None,
) -> Found:
    """The places between 0 and 1 at which each row's sum of squared residuals is least, from ``start`` on.

    K. Levenberg (1944), doi:10.1090/qam/10666; D. W. Marquardt (1963), doi:10.1137/0111030: (JᵀJ + λ D) δ = -Jᵀr with
    D = diag(JᵀJ). An unknown at a bound that the sum falls beyond stays there for the step.

    Parameters
    ----------
    residuals
        Rows of places (row, unknown) to rows of residuals; called with all rows in their order, unless ``rows_apart``.
    start
        (row, unknown) between 0 and 1.
    fixed
        (row, unknown) what stays as it is.
    rows_apart
        Whether any row may be asked for in any place: then the model is asked less often, for more rows.
    still, fall
        A step of so little of the range, or a fall of so little of one more than the sum, is the end.

    >>> found = least_squares(lambda x: np.column_stack([x[:, 0] - 0.25, x[:, 1] - 2.0]), np.array([[0.5, 0.5]]))
    >>> found.places.round(6), found.chi_square.round(6)
    (array([[0.25, 1.  ]]), array([1.]))
    """
    places = np.clip(np.array(start, np.float64), 0.0, 1.0)
    held = np.zeros(places.shape, np.bool_) if fixed is None else fixed
    here = residuals(places)
    chi_square = _sums(here)
    damping = np.full(len(places), _FIRST_DAMPING)
    going = np.isfinite(chi_square) & ~held.all(axis=1)
    done = np.isfinite(chi_square) & held.all(axis=1)
    steps, slopes, stale = 0, np.zeros((*here.shape, places.shape[1])), going.copy()
    while going.any() and steps < MOST_STEPS:
        steps += 1
        on_progress(steps)
        if (stale & going).any():
            fresh = derivatives(residuals, places, rows_apart=rows_apart)
            slopes = np.where(stale[:, None, None], fresh, slopes)
        wanted = np.clip(places + _step(slopes, here, places, held, damping), 0.0, 1.0)
        wanted = np.where(going[:, None], wanted, places)
        there = residuals(wanted)
        sums = _sums(there)
        better = going & (sums < chi_square)
        moved = np.abs(wanted - places).max(axis=1)
        fallen = np.where(better, chi_square - np.where(better, sums, 0.0), 0.0)
        ended = (moved <= still) | (better & (fallen <= fall * (1.0 + chi_square)))
        # no way down is the end too, where the step is as good as none
        done |= going & (ended | (damping > _MOST_DAMPING))
        places[better], here[better], chi_square[better] = wanted[better], there[better], sums[better]
        damping = np.where(better, np.maximum(damping / 10.0, 1e-12), damping * 5.0)
        stale = better
        going &= ~done
    return Found(places, chi_square, done, steps)


def _sums(rows: Array) -> Array:
    """The sums of squares; infinite where a residual is not finite."""
    with np.errstate(over="ignore", invalid="ignore"):
        sums = (rows**2).sum(axis=1)
    return np.where(np.isfinite(sums), sums, np.inf)


def _step(slopes: Array, here: Array, places: Array, held: NDArray[np.bool_], damping: Array) -> Array:
    """The damped Gauss-Newton step of each row, none of it beyond a bound that it stands at."""
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    here = np.where(np.isfinite(here), here, 0.0)
    downhill = -np.einsum("knp,kn->kp", slopes, here)
    stuck = held | ((places <= 0.0) & (downhill <= 0.0)) | ((places >= 1.0) & (downhill >= 0.0))
    square = np.einsum("knp,knq->kpq", slopes, slopes)
    square[stuck[:, :, None] | stuck[:, None, :]] = 0.0
    downhill = np.where(stuck, 0.0, downhill)
    diagonal = np.einsum("kpp->kp", square)
    # an unknown that moves nothing is not moved
    least = 1e-12 * np.maximum(diagonal.max(axis=1, keepdims=True), 1e-30)
    damped = np.einsum("kp,pq->kpq", damping[:, None] * np.maximum(diagonal, least) + least, np.eye(places.shape[1]))
    return np.asarray(np.linalg.solve(square + damped, downhill[:, :, None])[:, :, 0], np.float64)
