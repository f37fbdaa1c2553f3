"""Ramp curves: the share of its capacity that a plant has learned to use, by its age in months or by what it made.

Ages and times to nameplate may be arrays of any shapes that broadcast. Beside it, what is learned by making, and the
yield by age. How curves are fitted to what was reported is in ``ramp_fit.py``.
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


def learned_share(made: ArrayLike, items_to_nameplate: ArrayLike, starts_at: ArrayLike) -> NDArray[np.float64]:
    """The share of nameplate in use after ``made`` items: from ``starts_at`` to 99 % at ``items_to_nameplate``.

    s = 1 − (1 − s₀) e^(−k Q / N) with k = ln(100 (1 − s₀)), so that s(N) = 0.99: the exponential approach to
    a ceiling, one of the forms that Mazur and Hastie (1978, doi:10.1037/0033-2909.85.6.1256) compare. A plant
    that starts at 99 % or above stays there.

    Parameters
    ----------
    made
        Good items so far [item].
    items_to_nameplate
        Items until 99 % is learned [item]; 0 is at once.
    starts_at
        The share at the first item [ratio].

    >>> learned_share([0.0, 500.0, 1000.0], 1000.0, 0.19).round(4).tolist()
    [0.19, 0.91, 0.99]
    """
    Q, N, s = np.broadcast_arrays(
        *(np.asarray(values, dtype=float) for values in (made, items_to_nameplate, starts_at))
    )
    left = 1.0 - s
    steepness = np.log(np.maximum(left / (1.0 - AT_NAMEPLATE), 1.0))
    share = 1.0 - left * np.exp(-steepness * np.maximum(Q, 0.0) / np.maximum(N, SHORTEST))
    return np.where(N > 0, share, 1.0)


def yield_share(age: ArrayLike, start: ArrayLike, steady: ArrayLike, months: ArrayLike) -> NDArray[np.float64]:
    """Good items per item started, by the age of the plant; ``start`` up to the opening, ``steady`` at once for 0.

    y = steady − (steady − start) e^(−ln 100 · a / M): 99 % of the way is gone at M.

    Parameters
    ----------
    age, months
        Time since the opening, and until 99 % of the way is gone [month].
    start, steady
        Of a plant at its opening and of a settled one [ratio].

    >>> yield_share([0.0, 12.0, 24.0], 0.5, 0.9, 24.0).round(3).tolist()
    [0.5, 0.86, 0.896]
    """
    a, y0, y1, M = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (age, start, steady, months)))
    left = np.exp(-np.log(1.0 / (1.0 - AT_NAMEPLATE)) * np.maximum(a, 0.0) / np.maximum(M, SHORTEST))
    share: NDArray[np.float64] = y1 - (y1 - y0) * np.where(M > 0, left, 0.0)
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
