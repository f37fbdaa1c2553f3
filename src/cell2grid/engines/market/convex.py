"""Whether a case of a market game is one convex programme, and with which weights; a plain sentence where it is not.

Divided by what its seller keeps of the price, the condition of each sale is the derivative of one function only if the
derivatives are symmetric: what one sale does to another's gain must be what the other does to it. The programme itself
is in ``clarabel_form.py``; games that are refused here are solved in ``complementarity.py``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from cell2grid.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cell2grid.engines.market.lanes import Case

    Vector = NDArray[np.float64]
    Places = NDArray[np.int64]

SAME = 1e-12
"""Relative difference below which two weights are the same."""


class Sales(NamedTuple):
    """All sales of a case, those within quotas first and those above after them, divided by what is kept."""

    lane: Places  # (N,)
    plant: Places  # (N,)
    market: Places  # (N,)
    firm: Places  # (N,)
    keeps: Vector  # (N,)
    bears: Vector  # (N,): how much of the plant's own cost, in parts of what is kept
    steady: Vector  # (N,): freight and duties that do not change with output, in the same way


class Weights(NamedTuple):
    """What the programme needs besides the sales: firms' totals by market and how they weigh on each other."""

    pair: Places  # (N,): which total of a firm in a market a sale belongs to; -1 where it takes the price
    square: sparse.csc_array  # (T, T): the mark-ups of totals, symmetric
    cost: Vector  # (J,): how much of its own cost each plant bears
    kept: Vector  # (J,): what it keeps of the price; nan where that differs by market
    quota_kept: Vector  # (Q,): the same of all who use a quota


def sales_of(case: Case) -> Sales:
    """The sales of a case."""
    lane = np.concatenate([np.arange(len(case.plant)), case.over_lanes])
    keeps = np.concatenate([case.keeps, case.over_keeps])
    bears = np.concatenate([1.0 + case.on_cost, 1.0 + case.over_on_cost]) / keeps
    amount = np.concatenate([case.amount, case.over_amount]) / keeps
    return Sales(
        lane, case.plant[lane], case.market[lane], case.firm[lane], keeps, bears, amount + bears * case.freight[lane]
    )


def weights_of(case: Case, sales: Sales) -> Weights:
    """The weights of the convex programme of a case.

    Raises
    ------
    InputError
        Where the game is no convex programme, with the reason.
    """
    _forms_that_cannot_be(case, sales)
    cost = _common(sales.plant, sales.bears, len(case.capacity))
    rising = (case.power_scale > 0.0) | np.array([len(steps) > 1 for steps in case.step_cost])
    for j in np.nonzero(rising & np.isnan(cost) & np.isin(np.arange(len(cost)), sales.plant))[0]:
        raise InputError(
            f"plant {j}: its cost rises with output and its duties differ by market, so that no convex programme "
            "has this equilibrium; use the complementarity method"
        )
    pair, square = _totals(case, sales)
    kept = _common(sales.plant, sales.keeps, len(case.capacity))
    quota_kept = np.full(len(case.quota), np.nan)
    counted = case.in_quota.toarray() > 0.0
    for q in range(len(case.quota)):
        there = np.unique(case.keeps[counted[q]])
        quota_kept[q] = there[0] if len(there) and there[-1] - there[0] <= SAME else np.nan
    return Weights(pair, square, cost, kept, quota_kept)


def _common(group: Places, value: Vector, count: int) -> Vector:
    """The one value of each group, nan where its members differ or there are none."""
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, group, value)
    np.maximum.at(high, group, value)
    return np.where(high - low <= SAME * np.abs(high), high, np.nan)


def _forms_that_cannot_be(case: Case, sales: Sales) -> None:
    """Refuses what no convex programme expresses."""
    if not np.isnan(case.least_price).all():
        m = int(case.market[np.nonzero(~np.isnan(case.least_price))[0][0]])
        raise InputError(
            f"market {m}: a least price holds for some sellers only, which no convex programme expresses; use the "
            "complementarity method"
        )
    curved = case.isoelastic[sales.market] & (case.conduct[sales.firm, sales.market] > 0.0)
    if curved.any():
        m = int(sales.market[curved][0])
        raise InputError(
            f"market {m}: firms hold back on isoelastic demand, where a mark-up depends on what all others sell; use "
            "the complementarity method"
        )
    if not np.allclose(case.slopes, case.slopes.T, rtol=SAME, atol=0.0):
        m, n = np.argwhere(~np.isclose(case.slopes, case.slopes.T, rtol=SAME, atol=0.0))[0]
        raise InputError(
            f"markets {m} and {n}: each one's price does not fall by the same with the other's sales, so that no "
            "convex programme has this equilibrium; use the complementarity method"
        )


def _totals(case: Case, sales: Sales) -> tuple[Places, sparse.csc_array]:
    """Firms' totals by market that sales belong to, and the mark-ups that they cause each other."""
    firms, markets = case.conduct.shape
    key = sales.firm * markets + sales.market
    held = _common(key, sales.keeps, firms * markets)
    holds = case.conduct.ravel()[key] > 0.0
    for k in key[holds & np.isnan(held[key])]:
        raise InputError(
            f"firm {k // markets}, market {k % markets}: what it keeps of the price differs between its own sales "
            "there, so that no convex programme has this equilibrium; use the complementarity method"
        )
    used = np.unique(key)
    place = np.full(firms * markets, -1, dtype=np.int64)
    place[used] = np.arange(len(used))
    i, m = used // markets, used % markets
    linked = sparse.csr_array(case.interest)[i][:, i] * sparse.csr_array(case.slopes.T)[m][:, m]
    keeps = np.where(np.isnan(held[used]), 1.0, held[used])
    square = sparse.csc_array(sparse.diags_array(case.conduct[i, m] / keeps) @ linked @ sparse.diags_array(keeps))
    uneven = sparse.coo_array(square - square.T)
    off = np.abs(uneven.data)
    if np.max(off, initial=0.0) > 1e-12 * np.max(np.abs(square.data), initial=0.0):
        row = int(uneven.coords[0][np.argmax(off)])
        raise InputError(
            f"firm {i[row]}, market {m[row]}: what its sales take from another's gain is not what the other's take "
            "from its own (interests, conducts or duties differ), so that no convex programme has this equilibrium; "
            "use the complementarity method"
        )
    square = sparse.csc_array((square + square.T) * 0.5)
    square.eliminate_zeros()
    _check_convex(case, square, m)
    active = np.diff(square.indptr) > 0
    number = np.where(active, np.cumsum(active) - 1, -1)
    return number[place[key]], sparse.csc_array(square[active][:, active])


def _check_convex(case: Case, square: sparse.csc_array, m: Places) -> None:
    """Refuses mark-ups with which the programme would not be convex."""
    apart = sparse.coo_array(square)
    if np.all(apart.coords[0] == apart.coords[1]) and not np.any(case.slopes - np.diag(np.diag(case.slopes))):
        return
    if square.shape[0] > 3000:
        raise InputError(
            "with this many firms that have interests in each other it is not known whether the programme is convex; "
            "use the complementarity method"
        )
    whole = square.toarray() + case.slopes[np.ix_(m, m)]
    if np.linalg.eigvalsh(whole)[0] < -1e-9 * np.max(np.abs(whole)):
        raise InputError(
            "interests or substitution are so strong that the programme is not convex; use the complementarity method"
        )
