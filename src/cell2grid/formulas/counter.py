"""Random numbers for compiled loops: SplitMix64 used as a hash of a key and a counter, for numba and for numpy.

A number depends on its key and its counter alone, so that chunks, threads and other keys change nothing. ``word`` and
``share`` are compiled and go into other compiled functions; ``words`` and ``shares`` give the same bits from numpy.
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
