"""What each plant could start each month, by member: open capacity, ramp, yield and what random outages leave.

Each tranche ramps by its own age, and a plant's share is the mean over its open tranches by capacity. Learning by what
has been made is left to ``supply``, which knows what was made; here its ramp is 1. ``plain.py`` is the reference,
``kernel.py`` the compiled form, ``arrays.py`` what both read. Planned stops, shifts and shocks are shares of a month
already, and come from the study.

For a run in chunks of members there is a form on plain arrays, into arrays that are there already::

    from cell2grid.engines.capability.arrays import PlantArrays, plant_arrays
    from cell2grid.engines.capability.kernel import fill, fill_member, fill_plant

    given: PlantArrays = plant_arrays(dataset)          # or PlantArrays(...), see there for shapes and types
    fill(given, capacity, ramp, yield_rate, outage_scale)            # each (member, plant, period); prange over members
    fill_member(given, member, capacity, ramp, yield_rate, outage_scale)         # each (plant, period); one member
    fill_plant(given, member, plant, capacity, ramp, yield_rate, outage_scale)   # each (period); one plant of a member

All three are compiled, can be called from compiled code, take C-contiguous float64 rows, and overwrite all of them.
``fill_member`` and ``fill_plant`` start no thread, and allocate nothing from 16 periods on, so that they can stand in a
caller's own ``prange``. ``given.draw`` holds the place of each member in the streams of random numbers: its outages go
by that, and chunks change nothing.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.engines.capability.arrays import Floats

READS = (
    "days",
    "draw",
    "months_to_nameplate",
    "outage_every",
    "outage_lasts",
    "outage_leaves",
    "outage_stream",
    "plant_age",
    "ramp_curve",
    "tranche_age",
    "tranche_capacity",
    "tranche_open",
    "yield_months",
    "yield_start",
    "yield_steady",
)
WRITES = ("capacity", "outage_scale", "ramp", "yield_rate")
# what only some of the WRITES depend on
_BLOCKS, _YIELD, _OUTAGES = ("capacity", "ramp"), ("yield_rate",), ("outage_scale",)
ONLY_FOR = {
    **dict.fromkeys(("tranche_capacity", "tranche_open"), _BLOCKS),
    **dict.fromkeys(("tranche_age", "months_to_nameplate", "ramp_curve"), ("ramp",)),
    **dict.fromkeys(("plant_age", "yield_months", "yield_start", "yield_steady"), _YIELD),
    **dict.fromkeys(("days", "draw", "outage_every", "outage_lasts", "outage_leaves", "outage_stream"), _OUTAGES),
}

_MONTHLY = ("member", "plant", "period")
# not every thread layer of numba bears calls from several threads at once
_ONE_AT_A_TIME = threading.Lock()


def solve(arrays: xr.Dataset, *, compiled: bool = True) -> xr.Dataset:
    """Open capacity, ramp, yield and what outages leave, by member, plant and month.

    Parameters
    ----------
    arrays
        The READS with dims and units of the nomenclature.
    compiled
        By the compiled form, or by the reference in numpy.

    Raises
    ------
    EngineError
        A variable is missing or has other dims or another unit; a curve is unknown; a number is out of its bounds.

    The equations are on the formulation page ``capability``.
    """
    require(arrays, READS, of="capability")
    from cell2grid.engines.capability.arrays import plant_arrays

    given = plant_arrays(arrays)
    found = [np.empty((given.draw.size, given.curve.size, given.month_starts.size - 1)) for _ in range(4)]
    if compiled:
        from cell2grid.engines.capability.kernel import fill

        with _ONE_AT_A_TIME:
            fill(given, *found)
    else:
        from cell2grid.engines.capability.plain import fill_plainly

        fill_plainly(given, *found)
    return _written(arrays, dict(zip(("capacity", "ramp", "yield_rate", "outage_scale"), found, strict=True)))


def _written(arrays: xr.Dataset, values: dict[str, Floats]) -> xr.Dataset:
    import xarray as xr

    coords = {dim: arrays[dim] for dim in _MONTHLY if dim in arrays.coords}
    return labelled(xr.Dataset({name: (variable(name).dims, array) for name, array in values.items()}, coords))
