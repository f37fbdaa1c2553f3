"""Plans that are small enough for arithmetic; the numbers of each are in its docstring."""

import numpy as np
import pytest

from cell2grid.engines.investment.plan import fixed, plan
from cell2grid.engines.investment.planned import best


def _one_plant(**more):
    """Demand 8 in three terms, a plant for 6 at 5 apiece, what is missing at 20; a block of 4 for 35."""
    given = {
        "demand": [[[8.0, 8.0, 8.0]]],
        "unserved_cost": 20.0,
        "standing_capacity": [[[6.0, 6.0, 6.0]]],
        "step_cost": 5.0,
        "option_plant": [0],
        "block": [4.0],
        "most": [1],
        "most_at_once": [[1, 1, 1]],
        "block_cost": [[[35.0, 35.0, 35.0]]],
    }
    return plan(**(given | more))


def test_a_block_is_built_where_it_saves_more_than_it_costs():
    """Without: 3 x (6 x 5 + 2 x 20) = 210. With one from the first term: 3 x 8 x 5 + 35 = 155."""
    found = best(_one_plant())
    assert found.objective == pytest.approx(155.0)
    assert found.decisions.built.tolist() == [[[1.0, 0.0, 0.0]]]
    assert best(_one_plant(most_at_once=[[0, 0, 0]])).objective == pytest.approx(210.0)


def test_a_block_that_opens_later_saves_less():
    """Two terms from decision to opening: only the last of three is served, 2 x 15 = 30 < 35, so that none is built."""
    late = {"ready": [[0.0, 0.0, 1.0]], "opened": [[0.0, 0.0, 1.0]]}
    assert best(_one_plant(**late)).decisions.built.sum() == 0.0
    assert best(_one_plant(**late, block_cost=[[[29.0, 29.0, 29.0]]])).objective == pytest.approx(210.0 - 30.0 + 29.0)


def test_a_ramp_gives_a_part_of_the_block_at_each_age():
    """0, 1/4 and 1 of 4 items are 0, 1 and 2 of the 2 that are missing: 45 saved, against 35 spent: 210 - 10."""
    ramp = {"ready": [[0.0, 0.25, 1.0]], "opened": [[0.0, 1.0, 1.0]]}
    found = best(_one_plant(**ramp))
    assert found.objective == pytest.approx(200.0)
    assert found.capacity.tolist() == [[[6.0, 7.0, 10.0]]]
    assert found.unserved.tolist() == [[[2.0, 1.0, 0.0]]]


def test_fixed_cost_salvage_and_discount_are_counted():
    """Factors 1, .9, .8, at the end .7; a block for 20 with 1 a term while open and 10 got back.

    Built first: 20 + (1 + .9 + .8) - 7 = 15.7; demand 8 at 5 in all terms is 40 x 2.7 = 108.
    """
    money = {"discount": [1.0, 0.9, 0.8], "end_discount": 0.7, "fixed_cost": 1.0, "salvage": 10.0}
    found = best(_one_plant(**money, block_cost=[[[20.0, 20.0, 20.0]]]))
    assert found.objective == pytest.approx(123.7)


def test_whole_blocks_cost_more_than_parts():
    """Half a block would do: 17.5 + 120; a whole one is 35 + 120."""
    assert best(_one_plant(), whole=False).objective == pytest.approx(137.5)
    assert best(_one_plant()).objective == pytest.approx(155.0)


def test_blocks_at_once_are_cheaper_by_the_exponent():
    """Four blocks of 1 at once for 10 x 4^.5 = 20 and not 40; one after the other they would be 10 each.

    Demand 4 in two terms, all of it at 20 if it is not served: 20 + 0.
    """
    given = plan(
        demand=[[[4.0, 4.0]]],
        unserved_cost=20.0,
        option_plant=[0],
        block=[1.0],
        most=[4],
        most_at_once=[[4, 4]],
        block_cost=[[[10.0, 10.0]]],
        scale_exponent=[0.5],
    )
    found = best(given)
    assert found.objective == pytest.approx(20.0)
    assert found.spent.tolist() == [[[20.0, 0.0]]]
    # held to two and two it is 10 x 2^.5 twice, and 2 x 20 that are not served at first
    split = best(given, held=fixed(given, built=[[[2.0, 2.0]]]))
    assert split.objective == pytest.approx(2 * 10.0 * 2**0.5 + 40.0)


