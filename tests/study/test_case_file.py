"""Case files: what is read, what stands where nothing is written, and every refusal with its line and column."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.errors import StudyError
from cell2grid.nomenclature import require
from cell2grid.study.case_arrays import case_arrays
from cell2grid.study.case_file import parse_case, read_case
from cell2grid.study.case_rules import bought

CASE = """
regions:
  home: {demand: {form: linear, intercept: 100, slope: 2}}
  away: {demand: {form: isoelastic, scale: 5000, elasticity: 1.1}}
  works:
firms:
  one: {plants: {a: {region: home, capacity: 10, cost: {constant: 20}}}}
  two:
    conduct: {home: 0.5, away: competitive}
    plants:
      a: {region: works, cost: {power: {c: 2, scale: 0.2, beta: 0.8}}}
      b: {region: away, cost: {steps: [[10, 5], {cost: 7, width: 5}]}, fixed_cost: 3}
freight: {works: {home: 5, away: 3}}
duties:
  - {to: home, firm: two, rate: 0.25, base: price}
  - {to: home, from: works, rate: 0.1, amount: 2}
  - {to: away, firm: two, rate: 0.1, quota: 4, rate_over: 0.5}
"""


def put(old: str, new: str) -> str:
    assert old in CASE
    return CASE.replace(old, new)


def test_a_case_becomes_the_arrays_that_the_market_reads() -> None:
    arrays = case_arrays(parse_case(CASE))
    require(arrays, [str(name) for name in arrays.data_vars], of="case")
    one = arrays.isel(member=0, term=0)
    assert one["plant"].values.tolist() == ["one/a", "two/a", "two/b"]
    assert one["decides"].values.tolist() == ["one", "two", "two"]
    assert one["market"].values.tolist() == ["home", "away"]
    assert one["sales_capacity"].values.tolist() == [10.0, np.inf, 15.0]
    assert one["cost_step"].values.tolist() == [[20.0, 20.0], [2.0, 2.0], [5.0, 7.0]]
    assert one["cost_step_width"].values.tolist() == [[np.inf, 0.0], [np.inf, 0.0], [10.0, 5.0]]
    assert one["cost_power_scale"].values.tolist() == [0.0, 0.2, 0.0]
    assert one["cost_power"].values.tolist() == [1.0, 1.25, 1.0]
    assert one["fixed_cost_rate"].values.tolist() == [0.0, 0.0, 3.0]
    assert np.array_equal(one["selling_freight"].values, [[0.0, np.nan], [5.0, 3.0], [np.nan, 0.0]], equal_nan=True)
    assert one["demand_form"].values.tolist() == ["linear", "isoelastic"]
    assert one["conduct"].values.tolist() == [[1.0, 1.0], [0.5, 0.0]]


def test_duties_that_apply_add_and_a_quota_has_its_extra_rate() -> None:
    """Into home pays 'two' 25 % of the price from both plants; from 'works' 10 % of the value and 2 besides."""
    one = case_arrays(parse_case(CASE)).isel(member=0, term=0)
    assert one["duty_on_price"].values.tolist() == [[0.0, 0.0], [0.25, 0.0], [0.25, 0.0]]
    assert one["duty_on_cost"].values == pytest.approx(np.array([[0.0, 0.0], [0.1, 0.1], [0.0, 0.0]]))
    assert one["duty_amount"].values.tolist() == [[0.0, 0.0], [2.0, 0.0], [0.0, 0.0]]
    # of the plants of 'two' only that outside 'away' pays there
    assert one["in_quota"].values.tolist() == [[[0.0, 0.0], [0.0, 1.0], [0.0, 0.0]]]
    assert one["quota_amount"].values.tolist() == [4.0]
    assert one["over_on_cost"].values == pytest.approx([0.4])
    assert one["over_on_price"].values.tolist() == [0.0]


def test_a_firm_within_the_region_pays_a_duty_only_where_the_row_can_mean_nothing_else() -> None:
    case = parse_case(put("{to: home, firm: two, rate: 0.25, base: price}", "{to: home, firm: one, rate: 0.25}"))
    assert case.applies(case.duties[0], "one", "home")
    assert not case.applies(parse_case(CASE).duties[2], "two", "away")
    everyone = parse_case(put("{to: home, firm: two, rate: 0.25, base: price}", "{to: home, rate: 0.25}"))
    assert not everyone.applies(everyone.duties[0], "one", "home")
    assert everyone.applies(everyone.duties[0], "two", "works")


def test_stakes_of_stakes_are_earned_too() -> None:
    """One holds 20 % of two, which holds 50 % of three: one earns 10 % of three; a circle changes no decision."""
    chain = CASE + "stakes: {one: {two: 0.2}, two: {three: 0.5}}"
    firms = "firms:\n  three: {plants: {a: {region: home, cost: {constant: 20}}}}"
    arrays = case_arrays(parse_case(chain.replace("firms:", firms)))
    interest = arrays["firm_interest"].sel(firm="one")
    assert interest.sel(other_firm=["one", "two", "three"]).values == pytest.approx([1.0, 0.2, 0.1])
    circle = case_arrays(parse_case(CASE + "stakes: {one: {two: 0.2}, two: {one: 0.3}}"))["firm_interest"]
    assert circle.values == pytest.approx(np.array([[1.0, 0.2], [0.3, 1.0]]))


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        ("slope: 2", "slope: -2", "-2}}", "slopes up"),
        ("slope: 2", "slope: 0", "0}}", "slopes up, or not at all"),
        ("intercept: 100", "intercept: -100", "-100, slope: 2", "-100 is not above 0; nobody would pay anything"),
        ("intercept: 100, ", "", "{form: linear,", "needs 'intercept'"),
        ("intercept: 100", "intercept: 100 USD", "100 USD, slope", "'100 USD' is text; a case has plain numbers"),
        ("intercept: 100", "intercept: .inf", ".inf, slope: 2", "not from"),
        ("slope: 2", "slope: 2, scale: 4", "scale: 4}}", "linear demand has no scale"),
        ("elasticity: 1.1", "elasticity: -1.1", "-1.1}}", "-1.1 is not above 0; demand that slopes up"),
        ("form: linear", "form: straight", "straight, inte", "'straight' is not one of linear, isoelastic"),
        ("plants: {a: {region: home, capacity: 10, cost: {constant: 20}}}", "plants: {}", "{}}", "has no plant"),
        ("{plants: {a: {region: home, capacity: 10, cost: {constant: 20}}}}", "{}", "one: {}", "'plants' is missing"),
        ("capacity: 10", "capacity: -10", "-10, cost: {co", "-10 is below 0, the least it can be"),
        ("constant: 20", "constant: -20", "-20}}}}", "-20 is below 0"),
        ("constant: 20", "constant: yes", "yes}}}}", "'yes' is text"),
        ("{constant: 20}", "{constant: 20, power: {scale: 1}}", "{constant: 20,", "says it 2 times, with constant and"),
        ("{constant: 20}", "{}", "{}}}}", "says nothing"),
        ("{constant: 20}", "{price: 20}", "price: 20}}}}", "this key is not known"),
        ("region: home, cap", "region: hone, cap", "hone, capacity", "'hone' is no region; did you mean 'home'?"),
        ("conduct: {home: 0.5", "conduct: {works: 0.5", "works: 0.5, aw", "'works' is no region with demand"),
        ("home: 0.5,", "home: 1.5,", "{home: 1.5, aw", "1.5 in 'home' is not cournot (1), competitive (0)"),
        ("[[10, 5], {cost: 7, width: 5}]", "[[10, 9], {cost: 7}]", "7}]}, fixed_co", "7 is below 9, the cost of"),
        ("{cost: 7, width: 5}", "{cost: 7, up_to: 9}", "{cost: 7, up_t", "up_to 9 is not above where the step before"),
        ("[10, 5], {", "{cost: 5}, {", "{cost: 5}, {co", "has no end, and another step follows"),
        ("region: away, cost", "region: away, capacity: 20, cost", "[[10, 5], {cos", "its steps end at 15, below its"),
        ("works: {home: 5", "wroks: {home: 5", "wroks: {home: ", "'wroks' is no region"),
        ("freight: {", "freight: {home: {home: 4}, ", "4}, works: {ho", "freight within a region is 0"),
        ("freight: {works: {home: 5, away: 3}}", "freight: {works: {away: -3}}", "-3}}", "-3 is below 0"),
        ("firm: two, rate: 0.25", "firm: three, rate: 0.25", "three, rate: 0", "'three' is no firm"),
        ("to: home, firm: two", "to: works, firm: two", "works, firm: t", "'works' has no demand"),
        ("rate: 0.25, base: price", "base: price", "{to: home, fir", "says neither rate, amount, quota"),
        ("rate: 0.25, base: price", "rate: 0.25, minimum_price: 50", "{to: home, fir", "stands instead of rate"),
        ("rate: 0.25, base: price", "minimum_price: 100", "100}", "is not below 100"),
        ("rate: 0.25", "rate: 25 %", "25 %, base: pr", "'25 %' is text"),
        ("quota: 4, ", "", "{to: away, fir", "has a rate_over and no quota"),
        ("rate_over: 0.5", "rate_over: 0.05", "0.05}", "0.05 above the quota is below 0.1 within it"),
        ("quota: 4", "quota: 4000", "4000, rate_ove", "4000 is above"),
        ("firms:\n", "stakes: {bank: {two: 0.2}}\nfirms:\n", "bank: {two: 0.", "'bank' is no firm"),
        ("firms:\n", "stakes: {one: {two: 1}}\nfirms:\n", "1}}", "nothing to who decides over it"),
        ("firms:\n", "stakes: {one: {one: 0.1}}\nfirms:\n", "one: 0.1}}", "a stake in itself"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_place(old: str, new: str, at: str, words: str) -> None:
    """The message says the line and the column, and there stands what is wrong."""
    text = put(old, new)
    with pytest.raises(StudyError) as refused:
        parse_case(text)
    assert words in str(refused.value)
    line, column = str(refused.value).split(":")[1:3]
    assert text.splitlines()[int(line) - 1][int(column) - 1 :].startswith(at)


def test_a_market_that_nobody_can_reach_is_named() -> None:
    text = put("freight: {works: {home: 5, away: 3}}", "").replace("region: away, cost", "region: works, cost")
    with pytest.raises(StudyError, match="no plant can reach 'away'"):
        parse_case(text.split("duties:")[0])


def test_isoelastic_demand_that_no_price_clears_is_refused() -> None:
    """One Cournot seller earns more as it sells less where the elasticity is 1 or below; two need more than 1/2."""
    one = "{regions: {r: {demand: {form: isoelastic, scale: 9, elasticity: %s}}}, firms: {%s}}"
    firm = "%s: {plants: {p: {region: r, cost: {constant: 1}}}}"
    with pytest.raises(StudyError, match=r"'a' alone sells in 'r'.*write more than 1,"):
        parse_case(one % (1.0, firm % "a"))
    with pytest.raises(StudyError, match=r"2 firms sell in 'r'.*write more than 0.5"):
        parse_case(one % (0.5, firm % "a" + ", " + firm % "b"))
    assert parse_case(one % (0.6, firm % "a" + ", " + firm % "b")).markets() == ["r"]
    assert parse_case(one % (1.1, firm % "a")).markets() == ["r"]
    free = one % (2, "a: {conduct: competitive, plants: {p: {region: r, cost: {constant: 0}}}}")
    with pytest.raises(StudyError, match="at no cost and without an end"):
        parse_case(free)
    with pytest.raises(StudyError, match="has a capacity of 0"):
        parse_case(one % (2, "a: {plants: {p: {region: r, capacity: 0, cost: {constant: 1}}}}"))


def test_isoelastic_demand_that_buys_nothing_at_any_cost_is_refused() -> None:
    """1e-10 x 20 ^ -1000 is no number that can be told from 0."""
    one = "{regions: {r: {demand: {form: isoelastic, scale: 1e-10, elasticity: 1000}}}, firms: {f: {plants: {p: {"
    with pytest.raises(StudyError, match=r"demand\.scale: at 20, the lowest cost .* buys less than 1e-15"):
        parse_case(one + "region: r, cost: {constant: 20}}}}}}")


@pytest.mark.parametrize(("elasticity", "lets"), [(0.6, True), (1.0, True), (1.5, False)])
def test_who_gives_away_all_that_buyers_take_is_refused_and_who_holds_back_is_not(
    elasticity: float, lets: bool
) -> None:
    """At no cost a firm of Cournot's kind holds elasticity of the market, whatever the price: 0.6 of it leaves 0.4 to
    the rival at cost 20, 1.5 would be all of it and more at any price above 0."""
    text = f"""
