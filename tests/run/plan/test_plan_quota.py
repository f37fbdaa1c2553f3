"""A study whose duty has a quota: what is brought in above it pays more, and may pay for a works at home."""

import pytest

from cell2grid.errors import StudyError
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study

STUDY = """
study: lock
horizon: {start: 2026-01, end: 2026-12}
members: 2
sources: {log: {title: A log, publisher: The quay, date: 2025-01-02}}
regions: {EA: {currency: EUR}, WE: {currency: EUR}}
products: {pack: {counted_in: pack}}
firms: {heron: {region: EA}, otter: {region: EA}}
plants:
  one: {owner: heron, region: EA, makes: pack, capacity: "60 pack/year [log]", opens: "2019-01 [log]",
        marginal_cost: "10 EUR/pack [log]"}
  two: {owner: otter, region: EA, makes: pack, capacity: "90 pack/year [log]", opens: "2019-01 [log]",
        marginal_cost: "14 EUR/pack [log]"}
lanes:
  - {origin: EA, destination: WE, lead_time: "0 day [log]", cost: "2 EUR/pack [log]"}
duties:
  - {name: gate, destination: WE, product: pack, rate: "10 percent [log]", quota: "50 pack/year [log]",
     rate_over: "60 percent [log]", start: "2020-01-01 [log]"}
markets:
  west:
    region: WE
    product: pack
    demand: [{start: 2026-01, quantity: "100 pack/year [log]", price: "33 EUR/pack [log]"}]
investment:
  currency: EUR
  gap: "0 percent [log]"
  discount_rate: "0 percent/year [log]"
  unserved_cost: "90 EUR/pack [log]"
  options:
    dock: {firm: heron, region: WE, makes: pack, block: "50 pack/year [log]", most: 1, lead_time: "0 month [log]",
           capital_cost: "400 EUR [log]", marginal_cost: "12 EUR/pack [log]"}
"""


def test_what_is_above_a_quota_pays_its_rate():
    """Without the dock: 60 cost 12 at the gate and 40 cost 16; 10 % of all is 136, half as much again of 50 of them.

    Dearest goods first within: 40 of the 16s and 10 of the 12s; 50 of the 12s are above, 0.5 x 12 x 50 = 300. In all
    720 + 640 + 136 + 300 = 1,796. With the dock 50 cost 12 and no duty, 400 to build, and 50 of the first works come in
    at 13.2: 600 + 400 + 660 = 1,660.
    """
    found = plan_study(parse_study(STUDY)).document
    assert found["objective"] == pytest.approx(1660.0)
    assert [row["option"] for row in found["builds"]] == ["dock"]
    assert not any("quota" in note for note in found["notes"])
    dear = plan_study(parse_study(STUDY.replace("400 EUR", "600 EUR"))).document
    assert dear["builds"] == []
    assert dear["objective"] == pytest.approx(1796.0)
    assert dear["costs"]["duties"] == pytest.approx(436.0)


def test_a_quota_of_a_duty_on_the_price():
    """33 x 0.1 / 1.1 = 3 for all of 100, and above the quota 33 x 0.6 / 1.6 = 12.375: 720 + 640 + 300 + 50 x 9.375."""
    priced = STUDY.replace('rate: "10 percent', 'base: price, rate: "10 percent').replace("400 EUR", "4000 EUR")
    assert plan_study(parse_study(priced)).document["objective"] == pytest.approx(2128.75)


def test_a_future_without_the_duty_has_no_quota():
    """Half the time the gate is gone and 1,360 are paid, without a dock for 600: (1,796 + 1,360) / 2."""
    futures = """  scenarios:
    held: {probability: "50 percent [log]"}
    gone: {probability: "50 percent [log]", without: [duties.gate]}
"""
    found = plan_study(parse_study(STUDY.replace("400 EUR", "600 EUR") + futures)).document
    assert found["objective"] == pytest.approx(1578.0)
    assert found["vss"] >= 0.0
    # who knew that it is held would build: 1,796 for 1,860 is no gain, so that knowing is worth nothing
    assert found["evpi"] == pytest.approx(0.0)


def test_a_rate_above_that_is_lower_is_refused():
    with pytest.raises(StudyError, match="below the rate within the quota"):
        parse_study(STUDY.replace('rate_over: "60 percent', 'rate_over: "5 percent'))
    futures = """  scenarios:
    held: {probability: "50 percent [log]"}
    low: {probability: "50 percent [log]", change: {duties.gate.rate_over: "5 percent [log]"}}
"""
    with pytest.raises(StudyError, match="below the rate within the quota"):
        plan_study(parse_study(STUDY + futures))
