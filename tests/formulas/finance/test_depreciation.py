"""Depreciation: the tables of the law, the computed ones by hand, and what is written off of several amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import InputError
from cell2grid.formulas.finance import depreciation_names, depreciation_shares, depreciations

LIVES = st.one_of(st.integers(1, 40).map(float), st.floats(1.0, 40.0))


def test_macrs_tables_are_those_of_publication_946() -> None:
    """Year 1 of 5, 7, 15 and 20 years, half a year each, and the last year of 5 years."""
    firsts = [depreciation_shares(f"macrs-{years}", 20.0, 1)[1] for years in (5, 7, 15, 20)]
    assert firsts == pytest.approx([0.2, 0.1429, 0.05, 0.0375])
    assert depreciation_shares("macrs-5", 20.0, 8)[4:].tolist() == pytest.approx([0.1152, 0.1152, 0.0576, 0.0, 0.0])


@pytest.mark.parametrize("name", depreciation_names())
def test_shares_add_up_to_all_and_begin_after_year_0(name: str) -> None:
    shares = depreciation_shares(name, 12.0, 40)
    assert shares[0] == 0.0
    assert shares.sum() == pytest.approx(1.0, abs=1e-12)
    assert (shares >= 0.0).all()


@given(st.sampled_from(["straight-line", "declining-balance"]), LIVES)
def test_computed_shares_add_up_to_all_within_the_life(name: str, life: float) -> None:
    shares = depreciation_shares(name, life, 41)
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert shares[int(np.ceil(life)) + 1 :].sum() == 0.0
    assert (shares >= 0.0).all()


def test_declining_balance_turns_straight_where_that_is_more() -> None:
    """Five years at 40 %: 0.4, 0.24, 0.144; of the 0.216 left, half in each of two years is more than 40 %."""
    expected = [0.0, 0.4, 0.24, 0.144, 0.108, 0.108]
    assert depreciation_shares("declining-balance", 5.0, 5).tolist() == pytest.approx(expected)


def test_lives_differ_by_member() -> None:
    assert depreciation_shares("straight-line", [1.0, 2.0], 2).tolist() == [[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]]


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'macrs-6' is not one of straight-line, declining-balance, macrs-3"):
        depreciation_shares("macrs-6", 5.0, 5)


@given(st.sampled_from(depreciation_names()), st.lists(st.floats(0.0, 1e6), min_size=2, max_size=25))
def test_what_is_written_off_adds_up_to_what_was_spent(name: str, bases: list[float]) -> None:
    last = len(bases)
    written = depreciations([*bases, 0.0], depreciation_shares(name, 9.0, last), last=last)
    assert written.sum() == pytest.approx(sum(bases), rel=1e-9, abs=1e-6)
    assert written[0] == 0.0
