"""What part of the spread of a result each drawn figure explains by itself, from the members that there are.

First-order indices from given data: members are sorted by a figure and cut into parts of equal size, in each of which
the result is a straight line of the figure; a figure of few values has a mean at each of them. Designed samples, with
total indices as well, are in ``run/sensitivity/shares.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FEWEST = 100  # members
RESAMPLES = 200
_BLOCKS = 64
_CONFIDENCE = 0.95
_MOST_PARTS = 32


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """By result, for one figure: its share, the interval that holds it in 95 of 100 cases, and the chance of a share as
    high where the figure does nothing."""

    share: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    chance: NDArray[np.float64]


def explained(
    share: NDArray[np.float64],
    values: NDArray[np.float64],
    *,
    edges: Sequence[float] = (),
    seed: int = 0,
) -> Explained:
    """The part of the variance of each result that a figure explains by itself.

    With m(x) = E[Y | X = x], S = Var(m(X)) / Var(Y) (E. Plischke, E. Borgonovo and C. L. Smith 2013,
    doi:10.1016/j.ejor.2012.11.047). m is fitted with p terms to n members, and the variance that p terms explain of
    mere noise is taken out: S = 1 - (1 - R²)(n - 1)/(n - p). The interval is that of 200 resamples of 64 blocks of
    members.

    Parameters
    ----------
    share
        Of the figure (member): where in its distribution each member lies.
    values
        (result, member), none missing and none the same in all members.
    edges
        The shares at which the value of a figure of few values changes; none for one that rises steadily.

    >>> x, noise = np.random.default_rng(1).random((2, 5000))
    >>> found = explained(x, (2.0 * x + noise)[None])
    >>> round(float(found.share[0]), 1), bool(found.low[0] < 0.8 < found.high[0])
    (0.8, True)
    """
    count = share.size
    part, offset, terms = _parts(share, edges)
    centred = values - values.mean(axis=1, keepdims=True)
    block = np.random.default_rng([seed]).permutation(count) % min(_BLOCKS, count)
    sums = _sums(part, offset, centred, block)
    whole = np.ones((1, block.max() + 1))
    estimate = _shares(sums, whole, terms)[:, 0]
    weights = np.random.default_rng([seed, 1]).multinomial(whole.size, np.full(whole.size, 1.0 / whole.size), RESAMPLES)
    again = _shares(sums, weights.astype(np.float64), terms)
    tail = (1.0 - _CONFIDENCE) / 2.0
    low, high = np.quantile(again - again.mean(axis=1, keepdims=True), (tail, 1.0 - tail), axis=1)
    return Explained(
        share=np.clip(estimate, 0.0, 1.0),
        low=np.clip(estimate + low, 0.0, 1.0),
        high=np.clip(estimate + high, 0.0, 1.0),
        chance=_chance(estimate, count, terms),
    )


def _parts(share: NDArray[np.float64], edges: Sequence[float]) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """The part in which each member lies, where in it, and the number of terms that are fitted."""
    if len(edges):
        part = np.unique(np.searchsorted(np.asarray(edges), share, side="right"), return_inverse=True)[1]
        return part, np.zeros(share.size), int(part.max()) + 1
    count = share.size
    parts = int(np.clip(round(0.8 * count ** (1.0 / 3.0)), 2, _MOST_PARTS))
    place = np.empty(count)
    place[np.argsort(share, kind="stable")] = (np.arange(count) + 0.5) * parts / count
    part = place.astype(np.int64)
    return part, place - part - 0.5, 2 * parts


def _sums(
    part: NDArray[np.int64], offset: NDArray[np.float64], values: NDArray[np.float64], block: NDArray[np.int64]
) -> tuple[NDArray[np.float64], ...]:
    """Sums by block and part of 1, t and t², and by result, block and part of y and t y; and by result, block of y²."""
    parts, blocks = int(part.max()) + 1, int(block.max()) + 1
    cell = block * parts + part

    def summed(weights: NDArray[np.float64] | None) -> NDArray[np.float64]:
        return np.bincount(cell, weights, minlength=blocks * parts).reshape(blocks, parts).astype(np.float64)

    by_value = np.stack([summed(row) for row in values])
    by_both = np.stack([summed(offset * row) for row in values]) if offset.any() else np.zeros_like(by_value)
    squares = np.stack([np.bincount(block, row**2, minlength=blocks) for row in values]).astype(np.float64)
    return summed(None), summed(offset), summed(offset**2), by_value, by_both, squares


def _shares(sums: tuple[NDArray[np.float64], ...], weights: NDArray[np.float64], terms: int) -> NDArray[np.float64]:
    """The share by (result, row of ``weights``), each row a weight for every block."""
    ones, offset, square = (weights @ part for part in sums[:3])
    value, both = (np.matmul(weights, part) for part in sums[3:5])
    total = sums[5] @ weights.T
    count = ones.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.where(ones > 0.0, value**2 / ones, 0.0)
        width = square - offset**2 / ones
        slope = np.where(width > 1e-12, (both - offset * value / ones) ** 2 / width, 0.0)
        mean = value.sum(axis=2) ** 2 / count
        fitted = ((level + slope).sum(axis=2) - mean) / (total - mean)
    share = 1.0 - (1.0 - fitted) * (count - 1.0) / np.maximum(count - terms, 1.0)
    return np.asarray(np.nan_to_num(share), dtype=np.float64)


def _chance(share: NDArray[np.float64], count: int, terms: int) -> NDArray[np.float64]:
    """How likely noise alone gives a share as high, by the F distribution of what so many terms explain of it."""
    from scipy.special import fdtrc

    if terms < 2 or count <= terms:
        return np.ones_like(share)
    fitted = 1.0 - (1.0 - share) * (count - terms) / (count - 1.0)
    left = np.maximum(1.0 - fitted, 1e-300)
    return np.asarray(fdtrc(terms - 1, count - terms, np.maximum(fitted, 0.0) / (terms - 1) / left * (count - terms)))
