"""What a stored MWh is worth: by hand, between its two sides the dual price of HiGHS, and as a difference of values."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from dispatch_oracle import answer
from dispatch_questions import FEATURES, Asset, price_year, questions
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cell2grid.engines import dispatch
from cell2grid.errors import InfeasibleError, InputError

# the multipliers of a cap and of a cyclic level may be others than those of HiGHS, where there are several
PLAIN = tuple(sorted(set(FEATURES) - {"cyclic", "cycles_per_day", "cycles_per_year"}))


def sides(price: np.ndarray, hours: Any, asset: Asset) -> tuple[np.ndarray, np.ndarray, str]:
    """What one MWh more and one less is worth in each step, and the method; refused cases are not asked for."""
    try:
        case = dispatch.checked(dispatch.asset_case(price, hours, **asset))
        best = dispatch.schedule(case)
    except (InfeasibleError, InputError):
        assume(False)
    return *dispatch.water_values(case, best), best.method


def value(price: np.ndarray, hours: Any, asset: Asset, stored: float) -> float:
    """The value from a start of so many MWh; NaN where there is none."""
    fraction = stored / asset["energy"]
    if not 0.0 <= fraction <= 1.0:
        return float("nan")
    try:
        asset = asset | {"start_fraction": fraction}
        return dispatch.schedule(dispatch.checked(dispatch.asset_case(price, hours, **asset))).value
    except InfeasibleError:
        return float("nan")


def test_a_stored_mwh_is_worth_the_hour_that_it_is_sold_in_or_not_bought_in() -> None:
    """Prices 10, 50, 20, 60; 4 MW, 10 MWh, half full, no losses.

    5 MWh in store and 4 bought at 10 make 9; 4 are sold at 50 and 4 at 60, and 1 is left that is sold at 20, the third
    price: 1 MWh more is worth 20, and one less too. In the last hour 4 MWh are there, and 4 can be sold: one more is
    worth nothing, one less costs 60.
    """
    low, high, _ = sides(np.array([10.0, 50.0, 20.0, 60.0]), 1.0, {"power": 4.0, "energy": 10.0, "start_fraction": 0.5})
    assert low[:3] == pytest.approx([20.0, 20.0, 20.0])
    assert high[:3] == pytest.approx([20.0, 20.0, 20.0])
    assert (low[3], high[3]) == pytest.approx((0.0, 60.0))


def test_the_water_values_come_out_with_the_schedule() -> None:
    price, asset = np.array([10.0, 50.0, 20.0, 60.0]), {"power": 4.0, "energy": 10.0, "start_fraction": 0.5}
    best = dispatch.solve(dispatch.asset_arrays(price, **asset))
    low, high, _ = sides(price, 1.0, asset)
    assert (best["water_value_low"].values == low).all()
    assert (best["water_value_high"].values == high).all()
    assert best["water_value_low"].attrs["units"] == "currency/MWh"


@settings(max_examples=150, deadline=None)
@given(questions(()), st.data())
def test_the_dual_price_of_highs_lies_between(question: tuple[np.ndarray, Any, Asset], data: st.DataObject) -> None:
    price, hours, asset = question
    for name in data.draw(st.lists(st.sampled_from(PLAIN), max_size=4, unique=True)):
        asset |= data.draw(FEATURES[name](len(price)))
    found = answer(price, hours, **asset)
    assume(found.water_value is not None)
    low, high, method = sides(price, hours, asset)
    if not method.startswith("dynamic"):
        # HiGHS gives one price of the many that there may be, and the same on both sides
        assert (low == high).all() or np.isnan(low).all()
        return
    assert (low <= found.water_value + 1e-6).all()
    assert (high >= found.water_value - 1e-6).all()


@settings(max_examples=100, deadline=None)
@given(questions(()), st.data())
def test_it_is_what_a_little_more_or_less_at_the_start_changes(
    question: tuple[np.ndarray, Any, Asset], data: st.DataObject
) -> None:
    price, hours, asset = question
    for name in data.draw(st.lists(st.sampled_from(PLAIN), max_size=4, unique=True)):
        asset |= data.draw(FEATURES[name](len(price)))
    low, high, method = sides(price, hours, asset)
    assume(method.startswith("dynamic"))
    stored, little = asset["start_fraction"] * asset["energy"], 1e-5
    kept = (1.0 - asset.get("self_discharge", 0.0)) ** np.broadcast_to(hours, len(price))[0]
    here = value(price, hours, asset, stored)
    more, less = (value(price, hours, asset, stored + change) for change in (little, -little))
    if np.isfinite(more):
        assert (more - here) / little == pytest.approx(kept * low[0], abs=2e-3)
    if np.isfinite(less):
        assert (here - less) / little == pytest.approx(kept * high[0], abs=2e-3)


@pytest.mark.parametrize("change", [{}, {"self_discharge": 0.002}, {"cycles_per_year": 150.0}, {"mode": "relaxed"}])
def test_the_dual_prices_of_a_year_lie_between(change: Asset) -> None:
    asset = {
        "power": 100.0,
        "energy": 400.0,
        "efficiency_charge": 0.94,
        "efficiency_discharge": 0.92,
        "start_fraction": 0.5,
        **change,
    }
    # both at once matters below zero; without it the problem is linear above
    price = price_year(9, -5.0) if "mode" in change else np.maximum(price_year(9, 45.0), 1.0)
    duals = answer(price, **asset).water_value
    low, high, _ = sides(price, 1.0, asset)
    assert duals is not None
    assert (low <= duals + 1e-5).all()
    assert (high >= duals - 1e-5).all()
