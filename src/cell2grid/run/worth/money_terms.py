"""What a study or a project file says of money, drawn for members: ``MoneyTerms`` of ``Finance`` and contracts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from cell2grid.errors import StudyError
from cell2grid.formulas.finance import depreciation_names
from cell2grid.run.worth.exchange import in_money, per_energy, per_power_year
from cell2grid.run.worth.money import ContractTerms, MoneyTerms
from cell2grid.units import currency, same_kind

if TYPE_CHECKING:
    from cell2grid.run.drawn.figures import Figures
    from cell2grid.study.money import Contract, Debt, Finance, Subsidy, Tax
    from cell2grid.study.quantity import Day, Quantity
    from cell2grid.study.records import ExchangeRate

Floats = npt.NDArray[np.float64]
DAYS_OF_A_MONTH = 365.25 / 12.0


def money_of(finance: Finance, path: str) -> str:
    """The currency that a project is counted in: that of its capital cost.

    Raises
    ------
    StudyError
        The capital cost is in no currency.
    """
    money = currency(finance.capital_cost.unit)
    if money is None:
        raise StudyError(f"{path}.capital_cost: is in no currency; write it as '1500 CNY/kWh [source]'")
    return money


def money_terms(
    finance: Finance,
    contracts: Sequence[Contract],
    *,
    power: float,
    energy: float,
    figures: Figures,
    path: str,
    contracts_path: str,
    exchange_rates: Sequence[ExchangeRate],
    commissioning: Floats,
    valuation: Day | None,
    price_basis: Literal["real", "nominal"] = "real",
    sizes: str = "",
) -> MoneyTerms:
    """The terms of a project's money in the currency of its capital cost, by member.

    Parameters
    ----------
    power, energy
        The project's size [MW], [MWh].
    path, contracts_path
        Where the figures stand, as ``projects.north.finance``.
    commissioning
        Month after the valuation by member; NaN where it never comes.
    valuation
        The day that contracts with dates are counted from; without it such a contract is refused.
    sizes
        Where power and energy stand, as ``projects.north``; nothing for a project file.

    Raises
    ------
    StudyError
        A figure is in a form or a currency that does not fit, or a date has nothing to be counted from.
    """
    draw = _Draw(figures, path, money_of(finance, path), power, energy, exchange_rates, sizes)
    capital = draw.whole("capital_cost", finance.capital_cost, "capital_cost", at_least=0.0)
    for name in ("power_cost", "site_cost"):
        part = getattr(finance, name)
        if part is not None:
            capital = capital + draw.whole(name, part, "capital_cost", at_least=0.0)
    terms: dict[str, Any] = {
        "power": power,
        "capital_cost": capital,
        "discount_rate": draw.of("discount_rate", finance.discount_rate, "ratio/year", "discount_rate"),
        "life": draw.of("life", finance.life, "year", "life"),
        "commissioning": commissioning,
        "price_basis": price_basis,
        **_costs(draw, finance, capital),
        **_public(draw, finance.subsidy, capital),
        **_lent(draw, finance.debt),
        **_taxed(draw, finance.tax, finance.subsidy),
        "contracts": tuple(
            _contract(draw, each, f"{contracts_path}.{place}", valuation) for place, each in enumerate(contracts)
        ),
    }
    return MoneyTerms(**terms)


class _Draw:
    """Figures of one project's finance, drawn in its money."""

    def __init__(
        self,
        figures: Figures,
        path: str,
        money: str,
        power: float,
        energy: float,
        exchange_rates: Sequence[ExchangeRate],
        sizes: str,
    ) -> None:
        self.figures, self.path, self.money, self.sizes = figures, path, money, sizes
        self.power, self.energy, self.exchange_rates = power, energy, exchange_rates

    def of(self, key: str, figure: Quantity, unit: str, variable: str) -> Floats:
        return self.figures.drawn(variable, f"{self.path}.{key}", figure, unit)

    def whole(self, key: str, figure: Quantity, variable: str, time: str = "", *, at_least: float = -np.inf) -> Floats:
        if figure.magnitude.low < at_least:
            raise StudyError(
                f"{self.path}.{key}: '{figure.text}' is below {at_least:g}, the least it can be; correct it"
            )
        for size, unit in (("energy", "MWh"), ("power", "MW")):
            if any(same_kind(divisor, unit) for divisor in figure.unit.split("/")[1:]):
                self.figures.note(variable, f"{self.sizes}.{size}" if self.sizes else size)
        return in_money(
            figure, f"{self.path}.{key}", self.money, self.figures, variable, power=self.power, energy=self.energy,
            exchange_rates=self.exchange_rates, time=time,
        )  # fmt: skip

    def of_capital(
        self, key: str, figure: Quantity, variable: str, capital: Floats, *, at_least: float = -np.inf
    ) -> Floats:
        """Percent of the capital cost, or money of the whole project."""
        if same_kind(figure.unit, "percent"):
            if figure.to("ratio").low < at_least:
                raise StudyError(f"{self.path}.{key}: '{figure.text}' is below {at_least:g}, the least it can be")
            return capital * self.of(key, figure, "ratio", variable)
        return self.whole(key, figure, variable, at_least=at_least)


