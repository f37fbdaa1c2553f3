from __future__ import annotations

import numpy as np
import pytest
import rainflow as library
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.engines.ageing import rainflow
from cell2grid.errors import InputError

runs = st.lists(st.integers(0, 6).map(lambda n: n / 6), min_size=3, max_size=60)


def test_the_example_of_the_standard_has_the_cycles_of_the_standard():
    """ASTM E1049-85, figure 6: peaks -2 1 -3 5 -1 3 -4 4 -2.

    Ranges 3 (-2 to 1), 4 (1 to -3), 8 (-3 to 5), 9 (5 to -4), 8 (-4 to 4) and 6 (4 to -2) are half cycles; 4 (-1 to 3)
    is a full one.
    """
    found = rainflow([-2, 1, -3, 5, -1, 3, -4, 4, -2])
    counted = sorted(zip(found.depth.tolist(), found.count.tolist(), strict=True))
    assert counted == [(3, 0.5), (4, 0.5), (4, 1.0), (6, 0.5), (8, 0.5), (8, 0.5), (9, 0.5)]


@given(runs)
def test_the_cycles_are_those_of_the_rainflow_library(run):
    found = rainflow(run)
    ours = zip(found.depth, found.mean, found.count, found.begin, found.end, strict=True)
    assert [tuple(map(float, row)) for row in ours] == [tuple(map(float, row)) for row in library.extract_cycles(run)]


@given(runs)
def test_what_the_cycles_go_up_and_down_is_what_the_levels_do(run):
    found = rainflow(run)
    assert np.sum(2 * found.depth * found.count) == pytest.approx(np.abs(np.diff(run)).sum())


@given(runs, st.integers(1, 5))
def test_steps_at_the_same_level_add_no_cycles(run, times):
    once, often = rainflow(run), rainflow(np.repeat(run, times))
    assert once.depth.tolist() == often.depth.tolist()
    assert once.count.tolist() == often.count.tolist()


def test_two_levels_are_half_a_cycle_and_one_is_none():
    assert rainflow([0.2, 0.9]).count.tolist() == [0.5]
    assert len(rainflow([0.2]).count) == len(rainflow([]).count) == 0


def test_a_level_that_is_no_number_is_refused():
    with pytest.raises(InputError, match="level 1 is nan"):
        rainflow([0.0, float("nan")])
    with pytest.raises(InputError, match="2 dims"):
        rainflow([[0.0, 1.0]])
