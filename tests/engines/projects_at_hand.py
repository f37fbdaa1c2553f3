"""What the finance engine reads of small projects: no tax, no debt and no subsidy unless a test says so."""

from __future__ import annotations

import numpy as np
import xarray as xr

from cell2grid.nomenclature import variable

NUMBERS = {
    "capital_cost": 100.0,
    "grant": 0.0,
    "tax_credit": 0.0,
    "credit_basis": 0.0,
    "prepaid_share": 0.0,
    "operation_start": 0.0,
    "life": 2.0,
    "discount_rate": 0.25,
    "equity_rate": 0.25,
    "tax_rate": 0.0,
    "losses_used": 0.0,
    "debt_rate": 0.0,
    "debt_tenor": 1.0,
    "debt_share": np.nan,
    "debt_cover_target": np.nan,
    "debt_repayment": 0.0,
    "debt_fee": 0.0,
}
YEARLY = (
    "market_revenue",
    "yearly_charging_cost",
    "yearly_discharged_energy",
    "contract_revenue",
    "subsidy_revenue",
    "operating_cost",
    "augmentation_cost",
    "residual_value",
    "depreciation_share",
)


def finance_arrays(*projects: dict, members: int = 1) -> xr.Dataset:
    """The READS of each project: a number for all members or one for each; a yearly one from year 0."""
    years = max(len(np.atleast_1d(p[name])) for p in projects for name in YEARLY if name in p)
    named = {}
    for name in (*YEARLY, *NUMBERS):
        columns = []
        for project in projects:
            value = np.asarray(project.get(name, NUMBERS.get(name, 0.0)), np.float64)
            if name in YEARLY:
                whole = np.zeros(years)
                whole[: value.size] = value
                columns.append(np.broadcast_to(whole, (members, years)))
            else:
                columns.append(np.broadcast_to(value, (members,)))
        named[name] = (variable(name).dims, np.stack(columns, axis=1))
    labels = [project.get("name", f"p{number}") for number, project in enumerate(projects)]
    return xr.Dataset(named, coords={"project": labels, "year": np.arange(years)})
