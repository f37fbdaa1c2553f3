"""Market cases in Python: what is left open is told as a range, and the table of the supply stack."""

from __future__ import annotations

import pytest

from cell2grid.errors import InputError
from cell2grid.results import TABLES
from cell2grid.run.market_case import solve_case, supply_stack
from cell2grid.study.case_file import parse_case

TWO = """
currency: EUR
regions:
  r: {demand: {form: linear, intercept: 100, slope: 1}}
  s: {demand: {form: isoelastic, scale: 2000, elasticity: 1}}
firms:
  near: {conduct: competitive, plants: {a: {region: r, capacity: 30, cost: {constant: 30}}}}
  far: {conduct: competitive, plants: {b: {region: s, cost: {steps: [[40, 10], {cost: 20, width: 60}]}}}}
freight: {s: {r: 8}}
duties: [{to: r, rate: 0.5, amount: 2}]
"""


def test_the_stack_has_the_blocks_by_cost_delivered_what_is_sold_of_each_demand_and_price() -> None:
    """Into r, b's steps cost (10 + 8) x 1.5 + 2 = 29 and (20 + 8) x 1.5 + 2 = 44, a's 30 at home 30."""
    answer = solve_case(parse_case(TWO))
    frame = supply_stack(answer.arrays, answer.solved, unit="GWh", currency="EUR/kWh")
    assert list(frame.columns) == list(TABLES["supply_stack"])
    in_r = frame[frame["market"] == "r"]
    blocks = in_r[in_r["kind"] == "plant"]
    assert blocks["plant"].tolist() == ["far/b", "near/a", "far/b"]
    assert blocks["cost"].tolist() == pytest.approx([29.0, 30.0, 44.0])
    assert blocks["begin"].tolist() == pytest.approx([0.0, 40.0, 70.0])
    assert blocks["finish"].tolist() == pytest.approx([40.0, 70.0, 130.0])
    sold = answer.document["sales"]
    assert blocks["sold"].sum() == pytest.approx(sold["near"]["r"] + sold["far"]["r"])
    price = in_r[in_r["kind"] == "price"].iloc[0]
    assert (price["cost"], price["finish"]) == pytest.approx((answer.document["prices"]["r"], blocks["sold"].sum()))
    curve = in_r[in_r["kind"] == "demand"]
    assert (curve["cost"] - (100.0 - curve["begin"])).abs().max() == pytest.approx(0.0)
    bent = frame[(frame["market"] == "s") & (frame["kind"] == "demand")]
    assert (bent["begin"] - 2000.0 / bent["cost"]).abs().max() == pytest.approx(0.0, abs=1e-6)
    assert (bent["cost"].to_numpy()[1:] == bent["cost_end"].to_numpy()[:-1]).all()


def test_a_plant_whose_cost_rises_is_cut_into_pieces_and_one_without_a_limit_ends_at_what_it_sells() -> None:
    """One more costs 10 + q, P = 100 - Q, a price-taker: 45 at 55."""
    case = parse_case("""
regions: {r: {demand: {form: linear, intercept: 100, slope: 1}}}
firms: {one: {conduct: competitive, plants: {p: {region: r, cost: {power: {c: 10, scale: 1}}}}}}
""")
    answer = solve_case(case)
    frame = supply_stack(answer.arrays, answer.solved, unit="", currency="")
    blocks = frame[frame["kind"] == "plant"]
    assert len(blocks) > 3
    assert blocks["finish"].iloc[-1] == pytest.approx(45.0)
    assert blocks["cost_end"].iloc[-1] == pytest.approx(55.0)
    assert (blocks["cost"] - (10.0 + blocks["begin"])).abs().max() == pytest.approx(0.0, abs=1e-9)


def test_two_plants_of_one_firm_at_equal_cost_leave_the_plants_open_and_the_firm_not() -> None:
    """A single seller at 20 sells 40 at 60; from which of its plants is its own matter."""
    case = parse_case("""
regions: {r: {demand: {form: linear, intercept: 100, slope: 1}}}
firms: {one: {plants: {a: {region: r, cost: {constant: 20}}, b: {region: r, capacity: 30, cost: {constant: 20}}}}}
""")
    document = solve_case(case).document
    assert document["unique"] is False
    assert document["sales"]["one"]["r"] == pytest.approx(40.0)
    assert document["profits"]["one"] == pytest.approx(1600.0)
    assert document["hhi"]["r"] == pytest.approx(10_000.0)
    assert [plant["output_range"] for plant in document["plants"]] == [
        pytest.approx([10.0, 40.0], abs=1e-6),
        pytest.approx([0.0, 30.0], abs=1e-6),
    ]


def test_duties_of_sellers_of_equal_cost_are_open_where_who_sells_is() -> None:
    """At home 22, from abroad 20 with 10 % duty: 22 too. What the duty brings hangs on who sells."""
    case = parse_case("""
regions: {r: {demand: {form: linear, intercept: 100, slope: 1}}, s: }
firms:
  home: {conduct: competitive, plants: {a: {region: r, cost: {constant: 22}}}}
  away: {conduct: competitive, plants: {b: {region: s, cost: {constant: 20}}}}
freight: {s: {r: 0}}
duties: [{to: r, rate: 0.1}]
""")
    document = solve_case(case).document
    assert document["prices"]["r"] == pytest.approx(22.0)
    assert document["duty_revenue"]["r"] is None


def test_a_split_that_goes_round_in_a_circle_is_not_called_the_only_one() -> None:
    """Two price-takers in s sell to s and r at prices that differ by freight: either can serve either."""
    case = parse_case("""
regions:
  r: {demand: {form: linear, intercept: 100, slope: 1}}
  s: {demand: {form: linear, intercept: 90, slope: 1}}
firms:
  one: {conduct: competitive, plants: {a: {region: s, cost: {constant: 30}}}}
  two: {conduct: competitive, plants: {b: {region: s, capacity: 40, cost: {power: {c: 20, scale: 0.5}}}}}
freight: {s: {r: 6}}
""")
    document = solve_case(case).document
    assert document["unique"] is False
    assert document["sales"]["two"] == {"r": None, "s": None}
    assert document["plants"][1]["output"] == pytest.approx(20.0)


def test_what_clarabel_cannot_say_is_refused_by_the_names_of_the_case() -> None:
    case = parse_case("""
regions: {isle: {demand: {form: isoelastic, scale: 50, elasticity: 2}}}
firms: {one: {plants: {a: {region: isle, cost: {constant: 22}}}}}
""")
    with pytest.raises(InputError, match=r"'isle'.*isoelastic"):
        solve_case(case, method="clarabel")


def test_a_method_that_there_is_not_is_refused() -> None:
    with pytest.raises(InputError, match="method is 'guess', expected one of auto, complementarity, clarabel"):
        solve_case(parse_case(TWO), method="guess")
