"""What the arrays of a market may be: each number bounded, and an error that names the first that is not.

Curves are checked only where they are used: of linear demand the intercept and the slope, of iso-elastic demand the
scale and the elasticity.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.market.arrays import ISOELASTIC, LINEAR, READS, labels
from cell2grid.errors import EngineError, InputError
from cell2grid.nomenclature import require, variable

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

LARGEST = 1e30
"""Beyond this, squares of figures lose their meaning; only what is said to be endless may be infinite."""

# the least and the most of each variable; nan where it may be missing, inf where it may be endless
_BOUNDS: dict[str, tuple[float, float, bool, bool]] = {
    "conduct": (0.0, 1.0, False, False),
    "cost_power": (1e-3, 1e3, False, False),
    "cost_power_scale": (0.0, LARGEST, False, False),
    "cost_step": (0.0, LARGEST, False, False),
    "cost_step_width": (0.0, LARGEST, False, True),
    "cross_slope": (-LARGEST, LARGEST, False, False),
    "duty_amount": (0.0, LARGEST, False, False),
    "duty_on_cost": (0.0, LARGEST, False, False),
    "duty_on_price": (0.0, LARGEST, False, False),
    "firm_interest": (0.0, LARGEST, False, False),
    "fixed_cost_rate": (0.0, LARGEST, False, False),
    "in_quota": (0.0, 1.0, False, False),
    "least_price": (0.0, LARGEST, True, False),
    "over_amount": (0.0, LARGEST, False, False),
    "over_on_cost": (0.0, LARGEST, False, False),
    "over_on_price": (0.0, LARGEST, False, False),
    "quota_amount": (0.0, LARGEST, False, True),
    "sales_capacity": (0.0, LARGEST, False, True),
    "selling_freight": (0.0, LARGEST, True, False),
}
_OF_LINEAR = {"demand_intercept": (0.0, "a negative intercept: nobody would pay anything"), "demand_slope": (0.0, "")}
_OF_ISOELASTIC = {"demand_scale": (0.0, "buyers cannot take less than nothing"), "demand_elasticity": (1e-3, "")}


def check(arrays: xr.Dataset) -> None:
    """Check the arrays of a market.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit; a form of demand is unknown; what firms earn of
        themselves is not 1, or costs fall from step to step, or end before the capacity.
    InputError
        A number is missing, not finite, or out of its bounds, as where demand slopes up.
    """
    require(arrays, READS, of="market")
    for name, (least, most, missing, endless) in _BOUNDS.items():
        array = arrays[name].transpose(*variable(name).dims)
        values = array.values.astype(np.float64)
        good = (values >= least) & (values <= most)
        good |= missing & np.isnan(values)
        good |= endless & np.isposinf(values)
        if not good.all():
            _refuse(arrays, name, values, good, f"expected {least:g} to {'inf' if endless else f'{most:g}'}")
    _check_demand(arrays)
    _check_costs(arrays)
    own = np.diagonal(arrays["firm_interest"].transpose("firm", "other_firm").values)
    if not np.allclose(own, 1.0):
        firm = labels(arrays, "firm")[int(np.argmax(np.abs(own - 1.0)))]
        raise EngineError(
            f"market: firm_interest of '{firm}' in itself is {own[np.argmax(np.abs(own - 1.0))]:g}, not 1"
        )


def _check_demand(arrays: xr.Dataset) -> None:
    forms = arrays["demand_form"].values.astype(str)
    for market, form in zip(labels(arrays, "market"), forms, strict=True):
        if form not in (LINEAR, ISOELASTIC):
            raise EngineError(f"market: demand_form of '{market}' is '{form}', expected {LINEAR} or {ISOELASTIC}")
    for form, bounds in ((LINEAR, _OF_LINEAR), (ISOELASTIC, _OF_ISOELASTIC)):
        for name, (least, why) in bounds.items():
            values = arrays[name].transpose(*variable(name).dims).values.astype(np.float64)
            good = np.isfinite(values) & (values >= least) & (values <= LARGEST)
            if name == "demand_slope":
                good &= values > 0.0
                why = "demand must fall as the price rises: a slope above 0"
            good |= (forms != form)[None, :, None]
            if not good.all():
                _refuse(arrays, name, values, good, why or f"expected {least:g} or more, finite")
    cross = arrays["cross_slope"].transpose(*variable("cross_slope").dims).values
    if (np.diagonal(cross, axis1=1, axis2=2) != 0.0).any():
        raise EngineError("market: cross_slope of a market with itself is not 0; its own slope is demand_slope")
    curved = np.broadcast_to((forms == ISOELASTIC)[None, :, None, None], cross.shape)
    if (cross[curved | curved.transpose(0, 2, 1, 3)] != 0.0).any():
        raise EngineError("market: cross_slope of a market with iso-elastic demand is not 0; only linear ones have any")


def _check_costs(arrays: xr.Dataset) -> None:
    width = arrays["cost_step_width"].transpose(*variable("cost_step_width").dims).values
    cost = arrays["cost_step"].transpose(*variable("cost_step").dims).values
    capacity = arrays["sales_capacity"].transpose(*variable("sales_capacity").dims).values
    so_far = np.full(capacity.shape, -np.inf)
    for step in range(cost.shape[2]):
        there = width[:, :, step] > 0.0
        falls = there & (cost[:, :, step] < so_far)
        if falls.any():
            plant = labels(arrays, "plant")[int(np.nonzero(falls)[1][0])]
            raise EngineError(f"market: cost_step of '{plant}' falls at step {step + 1}; steps must rise")
        so_far = np.where(there, cost[:, :, step], so_far)
    covered = width.sum(axis=2)
    short = covered * (1.0 + 1e-9) < capacity
    if short.any():
        member, j, term = (int(part[0]) for part in np.nonzero(short))
        raise EngineError(
            f"market: the steps of cost of '{labels(arrays, 'plant')[j]}' end at {covered[member, j, term]:g}, "
            f"below its sales_capacity {capacity[member, j, term]:g}; let the last have no end"
        )


def _refuse(arrays: xr.Dataset, name: str, values: NDArray[np.float64], good: NDArray[np.bool_], why: str) -> None:
    """Raise for the first value that is not good, by the names of where it is."""
    place = tuple(int(part[0]) for part in np.nonzero(~good))
    where = ", ".join(
        f"{dim} {labels(arrays, dim)[at] if dim in arrays.coords else at}"
        for dim, at in zip(variable(name).dims, place, strict=True)
    )
    raise InputError(f"market: {name} is {values[place]:g} at {where}; {why}")
