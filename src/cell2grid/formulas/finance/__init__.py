"""The money of a storage project: returns, debt, tax, depreciation, and how money changes from year to year.

Flows fall at the end of their year, in one currency; arrays broadcast, and a year is always the last axis. Each file
holds one subject; the data of the law is in YAML beside them. The engine that puts them together is
``cell2grid.engines.finance``.
"""

from cell2grid.formulas.finance.debt import level_service, principal_service, repaid
from cell2grid.formulas.finance.depreciation import depreciation_names, depreciation_shares, depreciations
from cell2grid.formulas.finance.escalation import learning_factors, overlaps, price_index, year_shares, yearly
from cell2grid.formulas.finance.rates import RateOfReturn, irr, rates_of_return
from cell2grid.formulas.finance.returns import discount_factors, lcos, npv, payback
from cell2grid.formulas.finance.tax import taxes

__all__ = [
    "RateOfReturn",
    "depreciation_names",
    "depreciation_shares",
    "depreciations",
    "discount_factors",
    "irr",
    "lcos",
    "learning_factors",
    "level_service",
    "npv",
    "overlaps",
    "payback",
    "price_index",
    "principal_service",
    "rates_of_return",
    "repaid",
    "taxes",
    "year_shares",
    "yearly",
]
