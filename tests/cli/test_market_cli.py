"""The command ``market`` as a user calls it: cases with known answers, what it prints, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

LINEAR = "{demand: {form: linear, intercept: 100, slope: 1}}"
FIVE = """case: five firms
regions: {world: {demand: {form: isoelastic, scale: 5000, elasticity: 1.1}}}
firms:
  one: {plants: {p: {region: world, cost: {power: {c: 10, scale: 0.2, beta: 1.2}}}}}
  two: {plants: {p: {region: world, cost: {power: {c: 8, scale: 0.2, beta: 1.1}}}}}
  three: {plants: {p: {region: world, cost: {power: {c: 6, scale: 0.2, beta: 1.0}}}}}
  four: {plants: {p: {region: world, cost: {power: {c: 4, scale: 0.2, beta: 0.9}}}}}
  five: {plants: {p: {region: world, cost: {power: {c: 2, scale: 0.2, beta: 0.8}}}}}
"""


@pytest.fixture
def called(called, tmp_path: Path):
    """Run the command on a case; the exit status, standard output and standard error come back."""

    def call(text: str, *arguments: object) -> tuple[int, str, str]:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        return called("market", path, *arguments)

    return call


@pytest.fixture
def answered(called):
    """The document that the command prints of a case."""

    def answer(text: str, *arguments: object) -> dict[str, Any]:
        status, out, err = called(text, "--json", *arguments)
        assert (status, err) == (0, "")
        return json.loads(out)

    return answer


def firms(count: int, *, cost: float = 20.0, more: str = "") -> str:
    said = "".join(f"  f{i}: {{plants: {{p: {{region: r, cost: {{constant: {cost}}}}}}}}}\n" for i in range(count))
    return f"regions: {{r: {LINEAR}}}\nfirms:\n{said}{more}"


def entrant(capacity: str) -> str:
    return f"  entrant: {{plants: {{p: {{region: r{capacity}, cost: {{constant: 20}}}}}}}}\n"


def test_the_five_firms_of_murphy_sherali_and_soyster(answered) -> None:
    found = answered(FIVE)
    expected = {"one": 36.93251, "two": 41.81814, "three": 43.70658, "four": 42.65924, "five": 39.17895}
    assert found["prices"]["world"] == pytest.approx(18.30058, rel=1e-6)
    assert {firm: sold["world"] for firm, sold in found["sales"].items()} == pytest.approx(expected, rel=1e-6)
    assert found["residual"] < 1e-8
    assert found["unique"] is True
    assert found["case"] == "five firms"


def test_one_plant_that_enters_lowers_the_price_for_all(answered) -> None:
    """Four Cournot firms at 20, P = 100 - Q: 36. With 10 of an entrant 34, each incumbent sells 14; where nothing
    limits it, five share at 100 / 3."""
    assert answered(firms(4))["prices"]["r"] == pytest.approx(36.0)
    small = answered(firms(4, more=entrant(", capacity: 10")))
    assert small["prices"]["r"] == pytest.approx(34.0)
    assert small["sales"]["f0"]["r"] == pytest.approx(14.0)
    assert small["plants"][-1]["utilisation"] == pytest.approx(1.0)
    assert small["plants"][-1]["scarcity"] == pytest.approx(34.0 - 10.0 - 20.0)
    assert answered(firms(4, more=entrant("")))["prices"]["r"] == pytest.approx(100.0 / 3.0)


def test_all_that_is_told_of_two_firms_by_hand(answered) -> None:
    """P = 100 - Q. a sells at home at 20; b from abroad at 10 + 5 freight, with 20 % duty on its value at customs: 18.

    Cournot: a = (100 - 2 x 20 + 18) / 3 = 26, b = (100 - 36 + 20) / 3 = 28, P = 46. Duty 3 x 28; a earns 26 x 26 - 7.
    """
    text = f"""regions: {{r: {LINEAR}, s: }}
firms:
  a: {{plants: {{p: {{region: r, capacity: 50, cost: {{constant: 20}}, fixed_cost: 7}}}}}}
  b: {{plants: {{p: {{region: s, cost: {{constant: 10}}}}}}}}
