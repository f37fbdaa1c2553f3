"""How long a station works, is set up or is repaired: one draw for a key and a counter, compiled.

A draw depends on its key and counter alone, and a longer mean with the same counter gives a longer time, so that two
lines that differ in one station share all other times. What the two numbers of a distribution are is reckoned in
``stations.py``.
"""

from __future__ import annotations

import math

import numba
import numpy as np

from cell2grid.formulas.counter import share, word

DETERMINISTIC, EXPONENTIAL, LOGNORMAL, UNIFORM, TRIANGULAR, GAMMA, WEIBULL = range(7)
_ONE, _TWO, _THREE = np.uint64(1), np.uint64(2), np.uint64(3)
# more failures than this within one service are drawn as their normal limit
MOST_DRAWN = 1000.0


@numba.njit(cache=True, nogil=True, error_model="numpy")
def drawn(kind: int, first: float, second: float, key: np.uint64, counter: np.uint64) -> float:
    """A time [second] of the distribution ``kind`` with its two numbers. Compiled.

    >>> drawn(DETERMINISTIC, 60.0, 0.0, np.uint64(1), np.uint64(0))
    60.0
    """
    if kind == EXPONENTIAL:
        return -first * math.log(share(key, counter))
    if kind == DETERMINISTIC:
        return first
    if kind == LOGNORMAL:
        return math.exp(first + second * _normal(key, counter))
    if kind == UNIFORM:
        return first + second * share(key, counter)
    if kind == TRIANGULAR:
        # the sum of two even numbers falls off in straight lines on both sides
        return first + second * (share(key, _TWO * counter) + share(key, _TWO * counter + _ONE))
    if kind == GAMMA:
        return second * _gamma(first, word(key, counter))
    return float(second * (-math.log(share(key, counter))) ** first)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _normal(key: np.uint64, counter: np.uint64) -> float:
    """A standard normal number (Box and Muller 1958, doi:10.1214/aoms/1177706645)."""
    radius = math.sqrt(-2.0 * math.log(share(key, _TWO * counter)))
    return radius * math.cos(2.0 * math.pi * share(key, _TWO * counter + _ONE))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _gamma(shape: float, key: np.uint64) -> float:
    """A gamma number of scale 1 (Marsaglia and Tsang 2000, doi:10.1145/358407.358414)."""
    boost = 1.0
    if shape < 1.0:
        # a shape below 1 is that above it, times a power of an even number
        boost = share(key, np.uint64(0)) ** (1.0 / shape)
        shape += 1.0
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    tried = np.uint64(0)
    while True:
        tried += _ONE
        x = _normal(word(key, _TWO * tried), np.uint64(0))
        v = (1.0 + c * x) ** 3
        if v > 0.0:
            u = share(key, _TWO * tried + _ONE)
            if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
                return boost * d * v


@numba.njit(cache=True, nogil=True, error_model="numpy")
def repairs(
    worked: float, between: float, kind: int, first: float, second: float, mean: float, key: np.uint64
) -> float:
    """The repairs [second] of the failures within so much work, which come at exponential times of it. Compiled.

    Where they are very many, their sum is drawn as the normal number of its mean and variance (of exponential repairs).
    """
    expected = worked / between
    if expected > MOST_DRAWN:
        return max(0.0, mean * (expected + math.sqrt(2.0 * expected) * _normal(key, np.uint64(0))))
    down, number = 0.0, np.uint64(0)
    at = -between * math.log(share(key, number))
    while at < worked:
        number += _TWO
        down += drawn(kind, first, second, word(key, number - _ONE), np.uint64(0))
        at -= between * math.log(share(key, number))
    return down