def test_goods_come_from_where_making_freight_and_duty_are_least():
    """Home at 10; abroad at 6 with freight 1: 7, with 25 % duty on both 8.75, and 1 more for each: 9.75 < 10.

    Abroad can make 5 of 8: 5 x 9.75 + 3 x 10 = 78.75. At 30 % it is 10.10, and all 8 are made at home for 80.
    """

    def cost(duty):
        return best(
            plan(
                demand=[[[8.0]]],
                standing_capacity=[[[20.0], [5.0]]],
                step_cost=[[[[10.0]], [[6.0]]]],
                freight=[[[[0.0]], [[1.0]]]],
                duty_on_cost=[[[[0.0]], [[duty]]]],
                duty_amount=[[[[0.0]], [[1.0]]]],
            )
        )

    assert cost(0.25).objective == pytest.approx(78.75)
    assert cost(0.25).price.item() == pytest.approx(10.0)
    assert cost(0.30).objective == pytest.approx(80.0)


@pytest.mark.parametrize(("duty", "cost"), [(0.0, 5 * 2.0 + 3 * 4.0), (0.5, 5 * 3.0 + 3 * 6.0)])
def test_steps_of_cost_are_climbed_one_after_the_other(duty, cost):
    """Five items at 2, the rest at 4; a duty of half on the cost makes it 3 and 6."""
    given = plan(
        demand=[[[8.0]]],
        standing_capacity=10.0,
        step_width=[[[[5.0], [np.inf]]]],
        step_cost=[[[[2.0], [4.0]]]],
        duty_on_cost=duty,
    )
    assert best(given).objective == pytest.approx(cost)


def test_a_step_ends_at_its_width():
    """One step of 5 items and no other: 3 of 8 are not served."""
    given = plan(demand=[[[8.0]]], unserved_cost=9.0, standing_capacity=10.0, step_width=[[[[5.0]]]], step_cost=2.0)
    assert best(given).objective == pytest.approx(5 * 2.0 + 3 * 9.0)


def test_a_plant_is_mothballed_and_opened_again():
    """Demand 4, 0, 4 and 10 a term for being open; idle 2, restart 3: 10 + 2 + 3 + 10 = 25 beats 30. Without a
    restart it stays open, and closing for 1 in a term without later demand beats both.
    """
    keep = {"standing_capacity": 4.0, "open_cost": 10.0, "idle_cost": 2.0}
    found = best(plan(demand=[[[4.0, 0.0, 4.0]]], **keep, restart_cost=3.0))
    assert found.objective == pytest.approx(25.0)
    assert found.decisions.idle.tolist() == [[[0.0, 1.0, 0.0]]]
    assert best(plan(demand=[[[4.0, 0.0, 4.0]]], **keep)).objective == pytest.approx(30.0)
    closed = best(plan(demand=[[[4.0, 0.0, 0.0]]], **keep, closing_cost=1.0))
    assert closed.objective == pytest.approx(11.0)
    assert closed.cost.tolist() == [pytest.approx(11.0)]
    assert (closed.decisions.open + closed.decisions.idle).tolist() == [[[1.0, 0.0, 0.0]]]


def test_a_plant_that_starts_mothballed_is_opened_at_a_cost():
    """10 for being open and 3 for the restart are less than 4 x 5 unserved: 13; with 4 x 2 it stays idle: 2 + 8."""
    given = {"demand": [[[4.0]]], "standing_capacity": 4.0, "open_cost": 10.0, "idle_cost": 2.0, "starts_idle": 1.0}
    assert best(plan(**given, restart_cost=3.0, unserved_cost=5.0)).objective == pytest.approx(13.0)
    assert best(plan(**given, restart_cost=3.0, unserved_cost=2.0)).objective == pytest.approx(10.0)


def test_an_incentive_is_paid_for_what_entitled_blocks_make():
    """A plant for 6 and a block of 4: of 8 items 4 are paid 3 each, in two terms from its opening.

    120 + 35 - 2 x 4 x 3 = 131; decided on in the second term it would not be entitled.
    """
    paid = {"incentive_option": [0], "incentive_amount": [3.0], "incentive_terms": [2]}
    given = _one_plant(**paid, incentive_first=[0], incentive_last=[0])
    assert best(given).objective == pytest.approx(131.0)
    # two incentives of one block add
    twice = {name: values * 2 for name, values in paid.items()}
    given = _one_plant(**twice, incentive_first=[0, 0], incentive_last=[0, 0])
    assert best(given).objective == pytest.approx(107.0)


