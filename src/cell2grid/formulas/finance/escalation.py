"""How amounts change from year to year: the share of a year, wear, inflation, learning, and time that overlaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike


def year_shares(life: Numbers, years: int) -> Floats:
    """The share of each of ``years`` operating years that lies within the life [year], by (…, year).

    >>> year_shares(2.5, 4).tolist()
    [1.0, 1.0, 0.5, 0.0]
    """
    begun = np.arange(years, dtype=np.float64)
    shares: Floats = np.clip(np.asarray(life, np.float64)[..., None] - begun, 0.0, 1.0)
    return shares


def overlaps(begins: Numbers, ends: Numbers, years: int) -> Floats:
    """The share of each of ``years`` operating years that lies between two moments [year], by (…, year).

    Moments count from the beginning of the first operating year; nothing overlaps where the end is before the
    beginning.

    >>> overlaps(0.5, 2.25, 4).tolist()
    [0.5, 1.0, 0.25, 0.0]
    """
    first = np.arange(years, dtype=np.float64)
    low = np.maximum(np.asarray(begins, np.float64)[..., None], first)
    high = np.minimum(np.asarray(ends, np.float64)[..., None], first + 1.0)
    shared: Floats = np.clip(high - low, 0.0, 1.0)
    return shared


def yearly(amount: Numbers, degradation: Numbers, life: Numbers, years: int) -> Floats:
    """A yearly amount that shrinks by ``degradation`` [1/year] each year within the life, by (…, year).

    amount_y = amount (1 - degradation)^(y-1) share_y.

    >>> yearly(100.0, 0.1, 3.0, 3).round(6).tolist()
    [100.0, 90.0, 81.0]
    """
    left = (1.0 - np.asarray(degradation, np.float64)[..., None]) ** np.arange(years)
    amounts: Floats = np.asarray(amount, np.float64)[..., None] * left * year_shares(life, years)
    return amounts


def price_index(inflation: Numbers, moments: Numbers) -> Floats:
    """What a price of the valuation date has become after ``moments`` [year] at ``inflation`` [1/year].

    index_t = (1 + inflation)^t.

    >>> price_index(0.25, [0.0, 1.0, 2.0]).tolist()
    [1.0, 1.25, 1.5625]
    """
    index: Floats = (1.0 + np.asarray(inflation, np.float64)) ** np.asarray(moments, np.float64)
    return index


def learning_factors(rate: Numbers, growth: Numbers, moments: Numbers) -> Floats:
    """What is left of a cost after ``moments`` [year] of learning: by a part with each doubling of what is built.

    factor_t = (1 - rate)^(t log2(1 + growth)), the experience curve of T. P. Wright (1936), doi:10.2514/8.155, with
    what the world has built growing by ``growth`` [1/year].

    >>> learning_factors(0.2, 1.0, [0.0, 1.0, 2.0]).round(9).tolist()
    [1.0, 0.8, 0.64]
    """
    doublings = np.asarray(moments, np.float64) * np.log2(1.0 + np.asarray(growth, np.float64))
    factors: Floats = (1.0 - np.asarray(rate, np.float64)) ** doublings
    return factors
