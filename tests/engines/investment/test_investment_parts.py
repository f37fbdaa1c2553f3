"""A plan of products that have nothing in common is that of each by itself: by hand, and against the whole of it."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.engines.investment import planned
from cell2grid.engines.investment.parts import labels_of_part, parts_of, plan_of_part
from cell2grid.engines.investment.plan import Plan, numbered, plan
from cell2grid.engines.investment.planned import best
from cell2grid.errors import InfeasibleError


def _two(**more) -> Plan:
    """Two products, each with a plant of 6 at 5 apiece, a market for 8 and a block of 4 for 30 or 50; 20 for a miss."""
    given = {
        "demand": [[[8.0] * 3, [8.0] * 3]], "unserved_cost": 20.0, "standing_capacity": [[[6.0] * 3, [6.0] * 3]],
        "step_cost": 5.0, "freight": [[[[0.0], [np.nan]], [[np.nan], [0.0]]]], "option_plant": [0, 1],
        "block": [4.0, 4.0], "most": [1, 1], "most_at_once": [[1, 1, 1], [1, 1, 1]],
        "block_cost": [[[30.0] * 3, [50.0] * 3]],
    }  # fmt: skip
    return plan(**(given | more))


def test_each_product_is_decided_on_by_itself() -> None:
    """Without a block a product costs (6 x 5 + 2 x 20) x 3 = 210, with one 8 x 5 x 3 = 120 and the block.

    At 30 and 50 both are built, for 150 and 170; at 95 the second is not, since 215 is more than 210.
    """
    assert len(parts_of(_two())) == 2
    both = best(_two())
    assert (both.decisions.built.sum(axis=2).tolist(), both.objective) == ([[1.0, 1.0]], pytest.approx(320.0))
    dear = best(_two(block_cost=[[[30.0] * 3, [95.0] * 3]]))
    assert (dear.decisions.built.sum(axis=2).tolist(), dear.objective) == ([[1.0, 0.0]], pytest.approx(360.0))
    np.testing.assert_allclose(dear.unserved[0], [[0.0] * 3, [2.0] * 3], atol=1e-9)


@pytest.mark.parametrize(
    "more",
    [
        {"spending_member": [[1.0, 1.0]], "spending_bound": [[30.0] * 3]},
        {"capacity_member": [[1.0, 1.0]], "capacity_bound": [[16.0] * 3]},
        {"sales_weight": [[[1.0, 0.0], [0.0, 1.0]]], "sales_bound": [[[15.0] * 3]]},
        {"in_quota": [[[1.0, 0.0], [0.0, 1.0]]], "quota": [[[15.0] * 3]], "over_amount": 1.0},
        {"input_use": [[0.0, 1.0], [0.0, 0.0]]},
    ],
)
def test_what_binds_both_keeps_them_together(more: dict) -> None:
    assert len(parts_of(_two(**more))) == 1


def test_parts_give_what_the_whole_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(7)
    for _ in range(8):
        markets, terms = 4, 3
        lanes = np.full((6, markets, 1), np.nan)
        for plant in range(6):
            lanes[plant, [plant % 2, plant % 2 + 2], 0] = draw.uniform(0.0, 3.0, 2)
        case = plan(
            probability=[0.5, 0.5], demand=draw.uniform(5.0, 30.0, (2, markets, terms)), unserved_cost=40.0,
            standing_capacity=draw.uniform(0.0, 12.0, (1, 6, 1)), step_cost=draw.uniform(1.0, 9.0, (1, 6, 1, 1)),
            freight=lanes[None], option_plant=np.arange(6), block=draw.uniform(3.0, 9.0, 6), most=np.full(6, 3),
            most_at_once=np.full((6, terms), 2), block_cost=draw.uniform(10.0, 90.0, (1, 6, terms)),
            closing_cost=draw.uniform(0.0, 5.0, 6), open_cost=draw.uniform(0.0, 9.0, (6, 1)),
            incentive_option=[4, 1], incentive_amount=[2.0, 1.0], incentive_first=[0, 1], incentive_last=[1, 2],
            incentive_terms=[2, 3], spending_member=[[1.0, 0.0, 1.0, 0.0, 0.0, 0.0]], spending_bound=[[120.0] * terms],
        )  # fmt: skip
        assert len(parts_of(case)) == 2
        apart = best(case, gap=0.0)
        with monkeypatch.context() as patched:
            patched.setattr(planned, "parts_of", lambda given: [])
            together = best(case, gap=0.0)
        assert apart.objective == pytest.approx(together.objective, rel=1e-7)
        np.testing.assert_allclose(apart.cost, together.cost, rtol=1e-6)
        assert apart.residual <= 1e-7


def test_a_part_that_cannot_be_names_its_own_entities() -> None:
    given = _two(unserved_cost=[[[20.0], [np.nan]]], most_at_once=[[1, 1, 1], [0, 0, 0]])
    with pytest.raises(InfeasibleError, match="market 2"):
        best(given)
    second = parts_of(given)[1]
    assert labels_of_part(numbered(given), second).plant == ("plant 2",)
    assert plan_of_part(given, second).option_plant.tolist() == [0]
