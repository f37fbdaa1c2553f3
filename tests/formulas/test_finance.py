"""The money of a storage project: cases by hand, limits, laws, and pyxirr as the second opinion."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.formulas.finance import (
    cash_flow,
    discount_factors,
    irr,
    lcos,
    npv,
    payback,
    year_shares,
    yearly,
)

AMOUNTS = st.floats(0.1, 1e6)


def test_cash_flow_is_capital_then_revenue_less_fixed_cost() -> None:
    """120 paid; 50, 45 and half of 40.5 earned; 10, 10 and half of 10 spent."""
    flows = cash_flow(120.0, 50.0, 10.0, degradation=0.1, life=2.5, years=4)
    assert flows.tolist() == pytest.approx([-120.0, 40.0, 35.0, 15.25, 0.0])


def test_cash_flow_broadcasts_over_members_and_projects() -> None:
    flows = cash_flow(np.ones((3, 1)), np.full((3, 2), 5.0), 1.0, life=[2.0, 3.0], years=3)
    assert flows.shape == (3, 2, 4)
    assert flows[0].tolist() == [[-1.0, 4.0, 4.0, 0.0], [-1.0, 4.0, 4.0, 4.0]]


def test_npv_discounts_each_year_and_the_delay() -> None:
    """-100 + 75/1.25 + 75/1.5625 = 8; two years later it is worth 8/1.5625 = 5.12."""
    assert float(npv(0.25, [-100.0, 75.0, 75.0])) == 8.0
    assert float(npv(0.25, [-100.0, 75.0, 75.0], delay_years=2.0)) == pytest.approx(5.12)


def test_npv_at_no_discount_is_the_sum() -> None:
    assert float(npv(0.0, [-100.0, 60.0, 70.0], delay_years=9.0)) == 30.0


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40), st.floats(-0.5, 2.0))
def test_npv_is_that_of_pyxirr(flows: list[float], rate: float) -> None:
    scale = float(np.abs(np.array(flows) * discount_factors(rate, len(flows) - 1)).sum())
    assert float(npv(rate, flows)) == pytest.approx(pyxirr.npv(rate, flows), rel=1e-12, abs=1e-12 * scale)


def test_irr_of_one_period_is_the_gain() -> None:
    found = irr([-100.0, 112.0])
    assert found.rate == pytest.approx(0.12, rel=1e-12)
    assert (found.count, found.reason) == (1, None)


@settings(deadline=None)  # the first extreme rate imports scipy
@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=30))
def test_irr_makes_the_cash_flow_worth_nothing(capital: float, income: list[float]) -> None:
    flows = np.array([-capital, *income])
    found = irr(flows)
    assert found.rate is not None
    assert found.count == 1
    worth = flows * discount_factors(found.rate, len(income))
    assert abs(worth.sum()) <= 1e-7 * np.abs(worth).sum()


def test_irr_may_be_a_loss_close_to_everything() -> None:
    assert irr([-1e9, 1.0]).rate == pytest.approx(-1.0 + 1e-9, abs=1e-12)
    assert irr([-100.0, 50.0, 10.0]).rate == pytest.approx(pyxirr.irr([-100.0, 50.0, 10.0]), rel=1e-9)


@pytest.mark.parametrize("flows", [[1.0, 2.0], [-1.0, -2.0], [0.0, 0.0], [5.0]])
def test_irr_without_a_change_of_sign_is_none_and_says_so(flows: list[float]) -> None:
    found = irr(flows)
    assert found.rate is None
    assert found.count == 0
    assert found.reason == "the cash flow never changes its sign"


def test_irr_of_two_rates_is_none_and_names_both() -> None:
    """-1 + 5x - 6x² = 0 at x = 1/2 and 1/3: rates of 100 % and 200 %."""
    found = irr([-1.0, 5.0, -6.0])
    assert found.rate is None
    assert found.count == 2
    assert found.reason is not None
    assert "100.00%, 200.00%" in found.reason


def test_irr_with_two_changes_of_sign_and_one_rate_is_that_rate() -> None:
    """A cost at the end of the life that no rate above -99 % makes decisive leaves one rate."""
    found = irr([-100.0, 80.0, 80.0, -1e-9])
    assert found.count == 1
    assert found.rate == pytest.approx(pyxirr.irr([-100.0, 80.0, 80.0]), rel=1e-6)


def test_irr_with_changes_of_sign_and_no_rate_says_so() -> None:
    found = irr([-1.0, 1.0, -1.0])
    assert (found.rate, found.count) == (None, 0)
    assert found.reason == "no rate makes the cash flow worth nothing"


def test_irr_of_an_unknown_year_is_unknown() -> None:
    assert irr([-1.0, float("nan"), 4.0]).rate is None


def test_lcos_is_all_costs_over_all_energy() -> None:
    """(100 + (10 + 20)/1.25 + (10 + 18)/1.5625) / (40/1.25 + 36/1.5625) = 141.92 / 55.04."""
    found = lcos(100.0, 10.0, 20.0, 40.0, rate=0.25, degradation=0.1, life=2.0, years=2)
    assert float(found) == pytest.approx(141.92 / 55.04)


def test_lcos_at_no_discount_and_one_period_is_a_plain_ratio() -> None:
    assert float(lcos(100.0, 0.0, 0.0, 50.0, rate=0.0, life=1.0, years=1)) == 2.0


def test_lcos_without_energy_is_missing() -> None:
    assert np.isnan(lcos([1.0, 1.0], 0.0, 0.0, [0.0, 1.0], rate=0.0, life=1.0, years=1)).tolist() == [True, False]


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.floats(0.0, 0.5))
def test_lcos_is_the_price_at_which_the_project_earns_nothing(
    capital: float, fixed: float, charging: float, rate: float
) -> None:
    """Sold at the levelised cost, the energy pays for capital, fixed cost and charging: the value is 0."""
    energy, life = 120.0, 11.5
    cost = float(lcos(capital, fixed, charging, energy, rate=rate, degradation=0.02, life=life, years=12))
    flows = cash_flow(capital, cost * energy - charging, fixed, degradation=0.02, life=life, years=12)
    assert float(npv(rate, flows)) == pytest.approx(0.0, abs=1e-9 * (capital + 12 * (fixed + charging)))


def test_payback_counts_the_part_of_the_last_year() -> None:
    """After two years 20 of 100 are open, and the third year brings 40: half of it."""
    assert float(payback([-100.0, 40.0, 40.0, 40.0])) == 2.5


def test_payback_is_missing_where_it_never_comes() -> None:
    assert np.isnan(payback([-100.0, 40.0, 40.0]))
    assert np.isnan(payback([-100.0, 40.0, float("nan")]))


def test_payback_on_the_last_day_of_a_year_is_a_whole_number() -> None:
    assert float(payback([-100.0, 50.0, 50.0])) == 2.0


def test_payback_without_capital_is_at_once() -> None:
    assert float(payback([0.0, 5.0])) == 0.0


def test_payback_lost_again_is_counted_to_its_final_return() -> None:
    """100 is back after one year, 50 is lost in the second, and the third year returns it evenly."""
    assert float(payback([-100.0, 100.0, -50.0, 100.0])) == 2.5


@given(AMOUNTS, AMOUNTS, st.floats(1.0, 30.0))
def test_more_revenue_pays_back_no_later(capital: float, revenue: float, life: float) -> None:
    def years(times: float) -> float:
        return float(payback(cash_flow(capital, revenue * times, 0.0, life=life, years=30)))

    first, second = years(1.0), years(1.5)
    assert np.isnan(first) or second <= first + 1e-9


def test_a_year_of_the_life_counts_for_the_part_that_lies_within() -> None:
    assert year_shares([1.0, 2.25], 3).tolist() == [[1.0, 0.0, 0.0], [1.0, 1.0, 0.25]]
    assert yearly(8.0, 0.5, 2.5, 3).tolist() == [8.0, 4.0, 1.0]
