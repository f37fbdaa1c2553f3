"""Tax: losses carried and used, the credit, and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.finance import taxes

PROFITS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=20)


def test_a_loss_waits_for_the_profit_that_uses_it_up() -> None:
    """60 lost, then 40 and 50 earned: the tax of 25 % falls on 30 of them, in year 3; the next loss waits again."""
    assert taxes([0.0, -60.0, 40.0, 50.0, -8.0, 10.0], 0.25).tolist() == [0.0, 0.0, 0.0, 7.5, 0.0, 0.5]


def test_a_credit_waits_where_losses_do() -> None:
    """Tax of 5 and 10 a year; a credit of 12 takes all of the first and 7 of the second."""
    assert taxes([0.0, 10.0, 20.0, 20.0], 0.5, credit=12.0).tolist() == [0.0, 0.0, 3.0, 10.0]
    assert taxes([0.0, 10.0, 20.0, 20.0], 0.5, credit=12.0, losses_used=True).tolist() == [0.0, -7.0, 10.0, 10.0]


def test_no_rate_is_no_tax_and_a_credit_that_waits_for_ever() -> None:
    assert taxes([0.0, 10.0, -3.0], 0.0, credit=5.0).tolist() == [0.0, 0.0, 0.0]


@given(PROFITS, st.floats(0.0, 1.0), st.floats(0.0, 1e4))
def test_carried_losses_never_pay_out_and_never_take_more(profits: list, rate: float, credit: float) -> None:
    profits = [0.0, *profits]
    carried = taxes(profits, rate, credit=credit)
    used = taxes(profits, rate, credit=credit, losses_used=True)
    assert (carried >= 0.0).all()
    assert carried.sum() <= rate * np.maximum(profits, 0.0).sum() + 1e-6
    # in the end, what waits is worth no more than what is used
    assert carried.sum() >= used.sum() - 1e-6


def test_members_have_rules_of_their_own() -> None:
    found = taxes([[0.0, -10.0, 20.0]] * 2, [0.5, 0.5], losses_used=[True, False])
    assert found.tolist() == [pytest.approx([0.0, -5.0, 10.0]), pytest.approx([0.0, 0.0, 5.0])]
