"""What firms build for their profit: equilibria by hand and by all ways of building, and builds that go round."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from one_town import changed
from two_docks import DOCKS

from cell2grid.errors import NotConvergedError, StudyError
from cell2grid.run.plan.arrays import plan_inputs
from cell2grid.run.plan.planning import plan_study
from cell2grid.run.plan.profit import profitable, settled
from cell2grid.run.plan.response import Answers
from cell2grid.study.loader import parse_study

HARBOUR = Path(__file__).with_name("harbour.yaml").read_text(encoding="utf-8")


def _at(capital: str) -> str:
    return DOCKS.replace('"900 EUR', f'"{capital} EUR')


@pytest.mark.parametrize(
    ("capital", "built", "price"),
    [("700", {"heron-new", "otter-new"}, 60.0), ("900", {"heron-new"}, 70.0), ("1100", set(), 80.0)],
)
def test_two_firms_that_may_build_one_block_each_by_hand(capital: str, built: set[str], price: float) -> None:
    """Both make all that they can, since a Cournot firm would make 60. A firm earns 20 x (80 - 10) = 1400 before.

    Alone it gains 40 x 60 - 1400 = 1000 by a block, after the other 40 x 50 - 20 x 60 = 800. At 700 each builds, and
    both end with 1300, below what they had; at 900 one of them does; at 1100 none.
    """
    told = plan_study(parse_study(_at(capital))).document
    assert {row["option"] for row in told["builds"]} == built
    (found,) = told["prices"]
    assert (found["with_builds"], found["without_builds"]) == (pytest.approx(price), pytest.approx(80.0))
    worth = {row["firm"]: (row["with_builds"], row["without_builds"]) for row in told["profits"]}
    both = len(built) == 2
    of_heron = {0: 1400.0, 1: 40.0 * 60.0 - 900.0, 2: 40.0 * 50.0 - 700.0}[len(built)]
    assert worth["heron"] == pytest.approx((of_heron, 1400.0))
    assert worth["otter"] == pytest.approx((of_heron if both else 1200.0 if built else 1400.0, 1400.0))
    assert told["status"] == "equilibrium"
    assert told["passes"][-1]["blocks_changed"] == 0
    assert told["passes"][-1]["gain"] == 0.0
    other = any("another equilibrium" in note and "otter-new" in note for note in told["notes"])
    assert other == (capital == "900")


def _cournot(capacity: np.ndarray) -> np.ndarray:
    """Profit of two firms at cost 10 that sell to P = 100 - Q / 2 with capacities, by best responses in turn."""
    sold = np.zeros(2)
    for _ in range(2000):
        for firm in (0, 1):
            sold[firm] = min(max((90.0 - 0.5 * sold[1 - firm]) / 1.0, 0.0), capacity[firm])
    return (100.0 - 0.5 * sold.sum() - 10.0) * sold


def test_no_firm_could_have_built_otherwise_over_two_years_and_several_blocks() -> None:
    """Every way of building of both firms, priced by a Cournot game written out here: no other way pays either more."""
    text = DOCKS.replace("end: 2026-12", "end: 2027-12").replace("most: 1", "most: 3")
    text = text.replace('"900 EUR', '"1100 EUR').replace("0 month", "6 month").replace(
        'discount_rate: "0 percent', 'discount_rate: "10 percent')  # fmt: skip
    study = parse_study(text)
    found = profitable(study)
    terms = found.inputs.terms
    capital = found.inputs.capital[0]
    months = (1.1) ** -((np.arange(24) + 0.5) / 12.0)

    def worth(ways: tuple[tuple[int, int], tuple[int, int]]) -> np.ndarray:
        total = np.zeros(2)
        for year in (0, 1):
            open_part = [[0.5, 1.0][year], [0.0, 0.5][year]]
            capacity = np.array([20.0 + 20.0 * (way[0] * open_part[0] + way[1] * open_part[1]) for way in ways])
            total += _cournot(capacity) * months[12 * year : 12 * year + 12].sum() / 12.0
        for firm, way in enumerate(ways):
            total[firm] -= sum(way[term] * capital.cost[firm, term] * terms.discount[term] for term in (0, 1))
        return total

    every = [way for way in product(range(4), repeat=2) if sum(way) <= 3]
    own = [tuple(round(blocks) for blocks in found.found.built[place]) for place in (0, 1)]
    stands = worth((own[0], own[1]))
    assert [found.worth[firm] for firm in ("heron", "otter")] == pytest.approx(stands.tolist(), rel=1e-6)
    assert max(worth((way, own[1]))[0] for way in every) <= stands[0] * (1.0 + 1e-6)
    assert max(worth((own[0], way))[1] for way in every) <= stands[1] * (1.0 + 1e-6)
    assert found.found.all_tried
    assert sum(map(sum, own)) > 0


def test_limits_on_capacity_and_spending_bind_what_firms_may_build() -> None:
    for limit in (
        '{kind: capacity, firm: heron, quantity: "39 pack/year [gazette]"}',
        '{kind: spending, firm: heron, money: "600 EUR/year [gazette]"}',
    ):
        told = plan_study(parse_study(_at("700").replace("  options:", f"  limits: [{limit}]\n  options:"))).document
        assert {row["option"] for row in told["builds"]} == {"otter-new"}


def test_an_incentive_for_items_makes_a_block_worth_its_while() -> None:
    """At 1100 EUR a block brings 1000; 6 EUR for each of its 20 packs make 1120 of it, and then 920 for the other."""
    paid = changed(
        _at("1100"),
        ("    heron-new:\n", '    heron-new:\n      incentives: [{per_item: "6 EUR/pack [gazette]"}]\n'),
    )
    told = plan_study(parse_study(paid)).document
    assert {row["option"] for row in told["builds"]} == {"heron-new"}
    worth = {row["firm"]: row["with_builds"] for row in told["profits"]}
    assert worth["heron"] == pytest.approx(40.0 * 60.0 + 20.0 * 6.0 - 1100.0)


def test_more_for_an_item_than_it_costs_counts_up_to_its_cost_and_is_noted() -> None:
    paid = changed(
        _at("1100"), ("    heron-new:\n", '    heron-new:\n      incentives: [{per_item: "12 EUR/pack [gazette]"}]\n')
    )
    told = plan_study(parse_study(paid)).document
    assert {row["firm"]: row["with_builds"] for row in told["profits"]}["heron"] == pytest.approx(
        40.0 * 60.0 + 20.0 * 10.0 - 1100.0
    )
    assert any("heron-new: more is paid for an item than it costs" in note for note in told["notes"])


@dataclass
class _Pennies:
    """One firm gains where both build alike, the other where they do not: no builds stand still."""

    firms: tuple[str, ...] = ("heron", "otter")
    investor: tuple[str, ...] = ("heron", "otter")
    kept: tuple[int, ...] = ()
    most_pairs: int | None = None

    def of(self, ways, capital) -> Answers:
        alike = np.array([way[0].sum() == way[1].sum() for way in ways], dtype=np.float64)
        return Answers(np.stack([5000.0 * alike, 5000.0 * (1.0 - alike)], axis=1), np.ones((len(ways), 1, 1)))


def test_builds_that_go_round_are_named() -> None:
    study = parse_study(DOCKS)
    with pytest.raises(NotConvergedError) as caught:
        settled(study, plan_inputs(study), _Pennies(), ("heron", "otter"))
    said = str(caught.value)
    assert "cycle between" in said
    assert "1 of otter-new in 2026" in said
    assert "gained 5,000 EUR" in said
    assert caught.value.exit_status == 3


def test_where_ways_are_many_those_one_move_away_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves alone find the same as all ways of building where the worth of blocks falls with each of them."""
    text = DOCKS.replace("most: 1", "most: 3").replace('"900 EUR', '"400 EUR')
    whole = profitable(parse_study(text))
    monkeypatch.setattr("cell2grid.run.plan.searching.MOST_TRIED", 0)
    moved = profitable(parse_study(text))
    assert not moved.found.all_tried
    assert moved.found.built.tolist() == whole.found.built.tolist()


