"""The project before debt: depreciation, profit, tax and cash flow; and what flows are worth to those they go to.

Each array is by case, a project in a member, and by year from 0. The debt is in ``lending.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from cell2grid.formulas import finance

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The money of projects without debt, by (case, year) [currency]."""

    before_tax: Floats  # the cash flow before tax, capital included
    profit: Floats  # what is taxed without debt
    depreciation: Floats
    tax: Floats
    credit: Floats  # the tax credit, by case

    @property
    def cash_flow(self) -> Floats:
        """What comes in less what goes out, after tax."""
        return self.before_tax - self.tax


def owned(read: dict[str, Floats]) -> Project:
    """The money of each case without debt."""
    capital, credit = read["capital_cost"], read["tax_credit"] * read["capital_cost"]
    bases = read["augmentation_cost"].copy()
    bases[:, 0] += np.maximum(capital - read["grant"] - read["credit_basis"] * credit, 0.0)
    written = finance.depreciations(bases, read["depreciation_share"], last=np.ceil(read["life"]))
    earned = read["market_revenue"] + read["contract_revenue"] + read["subsidy_revenue"] - read["operating_cost"]
    earned = earned + read["residual_value"]
    profit = earned - written
    before_tax = earned - read["augmentation_cost"]
    before_tax[:, 0] -= capital - read["grant"]
    return Project(before_tax, profit, written, taxed(read, profit, credit), credit)


def taxed(read: dict[str, Floats], profit: Floats, credit: Floats) -> Floats:
    """The tax of each year on a profit, by the rules of each case [currency]."""
    return finance.taxes(profit, read["tax_rate"], losses_used=read["losses_used"] > 0.0, credit=credit)


def returns(read: dict[str, Floats], flows: Floats, equity: Floats) -> dict[str, Floats]:
    """What the project's and the owners' flows are worth, their rates of return, and the levelised cost."""
    waiting = read["operation_start"] / 12.0
    prepaid = read["prepaid_share"] * read["capital_cost"]
    begins = np.isfinite(waiting)
    # both at once: where there is no debt they are equal, and solved once
    known = np.where(begins[:, None], np.concatenate([flows, equity]).reshape(2, *flows.shape), np.nan)
    rates, counts = finance.rates_of_return(known)
    costs = read["operating_cost"] + read["yearly_charging_cost"] + read["augmentation_cost"] - read["residual_value"]
    return {
        "npv": finance.npv(read["discount_rate"], flows, delay_years=waiting, prepaid=prepaid),
        "equity_npv": finance.npv(read["equity_rate"], equity, delay_years=waiting, prepaid=prepaid),
        "irr": rates[0],
        "irr_count": counts[0],
        "equity_irr": rates[1],
        "equity_irr_count": counts[1],
        "payback": finance.payback(flows),
        "lcos": finance.lcos(
            read["capital_cost"] - read["grant"],
            costs,
            read["yearly_discharged_energy"],
            rate=read["discount_rate"],
        ),
    }
