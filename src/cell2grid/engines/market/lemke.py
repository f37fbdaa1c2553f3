"""Solutions of linear complementarity problems by pivots: exact where Newton steps on a degenerate problem go round.

Find z >= 0 with w = Mz + q >= 0 and z'w = 0. Lemke (1965), doi:10.1287/mnsc.11.7.681; ties are broken in lexicographic
order, so that no basis comes back (Cottle, Pang, Stone 1992, section 4.4). Dense, for problems of some hundred
variables; larger ones and those with curves are for ``mcp.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]

_NONE = 1e-11


def lemke(matrix: Vector, constant: Vector, *, most_pivots: int | None = None) -> Vector | None:
    """z (n,) of a linear complementarity problem; None where the pivots end on a ray or are used up.

    Parameters
    ----------
    matrix, constant
        M (n, n) and q (n,).
    most_pivots
        Pivots before the search gives up; 50 n + 100 where not given.

    Examples
    --------
    >>> lemke(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([-5.0, -6.0]))
    array([1.33333333, 2.33333333])
    """
    n = len(constant)
    if np.all(constant >= 0.0):
        return np.zeros(n)
    # columns: w, z, the artificial one, and the right side; w = Mz + q + d z0
    table = np.hstack([np.eye(n), -np.asarray(matrix, float), -np.ones((n, 1)), np.asarray(constant, float)[:, None]])
    basis = np.arange(n)
    row = _first_row(table, n)
    entering = 2 * n
    for _ in range(most_pivots or 50 * n + 100):
        leaving = int(basis[row])
        _pivot(table, row, entering)
        basis[row] = entering
        if leaving == 2 * n:
            break
        entering = leaving + n if leaving < n else leaving - n
        found = _leaving_row(table, entering, basis, n)
        if found is None:
            return None
        row = found
    else:
        return None
    solution = np.zeros(2 * n + 1)
    solution[basis] = table[:, -1]
    return np.maximum(solution[n : 2 * n], 0.0)


def pivoted(matrix: Vector, constant: Vector, lower: Vector, upper: Vector) -> Vector | None:
    """x (n,) of a mixed linear complementarity problem F = Mx + q in a box; None where pivots do not end at one.

    Variables without ends are taken out, upper ends become conditions of their own.

    >>> pivoted(np.array([[1.0, -1.0], [1.0, 0.0]]), np.array([0.0, -3.0]), np.array([-np.inf, 0.0]),
    ...     np.array([np.inf, 2.0]))
    array([2., 2.])
    """
    free = ~np.isfinite(lower)
    if np.any(np.isfinite(upper[free])):
        raise ValueError("a variable with an upper end needs a lower one")
    held = ~free
    try:
        out = np.linalg.solve(matrix[np.ix_(free, free)], np.c_[matrix[np.ix_(free, held)], constant[free]])
    except np.linalg.LinAlgError:
        return None
    crossing = matrix[np.ix_(held, free)]
    small = matrix[np.ix_(held, held)] - crossing @ out[:, :-1]
    shifted = constant[held] - crossing @ out[:, -1] + small @ lower[held]
    ended = np.nonzero(np.isfinite(upper[held]))[0]
    caps = np.zeros((len(ended), len(small)))
    caps[np.arange(len(ended)), ended] = 1.0
    whole = np.block([[small, caps.T], [-caps, np.zeros((len(ended), len(ended)))]])
    found = lemke(whole, np.r_[shifted, (upper - lower)[held][ended]])
    if found is None:
        return None
    x = np.empty(len(constant))
    x[held] = found[: len(small)] + lower[held]
    x[free] = -out @ np.r_[x[held], 1.0]
    return x


def _first_row(table: Vector, n: int) -> int:
    """The row of the least constant, the first in lexicographic order among equals."""
    low = np.nonzero(table[:, -1] <= table[:, -1].min())[0]
    return int(low[-1])


def _pivot(table: Vector, row: int, column: int) -> None:
    """Brings a column into the basis in place of a row's."""
    table[row] /= table[row, column]
    others = np.arange(len(table)) != row
    table[others] -= np.outer(table[others, column], table[row])


def _leaving_row(table: Vector, entering: int, basis: NDArray[np.int64], n: int) -> int | None:
    """The row that is the first to reach 0, the artificial one's where it ties; None on a ray."""
    column = table[:, entering]
    scale = max(1.0, float(np.max(np.abs(column))))
    rows = np.nonzero(column > _NONE * scale)[0]
    if not len(rows):
        return None
    for k in (-1, *range(n)):
        ratio = table[rows, k] / column[rows]
        low = float(ratio.min())
        rows = rows[ratio <= low + _NONE * max(1.0, abs(low))]
        if k == -1 and np.any(basis[rows] == 2 * n):
            return int(rows[np.argmax(basis[rows] == 2 * n)])
        if len(rows) == 1:
            break
    return int(rows[0])
