"""Points of many cases at once that meet conditions on boxes, by an interior-point method on dense small systems.

Find z with lower <= z <= upper such that each F_i(z) is >= 0 at the lower end, <= 0 at the upper and 0 between. What
is within a box stays off its ends while the products of room and force go down together (Mehrotra 1992,
doi:10.1137/0802028). Cases are taken together for numpy's sake only: none changes another. What F is, its caller lays
out, as ``logit_conditions.py`` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]


class Conditions(Protocol):
    """F of some cases with its derivative, and where its variables may lie."""

    lower: Floats  # (B, N); -inf where nothing bounds
    upper: Floats  # (B, N)
    fixed: NDArray[np.bool_]  # (B, N): variables that a case does not have; they stay as they begin
    block: Places  # (I,): the block of each of the first I variables; the others are the border, where blocks meet
    row: Places  # (I,): its place there

    def of(self, which: Places) -> Conditions:
        """The conditions of some of the cases."""
        ...

    def value(self, z: Floats) -> Floats:
        """F (B, N)."""
        ...

    def slope(self, z: Floats) -> Bordered:
        """Its derivative; rows of blocks that no variable has, and of what is fixed, are those of the identity."""
        ...

    def reach(self, z: Floats, move: Floats, longest: float) -> Floats:
        """How much of a move at most makes sense (B,), where ``longest`` is how far F is near a straight line."""
        ...


class Bordered(NamedTuple):
    """Systems of K blocks of n variables that meet in a border of P only."""

    inner: Floats  # (B, K, n, n)
    sides: Floats  # (B, K, n, P)
    rows: Floats  # (B, K, P, n)
    core: Floats  # (B, P, P)


class Pace(NamedTuple):
    """How boldly a search goes: the part of the products that a step aims at, and of the way to an end it takes."""

    aim: float
    border: float
    longest: float  # how far F is taken to be near a straight line


PACES = (Pace(0.1, 0.995, 3.0), Pace(0.5, 0.9, 1.0), Pace(0.8, 0.7, 0.5))
_MOST_STEPS = (60, 150, 300)
_PROXIMAL = 1e-13
_LEAST = 1e-24  # of a product: below it no digit changes


def searched(conditions: Conditions, start: Floats, *, tolerance: float = 1e-12) -> tuple[Floats, Floats]:
    """The best point of each case (B, N), and how far it is from the conditions (B,); beyond any number if nowhere.

    Parameters
    ----------
    conditions
        F, near 1 where its variables are.
    start
        (B, N): where the search begins; what lies at an end is brought inside.
    tolerance
        Violation at which a case is left.
    """
    best, least = start.copy(), np.full(len(start), np.inf)
    for pace, most in zip(PACES, _MOST_STEPS, strict=True):
        open_ = np.flatnonzero(~(least <= 1e3 * tolerance))
        if not open_.size:
            break
        with np.errstate(all="ignore"):
            found, off = _from(conditions.of(open_), start[open_], pace, most, tolerance)
        better = off < least[open_]
        best[open_[better]], least[open_[better]] = found[better], off[better]
    return best, least


def violation(z: Floats, value: Floats, conditions: Conditions) -> Floats:
    """The largest |z - mid(lower, z - F, upper)| of each case (B,); inf where F is no number."""
    off = np.abs(z - np.clip(z - value, conditions.lower, conditions.upper))
    worst = np.where(conditions.fixed, 0.0, off).max(axis=1, initial=0.0)
    return np.where(np.isfinite(worst), worst, np.inf)


def _from(conditions: Conditions, start: Floats, pace: Pace, most: int, tolerance: float) -> tuple[Floats, Floats]:
    """The search at one pace; cases that are done are left behind."""
    best, least = start.copy(), np.full(len(start), np.inf)
    which: Places = np.arange(len(start), dtype=np.int64)
    here, z = conditions, _inside(conditions, start)
    value = here.value(z)
    below, above = (np.where(side, np.maximum(sign * value, 0.0) + 0.1, 0.0)
                    for side, sign in zip(_sides(here), (1.0, -1.0), strict=True))  # fmt: skip
    aim: Floats = np.full(len(start), pace.aim)
    stale: Places = np.zeros(len(start), dtype=np.int64)
    for _ in range(most):
        off = violation(z, value, here)
        better = off < least[which]
        best[which[better]], least[which[better]] = z[better], off[better]
        stale = np.where(off < 0.9 * least[which], 0, stale + ~better)
        keep = (off > tolerance) & np.isfinite(off) & (stale < 25)
        if not keep.all():
            if not keep.any():
                break
            which, aim, stale = which[keep], aim[keep], stale[keep]
            z, value, below, above = z[keep], value[keep], below[keep], above[keep]
            here = here.of(np.flatnonzero(keep))
        z, below, above, length = _step(here, z, value, below, above, aim, pace)
        aim = np.where(length < 0.3, np.minimum(0.9, 3.0 * pace.aim), pace.aim)
        value = here.value(z)
    return best, least


def _sides(conditions: Conditions) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which variables have a lower end, and which an upper one."""
    there = ~conditions.fixed
    return there & np.isfinite(conditions.lower), there & np.isfinite(conditions.upper)


