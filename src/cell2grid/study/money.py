"""The money of a storage project: its costs, debt, tax, subsidies and contracts.

What the figures mean year by year is in docs/formulation/finance.md. Kinds of money that pydantic cannot tell apart
(per kWh, per kW, in all) are checked in ``rules/money.py``, and what the parts say together in ``rules/projects.py``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from cell2grid.study.quantity import Day, Frozen, In, Quantity, Share

Depreciation = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=40)]


class Learning(Frozen):
    """How the cost of stores falls: by a part with each doubling of what the world has built."""

    rate: Annotated[Quantity, In("percent", at_least=0, at_most=99)]
    """What each doubling takes from the cost."""
    growth: Annotated[Quantity, In("percent/year", at_least=0, at_most=1000)]
    """How fast what the world has built grows."""


class Debt(Frozen):
    """Money lent to the project and paid back out of what it earns."""

    rate: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)]
    """The yearly interest, nominal."""
    tenor: Annotated[Quantity, In("year", at_least=1, at_most=100)]
    """The years in which it is paid back, from commissioning."""
    share: Share | None = None
    """The most debt as a part of the capital cost less grants."""
    cover: Annotated[Quantity, In("ratio", at_least=1, at_most=100)] | None = None
    """How many times the cash available each year covers the debt service; the debt is then sized by it."""
    repayment: Literal["sculpted", "level", "equal-principal"] | None = None
    """How it is paid back: following the cash, in equal instalments, or in equal parts of the principal; sculpted with
    ``cover``, else level."""
    fee: Share | None = None
    """What the lender takes at the start, as a part of the debt."""


class Tax(Frozen):
    """Tax on the project's profit."""

    rate: Share
    """The part of the taxable profit that is paid."""
    depreciation: Depreciation = "straight-line"
    """A table of depreciation by name (macrs-5, macrs-7, macrs-15, …), straight-line or declining-balance."""
    depreciation_life: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """The years of straight-line or declining-balance depreciation; the project's life without it."""
    losses: Literal["carried", "used"] = "carried"
    """Whether a loss lowers later years' profit, or the owner uses it at once against other income."""


class Subsidy(Frozen):
    """What the public adds."""

    grant: Quantity | None = None
    """Money towards the capital cost: USD/kWh, USD/kW, USD in all, or percent of it."""
    tax_credit: Share | None = None
    """The part of the capital cost that is taken off the tax of the first year."""
    credit_basis: Share | None = None
    """The part of the tax credit that lowers what is depreciated (50 percent for the credit of the United States)."""
    per_energy: Quantity | None = None
    """Money for each MWh sent out."""
    years: Annotated[Quantity, In("year", at_least=0, at_most=100)] | None = None
    """For how many years ``per_energy`` is paid; over the whole life without it."""


class Contract(Frozen):
    """What is sold at a fixed price: the use of the battery (tolling), or its capacity besides the market."""

    kind: Literal["tolling", "capacity"]
    """tolling: the holder dispatches its share and keeps what that earns. capacity: paid beside market revenue."""
    price: Quantity
    """Money for each power and year, as in 80 EUR/kW/year or 6000 USD/MW/month."""
    share: Share | None = None
    """The part of the project's power that is sold; all of it without this."""
    derating: Share | None = None
    """The part of that power that counts, where the buyer derates storage; all of it without this."""
    from_year: Annotated[Quantity, In("year", at_least=1, at_most=100)] | None = None
    """The operating year in which it begins; the first without it."""
    years: Annotated[Quantity, In("year", at_least=0, at_most=100)] | None = None
    """For how many years; to the end of the life without it."""
    begins: Day | None = None
    """The first day of a contract with dates of its own, whatever the commissioning."""
    ends: Day | None = None
    """The last day of a contract with dates of its own: what a late project loses."""
    indexed: Share | None = None
    """The part of inflation that raises its price; all of it without this, none at 0 percent."""


class Finance(Frozen):
    """What a storage project costs and how its money is counted."""

    capital_cost: Quantity
    """What building it costs: USD/kWh, USD/kW or USD in all, in any currency."""
    power_cost: Quantity | None = None
    """What its power costs besides, USD/kW."""
    site_cost: Quantity | None = None
    """What its site and connection cost besides: USD in all, or USD/kW."""
    fixed_cost: Quantity | None = None
    """What running it costs: USD/kW/year, USD/kWh/year, USD/year, in any currency, or percent/year."""
    variable_cost: Quantity | None = None
    """What each MWh sent out costs to run, besides its charging and the wear of cells."""
    insurance: Annotated[Quantity, In("percent/year", at_least=0, at_most=100)] | None = None
    """Yearly insurance as a part of the capital cost."""
    residual_value: Quantity | None = None
    """What it is worth at the end of its life: percent of the capital cost, USD/kWh, USD/kW or USD in all; a cost of
    taking it away is negative."""
    prepaid: Share | None = None
    """The part of the capital cost that is paid at the valuation date; the rest is paid at commissioning."""
    learning: Learning | None = None
    """How the cost of what is added later falls; without it, it stays."""
    discount_rate: Annotated[Quantity, In("percent/year", at_least=-99, at_most=1000)]
    """The rate at which later money is worth less: nominal with ``inflation``, real without."""
    equity_rate: Annotated[Quantity, In("percent/year", at_least=-99, at_most=1000)] | None = None
    """The rate at which the owners' money is discounted; ``discount_rate`` without it."""
    inflation: Annotated[Quantity, In("percent/year", at_least=-50, at_most=1000)] | None = None
    """What raises prices and costs each year from the valuation date; without it all money is of that date."""
    life: Annotated[Quantity, In("year", at_least=1, at_most=100)]
    """Years of operation."""
    debt: Debt | None = None
    """Money lent to the project."""
    tax: Tax | None = None
    """Tax on its profit."""
    subsidy: Subsidy | None = None
    """What the public adds."""
