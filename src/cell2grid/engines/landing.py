"""What it costs to bring goods in: freight when they leave, duty when they arrive, damages for what comes too late.

All money is in one currency for each plant, which the caller brings it to. What leaves and arrives when is ``supply``;
which duties are in force, and what a duty is taken of, is said where the arrays are made (``run/landing.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.errors import EngineError
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

READS = (
    "days",
    "delivered",
    "duty_rate",
    "freight_rate",
    "late_most",
    "late_rate",
    "order_delivered",
    "order_quantity",
    "order_wanted",
    "shipped",
)
WRITES = ("duty_cost", "freight_cost", "late_damages", "late_days", "late_share")
# what only some of the WRITES depend on
_LATE = ("late_damages", "late_days", "late_share")
ONLY_FOR = {
    "days": _LATE,
    "delivered": ("duty_cost",),
    "duty_rate": ("duty_cost",),
    "freight_rate": ("freight_cost",),
    "late_most": ("late_damages",),
    "late_rate": ("late_damages",),
    "order_delivered": _LATE,
    "order_quantity": _LATE,
    "order_wanted": _LATE,
    "shipped": ("freight_cost",),
}


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """Freight and duty by member, plant, destination and month; how late each order is, and what that costs.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature. A rate is missing where nothing is known of it;
        ``late_most`` is infinite where nothing limits the damages.

    Returns
    -------
    The WRITES. What has not arrived at the end of the last month is counted as late up to then.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit; a rate or a limit is below 0.

    The equations are on the formulation page ``landing``.
    """
    require(arrays, READS, of="landing")
    for name in ("freight_rate", "duty_rate", "late_rate", "late_most"):
        if (arrays[name] < 0).any():
            raise EngineError(
                f"landing: {name} is {float(arrays[name].min()):g} somewhere, below 0, the least it can be"
            )
    lanes = ("member", "plant", "destination", "period")
    freight_rate = _values(arrays, "freight_rate", "member", "plant", "destination")[..., None]
    share, days, damages = _late(arrays)
    return _written(
        arrays,
        freight_cost=_values(arrays, "shipped", *lanes) * freight_rate,
        duty_cost=_values(arrays, "delivered", *lanes) * _values(arrays, "duty_rate", *lanes),
        late_share=share,
        late_days=days,
        late_damages=damages,
    )


def _late(arrays: xr.Dataset) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The part of each order that is late, its mean days late, and the damages for it (member, order)."""
    days = _values(arrays, "days", "period")
    ends = np.cumsum(days)
    wanted = np.interp(_values(arrays, "order_wanted", "order"), np.arange(len(days) + 1.0), [0.0, *ends])
    # days after the one that is wanted, at the begin and the end of each month (order, period)
    begins_late = np.maximum(ends - days - wanted[:, None], 0.0)
    ends_late = np.maximum(ends - wanted[:, None], 0.0)
    arrived = _values(arrays, "order_delivered", "member", "order", "period")
    ordered = _values(arrays, "order_quantity", "member", "order")
    missing: NDArray[np.float64] = np.maximum(ordered - arrived.sum(axis=-1), 0.0)
    rate = _values(arrays, "late_rate", "member", "order")
    most = _values(arrays, "late_most", "member", "order")
    far = np.full(rate.shape, np.inf)
    longest = np.divide(most, rate, out=far, where=np.isfinite(most) & (rate > most * 1e-300))

    def item_days(limit: NDArray[np.float64]) -> NDArray[np.float64]:
        """Days late of all items, none counted beyond its ``limit``: items arrive evenly over a month."""
        gone = _up_to(ends_late, limit[..., None]) - _up_to(begins_late, limit[..., None])
        came: NDArray[np.float64] = (arrived * gone / days).sum(axis=-1)
        never: NDArray[np.float64] = missing * np.minimum(ends_late[:, -1], limit)
        return came + never

    late = (arrived * (ends_late - begins_late) / days).sum(axis=-1) + np.where(ends_late[:, -1] > 0, missing, 0.0)
    share = np.divide(late, ordered, out=np.zeros_like(late), where=ordered > 0)
    every_day = item_days(np.full(ordered.shape, np.inf))
    mean = np.divide(every_day, ordered, out=np.zeros_like(late), where=ordered > 0)
    known = np.isfinite(_values(arrays, "order_wanted", "order"))
    found = (np.minimum(share, 1.0), mean, rate * item_days(longest))
    share, mean, damages = (np.where(known, values, np.nan) for values in found)
    return share, mean, damages


def _up_to(days: NDArray[np.float64], limit: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of min(x, limit) over all x from 0 to ``days``.

    >>> _up_to(np.array([4.0]), np.array([3.0, np.inf])).tolist()
    [7.5, 8.0]
    """
    short = np.minimum(days, limit)
    beyond = np.where(days > limit, days - short, 0.0)
    total: NDArray[np.float64] = short * short / 2.0 + np.where(beyond > 0, short * beyond, 0.0)
    return total


def _values(arrays: xr.Dataset, name: str, *dims: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = arrays[name].transpose(*dims).values
    return values


def _written(arrays: xr.Dataset, **values: NDArray[np.float64]) -> xr.Dataset:
    import xarray as xr

    coords = {dim: arrays[dim] for dim in ("member", "plant", "destination", "order", "period") if dim in arrays.coords}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))
