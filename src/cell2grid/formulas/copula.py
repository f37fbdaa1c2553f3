"""Figures that are high together: the Gaussian copula, by the factor of its correlation matrix.

Each share becomes a standard normal score, scores are mixed by the lower factor of the matrix, and become shares again;
what each figure is drawn from stays uniform. Whether a matrix can be is asked here too. Which figures are correlated is
said in the study.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.distributions import LEAST_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ROUNDING = 1e-9


def factor(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """The lower factor L of a correlation matrix, L L' = matrix; by Cholesky, where figures may go wholly together.

    Raises
    ------
    ValueError
        No numbers have these correlations: the matrix is not positive semidefinite.

    >>> factor(np.array([[1.0, 0.6], [0.6, 1.0]]))
    array([[1. , 0. ],
           [0.6, 0.8]])
    """
    found, broken = _factor(matrix)
    if broken is not None:
        raise ValueError(f"correlations of figure {broken} with those before it cannot all be")
    return found


def broken_at(matrix: NDArray[np.float64]) -> int | None:
    """The first figure whose correlations with those before it cannot all be; None where all can.

    >>> broken_at(np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.9], [0.0, 0.9, 1.0]]))
    2
    """
    return _factor(matrix)[1]


def bounds(matrix: NDArray[np.float64], figure: int, other: int) -> tuple[float, float] | None:
    """Between which values the correlation of ``figure`` with an earlier one can lie, the other ones held.

    Of figure k with correlations r to those before it, whose matrix is C: r' C^-1 r <= 1, a quadratic in one of r.
    None where no value is possible, or where those before it determine one another.

    >>> low, high = bounds(np.array([[1.0, 0.9, 0.0], [0.9, 1.0, 0.9], [0.0, 0.9, 1.0]]), 2, 0)
    >>> round(low, 2), round(high, 2)
    (0.62, 1.0)
    """
    before = matrix[:figure, :figure]
    if np.linalg.eigvalsh(before)[0] < _ROUNDING:
        return None
    inverse = np.linalg.inv(before)
    rest = matrix[figure, :figure].copy()
    rest[other] = 0.0
    square, half = inverse[other, other], inverse[other] @ rest
    under = half**2 - square * (rest @ inverse @ rest - 1.0)
    if under < 0.0:
        return None
    width = float(np.sqrt(under))
    return max(-1.0, float(-half - width) / float(square)), min(1.0, float(-half + width) / float(square))


def correlated(shares: Sequence[NDArray[np.float64]], row: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share of a figure, by its ``row`` of the factor over the independent shares of its group.

    u' = Phi(sum over j of L_j Phi^-1(u_j)).

    >>> correlated([np.array([0.2]), np.array([0.9])], np.array([1.0, 0.0])).round(6)
    array([0.2])
    """
    from scipy.special import ndtr, ndtri

    score = np.zeros_like(shares[0])
    for share, weight in zip(shares, row, strict=True):
        if weight:
            score += weight * ndtri(np.clip(share, LEAST_SHARE, 1.0 - LEAST_SHARE))
    return np.asarray(np.clip(ndtr(score), LEAST_SHARE, 1.0 - LEAST_SHARE), dtype=np.float64)


def _factor(matrix: NDArray[np.float64]) -> tuple[NDArray[np.float64], int | None]:
    found = np.zeros_like(matrix)
    for place in range(len(matrix)):
        # the row of the next figure, by what is known of those before it
        row = np.zeros(len(matrix))
        for other in range(place):
            rest = matrix[place, other] - row[:other] @ found[other, :other]
            pivot = found[other, other]
            row[other] = rest / pivot if pivot > 0.0 else 0.0
            if pivot == 0.0 and abs(rest) > _ROUNDING**0.5:
                return found, place
        left = 1.0 - row @ row
        if left < -_ROUNDING:
            return found, place
        row[place] = np.sqrt(left) if left > _ROUNDING else 0.0
        found[place] = row
    return found, None
