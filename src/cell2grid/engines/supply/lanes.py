"""When shipments arrive, and what is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def arrivals(
    shipped: NDArray[np.float64], lead_time: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What arrives in each month, and what is on its way at its end.

    Shipments leave evenly over a month, so that with a lead time of k months and a part f of one, 1 - f of them arrive
    k months later and f in the month after.

    Parameters
    ----------
    shipped
        (…, period) in items a month.
    lead_time
        (…, period) in months: that of what leaves in the month. Later shipments may come first.

    >>> delivered, on_the_way = arrivals(np.array([8.0, 0.0, 0.0]), np.full(3, 1.25))
    >>> delivered.tolist(), on_the_way.tolist()
    ([0.0, 6.0, 2.0], [8.0, 2.0, 0.0])
    """
    whole = np.floor(lead_time)
    rest = lead_time - whole
    delivered, on_the_way = np.zeros_like(shipped), np.zeros_like(shipped)
    months = shipped.shape[-1]
    last = int(min(whole.max(), months)) + 1 if whole.size else 0
    for lag in range(min(last, months - 1) + 1):
        left, full, part = (values[..., : months - lag] for values in (shipped, whole, rest))
        arriving = np.where(full == lag, 1.0 - part, np.where(full == lag - 1, part, 0.0))
        under_way = np.where(full > lag, 1.0, np.where(full == lag, part, 0.0))
        delivered[..., lag:] += arriving * left
        on_the_way[..., lag:] += under_way * left
    return delivered, on_the_way