def _costs(draw: _Draw, finance: Finance, capital: Floats) -> dict[str, Any]:
    terms: dict[str, Any] = {}
    if finance.fixed_cost is not None:
        draw.figures.note("operating_cost", f"{draw.path}.fixed_cost")
    if finance.fixed_cost is not None and same_kind(finance.fixed_cost.unit, "percent/year"):
        terms["fixed_cost"] = capital * draw.of("fixed_cost", finance.fixed_cost, "ratio/year", "fixed_cost")
    elif finance.fixed_cost is not None:
        terms["fixed_cost"] = draw.whole("fixed_cost", finance.fixed_cost, "fixed_cost", "/year", at_least=0.0)
    if finance.variable_cost is not None:
        terms["variable_cost"] = per_energy(
            finance.variable_cost, f"{draw.path}.variable_cost", draw.money, draw.figures, "operating_cost",
            draw.exchange_rates,
        )  # fmt: skip
    if finance.insurance is not None:
        terms["insurance"] = draw.of("insurance", finance.insurance, "ratio/year", "operating_cost")
    if finance.residual_value is not None:
        terms["residual_value"] = draw.of_capital("residual_value", finance.residual_value, "residual_value", capital)
    if finance.prepaid is not None:
        terms["prepaid_share"] = draw.of("prepaid", finance.prepaid, "ratio", "prepaid_share")
    if finance.equity_rate is not None:
        terms["equity_rate"] = draw.of("equity_rate", finance.equity_rate, "ratio/year", "equity_rate")
    else:
        draw.figures.note("equity_rate", f"{draw.path}.discount_rate")
    if finance.inflation is not None:
        terms["inflation"] = draw.of("inflation", finance.inflation, "ratio/year", "operating_cost")
        for raised in ("market_revenue", "contract_revenue", "subsidy_revenue", "augmentation_cost", "residual_value"):
            draw.figures.note(raised, f"{draw.path}.inflation")
    return terms


def _public(draw: _Draw, subsidy: Subsidy | None, capital: Floats) -> dict[str, Any]:
    if subsidy is None:
        return {}
    terms: dict[str, Any] = {}
    if subsidy.grant is not None:
        terms["grant"] = draw.of_capital("subsidy.grant", subsidy.grant, "grant", capital, at_least=0.0)
    for name, key in (("tax_credit", "tax_credit"), ("credit_basis", "credit_basis")):
        part = getattr(subsidy, key)
        if part is not None:
            terms[name] = draw.of(f"subsidy.{key}", part, "ratio", name)
    if subsidy.per_energy is not None:
        terms["subsidy_per_energy"] = per_energy(
            subsidy.per_energy, f"{draw.path}.subsidy.per_energy", draw.money, draw.figures, "subsidy_revenue",
            draw.exchange_rates,
        )  # fmt: skip
    if subsidy.years is not None:
        terms["subsidy_years"] = draw.of("subsidy.years", subsidy.years, "year", "subsidy_revenue")
    return terms


