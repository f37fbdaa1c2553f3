"""The search of a firm that has too many ways for all of them, held against all of them where they are few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from one_town import changed
from two_docks import DOCKS

from cell2grid.run.plan import searching
from cell2grid.run.plan.arrays import plan_inputs
from cell2grid.run.plan.planning import plan_study
from cell2grid.run.plan.searching import best_way
from cell2grid.run.plan.ways import CLOSED, IDLE, OPEN, Ways
from cell2grid.study.loader import parse_study

THREE_YEARS = DOCKS.replace("end: 2026-12", "end: 2028-12")


@cache
def _ways(limit: str = "", most: int = 2) -> Ways:
    text = THREE_YEARS.replace("most: 1", f"most: {most}").replace("  options:\n", f"{limit}  options:\n")
    return Ways(plan_inputs(parse_study(text)), ())


def _of(worth: dict[tuple[float, ...], float]):
    """What ways are worth, by their blocks in the first term; others nothing."""

    def found(ways: Sequence[np.ndarray]) -> np.ndarray:
        return np.array([worth.get(tuple(way[:, 0]), -1.0) if way[:, 1:].sum() == 0.0 else -1.0 for way in ways])

    return found


def test_two_moves_that_gain_only_together_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """From (1, 0), worth 5, no one move gains; one block each way changed by two moves, (2, 1), is worth 9."""
    monkeypatch.setattr(searching, "MOST_TRIED", 0)
    ways = _ways()
    worth = _of({(0.0, 0.0): 0.0, (1.0, 0.0): 5.0, (2.0, 0.0): 4.0, (1.0, 1.0): 4.0, (2.0, 1.0): 9.0})
    way, gain, searched = best_way(ways, worth, ways.nothing(), [0, 1], "heron", 1e-9)
    assert way[:, 0].tolist() == [2.0, 1.0]
    assert gain == pytest.approx(9.0)
    assert not searched.whole
    assert searched.ways == 3.0**6


def test_more_blocks_at_once_pay_where_one_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """One block costs more than it brings and three, cheaper by scale, do not: one move goes to any number of them."""
    monkeypatch.setattr(searching, "MOST_TRIED", 0)
    ways = _ways(most=3)
    worth = _of({(0.0, 0.0): 0.0, (1.0, 0.0): -3.0, (2.0, 0.0): -1.0, (3.0, 0.0): 2.0})
    assert best_way(ways, worth, ways.nothing(), [0], "heron", 1e-9)[0][0, 0] == 3.0


def test_searches_mostly_reach_the_best_of_all_ways_of_drawn_worths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worths that are quadratic in the blocks of two options in three years: 19 of 20 reach it, by moves alone 17."""
    ways = _ways('  limits: [{kind: capacity, quantity: "101 pack/year [gazette]"}]\n')
    reached = {"pairs": 0, "moves": 0}
    for seed in range(20):
        draw = np.random.default_rng(seed)
        line, square = draw.normal(1.0, 2.0, 6), draw.normal(0.0, 1.0, (6, 6))

        def worth(some: Sequence[np.ndarray], line: np.ndarray = line, square: np.ndarray = square) -> np.ndarray:
            flat = np.array([way.ravel() for way in some])
            return flat @ line + np.einsum("wi,ij,wj->w", flat, square, flat)

        gain = {}
        for name, (tried, pairs) in {"all": (1024, 0), "pairs": (0, 2048), "moves": (0, 0)}.items():
            monkeypatch.setattr(searching, "MOST_TRIED", tried)
            monkeypatch.setattr(searching, "MOST_PAIRS", pairs)
            gain[name] = best_way(ways, worth, ways.nothing(), [0, 1], "heron", 1e-9)[1]
        assert gain["moves"] <= gain["pairs"] <= gain["all"] * (1.0 + 1e-12)
        for name in reached:
            reached[name] += gain[name] == pytest.approx(gain["all"])
    assert reached["pairs"] >= 19
    assert reached["moves"] < reached["pairs"]


def test_the_states_of_a_plant_are_all_that_it_can_go_through() -> None:
    """Of two terms: 4 of open and idle, and closed from the first on or from the second after either: 7."""
    keep = ('  standing: [{plant: otter-old, fixed_cost: "1 EUR/year [gazette]", restart_cost: "1 EUR [gazette]",'
            ' mothballed_cost: "1 EUR/year [gazette]", closing_cost: "1 EUR [gazette]"}]\n  options:\n')  # fmt: skip
    text = changed(DOCKS, ("  options:\n", keep)).replace("end: 2026-12", "end: 2027-12")
    ways = Ways(plan_inputs(parse_study(text)), (1,))
    every = {tuple(way[2]) for way in ways.every(ways.nothing(), [2])}
    assert len(every) == ways.count([2]) == 7
    assert (CLOSED, OPEN) not in every
    final = Ways(plan_inputs(parse_study(text.replace('restart_cost: "1 EUR [gazette]", ', ""))), (1,))
    assert (IDLE, OPEN) not in {tuple(way[2]) for way in final.every(final.nothing(), [2])}


def test_a_result_says_what_was_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_TRIED", 1)
    told = plan_study(parse_study(DOCKS)).document
    assert [(row["firm"], row["ways"], row["all"]) for row in told["search"]] == [
        ("heron", 2.0, False), ("otter", 2.0, False)
    ]  # fmt: skip
    assert "pairs of moves" in told["method"]
    assert any("heron has 2 ways, of which" in note for note in told["notes"])
