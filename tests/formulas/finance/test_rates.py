"""Internal rates of return: by hand, at their limits, several and none, and many at once as one by one."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.formulas.finance import discount_factors, irr, npv, rates_of_return

AMOUNTS = st.floats(0.1, 1e6)


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


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([-3.0, -1.0, 0.0, 1.0, 2.5]), min_size=6, max_size=6), min_size=1, max_size=8))
def test_many_at_once_are_each_as_alone(rows: list[list[float]]) -> None:
    rates, counts = rates_of_return(rows)
    for row, rate, count in zip(rows, rates, counts, strict=True):
        alone = irr(row)
        assert count == alone.count
        assert rate == pytest.approx(np.nan if alone.rate is None else alone.rate, rel=1e-9, abs=1e-9, nan_ok=True)


def test_flows_that_are_unknown_have_neither_rate_nor_count() -> None:
    rates, counts = rates_of_return([[[-1.0, np.nan, 4.0], [-1.0, 0.0, 4.0]]])
    assert np.isnan(rates).tolist() == [[True, False]]
    assert np.isnan(counts).tolist() == [[True, False]]
    assert rates[0, 1] == pytest.approx(1.0)


def test_a_year_of_new_cells_may_leave_one_rate() -> None:
    """A negative year amid income changes the sign three times, and only one rate solves it."""
    flows = [-100.0, 30.0, 30.0, -5.0, 30.0, 30.0, 30.0]
    found = irr(flows)
    assert found.count == 1
    assert found.rate is not None
    assert float(npv(found.rate, flows)) == pytest.approx(0.0, abs=1e-9)
    assert found.rate == pytest.approx(pyxirr.irr(flows), rel=1e-9)
