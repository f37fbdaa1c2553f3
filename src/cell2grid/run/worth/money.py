"""The money of a project's life as the finance engine reads it: income, costs, contracts and subsidies year by year.

All that comes in is money of the valuation date; ``money_arrays`` raises it to money of the year in which it is paid,
with the inflation of ``MoneyTerms``, or leaves it as it is where there is none. What a study or a project file says is
drawn for each member in ``money_terms.py``; what is done with the years is in ``engines.finance``. Equations:
docs/formulation/finance.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import StudyError
from cell2grid.formulas import finance
from cell2grid.nomenclature import labelled, variable

if TYPE_CHECKING:
    import xarray as xr

    from cell2grid.run.life.case import Life

Floats = npt.NDArray[np.float64]
REPAYMENTS = ("sculpted", "level", "equal-principal")  # in the order of debt_repayment


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
    ``throughput_cost`` is the asset's own, of all that passes its meter, and is raised as prices are.
    """

    sales: Floats
    charging_cost: Floats
    discharged_energy: Floats  # [MWh]
    addition_cost: Floats  # at the beginning of the year
    operated: Floats
    throughput_cost: Floats | float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class _Years:
    """When the operating years of the members are, by (member) and (member, year)."""

    moments: Floats  # [year after the valuation] at the end of years 0, 1, …
    index: Floats  # what inflation has made of money by then
    ends: Floats  # [year] of operation
    operated: Floats


def years_of(lives: Sequence[Life], *, rate: Floats | float = 1.0) -> LifeYears:
    """The lives of the members, one for each, as arrays by (member, operating year); shorter ones end in zeros.

    ``rate`` turns the currency of the prices into that of the terms, in which the cost of additions is already.
    """
    longest = max(life.operated.size for life in lives)

    def stacked(name: str) -> Floats:
        return np.stack([np.pad(getattr(life, name), (0, longest - life.operated.size)) for life in lives])

    turned = np.broadcast_to(np.asarray(rate, np.float64), (len(lives),))[:, None]
    return LifeYears(
        sales=stacked("sales") * turned,
        charging_cost=stacked("charging_cost") * turned,
        discharged_energy=stacked("discharged_energy"),
        addition_cost=stacked("addition_cost"),
        operated=stacked("operated"),
    )


def money_arrays(terms: MoneyTerms, life: LifeYears) -> dict[str, Floats]:
    """The READS of ``engines.finance`` of one project: by (member), or by (member, year) from 0.

    Money of the valuation date becomes money of the moment at which it is paid: year y of operation ends
    commissioning / 12 + y years after the valuation.

    Raises
    ------
    StudyError
        Tolling contracts sell more than the whole power in some year.

    >>> one = np.ones((1, 2))
    >>> life = LifeYears(
    ...     sales=30 * one, charging_cost=10 * one, discharged_energy=one, addition_cost=0 * one, operated=one
    ... )
    >>> terms = MoneyTerms(power=1.0, capital_cost=50.0, discount_rate=0.1, life=2.0, inflation=0.5)
    >>> money_arrays(terms, life)["market_revenue"].tolist()
    [[0.0, 30.0, 45.0]]
    """
    members, count = life.operated.shape
    years = _years(terms, life)
    overlapping = [_overlap(contract, terms, years) for contract in terms.contracts]
    kept = _kept(terms, years, overlapping)
    raised = (years.index if terms.price_basis == "real" else np.ones_like(years.index))[:, 1:]
    priced = raised * (1.0 + _column(terms.price_growth)) ** np.arange(count)
    charging = life.charging_cost * priced
    amounts = {
        "market_revenue": (life.sales * priced - charging) * kept,
        "yearly_charging_cost": charging,
        "yearly_discharged_energy": life.discharged_energy,
        "contract_revenue": sum(
            (
                _paid(contract, terms, years, shared)
                for contract, shared in zip(terms.contracts, overlapping, strict=True)
            ),
            start=np.zeros((members, count)),
        ),
        "subsidy_revenue": _subsidy(terms, life, years),
        "operating_cost": _running(terms, life) * years.index[:, 1:] + life.throughput_cost * raised,
    }
    yearly = {name: _from_year_0(np.broadcast_to(values, (members, count))) for name, values in amounts.items()}
    # paid at the end of the year before the one that it begins to work in
    yearly["augmentation_cost"] = np.pad(life.addition_cost, ((0, 0), (0, 1))) * years.index
    yearly["residual_value"] = _left(terms, years) * years.index
    written = terms.life if terms.depreciation_life is None else terms.depreciation_life
    lives = np.broadcast_to(np.asarray(written, np.float64), (members,))
    yearly["depreciation_share"] = finance.depreciation_shares(terms.depreciation, lives, count)
    return {**yearly, **_numbers(terms, years, members)}


def finance_arrays(projects: Mapping[str, Mapping[str, Floats]]) -> xr.Dataset:
    """What ``engines.finance`` reads, of several projects by name; shorter lives end in zeros."""
    import xarray as xr

    longest = max(one["market_revenue"].shape[-1] for one in projects.values())
    stacked = {}
    for name in next(iter(projects.values())):
        dims = variable(name).dims
        columns = [np.asarray(one[name], np.float64) for one in projects.values()]
        if "year" in dims:
            columns = [np.pad(column, ((0, 0), (0, longest - column.shape[-1]))) for column in columns]
        stacked[name] = (dims, np.stack(columns, axis=1))
    members = next(iter(projects.values()))["capital_cost"].shape[0]
    coords = {"member": np.arange(members), "project": np.array([*projects], object), "year": np.arange(longest)}
    return labelled(xr.Dataset(stacked, coords))


