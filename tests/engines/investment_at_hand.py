"""A plan as labelled arrays, out of the same words as the plain ones."""

import xarray as xr

from cell2grid.engines.investment import NAMES
from cell2grid.engines.investment.plan import plan
from cell2grid.nomenclature import variable


def plan_arrays(**given):
    """The READS of the engine for a plan of plain arrays, with labels."""
    arrays = plan(**given)
    sizes, found = {}, {}
    for field, name in NAMES.items():
        row, values = variable(name), getattr(arrays, field)
        if field in ("option_plant", "incentive_option"):
            values = [f"{'plant' if field == 'option_plant' else 'option'} {place}" for place in values]
        elif values.dtype.kind == "i":
            values = values.astype(float)
        found[name] = xr.DataArray(values, dims=row.dims)
        sizes |= dict(zip(row.dims, found[name].shape, strict=True))
    labels = {dim: [f"{dim} {place}" for place in range(count)] for dim, count in sizes.items() if dim != "age"}
    return xr.Dataset(found, coords=labels)


def one_plant():
    """Demand 8 in three terms, a plant for 6 at 5 apiece, what is missing at 20, a block of 4 for 35.

    Its limits and its incentive are there and do not bind.
    """
    return plan_arrays(
        demand=[[[8.0, 8.0, 8.0]]],
        unserved_cost=20.0,
        standing_capacity=[[[6.0, 6.0, 6.0]]],
        step_cost=5.0,
        option_plant=[0],
        block=[4.0],
        most=[1],
        most_at_once=[[1, 1, 1]],
        block_cost=[[[35.0, 35.0, 35.0]]],
        incentive_option=[0],
        incentive_amount=[0.0],
        sales_weight=[[[1.0]]],
        spending_member=[[1.0]],
        capacity_member=[[1.0]],
    )
