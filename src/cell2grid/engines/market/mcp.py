"""Points that meet mixed complementarity conditions, with the residual that says how well.

``mcp`` takes any smooth function with its sparse Jacobian and a box. What a market asks of it is in ``conditions.py``,
the pivoting method for affine problems in ``lemke.py``.

Find x with lower <= x <= upper such that, for each i, F_i(x) >= 0 at the lower end, <= 0 at the upper end and = 0
between. The conditions are written as equations by the function of Fischer and Burmeister, smoothed, and solved by
Newton steps with a line search while the smoothing goes to 0; then the sides on which x rests are known and Newton
steps on the others end exactly. Where a step is not defined or does not help, a proximal term is added; where that
does not help either, the method starts again elsewhere.

References: Fischer (1992), doi:10.1080/02331939208843795; De Luca, Facchinei, Kanzow (1996), doi:10.1007/BF02592192;
Kanzow (1996), doi:10.1137/S0895479894273134 (smoothing); Billups, Dirkse, Ferris (1997), doi:10.1023/A:1008632215341
(comparison of methods, proximal terms and restarts).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import structural_rank
from scipy.sparse.linalg import splu

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Vector = NDArray[np.float64]


class _Path(NamedTuple):
    """How the smoothing goes to 0: its first width in parts of what is asked, how near the equations must be for the
    next, and how much narrower that is."""

    width: float
    near: float
    shrink: float


_PATHS = (
    _Path(1.0, 2.0, 0.1),
    _Path(10.0, 0.5, 0.2),
    _Path(0.1, 2.0, 0.1),
    _Path(100.0, 0.5, 0.2),
    _Path(0.01, 0.5, 0.2),
    _Path(1.0, 2.0, 0.1),
    _Path(10.0, 0.5, 0.2),
)
"""The searches in their order; the last two begin elsewhere. After them the method says that it did not converge."""
_PROXIMAL = (0.0, 1e-8, 1e-5, 1e-2, 1.0)
_MOST_OF_ONE = 70
_BEYOND = 1e10


class Solution(NamedTuple):
    """A point, and whether it meets the conditions: where ``converged`` is false, x is not an answer."""

    x: Vector
    residual: float
    iterations: int
    converged: bool
    reason: str


class Problem(NamedTuple):
    """A function with its Jacobian and the box of its variables."""

    function: Callable[[Vector], Vector]
    jacobian: Callable[[Vector], sparse.csc_array]
    lower: Vector
    upper: Vector


def natural_residual(x: Vector, value: Vector, lower: Vector, upper: Vector) -> float:
    """How far x is from the conditions: the largest |x - mid(lower, x - F, upper)|; inf where F is not finite or x so
    large that F is lost in its last digit."""
    if not np.all(np.isfinite(value)) or np.max(np.abs(x), initial=0.0) > _BEYOND:
        return np.inf
    return float(np.max(np.abs(x - np.clip(x - value, lower, upper)), initial=0.0))


def mcp(
    function: Callable[[Vector], Vector],
    jacobian: Callable[[Vector], sparse.csc_array],
    lower: Vector,
    upper: Vector,
    start: Vector,
    *,
    tolerance: float = 1e-11,
    most_iterations: int = 500,
    smoothing: float = 0.1,
) -> Solution:
    """Solution of a mixed complementarity problem, or the best point found, marked as not converged.

    Parameters
    ----------
    function, jacobian
        F and its derivative; a value that is not finite makes the line search come back. Best scaled so that x and F
        are near 1.
    lower, upper : (n,)
        Ends of the box; -inf and inf where there is none.
    start : (n,)
        Where the search begins.
    tolerance
        Natural residual at which the point is a solution.
    most_iterations
        Newton steps over all starts.
    smoothing
        Width of the first smoothing; small where the start is near the solution.

    Returns
    -------
    Solution
        ``reason`` says why the search ended.

    Raises
    ------
    ValueError
        Where an end of the box is not a number, or the lower one lies above the upper one.

    Examples
    --------
    A firm sells at 10 - q, at a cost of 4, and can make 5: q = 3 where price-taking without its capacity is 6.

    >>> found = mcp(lambda q: 4 - (10 - 2 * q), lambda q: sparse.csc_array([[2.0]]), np.zeros(1), np.full(1, 5.0),
    ...     np.ones(1))
    >>> found.converged, round(float(found.x[0]), 9)
    (True, 3.0)
    """
    if np.any(np.isnan(lower)) or np.any(np.isnan(upper)) or np.any(lower > upper):
        raise ValueError("each lower end of the box must be a number at or below its upper end")
    problem = Problem(function, jacobian, np.asarray(lower, float), np.asarray(upper, float))
    origin = np.clip(np.asarray(start, float), problem.lower, problem.upper)
    best = Solution(origin, np.inf, 0, False, "the function has no value at the start")
    taken = 0
    for attempt, planned in enumerate(_PATHS):
        if taken >= most_iterations:
            break
        point = _another_start(origin, problem, attempt)
        path = planned._replace(width=smoothing * planned.width)
        found = _from_start(problem, point, path, tolerance, min(_MOST_OF_ONE, most_iterations - taken))
        taken += found.iterations
        if found.residual < best.residual:
            best = found
        if best.converged:
            break
    return best._replace(iterations=taken)


def _another_start(origin: Vector, problem: Problem, attempt: int) -> Vector:
    """Where attempt n begins: the start itself at first, then with a fixed unevenness."""
    if attempt < len(_PATHS) - 2:
        return origin
    uneven = 1.0 + 0.5 * np.sin(np.arange(1, len(origin) + 1) * (1.0 + attempt))
    return np.asarray(np.clip(origin * uneven, problem.lower, problem.upper))


def _from_start(problem: Problem, x: Vector, path: _Path, tolerance: float, most: int) -> Solution:
    """What one start leads to: smoothed Newton steps, then exact ones whenever the residual promises them."""
    width = path.width
    best, best_residual = x, np.inf
    stalled, tried = 0, np.inf
    taken = 0
    value = problem.function(x)
    while taken < most:
        taken += 1
        stepped = _smoothed_step(problem, x, value, width)
        if stepped is None:
            return Solution(best, best_residual, taken, False, "no step makes the violation smaller")
        x, value, error = stepped
        residual = natural_residual(x, value, problem.lower, problem.upper)
        if residual < 0.99 * best_residual:
            best, best_residual, stalled = x, residual, 0
        else:
            stalled += 1
        if residual < min(1e-3, 0.3 * tried):
            tried = residual
            exact, steps = _exact_steps(problem, x, value, tolerance)
            taken += steps
            if exact[1] < best_residual:
                best, best_residual = exact
            if best_residual <= tolerance:
                return Solution(best, best_residual, taken, True, "the conditions hold")
        if error <= path.near * width:
            width = max(width * path.shrink, 1e-14)
        if stalled > 25:
            return Solution(best, best_residual, taken, False, "the steps go round without coming nearer")
    return Solution(best, best_residual, taken, False, "the number of steps is used up")


def _smoothed_step(problem: Problem, x: Vector, value: Vector, width: float) -> tuple[Vector, Vector, float] | None:
    """The next point, F there and the violation of the smoothed equations; None where no step makes it smaller."""
    slope = problem.jacobian(x)
    phi, by_x, by_value = smoothed(x, value, problem.lower, problem.upper, width)
    merit = _merit(phi)
    if not np.isfinite(merit):
        return None
    for proximal in _PROXIMAL:
        matrix = sparse.diags_array(by_value) @ slope + sparse.diags_array(by_x + by_value * proximal)
        step = _solved(matrix, -phi)
        if step is None:
            continue
        length = 1.0
        while length > 1e-6:
            there = x + length * step
            new = problem.function(there)
            trial = smoothed(there, new, problem.lower, problem.upper, width)[0]
            trial_merit = _merit(trial)
            if trial_merit <= (1.0 - 1e-4 * length) * merit or trial_merit <= 1e-28:
                return there, new, float(np.max(np.abs(trial), initial=0.0))
            length *= 0.5
    return None


def _merit(phi: Vector) -> float:
    """Sum of squares of a violation; inf where it is beyond any number."""
    with np.errstate(over="ignore", invalid="ignore"):
        total = float(phi @ phi)
    return total if np.isfinite(total) else np.inf


def _exact_steps(problem: Problem, x: Vector, value: Vector, tolerance: float) -> tuple[tuple[Vector, float], int]:
    """The best of some Newton steps on the variables between their ends, with its residual, and their number.

    The set of variables that rest on an end is read again after each step; a set that comes back without a smaller
    residual ends the search, since it would go round.
    """
    best = (x, natural_residual(x, value, problem.lower, problem.upper))
    seen: set[bytes] = set()
    for taken in range(1, 16):
        inner = x - value
        between = (inner > problem.lower) & (inner < problem.upper)
        ends = np.where(inner <= problem.lower, problem.lower, problem.upper)
        key = between.tobytes() + (inner <= problem.lower).tobytes()
        stepped = _step_between(problem, x, value, between, ends)
        if stepped is None:
            return best, taken
        x, value = stepped
        residual = natural_residual(x, value, problem.lower, problem.upper)
        better = residual < best[1]
        if better:
            best = (x, residual)
        if best[1] <= 1e-3 * tolerance or (key in seen and not better) or not np.isfinite(residual):
            return best, taken
        seen.add(key)
    return best, taken


def _step_between(
    problem: Problem, x: Vector, value: Vector, between: NDArray[np.bool_], ends: Vector
) -> tuple[Vector, Vector] | None:
    """The point with the others on their ends and one Newton step on those between, with F there."""
    slope = problem.jacobian(x)
    step = np.where(between, 0.0, ends - x)
    right = -(value + slope @ step)[between]
    block = slope[between][:, between]
    for proximal in (0.0, 1e-10, 1e-6):
        inner = _solved(block + proximal * sparse.eye_array(block.shape[0]) if proximal else block, right)
        if inner is not None and np.max(np.abs(inner), initial=0.0) < 1e6:
            step[between] = inner
            there = np.where(between, x + step, ends)
            return there, problem.function(there)
    return None


def _solved(matrix: sparse.sparray, right: Vector) -> Vector | None:
    """Solution of a sparse linear system; None where it has none that is finite."""
    if len(right) == 0:
        return right
    columns = sparse.csc_array(matrix)
    if structural_rank(columns) < len(right):
        return None  # splu writes beyond its memory where no order of rows fills the diagonal
    try:
        # pivots near the diagonal keep the matrix sparse; a poor one shows in the residual
        factors = splu(columns, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.001)
        found: Vector = factors.solve(right)
    except (RuntimeError, ValueError):  # exactly singular, or not finite
        return None
    return found if np.all(np.isfinite(found)) else None


def smoothed(x: Vector, value: Vector, lower: Vector, upper: Vector, width: float) -> tuple[Vector, Vector, Vector]:
    """Equations that hold where the conditions do, smoothed, with their derivatives by x and by F.

    psi(a, b) = a + b - sqrt(a^2 + b^2 + 2 width^2), taken of x - lower and F, or of upper - x and -F, or of both one
    after the other (Billups, Dirkse, Ferris 1997).
    """
    has_lower, has_upper = np.isfinite(lower), np.isfinite(upper)
    with np.errstate(invalid="ignore", over="ignore"):
        room = np.where(has_upper, upper - x, 0.0)
        outer, by_room, by_minus = _psi(room, -value, width)
        phi = np.where(has_upper, -outer, value)
        by_x = np.where(has_upper, by_room, 0.0)
        by_value = np.where(has_upper, by_minus, 1.0)
        above = np.where(has_lower, x - lower, 0.0)
        both, by_above, by_inner = _psi(above, phi, width)
        by_x = np.where(has_lower, by_above + by_inner * by_x, by_x)
        by_value = np.where(has_lower, by_inner * by_value, by_value)
        return np.where(has_lower, both, phi), by_x, by_value


def _psi(a: Vector, b: Vector, width: float) -> tuple[Vector, Vector, Vector]:
    """a + b - sqrt(a^2 + b^2 + 2 width^2) with its derivatives, without cancellation where a and b are far apart."""
    root = np.sqrt(a * a + b * b + 2.0 * width * width)
    root = np.where(root > 0.0, root, 1e-300)
    total = a + b
    # (a + b) - r = (2ab - 2 width^2) / (a + b + r) keeps its digits where a + b > 0
    value = np.where(
        total > 0.0, 2.0 * (a * b - width * width) / np.where(total > 0.0, total + root, 1.0), total - root
    )
    return value, 1.0 - a / root, 1.0 - b / root
