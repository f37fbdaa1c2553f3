"""Intervals from batch means: by hand, what widens them, and how often they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from lines_at_hand import throughput

from cell2grid.engines.line import interval


def test_thirty_batches_by_hand() -> None:
    """Half are 2 and half 4, in turn: mean 3, standard deviation √(30/29), t(29) = 2.0452, so ± 2.0452 √(1/29)."""
    mean, half = interval.widened(np.array([2.0, 4.0] * 15))
    assert mean == 3.0
    assert half == pytest.approx(2.0452 * (1 / 29) ** 0.5, rel=1e-4)


def test_batches_that_depend_widen_the_interval() -> None:
    """The same numbers in two runs of 15 have a correlation of 28/30 with their neighbours, taken as 0.9: √19 wider."""
    apart = interval.widened(np.array([2.0, 4.0] * 15))[1]
    together = interval.widened(np.array([2.0] * 15 + [4.0] * 15))[1]
    assert together == pytest.approx(apart * 19**0.5, rel=1e-12)


def test_very_uneven_times_leave_the_upper_end_open() -> None:
    assert interval.rate(np.array([1000.0] + [1e-6] * 29))[2] == float("inf")


def test_a_gain_between_runs_with_the_same_numbers_has_their_difference_alone() -> None:
    noise = np.random.default_rng(2).normal(0.0, 0.1, 30)
    gain, low, high = interval.gain(4.0 + noise, 2.0 + noise)
    slope = 1.0 / ((4.0 + noise.mean()) * (2.0 + noise.mean()))
    assert gain == pytest.approx(2.0 * slope)
    assert high - low < 1e-9


# lines like M/M/1 (a source of load 0.8 and a server), exponential ones, and one with parallel machines
COVERED = [
    ({"means": [1.25, 1.0], "buffers": [1000], "items": 5000}, 0.8),
    ({"means": [1.0, 1.0], "buffers": [0], "items": 5000}, 2 / 3),
    ({"means": [1.0] * 4, "buffers": [1] * 3, "items": 5000}, 0.6311526853770527),
    ({"means": [1.0] * 2, "buffers": [0], "items": 5000, "machines": 2}, 1.5),
]


@pytest.mark.parametrize(("given", "exact"), COVERED)
def test_the_interval_holds_the_truth_about_as_often_as_it_says(given: dict[str, object], exact: float) -> None:
    """95 % of 300 intervals are 285; five standard deviations of chance are 19, and a little wide is allowed."""
    held = 0
    for seed in range(300):
        _, low, high = throughput(**given, seed=seed)
        held += low <= exact <= high
    assert 300 * 0.95 - 16 <= held <= 299
