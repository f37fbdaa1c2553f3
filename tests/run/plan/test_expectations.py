"""Those who look ahead and take growth to go on build too much when it ends: worked by hand, and its refusals."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.engines.investment.plan import plan
from cell2grid.engines.investment.rolling import rolling
from cell2grid.errors import StudyError
from cell2grid.run.plan.deciding import decided
from cell2grid.run.plan.planning import changed_plan
from cell2grid.study.loader import parse_study

STUDY = """
study: boom
horizon: {start: 2020-01, end: 2024-12}
sources: {log: {title: A log, publisher: The quay, date: 2025-01-02}}
regions: {CN: {currency: CNY}}
products: {car: {counted_in: vehicle}}
firms: {north: {region: CN}}
plants:
  yard:
    {owner: north, region: CN, makes: car, capacity: "100 vehicle/year [log]", opens: "2019-01 [log]",
     marginal_cost: "50 CNY/vehicle [log]"}
markets:
  home:
    region: CN
    product: car
    demand:
      - {start: 2020-01, quantity: "100 vehicle/year [log]"}
      - {start: 2021-01, quantity: "200 vehicle/year [log]"}
      - {start: 2022-01, quantity: "200 vehicle/year [log]"}
investment:
  currency: CNY
  foresight: myopic
  window: "2 year [log]"
  discount_rate: "0 percent/year [log]"
  unserved_cost: "1000 CNY/vehicle [log]"
  expectations:
    - {growth: "0 percent/year [log]", end: 2020-12}
    - {growth: as-before, start: 2021-01}
  options:
    yard-two:
      {firm: north, region: CN, makes: car, block: "100 vehicle/year [log]", lead_time: "12 month [log]",
       capital_cost: "1000 CNY [log]", marginal_cost: "50 CNY/vehicle [log]", most: 9}
"""


def test_growth_that_is_taken_to_go_on_builds_what_stands_idle() -> None:
    # in 2021 demand has doubled to 200, so that 400 are expected in 2022: three blocks of 100 beside the 100 that
    # stand; 200 are asked for, and in 2022 the growth of that year, nothing, is expected
    found = decided(parse_study(STUDY))
    assert found.found.decisions.built[0].round(6).tolist() == [[0.0, 3.0, 0.0, 0.0, 0.0]]
    # one who knows what comes sees 2021 coming, and builds one block a year before
    known = STUDY.replace('    - {growth: "0 percent/year [log]", end: 2020-12}\n', "").replace(
        "    - {growth: as-before, start: 2021-01}\n", ""
    )
    known = known.replace("  expectations:\n", "")
    assert decided(parse_study(known)).found.decisions.built[0].round(6).tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]]


def test_growth_is_remembered_over_some_years_and_ends_after_some() -> None:
    # over the two years to 2022 100 have become 400, so that in 2022 demand is expected to double: 800 in 2023 and,
    # for one who sees no end of it, 1,600 in 2024; one who remembers the last year alone has seen it stand still
    text = STUDY.replace('"200 vehicle/year', '"400 vehicle/year').replace('window: "2', 'window: "3')
    text = text.replace("end: 2020-12", "end: 2021-12").replace("most: 9", "most: 30")
    text = text.replace("start: 2021-01}", 'start: 2022-01, over: "2 year [log]", lasting: "1 year [log]"}')
    built = decided(parse_study(text)).found.decisions.built[0].round(6)
    assert built.tolist() == [[0.0, 3.0, 4.0, 0.0, 0.0]]
    short = decided(parse_study(text.replace('over: "2', 'over: "1'))).found.decisions.built[0].round(6)
    assert short.tolist() == [[0.0, 3.0, 0.0, 0.0, 0.0]]


def test_one_who_only_expects_what_comes_looks_again_to_the_end() -> None:
    # the window reaches the end at once, and still what is decided in 2021 follows from what is asked for in 2021:
    # from 100 a doubling each year is expected in 2020, for which a block opens in 2021; then demand stands at 100
    # (2021 and 2022), 200 are expected for the year after each time, and the block is there already
    asked = np.array([[[100.0, 100.0, 100.0]]])
    case = plan(
        demand=asked, unserved_cost=50.0, standing_capacity=100.0, step_cost=5.0, option_plant=[0], block=[100.0],
        most=[9], most_at_once=[[9, 9, 9]], block_cost=[[[20.0, 20.0, 20.0]]], ready=[[0.0, 1.0, 1.0]],
    )  # fmt: skip
    found = rolling(case, window=3, expected=np.full((1, 3), 1.0))
    assert found.planned.decisions.built[0].round(6).tolist() == [[1.0, 0.0, 0.0]]
    assert len(found.windows) == 3


def test_one_who_expects_what_comes_plans_as_one_who_knows_it() -> None:
    asked = np.array([[[60.0, 90.0, 135.0, 202.5]]])
    case = plan(
        demand=asked,
        unserved_cost=50.0,
        standing_capacity=60.0,
        step_cost=5.0,
        option_plant=[0],
        block=[30.0],
        most=[9],
        most_at_once=[[9, 9, 9, 9]],
        block_cost=[[[200.0, 180.0, 150.0, 100.0]]],
    )
    known = rolling(case, window=3)
    expected = rolling(case, window=3, expected=np.full((1, 4), 0.5))
    assert expected.planned.objective == pytest.approx(known.planned.objective, rel=1e-9)
    np.testing.assert_allclose(expected.planned.decisions.built, known.planned.decisions.built, atol=1e-9)


def test_who_is_to_see_all_of_the_horizon_expects_nothing() -> None:
    seen = changed_plan(parse_study(STUDY), foresight="perfect")
    assert decided(seen).found.decisions.built[0].round(6).tolist() == [[1.0, 0.0, 0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('    - {growth: "0 percent/year [log]", end: 2020-12}\n', "", "needs the twelve months before it"),
        ("as-before, start: 2021-01", "as-before, market: hoem", "'hoem' is not among the markets"),
        ("as-before, start: 2021-01", "as-before, start: 2022-01, end: 2021-01", "2021-01 is before the start 2022-01"),
        ('  foresight: myopic\n  window: "2 year [log]"\n', "", "write 'foresight: myopic', or leave them out"),
        ('  unserved_cost: "1000 CNY/vehicle [log]"\n', "", "add 'unserved_cost'"),
        ('"0 percent/year [log]", end', '"0 .. 5 percent/year [log]", end', "is a range; give one number"),
        ("as-before, start", 'as-before, lasting: "1 .. 2 year [log]", start', "is a range; give one number"),
        ('"0 percent/year [log]", end', '"0 percent/year [log]", over: "2 year [log]", end', "leave one of them out"),
        (
            'start: 2020-01, quantity: "100 vehicle/year [log]"',
            'start: 2020-01, quantity: "0 vehicle/year [log]"',
            "nothing is asked for a year before 2021",
        ),
    ],
)
def test_what_cannot_be_expected_is_refused(old: str, new: str, said: str) -> None:
    text = STUDY.replace("growth: as-before, start: 2021-01", "growth: as-before") if "needs the" in said else STUDY
    with pytest.raises(StudyError, match=said):
        decided(parse_study(text.replace(old, new)))
