"""What a plant costs before and after it stands: interest while it is built, learning, annuities, what is left.

Pure functions of arrays that broadcast. What is spent when on which option is the caller's; the money of storage
projects is in ``formulas/finance``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

SHORT = 1e-9  # where a quotient of two small numbers is its limit


def interest_during_construction(rate: Numbers, years: Numbers) -> Floats:
    """What money spent evenly over ``years`` has become at the opening, by one that is spent [ratio].

    (1 / L) integral from 0 to L of (1 + i)^s ds = ((1 + i)^L - 1) / (L ln(1 + i)); 1 where nothing is built or lent.

    Parameters
    ----------
    rate
        Interest on what is spent before the opening [1/year].
    years
        From the first spending to the opening [year].

    >>> interest_during_construction([0.0, 0.1], 2.0).round(6).tolist()
    [1.0, 1.101666]
    """
    growth = np.log1p(np.asarray(rate, np.float64)) * np.asarray(years, np.float64)
    small = np.abs(growth) < SHORT
    factor: Floats = np.where(small, 1.0 + growth / 2.0, np.expm1(growth) / np.where(small, 1.0, growth))
    return factor


def compounded(rate: Numbers, spent: Numbers, until: Numbers) -> Floats:
    """What parts spent at some times have become at the opening, interest added (…); the last axis is summed.

    sum over k of s_k (1 + i)^t_k.

    Parameters
    ----------
    rate
        Interest [1/year].
    spent
        Parts of the money [ratio], on the last axis.
    until
        From each spending to the opening [year], on the last axis.

    >>> float(compounded(0.1, [0.5, 0.5], [2.0, 1.0]).round(6))
    1.155
    """
    parts = np.asarray(spent, np.float64) * (1.0 + np.asarray(rate, np.float64)[..., None]) ** np.asarray(until)
    total: Floats = parts.sum(axis=-1)
    return total


def annuity(rate: Numbers, years: Numbers) -> Floats:
    """What is paid at the end of each year for one that was lent, until nothing is owed [1/year].

    i / (1 - (1 + i)^-n), the capital recovery factor; 1 / n without interest.

    >>> annuity([0.0, 0.08], 10.0).round(6).tolist()
    [0.1, 0.149029]
    """
    i, n = np.broadcast_arrays(np.asarray(rate, np.float64), np.asarray(years, np.float64))
    small = np.abs(i) < SHORT
    straight = (1.0 + i * (n + 1.0) / 2.0) / n
    paid: Floats = np.where(small, straight, i / np.where(small, 1.0, -np.expm1(-n * np.log1p(i))))
    return paid


def salvage_share(age: Numbers, life: Numbers) -> Floats:
    """What straight-line depreciation over ``life`` [year] leaves of a cost at an ``age`` [year] from the opening.

    max(0, 1 - a / n), and all of it before the opening.

    >>> salvage_share([-1.0, 0.0, 6.0, 20.0], 15.0).tolist()
    [1.0, 1.0, 0.6, 0.0]
    """
    left: Floats = np.clip(1.0 - np.asarray(age, np.float64) / np.asarray(life, np.float64), 0.0, 1.0)
    return left


def learned_cost(learning: Numbers, first: Numbers, now: Numbers) -> Floats:
    """What learning leaves of a cost once ``first`` has grown to ``now``: a part goes with each doubling [ratio].

    (now / first)^log2(1 - l), the experience curve of T. P. Wright (1936), doi:10.2514/8.155; 1 where nothing was there
    to learn from or nothing has grown.

    Parameters
    ----------
    learning
        What a doubling takes from the cost [ratio], below 1.
    first, now
        Capacity or output that has been reached, in one unit.

    >>> learned_cost(0.2, 100.0, [100.0, 200.0, 400.0]).round(9).tolist()
    [1.0, 0.8, 0.64]
    """
    start, reached = np.broadcast_arrays(np.asarray(first, np.float64), np.asarray(now, np.float64))
    grown = (start > 0.0) & (reached > start)
    doublings = np.log2(np.where(grown, reached, 1.0) / np.where(grown, start, 1.0))
    left: Floats = (1.0 - np.asarray(learning, np.float64)) ** doublings
    return left


def share_by_age(lead: Numbers, terms: int) -> Floats:
    """What part of each term, by age in terms from a decision at the begin of one, lies after ``lead`` [term].

    min(1, max(0, a + 1 - L)): a plant that opens within a term is open for the rest of it, by (…, age).

    >>> share_by_age(1.25, 4).tolist()
    [0.0, 0.75, 1.0, 1.0]
    """
    age = np.arange(terms, dtype=np.float64)
    share: Floats = np.clip(age + 1.0 - np.asarray(lead, np.float64)[..., None], 0.0, 1.0)
    return share
