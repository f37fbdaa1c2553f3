"""What a study may say of investment and of announced projects: each refusal at its place, with a next step."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study

TEXT = (Path(__file__).parents[1] / "run/plan/harbour.yaml").read_text(encoding="utf-8")
WEST = TEXT.index("heron-west:")


def _refused(old: str, new: str, *, after: int = 0) -> str:
    at = TEXT.index(old, after)
    text = TEXT[:at] + new + TEXT[at + len(old) :]
    with pytest.raises(StudyError) as caught:
        parse_study(text, name="harbour.yaml")
    assert caught.value.exit_status == 2
    said = str(caught.value)
    # every problem names its file, line and column
    assert re.match(r"harbour\.yaml:\d+:\d+: ", said), said
    return said


def test_the_study_as_it_is_breaks_no_rule() -> None:
    assert parse_study(TEXT).investment is not None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("firm: heron\n      region: WE", "firm: hreon\n      region: WE", "did you mean 'heron'"),
        ("region: WE\n      makes", "region: WO\n      makes", "not among the regions"),
        ("makes: pack\n      block", "makes: sack\n      block", "not among the products"),
        ("plant: west-hall, fixed", "plant: east-hall, fixed", "not among the plants"),
        ("limits:\n    - {kind: spending, firm: heron", "limits:\n    - {kind: spending, firm: gull", "firms"),
        (
            "firm: heron\n    region: WE\n    product",
            "firm: gull\n    region: WE\n    product",
            "announced.pier-nine",
        ),
    ],
)
def test_names_are_those_of_the_study(old: str, new: str, words: str) -> None:
    assert words in _refused(old, new, after=TEXT.index("investment:"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('block: "20000 pack/year', 'block: "0 pack/year', "is not above 0"),
        ('block: "20000 pack/year', 'block: "20000 vehicle/year', "counted in 'pack'"),
        ("most: 4", "start: 2030-01\n      end: 2029-01\n      most: 4", "before its start"),
        ("most: 4", "start: 2036-01\n      most: 4", "outside the horizon"),
        ("most: 4", "start: 2033-06\n      most: 4", "never makes anything"),
        ("most: 4", "most: 0", "below 1"),
        ('capital_cost: "60000000 EUR', 'capital_cost: "60000000 pack', "a cost in USD belongs here"),
        ('capital_cost: "60000000 EUR', 'capital_cost: "-6 EUR', "below 0"),
        ('capital_cost: "60000000 EUR', 'capital_cost: "60000000 JPY', "add a dated rate in EUR/JPY"),
        ('marginal_cost: "5200 EUR/pack', 'marginal_cost: "5200 EUR/year', "no money per item"),
        ('{share: "10 percent [gazette]", end: 2027-12}', "{end: 2027-12}", "says nothing that is paid"),
        ('{share: "10 percent [gazette]"', '{years: "3 year [gazette]"', "how long 'per_item' is paid"),
        ("end: 2027-12}", "start: 2028-06, end: 2027-12}", "before its start"),
        (
            "end: 2027-12}",
            'end: 2027-12}\n        - {share: "95 percent [gazette]"}',
            "above all of it",
        ),
        ("      most: 4", "      ramp: {curve: linear}\n      most: 4", "needs months_to_nameplate"),
    ],
)  # fmt: skip
def test_an_option_can_be_built(old: str, new: str, words: str) -> None:
    assert words in _refused(old, new, after=WEST)


def test_an_option_has_a_name_of_its_own() -> None:
    assert "the name of a plant" in _refused("heron-west:", "old-quay:")


@pytest.mark.parametrize(
    ("curve", "words"),
    [
        ("{}", "says no cost"),
        ('{constant: "1 EUR/pack [gazette]", rise: "2 EUR/pack [gazette]"}', "add 'at'"),
        ('{constant: "1 EUR/pack [gazette]", power: "2 ratio [gazette]"}', "no 'rise'"),
        ('{steps: [{cost: "1 EUR/pack [gazette]"}, {cost: "2 EUR/pack [gazette]"}]}', "has no end"),
        (
            '{steps: [{cost: "3 EUR/pack [gazette]", up_to: "9 pack/year [gazette]"}, {cost: "2 EUR/pack [gazette]"}]}',
            "is below the cost of the step before",
        ),
        (
            '{steps: [{cost: "1 EUR/pack [gazette]", up_to: "10 pack/year [gazette]"},'
            ' {cost: "2 EUR/pack [gazette]", up_to: "9 pack/year [gazette]"}]}',
            "is not above the end",
        ),
        ('{steps: [{cost: "1 EUR/pack [gazette]"}], constant: "1 EUR/pack [gazette]"}', "not both"),
    ],
)
def test_a_cost_by_output_says_one_thing_and_rises(curve: str, words: str) -> None:
    assert words in _refused('"5200 EUR/pack [gazette]"', curve)


def test_a_curve_that_rises_is_taken() -> None:
    curve = '{constant: "1 EUR/pack [gazette]", rise: "2 EUR/pack [gazette]", at: "100 pack/year [gazette]"}'
    assert parse_study(TEXT.replace('"5200 EUR/pack [gazette]"', curve)).investment is not None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('fixed_cost: "9000000 EUR/year', 'fixed_cost: "9000000 EUR', "USD/year"),
        (', mothballed_cost: "1000000 EUR/year [gazette]"', "", "cannot be idled"),
        ("  limits:", '    - {plant: west-hall, fixed_cost: "1 EUR/year [gazette]"}\n  limits:', "there already as"),
    ],
)
def test_standing_plants_say_what_can_be_done_with_them(old: str, new: str, words: str) -> None:
    assert words in _refused(old, new)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("{kind: spending}", "limits nothing"),
        ('{kind: spending, share: "10 percent [gazette]"}', "takes money, and no share"),
        ('{kind: spending, money: "5 EUR [gazette]"}', "USD/year"),
        ('{kind: local-content, share: "120 percent [gazette]"}', "above 100"),
        ('{kind: local-content, share: "20 percent [gazette]", firm: otter, region: WE, product: pack, start: 2030-01, '
         "end: 2029-01}", "before its start"),
        ('{kind: exports, share: "5 percent [gazette]", quantity: "5 pack/year [gazette]"}', "a row for each"),
        ('{kind: capacity, quantity: "5 vehicle/year [gazette]"}', "counts in 'vehicle'"),
        ('{kind: capacity, quantity: "5 pack/year [gazette]", firm: otter, region: EA}', "binds nothing"),
    ],
)  # fmt: skip
def test_a_limit_says_one_thing_that_binds(limit: str, words: str) -> None:
    assert words in _refused('{kind: spending, firm: heron, money: "200000000 EUR/year [gazette]"}', limit)


@pytest.mark.parametrize(
    ("scenarios", "words"),
    [
        ('{low: {probability: "40 percent [gazette]"}, high: {probability: "50 percent [gazette]"}}', "add up to 90"),
        ('{low: {probability: "20 .. 40 percent [gazette]"}, high: {probability: "70 percent [gazette]"}}', "a range"),
        ('{low: {probability: "100 percent [gazette]", without: [duties.north]}}', "not among the duties"),
        ('{low: {probability: "100 percent [gazette]", without: [ports.north]}}', "is no part"),
        ('{low: {probability: "100 percent [gazette]", change: {investment.discount_rate: "9 percent/year [gazette]"}}'
         "}", "investment.discount_rate: is one for all futures"),
        ('{low: {probability: "100 percent [gazette]", change: {investment.limits.0.money: "9 EUR/year [gazette]"}}}',
         "is one for all futures"),
    ],
)  # fmt: skip
def test_futures_add_up_and_leave_out_what_is_there(scenarios: str, words: str) -> None:
    assert words in _refused("  currency: EUR", f"  currency: EUR\n  scenarios: {scenarios}")


def test_a_plan_needs_choices_demand_costs_and_for_profit_prices() -> None:
    start, end = TEXT.index("  options:"), TEXT.index("  standing:")
    without = TEXT[:start] + TEXT[end:].replace(', closing_cost: "3000000 EUR [gazette]"', "").replace(
        ', mothballed_cost: "1000000 EUR/year [gazette]", restart_cost: "2000000 EUR [gazette]"', ""
    )
    with pytest.raises(StudyError, match="has nothing to decide on"):
        parse_study(without)
    assert "no marginal_cost" in _refused('    marginal_cost: "35000 CNY/pack [gazette]"\n', "")
    assert "no 'competition'" in _refused("  currency: EUR\n", "  currency: EUR\n  objective: profit\n")
    competition = "competition: {currency: EUR}\n"
    at = TEXT.replace("investment:\n", competition + "investment:\n").replace(
        "  currency: EUR\n", "  currency: EUR\n  objective: profit\n"
    )
    assert parse_study(at).investment is not None
    with pytest.raises(StudyError, match="has no elasticity, and profit asks"):
        parse_study(at.replace(', elasticity: "2 ratio [gazette]"', "", 1))


def test_money_of_plants_and_lanes_reaches_the_currency_of_the_plan() -> None:
    assert "add a dated rate in EUR/JPY" in _refused('cost: "300 EUR/pack', 'cost: "300 JPY/pack')
    assert "window" in _refused("  currency: EUR\n", '  currency: EUR\n  window: "5 year [gazette]"\n')


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('money: "90000000 EUR', 'money: "90000000 EUR/year', "a cost in USD"),
        ('money: "90000000 EUR', 'money: "90000000 JPY', "add a dated rate"),
        ('started: "2026-07-01', 'started: "2026-01-01', "before the day on which it was announced"),
        ('completed: "2028-01-01', 'completed: "2026-06-01', "before the day on which it was started"),
        ("completed:", 'cancelled: "2029-01-01 [gazette]"\n    completed:', "keep one"),
    ],
)  # fmt: skip
def test_announced_projects_have_money_and_stages_in_order(old: str, new: str, words: str) -> None:
    assert words in _refused(old, new)
