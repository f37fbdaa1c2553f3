"""Plants that stand, where firms plan for their profit: what does not earn its keep is closed or idled."""

from __future__ import annotations

import pytest
from one_town import changed
from two_docks import DOCKS

from cell2grid.run.plan.built import with_plan
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study

KEEP = """  standing:
    - {plant: otter-old, fixed_cost: "1500 EUR/year [gazette]", closing_cost: "30 EUR [gazette]"}
"""


def _closing(text: str = DOCKS, keep: str = KEEP) -> str:
    return text.replace('"900 EUR', '"9000 EUR').replace("  options:\n", keep + "  options:\n")


def test_a_plant_that_does_not_earn_its_keep_is_closed() -> None:
    """Both sell 20 at 80: 1,400 for otter, less than the 1,500 of keeping its dock; closed it costs 30.

    Heron then sells 20 at 90, for 1,600.
    """
    told = plan_study(parse_study(_closing())).document
    assert [(row["plant"], row["state"], row["start"]) for row in told["closures"]] == [("otter-old", "closed", "2026")]
    assert told["builds"] == []
    worth = {row["firm"]: (row["with_builds"], row["without_builds"]) for row in told["profits"]}
    assert worth["otter"] == pytest.approx((-30.0, -100.0))
    assert worth["heron"] == pytest.approx((1600.0, 1400.0))
    assert told["prices"][0]["with_builds"] == pytest.approx(90.0)
    assert told["passes"][0]["states_changed"] == 1
    # what costs more to close than to keep stays
    dear = _closing(keep=KEEP.replace("30 EUR", "101 EUR"))
    assert plan_study(parse_study(dear)).document["closures"] == []


def test_the_keep_of_a_plant_is_counted_once() -> None:
    """A plant's own fixed cost is what it earns less in markets; its row in ``standing`` says it for the plan."""
    own = '    owner: otter\n    region: "NO"\n    makes: pack\n    capacity'
    twice = changed(_closing(), (own, f'    fixed_cost: "1500 EUR/year [gazette]"\n{own}'))
    worth = {row["firm"]: row["without_builds"] for row in plan_study(parse_study(twice)).document["profits"]}
    assert worth["otter"] == pytest.approx(-100.0)


def test_of_two_that_do_not_pay_together_one_closes() -> None:
    """With 1,500 each both lose 100; one that is alone earns 1,600. Who moves first closes, or the other: two ends."""
    both = KEEP + KEEP.splitlines()[1].replace("otter-old", "heron-old") + "\n"
    told = plan_study(parse_study(_closing(keep=both))).document
    assert [row["plant"] for row in told["closures"]] == ["heron-old"]
    assert any("another equilibrium" in note and "otter-old closed from 2026" in note for note in told["notes"])


def test_a_plant_waits_idle_for_better_years() -> None:
    """In 2026 open is 1,400 - 1,500 = -100; in 2027 demand P = 200 - Q pays 20 x 150 for it.

    Idle for 10 and opened again for 20 it is worth -10 - 20 + 3,000 - 1,500; were a restart 95, it would stay open.
    """
    text = DOCKS.replace("end: 2026-12", "end: 2027-12").replace(
        '        elasticity: "1 ratio [gazette]"\n',
        '        elasticity: "1 ratio [gazette]"\n'
        '      - {start: 2027-01, quantity: "100 pack/year [gazette]", price: "100 EUR/pack [gazette]",'
        ' elasticity: "1 ratio [gazette]"}\n',
    )
    idle = KEEP.replace(
        'closing_cost: "30 EUR', 'mothballed_cost: "10 EUR/year [gazette]", restart_cost: "20 EUR'
    )  # fmt: skip
    study = parse_study(_closing(text, idle))
    told = plan_study(study).document
    assert [(row["plant"], row["state"], row["start"], row["end"]) for row in told["closures"]] == [
        ("otter-old", "mothballed", "2026", "2026")
    ]
    worth = {row["firm"]: row["with_builds"] for row in told["profits"]}
    assert worth["otter"] == pytest.approx(1470.0)
    # a run sees the plant shut in that year
    assert [
        row.end.month for row in with_plan(study, members=2, seed=1).study.plants["otter-old"].shutdowns if row.end
    ] == ["2026-12"]
    assert plan_study(parse_study(_closing(text, idle.replace("20 EUR", "95 EUR")))).document["closures"] == []
