"""What a loan is paid back with: by hand, and numbers that pay back all of it."""

from __future__ import annotations

import numpy as np
import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.formulas.finance import level_service, principal_service, repaid

RATES = st.one_of(st.just(0.0), st.floats(1e-9, 1.0))


def test_a_loan_of_two_years_at_25_percent() -> None:
    """1 / (1/1.25 + 1/1.5625) = 1/1.44 a year; or 0.5 + 0.25 and 0.5 + 0.125."""
    assert level_service(0.25, 2, 3).tolist() == pytest.approx([0.0, 1 / 1.44, 1 / 1.44, 0.0])
    assert principal_service(0.25, 2, 3).tolist() == [0.0, 0.75, 0.625, 0.0]


@given(RATES, st.integers(1, 40))
def test_service_pays_back_the_loan_and_no_more(rate: float, tenor: int) -> None:
    for service in (level_service(rate, tenor, 45), principal_service(rate, tenor, 45)):
        balance = repaid(service, rate)
        assert balance[0] == pytest.approx(1.0, rel=1e-9)
        assert not balance[tenor:].any()


@given(st.floats(0.001, 0.5), st.integers(1, 40))
def test_level_service_is_the_payment_of_pyxirr(rate: float, tenor: int) -> None:
    assert level_service(rate, tenor, tenor)[1] == pytest.approx(-pyxirr.pmt(rate, tenor, 1.0), rel=1e-9)


def test_members_have_rates_and_tenors_of_their_own() -> None:
    found = level_service(np.array([0.0, 1.0]), np.array([1.0, 2.0]), 2)
    assert found.tolist() == [[0.0, 1.0, 0.0], [0.0, pytest.approx(4 / 3), pytest.approx(4 / 3)]]
