"""Who decides: majorities, chains, consolidated votes and unknown votes, each by hand."""

from __future__ import annotations

from datetime import date

import pytest

from cell2grid.formulas.ownership.control import control, weakest_links
from cell2grid.formulas.ownership.graph import Between, Holding, held_on


def graph(*rows: tuple[str, str, float]):
    held = [Holding(company, holder, Between(v, v, v), Between(v, v, v)) for holder, company, v in rows]
    return held_on(held, date(2025, 1, 1))


def test_a_majority_decides_and_a_half_does_not() -> None:
    assert control(graph(("a", "c", 0.51), ("b", "c", 0.49))).holders("c") == ["a"]
    assert control(graph(("a", "c", 0.5), ("b", "c", 0.5))).holders("c") == []


def test_control_passes_down_a_chain_of_majorities_and_names_its_master() -> None:
    """a has 51 % of b, b 51 % of c, c 51 % of d: a owns 13 % of d and decides in it."""
    found = control(graph(("a", "b", 0.51), ("b", "c", 0.51), ("c", "d", 0.51)))
    assert sorted(found.sure["a"]) == ["b", "c", "d"]
    assert found.ultimate("d") == ["a"]
    assert sorted(found.holders("d")) == ["a", "b", "c"]


def test_votes_of_firms_that_one_decides_in_are_added() -> None:
    """a has 30 % of d, and b and c, which are a's, 15 % each: 60 %. Without c it is 45 %, and nobody decides."""
    rows = [("a", "b", 0.8), ("a", "d", 0.3), ("b", "d", 0.15), ("c", "d", 0.15), ("x", "d", 0.4)]
    assert control(graph(("a", "c", 0.9), *rows)).ultimate("d") == ["a"]
    assert control(graph(*rows)).holders("d") == []


def test_unknown_votes_make_control_possible_and_not_sure() -> None:
    """a has 45 % and 10 % are unknown: with them 55 %. b has 45 % as well."""
    found = control(graph(("a", "c", 0.45), ("b", "c", 0.45)))
    assert not found.sure["a"]
    assert found.possible["a"] == found.possible["b"] == {"c"}
    assert not control(graph(("a", "c", 0.45), ("b", "c", 0.55))).possible["a"]


def test_a_company_casts_no_votes_in_itself() -> None:
    """45 of 90 votes are no majority; 46 of 90 are."""
    assert control(graph(("a", "c", 0.45), ("c", "c", 0.1), ("b", "c", 0.45))).holders("c") == []
    assert control(graph(("a", "c", 0.46), ("c", "c", 0.1), ("b", "c", 0.44))).holders("c") == ["a"]


def test_a_threshold_of_a_fifth() -> None:
    rows = [("a", "c", 0.25), ("b", "c", 0.15)]
    assert control(graph(*rows), threshold=0.2).holders("c") == ["a"]
    assert control(graph(*rows)).holders("c") == []


def test_two_firms_that_decide_in_one_another_are_both_named() -> None:
    assert sorted(control(graph(("a", "b", 0.6), ("b", "a", 0.6))).ultimate("a")) == ["b"]
    found = control(graph(("a", "b", 0.6), ("b", "a", 0.6), ("a", "c", 1.0)))
    assert sorted(found.ultimate("c")) == ["a", "b"]


def test_chains_are_as_strong_as_their_weakest_link() -> None:
    """11 % of a, a 21 % of b: 11 % of b. A second chain by c (60 and 8) adds 8; a stronger way to a counts alone."""
    rows = [("f", "a", 0.11), ("a", "b", 0.21), ("f", "c", 0.6), ("c", "b", 0.08)]
    assert weakest_links(graph(*rows), "b")["f"] == pytest.approx(0.19)
    assert weakest_links(graph(*rows, ("c", "a", 0.4)), "b")["f"] == pytest.approx(0.21 + 0.08)


def test_a_chain_does_not_run_through_the_company_itself() -> None:
    """b's own 30 % of a give f nothing more of b."""
    rows = [("f", "b", 0.1), ("b", "a", 0.3), ("a", "b", 0.5)]
    assert weakest_links(graph(*rows), "b") == pytest.approx({"f": 0.1, "a": 0.5})
