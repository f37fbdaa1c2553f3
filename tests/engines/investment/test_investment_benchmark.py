"""The benchmark of plans: every part runs once, and all programs find the same value."""

import benchmarks.investment.__main__ as benchmark
import numpy as np
import pytest
from benchmarks.investment.expansion import expansion
from benchmarks.investment.programs import PROGRAMS, as_plan
from benchmarks.investment.whole import enlarging

from cell2grid.engines.investment.building import model
from cell2grid.engines.investment.plan import fixed


@pytest.mark.parametrize("name", ["cell2grid", "cell2grid, whole call", "linopy, in memory"])
def test_programs_find_the_value_of_bare_highspy(name):
    given = expansion(2)
    assert PROGRAMS[name](given)() == pytest.approx(PROGRAMS["bare highspy"](given)(), rel=1e-9)


def test_the_expansion_has_as_many_columns_as_it_says():
    case = as_plan(expansion(3))
    problem = model(case, fixed(case), revealed=3, whole=False).problem
    assert problem.width == 3 * 1700


def test_a_thousand_decisions_are_a_thousand_whole_numbers():
    case = enlarging(10, 25.0, 1.0)
    assert np.minimum(case.most_at_once, case.most[:, None]).astype(bool).sum() == 1000


def test_the_whole_numbered_part_runs_without_judging_times(capsys):
    assert benchmark.main(["--quick", "whole"]) == 0
    assert "MISSED" not in capsys.readouterr().out
