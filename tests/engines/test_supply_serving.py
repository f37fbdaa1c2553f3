"""Where what is made goes: cases by hand."""

import numpy as np
import pytest
from plants_at_hand import EXPORTS_FIRST, HOME_FIRST, solve, supply_arrays

from cell2grid.engines.supply.lanes import arrivals
from cell2grid.errors import EngineError


def plant(solved, name, number=0):
    return solved[name].transpose("member", "plant", "period").values[0, number].tolist()


def to(solved, name, region, number=0):
    return solved[name].sel(destination=region).transpose("member", "plant", "period").values[0, number].tolist()


def order(solved, name, order):
    return solved[name].sel(order=order).values[0].tolist()


def test_shipped_by_hand_in_the_rhythm_of_a_quarter():
    # 100 a month; home wants 80, abroad takes all. Exports first for two months, at most 60 % of what is on hand:
    # 60 go abroad, 40 home. In the third month home first: 80 home, then 20 abroad (60 % of 100 would be 60)
    arrays = supply_arrays(
        [[100.0, 100.0, 100.0]],
        markets=[("HOME", 80.0), ("ABROAD", np.inf)],
        lead_time={(0, "ABROAD"): 0.0},
        export_share=0.6,
        first_served=[[EXPORTS_FIRST, EXPORTS_FIRST, HOME_FIRST]],
    )
    solved = solve(arrays)
    assert to(solved, "shipped", "ABROAD") == pytest.approx([60.0, 60.0, 20.0])
    assert to(solved, "shipped", "HOME") == pytest.approx([40.0, 40.0, 80.0])


def test_exports_by_hand():
    arrays = supply_arrays(
        [[100.0]],
        markets=[("ABROAD", 30.0), ("OVERSEAS", 20.0), ("HOME", 10.0)],
        lead_time={(0, "ABROAD"): 1.0, (0, "OVERSEAS"): 2.0},
    )
    assert plant(solve(arrays), "exports") == pytest.approx([50.0])


def test_home_sales_by_hand():
    arrays = supply_arrays([[100.0]], markets=[("ABROAD", 30.0), ("HOME", 10.0)], lead_time={(0, "ABROAD"): 1.0})
    assert plant(solve(arrays), "home_sales") == pytest.approx([10.0])


def test_stock_by_hand():
    # 100 made, 25 taken in by the other plant, 30 sold: 45 stay; then 90 stay, for nothing is thrown away
    arrays = supply_arrays(
        [[100.0, 100.0], [25.0, 25.0]],
        makes=["pack", "system"],
        needs={(1, "pack"): 1.0},
        markets=[("HOME", 30.0)],
    )
    assert plant(solve(arrays), "stock") == pytest.approx([45.0, 90.0])


def test_delivered_by_hand():
    # 45.625 days are a month and a half: half of what leaves in January arrives in February, half in March
    arrays = supply_arrays([[10.0, 0.0, 0.0]], markets=[("ABROAD", np.inf)], lead_time={(0, "ABROAD"): 1.5})
    assert to(solve(arrays), "delivered", "ABROAD") == pytest.approx([0.0, 5.0, 5.0])


def test_at_sea_by_hand():
    arrays = supply_arrays([[10.0, 0.0, 0.0]], markets=[("ABROAD", np.inf)], lead_time={(0, "ABROAD"): 1.5})
    assert plant(solve(arrays), "at_sea") == pytest.approx([10.0, 5.0, 0.0])


def test_first_come_is_first_served():
    # the older order takes all 10 of January and 2 of February; the younger one waits
    arrays = supply_arrays([[10.0, 10.0]], orders=[("late", 0, "HOME", 9.0, 0, 2), ("early", 0, "HOME", 12.0, 0, 1)])
    solved = solve(arrays)
    assert order(solved, "order_delivered", "early") == pytest.approx([10.0, 2.0])
    assert order(solved, "order_delivered", "late") == pytest.approx([0.0, 8.0])


