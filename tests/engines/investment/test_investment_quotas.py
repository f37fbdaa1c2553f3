"""Quotas of plans: what is above one pays more, whoever of those who share it that is."""

import numpy as np
import pytest

from cell2grid.engines.investment.plan import plan
from cell2grid.engines.investment.planned import best
from cell2grid.errors import EngineError


def _shared(over, **more):
    """Ten are wanted. Abroad one makes up to 5 at 5 and one any number at 6, both within a quota of 4; at home 9."""
    given = {
        "demand": [[[10.0]]],
        "standing_capacity": [[[5.0], [20.0], [20.0]]],
        "step_cost": [[[[5.0]], [[6.0]], [[9.0]]]],
        "in_quota": [[[1.0], [1.0], [0.0]]],
        "quota": [[[4.0]]],
        "over_on_cost": [[[over]]],
    }
    return plan(**(given | more))


def test_a_quota_goes_to_whom_it_saves_most():
    """Above it the first pays 5 x 1.5 = 7.5 and the second 9: 4 x 6 of the second within, 5 x 7.5, 1 x 9: 70.5.

    With the places given to the first it would be 4 x 5 + 7.5 + 5 x 9 = 72.5. At twice the cost above it neither comes:
    4 x 5 and 6 x 9 are 74. Without an end of the quota, 5 x 5 + 5 x 6 = 55.
    """
    found = best(_shared(0.5))
    assert found.objective == pytest.approx(70.5)
    assert found.sales[0, 0, 0, 0] == pytest.approx(5.0)
    assert found.cost[0] == pytest.approx(70.5)
    assert best(_shared(1.0)).objective == pytest.approx(74.0)
    assert best(_shared(1.0, quota=[[[np.inf]]])).objective == pytest.approx(55.0)


def test_each_of_two_quotas_is_by_itself():
    """Ten of the second plant: 6 each, 1 more for 6 items above a quota of 4, 2 more for 3 above one of 7: 72."""
    two = {
        "standing_capacity": [[[0.0], [20.0], [0.0]]],
        "in_quota": [[[0.0], [1.0], [0.0]]] * 2,
        "quota": [[[4.0], [7.0]]],
        "over_on_cost": 0.0,
        "over_amount": np.array([1.0, 2.0])[None, :, None, None, None] * np.ones((1, 2, 3, 1, 1)),
    }
    assert best(_shared(0.0, **two)).objective == pytest.approx(72.0)


def test_steps_of_cost_are_above_a_quota_by_their_own_cost():
    """A plant makes 5 at 2 and more at 4; all 10 are wanted, 6 within a quota: 10 + 20 + half of 4 at 2 each: 34."""
    steps = {
        "standing_capacity": [[[20.0]]],
        "step_width": [[[[5.0], [np.inf]]]],
        "step_cost": [[[[2.0], [4.0]]]],
        "in_quota": [[[1.0]]],
        "quota": [[[6.0]]],
    }
    assert best(_shared(0.5, **steps)).objective == pytest.approx(34.0)


def test_who_pays_less_above_a_quota_than_within_is_refused():
    with pytest.raises(EngineError, match=r"over_on_cost of .* quota 'quota 1', term 'term 1' is -0"):
        best(_shared(-0.1))
    with pytest.raises(EngineError, match="above a quota pays less than one within it"):
        best(_shared(0.5, step_cost=[[[[-5.0]], [[6.0]], [[9.0]]]]))
