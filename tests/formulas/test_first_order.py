"""Shares of the variance from members that there are: shares that are known, noise, and what the interval holds."""

import numpy as np
import pytest
from scipy.stats import qmc

from cell2grid.formulas.first_order import FEWEST, explained


def drawn(count, figures, seed=1):
    return np.random.default_rng(seed).random((figures, count))


@pytest.mark.parametrize("count", [200, 1000, 20_000])
def test_a_sum_of_ranges_is_shared_by_the_squares_of_their_widths(count):
    """3 x + 2 y + z + 0 w, each even on [0, 1): variances as 9 : 4 : 1 : 0, so 64.3, 28.6, 7.1 and 0 %."""
    x = drawn(count, 4)
    result = (3.0 * x[0] + 2.0 * x[1] + x[2])[None]
    room = 4.0 / count**0.5
    for share, expected in zip(x, (9 / 14, 4 / 14, 1 / 14, 0.0), strict=True):
        found = explained(share, result)
        assert found.share[0] == pytest.approx(expected, abs=room)
        assert found.low[0] <= found.share[0] <= found.high[0]
        assert found.high[0] - found.low[0] < 2.0 * room
    assert explained(x[0], result).chance[0] < 1e-6
    assert explained(x[3], result).chance[0] > 0.001


def test_ishigamis_function():
    """sin a + 7 sin² b + 0.1 c⁴ sin a on [-pi, pi): 31.4, 44.2 and 0 % (T. Ishigami, T. Homma 1990); c acts with a."""
    x = qmc.Sobol(3, rng=np.random.default_rng(5)).random(16_384).T
    a, b, c = np.pi * (2.0 * x - 1.0)
    result = (np.sin(a) + 7.0 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a))[None]
    found = [float(explained(share, result).share[0]) for share in x]
    assert found == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)


def test_what_happens_or_not_is_told_by_its_chance():
    """A stop of size 1 with chance 0.05 beside an even range of 0.3: 0.0475 against 0.0075 of variance, so 86.4 %."""
    x = drawn(20_000, 2)
    result = (np.where(x[0] < 0.05, 0.0, 1.0) + 0.3 * x[1])[None]
    told = explained(x[0], result, edges=(0.05,))
    assert told.share[0] == pytest.approx(0.0475 / 0.055, abs=0.02)
    assert told.share[0] > explained(x[0], result).share[0]


def test_values_as_reported_explain_all_of_what_they_decide():
    """Three values, one of them twice: the result is the value, and nothing is left."""
    share = drawn(500, 1)[0]
    value = np.array([1.0, 2.0, 2.0, 5.0])[(4 * share).astype(int)]
    assert explained(share, value[None], edges=(0.25, 0.75)).share[0] == pytest.approx(1.0)


def test_noise_is_told_from_shares_and_intervals_hold_what_is_true():
    """Of 200 samples of 200 members noise passes for a share in about 1 of 20, and 64.3 % is in the interval mostly."""
    taken, held, off = 0, 0, []
    for seed in range(200):
        x = drawn(200, 4, seed)
        result = (3.0 * x[0] + 2.0 * x[1] + x[2])[None]
        taken += explained(x[3], result).chance[0] < 0.05
        found = explained(x[0], result)
        held += found.low[0] <= 9 / 14 <= found.high[0]
        off.append(found.share[0] - 9 / 14)
    assert 2 <= taken <= 20
    assert held >= 175
    assert abs(np.mean(off)) < 0.01


def test_chance_is_that_of_shuffled_members():
    """The F distribution gives the chance that shuffling gives, also for a result with a long tail."""
    share = drawn(300, 1, 7)[0]
    generator = np.random.default_rng(8)
    result = np.exp(1.2 * generator.standard_normal(300)) + 0.9 * share
    told = float(explained(share, result[None]).chance[0])
    mixed = np.stack([generator.permutation(result) for _ in range(2000)])
    found = explained(share, mixed)
    assert np.mean(found.chance <= told) == pytest.approx(told, abs=0.04)


def test_several_results_at_once_are_those_one_by_one():
    x = drawn(FEWEST, 2)
    results = np.stack([x[0] + x[1], x[0] * x[1], np.exp(x[1])])
    at_once = explained(x[0], results, seed=3)
    for place, result in enumerate(results):
        alone = explained(x[0], result[None], seed=3)
        assert (alone.share[0], alone.low[0], alone.high[0]) == pytest.approx(
            (at_once.share[place], at_once.low[place], at_once.high[place])
        )


@pytest.mark.parametrize("factor", [1e-9, -3.0, 1e12])
def test_the_unit_of_a_result_changes_no_share(factor):
    x = drawn(400, 2)
    result = x[0] + x[1] ** 2
    one, other = explained(x[0], result[None]), explained(x[0], (factor * result + 5.0 * factor)[None])
    assert one.share[0] == pytest.approx(other.share[0], rel=1e-9)
    assert one.low[0] == pytest.approx(other.low[0], rel=1e-6)
