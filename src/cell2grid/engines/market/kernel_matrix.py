"""Small dense systems in compiled form: factors with exchanged rows, solutions and inverses, all in their places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.kernel_case import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


@compiled
def factored(matrix: Floats, pivot: Places) -> bool:
    """Factor a matrix in its place, rows exchanged for the largest pivot; False where it has none."""
    n = matrix.shape[0]
    for k in range(n):
        best = k
        for i in range(k + 1, n):
            if abs(matrix[i, k]) > abs(matrix[best, k]):
                best = i
        pivot[k] = best
        if not abs(matrix[best, k]) > 0.0:
            return False
        if best != k:
            for c in range(n):
                matrix[k, c], matrix[best, c] = matrix[best, c], matrix[k, c]
        for i in range(k + 1, n):
            matrix[i, k] /= matrix[k, k]
            part = matrix[i, k]
            if part != 0.0:
                for c in range(k + 1, n):
                    matrix[i, c] -= part * matrix[k, c]
    return True


@compiled
def solved(matrix: Floats, pivot: Places, right: Floats) -> None:
    """Solve with a factored matrix, in the place of the right-hand side."""
    n = matrix.shape[0]
    for k in range(n):
        right[k], right[pivot[k]] = right[pivot[k]], right[k]
    for k in range(n):
        for i in range(k + 1, n):
            right[i] -= matrix[i, k] * right[k]
    for k in range(n - 1, -1, -1):
        for c in range(k + 1, n):
            right[k] -= matrix[k, c] * right[c]
        right[k] /= matrix[k, k]


@compiled
def inverted(matrix: Floats) -> bool:
    """Put the inverse of a small matrix in its place; False where it has none."""
    n = matrix.shape[0]
    factors, pivot, column = matrix.copy(), np.zeros(n, np.int64), np.zeros(n)
    if not factored(factors, pivot):
        return False
    for k in range(n):
        for i in range(n):
            column[i] = 1.0 if i == k else 0.0
        solved(factors, pivot, column)
        for i in range(n):
            matrix[i, k] = column[i]
    return True