freight: {{s: {{r: 5}}}}
duties: [{{to: r, firm: b, rate: 0.2, base: customs}}]
"""
    found = answered(text)
    assert found["prices"]["r"] == pytest.approx(46.0)
    assert found["quantities"]["r"] == pytest.approx(54.0)
    assert found["sales"]["b"]["r"] == pytest.approx(28.0)
    assert found["shares"]["a"]["r"] == pytest.approx(26.0 / 54.0)
    assert found["profits"] == pytest.approx({"a": 26.0 * 26.0 - 7.0, "b": 28.0 * 28.0})
    assert found["revenues"]["b"] == pytest.approx(28.0 * 46.0)
    assert found["duty_revenue"]["r"] == pytest.approx(3.0 * 28.0)
    assert found["consumer_surplus"]["r"] == pytest.approx(54.0 * 54.0 / 2.0)
    assert found["cr4"]["r"] == pytest.approx(1.0)
    assert found["hhi"]["r"] == pytest.approx(10_000.0 * (26.0**2 + 28.0**2) / 54.0**2)
    first, second = found["plants"]
    assert (first["firm"], first["plant"], first["region"], first["capacity"]) == ("a", "p", "r", 50.0)
    assert first["utilisation"] == pytest.approx(0.52)
    assert (second["capacity"], second["utilisation"]) == (None, None)
    assert second["margin"] == pytest.approx(28.0 / 46.0)
    assert (found["sales_range"], found["price_war"], found["check"]) == (None, None, None)


def test_a_duty_on_the_selling_price_with_scarce_capacity_goes_to_the_method_that_is_right(answered) -> None:
    """One plant of 10 at no cost serves r at P = 60 - Q and s at P = 80 - Q, of which a duty leaves it P / 1.25.

    60 - 2 x = (80 - 2 y) / 1.25 and x + y = 10: 75 - 2.5 x = 60 + 2 x, x = 10 / 3, and scarcity 60 - 20 / 3.
    """
    text = """regions:
  r: {demand: {form: linear, intercept: 60, slope: 1}}
  s: {demand: {form: linear, intercept: 80, slope: 1}}
firms: {a: {plants: {p: {region: r, capacity: 10, cost: {constant: 0}}}}}
freight: {r: {s: 0}}
duties: [{to: s, firm: a, rate: 0.25, base: price}]
"""
    found = answered(text, "--check")
    assert found["sales"]["a"] == pytest.approx({"r": 10.0 / 3.0, "s": 20.0 / 3.0})
    assert found["plants"][0]["scarcity"] == pytest.approx(60.0 - 20.0 / 3.0)
    assert found["check"]["method"] in (None, "complementarity")


def test_price_takers_of_equal_cost_have_one_price_and_a_range_of_sales(answered, called) -> None:
    text = firms(2).replace("f0: {", "f0: {conduct: competitive, ").replace("f1: {", "f1: {conduct: competitive, ")
    found = answered(text)
    assert found["prices"]["r"] == pytest.approx(20.0)
    assert found["unique"] is False
    assert found["sales_range"]["f0"]["r"] == pytest.approx([0.0, 80.0], abs=1e-6)
    assert found["shares_range"]["f1"]["r"] == pytest.approx([0.0, 1.0], abs=1e-6)
    assert (found["sales"]["f0"]["r"], found["shares"]["f0"]["r"], found["hhi"]["r"]) == (None, None, None)
    assert (found["plants"][0]["output"], found["plants"][0]["output_range"]) == (None, pytest.approx([0.0, 80.0]))
    assert found["profits"] == pytest.approx({"f0": 0.0, "f1": 0.0})
    assert "could share otherwise" in found["notes"][0]
    assert "0 to 80" in called(text)[1]


def test_where_very_many_could_share_otherwise_no_sale_is_told(called, answered, monkeypatch) -> None:
    """Two price-takers at 20 share 80 in any way; with a bound of one lane neither their ranges nor a sale is told."""
    monkeypatch.setattr("cell2grid.engines.market.ranges.MOST_LANES", 1)
    text = firms(2).replace("plants: {p", "conduct: competitive, plants: {p")
    found = answered(text)
    assert (found["prices"], found["quantities"]) == ({"r": 20.0}, {"r": 80.0})
    assert (found["unique"], found["sales_range"]) == (False, None)
    assert found["sales"] == found["shares"] == {"f0": {"r": None}, "f1": {"r": None}}
    assert [plant["output"] for plant in found["plants"]] == [None, None]
    assert "no number stands for any of them" in found["notes"][0]
    assert "no number stands for any of them" in " ".join(called(text)[1].split())


def test_the_independent_solver_finds_the_same(answered, called) -> None:
    text = f"""regions: {{r: {LINEAR}, s: {{demand: {{form: linear, intercept: 80, slope: 0.5}}}}}}
