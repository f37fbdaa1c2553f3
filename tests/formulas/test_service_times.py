"""Distributions of times: what deviation each can have, held against what is drawn at the ends."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.engines.line.stations import KINDS, two_numbers
from cell2grid.engines.line.times import drawn
from cell2grid.formulas.service_times import DISTRIBUTIONS, ONE_NUMBER, deviation_range, possible, whole_stages


def test_each_distribution_is_drawn() -> None:
    assert set(KINDS) == set(DISTRIBUTIONS)


@pytest.mark.parametrize("kind", [name for name in DISTRIBUTIONS if name not in ONE_NUMBER])
def test_times_at_the_ends_of_the_range_are_finite_and_not_negative(kind: str) -> None:
    for deviation in deviation_range(kind, 60.0):
        assert possible(kind, 60.0, deviation)
        code, first, second = two_numbers(kind, 60.0, deviation)
        times = np.array([drawn(code, first, second, np.uint64(7), np.uint64(n)) for n in range(2000)])
        assert np.isfinite(times).all()
        assert times.min() >= -1e-12


@pytest.mark.parametrize("kind", ["uniform", "triangular", "erlang"])
def test_a_time_that_would_be_negative_is_not_possible(kind: str) -> None:
    most = deviation_range(kind, 60.0)[1]
    assert not possible(kind, 60.0, 1.001 * most)
    assert not possible(kind, 60.0, float("nan"))


def test_stages_are_counted_whole() -> None:
    """60 s and 20 s are 9 stages; a deviation of a whole mean is one stage, and a longer one less than one."""
    assert whole_stages(60.0, 20.0)
    assert whole_stages(60.0, 60.0)
    assert not whole_stages(60.0, 80.0)
