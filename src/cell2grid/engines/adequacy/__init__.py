"""How often a region lacks power, and what a store, the sun, the wind or a unit changes about it.

``solve`` samples outages of units step by step and finds the capacity credit: the load that can be added for the same
risk. ``credit.py`` says when there are samples enough, ``convolution.py`` gives the risk without stores a second way.
What a store can do where nothing fails, for peak, curtailment and ramps, is in ``operation``.

Left out: outages with a common cause, networks within the region, and a store that foresees the next shortfall. Files
of regions are read in ``cell2grid.study``. Equations and their tests: docs/formulation/adequacy.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.engines.adequacy.credit import TOLERANCE, Credit, Figure, Metric, Risk, capacity_credit
from cell2grid.engines.adequacy.system import Store, System, Units
from cell2grid.errors import InputError
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "READS",
    "TOLERANCE",
    "WRITES",
    "Credit",
    "Figure",
    "Metric",
    "Risk",
    "Store",
    "System",
    "Units",
    "capacity_credit",
    "solve",
]

_UNITS = {
    "generator_capacity": "capacity",
    "generator_count": "count",
    "forced_outage_rate": "forced_outage_rate",
    "repair_time": "repair_time",
    "generator_credited": "credited",
}
_STORES = {
    "store_charge_power": "charge_power",
    "store_discharge_power": "discharge_power",
    "store_energy": "energy",
    "store_efficiency_charge": "efficiency_charge",
    "store_efficiency_discharge": "efficiency_discharge",
    "store_start": "start_fraction",
    "store_credited": "credited",
}
READS = ("net_load", "step_hours", "credited_output", "firm_capacity", *_UNITS, *_STORES, "seed")
# read where it is given
MAY_READ = ("generator_available",)
WRITES = ("loss_of_load", "loss_of_load_days", "unserved_energy", "elcc", "elcc_low", "elcc_high", "efc")


def solve(
    arrays: xr.Dataset,
    *,
    metric: Metric = "eue",
    samples: int | None = None,
    tolerance: float = TOLERANCE,
    workers: int = 1,
) -> xr.Dataset:
    """The risk of a region without and with what is credited, and its capacity credit.

    Parameters
    ----------
    arrays
        The READS: ``net_load`` and ``credited_output`` [MW] over ``timestep``, groups of units over ``generator``,
        stores over ``store``, with their names as labels. ``generator_available`` [ratio] scales capacities in time.
    metric, samples, tolerance, workers
        As ``capacity_credit``.

    Raises
    ------
    InputError
        A number is outside its bounds.

    What comes back is missing (NaN) where there is no risk to tell it from; ``attrs["reason"]`` then says so. The
    equations are those of docs/formulation/adequacy.md.
    """
    import xarray as xr

    given = tuple(name for name in MAY_READ if name in arrays)
    require(arrays, (*READS, *given), of="adequacy")
    credit = capacity_credit(
        system_of(arrays),
        metric=metric,
        samples=samples,
        seed=int(arrays["seed"]),
        tolerance=tolerance,
        workers=workers,
    )
    risks = (credit.without, credit.with_it)
    none = Figure(np.nan, np.nan, np.nan, np.nan)
    elcc, efc = credit.elcc or none, credit.efc or none
    found = {
        "loss_of_load": ("case", [risk.hours.value for risk in risks]),
        "loss_of_load_days": ("case", [risk.days.value for risk in risks]),
        "unserved_energy": ("case", [risk.unserved.value for risk in risks]),
        "elcc": ((), elcc.value),
        "elcc_low": ((), elcc.low),
        "elcc_high": ((), elcc.high),
        "efc": ((), efc.value),
    }
    attrs = {"samples": credit.samples, "converged": int(credit.converged), "reason": credit.reason}
    return labelled(xr.Dataset(found, coords={"case": ["without", "with"]}, attrs=attrs))


def system_of(arrays: xr.Dataset) -> System:
    """The system of labelled arrays.

    Raises
    ------
    InputError
        The steps have several lengths.
    """
    hours = np.asarray(arrays["step_hours"].values, np.float64)
    if len(hours) == 0 or not (hours == hours[0]).all():
        raise InputError("region: the steps have several lengths; give a series of one step")
    return System(
        net_load=np.ascontiguousarray(arrays["net_load"].values, np.float64),
        step_hours=float(hours[0]),
        units=tuple(_groups(arrays)),
        stores=tuple(
            Store(name=name, **{**numbers, "credited": bool(numbers["credited"])})  # type: ignore[arg-type]
            for name, numbers in _rows(arrays, "store", _STORES)
        ),
        credited_output=np.ascontiguousarray(arrays["credited_output"].values, np.float64),
        firm_capacity=float(arrays["firm_capacity"]),
    )


def _groups(arrays: xr.Dataset) -> list[Units]:
    found = []
    for i, (name, numbers) in enumerate(_rows(arrays, "generator", _UNITS)):
        available = None
        if "generator_available" in arrays:
            series = arrays["generator_available"].transpose("timestep", "generator").values[:, i]
            available = np.ascontiguousarray(series, np.float64)
        count, credited = int(numbers.pop("count")), bool(numbers.pop("credited"))
        found.append(Units(name=name, count=count, credited=credited, available=available, **numbers))
    return found


def _rows(arrays: xr.Dataset, dim: str, columns: dict[str, str]) -> list[tuple[str, dict[str, float]]]:
    """Each entry of a dim with its numbers, by the names of its dataclass."""
    size = arrays.sizes[dim]
    names = arrays[dim].values if dim in arrays.coords else range(size)
    values = {own: np.asarray(arrays[name].values, np.float64) for name, own in columns.items()}
    return [(str(name), {own: float(column[i]) for own, column in values.items()}) for i, name in enumerate(names)]
