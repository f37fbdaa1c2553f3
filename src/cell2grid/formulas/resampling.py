"""Members weighed by what was observed, and drawn anew by their weights; where an observed value lies among members.

Sampling-importance-resampling (Smith and Gelfand 1992, doi:10.1080/00031305.1992.10475856). What the members are, and
what was observed, is said in ``run/calibration.py``; where numbers are drawn, in ``draws.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def gaussian_weights(
    modelled: NDArray[np.float64], observed: NDArray[np.float64], deviation: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The weight of each member, which add up to one: its likelihood if misses were independent and normal.

    w ∝ exp(− Σ ((m − o) / s)² / 2). A member that has no value of an observation has no weight; where no member has
    any, all are nought.

    Parameters
    ----------
    modelled
        By member and observation.
    observed, deviation
        By observation, in the same units; deviations are above nought.

    >>> gaussian_weights(np.array([[1.0], [3.0], [np.nan]]), np.array([2.0]), np.array([1.0])).tolist()
    [0.5, 0.5, 0.0]
    """
    missed = (((modelled - observed) / deviation) ** 2).sum(axis=1) / 2.0
    missed = np.where(np.isnan(missed), np.inf, missed)
    best = float(missed.min(initial=np.inf))
    if not np.isfinite(best):
        return np.zeros(len(missed))
    # counted from the best member, so that the weights of a hard case do not all vanish
    likelihood = np.exp(best - missed)
    weights: NDArray[np.float64] = likelihood / likelihood.sum()
    return weights


def effective_size(weights: NDArray[np.float64]) -> float:
    """How many equal members would tell as much: 1 / Σ w².

    Kong, Liu and Wong 1994, doi:10.1080/01621459.1994.10476469.

    >>> effective_size(np.array([0.25, 0.25, 0.25, 0.25])), effective_size(np.array([1.0, 0.0]))
    (4.0, 1.0)
    """
    total = float((weights**2).sum())
    return 1.0 / total if total > 0.0 else 0.0


def drawn_anew(weights: NDArray[np.float64], count: int, start: float) -> NDArray[np.int64]:
    """``count`` members by systematic resampling, in rising order: each comes ⌊n w⌋ or ⌈n w⌉ times.

    The places (start + i) / n, for i from 0, on the sum of the weights (Kitagawa 1996,
    doi:10.1080/10618600.1996.10474692).

    Parameters
    ----------
    start
        One draw in [0, 1) for all.

    >>> drawn_anew(np.array([0.5, 0.0, 0.25, 0.25]), 4, 0.3).tolist()
    [0, 0, 2, 3]
    """
    places = (start + np.arange(count)) / count
    upper = np.cumsum(weights)
    # rounding must not leave the last places beyond the sum
    found = np.searchsorted(upper / upper[-1], places, side="right")
    return np.minimum(found, int(np.flatnonzero(weights)[-1])).astype(np.int64)


def rank_among(members: NDArray[np.float64], observed: float) -> float:
    """The share of members below the observed value, those equal to it by half; missing where no member has a value.

    >>> rank_among(np.array([1.0, 2.0, 2.0, 5.0]), 2.0)
    0.5
    """
    known = members[~np.isnan(members)]
    if not known.size:
        return float("nan")
    return float(((known < observed).sum() + 0.5 * (known == observed).sum()) / known.size)


def two_sided(members: NDArray[np.float64], observed: float) -> float:
    """How often a member would lie at least as far out as the observed value, on either side; at most one.

    p = 2 min(1 + #{m ≤ o}, 1 + #{m ≥ o}) / (n + 1): the observed counts as one more member, so that p is never nought.

    >>> two_sided(np.arange(99.0), 200.0), two_sided(np.arange(99.0), 49.0)
    (0.02, 1.0)
    """
    known = members[~np.isnan(members)]
    if not known.size:
        return float("nan")
    least = 1 + min(int((known <= observed).sum()), int((known >= observed).sum()))
    return min(1.0, 2.0 * least / (known.size + 1))
