"""Plans that cannot be, and numbers that no plan can have."""

import numpy as np
import pytest

from cell2grid.engines.investment import planned as module
from cell2grid.engines.investment.plan import Labels, fixed, plan
from cell2grid.engines.investment.planned import best
from cell2grid.errors import EngineError, InfeasibleError, NotConvergedError, UnboundedError


def _case(**more):
    """Demand 8 and then 18 in Norway; Oslo makes 9, and one block of 4 can be added to it."""
    given = {
        "demand": [[[8.0, 18.0]]],
        "standing_capacity": 9.0,
        "step_cost": 5.0,
        "option_plant": [0],
        "block": [4.0],
        "most": [1],
        "most_at_once": [[1, 1]],
        "block_cost": [[[35.0, 35.0]]],
    }
    return plan(**(given | more))


def _labels(**more):
    given = {
        "term": ("2026", "2027"),
        "plant": ("oslo",),
        "market": ("norway",),
        "option": ("hall",),
        "scenario": ("",),
        "sales_limit": (),
        "spending_limit": (),
        "capacity_limit": (),
        "item": "pack",
        "currency": "NOK",
    }
    return Labels(**(given | more))


def _refusal(case, labels, error=InfeasibleError):
    with pytest.raises(error) as caught:
        best(case, labels)
    return str(caught.value)


def test_demand_beyond_all_capacity_names_market_term_plant_and_option():
    said = _refusal(_case(), _labels())
    assert "demand of market 'norway' in 2027 (18 pack/year)" in said
    assert "5 pack/year is missing" in said
    assert "capacity of plant 'oslo' in 2027 (9 pack/year" in said
    assert "option 'hall'" in said


def test_a_market_that_nothing_reaches_is_told_as_such():
    case = _case(demand=[[[8.0, 8.0], [1.0, 1.0]]], freight=[[[[0.0, 0.0], [np.nan, np.nan]]]])
    said = _refusal(case, _labels(market=("norway", "moon")))
    assert (
        "demand of market 'moon' in 2026 (1 pack/year) cannot be kept to; 1 pack/year is missing (and 1 other)" in said
    )
    assert "nothing that is made or can be built does anything for it" in said


def test_what_contradicts_is_told_of_the_demand_that_is_named():
    """Two markets of their own, each short: what is named against one is not what forbids the other."""
    case = plan(
        demand=[[[8.0], [90.0]]],
        standing_capacity=[[[7.0], [9.0]]],
        freight=[[[[0.0], [np.nan]], [[np.nan], [0.0]]]],
    )
    labels = _labels(term=("2026",), plant=("oslo", "lund"), market=("norway", "sweden"), option=())
    said = _refusal(case, labels)
    assert "market 'sweden' in 2026 (90 pack/year)" in said
    assert "plant 'lund'" in said
    assert "oslo" not in said


def test_a_spending_limit_is_named_where_it_forbids_the_block():
    case = _case(demand=[[[8.0, 12.0]]], spending_member=[[1.0]], spending_bound=[[20.0, 20.0]])
    said = _refusal(case, _labels(spending_limit=("budget of the ministry",)))
    assert "demand of market 'norway' in 2027 (12 pack/year)" in said
    assert "budget of the ministry" in said


def test_a_site_that_is_full_already_names_what_stands_on_it() -> None:
    full = plan(
        demand=[[[8.0]]], standing_capacity=6.0, step_cost=5.0, unserved_cost=9.0, capacity_member=[[1.0]],
        capacity_bound=[[4.0]],
    )  # fmt: skip
    with pytest.raises(
        InfeasibleError, match=r"too much; it contradicts plant 'plant 1', which stands with 6 item/year"
    ):
        best(full)


def test_what_was_decided_before_is_named_as_that() -> None:
    """Nine that stand and two blocks of 4 are 17; 12 fit from the second term on."""
    late = _case(most=[3], most_at_once=[[3, 3]], unserved_cost=9.0, capacity_member=[[1.0]],
                 capacity_bound=[[np.inf, 12.0]])  # fmt: skip
    with pytest.raises(InfeasibleError, match=r"option 'option 1': 2 decided on in term 1"):
        best(late, held=fixed(late, built=np.array([[[2.0, np.nan]]])))