regions: {{home: {{demand: {{form: isoelastic, scale: 1000, elasticity: {elasticity}}}}}}}
firms:
  well: {{plants: {{a: {{region: home, cost: {{constant: 0}}}}}}}}
  rival: {{plants: {{b: {{region: home, cost: {{constant: 20}}}}}}}}
"""
    if lets:
        assert parse_case(text).markets() == ["home"]
        return
    with pytest.raises(StudyError, match="firm 'well' sells in 'home' at no cost and without an end"):
        parse_case(text)


def test_several_problems_are_told_at_once_and_hostile_files_are_refused(tmp_path) -> None:
    with pytest.raises(StudyError) as refused:
        parse_case(put("slope: 2", "slope: -2").replace("capacity: 10", "capacity: x"))
    assert len(str(refused.value).splitlines()) == 2
    for text in ("[1, 2]", "regions: {}\nfirms: {}", "regions: &a [*a]", "nothing"):
        with pytest.raises(StudyError):
            parse_case(text)
    with pytest.raises(StudyError, match="cannot be read"):
        read_case(tmp_path / "absent.yaml")


def test_more_pairs_of_plants_and_regions_than_can_be_solved_are_refused() -> None:
    regions = ", ".join(f"r{place}: {{demand: {{form: linear, intercept: 9, slope: 1}}}}" for place in range(200))
    plants = ", ".join(f"p{place}: {{region: r0, cost: {{constant: 1}}}}" for place in range(500))
    firms = ", ".join(f"{name}: {{plants: {{{plants}}}}}" for name in ("one", "two", "three"))
    with pytest.raises(StudyError, match="1,500 plants and 200 regions with demand are more than 200,000 pairs"):
        parse_case(f"{{regions: {{{regions}}}, firms: {{{firms}}}}}")


@given(st.floats(0.1, 50.0), st.floats(0.1, 50.0))
def test_more_is_bought_at_a_lower_price(low: float, high: float) -> None:
    for region in parse_case(CASE).regions.values():
        if region.demand is not None:
            assert bought(region.demand, min(low, high)) >= bought(region.demand, max(low, high))
