"""The debt of projects: how large it is, how it is served, and whether the cash covers it.

The cash that serves it is after tax, interest lowers the tax, and the interest follows from the debt: the three are
counted in turn until the interest stays. Each case stops by itself, so that its numbers do not depend on the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cell2grid.engines.finance.checks import has_debt, named
from cell2grid.engines.finance.owning import Project, taxed
from cell2grid.errors import InfeasibleError, NotConvergedError
from cell2grid.formulas import finance

if TYPE_CHECKING:
    import xarray as xr

Floats = npt.NDArray[np.float64]

SCULPTED, LEVEL, PRINCIPAL = 0, 1, 2
_MOST_ROUNDS = 1000
_SETTLED = 1e-13  # of the capital cost
_WHOLE = 1e-9  # what a cover may lack to 1 by rounding


@dataclass(frozen=True, slots=True, eq=False)
class Loan:
    """The debt of each case and what it leaves to the owners, by (case) and (case, year) [currency]."""

    amount: Floats
    service: Floats
    interest: Floats
    balance: Floats
    available: Floats  # cash for the service, after tax
    tax: Floats  # with the interest deducted
    equity_cash_flow: Floats

    def written(self) -> dict[str, Floats]:
        """What the engine writes of it."""
        served = self.service > 0.0
        cover = np.divide(self.available, self.service, out=np.full(served.shape, np.nan), where=served)
        least = np.where(served, cover, np.inf).min(axis=1)
        return {
            "debt": self.amount,
            "debt_service": self.service,
            "interest": self.interest,
            "debt_balance": self.balance,
            "debt_cover": cover,
            "debt_cover_least": np.where(np.isinf(least), np.nan, least),
            "debt_unserved": (least < 1.0 - _WHOLE).astype(np.float64),
            "equity_tax": self.tax,
            "equity_cash_flow": self.equity_cash_flow,
        }


def lent(arrays: xr.Dataset, read: dict[str, Floats], project: Project, shape: tuple[int, int]) -> Loan:
    """The debt of each case; nothing where a case has none.

    Raises
    ------
    NotConvergedError
        The interest does not settle.
    """
    shaped = project.profit.shape
    amount, service, tax = np.zeros(shaped[0]), np.zeros(shaped), project.tax.copy()
    lends = has_debt(read) & np.isfinite(read["operation_start"]) & (read["capital_cost"] > read["grant"])
    if lends.any():
        cases = np.flatnonzero(lends)
        part = {name: values[cases] for name, values in read.items()}
        mine = Project(*(getattr(project, name)[cases] for name in Project.__slots__))
        amount[cases], service[cases], tax[cases], unsettled = _settled(part, mine)
        if unsettled.any():
            raise NotConvergedError(
                f"{named(arrays, int(cases[unsettled][0]), shape)}: its debt and the tax that its interest saves do"
                f" not settle in {_MOST_ROUNDS} rounds; size it by a share instead of a cover, or lower its rate"
            )
    balance = finance.repaid(service, read["debt_rate"])
    interest = _interest(balance, read["debt_rate"])
    equity = project.before_tax - tax - service
    equity[:, 0] += amount * (1.0 - read["debt_fee"])
    available = project.before_tax - tax
    return Loan(amount, service, interest, balance, available, tax, equity)


def _settled(read: dict[str, Floats], project: Project) -> tuple[Floats, Floats, Floats, npt.NDArray[np.bool_]]:
    """Debt, service and tax of cases that all borrow, and which of them have not settled."""
    cases, years = project.profit.shape
    tenor = np.floor(read["debt_tenor"] + _WHOLE)
    profiles = _profiles(read, tenor, years - 1)
    fee_years = profiles["within"] / tenor[:, None]
    amount, service, tax = np.zeros(cases), np.zeros((cases, years)), np.zeros((cases, years))
    deducted = np.zeros((cases, years))
    left = np.arange(cases)
    for round_ in range(_MOST_ROUNDS):
        one = {name: values[left] for name, values in read.items()}
        tax[left] = taxed(one, project.profit[left] - deducted[left], project.credit[left])
        available = project.before_tax[left] - tax[left]
        amount[left], service[left] = _served(one, {name: row[left] for name, row in profiles.items()}, available)
        owed = _interest(finance.repaid(service[left], one["debt_rate"]), one["debt_rate"])
        owed += (one["debt_fee"] * amount[left])[:, None] * fee_years[left]
        change = np.abs(owed - deducted[left]).max(axis=1)
        # half a step where whole ones may swing to and fro
        deducted[left] += (owed - deducted[left]) * (1.0 if round_ < 100 else 0.5)
        left = left[change > _SETTLED * one["capital_cost"]]
        if not left.size:
            break
    unsettled = np.zeros(cases, bool)
    unsettled[left] = True
    return amount, service, tax, unsettled


def _profiles(read: dict[str, Floats], tenor: Floats, years: int) -> dict[str, Floats]:
    """The years of the tenor, and the service of a debt of 1 that does not follow the cash, by (case, year)."""
    year = np.arange(years + 1)
    within = ((year >= 1) & (year <= tenor[:, None])).astype(np.float64)
    level = finance.level_service(read["debt_rate"], tenor, years)
    principal = finance.principal_service(read["debt_rate"], tenor, years)
    unit = np.where(read["debt_repayment"][:, None] == PRINCIPAL, principal, level)
    return {"within": within, "unit": unit}


def _served(read: dict[str, Floats], profiles: dict[str, Floats], available: Floats) -> tuple[Floats, Floats]:
    """The debt and its service that go with the cash available in each year."""
    within, unit = profiles["within"], profiles["unit"]
    cash = np.maximum(available, 0.0) * within
    sculpted = read["debt_repayment"] == SCULPTED
    worth = np.where(sculpted, finance.repaid(cash, read["debt_rate"])[:, 0], _carried(cash, unit, within))
    share, target = read["debt_share"], read["debt_cover_target"]
    most = np.where(np.isnan(share), np.inf, share * (read["capital_cost"] - read["grant"]))
    amount = np.minimum(most, np.where(np.isnan(target), np.inf, worth / target))
    # cash that is worth nothing cannot be followed: the debt is then served in equal instalments, as far as it goes
    follows = sculpted & (worth > 0.0)
    shape = np.where(follows[:, None], cash / np.where(worth > 0.0, worth, 1.0)[:, None], unit)
    return amount, amount[:, None] * shape


def _carried(cash: Floats, unit: Floats, within: Floats) -> Floats:
    """The debt whose service is just what the poorest year can pay."""
    carried: Floats = np.divide(cash, unit, out=np.full(cash.shape, np.inf), where=within > 0.0).min(axis=1)
    return carried


def _interest(balance: Floats, rate: Floats) -> Floats:
    """Interest of each year on what was owed at its beginning."""
    interest = np.zeros(balance.shape)
    interest[:, 1:] = rate[:, None] * balance[:, :-1]
    return interest


def refuse_unserved(arrays: xr.Dataset, solved: dict[str, Floats], shape: tuple[int, int]) -> None:
    """Refuse a project whose debt cannot be served in any member in which it begins.

    Raises
    ------
    InfeasibleError
        The message names the first year that falls short, its cash and its service.
    """
    begins = np.isfinite(arrays["operation_start"].transpose("member", "project").values)
    unserved = (solved["debt_unserved"] > 0.0).reshape(shape)
    hopeless = begins.any(axis=0) & (unserved | ~begins).all(axis=0)
    if not hopeless.any():
        return
    project = int(np.flatnonzero(hopeless)[0])
    case = int(np.flatnonzero(begins[:, project])[0]) * shape[1] + project
    year = int(np.flatnonzero(solved["debt_cover"][case] < 1.0 - _WHOLE)[0])
    service = float(solved["debt_service"][case, year])
    cash = float(solved["debt_cover"][case, year]) * service
    every = " (in no member can it be)" if shape[0] > 1 else ""
    raise InfeasibleError(
        f"{named(arrays, case, shape)}: its debt of {solved['debt'][case]:,.10g} cannot be served{every}; in year"
        f" {year} there is cash of {cash:,.10g} for a service of {service:,.10g}, expected no less; lower the debt's"
        " share or rate, give it a longer tenor, or let a cover size it"
    )
