"""Plans at the least cost against an independent programme, in whole blocks and in parts of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from drawn_plans import random_plan
from plain_plan import Plan

from cell2grid.engines.investment.planned import best
from cell2grid.run.plan.arrays import plan_inputs
from cell2grid.run.plan.deciding import futures_of
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

HARBOUR = Path(__file__).with_name("harbour.yaml").read_text(encoding="utf-8")


def _hold(study: Study) -> None:
    plain = Plan(study)
    assert plan_study(study, members=2).document["objective"] == pytest.approx(plain.least(), rel=1e-7)
    inputs = plan_inputs(study, futures_of(study)[0])
    parts = best(inputs.plan, inputs.labels, whole=False).objective
    assert parts == pytest.approx(plain.least(whole=False), rel=1e-7)


def test_the_plan_of_the_harbour_is_that_of_the_plain_programme() -> None:
    rates = '  currency: EUR\n  gap: "0 percent [gazette]"\n  discount_rate'
    _hold(parse_study(HARBOUR.replace("  currency: EUR\n  discount_rate", rates)))


@pytest.mark.parametrize("first", range(0, 20, 5))
def test_drawn_plans_are_those_of_the_plain_programme(first: int) -> None:
    for seed in range(first, first + 5):
        _hold(parse_study(yaml.safe_dump(random_plan(seed), sort_keys=False)))