def _lent(draw: _Draw, debt: Debt | None) -> dict[str, Any]:
    if debt is None:
        return {}
    if debt.share is None and debt.cover is None:
        raise StudyError(
            f"{draw.path}.debt: has neither 'share' nor 'cover', so that its amount is not known; write "
            "'share: 60 percent', or 'cover: 1.3 ratio' to size it by the cash"
        )
    terms: dict[str, Any] = {
        "debt_rate": draw.of("debt.rate", debt.rate, "ratio/year", "debt_rate"),
        "debt_tenor": draw.of("debt.tenor", debt.tenor, "year", "debt_tenor"),
        "debt_repayment": debt.repayment or ("level" if debt.cover is None else "sculpted"),
    }
    # a cover alone sizes the debt up to the whole cost: no lender gives more
    if debt.share is None:
        terms["debt_share"] = 1.0
    for name, key in (("debt_share", "share"), ("debt_cover", "cover"), ("debt_fee", "fee")):
        part = getattr(debt, key)
        if part is not None:
            terms[name] = draw.of(f"debt.{key}", part, "ratio", name.replace("debt_cover", "debt_cover_target"))
    return terms


def _taxed(draw: _Draw, tax: Tax | None, subsidy: Subsidy | None) -> dict[str, Any]:
    if tax is None:
        if subsidy is not None and subsidy.tax_credit is not None:
            raise StudyError(
                f"{draw.path}.subsidy.tax_credit: '{subsidy.tax_credit.text}' is taken off a tax, and there is none;"
                " write 'tax' with its rate, and 'losses: used' in it where the credit is used or sold at once"
            )
        return {}
    if tax.depreciation not in depreciation_names():
        known = ", ".join(depreciation_names())
        raise StudyError(f"{draw.path}.tax.depreciation: '{tax.depreciation}' is not one of {known}; write one of them")
    terms: dict[str, Any] = {
        "tax_rate": draw.of("tax.rate", tax.rate, "ratio", "tax_rate"),
        "depreciation": tax.depreciation,
        "losses_used": tax.losses == "used",
    }
    if tax.depreciation_life is not None:
        terms["depreciation_life"] = draw.of(
            "tax.depreciation_life", tax.depreciation_life, "year", "depreciation_share"
        )
    return terms


def _contract(draw: _Draw, said: Contract, path: str, valuation: Day | None) -> ContractTerms:
    numbers: dict[str, Any] = {
        "kind": said.kind,
        "price": per_power_year(
            said.price, f"{path}.price", draw.money, draw.figures, "contract_revenue", draw.exchange_rates
        ),
    }
    for key in ("share", "derating", "from_year", "years", "indexed"):
        part = getattr(said, key)
        if part is not None:
            unit = "year" if "year" in key else "ratio"
            numbers[key] = draw.figures.drawn("contract_revenue", f"{path}.{key}", part, unit)
    for key in ("begins", "ends"):
        day = getattr(said, key)
        if day is None:
            continue
        if valuation is None:
            raise StudyError(
                f"{path}.{key}: {day.text} is a date, and the project has none to count it from; write 'valuation'"
            )
        days = (day.first - valuation.first).days if key == "begins" else (day.last - valuation.first).days + 1
        numbers[key] = days / DAYS_OF_A_MONTH
    if numbers.get("ends", np.inf) <= numbers.get("begins", -np.inf):
        raise StudyError(f"{path}.ends: '{said.ends}' is before it begins, '{said.begins}'; correct one of the two")
    return ContractTerms(**numbers)
