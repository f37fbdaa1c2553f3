"""What storage projects are worth to their owner, in every member of an ensemble.

READS, all by (member, project) and all of the first operating year:

- ``yearly_revenue`` [currency/year]: sales less purchases of energy, as the dispatch engine gives them for a year;
- ``yearly_discharged_energy`` [MWh/year] and ``yearly_charging_cost`` [currency/year], for the cost of storage;
- ``capital_cost`` [currency], paid at commissioning, and ``fixed_cost`` [currency/year];
- ``discount_rate`` [1/year], ``life`` [year], ``degradation`` [1/year];
- ``commissioning`` [month after the start of the horizon], as the deliveries engine gives it; missing where a project
  does not begin, and then so is everything written for it.

Debt, tax, inflation and augmentation are left out; ``formulas.finance`` has the equations, and
docs/formulation/finance.md shows them with their tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.errors import InputError
from cell2grid.formulas import finance
from cell2grid.nomenclature import labelled, require

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]

READS = (
    "yearly_revenue",
    "yearly_discharged_energy",
    "yearly_charging_cost",
    "capital_cost",
    "fixed_cost",
    "discount_rate",
    "life",
    "degradation",
    "commissioning",
)
WRITES = ("cash_flow", "npv", "irr", "irr_count", "lcos", "payback")
LONGEST_LIFE = 100.0
_BOUNDS = {
    "yearly_revenue": (-1e18, 1e18),
    "yearly_discharged_energy": (0.0, 1e18),
    "yearly_charging_cost": (-1e18, 1e18),
    "capital_cost": (0.0, 1e18),
    "fixed_cost": (0.0, 1e18),
    "discount_rate": (-0.99, 10.0),
    "life": (1.0, LONGEST_LIFE),
    "degradation": (0.0, 1.0),
}


def solve(arrays: xr.Dataset) -> xr.Dataset:
    """The cash flow, NPV, IRR, levelised cost and payback of each project in each member.

    Parameters
    ----------
    arrays
        The READS, by (member, project) in any order of dims.

    Returns
    -------
    xr.Dataset
        The WRITES by (member, project), ``cash_flow`` by (member, project, year) with year 0 at commissioning.
        ``irr`` is missing where ``irr_count`` is not 1: the cash flow has no rate of return, or several.

    Raises
    ------
    InputError
        A number is missing or outside its range; the message names the project.
    """
    import xarray as xr

    require(arrays, READS, of="finance")
    read = {name: arrays[name].transpose("member", "project").values.astype(np.float64) for name in READS}
    _check(arrays, read)
    commissioning = read.pop("commissioning")
    solved = _money(read, commissioning / 12.0)
    dims = ("member", "project")
    coords = {name: arrays[name] for name in dims if name in arrays.coords}
    return labelled(
        xr.Dataset(
            {name: ((*dims, "year") if name == "cash_flow" else dims, solved[name]) for name in WRITES},
            coords={**coords, "year": np.arange(solved["cash_flow"].shape[-1])},
        )
    )


def _money(read: dict[str, Floats], delay_years: Floats) -> dict[str, Floats]:
    """The WRITES as plain arrays; NaN where a project never begins."""
    life, degradation, rate = read["life"], read["degradation"], read["discount_rate"]
    years = int(np.ceil(life.max()))
    begins = np.isfinite(delay_years)
    flows = finance.cash_flow(
        read["capital_cost"],
        read["yearly_revenue"],
        read["fixed_cost"],
        degradation=degradation,
        life=life,
        years=years,
    )
    flows = np.where(begins[..., None], flows, np.nan)
    cost = finance.lcos(
        read["capital_cost"],
        read["fixed_cost"],
        read["yearly_charging_cost"],
        read["yearly_discharged_energy"],
        rate=rate,
        degradation=degradation,
        life=life,
        years=years,
    )
    rate_of_return, count = _rates_of_return(flows)
    return {
        "cash_flow": flows,
        "npv": finance.npv(rate, flows, delay_years=delay_years),
        "irr": rate_of_return,
        "irr_count": count,
        "lcos": np.where(begins, cost, np.nan),
        "payback": finance.payback(flows),
    }


def _rates_of_return(flows: Floats) -> tuple[Floats, Floats]:
    """The rate and the number of rates of each cash flow; equal flows of many members are solved once."""
    rows, place = np.unique(flows.reshape(-1, flows.shape[-1]), axis=0, return_inverse=True)
    found = [finance.irr(row) for row in rows]
    rates = np.array([np.nan if one.rate is None else one.rate for one in found])
    known = np.isfinite(rows).all(axis=-1)
    counts = np.where(known, np.array([float(one.count) for one in found]), np.nan)
    shape = flows.shape[:-1]
    return rates[place].reshape(shape), counts[place].reshape(shape)


def _check(arrays: xr.Dataset, read: dict[str, Floats]) -> None:
    if read["life"].size == 0:
        raise InputError("finance: there is no project or no member; give at least one of each")
    for name, (low, high) in _BOUNDS.items():
        wrong = ~((read[name] >= low) & (read[name] <= high))
        if wrong.any():
            member, project = (int(i) for i in np.argwhere(wrong)[0])
            label = arrays["project"].values[project] if "project" in arrays.coords else project
            raise InputError(
                f"project '{label}': {name} is {read[name][member, project]:g}, "
                f"expected a number from {low:g} to {high:g}; correct its finance"
            )
    late = read["commissioning"]
    if (late < 0.0).any() or np.isinf(late).any():
        raise InputError(
            f"finance: commissioning is {late[(late < 0.0) | np.isinf(late)][0]:g} months after the start, "
            "expected a number from 0, or missing"
        )