def test_an_option_that_reaches_no_market_with_a_price_is_refused() -> None:
    text = changed(
        DOCKS,
        (
            '    otter-new:\n      firm: otter\n      region: "NO"',
            "    otter-new:\n      firm: otter\n      region: SE",
        ),
    )
    text = text.replace("regions: {NO: {currency: EUR}}", "regions: {NO: {currency: EUR}, SE: {}}")
    with pytest.raises(StudyError, match=r"investment\.options\.otter-new"):
        profitable(parse_study(text))


def test_money_of_the_plan_may_be_another_than_that_of_the_markets() -> None:
    """In dollars at 2 USD/EUR all money doubles, and what is built is the same."""
    rates = 'exchange_rates: [{day: "2026-01-01 [gazette]", rate: "2 USD/EUR [gazette]"}]\ninvestment:\n  currency: USD'
    told = plan_study(parse_study(changed(_at("900"), ("investment:\n  currency: EUR", rates)))).document
    assert {row["option"] for row in told["builds"]} == {"heron-new"}
    assert {row["firm"]: row["with_builds"] for row in told["profits"]}["heron"] == pytest.approx(2.0 * 1500.0)
    assert told["prices"][0]["unit"] == "EUR/pack"


def test_a_study_with_lanes_and_duties_settles() -> None:
    text = HARBOUR.replace("  currency: EUR\n", "  currency: EUR\n  objective: profit\n", 1).replace(
        "investment:\n", "competition: {currency: EUR}\ninvestment:\n"
    )
    told = plan_study(parse_study(text), members=5).document
    assert told["status"] == "equilibrium"
    assert told["unserved"] == []
    assert (told["passes"][-1]["blocks_changed"], told["passes"][-1]["gain"]) == (0, 0.0)
