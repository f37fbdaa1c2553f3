"""The best schedule of one storage asset that takes prices as given and knows them in advance.

``solve`` reads one price series and one asset and writes the schedule, exact to rounding. The method is dynamic
programming on a piecewise-linear value (``kernel``), exact at negative prices too, where charging and discharging
at once would be paid for and is excluded. What it does not cover goes to HiGHS (``highs``); ``attrs["method"]`` of
what comes back says which it was, and ``attrs["reason"]`` why.

Left out: ageing and money over a life (``finance``), reserves (``reserves``) and forecasts (``foresight``). Files of
prices are read in ``cell2grid.prices``. Sets, equations and their tests: docs/formulation/dispatch.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import numpy as np
import numpy.typing as npt

from cell2grid.engines.dispatch.case import Asset, Case, CycleCap, asset_case
from cell2grid.engines.dispatch.checks import checked
from cell2grid.engines.dispatch.results import outcome
from cell2grid.engines.dispatch.schedule import DYNAMIC_PROGRAMMING, Schedule, schedule, water_values
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "DYNAMIC_PROGRAMMING",
    "READS",
    "WRITES",
    "Asset",
    "Case",
    "CycleCap",
    "Schedule",
    "asset_arrays",
    "asset_case",
    "checked",
    "dispatch_asset",
    "outcome",
    "schedule",
    "solve",
    "water_values",
]

Floats = npt.NDArray[np.float64]

READS = (
    "price",
    "step_hours",
    "charge_limit",
    "discharge_limit",
    "energy_capacity",
    "efficiency_charge",
    "efficiency_discharge",
    "start_fraction",
    "end_fraction",
    "throughput_cost",
)
# read where they are given
MAY_READ = (
    *("energy_floor", "energy_ceiling", "self_discharge", "buy_adder", "sell_adder", "import_limit", "export_limit"),
    *("generation", "load"),
)
WRITES = (
    "charge",
    "discharge",
    "energy",
    "net_export",
    "curtailed",
    "water_value_low",
    "water_value_high",
    "charged_energy",
    "discharged_energy",
    "drawn_energy",
    "charging_cost",
    "revenue",
    "objective",
)


def solve(arrays: xr.Dataset, *, time_limit: float = 600.0) -> xr.Dataset:
    """The schedule that earns the most, with its energy, income and cost.

    Parameters
    ----------
    arrays
        The READS: ``price`` [currency/MWh], ``step_hours`` [hour], ``charge_limit`` and ``discharge_limit`` [MW] over
        ``timestep``, and the asset as scalars; of MAY_READ what is there. Power is at the grid side. What an asset can
        have besides (tables, caps, a cyclic level) goes through ``asset_case`` and ``schedule``.
    time_limit
        Seconds that may be taken.

    Raises
    ------
    InputError
        A number is not finite or outside its range.
    InfeasibleError
        A bound of level, end or load cannot be kept.
    NotConvergedError
        The time passed before the schedule was proved the best.

    The equations are those of docs/formulation/dispatch.md.

    >>> import numpy as np
    >>> from cell2grid.engines import dispatch
    >>> best = dispatch.solve(dispatch.asset_arrays(np.array([10.0, 50, 10, 5000, 10]), power=4.0, energy=6.0))
    >>> (best["discharge"] - best["charge"]).values
    array([-4.,  4., -4.,  4.,  0.])
    """
    given = tuple(name for name in MAY_READ if name in arrays)
    require(arrays, (*READS, *given), of="dispatch")
    fields = {
        name: np.ascontiguousarray(arrays[name].values, dtype=np.float64) if arrays[name].dims else float(arrays[name])
        for name in (*READS, *given)
    }
    case = checked(Case(**fields))  # type: ignore[arg-type]
    timestep = arrays["timestep"].values if "timestep" in arrays.coords else None
    return _labelled(case, schedule(case, time_limit=time_limit), timestep)


def dispatch_asset(
    price: Floats,
    step_hours: Floats | float = 1.0,
    *,
    timestep: npt.NDArray[np.datetime64] | None = None,
    time_limit: float = 600.0,
    **asset: Unpack[Asset],
) -> xr.Dataset:
    """The best schedule of an asset with all that ``Asset`` knows: as ``solve`` writes it, with ``price``.

    Parameters
    ----------
    price, step_hours
        Market prices [currency/MWh] and the lengths of the time steps [hour].
    timestep
        When each step begins, for the labels of what comes back.
    time_limit
        Seconds that may be taken.
    asset
        The asset and its site, as ``Asset``: powers [MW], energy [MWh], adders and costs [currency/MWh].

    Raises
    ------
    InputError, InfeasibleError, NotConvergedError
        As ``solve``.

    >>> import numpy as np
    >>> best = dispatch_asset(np.array([10.0, 50, 10, 5000, 10]), power=4.0, energy=6.0, cycles_per_day=0.5)
    >>> best["discharge"].values, float(best["revenue"]), best.attrs["method"]
    (array([0., 0., 0., 3., 0.]), 14970.0, 'dynamic programming with a multiplier')
    """
    case = checked(asset_case(price, step_hours, **asset))
    found = _labelled(case, schedule(case, time_limit=time_limit), timestep)
    return labelled(found.assign(price=("timestep", case.price)))


def _labelled(case: Case, best: Schedule, timestep: npt.NDArray[np.datetime64] | None) -> xr.Dataset:
    """A schedule in names and units of the nomenclature."""
    import xarray as xr

    low, high = water_values(case, best)
    written = {**outcome(best, case), "water_value_low": low, "water_value_high": high}
    found = {
        name: ("timestep", value) if isinstance(value, np.ndarray) else ((), value) for name, value in written.items()
    }
    attrs = {"method": best.method, "bound": best.bound, **({"reason": best.reason} if best.reason else {})}
    coords = {} if timestep is None else {"timestep": timestep}
    return labelled(xr.Dataset(found, coords=coords, attrs=attrs))


def asset_arrays(price: Floats, step_hours: Floats | float = 1.0, **asset: Unpack[Asset]) -> xr.Dataset:
    """The READS of this engine from plain numbers; ``price`` [currency/MWh], steps [hour], the rest as ``Asset``.

    Raises
    ------
    InputError
        The asset has what arrays cannot say: tables, caps on cycles, a terminal worth, a cyclic level or another mode.
    """
    import xarray as xr

    from cell2grid.errors import InputError

    case = asset_case(price, step_hours, **asset)
    names = (*READS, *(name for name in MAY_READ if getattr(case, name) is not None))
    said = {"power", "energy", "discharge_power", "auxiliary_load", *READS, *MAY_READ}
    unsaid = sorted(set(asset) - said)
    if unsaid:
        raise InputError(f"dispatch: {', '.join(unsaid)} cannot be said in arrays; use asset_case and schedule")
    values = {name: getattr(case, name) for name in names}
    return xr.Dataset(
        {name: (("timestep",) if isinstance(value, np.ndarray) else (), value) for name, value in values.items()}
    )
