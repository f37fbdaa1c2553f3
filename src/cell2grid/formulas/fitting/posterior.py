"""Draws of the unknowns as the observations leave them, with whatever else is drawn for each member.

Each member has the unknowns fitted to it (a Laplace approximation within the bounds), one draw is taken from there, and
members are weighed and drawn anew by their posterior density over that of the draw. Where nothing else is drawn, all
members have the same approximation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from cell2grid.formulas.draws import standard_uniform
from cell2grid.formulas.fitting.least_squares import least_squares
from cell2grid.formulas.fitting.problem import Array, Model, Problem, derivatives
from cell2grid.formulas.resampling import drawn_anew, effective_size

# draws go beyond the approximation by so much, and some are from anywhere between the bounds: no tail has no draws
_WIDER, _ANYWHERE = 1.3, 0.1
# a draw is weighed by where it is: where its member is centred need not be told to the last digit
_ROUGH = 1e-3
# the precision of a place that nothing is known of: one over the variance of a uniform
_OPEN = 12.0


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Draws that are all worth the same, the members that they belong to, and how many members that is worth."""

    values: Array
    """(draw, unknown)"""
    member: NDArray[np.int64]
    """(draw,) whose other figures go with it; rising."""
    modelled: Array
    """(draw, observation) and what else the model says, without the noise of reports."""
    fitted: Array
    """(member, unknown) the least sum of squares of each member by itself."""
    effective: float
    unfitted: int
    """Members that came to no end, or have no answer, and are left out."""


def posterior(
    problem: Problem,
    model: Model,
    *,
    members: int,
    first: Array,
    alike: bool,
    seed: int = 1,
    on_progress: Callable[[int], None] = lambda step: None,
) -> Posterior:
    """As many draws as ``members`` from the posterior, by importance sampling about each member's own estimate.

    w ∝ exp(-χ²/2) / q, q the density that a draw was taken from: 0.9 of a normal with the covariance
    1.3² (JᵀJ + 12 I)⁻¹ about the estimate, 0.1 of a uniform between the bounds.

    Parameters
    ----------
    model
        Row k has whatever else is drawn for member k.
    first
        (unknown,) the estimate that members are fitted from.
    alike
        Whether nothing else is drawn, so that one member is fitted for all.
    """
    residuals = partial(problem.objective, model)
    begin = np.tile(np.clip(problem.places(first), 0.0, 1.0), (members, 1))
    if alike:
        places, known = begin, np.ones(members, np.bool_)
    else:
        found = least_squares(residuals, begin, fall=_ROUGH, on_progress=on_progress)
        places, known = found.places, found.converged & np.isfinite(found.chi_square)
    slopes = derivatives(residuals, places)
    slopes = np.where(np.isfinite(slopes), slopes, 0.0)
    drawn, density = _proposed(problem, places, slopes, seed)
    inside = ((drawn >= 0.0) & (drawn <= 1.0)).all(axis=1)
    tried = np.clip(drawn, 0.0, 1.0)
    modelled = model(problem.values(tried))
    sums = (problem.residuals(tried, modelled) ** 2).sum(axis=1)
    use = inside & known & np.isfinite(sums)
    weights = _weights(sums, density, use)
    if not use.any():
        kept = np.zeros(0, np.int64)
    else:
        kept = drawn_anew(weights, members, float(standard_uniform(seed, "fit posterior", first=0, count=1)[0]))
    fitted = np.where(known[:, None], problem.values(places), np.nan)
    lost = int((~known).sum())
    return Posterior(problem.values(tried[kept]), kept, modelled[kept], fitted, effective_size(weights), lost)


def _weights(sums: Array, density: Array, use: NDArray[np.bool_]) -> Array:
    logarithm = np.where(use, -0.5 * np.where(use, sums, 0.0) - density, -np.inf)
    if not use.any():
        return np.zeros(len(sums))
    raised = np.exp(logarithm - logarithm.max())
    return np.asarray(raised / raised.sum(), np.float64)


def _proposed(problem: Problem, places: Array, slopes: Array, seed: int) -> tuple[Array, Array]:
    """One draw for each member (member, unknown), and the logarithm of its density there."""
    members, count = places.shape
    precision = (np.einsum("knp,knq->kpq", slopes, slopes) + _OPEN * np.eye(count)) / _WIDER**2
    factor = np.linalg.cholesky(precision)  # L Lᵀ, so that L⁻ᵀ z has the covariance
    shares = np.column_stack(
        [standard_uniform(seed, f"fit draw {name}", first=0, count=members) for name in problem.names]
    )
    anywhere = standard_uniform(seed, "fit anywhere", first=0, count=members) < _ANYWHERE
    normal = np.linalg.solve(np.swapaxes(factor, 1, 2), _scores(shares)[:, :, None])[:, :, 0]
    drawn = np.where(anywhere[:, None], shares, places + normal)
    apart = drawn - places
    square = np.einsum("kp,kpq,kq->k", apart, precision, apart)
    half = np.log(np.einsum("kpp->kp", factor)).sum(axis=1)
    of_normal = half - 0.5 * square - 0.5 * count * np.log(2.0 * np.pi) + np.log(1.0 - _ANYWHERE)
    return drawn, np.logaddexp(of_normal, np.log(_ANYWHERE))


def _scores(shares: Array) -> Array:
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(shares, 2.0**-53, 1.0 - 2.0**-53)), np.float64)
