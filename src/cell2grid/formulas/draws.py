"""Draws of uncertain quantities: one stream of numbers for each seed and name, one place in it for each member.

The generator is counter-based: the number of a member depends on the seed, the name and the member's index alone, so
that chunks, workers and other quantities change nothing, and two studies that share a quantity share its draws
(common random numbers). Which quantity has which name is said where the study is read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.distributions import LEAST_SHARE, Distribution, pert_shapes

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WORDS = 4  # Philox 4x64 gives four words for each step of its counter; a member uses the first


def standard_uniform(seed: int, name: str, *, first: int, count: int) -> NDArray[np.float64]:
    """Numbers in [0, 1), one for each of ``count`` members from the member ``first`` on.

    Philox 4x64-10 (Salmon et al. 2011, doi:10.1145/2063384.2063405), its key the SHA-256 of seed and name, its
    counter the member's index; the upper 53 bits make the number.

    >>> whole = standard_uniform(1, "plants.north.capacity", first=0, count=5)
    >>> part = standard_uniform(1, "plants.north.capacity", first=3, count=2)
    >>> bool((whole[3:] == part).all())
    True
    """
    digest = hashlib.sha256(f"{seed}\x1f{name}".encode()).digest()
    key = np.frombuffer(digest[:16], dtype="<u8")
    words = np.random.Philox(key=key, counter=first).random_raw(_WORDS * count)[::_WORDS]
    return np.asarray((words >> np.uint64(11)) * 2.0**-53, dtype=np.float64)


def uniform(share: NDArray[np.float64], low: float, high: float) -> NDArray[np.float64]:
    """The uniform distribution's quantile at each ``share``: every value of the range is as likely as any other.

    >>> float(uniform(np.array([0.25]), 10.0, 30.0)[0])
    15.0
    """
    return low + share * (high - low)


def triangular(share: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    """The triangular distribution's quantile at each ``share``: the mode is the likeliest value.

    x = low + √(u (high − low)(mode − low)) up to the mode, high − √((1 − u)(high − low)(high − mode)) beyond.

    >>> float(triangular(np.array([0.5]), 0.0, 1.0, 2.0)[0])
    1.0
    """
    width = high - low
    if width == 0:
        return np.full_like(share, low)
    rising = low + np.sqrt(share * width * (mode - low))
    falling = high - np.sqrt((1 - share) * width * (high - mode))
    return np.where(share < (mode - low) / width, rising, falling)


def quantile(distribution: Distribution, share: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distribution's quantile at each ``share``; nothing lies outside its support.

    A normal is mu + sigma Phi^-1(u), cut to [a, b] by u' = Phi(alpha) + u (Phi(beta) - Phi(alpha)) with
    alpha = (a - mu)/sigma and beta = (b - mu)/sigma; a lognormal is the exponential of a normal; a PERT is a + (b - a)
    times the beta quantile with the shapes of ``pert_shapes``; an empirical one is the value number floor(u n) from
    the lowest.

    >>> quantile(Distribution("normal", (120.0, 10.0)), np.array([0.5, 0.8413447])).round(3)
    array([120., 130.])
    """
    numbers = distribution.numbers
    low, high = distribution.support
    if low == high:
        return np.full_like(share, low)
    if distribution.kind == "uniform":
        value = uniform(share, low, high)
    elif distribution.kind == "triangular":
        value = triangular(share, *numbers)
    elif distribution.kind == "pert":
        value = pert(share, *numbers)
    elif distribution.kind == "empirical":
        value = empirical(share, np.asarray(numbers))
    else:
        value = normal(share, *distribution.normal_terms())
        value = np.exp(value) if distribution.kind == "lognormal" else value
    # rounding may go beyond an end by the last digit
    return np.clip(value, low, high)


def normal(share: NDArray[np.float64], mean: float, deviation: float, low: float, high: float) -> NDArray[np.float64]:
    """The normal distribution's quantile at each ``share``, cut to ``low`` and ``high``, which may be infinite.

    >>> normal(np.array([0.5]), 0.0, 1.0, 0.0, np.inf).round(4)
    array([0.6745])
    """
    from scipy.special import ndtr, ndtri

    if deviation == 0.0:
        return np.full_like(share, mean)
    first, last = (low - mean) / deviation, (high - mean) / deviation
    if first > 0.0:  # the lower tail is told more exactly than the upper one
        return 2.0 * mean - normal(1.0 - share, mean, deviation, 2.0 * mean - high, 2.0 * mean - low)
    width = ndtr(last) - ndtr(first)
    below = np.clip(ndtr(first) + share * width, LEAST_SHARE, 1.0)
    above = np.clip(ndtr(-last) + (1.0 - share) * width, LEAST_SHARE, 1.0)
    return np.asarray(mean + deviation * np.where(below <= 0.5, ndtri(below), -ndtri(above)), dtype=np.float64)


def pert(share: NDArray[np.float64], low: float, mode: float, high: float) -> NDArray[np.float64]:
    """The PERT distribution's quantile at each ``share``: a beta distribution that is likeliest at ``mode``.

    D. G. Malcolm et al. (1959), doi:10.1287/opre.7.5.646: a mean of (a + 4 m + b)/6.

    >>> pert(np.array([0.5]), 0.0, 1.0, 2.0)
    array([1.])
    """
    from scipy.special import betaincinv

    return low + (high - low) * np.asarray(betaincinv(*pert_shapes(low, mode, high), share), dtype=np.float64)


def empirical(share: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """One of the values at each ``share``: each is as likely as any other, and nothing between them is drawn.

    >>> empirical(np.array([0.1, 0.6, 0.99]), np.array([5.0, 1.0, 2.0, 2.0]))
    array([1., 2., 5.])
    """
    place = np.minimum((share * len(values)).astype(np.int64), len(values) - 1)
    return np.asarray(np.sort(values)[place], dtype=np.float64)
