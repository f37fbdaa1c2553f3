"""What storage projects are worth to their owners and what their lenders see, in every member of an ensemble.

All READS are money of the year [currency], so that inflation, contracts and wear are in them already. By (member,
project, year), with year 0 at commissioning, in which all but ``augmentation_cost`` are 0:

- ``market_revenue`` (sales less purchases of energy), ``contract_revenue``, ``subsidy_revenue``, ``operating_cost``;
- ``augmentation_cost`` at the year in whose end it is paid, for the beginning of the next operating year;
- ``residual_value``, in the last year; ``depreciation_share``, of what was spent, from the year after it;
- ``yearly_charging_cost`` and ``yearly_discharged_energy`` [MWh], for the levelised cost of storage.

By (member, project): ``capital_cost`` with ``grant`` and ``prepaid_share``; ``tax_rate``, ``losses_used``,
``tax_credit``, ``credit_basis``; ``debt_share``, ``debt_cover_target`` (missing: no limit, no target; without either
there is no debt), ``debt_rate``, ``debt_tenor``, ``debt_repayment``, ``debt_fee``; ``discount_rate``, ``equity_rate``,
``life``; ``operation_start``, missing where a project does not begin, and then so is everything written for it.

Files: ``checks.py`` refuses what cannot be, ``owning.py`` counts the project before debt, ``lending.py`` sizes and
serves the debt. ``formulas.finance`` has the equations, and docs/formulation/finance.md shows them with their tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines.finance.checks import AMOUNTS, NUMBERS, check
from cell2grid.nomenclature import labelled, require, variable

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]

READS = (*AMOUNTS, *NUMBERS, "operation_start")
WRITES = (
    "cash_flow",
    "tax",
    "depreciation",
    "debt",
    "debt_service",
    "interest",
    "debt_balance",
    "debt_cover",
    "debt_cover_least",
    "debt_unserved",
    "equity_tax",
    "equity_cash_flow",
    "npv",
    "irr",
    "irr_count",
    "payback",
    "equity_npv",
    "equity_irr",
    "equity_irr_count",
    "lcos",
    "yearly_revenue",
)
_DEBT = (
    "debt",
    "debt_service",
    "interest",
    "debt_balance",
    "debt_cover",
    "debt_cover_least",
    "debt_unserved",
    "equity_tax",
    "equity_cash_flow",
    "equity_npv",
    "equity_irr",
    "equity_irr_count",
)
_PROJECT = ("cash_flow", "npv", "irr", "irr_count", "payback")
# the WRITES that each of the READS has a part in, for the trace of a result
ONLY_FOR = {
    **dict.fromkeys(("contract_revenue", "subsidy_revenue", "tax_rate", "losses_used"), ("tax", *_PROJECT, *_DEBT)),
    "market_revenue": ("tax", *_PROJECT, *_DEBT, "yearly_revenue"),
    **dict.fromkeys(("yearly_charging_cost", "yearly_discharged_energy"), ("lcos",)),
    **dict.fromkeys(("operating_cost", "residual_value"), ("tax", *_PROJECT, *_DEBT, "lcos")),
    **dict.fromkeys(("augmentation_cost", "capital_cost", "grant"), tuple(sorted({*WRITES} - {"yearly_revenue"}))),
    **dict.fromkeys(("depreciation_share", "credit_basis"), ("depreciation", "tax", *_PROJECT, *_DEBT)),
    "tax_credit": ("depreciation", "tax", *_PROJECT, *_DEBT),
    "prepaid_share": ("npv", "equity_npv"),
    "discount_rate": ("npv", "lcos"),
    "equity_rate": ("equity_npv",),
    **dict.fromkeys((name for name in READS if name.startswith("debt_")), _DEBT),
    **dict.fromkeys(("life", "operation_start"), tuple(sorted({*WRITES} - {"yearly_revenue"}))),
}


def solve(arrays: xr.Dataset, *, allow_unserved: bool = False) -> xr.Dataset:
    """The cash flows, debt, tax, value, rates of return, levelised cost and payback of each project in each member.

    Parameters
    ----------
    arrays
        The READS, in any order of dims.
    allow_unserved
        Whether a project whose debt cannot be served in any member is told in ``debt_unserved`` only.

    Returns
    -------
    xr.Dataset
        The WRITES by (member, project), flows by (member, project, year). Rates of return are missing where their
        count is not 1: the cash flow has none, or several. ``debt_unserved`` is 1 in members in which the cash of some
        year does not cover the service of the debt; the owners are then taken to pay the rest.

    Raises
    ------
    InputError
        A number is missing or outside its range; the message names the project.
    InfeasibleError
        The debt of a project cannot be served in any member in which it begins.
    NotConvergedError
        The size of a debt and the tax that its interest saves do not settle.
    """
    import xarray as xr

    from cell2grid.engines.finance.lending import refuse_unserved

    require(arrays, READS, of="finance")
    shape = (arrays.sizes["member"], arrays.sizes["project"])
    read = _plain(arrays, shape)
    check(arrays, read, shape)
    solved = _solved(arrays, read, shape)
    if not allow_unserved:
        refuse_unserved(arrays, solved, shape)
    begins = np.isfinite(read["operation_start"])
    coords = {name: arrays[name] for name in ("member", "project") if name in arrays.coords}
    written = {}
    for name in WRITES:
        dims = variable(name).dims
        values = np.where(begins if len(dims) == 2 else begins[:, None], solved[name], np.nan)
        written[name] = (dims, values.reshape(*shape, -1) if len(dims) == 3 else values.reshape(shape))
    return labelled(xr.Dataset(written, coords={**coords, "year": np.arange(arrays.sizes["year"])}))


def _plain(arrays: xr.Dataset, shape: tuple[int, int]) -> dict[str, Floats]:
    """The READS as plain arrays by (case) and (case, year), a case being a project in a member."""
    cases = shape[0] * shape[1]
    read = {}
    for name in READS:
        dims = variable(name).dims
        values = arrays[name].transpose(*dims).values.astype(np.float64)
        read[name] = values.reshape(cases, arrays.sizes["year"]) if len(dims) == 3 else values.reshape(cases)
    return read


def _solved(arrays: xr.Dataset, read: dict[str, Floats], shape: tuple[int, int]) -> dict[str, Floats]:
    """The WRITES by case; those of projects that never begin mean nothing."""
    from cell2grid.engines.finance.lending import lent
    from cell2grid.engines.finance.owning import owned, returns

    project = owned(read)
    loan = lent(arrays, read, project, shape)
    equity = loan.equity_cash_flow
    return {
        "cash_flow": project.cash_flow,
        "tax": project.tax,
        "depreciation": project.depreciation,
        **loan.written(),
        **returns(read, project.cash_flow, equity),
        "yearly_revenue": read["market_revenue"][:, 1],
    }
