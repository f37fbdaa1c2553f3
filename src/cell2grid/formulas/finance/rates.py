"""Internal rates of return: of one project with the reason where there is none, and of many at once.

A cash flow whose sign changes once has one rate, found by pyxirr. Where it changes more often, every rate between
-99.3 % and 14,700 % a year is looked for on a grid, and each crossing is halved down to its root.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.formulas.finance.returns import discount_factors

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

# logarithms of 1 + rate where there can be several
_LOG_RATES = np.linspace(-5.0, 5.0, 4001)
# and where there is just one, which may be extreme
_WIDE_LOG_RATES = np.linspace(-40.0, 40.0, 4001)
_HALVINGS = 52
_ROWS = 512  # of the grid at once: 16 MB


@dataclass(frozen=True, slots=True)
class RateOfReturn:
    """The internal rate of return [1/year], or None and the reason; ``count`` is how many rates there are."""

    rate: float | None
    count: int
    reason: str | None = None


def irr(flows: Numbers) -> RateOfReturn:
    """The rate [1/year] at which the flows of one project are worth nothing today, if there is just one.

    A cash flow whose sign never changes has none; one whose sign changes more than once may have several, and then
    none of them is returned.

    >>> irr([-100.0, 60.0, 60.0]).rate
    0.1306623862918075
    >>> irr([100.0, 60.0]).reason
    'the cash flow never changes its sign'
    >>> irr([-100.0, 500.0, -600.0]).count
    2
    """
    values = np.asarray(flows, np.float64)
    if not np.isfinite(values).all():
        return RateOfReturn(None, 0, "the cash flow is not known in every year")
    changes = int(_sign_changes(values[None])[0])
    if changes == 0:
        return RateOfReturn(None, 0, "the cash flow never changes its sign")
    if changes == 1:
        rate = float(_only_rates(values[None])[0])
        if np.isnan(rate):
            return RateOfReturn(None, 1, "the rate of return is too extreme to be computed")
        return RateOfReturn(rate, 1)
    rates = _crossings(values[None], _LOG_RATES)[0]
    if len(rates) == 1:
        return RateOfReturn(rates[0], 1)
    if not rates:
        return RateOfReturn(None, 0, "no rate makes the cash flow worth nothing")
    shown = ", ".join(f"{rate:.2%}" for rate in rates)
    return RateOfReturn(None, len(rates), f"the cash flow has several rates of return: {shown}")


def rates_of_return(flows: Numbers) -> tuple[Floats, Floats]:
    """The rate and the number of rates of each cash flow by (…, year), as ``irr`` finds them one by one.

    The rate is missing where there is none or there are several; both are where a flow is unknown. Equal flows are
    solved once.

    >>> rates, counts = rates_of_return([[-100.0, 110.0], [1.0, 1.0], [np.nan, 1.0]])
    >>> rates.round(9).tolist(), counts.tolist()
    ([0.1, nan, nan], [1.0, 0.0, nan])
    """
    table = np.asarray(flows, np.float64)
    rows, place = np.unique(table.reshape(-1, table.shape[-1]), axis=0, return_inverse=True)
    rates, counts = np.full(len(rows), np.nan), np.full(len(rows), np.nan)
    known = np.isfinite(rows).all(axis=-1)
    changes = np.where(known, _sign_changes(np.nan_to_num(rows)), -1)
    counts[known] = 0.0
    once = changes == 1
    counts[once] = 1.0
    rates[once] = _only_rates(rows[once])
    often = np.flatnonzero(changes > 1)
    for index, found in zip(often, _crossings(rows[often], _LOG_RATES), strict=True):
        counts[index] = float(len(found))
        rates[index] = found[0] if len(found) == 1 else np.nan
    shape = table.shape[:-1]
    return rates[place].reshape(shape), counts[place].reshape(shape)


def _sign_changes(rows: Floats) -> npt.NDArray[np.int64]:
    """How often the sign changes along each row; zeros have none, and go by the sign before them."""
    signs = np.sign(rows)
    places = np.where(signs != 0.0, np.arange(rows.shape[1]), 0)
    filled = np.take_along_axis(signs, np.maximum.accumulate(places, axis=1), axis=1)
    # a row that begins with zeros has no sign to change from
    changed = (filled[:, 1:] != filled[:, :-1]) & (filled[:, :-1] != 0.0)
    counted: npt.NDArray[np.int64] = np.count_nonzero(changed, axis=1)
    return counted


def _only_rates(rows: Floats) -> Floats:
    """The rate of each row whose sign changes once; NaN where it is too extreme."""
    import pyxirr

    if not len(rows):
        return np.zeros(0)
    scaled = rows / np.abs(rows).max(axis=1, keepdims=True)
    found = [pyxirr.irr(row, silent=True) for row in scaled.tolist()]
    rates = np.array([np.nan if rate is None else rate for rate in found], np.float64)
    plausible = rates > -1.0
    worth = scaled * discount_factors(np.where(plausible, rates, 0.0), rows.shape[1] - 1)
    right = plausible & (np.abs(worth.sum(axis=1)) <= 1e-9 * np.abs(worth).sum(axis=1))
    rates[~right] = np.nan
    again = np.flatnonzero(~right)
    for index, crossed in zip(again, _crossings(rows[again], _WIDE_LOG_RATES), strict=True):
        if len(crossed) == 1:
            rates[index] = crossed[0]
    return rates


def _crossings(rows: Floats, log_rates: Floats) -> list[list[float]]:
    """Every rate on the grid at which the present value of a row crosses zero, rising, for each row."""
    years = np.arange(rows.shape[1], dtype=np.float64)
    found: list[list[float]] = []
    for first in range(0, len(rows), _ROWS):
        part = rows[first : first + _ROWS]
        worths = part @ _factors(log_rates, years).T
        roots: list[list[float]] = [[] for _ in part]
        for row, node in np.argwhere(worths == 0.0):
            roots[row].append(float(np.expm1(log_rates[node])))
        crossed, node = np.nonzero(worths[:, :-1] * worths[:, 1:] < 0.0)
        logs = _halved(part[crossed], log_rates[node], log_rates[node + 1], years)
        for row, rate in zip(crossed, np.expm1(logs), strict=True):
            roots[row].append(float(rate))
        found += [sorted(rates) for rates in roots]
    return found


def _factors(log_rates: Floats, years: Floats) -> Floats:
    """Discount factors by (rate, year), the largest of each rate 1 so that none overflows; signs stay right."""
    exponents = -log_rates[:, None] * years
    factors: Floats = np.exp(exponents - exponents.max(axis=1, keepdims=True))
    return factors


def _halved(rows: Floats, low: Floats, high: Floats, years: Floats) -> Floats:
    """The logarithm of 1 + rate between ``low`` and ``high`` at which each row is worth nothing."""
    below = (rows * _factors(low, years)).sum(axis=1) > 0.0
    low, high = low.copy(), high.copy()
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        same = ((rows * _factors(middle, years)).sum(axis=1) > 0.0) == below
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    halved: Floats = 0.5 * (low + high)
    return halved
