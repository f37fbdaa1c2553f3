"""A whole valuation by hand, the laws of its members, dates and money, and what it says of itself."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from subjects_at_hand import alternating, subject, wavy

from cell2grid.errors import InfeasibleError, InputError, StudyError
from cell2grid.run.worth.delivered import commissioning_of_study
from cell2grid.run.worth.project_value import value_project
from cell2grid.run.worth.telling import document
from cell2grid.run.worth.terms import subject_of
from cell2grid.run.worth.valuing import Worth, worth
from cell2grid.run.worth.worth_tables import tables
from cell2grid.study.project_file import parse_project

SIZE = "project: bare\npower: 10 MW\nenergy: 10 MWh\n"
HAND = f"{SIZE}finance: {{capital_cost: 250 EUR/kWh, discount_rate: 10 percent/year, life: 2 year}}\n"
EARNED = 4380 * 10 * (50 - 10)  # a year of buying 10 MWh at 10 and selling it at 50 EUR/MWh, every two hours


def test_a_whole_valuation_by_hand() -> None:
    """10 MW and 10 MWh without losses, 10 and 50 EUR/MWh in turn, two years at 10 %, no tax.

    Each year 4,380 times 10 MWh are bought at 10 and sold at 50: 438,000 EUR of charging and 1,752,000 EUR left. With
    2,500,000 EUR to build, npv = -2,500,000 + 1,752,000 / 1.1 + 1,752,000 / 1.21 = 540,661.16. The IRR solves
    1.752 (x + x²) = 2.5 with x = 1 / (1 + irr): x = (-1 + √(1 + 4 · 2.5 / 1.752)) / 2. 748,000 EUR are left to pay
    back after a year: 748 / 1,752 of the next. A MWh costs (2,500,000 / 1.73554 + 438,000) / 43,800 = 42.89 EUR.
    """
    told = document(worth(subject(HAND)))
    annuity = 1 / 1.1 + 1 / 1.21
    share = (-1 + math.sqrt(1 + 4 * 2.5 / 1.752)) / 2
    assert told["npv"] == pytest.approx(540_661.157, abs=1e-3)
    assert told["irr"] == pytest.approx(1 / share - 1, rel=1e-9)
    assert told["payback"] == pytest.approx(1 + 748 / 1752)
    assert told["lcos"] == pytest.approx((2_500_000 / annuity + 438_000) / 43_800)
    assert (told["debt"], told["debt_cover"], told["members"]) == (0.0, None, None)
    assert [row["market_revenue"] for row in told["yearly"]] == pytest.approx([0.0, EARNED, EARNED])
    assert [row["cash_flow"] for row in told["yearly"]] == pytest.approx([-2.5e6, EARNED, EARNED])
    assert told["state_of_health"] == [1.0, 1.0]


def test_without_discount_and_over_one_year_the_figures_are_sums() -> None:
    """Nothing is discounted: npv = 1,752,000 - 1,000,000, irr = 75.2 %, lcos = (1,000,000 + 438,000) / 43,800."""
    text = HAND.replace("10 percent/year", "0 percent/year").replace("2 year", "1 year").replace("250", "100")
    told = document(worth(subject(text)))
    assert told["npv"] == pytest.approx(752_000.0)
    assert told["irr"] == pytest.approx(0.752)
    assert told["lcos"] == pytest.approx(1_438_000 / 43_800)


@settings(deadline=None, max_examples=15)
@given(rate=st.integers(-20, 60), inflation=st.one_of(st.none(), st.integers(-5, 20)))
def test_a_month_of_delay_discounts_the_whole_project_by_a_month(rate: int, inflation: int | None) -> None:
    """What rises with inflation and is paid or earned a month later is worth ((1 + i) / (1 + r))^(1/12) of before."""
    raised = "" if inflation is None else f", inflation: {inflation} percent/year"
    text = HAND.replace("10 percent/year", f"{rate} percent/year{raised}")
    found = worth(subject(text))
    npv = document(found)["npv"]
    factor = ((1 + (inflation or 0) / 100) / (1 + rate / 100)) ** (np.arange(len(found.delay)) / 12)
    np.testing.assert_allclose(found.delay, npv * factor, rtol=1e-9, atol=1e-6)


def test_a_contract_with_dates_is_what_a_late_project_loses() -> None:
    """30 EUR/kW/year from 2026 to 2027 is lost by the month: each month late takes 25,000 EUR, discounted."""
    dated = "contracts: [{kind: capacity, price: 30 EUR/kW/year, begins: 2026-01-01, ends: 2027-12-31}]\n"
    text = HAND.replace("10 percent/year", "0 percent/year") + f"valuation: 2026-01-01\n{dated}"
    delay = worth(subject(text)).delay
    np.testing.assert_allclose(-np.diff(delay), 25_000.0, rtol=1e-9)


RANGED = f"""{SIZE}commissioning: 3 .. 6 .. 14 month
prices: {{growth: -2 .. 2 percent/year}}
contracts:
  - {{kind: capacity, price: 10 .. 20 EUR/kW/year}}
  - {{kind: tolling, price: 60 EUR/kW/year, share: 20 .. 40 percent}}
