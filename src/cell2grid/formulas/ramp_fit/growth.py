"""What a ramp curve would have made in each part of time, in closed form, for many lengths of the ramp at once.

The length is in months from the opening of a block, or, for ``learning``, in items of open capacity until 99 % is
learned.
"""

from __future__ import annotations

import numpy as np

from cell2grid.formulas.ramp import AT_NAMEPLATE, QUARTER
from cell2grid.formulas.ramp_fit.counts import DAYS, Floats, Ramping

_ODDS = np.log(AT_NAMEPLATE / (1.0 - AT_NAMEPLATE))


def made(case: Ramping, curve: str, length: Floats, start: Floats) -> Floats:
    """Items that a plant at its nameplate would have made in each part (length, part).

    Parameters
    ----------
    length
        Months to nameplate; for ``learning`` the items of open capacity until 99 % is learned.
    start
        The share that ``learning`` begins with, one for each length; other curves have none.
    """
    if curve == "learning":
        open_items = opened(case)
        by_piece = np.diff(_learned(open_items[None, :], length[:, None], start[:, None]), axis=1)
        return np.asarray(by_piece @ case.inside.T)
    pieces = np.zeros((length.size, case.scale.size))
    for opens, capacity in zip(case.opens, case.capacity, strict=True):
        ages = np.maximum(case.edges - opens, 0.0) / DAYS
        pieces += capacity * np.diff(_integral(curve, ages[None, :], length[:, None]), axis=1)
    return np.asarray((pieces * case.scale) @ case.inside.T)


def opened(case: Ramping) -> Floats:
    """Items that the open capacity could have made from the first opening to each edge."""
    open_months = np.maximum(case.edges[None, :] - case.opens[:, None], 0.0) / DAYS
    by_piece = (case.capacity[:, None] * np.diff(open_months, axis=1)).sum(axis=0) * case.scale
    return np.concatenate([[0.0], np.cumsum(by_piece)])


def day_of_opened(case: Ramping, items: float) -> float:
    """The day by which the open capacity could have made so many items; it works normally after the last count."""
    days, known = case.edges, opened(case)
    for day in sorted({float(day) for day in case.opens if day > case.edges[-1]}):
        rate = float(case.capacity[case.opens <= days[-1]].sum()) / DAYS
        days, known = np.append(days, day), np.append(known, known[-1] + rate * (day - days[-1]))
    if items <= known[-1]:
        return float(np.interp(items, known, days))
    return float(days[-1] + (items - known[-1]) / (float(case.capacity.sum()) / DAYS))


def _integral(curve: str, age: Floats, months: Floats) -> Floats:
    """The share in use, summed over the months from the opening to an age."""
    M = np.maximum(months, 1e-6)
    if curve == "linear":
        return np.where(age < M, age**2 / (2 * M), age - M / 2)
    if curve == "logistic":
        k = 2.0 * _ODDS / M
        return np.asarray((np.logaddexp(0.0, k * (age - M / 2)) - np.logaddexp(0.0, -k * M / 2)) / k)
    if curve == "tranches":
        blocks = np.maximum(np.ceil(M / QUARTER - 1e-9), 1.0)
        whole = np.minimum(np.floor(age / QUARTER), blocks)
        full = QUARTER * whole * (whole + 1) / (2 * blocks)
        return np.asarray(full + (age - QUARTER * whole) * np.minimum(whole + 1, blocks) / blocks)
    return np.broadcast_to(age, np.broadcast_shapes(age.shape, M.shape))


def _learned(open_items: Floats, length: Floats, start: Floats) -> Floats:
    """What was made by the time that the open capacity could have made so many items.

    dQ/dE = s(Q) = 1 − (1 − s₀) e^(−cQ) has Q = ln((1 − s₀) + s₀ e^(cE)) / c, and the share is 99 % at E = length where
    c = ln(99 (1 − s₀) / s₀) / length: over the time worked, learning by making is an S-curve that begins at s₀.
    """
    c = (_ODDS + np.log((1.0 - start) / start)) / length
    return np.asarray(np.logaddexp(np.log1p(-start), np.log(start) + c * open_items) / c)
