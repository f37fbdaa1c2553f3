"""A steady mean with its 95 % interval from one long run: batch means, widened where batches still depend.

Which part of the run is the warm-up is said in ``simulation.py``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BATCHES = 30
LEVEL = 0.975
# a correlation of neighbours below its own standard error is taken for none; one near 1 would leave no interval
MOST_CORRELATION = 0.9


def widened(batches: Floats) -> tuple[float, float]:
    """The mean of the batches, and half the width of its 95 % interval.

    Student's quantile times the standard error of ``BATCHES`` means, times √((1 + ρ) / (1 − ρ)) where neighbouring
    batches have the correlation ρ > 0, as of a first-order autoregression.

    >>> widened(np.array([2.0, 4.0] * 15))[0]
    3.0
    """
    from scipy.special import stdtrit

    count = len(batches)
    mean = float(batches.mean())
    away = batches - mean
    square = float(away @ away)
    # rounding of equal numbers is no spread
    if square <= count * (1e-12 * mean) ** 2:
        return mean, 0.0
    correlation = float(away[1:] @ away[:-1]) / square
    correlation = min(correlation, MOST_CORRELATION) if correlation > count**-0.5 else 0.0
    error = (square / (count - 1) / count * (1.0 + correlation) / (1.0 - correlation)) ** 0.5
    return mean, float(stdtrit(count - 1, LEVEL)) * error


def rate(between: Floats) -> tuple[float, float, float]:
    """A rate and its 95 % interval from the mean time between items in each batch.

    >>> rate(np.full(30, 4.0))
    (0.25, 0.25, 0.25)
    """
    mean, half = widened(between)
    # few and very uneven items can leave no lower bound on the time between them, so none on the rate
    high = 1.0 / (mean - half) if half < mean else float("inf")
    return 1.0 / mean, 1.0 / (mean + half), high


def gain(between: Floats, after: Floats) -> tuple[float, float, float]:
    """How much a rate rises, and its 95 % interval, from the same batches before and after a change.

    The batches share their random numbers, so that the difference has the smaller spread: of the times between items,
    and of the rate by its slope, 1 / (x̄ x̄').

    >>> gain(np.full(30, 4.0), np.full(30, 2.0))
    (0.25, 0.25, 0.25)
    """
    saved, half = widened(between - after)
    slope = 1.0 / (float(between.mean()) * float(after.mean()))
    return saved * slope, (saved - half) * slope, (saved + half) * slope