finance: {{capital_cost: 200 .. 250 .. 350 EUR/kWh, discount_rate: 7 .. 9 percent/year, life: 2 .. 4 year}}
"""


def _npv(found: Worth) -> np.ndarray:
    assert found.spread is not None
    return found.spread.arrays["npv"].values[:, 0]


def test_members_are_the_same_for_a_seed_and_any_number_of_workers_and_members() -> None:
    one = subject(RANGED, *wavy(2))
    first = worth(one, members=6, seed=3)
    assert len(set(_npv(first))) == 6
    np.testing.assert_array_equal(_npv(first), _npv(worth(one, members=6, seed=3, workers=2)))
    np.testing.assert_array_equal(_npv(first)[:3], _npv(worth(one, members=3, seed=3)))
    assert not np.isin(_npv(worth(one, members=6, seed=4)), _npv(first)).any()


def test_ranges_have_their_middle_within_the_spread_of_members() -> None:
    told = document(worth(subject(RANGED), members=200))
    spread = told["members"]["spread"]["npv"]
    assert spread["p10"] < told["npv"] < spread["p90"]
    assert told["members"]["count"] == 200


def test_the_order_of_rates_contracts_and_augmentations_does_not_matter() -> None:
    rates = ["{day: 2026-01-01, rate: 2 USD/EUR}", "{day: 2025-01-01, rate: 9 USD/EUR}"]
    contracts = ["{kind: capacity, price: 10 EUR/kW/year}", "{kind: tolling, price: 60 EUR/kW/year, share: 20 percent}"]
    more = ["{year: 2 year, energy: 1 MWh, cost: 90 EUR/kWh}", "{year: 3 year, energy: 2 MWh}"]

    def npv(turn: int) -> float:
        parts = {"exchange_rates": rates, "contracts": contracts, "augmentation": more}
        text = HAND.replace("EUR", "USD").replace("life: 2", "life: 4")
        text += "".join(f"{key}: [{', '.join(rows[::turn])}]\n" for key, rows in parts.items())
        return float(document(worth(subject(text)))["npv"])

    assert npv(1) == pytest.approx(npv(-1), rel=1e-12)


def test_prices_in_another_currency_are_brought_to_the_costs_by_the_latest_rate() -> None:
    """At 2 USD/EUR every euro that is earned is two dollars: twice the cost in dollars is twice the npv."""
    rates = "exchange_rates: [{day: 2025-01-01, rate: 9 USD/EUR}, {day: 2026-01-01, rate: 2 USD/EUR}]\n"
    told = document(worth(subject(HAND.replace("250 EUR", "500 USD") + rates)))
    assert told["currency"] == "USD"
    assert told["npv"] == pytest.approx(2 * 540_661.157, abs=1e-2)
    with pytest.raises(StudyError, match="there is no rate between EUR and USD"):
        worth(subject(HAND.replace("250 EUR", "500 USD")))


def test_prices_without_a_currency_are_said_to_be_taken_in_that_of_the_costs() -> None:

    bare = replace(alternating(), currency=None)
    assert any("taken to be in EUR" in note for note in document(worth(subject(HAND, bare)))["notes"])
    costs = HAND.replace("energy", "throughput_cost: 1 USD/MWh\nenergy")
    with pytest.raises(StudyError, match="costs of the asset are in USD, and the prices name no currency"):
        subject(costs, bare)


def test_whether_money_is_real_or_nominal_and_prices_rise_is_said() -> None:
    told = document(worth(subject(HAND)))
    assert told["money"].startswith("real: every amount is money of the day of commissioning")
    inflated = HAND.replace("life: 2", "inflation: 3 percent/year, life: 2") + "valuation: 2026-01-01\n"
    told = document(worth(subject(inflated)))
    assert told["money"].startswith("nominal: amounts are money of their year, raised by 3 % a year from 2026-01-01")
    assert [row["market_revenue"] for row in told["yearly"]] == pytest.approx([0, EARNED * 1.03, EARNED * 1.03**2])
    kept = document(worth(subject(inflated + "prices: {basis: nominal}\n")))
    assert [row["market_revenue"] for row in kept["yearly"]] == pytest.approx([0, EARNED, EARNED])
    assert "no inflation raises them" in kept["price_years"]["statement"]
    grown = document(worth(subject(HAND + "prices: {growth: 10 percent/year}\n")))
    assert [row["market_revenue"] for row in grown["yearly"]] == pytest.approx([0, EARNED, EARNED * 1.1])


def test_price_years_follow_one_another_or_are_drawn() -> None:
    years = [alternating(high=high, name=f"{high}") for high in (50.0, 30.0, 90.0)]
    text = HAND.replace("life: 2", "life: 4")
    told = document(worth(subject(text, *years)))
    assert [label.split()[0] for label in told["price_years"]["order"]] == ["50.0", "30.0", "90.0", "50.0"]
    cycled = worth(subject(text, *years), members=40).spread
    drawn = worth(subject(text + "prices: {years: drawn}\n", *years), members=40).spread
    assert cycled is not None
    assert drawn is not None
    orders = {life.price_year for life in cycled.lives}
    assert len(orders) == 3
    assert len({life.price_year for life in drawn.lives}) > 20


def test_a_project_that_never_earns_has_no_rate_and_says_why() -> None:
    flat = [alternating(high=10.0)]
    told = document(worth(subject(HAND, *flat)))
    assert (told["irr"], told["payback"]) == (None, None)
    assert told["npv"] == pytest.approx(-2_500_000.0)
    assert told["irr_reason"] in " ".join(told["notes"])


def test_owners_who_pay_nothing_have_no_rate_and_that_is_said() -> None:
    lent = HAND.replace("life: 2", "debt: {rate: 0 percent/year, tenor: 2 year, share: 100 percent}, life: 2")
    told = document(worth(subject(lent)))
    assert (told["irr"] is None, told["equity_irr"]) == (False, None)
    assert "equity_irr: the cash flow never changes its sign" in told["notes"]


def test_a_large_project_that_takes_prices_as_given_is_told_so() -> None:
    large = HAND.replace("power: 10 MW", "power: 0.6 GW")
    said = "prices are taken as given, though 0.6 GW would move"
    assert large != HAND
    assert any(said in note for note in document(worth(subject(large)))["notes"])
    sloped = f"{large}prices: {{slope: 0.001 EUR/MWh/MW}}\n"
    assert not any(said in note for text in (HAND, sloped) for note in document(worth(subject(text)))["notes"])


def test_debt_that_cannot_be_served_has_no_answer() -> None:
    lent = HAND.replace("life: 2", "debt: {rate: 90 percent/year, tenor: 2 year, share: 90 percent}, life: 2")
    with pytest.raises(InfeasibleError, match=r"project 'bare': its debt of 2,250,000 cannot be served; in year 1"):
        worth(subject(lent))


@pytest.mark.parametrize(("asked", "said"), [({"members": 0}, "members is 0"), ({"seed": -1}, "seed is -1")])
def test_numbers_of_the_call_that_are_none_are_refused(asked: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        worth(subject(HAND), **asked)


OF_STUDY = "commissioning: {study: shanghai-megapack, project: assumed-project}\n"


def test_a_project_begins_when_the_deliveries_of_a_study_say(tmp_path: Path) -> None:
    project = parse_project(HAND + OF_STUDY)
    months = commissioning_of_study(project, tmp_path)
    assert months is not None
    assert (np.diff(months[np.isfinite(months)]) >= 0).all()
    found = worth(subject_of(project, [alternating()], folder=tmp_path, delivered=months), members=50)
    assert found.spread is not None
    begun = found.spread.arrays["operation_start"].values[:, 0]
    assert np.isin(begun, months).all()
    assert np.ptp(begun) > 1.0
    late = commissioning_of_study(parse_project(HAND + OF_STUDY + "valuation: 2025-02-01\n"), tmp_path)
    assert late is not None
    shift = months - late
    np.testing.assert_allclose(shift, shift[0])
    with pytest.raises(StudyError, match=r"valuation: .* is .* months after the earliest commissioning in study"):
        commissioning_of_study(parse_project(HAND + OF_STUDY + "valuation: 2040-01-01\n"), tmp_path)
    with pytest.raises(StudyError, match="'assumed' is no project with an order in study 'shanghai-megapack'"):
        commissioning_of_study(parse_project(HAND + OF_STUDY.replace("assumed-project", "assumed")), tmp_path)


def test_from_python_a_project_is_valued_as_the_command_does(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(RANGED, encoding="utf-8")
    found = value_project(path, prices=alternating(), members=5, seed=2)
    expected = worth(subject(RANGED), members=5, seed=2)
    assert found.document() == document(expected)
    assert {name: len(frame) for name, frame in found.tables.items()} == {
        name: len(frame) for name, frame in tables(expected).items()
    }
    assert found.arrays.sizes["member"] == 5
    with pytest.raises(InputError, match="the project has no prices; give 'prices'"):
        value_project(path)
