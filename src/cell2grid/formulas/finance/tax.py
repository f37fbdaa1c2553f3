"""Tax on the profit of each year, with losses and a tax credit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike


def taxes(profit: Numbers, rate: Numbers, *, losses_used: Numbers = False, credit: Numbers = 0.0) -> Floats:
    """The tax [currency] of each year on a profit by (…, year) that is counted after depreciation and interest.

    A loss is carried forward without limit until later profit uses it up: with C the profit summed up to a year, what
    has been taxed up to then is the highest C so far, and never below 0. The credit is taken off the first tax that
    there is. Where losses are used at once, the owner has other income: a loss is worth its tax in its own year, and
    the credit is worth all of itself in year 1.

    Parameters
    ----------
    profit
        By (…, year) from year 0, in which there is none [currency].
    rate
        The part of the profit that is paid [ratio].
    losses_used
        Whether losses and the credit are used at once.
    credit
        The tax credit of year 1 [currency].

    >>> taxes([0.0, -50.0, 30.0, 40.0], 0.5).tolist()
    [0.0, 0.0, 0.0, 10.0]
    >>> taxes([0.0, -50.0, 30.0, 40.0], 0.5, losses_used=True, credit=4.0).tolist()
    [0.0, -29.0, 15.0, 20.0]
    >>> taxes([0.0, 10.0, 10.0], 0.5, credit=8.0).tolist()
    [0.0, 0.0, 2.0]
    """
    profit = np.asarray(profit, np.float64)
    rate, credit = np.asarray(rate, np.float64)[..., None], np.asarray(credit, np.float64)[..., None]
    at_once = rate * profit
    first = np.zeros(profit.shape[-1])
    first[1:2] = 1.0
    taxed = np.maximum(np.maximum.accumulate(np.cumsum(profit, axis=-1), axis=-1), 0.0)
    owed = np.maximum(rate * taxed - credit, 0.0)
    carried = np.diff(owed, axis=-1, prepend=0.0)
    paid: Floats = np.where(np.asarray(losses_used, bool)[..., None], at_once - credit * first, carried)
    return paid
