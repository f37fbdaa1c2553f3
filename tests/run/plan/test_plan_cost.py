"""Plans of least cost: by hand, by all ways of building, and by what no plan may break."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from one_town import TOWN, changed

from cell2grid.engines.investment.plan import fixed
from cell2grid.engines.investment.planned import best
from cell2grid.errors import InfeasibleError, InputError, StudyError
from cell2grid.run.plan.arrays import plan_inputs
from cell2grid.run.plan.cost_kinds import cost_kinds
from cell2grid.run.plan.deciding import futures_of
from cell2grid.run.plan.options import at_decision, plan_of
from cell2grid.run.plan.planning import changed_plan, plan_study
from cell2grid.study.loader import parse_study

HARBOUR = Path(__file__).with_name("harbour.yaml").read_text(encoding="utf-8")


def _planned(text: str, **options):
    return plan_study(parse_study(text), **options).document


def test_a_plan_by_hand() -> None:
    """A block decided at once makes 40 packs in 2027, which saves 40 x (20 - 5) = 600 EUR for 300.

    2026: 60 x 5 + 40 x 20 = 1100; 2027: 100 x 5 = 500; with the block 1900 in all.
    """
    told = _planned(TOWN)
    assert told["objective"] == pytest.approx(1900.0)
    (build,) = told["builds"]
    assert (build["decided"], build["opens_p50"], build["blocks"], build["capital"]) == ("2026-01", "2027-01", 1, 300.0)
    assert told["costs"] == pytest.approx(
        {"capital": 300.0, "fixed": 0.0, "renewal": 0.0, "salvage": 0.0, "making": 800.0, "freight": 0.0, "duties": 0.0,
         "incentives": 0.0, "standing": 0.0, "unserved": 800.0}
    )  # fmt: skip
    assert [(row["term"], row["mean"]) for row in told["unserved"]] == [("2026", pytest.approx(40.0)), ("2027", 0.0)]
    spent = [(row["year"], row["mean"]) for row in told["flows"]["rows"] if row["stage"] == "spent"]
    assert spent == [(2026, pytest.approx(300.0))]
    assert told["flows"]["rows"][0]["side"] == "home"


def test_what_does_not_pay_is_not_built() -> None:
    """At 601 EUR the block saves 600."""
    assert _planned(changed(TOWN, ("300 EUR", "601 EUR")))["builds"] == []


def test_interest_while_building_and_incentives_by_hand() -> None:
    """With 10 % interest on what is spent over the year of building, 300 EUR are 300 x 0.1 / ln 1.1 = 314.76 at the
    opening; a quarter is paid by the region, which leaves 236.07."""
    told = _planned(
        changed(
            TOWN,
            ('discount_rate: "0 percent/year [gazette]"',
             'discount_rate: "0 percent/year [gazette]"\n  construction_rate: "10 percent/year [gazette]"'),
            ("      most: 1", '      most: 1\n      incentives: [{share: "25 percent [gazette]"}]'),
        )
    )  # fmt: skip
    assert told["costs"]["capital"] == pytest.approx(300.0 * 0.1 / np.log(1.1) * 0.75)


def test_an_incentive_for_each_item_by_hand() -> None:
    """2 EUR for each of the 40 packs of 2027 are 80 EUR got back."""
    told = _planned(
        changed(TOWN, ("      most: 1", '      most: 1\n      incentives: [{per_item: "2 EUR/pack [gazette]"}]'))
    )
    assert told["costs"]["incentives"] == pytest.approx(-80.0)
    assert told["objective"] == pytest.approx(1900.0 - 80.0)


def test_an_incentive_begins_with_the_year_that_a_block_is_open_for_half_of() -> None:
    """A block that opens in the last days of 2026 is paid 2 EUR for each of its 40 packs of 2027 in its one year, and
    one that opens in June 2026 for those of 2026 alone."""
    incentive = (
        "      most: 1",
        '      most: 1\n      incentives: [{per_item: "2 EUR/pack [gazette]", years: "1 year [gazette]"}]',
    )
    for lead, paid in (("11.5 month", 40.0), ("5 month", 40.0 * 7 / 12)):
        told = _planned(changed(TOWN, incentive, ("12 month", lead)))
        assert told["costs"]["incentives"] == pytest.approx(-2.0 * paid)


def test_salvage_and_fixed_cost_by_hand() -> None:
    """Half of 300 less a year of a life of ten is got back: 135; and 10 % of 300 is paid in the year it is open."""
    more = """      salvage: "50 percent [gazette]"
      life: "10 year [gazette]"
      fixed_cost: "10 percent/year [gazette]"
