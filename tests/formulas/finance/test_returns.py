"""What flows are worth: cases by hand, limits, laws, and pyxirr as the second opinion."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.finance import discount_factors, lcos, npv, payback

AMOUNTS = st.floats(0.1, 1e6)


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


def test_payback_counts_the_part_of_the_last_year() -> None:
    """After two years 20 of 100 are open, and the third year brings 40: half of it."""
    assert float(payback([-100.0, 40.0, 40.0, 40.0])) == 2.5


def test_payback_is_missing_where_it_never_comes() -> None:
    assert np.isnan(payback([-100.0, 40.0, 40.0]))
    assert np.isnan(payback([-100.0, 40.0, float("nan")]))


def test_payback_on_the_last_day_of_a_year_is_a_whole_number() -> None:
    assert float(payback([-100.0, 50.0, 50.0])) == 2.0
    third = 4e6 / 3.0
    assert float(payback([-4e6, third, third, np.nextafter(third, 0.0)])) == pytest.approx(3.0), "but for rounding"


def test_payback_without_capital_is_at_once() -> None:
    assert float(payback([0.0, 5.0])) == 0.0


def test_payback_lost_again_is_counted_to_its_final_return() -> None:
    """100 is back after one year, 50 is lost in the second, and the third year returns it evenly."""
    assert float(payback([-100.0, 100.0, -50.0, 100.0])) == 2.5


def test_npv_of_what_is_prepaid_waits_for_no_delay() -> None:
    """Half of 100 is paid now: -50 + (-50 + 60 + 48) / 1.25 = -3.6."""
    assert float(npv(0.25, [-100.0, 75.0, 75.0], delay_years=1.0, prepaid=50.0)) == pytest.approx(-3.6)
    assert float(npv(0.25, [-100.0, 75.0, 75.0], prepaid=50.0)) == 8.0


def test_lcos_is_all_costs_over_all_energy() -> None:
    """(100 + (10 + 20)/1.25 + (10 + 18)/1.5625) / (40/1.25 + 36/1.5625) = 141.92 / 55.04."""
    found = lcos(100.0, [0.0, 30.0, 28.0], [0.0, 40.0, 36.0], rate=0.25)
    assert float(found) == pytest.approx(141.92 / 55.04)


def test_lcos_at_no_discount_and_one_period_is_a_plain_ratio() -> None:
    assert float(lcos(100.0, [0.0, 0.0], [0.0, 50.0], rate=0.0)) == 2.0


def test_lcos_without_energy_is_missing() -> None:
    found = lcos([1.0, 1.0], [[0.0, 0.0]] * 2, [[0.0, 0.0], [0.0, 1.0]], rate=0.0)
    assert np.isnan(found).tolist() == [True, False]


@given(AMOUNTS, st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=30), st.floats(0.0, 0.5))
def test_lcos_is_the_price_at_which_the_project_earns_nothing(capital: float, years: list, rate: float) -> None:
    """Sold at the levelised cost, the energy pays for capital and costs: the value is 0."""
    costs, energy = np.array([(0.0, 0.0), *years]).T
    cost = float(lcos(capital, costs, energy, rate=rate))
    flows = cost * energy - costs
    flows[0] = -capital
    assert float(npv(rate, flows)) == pytest.approx(0.0, abs=1e-9 * (capital + costs.sum()))


@given(AMOUNTS, AMOUNTS, st.integers(1, 30))
def test_more_revenue_pays_back_no_later(capital: float, revenue: float, life: int) -> None:
    first, second = (float(payback([-capital, *([revenue * times] * life)])) for times in (1.0, 1.5))
    assert np.isnan(first) or second <= first + 1e-9
