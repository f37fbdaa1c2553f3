"""Power in a vote: councils of the textbooks, laws, and counting one by one."""

from __future__ import annotations

from itertools import permutations, product
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.formulas.ownership.voting import banzhaf, power, shapley_shubik, whole_votes


def test_who_has_more_than_half_decides_alone() -> None:
    for votes in ([51, 39, 5, 5], [51, 39, 5]):
        found = power(votes, quota=51, rest=100 - sum(votes))
        assert found.banzhaf[0] == 1.0
        assert found.shapley[0] == pytest.approx(1.0)
        assert not found.banzhaf[1:].any()


def test_fifty_forty_nine_and_one() -> None:
    """Deciding coalitions: ab, ac, abc. a tips all three, b one, c one: 3/5, 1/5, 1/5. Orders: a tips 4 of 6."""
    assert banzhaf([50, 49, 1], quota=51) == pytest.approx([0.6, 0.2, 0.2])
    assert shapley_shubik([50, 49, 1], quota=51) == pytest.approx([4 / 6, 1 / 6, 1 / 6])


def test_the_security_council() -> None:
    """Five with a veto and four of ten others: 39 votes of 7 each and 1 each; 421/2145 and 4/2145."""
    found = power([7] * 5 + [1] * 10, quota=39)
    assert found.shapley[0] == pytest.approx(421 / 2145)
    assert found.shapley[-1] == pytest.approx(4 / 2145)
    assert found.banzhaf[0] == pytest.approx(848 / (5 * 848 + 10 * 84))


def test_the_council_of_1958_gave_luxembourg_no_power() -> None:
    found = power([4, 4, 4, 2, 2, 1], quota=12)
    assert found.banzhaf == pytest.approx([5 / 21] * 3 + [3 / 21] * 2 + [0.0])
    assert found.shapley == pytest.approx([14 / 60] * 3 + [9 / 60] * 2 + [0.0])


def test_an_ocean_of_small_holders_by_hand() -> None:
    """40 and 60 atomistic: alone the one tips where the ocean has come in with 10 to 50 of 60 (quota 50).

    Shapley: t from 1/6 to 5/6, so 2/3. Banzhaf: half the ocean is 30, 30 < 50 <= 70: always.
    """
    found = power([40], quota=50, rest=60)
    assert found.shapley == pytest.approx([2 / 3])
    assert found.banzhaf == pytest.approx([1.0])


def test_many_small_holders_come_near_the_ocean() -> None:
    """30 and 10 of 90 votes against 50 in ones: with half of these the first has 55, the second 35."""
    ocean = power([30, 10], quota=45, rest=50)
    grains = power([30, 10, *[1] * 50], quota=45.5)
    assert ocean.shapley == pytest.approx(grains.shapley[:2], abs=0.02)
    assert ocean.banzhaf == pytest.approx(grains.banzhaf[:2] / grains.banzhaf[:2].sum(), abs=0.05)


def test_a_tie_that_the_ocean_breaks_is_worth_half() -> None:
    """50 and 50, 20 atomistic, half of 120 is 60: one of the two with half the ocean has 60, a hair more decides.

    Each turns 10 of 120 into a tie (half), and a tie into 110 (half): 1/2 each; shared evenly.
    """
    assert power([50, 50], quota=60, rest=20).banzhaf == pytest.approx([0.5, 0.5])


boards = st.lists(st.integers(0, 12), min_size=1, max_size=6).filter(any)


def _wins(votes, members, quota) -> bool:
    return sum(votes[place] for place in members) >= quota


@given(boards, st.data())
@settings(max_examples=60)
def test_counting_one_by_one_gives_the_same(votes, data) -> None:
    quota = data.draw(st.integers(1, sum(votes)))
    holders = range(len(votes))
    swings = [0] * len(votes)
    for said in product((False, True), repeat=len(votes)):
        yes = [place for place in holders if said[place]]
        for place in yes:
            swings[place] += _wins(votes, yes, quota) and not _wins(votes, [one for one in yes if one != place], quota)
    tips = [0] * len(votes)
    for order in permutations(holders):
        tips[next(who for count, who in enumerate(order, 1) if _wins(votes, order[:count], quota))] += 1
    found = power(votes, quota=quota)
    assert found.banzhaf == pytest.approx(np.array(swings) / sum(swings))
    assert found.shapley == pytest.approx(np.array(tips) / factorial(len(votes)))


@given(st.lists(st.integers(0, 400), min_size=1, max_size=25).filter(any), st.floats(0.01, 1.0))
@settings(max_examples=40, deadline=None)
def test_power_adds_up_and_is_the_same_for_equal_votes_and_none_for_a_dummy(votes, part) -> None:
    quota = max(1, round(part * sum(votes)))
    found = power([*votes, 0], quota=quota)
    for index in (found.banzhaf, found.shapley):
        assert index.sum() == pytest.approx(1.0)
        assert index[-1] == 0.0
        for votes_of in set(votes):
            same = index[:-1][[each == votes_of for each in votes]]
            assert np.ptp(same) <= 1e-12
        ordered = index[np.argsort([*votes, 0], kind="stable")]
        assert (np.diff(ordered) >= -1e-12).all(), "more votes never have less power"


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12).filter(any), st.integers(1, 300))
@settings(max_examples=40, deadline=None)
def test_holders_beside_an_ocean_have_no_more_than_all_power(votes, rest) -> None:
    total = sum(votes) + rest
    found = power(votes, quota=total / 2, rest=rest)
    assert (found.shapley >= -1e-12).all()
    assert found.shapley.sum() <= 1.0 + 1e-9
    assert found.banzhaf.sum() == pytest.approx(1.0) or not found.banzhaf.any()


def test_a_board_of_twenty_five_of_uneven_shares() -> None:
    shares = np.linspace(1.0, 3.0, 25)
    votes, _ = whole_votes(shares / shares.sum())
    assert sum(power(votes, quota=sum(votes) // 2 + 1).shapley) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("votes", "quota", "words"),
    [
        ([1] * 61, 31, "61 holders vote, above 60"),
        ([1, -2], 1, "holder 1: -2 is no whole number"),
        ([1, 2], 4, "quota 4 is not above 0 and at most all 3 votes"),
        ([1, 2], 0, "quota 0 is not above 0"),
        ([200_000, 1], 5, "200,001 votes are cast, above 200,000"),
    ],
)
def test_a_vote_that_cannot_be_is_refused(votes, quota, words) -> None:
    with pytest.raises(InputError, match=words):
        power(votes, quota=quota)
