"""When each order has arrived, and in which month it is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROUNDING = 1e-9  # an order is complete when no more than this part of it is missing


def completion(
    order_delivered: NDArray[np.float64], quantity: NDArray[np.float64], order_from: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The part of each order that has arrived by each month's end, and the month in which it is complete.

    Parameters
    ----------
    order_delivered
        (member, order, period) in items.
    quantity
        (member, order) in items; an order of nothing is complete when it is made.
    order_from
        (order): the first month in which it waits.

    >>> share, month = completion(np.array([[[0.0, 3.0, 1.0]]]), np.array([[4.0]]), np.array([0]))
    >>> share.tolist(), month.tolist()
    ([[[0.0, 0.75, 1.0]]], [[2.0]])
    """
    arrived, asked = np.cumsum(order_delivered, axis=-1), quantity[:, :, None]
    share = np.divide(arrived, asked, out=np.ones_like(arrived), where=asked > 0)
    waits = np.arange(arrived.shape[-1]) >= order_from[:, None]
    complete = (share >= 1.0 - ROUNDING) & waits
    month = np.where(complete.any(axis=-1), complete.argmax(axis=-1), np.nan)
    return np.where(waits, np.minimum(share, 1.0), 0.0), month
