"""Foresight of some terms and several futures, by hand."""

import numpy as np
import pytest

from cell2grid.engines.investment.plan import numbered, plan
from cell2grid.engines.investment.rolling import rolling
from cell2grid.engines.investment.stochastic import stochastic
from cell2grid.errors import EngineError, InfeasibleError


def _jump(**more):
    """Demand 0, 0, 8; what is not served costs 10; a block of 8 for 30 opens two terms after the decision."""
    late = [[0.0, 0.0, 1.0]]
    given = {
        "demand": [[[0.0, 0.0, 8.0]]],
        "unserved_cost": 10.0,
        "option_plant": [0],
        "block": [8.0],
        "most": [1],
        "most_at_once": [[1, 1, 1]],
        "block_cost": [[[30.0, 30.0, 30.0]]],
        "ready": late,
        "opened": late,
    }
    return plan(**(given | more))


def test_who_does_not_see_demand_come_builds_too_late():
    """With foresight 30; who sees two terms sees none of it in the first and is too late in the second: 80."""
    found = rolling(_jump(), window=2)
    assert found.perfect.objective == pytest.approx(30.0)
    assert found.planned.objective == pytest.approx(80.0)
    assert found.regret == pytest.approx(50.0)
    assert found.windows == ((0, 2), (1, 3))
    assert rolling(_jump(), window=3).regret == pytest.approx(0.0)


def test_what_is_bought_now_is_charged_by_its_use_in_the_window():
    """A block for 30 that is open in three terms costs 10 in a window of one: less than 8 x 1.3, more than 8 x 1.2."""
    given = _jump(demand=[[[8.0, 8.0, 8.0]]], ready=[[1.0, 1.0, 1.0]], opened=[[1.0, 1.0, 1.0]])
    assert rolling(given._replace(unserved_cost=np.full((1, 1, 3), 1.3)), window=1).regret == pytest.approx(0.0)
    dear = rolling(given._replace(unserved_cost=np.full((1, 1, 3), 1.2)), window=1)
    assert dear.planned.decisions.built.sum() == 0.0


def test_a_window_must_hold_its_steps():
    with pytest.raises(EngineError, match="window of 1 terms in steps of 2"):
        rolling(_jump(), window=1, step=2)


def test_a_window_without_a_plan_says_which():
    case = _jump()._replace(unserved_cost=np.full((1, 1, 3), np.nan))
    labels = numbered(case)._replace(term=("2026", "2027", "2028"))
    with pytest.raises(InfeasibleError, match=r"foresight of 2027 to 2028.*demand of market 'market 1' in 2028"):
        rolling(case, labels, window=2)


def _newsboy():
    """Blocks of one for 6 each, up to 3; an item that is missing costs 10; demand 1, 2 or 3, as likely as not.

    One item more saves 10 x P(demand is more): the first 10, the second 6.67, the third 3.33 < 6. So two are built.
    Cost: 12 + 10 / 3 = 15.33. The mean of demand is 2, and two are built for it, too: the value is 0.
    With perfect information 6 x 2 = 12: worth 3.33.
    """
    return plan(
        demand=[[[1.0]], [[2.0]], [[3.0]]],
        unserved_cost=10.0,
        option_plant=[0],
        block=[1.0],
        most=[3],
        most_at_once=[[3]],
        block_cost=[[[6.0]]],
    )


def test_the_newsboy():
    found = stochastic(_newsboy(), gap=0.0)
    assert found.planned.decisions.built.tolist() == [[[2.0]]] * 3
    assert found.planned.objective == pytest.approx(12.0 + 10.0 / 3.0)
    assert found.planned.cost.tolist() == pytest.approx([12.0, 12.0, 22.0])
    assert found.value == pytest.approx(0.0, abs=1e-9)
    assert found.alone == pytest.approx((6.0, 12.0, 18.0))
    assert found.information == pytest.approx(10.0 / 3.0)


def test_a_plan_for_the_mean_costs_more_where_missing_is_dear():
    """At 20 for a missing item the third saves 6.67 > 6, so that three are built for 18.

    The mean's two cost 12 + 20 / 3 = 18.67: the solution is worth 0.67, and knowing 18 - 12 = 6.
    """
    found = stochastic(_newsboy()._replace(unserved_cost=np.full((3, 1, 1), 20.0)), gap=0.0)
    assert found.planned.objective == pytest.approx(18.0)
    assert found.of_mean == pytest.approx(12.0 + 20.0 / 3.0)
    assert found.value == pytest.approx(2.0 / 3.0)
    assert found.information == pytest.approx(6.0)


def test_a_plan_for_the_mean_may_be_impossible():
    """Where all demand must be met, the mean's two blocks do not do for three."""
    found = stochastic(_newsboy()._replace(unserved_cost=np.full((3, 1, 1), np.nan)), gap=0.0)
    assert found.planned.objective == pytest.approx(18.0)
    assert found.value == np.inf


def test_what_is_decided_after_the_future_is_known_follows_it():
    """Two terms, demand only in the second, known before it: each future builds what it needs for 6 apiece."""
    case = plan(
        demand=[[[0.0, 1.0]], [[0.0, 3.0]]],
        unserved_cost=10.0,
        option_plant=[0],
        block=[1.0],
        most=[3],
        most_at_once=[[3, 3]],
        block_cost=[[[5.0, 6.0]]],
    )
    found = stochastic(case, revealed=1, gap=0.0)
    # at 5 the first is needed for certain; a second and third at 5 are needed in half of all cases, at 6 when known
    assert found.planned.decisions.built.tolist() == [[[1.0, 0.0]], [[1.0, 2.0]]]
    assert found.planned.objective == pytest.approx(5.0 + 0.5 * 12.0)
    assert found.information == pytest.approx(11.0 - (5.0 + 15.0) / 2.0)
    assert stochastic(case, gap=0.0).planned.objective == pytest.approx(15.0)
