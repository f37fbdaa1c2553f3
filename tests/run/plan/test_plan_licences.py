"""Limits on what firms sell, where they plan for their profit: kept by a price of a place, small markets by hand."""

from __future__ import annotations

import pytest

from cell2grid.errors import NotConvergedError
from cell2grid.run.plan.planning import plan_study
from cell2grid.study.loader import parse_study

STUDY = """
study: strait
horizon: {start: 2026-01, end: 2026-12}
members: 2
sources: {log: {title: A log, publisher: The quay, date: 2025-01-02}}
regions: {EA: {currency: EUR}, WE: {currency: EUR}}
products: {pack: {counted_in: pack}}
firms: {heron: {region: EA}, otter: {region: WE}}
plants:
  one: {owner: heron, region: EA, makes: pack, capacity: "500 pack/year [log]", opens: "2019-01 [log]",
        marginal_cost: "10 EUR/pack [log]"}
lanes:
  - {origin: EA, destination: WE, lead_time: "0 day [log]", cost: "0 EUR/pack [log]"}
markets:
  west:
    region: WE
    product: pack
    demand: [{start: 2026-01, quantity: "100 pack/year [log]", price: "50 EUR/pack [log]", elasticity: "1 ratio [log]"}]
competition: {currency: EUR}
investment:
  currency: EUR
  objective: profit
  discount_rate: "0 percent/year [log]"
  options:
    dock: {firm: heron, region: WE, makes: pack, block: "20 pack/year [log]", most: 1, lead_time: "0 month [log]",
           capital_cost: "700 EUR [log]", marginal_cost: "10 EUR/pack [log]"}
"""
QUAY = """  two: {owner: otter, region: WE, makes: pack, capacity: "500 pack/year [log]", opens: "2019-01 [log]",
        marginal_cost: "10 EUR/pack [log]"}
"""


def _limited(limit: str, text: str = STUDY, **other: str) -> dict:
    for old, new in other.items():
        assert old in text
        text = text.replace(old, new)
    return plan_study(parse_study(text.replace("  options:\n", f"  limits: [{limit}]\n  options:\n"))).document


def _price(told: dict) -> float:
    return told["prices"][0]["with_builds"]


def _worth(told: dict) -> dict[str, float]:
    return {row["firm"]: row["with_builds"] for row in told["profits"]}


EXPORTS = '{kind: exports, region: EA, quantity: "40 pack/year [log]"}'


def test_a_limit_on_exports_makes_a_works_abroad_worth_its_while() -> None:
    """One seller to P = 100 - Q / 2 at 10 sells 90 at 55 for 4,050, and would gain nothing by a dock.

    Of 40 it gets 80 each, 2,800, which stay its own; 20 more from the dock make 60 x (70 - 10) = 3,600, less 700.
    """
    assert plan_study(parse_study(STUDY)).document["builds"] == []
    told = _limited(EXPORTS)
    assert [row["option"] for row in told["builds"]] == ["dock"]
    assert _price(told) == pytest.approx(70.0)
    assert _worth(told)["heron"] == pytest.approx(2900.0)
    assert told["prices"][0]["without_builds"] == pytest.approx(80.0)
    assert [(row["limit"], row["price"]) for row in told["places"]] == [
        ("limits.0 (exports) from EA", pytest.approx(30.0))
    ]
    dear = STUDY.replace('"700 EUR', '"900 EUR')
    assert _limited(EXPORTS, dear)["builds"] == []
    assert _worth(_limited(EXPORTS, dear))["heron"] == pytest.approx(2800.0)


def test_local_content_is_a_part_of_what_is_sold() -> None:
    """Two Cournot sellers: q2 = 90 - q1 / 2 at home and q1 = 2 / 3 q2 from abroad give 45 and 67.5 at 43.75."""
    text = STUDY.replace("lanes:", QUAY + "lanes:").replace('"700 EUR', '"70000 EUR')
    told = _limited('{kind: local-content, region: WE, share: "60 percent [log]"}', text)
    sold = {row["firm"]: row["output"] for row in told["capacity"] if row["output"] > 0.0}
    assert sold == pytest.approx({"heron": 45.0, "otter": 67.5})
    assert _price(told) == pytest.approx(43.75)
    assert _worth(told) == pytest.approx({"heron": 45.0 * 33.75, "otter": 67.5 * 33.75})
    # half and half is what they do by themselves
    half = _limited('{kind: local-content, region: WE, share: "50 percent [log]"}', text)
    assert half["prices"][0]["with_builds"] == pytest.approx(40.0)


def test_where_sales_jump_at_the_price_of_a_place_both_sides_are_mixed() -> None:
    """Price-takers at 10 from abroad and 12 at home: with a quarter from home 176 are sold at 12, 44 of them from home.

    The importer keeps 2 on each of its 132.
    """
    text = STUDY.replace("lanes:", QUAY.replace('"10 EUR', '"12 EUR') + "lanes:").replace('"700 EUR', '"70000 EUR')
    text = text.replace("{currency: EUR}\ninv", "{currency: EUR, conduct: [{value: price-taking}]}\ninv")
    told = _limited('{kind: local-content, region: WE, share: "25 percent [log]"}', text)
    sold = {row["firm"]: row["output"] for row in told["capacity"] if row["output"] > 0.0}
    assert _price(told) == pytest.approx(12.0)
    assert sold == pytest.approx({"heron": 132.0, "otter": 44.0}, rel=1e-6)
    assert _worth(told)["heron"] == pytest.approx(264.0, rel=1e-6)


def test_two_limits_are_kept_at_once() -> None:
    """40 may leave the east and half must be made in the west: with 20 of the dock there are 20 from abroad, at 80."""
    told = _limited(EXPORTS + ', {kind: local-content, region: WE, share: "50 percent [log]"}')
    assert [row["option"] for row in told["builds"]] == ["dock"]
    assert _price(told) == pytest.approx(80.0)
    assert _worth(told)["heron"] == pytest.approx(40.0 * 70.0 - 700.0)


def test_a_limit_that_no_price_keeps_is_refused() -> None:
    """Buyers of one elasticity take some at any price, and nothing is made at home."""
    text = STUDY.replace('elasticity: "1 ratio [log]"', 'elasticity: "2 ratio [log]", form: isoelastic')
    text = text.replace('capital_cost: "700', 'start: 2026-12, end: 2026-12, capital_cost: "700')
    with pytest.raises(NotConvergedError, match=r"limits\.0 \(local-content\) in WE is kept at no price"):
        _limited('{kind: local-content, region: WE, share: "50 percent [log]"}', text)
