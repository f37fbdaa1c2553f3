"""The money of a project's life as the finance engine reads it: income, costs, contracts and subsidies year by year.

All that comes in is money of the valuation date; ``money_arrays`` raises it to money of the year in which it is paid,
with the inflation of ``MoneyTerms``, or leaves it as it is where there is none. What a study or a project file says is
drawn for each member in ``money_terms.py``; what is done with the years is in ``engines.finance``. Equations:
docs/formulation/finance.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContractTerms:
    """One contract: numbers by member, or one for all; ``inf`` and ``-inf`` where a bound in time is not said."""

    kind: Literal["tolling", "capacity"]
    price: Floats | float  # [currency/MW/year], money of the valuation date
    share: Floats | float = 1.0  # of the project's power that is sold
    derating: Floats | float = 1.0  # what counts of it
    from_year: Floats | float = 1.0  # the operating year, from 1, in which it begins
    years: Floats | float = np.inf
    begins: float = -np.inf  # [month after the valuation]
    ends: float = np.inf
    indexed: Floats | float = 1.0  # part of inflation that raises its price


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoneyTerms:
    """One project's costs, debt, tax, subsidies and contracts: numbers by (member), or one for all members.

    Money is of the valuation date and in one currency; rates of debt and of discount are nominal where there is
    inflation and real where there is none. ``price_growth`` is what prices grow by each year besides inflation after
    the first operating year, and is 0 where the life's sales have it already. With ``price_basis`` nominal the sales
    and charging costs of a life stand as they are, and inflation does not raise them.
    """

    power: float  # [MW]
    capital_cost: Floats | float  # [currency]
    fixed_cost: Floats | float = 0.0  # [currency/year]
    variable_cost: Floats | float = 0.0  # [currency/MWh] sent out
    insurance: Floats | float = 0.0  # [ratio/year] of the capital cost
    residual_value: Floats | float = 0.0  # [currency] at the end of the life; below 0 for a cost
    prepaid_share: Floats | float = 0.0
    discount_rate: Floats | float
    equity_rate: Floats | float | None = None  # the discount rate without it
    inflation: Floats | float = 0.0
    life: Floats | float  # [year]
    commissioning: Floats | float = 0.0  # [month after the valuation]; NaN = never
    tax_rate: Floats | float = 0.0
    depreciation: str = "straight-line"
    depreciation_life: Floats | float | None = None  # [year]; the life without it
    losses_used: bool = False
    grant: Floats | float = 0.0  # [currency]
    tax_credit: Floats | float = 0.0  # share of the capital cost
    credit_basis: Floats | float = 0.0  # share of the credit that lowers the depreciable basis
    subsidy_per_energy: Floats | float = 0.0  # [currency/MWh] sent out
    subsidy_years: Floats | float = np.inf
    debt_rate: Floats | float = 0.0
    debt_tenor: Floats | float = 1.0  # [year]
    debt_share: Floats | float = np.nan  # of the capital cost less grants; NaN: no limit
    debt_cover: Floats | float = np.nan  # NaN: no target
    debt_repayment: Literal["sculpted", "level", "equal-principal"] = "level"
    debt_fee: Floats | float = 0.0  # share of the debt
    contracts: tuple[ContractTerms, ...] = ()
    price_basis: Literal["real", "nominal"] = "real"
    price_growth: Floats | float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LifeYears:
    """What lives give for their money, by (member, operating year); money of the valuation date [currency].

    ``operated`` is the share of each year in which the project runs; amounts are those of that part.
    """

    sales: Floats
    charging_cost: Floats
    discharged_energy: Floats  # [MWh]
    addition_cost: Floats  # at the beginning of the year
    operated: Floats