def test_limits_that_contradict_each_other_are_named():
    """At least 60 % and at most 50 % from Oslo."""
    case = plan(
        demand=[[[10.0]]],
        standing_capacity=[[[10.0], [10.0]]],
        sales_weight=[[[0.6 - 1.0], [0.6]], [[0.5], [-0.5]]],
        sales_bound=[[[0.0], [0.0]]],
    )
    labels = _labels(
        term=("2026",), plant=("oslo", "lund"), option=(), sales_limit=("local content of oslo", "exports of oslo")
    )
    said = _refusal(case, labels)
    assert "local content of oslo" in said
    assert "exports of oslo" in said
    assert "2026" in said


def test_limits_that_only_whole_blocks_break_are_named():
    """A block of 4 does not fit under 11 beside 9, and without it 12 are not met; half of one would meet 11."""
    case = _case(demand=[[[8.0, 11.0]]], capacity_member=[[1.0]], capacity_bound=[[11.0, 11.0]])
    assert best(case, whole=False).decisions.built.sum() == pytest.approx(0.5)
    said = _refusal(case, _labels(capacity_limit=("site of oslo",)))
    assert "norway" in said
    assert "site of oslo" in said


def test_a_scenario_that_cannot_be_served_is_named():
    case = _case(demand=[[[8.0, 9.0]], [[8.0, 18.0]]])
    assert "scenario 'boom'" in _refusal(case, _labels(scenario=("plain", "boom")))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("step_cost", np.nan, "step_cost of plant 'oslo', term '2026' is nan"),
        ("demand", -1.0, "demand of scenario '', market 'norway', term '2026' is -1, expected 0"),
        ("block", np.inf, "block of option 'hall' is inf"),
        ("ready", 1.5, "ready of option 'hall', term '2026' is 1.5, expected 0 to 1"),
        ("discount", 0.0, "discount of term '2026' is 0"),
        ("block_cost", np.inf, "block_cost of scenario '', option 'hall', term '2026' is inf"),
        ("probability", 0.5, "probability adds up to 0.5"),
        ("option_plant", 3, "option_plant points to 3"),
    ],
)
def test_numbers_that_cannot_be_are_refused_by_name_and_place(field, value, said):
    case = _case()
    wrong = np.full_like(getattr(case, field), value)
    said = said.replace("step_cost of plant", "step_cost of scenario '', plant")
    assert said in _refusal(case._replace(**{field: wrong}), _labels(), EngineError)


def test_an_array_of_another_shape_is_refused():
    assert "has the shape" in _refusal(_case()._replace(block=np.ones(2)), _labels(), EngineError)


def test_steps_of_cost_that_fall_are_refused():
    case = _case(step_width=[[[[5.0, 5.0], [np.inf, np.inf]]]], step_cost=[[[[5.0, 5.0], [4.0, 4.0]]]])
    assert "step_cost of plant 0 falls" in _refusal(case, _labels(), EngineError)


def test_a_search_that_is_stopped_without_a_plan_is_refused(monkeypatch):
    stopped = {"status": "stopped", "said": "Time limit reached", "found": np.inf}
    real = module.minimum
    monkeypatch.setattr(module, "minimum", lambda *each, **more: real(*each, **more)._replace(**stopped))
    with pytest.raises(NotConvergedError, match=r"Time limit reached.*allow more time"):
        best(_case(demand=[[[8.0, 9.0]]]), any_gap=True)


def test_a_plan_that_may_be_far_from_the_best_is_refused_or_says_so(monkeypatch):
    """A search that ends with a plan for 100 and a bound of 80."""
    case = _case(demand=[[[8.0, 9.0]]])
    real = module.minimum

    def stopped(linear, **more):
        found = real(linear, **more)
        if not linear.whole.any():
            return found
        return found._replace(status="stopped", said="Time limit reached", bound=found.found * 0.8)

    monkeypatch.setattr(module, "dived", lambda *_, **__: None)
    monkeypatch.setattr(module, "minimum", stopped)
    with pytest.raises(NotConvergedError, match=r"20\.0% from the best, asked for 1\.0%"):
        best(case)
    taken = best(case, any_gap=True)
    assert taken.status == "stopped"
    assert taken.gap == pytest.approx(0.2)


def test_an_answer_that_violates_its_conditions_is_refused(monkeypatch):
    monkeypatch.setattr(module, "residual", lambda *_: 1e-3)
    with pytest.raises(NotConvergedError, match="violates its conditions"):
        best(_case(demand=[[[8.0, 9.0]]]))


def test_a_plan_that_earns_without_bound_is_refused(monkeypatch):
    real = module.minimum
    monkeypatch.setattr(module, "minimum", lambda *each, **more: real(*each, **more)._replace(status="unbounded"))
    with pytest.raises(UnboundedError, match="without bound"):
        best(_case(demand=[[[8.0, 9.0]]]))
