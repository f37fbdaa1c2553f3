"""A first plan in whole numbers, by rounding the linear one a few decisions at a time and solving again in between.

A linear plan of some hundred decisions has most of them whole, and those that are left cost little to round: the plan
that comes of it is often within the gap that was asked for of the linear one, which nothing can be below, and the
search is over before it began. Otherwise the search begins with it. Diving as T. Achterberg describes it (2007,
Constraint Integer Programming, doi:10.14279/depositonce-1634, chapter 9).
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cell2grid.engines.investment.solving import solver

if TYPE_CHECKING:
    import numpy.typing as npt

    from cell2grid.engines.investment.columns import Choices
    from cell2grid.engines.investment.problem import Floats, Linear

    Places = npt.NDArray[np.intp]

WHOLE = 1e-6  # how near to a whole number a value is one
PART = 0.25  # of the decisions that are not whole, how many are rounded at once


class Entities(NamedTuple):
    """Whole-numbered decisions: each is a column, or several of which one is 1 and stands for its count."""

    of: Places  # (column,): the entity of each whole-numbered column, in the order of ``column``
    column: Places
    blocks: Floats  # (column,): what one of the column stands for
    several: npt.NDArray[np.bool_]  # (entity,)


def entities(linear: Linear, choices: Choices) -> Entities:
    """The decisions behind the whole-numbered columns."""
    column = np.flatnonzero(linear.whole)
    key, count = np.arange(len(linear.whole)), np.ones(len(linear.whole))
    several = np.flatnonzero(choices.one_of_several)
    for scenario in reversed(range(len(choices.column))):
        own = choices.column[scenario, several]
        # all columns of a decision have the number of the one that stands for its first count
        places = np.stack([choices.option[several], choices.term[several]])
        _, first, of = np.unique(places, axis=1, return_index=True, return_inverse=True)
        key[own], count[own] = own[first][of.ravel()], choices.blocks[several]
    _, of = np.unique(key[column], return_inverse=True)
    many = np.bincount(of, minlength=0) > 1
    return Entities(of, column, count[column], many)


def dived(linear: Linear, decided: Entities, *, deadline: float, threads: int) -> Floats | None:
    """The columns of a plan in whole numbers near to the linear one; None where rounding finds none in time."""
    import highspy

    relaxed = linear._replace(whole=np.zeros_like(linear.whole))
    highs = solver(relaxed, seconds=max(deadline - time.monotonic(), 0.0), gap=0.0, threads=threads)
    lower, upper = linear.lower[decided.column].copy(), linear.upper[decided.column].copy()
    highs.run()
    while time.monotonic() < deadline:
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        value = np.array(highs.getSolution().col_value, np.float64)
        rounded = _rounded(value[decided.column], decided)
        if not len(rounded[0]):
            return value
        if not _tightened(highs, decided, lower, upper, rounded):
            return None
    return None


def _rounded(value: Floats, decided: Entities) -> tuple[Places, Floats]:
    """Decisions to fix and at which whole numbers: those nearest to the next above, and to the next below."""
    total = np.bincount(decided.of, weights=decided.blocks * value, minlength=len(decided.several))
    away = np.abs(value - np.round(value))
    torn = np.zeros(len(decided.several), np.bool_)
    torn[decided.of[away > WHOLE]] = True
    open_ = np.flatnonzero(torn)
    part = total[open_] - np.floor(total[open_] + WHOLE)
    order = open_[np.argsort(-part, kind="stable")]
    part = np.sort(part)[::-1]
    some = max(int(len(open_) * PART) // 2, 1)
    up = order[:some][part[:some] > 0.5] if len(order) and part[0] > 0.5 else order[:1]
    down = order[::-1][:some][part[::-1][:some] < 0.2]
    down = down[~np.isin(down, up)]
    fixed = np.concatenate([up, down])
    to = np.concatenate([np.ceil(total[up] - WHOLE), np.floor(total[down] + WHOLE)])
    return fixed, to


def _tightened(highs: Any, decided: Entities, lower: Floats, upper: Floats, rounded: tuple[Places, Floats]) -> bool:
    """Whether there is a plan with these decisions, or with the first of them alone, or with it the other way."""
    import highspy

    which, to = rounded
    for entity, number in ((which, to), (which[:1], to[:1]), (which[:1], to[:1] - 1.0)):
        low, high = lower.copy(), upper.copy()
        wanted = np.full(len(decided.several), np.nan)
        wanted[entity] = np.maximum(number, 0.0)
        at = wanted[decided.of]
        own = ~np.isnan(at)
        one = np.where(decided.several[decided.of], (decided.blocks == at).astype(np.float64), at)
        low[own] = np.clip(one[own], lower[own], upper[own])
        high[own] = low[own]
        columns = decided.column.astype(np.int32)
        highs.changeColsBounds(len(columns), columns, low, high)
        highs.run()
        if highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            lower[:], upper[:] = low, high
            return True
        if highs.getModelStatus() != highspy.HighsModelStatus.kInfeasible:
            return False
    return False
