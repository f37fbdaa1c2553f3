"""Draws of uncertain quantities: one stream of numbers for each seed and name, one place in it for each member.

The generator is counter-based: the number of a member depends on the seed, the name and the member's index alone, so
that chunks, workers and other quantities change nothing, and two studies that share a quantity share its draws
(common random numbers). Which quantity has which name is said where the study is read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

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
