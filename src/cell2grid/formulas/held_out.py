"""Fits by least absolute miss, groups held out in turn, and how well a mean over few cases is known.

What is fitted and held out is said in ``run/record_check``; where numbers are drawn, in ``draws.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import NotConvergedError
from cell2grid.formulas.draws import standard_uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

DRAWS = 4000


def least_absolute(columns: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The coefficients, none below nought, whose sum of columns misses the values least in all.

    min Σ |y − X b| with b ≥ 0, as a linear programme (Charnes, Cooper and Ferguson 1955, doi:10.1287/mnsc.1.2.138).
    With one column of ones it is the median, and one value far out moves it little.

    Parameters
    ----------
    columns
        By case and coefficient.

    Raises
    ------
    NotConvergedError
        A number is infinite or missing, so that the programme has no answer.

    >>> least_absolute(np.array([[1.0, 0.0], [1.0, 10.0], [1.0, 20.0]]), np.array([5.0, 7.0, 9.0])).round(6).tolist()
    [5.0, 0.2]
    """
    from scipy.optimize import linprog

    if not (np.isfinite(columns).all() and np.isfinite(values).all()):
        raise NotConvergedError("a fit by least absolute miss has no answer: a number is infinite or missing")
    cases, width = columns.shape
    # scaled, so that days and megawatts weigh alike in the solver's tolerances
    scale = np.maximum(abs(columns).max(axis=0), 1e-12)
    size = max(float(abs(values).max()), 1e-12)
    costs = np.concatenate([np.zeros(width), np.ones(2 * cases)])
    equal = np.hstack([columns / scale, np.eye(cases), -np.eye(cases)])
    found = linprog(costs, A_eq=equal, b_eq=values / size, bounds=(0, None), method="highs")
    if not found.success or found.x is None:
        raise NotConvergedError(f"a fit by least absolute miss has no answer: {found.message}")
    coefficients: NDArray[np.float64] = found.x[:width] * size / scale
    return coefficients


def each_held_out(groups: Sequence[int]) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """For each group in rising order: the places of all others, and its own.

    >>> [(others.tolist(), own.tolist()) for others, own in each_held_out([2020, 2021, 2020])]
    [([1], [0, 2]), ([0, 2], [1])]
    """
    labels = np.asarray(groups)
    for group in np.unique(labels):
        yield np.flatnonzero(labels != group), np.flatnonzero(labels == group)


def bootstrap_mean(
    values: NDArray[np.float64], *, seed: int, name: str, level: float = 0.95, draws: int = DRAWS
) -> tuple[float, float]:
    """The interval in which the mean of the values lies with probability ``level``: cases drawn again with replacement.

    Percentiles of the means of samples (Efron 1979, doi:10.1214/aos/1176344552). The same seed and name draw the same
    cases, so that two rules are compared on the same samples.

    >>> bootstrap_mean(np.array([3.0, 3.0, 3.0]), seed=1, name="rule")
    (3.0, 3.0)
    """
    cases = len(values)
    share = standard_uniform(seed, f"bootstrap {name}", first=0, count=draws * cases)
    picked = np.minimum((share * cases).astype(np.int64), cases - 1).reshape(draws, cases)
    low, high = np.quantile(values[picked].mean(axis=1), ((1 - level) / 2, (1 + level) / 2))
    return float(low), float(high)