firms:
  a: {{plants: {{p: {{region: r, capacity: 30, cost: {{constant: 20}}}}}}}}
  b: {{conduct: 0.5, plants: {{p: {{region: s, cost: {{steps: [[20, 10], {{cost: 30}}]}}}}}}}}
freight: {{r: {{s: 4}}, s: {{r: 6}}}}
"""
    found = answered(text, "--check")
    assert found["check"]["method"] == "clarabel"
    assert found["check"]["price_difference"] < 1e-6
    assert found["check"]["sales_difference"] < 1e-5
    assert "clarabel finds the same prices" in called(text, "--check")[1]
    for method in ("complementarity", "clarabel"):
        again = answered(text, "--method", method)
        assert again["method"] == method
        assert again["prices"] == pytest.approx(found["prices"], rel=1e-6)


def test_nothing_is_sold_where_every_cost_is_above_what_the_first_buyer_pays(answered) -> None:
    found = answered(firms(2, cost=120.0))
    assert found["prices"]["r"] == 100.0
    assert found["sales"]["f0"]["r"] == 0.0
    assert found["shares"]["f0"]["r"] is None
    assert found["hhi"]["r"] is None
    assert "nothing is sold in 'r'" in found["notes"][0]


def test_a_quota_with_two_rates_and_an_undertaking_are_told(answered) -> None:
    """b sells from abroad at 10 + 0; within 10 it pays nothing, above it 100 % of its value.

    At 20 for one more, as a: each sells 80 / 3 at P = 140 / 3. The place in the quota is worth the 10 that it saves.
    """
    base = f"""regions: {{r: {LINEAR}, s: }}
firms:
  a: {{plants: {{p: {{region: r, cost: {{constant: 20}}}}}}}}
  b: {{plants: {{p: {{region: s, cost: {{constant: 10}}}}}}}}
freight: {{s: {{r: 0}}}}
"""
    found = answered(base + "duties: [{to: r, firm: b, rate: 0, quota: 10, rate_over: 1}]")
    assert found["prices"]["r"] == pytest.approx(140.0 / 3.0)
    assert found["licences"]["duties.0"] == pytest.approx(10.0)
    assert found["duty_revenue"]["r"] == pytest.approx(10.0 * (80.0 / 3.0 - 10.0))
    assert any("the quota of duties.0 is used up" in note for note in found["notes"])
    held = answered(base + "duties: [{to: r, firm: b, minimum_price: 50}]")
    assert held["prices"]["r"] == pytest.approx(50.0)
    assert held["sales"]["a"]["r"] == pytest.approx(30.0)
    assert any("is at the minimum of 50" in note for note in held["notes"])
    assert not any("besides the minimum price" in note for note in held["notes"])
    # the ordinary duty of 1 an item stays: a sells 30 at 50 as before, and b's 60 in all pay it
    both = answered(base + "duties: [{to: r, firm: b, minimum_price: 50}, {to: r, amount: 1}]")
    assert both["prices"]["r"] == pytest.approx(50.0)
    assert both["duty_revenue"]["r"] == pytest.approx(both["sales"]["b"]["r"])
    assert any("duties.0: besides the minimum price duties.1 is paid" in note for note in both["notes"])


def test_a_stake_in_a_rival_softens_competition(answered) -> None:
    """f0 earns half of f1's profit: 80 - 2 x - y - 0.5 y = 0, 80 - x - 2 y = 0: y = 32, x = 16, P = 52."""
    found = answered(firms(2, more="stakes: {f0: {f1: 0.5}}\n"))
    assert found["prices"]["r"] == pytest.approx(52.0)
    assert found["sales"]["f0"]["r"] == pytest.approx(16.0)


def test_who_is_pivotal_and_where_a_price_war_ends(answered, called) -> None:
    """Three of 60 at 20: demand at 20 is 80, and two have 120. Two of 60: one has 60 for 80, and both are pivotal."""
    text = firms(3).replace("region: r, cost", "region: r, capacity: 60, cost")
    war = answered(text, "--price-war")["price_war"]
    assert war["prices"]["r"] == pytest.approx(20.0)
    assert war["regions"][0]["falls_to_floor"] is True
    assert war["regions"][0]["ends_in"] == "cost"
    assert war["utilisation"] == pytest.approx(80.0 / 180.0)
    assert war["largest_share"] == pytest.approx(1.0 - 80.0 / 180.0)
    assert "falls to 20" in called(text, "--price-war")[1]
    two = firms(2).replace("region: r, cost", "region: r, capacity: 60, cost")
    one = answered(two, "--price-war")["price_war"]["regions"][0]
    assert one["pivotal"] == ["f0", "f1"]
    assert one["cover"]["f0"] == pytest.approx(0.75)
    assert one["price_without"]["f0"] == pytest.approx(40.0)
    # at (100 + 20 - 60) / 2 = 30 one earns 10 x 10 on what the other leaves, and as much with all it has at 20 + 5 / 3
    assert (one["ends_in"], one["highest"]) == ("no rest", pytest.approx(30.0))
    assert one["lowest"] == pytest.approx(20.0 + 100.0 / 60.0)
    assert "finds no rest" in called(two, "--price-war")[1]


