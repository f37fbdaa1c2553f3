"""Freight, duties and damages: a case by hand, then laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from landing_at_hand import landing_arrays

from cell2grid.engines import engine
from cell2grid.errors import EngineError

solve = engine("landing").solve


def test_freight_when_it_leaves_and_duty_when_it_arrives() -> None:
    """Freight 10 × 7 and 20 × 7; duty 4 × 2 in January and 16 × 3 in February; what is not known stays missing."""
    found = solve(landing_arrays())
    assert found["freight_cost"].sel(destination="FAR").values.tolist() == [[[70.0, 140.0, 0.0]]]
    assert found["duty_cost"].sel(destination="FAR").values.tolist() == [[[8.0, 48.0, 0.0]]]
    assert np.isnan(found["freight_cost"].sel(destination="HOME")).all()


def test_damages_by_hand() -> None:
    """Wanted by the end of January. 4 items come over February's 28 days, 14 late on average: 56 item-days; 2 have not
    come by the end of March, 59 days later: 118. Together 174 of 10 items, and 6 of 10 late.

    Damages end at 60 / 3 = 20 days: over February each item has 20 × 20 / 2 / 28 + 20 × 8 / 28 = 360/28, so 4 have
    51.43; the 2 that miss have 40: (51.43 + 40) × 3.
    """
    found = solve(landing_arrays())
    assert float(found["late_share"].item()) == pytest.approx(0.6)
    assert float(found["late_days"].item()) == pytest.approx(17.4)
    assert float(found["late_damages"].item()) == pytest.approx(3 * (4 * 360 / 28 + 40))


def test_a_day_within_a_month_splits_what_arrives_in_it() -> None:
    """Wanted on 14 February: 2 of the 4 items come in the 14 days after it, 7 days late on average."""
    found = solve(landing_arrays(order_wanted=[1.5], order_quantity=[[8.0]], late_most=[[np.inf]]))
    assert float(found["late_share"].item()) == pytest.approx(0.25)
    assert float(found["late_days"].item()) == pytest.approx(2 * 7 / 8)
    assert float(found["late_damages"].item()) == pytest.approx(3 * 14)


def test_what_is_not_agreed_or_wanted_stays_missing() -> None:
    none = solve(landing_arrays(late_rate=[[np.nan]]))
    assert np.isnan(none["late_damages"]).all()
    assert np.isfinite(none["late_days"]).all()
    free = solve(landing_arrays(order_wanted=[np.nan]))
    assert all(np.isnan(free[name]).all() for name in ("late_share", "late_days", "late_damages"))
    after = solve(landing_arrays(order_wanted=[3.0]))
    assert float(after["late_days"].item()) == 0.0
    assert float(after["late_share"].item()) == 0.0


def test_a_rate_below_nothing_is_refused() -> None:
    with pytest.raises(EngineError, match=r"landing: late_rate is -3 somewhere, below 0"):
        solve(landing_arrays(late_rate=[[-3.0]]))


ITEMS = st.lists(st.floats(0, 50), min_size=3, max_size=3)


@settings(deadline=None)
@given(ITEMS, st.floats(0, 3), st.floats(0, 20), st.floats(0, 500), st.floats(0, 100))
def test_damages_follow_days_and_never_pass_their_limit(
    came: list[float], wanted: float, rate: float, most: float, missing: float
) -> None:
    ordered = sum(came) + missing
    case = {"order_delivered": [[came]], "order_quantity": [[ordered]], "order_wanted": [wanted], "late_rate": [[rate]]}
    free = solve(landing_arrays(**case, late_most=[[np.inf]]))
    item_days = float(free["late_days"].item()) * ordered
    assert float(free["late_damages"].item()) == pytest.approx(rate * item_days, rel=1e-9, abs=1e-6)
    bound = solve(landing_arrays(**case, late_most=[[most]]))
    late = float(bound["late_share"].item()) * ordered
    paid = float(bound["late_damages"].item())
    assert 0 <= paid <= min(rate * item_days, most * late) * (1 + 1e-9) + 1e-6
    later = solve(landing_arrays(**{**case, "order_wanted": [max(wanted - 0.5, 0)]}, late_most=[[most]]))
    assert float(later["late_damages"].item()) >= paid - 1e-6, "the sooner it is wanted, the more is paid"