"""
    told = _planned(TOWN + more)
    assert told["costs"]["salvage"] == pytest.approx(-135.0)
    # what a region paid, a quarter, is not the owner's to get back
    paid = TOWN.replace("      most: 1", '      most: 1\n      incentives: [{share: "25 percent [gazette]"}]')
    assert _planned(paid + more)["costs"]["salvage"] == pytest.approx(-135.0 * 0.75)
    assert told["costs"]["fixed"] == pytest.approx(30.0)


def test_what_keeps_a_plant_as_new_is_money_of_its_own_by_hand() -> None:
    """10 % of 300 in the year in which the block is open, and 7 EUR a year for the plant that stands, in both years:
    30 and 14 EUR besides, of which 7 are told of 2026 and 37 of 2027; nobody counts them to what is built."""
    more = """      renewal: "10 percent/year [gazette]"
  standing: [{plant: old, renewal: "7 EUR/year [gazette]"}]
"""
    told = _planned(TOWN + more)
    assert (told["costs"]["renewal"], told["costs"]["fixed"]) == (pytest.approx(30.0), 0.0)
    assert told["costs"]["standing"] == pytest.approx(14.0)
    assert told["objective"] == pytest.approx(1900.0 + 44.0)
    by_stage = {(row["stage"], row["year"]): row["mean"] for row in told["flows"]["totals"] if row["side"] == "home"}
    assert (by_stage["renewed", 2026], by_stage["renewed", 2027]) == (pytest.approx(7.0), pytest.approx(37.0))
    assert (by_stage["spent", 2026], by_stage["spent", 2027]) == (pytest.approx(300.0), 0.0)
    # 301 EUR and as much again in its year are more than the 600 that it saves
    dear = changed(TOWN, ("300 EUR", "301 EUR")) + more.replace("10 percent", "100 percent")
    assert _planned(dear)["builds"] == []


def test_nothing_is_spent_while_a_plant_is_prepared_by_hand() -> None:
    """Of 18 months from January 2026 on twelve pass before building begins: it is announced in 2026, begun, spent and
    completed in 2027. Interest at 10 % runs for the half year of building: 200 x (1.1^0.5 - 1) / (0.5 ln 1.1)."""
    told = _planned(
        changed(
            TOWN,
            ("300 EUR", "200 EUR"),
            ("12 month", "18 month"),
            ("      most: 1", '      most: 1\n      preparation: "12 month [gazette]"'),
            ('discount_rate: "0 percent/year [gazette]"',
             'discount_rate: "0 percent/year [gazette]"\n  construction_rate: "10 percent/year [gazette]"'),
        )
    )  # fmt: skip
    years = {row["stage"]: row["year"] for row in told["flows"]["rows"]}
    assert years == {"announced": 2026, "started": 2027, "spent": 2027, "completed": 2027}
    assert told["costs"]["capital"] == pytest.approx(200.0 * (1.1**0.5 - 1.0) / (0.5 * np.log(1.1)))
    # a limit on what is spent in 2026 does not bind, and one on 2027 does
    for year, built in (("2026", 1), ("2027", 0)):
        limit = f"  limits: [{{kind: spending, money: '100 EUR/year [gazette]', start: {year}-01, end: {year}-12}}]\n"
        text = changed(TOWN, ("300 EUR", "200 EUR"), ("12 month", "18 month"),
                       ("      most: 1", '      most: 1\n      preparation: "12 month [gazette]"'))  # fmt: skip
        assert len(_planned(text + limit)["builds"]) == built


def test_a_preparation_longer_than_the_lead_time_is_refused() -> None:
    with pytest.raises(StudyError, match="'13 month' is a part of the lead time, '12 month', and longer"):
        _planned(changed(TOWN, ("      most: 1", '      most: 1\n      preparation: "13 month [gazette]"')))


def test_money_of_later_years_counts_less() -> None:
    """At 21 % a year money at the middle of 2026 counts 1 / 1.1, of 2027 1 / 1.331; spending evenly over 2026 with
    interest at the same rate is the mean of 1.21^-s over the year."""
    study = parse_study(changed(TOWN, ("0 percent/year", "21 percent/year")))
    inputs = plan_inputs(study)
    assert inputs.plan.discount == pytest.approx([1 / 1.1, 1 / 1.331])
    mean = (1.0 - 1 / 1.21) / np.log(1.21)
    assert at_decision(plan_of(study), 1.0, inputs.terms)[0] * inputs.plan.discount[0] == pytest.approx(mean)


def test_the_plan_is_the_best_of_all_ways_of_building() -> None:
    study = parse_study(HARBOUR.replace("most: 4", "most: 1").replace("most_at_once: 2", "most_at_once: 1"))
    inputs = plan_inputs(study)
    found = best(inputs.plan, inputs.labels, gap=0.0)
    costs = []
    terms = [None, *range(len(inputs.terms.labels))]
    for when in product(terms, repeat=len(inputs.options)):
        built = np.zeros((1, len(inputs.options), len(inputs.terms.labels)))
        for place, term in enumerate(when):
            if term is not None:
                built[0, place, term] = 1.0
        costs.append(best(inputs.plan, inputs.labels, held=fixed(inputs.plan, built=built), gap=0.0).objective)
    assert found.objective == pytest.approx(min(costs), rel=1e-9)


def test_kinds_of_cost_add_up_and_duties_are_those_that_are_levied() -> None:
    """Without options all comes from Eastland from 2029 on: 45 percent of (35000 / 8 + 300) EUR for each of them."""
    told = _planned(HARBOUR.replace("most: 4", "most: 4\n      start: 2026-01\n      end: 2026-01", 1).replace(
        'capital_cost: "60000000 EUR', 'capital_cost: "600000000 EUR'))  # fmt: skip
    assert sum(told["costs"].values()) == pytest.approx(told["objective"])
    study = parse_study(HARBOUR)
    inputs = plan_inputs(study)
    held = fixed(inputs.plan, built=0.0)
    found = best(inputs.plan, inputs.labels, held=held, gap=0.0)
    place = inputs.plants.index("old-quay")
    shipped = found.sales[0, place, inputs.markets.index("west")]
    paid = shipped * inputs.plan.duty_on_cost[0, place, 1] * (inputs.plan.step_cost[0, place, 0] + 300.0)
    duties = cost_kinds(inputs.plan, found)["duties"]
    assert duties == pytest.approx(float(paid @ inputs.plan.discount), rel=1e-6)
    assert duties > 0


def test_a_limit_that_cannot_be_kept_is_named() -> None:
    text = changed(TOWN, ('  unserved_cost: "20 EUR/pack [gazette]"\n', ""))
    with pytest.raises(InfeasibleError) as caught:
        _planned(text)
    assert "town" in str(caught.value)
    assert "2026" in str(caught.value)
    assert caught.value.exit_status == 3


@pytest.mark.parametrize(
    ("limit", "test"),
    [
        ('{kind: capacity, region: "NO", quantity: "70 pack/year [gazette]"}', "no block"),
        ('{kind: spending, firm: heron, money: "200 EUR/year [gazette]"}', "no block"),
        ('{kind: sales, region: "NO", quantity: "80 pack/year [gazette]"}', "sales"),
    ],
)
def test_limits_hold(limit: str, test: str) -> None:
    text = changed(TOWN, ("  options:", f"  limits: [{limit}]\n  options:"))
    told = _planned(text)
    if test == "no block":
        assert told["builds"] == []
    else:
        assert max(row["output"] for row in told["capacity"]) <= 80.0 + 1e-6


def test_local_content_is_kept() -> None:
    """Seven of ten packs that Westland buys in 2031 are made there, though those from Eastland cost less."""
    row = '{kind: local-content, region: WE, product: pack, share: "70 percent [gazette]", start: 2031-01}'
    limit = f"limits:\n    - {row}\n"
    text = HARBOUR.replace('rate: "45 percent', 'rate: "0 percent').replace("limits:\n", limit)
    study = parse_study(text)
    inputs = plan_inputs(study)
    found = best(inputs.plan, inputs.labels)
    west = inputs.markets.index("west")
    local = [inputs.plants.index(name) for name in ("west-hall", "heron-west")]
    sold = found.sales[0, :, west]
    assert (sold[local].sum(axis=0)[5:] >= 0.7 * sold.sum(axis=0)[5:] - 1e-6).all()
    assert (sold[local].sum(axis=0)[:3] < 0.7 * sold.sum(axis=0)[:3]).any()


def test_exports_are_kept_to_their_part() -> None:
    limit = 'limits:\n    - {kind: exports, region: EA, share: "30 percent [gazette]"}\n'
    inputs = plan_inputs(parse_study(HARBOUR.replace("limits:\n", limit)))
    found = best(inputs.plan, inputs.labels)
    east = [inputs.plants.index(name) for name in ("old-quay", "heron-east")]
    sold = found.sales[0, east].sum(axis=0)
    assert (sold[inputs.markets.index("west")] <= 0.3 * sold.sum(axis=0) + 1e-6).all()


def test_more_choice_never_costs_more_and_short_sight_never_saves() -> None:
    exact = HARBOUR.replace("  currency: EUR\n", '  currency: EUR\n  gap: "0 percent [gazette]"\n')
    study = parse_study(exact)
    full = plan_study(study).document
    fewer = plan_study(parse_study(exact.replace("most: 4", "most: 2"))).document
    assert full["objective"] <= fewer["objective"] + 1e-6 * abs(fewer["objective"])
    myopic = plan_study(changed_plan(study, foresight="myopic")).document
    assert myopic["regret"] >= -1e-6 * full["objective"]
    assert myopic["objective"] >= full["objective"] * (1.0 - 1e-9)
    quarterly = plan_study(changed_plan(study, every="quarter")).document
    assert {len(row["decided"]) for row in quarterly["builds"]} == {7}


def test_the_worth_of_planning_for_all_futures_by_hand() -> None:
    """Demand is 60 or 140 packs, as likely as not, and blocks of 40 for 400 EUR make 40 in 2027 at a gain of 600.

    For the mean, 100, one block: -400 + 300 on average; for all futures one or two: the second is used in one future
    out of two, too, -400 + 300: none is built at all. Cost without blocks: 60 x 5 x 2, and 80 x 20 x 2 / 2 = 2200.
    Knowing what comes, two blocks save 2 x 600 - 800 = 400 in one of two futures: 200 on average.
    """
    text = changed(
        TOWN,
        ("most: 1", "most: 2"),
        ("300 EUR", "400 EUR"),
        ("  options:", """  gap: "0 percent [gazette]"
  scenarios:
    low: {probability: "50 percent [gazette]", demand: "0.6 ratio [gazette]"}
    high: {probability: "50 percent [gazette]", demand: "1.4 ratio [gazette]"}
  options:"""),
    )  # fmt: skip
    told = _planned(text)
    assert told["builds"] == []
    assert told["objective"] == pytest.approx(2200.0)
    # of the mean future: one block at a gain of 200, which costs 100 on average
    assert told["vss"] == pytest.approx(100.0)
    assert told["evpi"] == pytest.approx(200.0)
    one = _planned(text, scenarios=["high"])
    assert (one["objective"], one["vss"]) == (pytest.approx(60 * 5 * 2 + 80 * 20 + 80 * 5 + 800), None)
    with pytest.raises(InputError, match="no scenario of study"):
        _planned(text, scenarios=["middle"])


def test_a_future_without_a_plant_or_with_another_cost() -> None:
    text = changed(
        TOWN,
        ("  options:", """  scenarios:
    as-is: {probability: "50 percent [gazette]"}
    dear: {probability: "25 percent [gazette]", change: {plants.old.marginal_cost: "15 EUR/pack [gazette]"}}
    gone: {probability: "25 percent [gazette]", without: [plants.old]}
  options:"""),
    )  # fmt: skip
    study = parse_study(text)
    inputs = plan_inputs(study, futures_of(study)[0])
    assert inputs.plan.standing_capacity[:, 0, 0].tolist() == pytest.approx([60.0, 60.0, 0.0])
    assert inputs.plan.step_cost[:, 0, 0, 0].tolist() == pytest.approx([5.0, 15.0, 5.0])


def test_learning_brings_the_second_block_down() -> None:
    """60 + 40 packs a year have been opened when the second block is decided on: 1.67 times the first, at 20 % a
    doubling a factor of 0.8 ^ log2(100 / 60)."""
    text = changed(
        TOWN,
        ("end: 2027-12", "end: 2029-12"),
        ("most: 1", 'most: 2\n      most_at_once: 1\n      learning: "20 percent [gazette]"'),
        ('lead_time: "12 month', 'lead_time: "6 month'),
        ('quantity: "100 pack/year [gazette]"', 'quantity: "140 pack/year [gazette]"'),
    )
    told = _planned(text)
    first, second = told["builds"]
    assert (first["decided"], second["decided"]) == ("2026-01", "2027-01")
    assert second["capital"] / first["capital"] == pytest.approx(0.8 ** np.log2(100 / 60))
    assert any("agree after" in note for note in told["notes"])


def test_a_study_without_investment_is_refused() -> None:
    study = parse_study(TOWN[: TOWN.index("investment:")])
    for asked in (changed_plan, plan_study):
        with pytest.raises(StudyError, match="has no investment; add 'investment'"):
            asked(study)
