"""Concentration of a market: by hand, with unknown parts, and laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.formulas.concentration import concentration


def ends(found):
    return [found.ratio_low, found.ratio_high, found.index_low, found.index_high]


def test_a_market_that_is_known() -> None:
    """30, 25, 20, 15, 10: the four largest have 90; 900 + 625 + 400 + 225 + 100 = 2,250."""
    assert ends(concentration([0.3, 0.25, 0.2, 0.15, 0.1])) == pytest.approx([0.9, 0.9, 2250, 2250])


def test_one_firm_is_a_monopoly() -> None:
    assert ends(concentration([1.0])) == pytest.approx([1, 1, 10_000, 10_000])


def test_an_unknown_part_is_nobody_s_or_one_firm_s() -> None:
    """40 and 30, 30 unknown: 2,500 at least, 2,500 + 900 at most."""
    assert ends(concentration([0.4, 0.3])) == pytest.approx([0.7, 1.0, 2500, 3400])


def test_unknown_firms_are_no_larger_than_the_smallest_that_is_named() -> None:
    """40, 20 and 10 leave 30, which is three firms of 10 at most: 1,600 + 400 + 100, and 3 x 100 more."""
    assert ends(concentration([0.4, 0.2, 0.1], largest_unknown=0.1)) == pytest.approx([0.7, 0.8, 2100, 2400])


def test_an_odd_rest_is_a_smaller_firm() -> None:
    """50 and 20 leave 30: one of 20, one of 10; 2,500 + 400 + 400 + 100."""
    assert concentration([0.5, 0.2], largest_unknown=0.2).index_high == pytest.approx(3400)


def test_an_unknown_stake_could_be_the_largest_holder_s() -> None:
    """51, 39 and 5: 2,601 + 1,521 + 25 = 4,147; with 56 for the first 3,136 + 1,521 + 25 = 4,682."""
    found = concentration([0.51, 0.39, 0.05], unknown_may_be_named=True)
    assert ends(found) == pytest.approx([0.95, 1.0, 4147, 4682])


def test_nothing_known_is_anything() -> None:
    assert ends(concentration([])) == [0.0, 1.0, 0.0, 10_000.0]


@pytest.mark.parametrize(
    ("shares", "largest", "words"),
    [
        ([0.6, 0.5], None, "shares add up to 1.1, above 1"),
        ([-0.1], None, "share -0.1 is no part of a market"),
        ([float("nan")], None, "share nan is no part"),
        ([0.5], 0.0, "largest_unknown is 0.0, expected above 0"),
    ],
)
def test_what_is_no_market_is_refused(shares, largest, words) -> None:
    with pytest.raises(InputError, match=words):
        concentration(shares, largest_unknown=largest)


markets = st.lists(st.floats(0.001, 1.0), min_size=1, max_size=12).map(lambda parts: [x / sum(parts) for x in parts])


@given(markets, st.floats(0.0, 1.0))
def test_ends_hold_what_any_split_of_the_unknown_part_gives(shares, kept) -> None:
    """The part that is not kept is hidden; the whole market lies between the ends of what is left of it."""
    named = [share * kept for share in shares]
    found = concentration(named)
    hidden = [share * (1 - kept) for share in shares]
    whole = concentration([*named, *hidden])
    assert found.index_low <= whole.index_low + 1e-6 <= found.index_high + 2e-6
    assert found.ratio_low <= whole.ratio_low + 1e-9 <= found.ratio_high + 2e-9


@given(markets)
def test_a_merger_never_makes_a_market_less_concentrated(shares) -> None:
    merged = [sum(shares[:2]), *shares[2:]]
    assert concentration(merged).index_low >= concentration(shares).index_low - 1e-9
    assert concentration(merged).ratio_low >= concentration(shares).ratio_low - 1e-12