@pytest.mark.parametrize(("intercept", "cost", "price"), [(1e-9, 2e-10, "6e-10"), (1e14, 2e13, "60,000,000,000,000")])
def test_small_and_large_money_is_told_in_full_and_names_are_no_markup(
    called, intercept: float, cost: float, price: str
) -> None:
    """One firm at P = a - b Q and cost a / 5: P = 0.6 a; it sells 400 where b is a / 1000."""
    curve = f"{{demand: {{form: linear, intercept: {intercept!r}, slope: {intercept / 1000!r}}}}}"
    text = f"""regions: {{"[x] 中": {curve}}}
firms: {{"[red]b": {{plants: {{p: {{region: "[x] 中", cost: {{constant: {cost!r}}}}}}}}}}}
"""
    out = called(text)[1]
    assert f" {price} " in out
    assert "400 (100.0%)" in out
    assert out.count("[x] 中") == 3  # a row, a heading, and where the plant stands
    assert "[red]b" in out


def test_a_market_that_no_plant_has_capacity_for_has_no_price(answered, called) -> None:
    text = firms(2).replace("region: r, cost", "region: r, capacity: 0, cost")
    found = answered(text, "--price-war")
    assert (found["prices"]["r"], found["quantities"]["r"]) == (None, 0.0)
    assert "capacity of 0" in found["notes"][0]
    assert found["price_war"]["regions"][0]["floor"] is None
    assert "Nobody can sell in 'r'." in called(text, "--price-war")[1]


def test_a_page_is_written(called, tmp_path: Path) -> None:
    page = tmp_path / "case.html"
    status, out, _ = called(FIVE, "--page", page)
    assert status == 0
    assert f"page: {page}" in out
    written = page.read_text(encoding="utf-8")
    assert "<svg" in written
    assert "Who can sell at which cost" in written
    assert called(FIVE, "--page", tmp_path / "case.pdf")[0] == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (firms(2).replace("region: r, cost", "region: r, capacity: 0, cost"), "no price: no plant can sell here"),
        (firms(2, cost=200.0), "price 100"),
    ],
)
def test_a_page_shows_a_market_in_which_nothing_is_sold(called, tmp_path: Path, text: str, words: str) -> None:
    page = tmp_path / "case.html"
    assert called(text, "--page", page)[0] == 0
    written = page.read_text(encoding="utf-8")
    assert words in written
    assert "NaN" not in written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (firms(1).replace("slope: 1", "slope: -1"), "slopes up"),
        (firms(1).replace("intercept: 100", "intercept: -1"), "case.yaml:1:"),
        (firms(1, more="  bare: {plants: {}}\n"), "firm 'bare' has no plant"),
        (firms(1).replace("regions: {", f"regions: {{far: {LINEAR}, "), "no plant can reach 'far'"),
        (firms(1).replace("cost:", "capacity: -3, cost:"), "-3 is below 0"),
        (firms(1, more="duties: [{to: r, from: q, rate: 0.1}]\n"), "'q' is no region"),
        (firms(1, more="duties: [{to: r, firm: f0, rate: 0, quota: 500, rate_over: 1}]\n"), "500 is above 80"),
        (FIVE.split("  two:")[0].replace("1.1}}", "0.9}}"), "selling less always brings more"),
    ],
)
def test_a_case_without_an_answer_is_refused_in_one_message(called, text: str, words: str) -> None:
    status, out, err = called(text, "--json")
    assert (status, out) == (2, "")
    assert words in err
    assert "Traceback" not in err


def test_a_method_that_is_wrong_for_the_case_is_refused_in_plain_words(called) -> None:
    status, _, err = called(FIVE, "--method", "clarabel")
    assert status == 2
    assert "isoelastic" in err.replace("-", "")
    assert called(FIVE, "--method", "guess")[0] == 2
