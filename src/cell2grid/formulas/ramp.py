"""Ramp curves: the share of its capacity that a plant has learned to use, by its age in months.

Ages and times to nameplate may be arrays of any shapes that broadcast. Learning by cumulative output is left to the
work on plants in depth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import EngineError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

QUARTER = 3.0  # months
SHORTEST = 1e-6  # months; a ramp below this is none, and dividing by it overflows nothing
AT_NAMEPLATE = 0.99  # where the S-curve stands at the time to nameplate; it never reaches one


def ramp_share(curve: str, age: ArrayLike, months_to_nameplate: ArrayLike) -> NDArray[np.float64]:
    """The share of nameplate capacity in use at an age, between 0 and 1; 0 before the plant opens.

    Parameters
    ----------
    curve
        ``immediate``, ``linear``, ``tranches`` or ``logistic``.
    age
        Time since the opening [month].
    months_to_nameplate
        Time from opening to nameplate [month]; 0 is at once.

    Raises
    ------
    EngineError
        The curve has no such name.

    >>> float(ramp_share("linear", 6.0, 24.0))
    0.25
    """
    if curve not in CURVES:
        raise EngineError(f"ramp curve '{curve}' is not one of {', '.join(CURVES)}")
    a, M = np.broadcast_arrays(np.asarray(age, dtype=float), np.asarray(months_to_nameplate, dtype=float))
    learning = np.maximum(M, SHORTEST)
    share = np.where(M > 0, CURVES[curve](np.maximum(a, 0.0), learning), 1.0)
    share[a < 0] = 0.0
    return share


def _immediate(age: NDArray[np.float64], months: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ones_like(age)


def _linear(age: NDArray[np.float64], months: NDArray[np.float64]) -> NDArray[np.float64]:
    """r = a / M up to 1."""
    return np.minimum(age, months) / months


def _tranches(age: NDArray[np.float64], months: NDArray[np.float64]) -> NDArray[np.float64]:
    """r = (⌊a/3⌋ + 1) / n up to 1 with n = ⌈M/3⌉ equal blocks, one at the start of each quarter of the plant's life."""
    blocks: NDArray[np.float64] = np.maximum(np.ceil(months / QUARTER), 1.0)
    open_blocks: NDArray[np.float64] = np.minimum(np.floor(age / QUARTER) + 1.0, blocks)
    return open_blocks / blocks


def _logistic(age: NDArray[np.float64], months: NDArray[np.float64]) -> NDArray[np.float64]:
    """r = 1 / (1 + e^(−k (a − M/2))) with k = 2 ln 99 / M: 1 % at the opening, half at M/2, 99 % at M."""
    steepness = 2.0 * np.log(AT_NAMEPLATE / (1.0 - AT_NAMEPLATE))
    # the exponent is bounded: beyond it the share is 1 to the last bit
    odds: NDArray[np.float64] = np.exp(-steepness * (np.minimum(age / months, 20.0) - 0.5))
    return 1.0 / (1.0 + odds)


CURVES: dict[str, Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]] = {
    "immediate": _immediate,
    "linear": _linear,
    "tranches": _tranches,
    "logistic": _logistic,
}
