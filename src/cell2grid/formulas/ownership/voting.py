"""Power in a vote: how often a holder's votes tip the decision, by Banzhaf and by Shapley and Shubik, exactly.

Coalitions are counted by size and votes with dynamic programming over whole votes, so that boards of 25 take
milliseconds. Votes that nobody is known to hold count as one block, or as those of countless holders who decide each
for itself. Who decides alone is in ``control.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOST_HOLDERS = 60  # coalitions are counted in whole numbers of 64 bits
MOST_VOTES = 200_000
FINEST = 100_000  # of a share, where no fewer votes give it exactly


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """A holder's power by both measures [ratio], in the order of the votes."""

    banzhaf: NDArray[np.float64]
    shapley: NDArray[np.float64]


def power(votes: Sequence[int], *, quota: float, rest: int = 0) -> Power:
    """The power of each holder where a coalition of at least ``quota`` votes decides.

    Parameters
    ----------
    votes
        Whole votes of each holder.
    quota
        Votes that decide, at most all of them.
    rest
        Votes of countless holders, each of whom decides for itself: half of them say yes for Banzhaf, and they come in
        evenly for Shapley and Shubik (Milnor and Shapley 1978, Mathematics of Operations Research 3, 290-307).

    Returns
    -------
    Power
        Banzhaf's adds up to 1 over the holders; Shapley and Shubik's adds up to 1 with what the rest has.

    Raises
    ------
    InputError
        A vote is negative or no whole number, the quota is not above 0 or above all votes, or there are too many.

    References
    ----------
    Shapley and Shubik 1954, doi:10.2307/1951053; Dubey and Shapley 1979, doi:10.1287/moor.4.2.99, for Banzhaf's.

    >>> found = power([4, 4, 4, 2, 2, 1], quota=12)  # the Council of the EEC of 1958
    >>> (found.banzhaf * 21).round(9).tolist(), (found.shapley * 60).round(9).tolist()
    ([5.0, 5.0, 5.0, 3.0, 3.0, 0.0], [14.0, 14.0, 14.0, 9.0, 9.0, 0.0])
    """
    _check(votes, quota, rest)
    swings, values = np.zeros(len(votes)), np.zeros(len(votes))
    found: dict[int, tuple[float, float]] = {}
    for place, (weight, others) in enumerate(_without_each(votes)):
        if weight not in found:
            found[weight] = (_swings(others, weight, quota, rest), _value(others, weight, quota, rest))
        swings[place], values[place] = found[weight]
    total = swings.sum()
    return Power(swings / total if total > 0.0 else swings, values)


def banzhaf(votes: Sequence[int], *, quota: float) -> NDArray[np.float64]:
    """Banzhaf's index of each holder, which adds up to 1; parameters and errors as ``power``.

    >>> banzhaf([51, 39, 5, 5], quota=51).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    return power(votes, quota=quota).banzhaf


def shapley_shubik(votes: Sequence[int], *, quota: float) -> NDArray[np.float64]:
    """Shapley and Shubik's index of each holder, which adds up to 1; parameters and errors as ``power``.

    >>> shapley_shubik([50, 49, 1], quota=51).round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    return power(votes, quota=quota).shapley


def whole_votes(shares: Sequence[float]) -> tuple[list[int], int]:
    """Shares [ratio] as whole votes, and of how many: the fewest that give all of them exactly, else ``FINEST``.

    >>> whole_votes([0.51, 0.39, 0.05, 0.05])
    ([51, 39, 5, 5], 100)
    >>> whole_votes([1 / 3, 2 / 3])
    ([33333, 66667], 100000)
    """
    votes: list[int] = []
    for scale in (100, 1000, 10_000, FINEST):
        votes = [round(share * scale) for share in shares]
        if all(abs(share * scale - whole) <= 1e-6 for share, whole in zip(shares, votes, strict=True)):
            return votes, scale
    return votes, FINEST


def _check(votes: Sequence[int], quota: float, rest: int) -> None:
    if len(votes) > MOST_HOLDERS:
        raise InputError(f"{len(votes)} holders vote, above {MOST_HOLDERS}; join the smallest into the rest")
    for place, number in enumerate((*votes, rest)):
        if number != int(number) or number < 0:
            raise InputError(f"holder {place}: {number} is no whole number of votes from 0 on; correct it")
    total = sum(votes) + rest
    if total > MOST_VOTES:
        raise InputError(f"{total:,} votes are cast, above {MOST_VOTES:,}; divide all of them by a number")
    if not 0 < quota <= max(total, 1):
        raise InputError(f"quota {quota:g} is not above 0 and at most all {total:,} votes; correct it")


def _without_each(votes: Sequence[int]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """For each holder its votes, and how many coalitions of the others there are by size and votes."""
    total = sum(votes)
    counts = np.zeros((len(votes) + 1, total + 1), dtype=np.int64)
    counts[0, 0] = 1
    for holders, weight in enumerate(votes, start=1):
        # from the largest size down, so that a holder comes in once
        for size in range(holders, 0, -1):
            counts[size, weight:] += counts[size - 1, : total + 1 - weight]
    held: dict[int, NDArray[np.int64]] = {}
    for weight in votes:
        if weight not in held:
            without = np.zeros((len(votes), total + 1), dtype=np.int64)
            without[0, 0] = 1
            for size in range(1, len(votes)):
                without[size] = counts[size]
                without[size, weight:] -= without[size - 1, : total + 1 - weight]
            held = {weight: without}  # one at a time: holders with the same votes stand side by side or are few
        yield weight, held[weight]


def _decided(cast: NDArray[np.int64], quota: float, rest: int) -> NDArray[np.float64]:
    """How likely so many votes of holders decide with half of the rest: one half where a hair of the rest does."""
    above = cast + rest / 2 - quota
    return np.where(above > 0.0, 1.0, np.where(above == 0.0, 0.5 if rest else 1.0, 0.0))


def _swings(others: NDArray[np.int64], weight: int, quota: float, rest: int) -> float:
    """The part of all coalitions of the others that a holder with ``weight`` votes turns into deciding ones."""
    cast = np.arange(others.shape[1])
    turned = _decided(cast + weight, quota, rest) - _decided(cast, quota, rest)
    return float((others.sum(axis=0) * turned).sum() / 2.0 ** (others.shape[0] - 1))


def _value(others: NDArray[np.int64], weight: int, quota: float, rest: int) -> float:
    """The part of all orders of coming in in which a holder with ``weight`` votes is the one who decides."""
    cast, holders = np.arange(others.shape[1]), others.shape[0]
    if not rest:
        turned = _decided(cast + weight, quota, 0) - _decided(cast, quota, 0)
        return float(sum((row * turned).sum() / (holders * comb(holders - 1, size)) for size, row in enumerate(others)))
    from scipy.special import betainc

    # the holder comes in at the time t of [0, 1], after which others with probability t, and the part t of the rest
    begin = np.clip((quota - cast - weight) / rest, 0.0, 1.0)
    end = np.clip((quota - cast) / rest, 0.0, 1.0)
    total = 0.0
    for size, row in enumerate(others):
        some = row > 0
        first, second = size + 1.0, float(holders - size)
        between = betainc(first, second, end[some]) - betainc(first, second, begin[some])
        total += float((row[some] * between).sum() / (holders * comb(holders - 1, size)))
    return total
