"""Price wars term by term: by hand, and by laws."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from war_arrays import at_war, members

from cell2grid.engines.market import price_war
from cell2grid.engines.market.price_war import fought
from cell2grid.errors import EngineError
from cell2grid.nomenclature import require

FEW = settings(max_examples=6, deadline=None)


def _row(found, name: str, *, member: int = 0) -> list[list[float]]:
    values = found[name].isel(member=member)
    rest = [dim for dim in values.dims if dim != "term"]
    return np.round(values.transpose(*rest, "term").values, 6).tolist()


def test_three_plants_of_which_one_leaves_in_the_fourth_month() -> None:
    """Demand P = 95 - Q, three plants of 30 at a cost of 20, of which c pays 26 in cash; war from the first month.

    Price-taking, all could sell 90 at 20 and demand is 75: the price is 20, below the 26 of c alone. After three months
    c closes. a and b sell 60 at 95 - 60 = 35.
    """
    arrays = at_war([20.0, 20.0, 20.0], [30.0, 30.0, 30.0], exit_after=3.0, terms=5)
    arrays["cash_cost"][0, 2, :] = 26.0
    found = fought(arrays)
    require(found, price_war.WRITES, of="war")
    assert _row(found, "market_price") == [[20.0, 20.0, 20.0, 35.0, 35.0]]
    assert _row(found, "plant_closed") == [[0.0] * 5, [0.0] * 5, [0.0, 0.0, 0.0, 1.0, 1.0]]
    assert _row(found, "months_below")[2] == [1.0, 2.0, 3.0, 3.0, 3.0] or _row(found, "months_below")[2][:3] == [
        1,
        2,
        3,
    ]
    assert _row(found, "plant_sales")[2][3:] == [0.0, 0.0]
    assert _row(found, "market_sales")[0] == [75.0, 75.0, 75.0, 60.0, 60.0]


def test_of_three_that_are_due_one_leaves_and_saves_the_others() -> None:
    """As above, all three pay more in cash than 20: 24, 26 and 28. c, which loses most, leaves; at 35 the others stay.
    Where all that are due leave at once nobody can sell, and there is no price."""
    arrays = at_war([20.0, 20.0, 20.0], [30.0, 30.0, 30.0], exit_after=3.0, terms=5)
    arrays["cash_cost"][0, :, :] = np.array([24.0, 26.0, 28.0])[:, None]
    found = fought(arrays)
    assert found["plant_closed"].values[0, :, -1].tolist() == [0.0, 0.0, 1.0]
    assert _row(found, "market_price") == [[20.0, 20.0, 20.0, 35.0, 35.0]]
    assert _row(found, "months_below")[0] == [1.0, 2.0, 3.0, 0.0, 0.0]
    at_once = fought(arrays, together=True)
    assert at_once["plant_closed"].values[0, :, -1].tolist() == [1.0, 1.0, 1.0]
    assert np.isnan(at_once["market_price"].values[0, 0, 3:]).all()


def test_those_still_below_leave_one_after_another_in_the_same_month() -> None:
    """Costs 20, 20, 20 with 40 each, cash 24, 26, 28 and demand 60 - Q: 40 are sold at 20. Without c, two of 40 still
    leave 20; without b, a sells 40 at 20, below its 24, and leaves too."""
    arrays = at_war([20.0, 20.0, 20.0], [40.0, 40.0, 40.0], intercept=60.0, exit_after=2.0, terms=3)
    arrays["cash_cost"][0, :, :] = np.array([24.0, 26.0, 28.0])[:, None]
    found = fought(arrays)
    assert found["plant_closed"].values[0, :, -1].tolist() == [1.0, 1.0, 1.0]
    assert found["plant_closed"].values[0, :, -2].tolist() == [0.0, 0.0, 0.0]


def test_of_equals_the_largest_leaves_first_whatever_the_order_of_rows() -> None:
    arrays = at_war([20.0, 20.0, 20.0], [30.0, 40.0, 30.0], intercept=85.0, exit_after=1.0, terms=2)
    arrays["cash_cost"][:] = 22.0
    assert fought(arrays)["plant_closed"].values[0, :, -1].tolist() == [0.0, 1.0, 0.0]
    turned = fought(arrays.isel(plant=[2, 1, 0]))
    assert turned["plant_closed"].sel(plant="plant-b").values[0, -1] == 1.0


def test_the_floor_is_the_price_where_nobody_holds_back() -> None:
    """Peace first: three equal Cournot plants without limits sell (95 - 20) / 4 each, at 38.75. At war firm-a fights
    alone: it sells until the price is its cost. In peace there is no floor to tell."""
    arrays = at_war([20.0, 20.0, 20.0], [np.inf] * 3, terms=3, begins=1)
    found = fought(arrays)
    assert _row(found, "market_price") == [[38.75, 20.0, 20.0]]
    assert np.isnan(found["price_floor"].values[0, 0, 0])
    assert _row(found, "price_floor")[0][1:] == [20.0, 20.0]
    limited = at_war([20.0, 20.0], [30.0, 60.0], terms=1)
    limited["war"][1] = 0.0
    limited["conduct"][0, 1] = 1.0
    found = fought(limited)
    # firm-a sells its 30 whatever the price; firm-b holds back: (95 - 30 - 20) / 2 = 22.5, so 95 - 52.5
    assert _row(found, "market_price") == [[42.5]]
    assert _row(found, "price_floor") == [[20.0]]


def test_stocks_are_sold_off_beside_what_is_made_and_at_no_cost() -> None:
    """P = 95 - Q, a makes 30 at 20 and clears 12 of stock a year in the first two months: 42 are sold at 53, then 30 at
    65. Its profit is 30 x (53 - 20) + 12 x 53, and it is in use whole, not more."""
    arrays = at_war([20.0], [30.0], terms=3)
    arrays["stock_clearing"][0, 0, :2] = 12.0
    found = fought(arrays)
    assert _row(found, "market_price") == [[53.0, 53.0, 65.0]]
    assert _row(found, "plant_sales") == [[42.0, 42.0, 30.0]]
    assert _row(found, "sales_utilisation") == [[1.0, 1.0, 1.0]]
    assert _row(found, "plant_profit")[0][0] == pytest.approx(30.0 * 33.0 + 12.0 * 53.0)
    assert _row(found, "firm_profit")[0][0] == pytest.approx(30.0 * 33.0 + 12.0 * 53.0)
    assert _row(found, "plant_margin")[0][0] == pytest.approx((30.0 * 33.0 + 12.0 * 53.0) / (42.0 * 53.0), abs=1e-5)
    assert found.sizes["plant"] == 1


def test_a_plant_that_stands_still_counts_and_one_that_is_not_open_yet_does_not() -> None:
    """b costs 60 and sells nothing at 65 - 30 = 35: it counts. c is as dear and opens in the third month only."""
    arrays = at_war([20.0, 60.0, 60.0], [30.0, 30.0, 30.0], intercept=65.0, exit_after=3.0, terms=6)
    arrays["sales_capacity"][0, 2, :2] = 0.0
    found = fought(arrays)
    assert found["plant_closed"].values[0, 1].tolist() == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert found["plant_closed"].values[0, 2].tolist() == [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]


def test_losses_in_peace_and_in_other_markets_do_not_count() -> None:
    """Two markets: a sells in the first, where the war is; b in the second alone. Nobody counts before the war."""
    arrays = at_war([20.0, 20.0], [90.0, 90.0], terms=5, begins=2, markets=2, exit_after=2.0)
    arrays["conduct"][:] = 0.0
    arrays["war"][:, 1] = 0.0
    arrays["selling_freight"][0, 0, 1] = np.nan
    arrays["selling_freight"][0, 1, 0] = np.nan
    arrays["cash_cost"][:] = 30.0
    found = fought(arrays)
    assert _row(found, "months_below")[1] == [0.0] * 5
    assert _row(found, "plant_closed")[0] == [0.0, 0.0, 0.0, 0.0, 1.0]


def test_freight_and_duties_come_off_before_a_price_is_held_against_cash_cost() -> None:
    """At 65 = 95 - 30 a plant that pays 5 for freight, 10 % of the price and 20 % on its value is left with
    (65 / 1.1) / 1.2 - 5 = 44.24: below a cash cost of 45, above one of 44."""
    for cash, months in ((45.0, 1.0), (44.0, 0.0)):
        arrays = at_war(
            [20.0], [30.0], terms=1, exit_after=9.0, selling_freight=5.0, duty_on_price=0.1, duty_on_cost=0.2
        )
        arrays["cash_cost"][:] = cash
        assert _row(fought(arrays), "months_below") == [[months]]


def test_years_count_their_months_and_a_term_of_which_the_war_takes_a_part_that_part() -> None:
    arrays = at_war([20.0, 20.0], [90.0, 90.0], terms=3, exit_after=18.0, term_months=12.0)
    arrays["cash_cost"][0, 1, :] = 21.0
    arrays["war"][:, :, 0] = 0.5
    found = fought(arrays)
    assert _row(found, "months_below")[1] == [6.0, 18.0, 0.0]
    assert _row(found, "plant_closed")[1] == [0.0, 0.0, 1.0]


def test_members_do_not_know_of_each_other() -> None:
    parts = []
    for cash in (26.0, 19.0, 33.0):
        part = at_war([20.0, 20.0, 20.0], [30.0, 30.0, 30.0], exit_after=2.0, terms=4)
        part["cash_cost"][0, 2, :] = cash
        part["cash_cost"][0, 1, :] = cash - 4.0
        parts.append(part)
    found = fought(members(*parts))
    for place, part in enumerate(parts):
        alone = fought(part)
        for name in ("market_price", "plant_closed", "months_below", "plant_sales"):
            assert found[name].values[place] == pytest.approx(alone[name].values[0], nan_ok=True), name


@FEW
@given(
    st.lists(st.floats(5.0, 40.0), min_size=2, max_size=4), st.floats(0.0, 15.0), st.integers(1, 4), st.data()
)  # fmt: skip
def test_a_longer_patience_never_closes_a_plant_sooner(
    cost: list[float], overhead: float, patience: int, data: st.DataObject
) -> None:
    """And without an end to patience none closes; a price that a closure lifts is never below the one before it, and
    missing once all are closed."""
    capacity = [data.draw(st.floats(10.0, 60.0)) for _ in cost]
    arrays = at_war(cost, capacity, terms=5, exit_after=float(patience))
    arrays["cash_cost"][:] = arrays["cash_cost"] + overhead
    soon, never = fought(arrays), fought(arrays.assign(exit_after=("member", [np.inf])))
    later = fought(arrays.assign(exit_after=("member", [patience + 1.0])))
    assert not never["plant_closed"].values.any()
    first = [part["plant_closed"].values[0].max(axis=0).argmax() if part["plant_closed"].values.any() else 99
             for part in (soon, later)]  # fmt: skip
    assert first[1] >= first[0]
    price, sold = soon["market_price"].values[0, 0], soon["market_sales"].values[0, 0]
    assert (np.diff(price[sold > 0.0]) >= -1e-6).all()
    assert np.isfinite(price[sold > 0.0]).all()
    assert (np.diff(soon["plant_closed"].values[0], axis=-1) >= 0.0).all()


@FEW
@given(st.lists(st.floats(5.0, 40.0), min_size=2, max_size=4), st.floats(50.0, 120.0), st.floats(1.0, 60.0))
def test_more_demand_never_closes_more_plants(cost: list[float], intercept: float, more: float) -> None:
    closed = []
    for height in (intercept, intercept + more):
        arrays = at_war(cost, [25.0] * len(cost), intercept=height, terms=4, exit_after=2.0)
        arrays["cash_cost"][:] = arrays["cash_cost"] + 3.0
        closed.append(fought(arrays)["plant_closed"].values[0, :, -1].sum())
    assert closed[1] <= closed[0]


def test_what_is_out_of_range_is_an_error_of_the_caller() -> None:
    arrays = at_war([20.0], [30.0], terms=2)
    for name in ("stock_clearing", "exit_after", "term_months", "war"):
        with pytest.raises(EngineError, match=f"{name} is -1 somewhere, expected from 0"):
            fought(arrays.assign({name: xr.full_like(arrays[name], -1.0)}))
    with pytest.raises(EngineError, match="variable 'war' is missing"):
        fought(arrays.drop_vars("war"))