def test_limits_bind():
    """Abroad at 6, home at 10, demand 8 at home. At most 3 from abroad: 18 + 50 = 68; at least half made at home:
    24 + 40 = 64; both are limits on sales with weights.
    """
    given = {
        "demand": [[[8.0]]],
        "standing_capacity": [[[20.0], [20.0]]],
        "step_cost": [[[[10.0]], [[6.0]]]],
    }
    assert best(plan(**given)).objective == pytest.approx(48.0)
    exports = best(plan(**given, sales_weight=[[[0.0], [1.0]]], sales_bound=[[[3.0]]]))
    assert exports.objective == pytest.approx(68.0)
    local = best(plan(**given, sales_weight=[[[0.5 - 1.0], [0.5]]], sales_bound=[[[0.0]]]))
    assert local.objective == pytest.approx(64.0)


def test_spending_in_a_year_is_limited_by_when_it_is_spent():
    """Four blocks of 1 for 10 each, 6 at once and 4 a term later; 12 a year lets two be begun, then 2 x 4 are spent
    and 4 are left, too little for 6. So two are built, and 2 x 3 of demand 4 x 3 are unserved at 9.
    """
    given = {
        "demand": [[[4.0, 4.0, 4.0]]],
        "unserved_cost": 9.0,
        "option_plant": [0],
        "block": [1.0],
        "most": [4],
        "most_at_once": [[4, 4, 0]],
        "block_cost": [[[10.0, 10.0, 10.0]]],
        "spending_profile": [[0.6, 0.4, 0.0]],
        "spending_member": [[1.0]],
    }
    found = best(plan(**given, spending_bound=[[12.0, 12.0, 12.0]]))
    assert found.decisions.built.tolist() == [[[2.0, 0.0, 0.0]]]
    assert found.spent.tolist() == [[[12.0, 8.0, 0.0]]]
    # two terms of one year share 20: 2 x 10, or three begun and 2 more than allowed
    yearly = best(plan(**given, spending_bound=[[20.0, 20.0, 20.0]], spending_group=[0, 0, 1]))
    assert yearly.spent[0, 0, :2].sum() == pytest.approx(20.0)


def test_capacity_on_site_is_limited():
    """Of four blocks three may stand besides 6 that do: at most 9 items."""
    given = _one_plant(
        demand=[[[12.0, 12.0, 12.0]]],
        block=[1.0],
        most=[4],
        most_at_once=[[4, 4, 4]],
        block_cost=[[[1.0, 1.0, 1.0]]],
        capacity_member=[[1.0]],
        capacity_bound=[[9.0, 9.0, 9.0]],
    )
    assert best(given).capacity.tolist() == [[[9.0, 9.0, 9.0]]]


def test_a_firm_sells_up_to_where_what_it_earns_is_its_cost():
    """Buyers take 3 at 10, 3 at 7 and 3 at 4; an item costs 5, a block of 5 items 10: 3 x 5 + 2 x 2 - 10 = 9.

    A second block would earn 1 x 2 and cost 10.
    """
    given = plan(
        offer_width=[[[[3.0], [3.0], [3.0]]]],
        offer_value=[[[[10.0], [7.0], [4.0]]]],
        step_cost=5.0,
        option_plant=[0],
        block=[5.0],
        most=[3],
        most_at_once=[[3]],
        block_cost=[[[10.0]]],
    )
    found = best(given)
    assert found.objective == pytest.approx(-9.0)
    assert found.taken.ravel().tolist() == pytest.approx([3.0, 2.0, 0.0])
    assert found.price.item() == pytest.approx(7.0)


def test_packs_take_in_cells():
    """A pack takes 2 cells; cells at 3 within 10 of them, packs at 1: 4 packs cost 4 x 1 + 8 x 3 = 28, and no more
    than 5 can be made, so that of 6 packs one is missing at 50.
    """

    def cost(packs):
        nan = np.nan
        return best(
            plan(
                demand=[[[0.0], [packs]]],
                unserved_cost=[[[nan], [50.0]]],
                standing_capacity=[[[10.0], [20.0]]],
                step_cost=[[[[3.0]], [[1.0]]]],
                freight=[[[[0.0], [nan]], [[nan], [0.0]]]],
                input_use=[[0.0, 0.0], [2.0, 0.0]],
            )
        ).objective

    assert cost(4.0) == pytest.approx(28.0)
    assert cost(6.0) == pytest.approx(5 * 1.0 + 10 * 3.0 + 50.0)


def test_terms_of_other_lengths_weigh_by_their_years():
    """A quarter and a year: (8 x 5) x 1.25."""
    given = plan(demand=[[[8.0, 8.0]]], standing_capacity=9.0, step_cost=5.0, years=[0.25, 1.0])
    assert best(given).objective == pytest.approx(50.0)
    assert best(given).price.ravel().tolist() == pytest.approx([5.0, 5.0])
