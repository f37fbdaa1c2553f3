"""The table ``compared``: each number with something and without it, and what they differ by, member by member.

Both runs draw the same, so that the spread of a difference is that of the effect: the variance of a difference is that
of both less twice their covariance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.run.compared.number import Number
from cell2grid.run.told.spread import spreads
from cell2grid.run.without import ROUNDING, standard_error

if TYPE_CHECKING:
    from numpy.typing import NDArray


def difference_rows(
    with_it: Mapping[Number, NDArray[np.float64]], without_it: Mapping[Number, NDArray[np.float64]]
) -> list[dict[str, Any]]:
    """A row for each number that either has; what only one of them has is told there alone and differs by nothing."""
    rows = []
    for number in dict.fromkeys((*with_it, *without_it)):
        one, other = with_it.get(number), without_it.get(number)
        if one is None or other is None:
            one, other = (np.full_like(_known(one, other), np.nan) if part is None else part for part in (one, other))
        row = _row(number, one, other)
        if row is not None:
            rows.append(row)
    return rows


def _known(one: NDArray[np.float64] | None, other: NDArray[np.float64] | None) -> NDArray[np.float64]:
    found = one if one is not None else other
    assert found is not None
    return found


def _row(number: Number, one: NDArray[np.float64], other: NDArray[np.float64]) -> dict[str, Any] | None:
    known_one, known_other = np.isfinite(one), np.isfinite(other)
    if not known_one.any() and not known_other.any():
        return None
    both = known_one & known_other
    difference = np.where(both, one - other, np.nan) if both.any() else np.full_like(one, np.nan)
    # the same sum in another order differs in its last digit
    least = ROUNDING * np.maximum(np.abs(one), np.abs(other))
    difference = np.where(both & (np.abs(difference) <= least), 0.0, difference)
    mean, quantiles = spreads(difference[:, None])
    error = float(standard_error(difference[:, None])[0])
    error = 0.0 if error <= float(least[both].max(initial=0.0)) else error
    return {
        **number._asdict(),
        "with_it": _mean(one, known_one),
        "without_it": _mean(other, known_other),
        "difference": mean[0],
        **{label: quantile[0] for label, quantile in zip(("p10", "p50", "p90"), quantiles, strict=True)},
        "error": error,
    }


def _mean(values: NDArray[np.float64], known: NDArray[np.bool_]) -> float:
    return float(values[known].mean()) if known.any() else float("nan")