def _inside(conditions: Conditions, start: Floats) -> Floats:
    low, high = conditions.lower, conditions.upper
    width = np.where(np.isfinite(high - low), high - low, 1.0)
    inside = np.clip(start, low + np.minimum(1e-2, 1e-2 * width), high - np.minimum(1e-2, 1e-2 * width))
    return np.where(conditions.fixed, start, inside)


def _step(
    conditions: Conditions, z: Floats, value: Floats, below: Floats, above: Floats, aim: Floats, pace: Pace
) -> tuple[Floats, Floats, Floats, Floats]:
    """The next point with its forces at both ends, and how far of the whole step it is."""
    low, high = _sides(conditions)
    to_low = np.where(low, z - conditions.lower, 1.0)
    to_high = np.where(high, conditions.upper - z, 1.0)
    count = np.maximum(low.sum(axis=1) + high.sum(axis=1), 1)
    mean = ((below * to_low * low).sum(axis=1) + (above * to_high * high).sum(axis=1)) / count
    wanted = np.maximum(aim * mean * np.minimum(1.0, np.maximum(mean, 1e-3) ** 0.25), _LEAST)[:, None]
    matrix = conditions.slope(z)
    stiff = np.where(low, below / to_low, 0.0) + np.where(high, above / to_high, 0.0) + _PROXIMAL
    inside, row = len(conditions.row), conditions.row
    matrix.inner[:, conditions.block, row, row] += stiff[:, :inside]
    border = np.arange(stiff.shape[1] - inside)
    matrix.core[:, border, border] += stiff[:, inside:]
    right = -value + np.where(low, wanted / to_low, 0.0) - np.where(high, wanted / to_high, 0.0)
    move = bordered(matrix, np.where(conditions.fixed, 0.0, right), conditions)
    force_low = np.where(low, (wanted - below * move) / to_low - below, 0.0)
    force_high = np.where(high, (wanted + above * move) / to_high - above, 0.0)
    length = np.minimum(1.0, conditions.reach(z, move, pace.longest))
    reach = [_reach(to_low, move, low), _reach(to_high, -move, high),
             _reach(below, force_low, low), _reach(above, force_high, high)]  # fmt: skip
    most = np.maximum(pace.border, 1.0 - mean) * np.minimum.reduce(reach)
    length = np.minimum(length, np.minimum(1.0, most))
    length = np.where(np.isfinite(length), length, 0.0)
    part = length[:, None]
    return z + part * move, below + part * force_low, above + part * force_high, length


def _reach(at: Floats, move: Floats, counts: NDArray[np.bool_]) -> Floats:
    """The length of a move at which the first of what counts comes to 0 (B,)."""
    return np.asarray(np.where(counts & (move < 0.0), -at / move, np.inf).min(axis=1, initial=np.inf))


def bordered(matrix: Bordered, right: Floats, conditions: Conditions) -> Floats:
    """Solutions of systems with a border (B, N); nan of a case that has none."""
    inside = len(conditions.row)
    wanted = np.zeros(matrix.inner.shape[:3])
    wanted[:, conditions.block, conditions.row] = right[:, :inside]
    found = solved(matrix.inner, np.concatenate([matrix.sides, wanted[..., None]], axis=3))
    answer = np.zeros_like(right)
    less = (matrix.rows @ found).sum(axis=1)
    if right.shape[1] > inside:
        over = (right[:, inside:] - less[..., -1])[..., None]
        answer[:, inside:] = solved(matrix.core - less[..., :-1], over)[..., 0]
    left = found[..., -1] - (found[..., :-1] @ answer[:, None, inside:, None])[..., 0]
    answer[:, :inside] = left[:, conditions.block, conditions.row]
    return answer


def solved(matrix: Floats, right: Floats) -> Floats:
    """Solutions of many systems; where one has none it is nudged, and nan where that does not do either."""
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:  # of one at least: each by itself, so that no case changes another
        found = np.full(right.shape, np.nan)
    for place in np.ndindex(matrix.shape[:-2]):
        one = matrix[place]
        for nudge in (0.0, 1e-12):
            try:
                found[place] = np.linalg.solve(one + nudge * np.nanmax(np.abs(one)) * np.eye(len(one)), right[place])
                break
            except np.linalg.LinAlgError:
                continue
    return found