def test_an_order_waits_from_its_own_month_on():
    # nothing is kept back for an order that is not made yet: January's 10 go to the market
    arrays = supply_arrays([[10.0, 10.0]], markets=[("HOME", np.inf)], orders=[("p", 0, "HOME", 6.0, 1)])
    solved = solve(arrays)
    assert order(solved, "order_delivered", "p") == pytest.approx([0.0, 6.0])
    assert to(solved, "shipped", "HOME") == pytest.approx([10.0, 10.0])


def test_order_share_by_hand():
    arrays = supply_arrays([[10.0, 10.0, 10.0]], orders=[("p", 0, "HOME", 20.0, 0)])
    assert order(solve(arrays), "order_share", "p") == pytest.approx([0.5, 1.0, 1.0])


def test_delivery_month_by_hand():
    # 20 items at 10 a month leave in months 0 and 1; at one and a half months the last arrive in month 3
    orders = [("p", 0, "ABROAD", 20.0, 0), ("q", 0, "ABROAD", 1000.0, 0)]
    arrays = supply_arrays([[10.0] * 6], orders=orders, lead_time={(0, "ABROAD"): 1.5})
    assert solve(arrays)["delivery_month"].values[0].tolist() == pytest.approx([3.0, np.nan], nan_ok=True)


def test_commissioning_by_hand():
    orders = [("p", 0, "ABROAD", 20.0, 0), ("q", 0, "ABROAD", 1000.0, 0)]
    arrays = supply_arrays([[10.0] * 6], orders=orders, lead_time={(0, "ABROAD"): 1.5}, construction=5.0)
    assert solve(arrays)["commissioning"].values[0].tolist() == pytest.approx([8.0, np.nan], nan_ok=True)


def test_an_order_of_nothing_is_complete_when_it_is_made():
    arrays = supply_arrays([[10.0, 10.0, 10.0]], orders=[("p", 0, "HOME", 0.0, 1)])
    assert solve(arrays)["delivery_month"].values[0].tolist() == [1.0]


def test_a_closed_port_lets_out_what_its_open_days_allow():
    # 60 % of 100 in a normal month, a quarter of the days open: 15
    arrays = supply_arrays(
        [[100.0]], markets=[("ABROAD", np.inf)], lead_time={(0, "ABROAD"): 0.0}, export_share=0.6, export_scale=0.25
    )
    assert plant(solve(arrays), "exports") == pytest.approx([15.0])


def test_waiting_by_hand():
    # 60 of 100 would go abroad in each month. The port is closed in the first: home gets 40, 60 wait. In the second
    # it is open half the time: half of 60 + 60 leave, 60 wait, home gets 40 of the new ones; then all leave
    arrays = supply_arrays(
        [[100.0, 100.0, 0.0]],
        markets=[("ABROAD", np.inf), ("HOME", np.inf)],
        lead_time={(0, "ABROAD"): 0.0},
        export_share=0.6,
        export_scale=[0.0, 0.5, 1.0],
        first_served=EXPORTS_FIRST,
    )
    solved = solve(arrays)
    assert plant(solved, "exports") == pytest.approx([0.0, 60.0, 60.0])
    assert plant(solved, "home_sales") == pytest.approx([40.0, 40.0, 0.0])
    assert plant(solved, "waiting") == pytest.approx([60.0, 60.0, 0.0])


def test_what_waits_goes_abroad_also_in_a_month_that_serves_home_first():
    arrays = supply_arrays(
        [[100.0, 10.0]],
        markets=[("ABROAD", np.inf), ("HOME", np.inf)],
        lead_time={(0, "ABROAD"): 0.0},
        export_share=[0.6, 0.0],
        export_scale=[0.0, 1.0],
        first_served=[[EXPORTS_FIRST, HOME_FIRST]],
    )
    solved = solve(arrays)
    assert plant(solved, "exports") == pytest.approx([0.0, 60.0])
    assert plant(solved, "home_sales") == pytest.approx([40.0, 10.0])


def test_what_waits_and_nobody_abroad_wants_any_more_goes_home():
    arrays = supply_arrays(
        [[100.0, 0.0]],
        markets=[("ABROAD", np.array([np.inf, 0.0])), ("HOME", np.inf)],
        lead_time={(0, "ABROAD"): 0.0},
        export_share=0.6,
        export_scale=[0.0, 1.0],
        first_served=EXPORTS_FIRST,
    )
    assert plant(solve(arrays), "home_sales") == pytest.approx([40.0, 60.0])


