"""Random numbers for compiled loops: SplitMix64 used as a hash of a key and a counter, for numba and for numpy.

A number depends on its key and its counter alone, so that chunks, threads and other keys change nothing. ``word`` and
``share`` are compiled and go into other compiled functions; ``words`` and ``shares`` give the same bits from numpy.
``fill_exponential`` is compiled too, and several times as fast as logarithms one by one.
Keys come from a seed and a name (``stream_key``), and a member of a stream has the key ``word(stream, member)``. Draws
of the figures of a study are in ``draws.py``.
"""

from __future__ import annotations

import hashlib

import numba
import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

# Steele, Lea, Flood (2014), doi:10.1145/2660193.2660195: the odd number nearest to 2^64 / golden ratio, and the
# multipliers and shifts of the mixing function that came out best there (variant 13 of Stafford)
GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_ONE = np.uint64(1)
_STEP = 2.0**-53

# the layout of a float64 (IEEE 754): the bits of its fraction, the bits of sqrt(1/2), and from there to those of 1
_FRACTION = np.uint64(0x000FFFFFFFFFFFFF)
_ROOT = np.uint64(0x3FE6A09E667F3BCD)
_TO_ONE = np.uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)
_EXPONENT, _BIAS = np.uint64(52), 1023
# ln 2 as a number of 21 bits, of which no multiple by an exponent is rounded, and what is left of it
_LN2_HIGH = 0.693147182464599609375
_LN2_LOW = -1.904654299957768e-09


@numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def word(key: np.uint64, counter: np.uint64) -> np.uint64:
    """The 64 bits of a counter: the ``counter``-th number, from 0, of SplitMix64 seeded with ``key``. Compiled.

    Both are of type uint64: numba makes a float of a uint64 and a signed number.

    >>> hex(word(np.uint64(0), np.uint64(0)))
    '0xe220a8397b1dcdaf'
    """
    z = np.uint64(key) + (np.uint64(counter) + _ONE) * GAMMA
    z = (z ^ (z >> _S30)) * FIRST
    z = (z ^ (z >> _S27)) * SECOND
    return z ^ (z >> _S31)


@numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def share(key: np.uint64, counter: np.uint64) -> float:
    """A number in (0, 1], evenly spread: (⌊word / 2^11⌋ + 1) / 2^53. Compiled; its logarithm is always finite.

    >>> share(np.uint64(0), np.uint64(0))
    0.8833108082136427
    """
    return np.float64((word(key, counter) >> _S11) + _ONE) * _STEP


@numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def negative_logarithm(share: float) -> float:
    """−ln of a number in (0, 1], to two units in the last place. Compiled, in a form that runs on several at once.

    With x = 2^k m and m from √½ to √2, ln x = k ln 2 + 2 artanh(s) at s = (m − 1) / (m + 1), |s| < 0.172: the series
    in s is cut after s^21 / 21.

    >>> negative_logarithm(0.5)
    0.6931471805599453
    """
    bits = np.float64(share).view(np.uint64) + _TO_ONE
    k = np.float64(np.int64(bits >> _EXPONENT) - _BIAS)
    m = np.uint64((bits & _FRACTION) + _ROOT).view(np.float64)
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    series = 1 / 13 + z * (1 / 15 + z * (1 / 17 + z * (1 / 19 + z * (1 / 21))))
    series = z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z * series)))))
    return -(k * _LN2_HIGH + (2.0 * s + (2.0 * s * series + k * _LN2_LOW)))


@numba.njit(cache=True, nogil=True, error_model="numpy")
def fill_exponential(key: np.uint64, first: np.uint64, out: npt.NDArray[np.float64]) -> None:
    """Put exponential numbers with the mean 1 into ``out``: −ln share(key, first), −ln share(key, first + 1), …

    >>> numbers = np.empty(2)
    >>> fill_exponential(np.uint64(0), np.uint64(0), numbers)
    >>> bool(np.allclose(numbers, -np.log(shares(0, [0, 1])), rtol=1e-15))
    True
    """
    for i in range(out.size):
        out[i] = negative_logarithm(share(key, np.uint64(first) + np.uint64(i)))


def words(key: npt.ArrayLike, counter: npt.ArrayLike) -> Words:
    """The same bits as ``word``, for arrays of keys and counters that broadcast.

    >>> [hex(number) for number in words(0, [0, 1])]
    ['0xe220a8397b1dcdaf', '0x6e789e6aa1b965f4']
    """
    with np.errstate(over="ignore"):
        z = np.asarray(key, dtype=np.uint64) + (np.asarray(counter, dtype=np.uint64) + _ONE) * GAMMA
        z = (z ^ (z >> _S30)) * FIRST
        z = (z ^ (z >> _S27)) * SECOND
        mixed: Words = z ^ (z >> _S31)
    return mixed


def shares(key: npt.ArrayLike, counter: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The same numbers as ``share``, in (0, 1], for arrays of keys and counters that broadcast.

    >>> shares(0, [0, 1])
    array([0.88331081, 0.431528  ])
    """
    numbers: npt.NDArray[np.float64] = ((words(key, counter) >> _S11) + _ONE).astype(np.float64) * _STEP
    return numbers


def stream_key(seed: int, name: str) -> int:
    """The key of the stream of a seed and a name: 63 bits of their SHA-256, so that a signed integer holds it.

    >>> stream_key(1, "plants.north.outages") == stream_key(1, "plants.north.outages")
    True
    """
    return int.from_bytes(hashlib.sha256(f"{seed}\x1f{name}".encode()).digest()[:8], "little") >> 1
