"""What a file says of money, drawn: forms and currencies, debt, tax, subsidies, contracts with dates, and refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.worth.money import MoneyTerms
from cell2grid.run.worth.money_terms import money_terms
from cell2grid.study.money import Contract, Finance
from cell2grid.study.quantity import Day
from cell2grid.study.records import ExchangeRate

LEAST = {"capital_cost": "200 EUR/kWh", "discount_rate": "8 percent/year", "life": "15 year"}
RATES = ({"day": "2025-01-01", "rate": "1.2 USD/EUR"}, {"day": "2026-01-01", "rate": "1.25 USD/EUR"})


def terms(
    said: dict[str, Any] | None = None,
    contracts: tuple[dict[str, Any], ...] = (),
    *,
    count: int = 1,
    valuation: str | None = "2026-01-01",
    figures: Figures | None = None,
) -> MoneyTerms:
    """The terms of 100 MW and 400 MWh; prices of the dollar are those of two days."""
    return money_terms(
        Finance.model_validate({**LEAST, **(said or {})}),
        [Contract.model_validate(contract) for contract in contracts],
        power=100.0,
        energy=400.0,
        figures=figures or Figures(1, first=0, count=count),
        path="finance",
        contracts_path="contracts",
        exchange_rates=[ExchangeRate.model_validate(rate) for rate in RATES],
        commissioning=np.zeros(count),
        valuation=None if valuation is None else Day.model_validate(valuation),
    )


def one(number: Any) -> float:
    return float(np.asarray(number).reshape(-1)[0])


def test_the_capital_cost_is_cells_power_and_site_in_one_currency() -> None:
    """200,000 EUR/MWh x 400 MWh + 125,000 USD/MW x 100 MW / 1.25 + 3 M EUR = 80 + 10 + 3 M; the later rate holds."""
    found = terms({"power_cost": "125 USD/kW", "site_cost": "3000000 EUR"})
    assert one(found.capital_cost) == pytest.approx(93e6)


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("fixed_cost", "10 EUR/kW/year", 1e6),
        ("fixed_cost", "2.5 percent/year", 2e6),
        ("variable_cost", "2 EUR/MWh", 2.0),
        ("variable_cost", "0.0025 USD/kWh", 2.0),
        ("insurance", "0.4 percent/year", 0.004),
        ("residual_value", "5 percent", 4e6),
        ("residual_value", "-10 EUR/kW", -1e6),
        ("equity_rate", "11 percent/year", 0.11),
        ("inflation", "2 percent/year", 0.02),
    ],
)
def test_a_cost_is_that_of_the_whole_project(field: str, text: str, expected: float) -> None:
    assert one(getattr(terms({field: text}), field)) == pytest.approx(expected)


def test_what_is_not_said_is_nothing() -> None:
    found = terms()
    assert found.equity_rate is None
    assert np.isnan(one(found.debt_share))
    assert np.isnan(one(found.debt_cover))
    for name in ("fixed_cost", "variable_cost", "grant", "tax_rate", "inflation", "residual_value", "prepaid_share"):
        assert one(getattr(found, name)) == 0.0, name


def test_debt_by_cover_is_sculpted_up_to_the_whole_cost_and_by_share_is_level() -> None:
    rate = {"rate": "6 percent/year", "tenor": "12 year"}
    sized = terms({"debt": {**rate, "cover": "1.3 ratio"}})
    assert (sized.debt_repayment, one(sized.debt_cover), one(sized.debt_share)) == ("sculpted", 1.3, 1.0)
    given = terms({"debt": {**rate, "share": "60 percent", "fee": "1 percent"}})
    assert (given.debt_repayment, one(given.debt_share), one(given.debt_fee)) == ("level", 0.6, 0.01)
    assert np.isnan(one(given.debt_cover))
    followed = terms({"debt": {**rate, "share": "60 percent", "repayment": "sculpted"}})
    assert followed.debt_repayment == "sculpted"


def test_tax_and_subsidies() -> None:
    """A grant of 10 % of 80 M, a credit of 30 % half of which lowers the basis, and 5 EUR/MWh for ten years."""
    tax = {"rate": "21 percent", "depreciation": "macrs-7", "losses": "used"}
    public = {"grant": "10 percent", "tax_credit": "30 percent", "credit_basis": "50 percent"}
    found = terms({"tax": tax, "subsidy": {**public, "per_energy": "5 EUR/MWh", "years": "10 year"}})
    assert (one(found.tax_rate), found.depreciation, found.losses_used) == (0.21, "macrs-7", True)
    assert one(found.grant) == pytest.approx(8e6)
    assert (one(found.tax_credit), one(found.credit_basis)) == (0.3, 0.5)
    assert (one(found.subsidy_per_energy), one(found.subsidy_years)) == (5.0, 10.0)


def test_a_contract_by_operating_years_and_one_by_dates() -> None:
    """6,000 EUR/MW a month is 72,000 a year; the whole of 2027 and 2028 is months 12 to 36 after the valuation."""
    by_year = {"kind": "tolling", "price": "6000 EUR/MW/month", "share": "50 percent", "from_year": "3 year"}
    by_date = {"kind": "capacity", "price": "80 EUR/kW/year", "begins": "2027-01", "ends": "2028-12"}
    first, second = terms(None, (by_year, by_date)).contracts
    assert (first.kind, one(first.price), one(first.share), one(first.from_year)) == ("tolling", 72_000.0, 0.5, 3.0)
    assert (first.begins, first.ends, one(first.years)) == (-np.inf, np.inf, np.inf)
    assert one(second.price) == 80_000.0
    assert (second.begins, second.ends) == (pytest.approx(12.0, abs=0.05), pytest.approx(36.0, abs=0.05))


def test_ranges_are_drawn_for_each_member_and_told() -> None:
    figures = Figures(1, first=0, count=200)
    found = terms({"capital_cost": "180 .. 220 EUR/kWh", "inflation": "1 .. 3 percent/year"}, figures=figures)
    capital = np.asarray(found.capital_cost)
    assert capital.shape == (200,)
    assert 72e6 <= capital.min() < capital.max() <= 88e6
    assert figures.reads["capital_cost"] == ("energy", "finance.capital_cost")
    assert "finance.inflation" in figures.reads["market_revenue"]
    assert figures.reads["equity_rate"] == ("finance.discount_rate",)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"capital_cost": "-5 EUR/kWh"}, r"finance\.capital_cost: '-5 EUR/kWh' is below 0"),
        ({"capital_cost": "5 MWh"}, r"finance\.capital_cost: is in no currency"),
        ({"power_cost": "-1 EUR/kW"}, r"finance\.power_cost: '-1 EUR/kW' is below 0"),
        ({"fixed_cost": "1 JPY/kW/year"}, r"finance\.fixed_cost: '1 JPY/kW/year' is not in EUR; .*no rate between JPY"),
        ({"variable_cost": "2 EUR/MW"}, r"finance\.variable_cost: '2 EUR/MW' is in EUR/MW; money per energy"),
        ({"debt": {"rate": "5 percent/year", "tenor": "5 year"}}, "neither 'share' nor 'cover'"),
        ({"subsidy": {"tax_credit": "30 percent"}}, r"subsidy\.tax_credit: '30 percent' is taken off a tax, and there"),
        ({"subsidy": {"grant": "-5 percent"}}, r"finance\.subsidy\.grant: '-5 percent' is below 0"),
        ({"tax": {"rate": "20 percent", "depreciation": "macrs-6"}}, r"tax\.depreciation: 'macrs-6' is not one of"),
    ],
)
def test_money_that_cannot_be_is_refused_by_field_value_and_bound(said: dict[str, Any], words: str) -> None:
    with pytest.raises(StudyError, match=words):
        terms(said)


@pytest.mark.parametrize(
    ("contract", "valuation", "words"),
    [
        ({"price": "80 EUR/MWh"}, "2026-01-01", r"contracts\.0\.price: '80 EUR/MWh' is in EUR/MWh; money for power"),
        ({"price": "80 EUR/kW/year", "begins": "2027-01"}, None, r"contracts\.0\.begins: 2027-01 is a date, and the"),
        (
            {"price": "80 EUR/kW/year", "begins": "2028-01", "ends": "2027-06"},
            "2026-01-01",
            r"contracts\.0\.ends: '2027-06' is before it begins, '2028-01'",
        ),
    ],
)
def test_a_contract_that_cannot_be_is_refused(contract: dict[str, Any], valuation: str | None, words: str) -> None:
    with pytest.raises(StudyError, match=words):
        terms(None, ({"kind": "capacity", **contract},), valuation=valuation)