def test_scarce_items_are_shared_in_proportion_to_demand():
    # 60 for demands of 60 and 30: 40 and 20
    arrays = supply_arrays([[60.0]], markets=[("HOME", 60.0), ("ABROAD", 30.0)], lead_time={(0, "ABROAD"): 0.0})
    solved = solve(arrays)
    assert to(solved, "shipped", "HOME") == pytest.approx([40.0])
    assert to(solved, "shipped", "ABROAD") == pytest.approx([20.0])


def test_home_gets_what_the_limit_on_exports_leaves():
    # both take all: half each, but exports at most 20: 80 stay at home
    arrays = supply_arrays(
        [[100.0]], markets=[("HOME", np.inf), ("ABROAD", np.inf)], lead_time={(0, "ABROAD"): 0.0}, export_share=0.2
    )
    assert plant(solve(arrays), "exports") == pytest.approx([20.0])
    assert plant(solve(arrays), "home_sales") == pytest.approx([80.0])


def test_markets_without_limit_come_after_those_with_one():
    # 70 of 100 go home, the other two share 30
    arrays = supply_arrays(
        [[100.0]],
        markets=[("HOME", 70.0), ("A", np.inf), ("B", np.inf)],
        lead_time={(0, "A"): 0.0, (0, "B"): 0.0},
    )
    solved = solve(arrays)
    assert [to(solved, "shipped", region)[0] for region in ("HOME", "A", "B")] == pytest.approx([70.0, 15.0, 15.0])


def test_plants_share_a_market_in_proportion_to_what_they_have():
    # 30 and 10 on hand, 20 wanted: 15 and 5
    arrays = supply_arrays([[30.0], [10.0]], markets=[("HOME", 20.0)])
    solved = solve(arrays)
    assert plant(solved, "home_sales", 0) == pytest.approx([15.0])
    assert plant(solved, "home_sales", 1) == pytest.approx([5.0])


def test_a_market_gets_only_its_product_and_only_over_a_lane():
    arrays = supply_arrays([[30.0], [10.0]], makes=["pack", "cell"], markets=[("HOME", np.inf), ("ABROAD", np.inf)])
    solved = solve(arrays)
    assert plant(solved, "home_sales", 0) == pytest.approx([30.0])
    assert plant(solved, "stock", 1) == pytest.approx([10.0])
    assert plant(solved, "exports", 0) == [0.0]


def test_an_order_without_a_lane_is_refused():
    arrays = supply_arrays([[10.0]], orders=[("p", 0, "ABROAD", 5.0, 0)])
    with pytest.raises(EngineError, match="no lane leads from plant 'plant-0' to region 'ABROAD'"):
        solve(arrays)


def test_an_order_from_an_unknown_plant_is_refused():
    arrays = supply_arrays([[10.0]], orders=[("p", 7, "HOME", 5.0, 0)])
    with pytest.raises(EngineError, match="'plant-7' in order_plant is not one of"):
        solve(arrays)


def test_a_study_without_markets_and_orders_only_makes():
    solved = solve(supply_arrays([[10.0, 10.0]]))
    assert plant(solved, "stock") == [10.0, 20.0]
    assert solved.sizes["order"] == 0


def test_lead_times_of_members_differ():
    arrays = supply_arrays(
        np.full((3, 1, 4), 8.0),
        markets=[("ABROAD", np.array([8.0, 0.0, 0.0, 0.0]))],
        lead_time={(0, "ABROAD"): np.array([0.0, 1.25, 9.0])},
    )
    arrived = solve(arrays)["delivered"].sel(destination="ABROAD").values[:, 0]
    assert arrived.tolist() == [[8.0, 0.0, 0.0, 0.0], [0.0, 6.0, 2.0, 0.0], [0.0, 0.0, 0.0, 0.0]]


def test_arrivals_of_nothing_are_nothing():
    delivered, on_the_way = arrivals(np.zeros((2, 0, 3)), np.zeros((2, 0, 3)))
    assert delivered.shape == on_the_way.shape == (2, 0, 3)