def _years(terms: MoneyTerms, life: LifeYears) -> _Years:
    members, count = life.operated.shape
    # a project that never begins has no moments; the engine leaves all of it out
    late = np.nan_to_num(np.broadcast_to(np.asarray(terms.commissioning, np.float64), (members,)) / 12.0)
    moments = late[:, None] + np.arange(count + 1)
    ends = np.minimum(life.operated.sum(axis=1), np.broadcast_to(np.asarray(terms.life, np.float64), (members,)))
    return _Years(moments, finance.price_index(_column(terms.inflation), moments), ends, life.operated)


def _from_year_0(values: Floats) -> Floats:
    """Amounts of operating years with nothing before them, in year 0."""
    return np.pad(values, ((0, 0), (1, 0)))


def _column(number: Floats | float) -> Floats:
    """A number by member, or one for all, beside the years."""
    return np.asarray(number, np.float64).reshape(-1, 1)


def _overlap(contract: ContractTerms, terms: MoneyTerms, years: _Years) -> Floats:
    """The share of each operating year in which a contract holds, by (member, operating year).

    A contract may have operating years of its own, dates of its own, or both; with dates, a late project has less.
    """
    late = years.moments[:, 0] * 12.0
    first = np.asarray(contract.from_year, np.float64) - 1.0
    begins = np.maximum(first, (contract.begins - late) / 12.0)
    ends = np.minimum(first + np.asarray(contract.years, np.float64), (contract.ends - late) / 12.0)
    return finance.overlaps(np.maximum(begins, 0.0), np.minimum(ends, years.ends), years.operated.shape[1])


def _kept(terms: MoneyTerms, years: _Years, overlapping: Sequence[Floats]) -> Floats:
    """The part of the market revenue of each year that no holder of a tolling contract takes."""
    taken = np.zeros_like(years.operated)
    for contract, shared in zip(terms.contracts, overlapping, strict=True):
        if contract.kind == "tolling":
            # of the part of the year that is operated, which sales are of
            part = np.divide(shared, years.operated, out=np.zeros_like(shared), where=years.operated > 0.0)
            taken += _column(contract.share) * np.minimum(part, 1.0)
    if (taken > 1.0 + 1e-9).any():
        member, year = (int(place) for place in np.argwhere(taken > 1.0 + 1e-9)[0])
        raise StudyError(
            f"contracts: tolling sells {taken[member, year]:.4g} of the power in operating year {year + 1}, expected"
            " no more than all of it; lower a 'share', or let one contract end before the next begins"
        )
    kept: Floats = np.maximum(1.0 - taken, 0.0)
    return kept


def _paid(contract: ContractTerms, terms: MoneyTerms, years: _Years, shared: Floats) -> Floats:
    """What a contract pays in each operating year [currency]."""
    counted = _column(contract.share) * _column(contract.derating) * terms.power
    raised = finance.price_index(_column(contract.indexed) * _column(terms.inflation), years.moments[:, 1:])
    paid: Floats = _column(contract.price) * counted * shared * raised
    return paid


def _subsidy(terms: MoneyTerms, life: LifeYears, years: _Years) -> Floats:
    """What the public pays for the energy sent out in each operating year [currency]."""
    ends = np.minimum(np.asarray(terms.subsidy_years, np.float64), years.ends)
    shared = finance.overlaps(0.0, ends, years.operated.shape[1])
    part = np.divide(shared, years.operated, out=np.zeros_like(shared), where=years.operated > 0.0)
    paid: Floats = _column(terms.subsidy_per_energy) * life.discharged_energy * part * years.index[:, 1:]
    return paid


def _running(terms: MoneyTerms, life: LifeYears) -> Floats:
    """What running and insuring it costs in each operating year, in money of the valuation date [currency]."""
    insured = _column(terms.insurance) * _column(terms.capital_cost)
    cost: Floats = (_column(terms.fixed_cost) + insured) * life.operated
    return cost + _column(terms.variable_cost) * life.discharged_energy


def _left(terms: MoneyTerms, years: _Years) -> Floats:
    """The residual value in the last year of operation, by (member, year), in money of the valuation date."""
    last = np.ceil(years.ends - 1e-9)[:, None]
    placed: Floats = np.where(np.arange(years.moments.shape[1]) == last, _column(terms.residual_value), 0.0)
    return placed


def _numbers(terms: MoneyTerms, years: _Years, members: int) -> dict[str, Floats]:
    """What has no year, by member; what is not prepaid of the capital, and the grant, are of the commissioning."""
    prepaid = np.asarray(terms.prepaid_share, np.float64)
    raised = prepaid + (1.0 - prepaid) * years.index[:, 0]
    numbers: dict[str, Floats | float] = {
        "capital_cost": np.asarray(terms.capital_cost, np.float64) * raised,
        "grant": np.asarray(terms.grant, np.float64) * raised,
        "prepaid_share": prepaid / raised,
        "tax_credit": terms.tax_credit,
        "credit_basis": terms.credit_basis,
        "life": terms.life,
        "discount_rate": terms.discount_rate,
        "equity_rate": terms.discount_rate if terms.equity_rate is None else terms.equity_rate,
        "tax_rate": terms.tax_rate,
        "losses_used": float(terms.losses_used),
        "debt_rate": terms.debt_rate,
        "debt_tenor": terms.debt_tenor,
        "debt_share": terms.debt_share,
        "debt_cover_target": terms.debt_cover,
        "debt_repayment": float(REPAYMENTS.index(terms.debt_repayment)),
        "debt_fee": terms.debt_fee,
        "operation_start": terms.commissioning,
    }
    return {name: np.broadcast_to(np.asarray(value, np.float64), (members,)) for name, value in numbers.items()}
