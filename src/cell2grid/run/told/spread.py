"""The spread of a quantity over the members: mean and quantiles; a member that has no value is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

QUANTILES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean, and the values below which 10, 50 and 90 % of the members lie; NaN where no member has a value."""

    mean: float
    p10: float
    p50: float
    p90: float


def spread(values: NDArray[np.float64]) -> Spread:
    """The spread of one value a member.

    >>> spread(np.array([0.0, 10.0, np.nan])).p10
    1.0
    """
    mean, quantiles = spreads(values)
    return Spread(float(mean), *(float(quantile) for quantile in quantiles))


def spreads(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean, and 10, 50 and 90 % quantiles (first axis), of values by member (first axis) and anything else."""
    if not np.isnan(values).any():
        return values.mean(axis=0), np.quantile(values, QUANTILES, axis=0)
    shape = values.shape[1:]
    mean, quantiles = np.full(shape, np.nan), np.full((len(QUANTILES), *shape), np.nan)
    for place in np.ndindex(shape):
        known = values[(slice(None), *place)]
        known = known[~np.isnan(known)]
        if known.size:
            mean[place] = known.mean()
            quantiles[(slice(None), *place)] = np.quantile(known, QUANTILES)
    return mean, quantiles
