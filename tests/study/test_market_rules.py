"""What competition, demand that answers to prices, and duties may not say: refused at its line, with the next step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cell2grid.study.loader import parse_study

Refused = Callable[..., str]
PRICE, ANSWER = 'price: "8800 EUR/pack [page]"', 'elasticity: "1.2 .. 1.6 ratio [assumed: as others found]"'
MADE = 'marginal_cost: {constant: "5000 EUR/pack [page]", rise: "900 EUR/pack [page]", at: "9000 pack/month [page]"}'
DUTY = 'rate: "5 percent [page]", start: "2024-01-01 [page]"}'
COURNOT = "{value: cournot, firm: danube}"

WRONG = [
    # demand
    (f", {ANSWER}", "", "'linear' is the form of a curve, and the row has no elasticity"),
    (f"{PRICE}, ", "", "says how demand answers at a price and quantity; add 'price'"),
    ('quantity: "7000 pack/month [page]"', 'unlimited: "assumed: many"', "add 'quantity'"),
    (PRICE, 'price: "0 EUR/pack [page]"', "'0 EUR/pack' is not above 0"),
    (PRICE, 'price: "8800 EUR [page]"', "'8800 EUR' is no money per item"),
    (PRICE, 'price: "8800 JPY/pack [page]"', "'8800 JPY/pack' is in JPY"),
    # costs
    (MADE, "# none", "has no marginal_cost, and it can sell in a market that makes its price"),
    (MADE, 'marginal_cost: "5000 EUR/year [page]"', "'5000 EUR/year' is no money per item"),
    (MADE, 'marginal_cost: "5000 EUR/vehicle [page]"', "counts in 'vehicle', and product 'pack'"),
    (MADE, 'marginal_cost: {rise: "900 EUR/pack [page]", at: "9 pack/month [page]"}', "says no cost"),
    (MADE, 'marginal_cost: {constant: "5 EUR/pack [page]", rise: "9 EUR/pack [page]"}', "add 'at'"),
    (
        MADE,
        'marginal_cost: {steps: [{cost: "6 EUR/pack [page]", up_to: "9 pack/month [page]"},'
        ' {cost: "5 EUR/pack [page]"}]}',
        "'5 EUR/pack' is below the cost of the step before",
    ),
    (
        '    fixed_cost: "2000000 EUR/year [page]"\n',
        '    fixed_cost: "2000000 EUR/pack [page]"\n',
        "a cost in USD/year belongs here",
    ),
    # who sells how
    (COURNOT, "{value: cournot, firm: danub}", "'danub' is not among the firms; did you mean 'danube'?"),
    (COURNOT, "{value: cournot, market: storekeeper}", "'storekeeper' is not among the markets"),
    (COURNOT, "{value: cournot, market: drivers}", "'drivers' does not make its own price"),
    (COURNOT, '{value: "1.2 ratio [page]", firm: danube}', "above 1 ratio, the most it can be"),
    (COURNOT, "{value: cournot, start: 2024-01}", "2024-01 is outside the horizon"),
    (COURNOT, "{value: cournot, start: 2026-01, end: 2025-12}", "2025-12 is before its start"),
    ("  makers: [danube, cars]", "  makers: [danube, karts]", "'karts' is not among the firms, plants and markets"),
    ("  currency: EUR\n  conduct", "  currency: EUX\n  conduct", "'EUX' is no currency of units.txt"),
    ("  every: month\n", '  every: month\n  importer_margin: "100 percent [page]"\n', "leaves sellers nothing"),
    # price wars
    ("  every: month\n", "  every: month\n  price_war: {start: 2028-01}\n", "2028-01 is outside the horizon"),
    (
        "  every: month\n",
        "  every: month\n  price_war: {start: 2026-05, end: 2026-02}\n",
        "2026-02 is before its start, 2026-05",
    ),
    (
        "  every: month\n",
        "  every: month\n  price_war: {start: 2026-05,"
        ' stocks: [{plant: cars, quantity: "9 vehicle [page]", over: "2 month [page]"}]}\n',
        "'cars' can sell in no market that makes its price",
    ),
    # duties
    (DUTY, 'start: "2024-01-01 [page]"}', "says nothing that is paid; add 'rate', 'amount' or 'minimum_price'"),
    (DUTY, f'minimum_price: "7000 EUR/pack [page]", {DUTY}', "stands instead of what its row says besides: rate '"),
    (
        DUTY,
        'minimum_price: "7000 EUR/pack [page]", amount: "9 EUR/pack [page]", start: "2024-01-01 [page]"}',
        "stands instead of what its row says besides: amount '9 EUR/pack'",
    ),
    (DUTY, f'rate_over: "9 percent [page]", {DUTY}', "is paid above a quota, and there is none"),
    (DUTY, f'quota: "900 pack/year [page]", {DUTY}', "add 'rate_over' for what is more"),
    (DUTY, f'quota: "900 vehicle/year [page]", rate_over: "9 percent [page]", {DUTY}', "counts in"),
    (
        DUTY,
        f'quota: "900 pack/year [page]", rate_over: "2 percent [page]", {DUTY}',
        "'2 percent' is below the rate within the quota",
    ),
    (
        DUTY,
        f'quota: "18201 pack/month [page]", rate_over: "9 percent [page]", {DUTY}',
        "'18201 pack/month' is above all that market 'storekeepers' takes, 18200 pack/month",
    ),
    (
        DUTY,
        'minimum_price: "17000 EUR/pack [page]", start: "2024-01-01 [page]"}',
        "'17000 EUR/pack' is not below 16133.3 EUR/pack, at which market 'storekeepers' buys nothing",
    ),
    (DUTY, f'amount: "5 EUR/year [page]", {DUTY}', "'5 EUR/year' is no money per item"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_what_competition_cannot_say_is_refused(refused: Refused, old: str, new: str, said: str) -> None:
    assert said in refused(old, new)


def test_the_line_and_column_are_those_of_the_figure(refused: Refused) -> None:
    war = "  every: month\n  price_war: {start: 2028-01}\n"
    refused("  every: month\n", war, at="2028-01}")


def test_competition_without_a_market_of_its_own_is_refused(small_text: str, refused: Refused) -> None:
    text = small_text.replace(", form: linear", "")
    said = f", {ANSWER}"
    assert said in text
    with pytest.raises(Exception, match="no market makes its own price"):
        parse_study(text.replace(said, ""))


def test_a_quota_at_all_that_is_ever_taken_stands(small_text: str) -> None:
    """7,000 packs a month at an elasticity of 1.6 are 18,200 at a price of nothing."""
    new = f'quota: "18200 pack/month [page]", rate_over: "9 percent [page]", {DUTY}'
    assert small_text.count(DUTY) == 1
    assert parse_study(small_text.replace(DUTY, new)).duties[0].quota is not None


GROUPS = """
study: groups
horizon: {start: 2030-01, end: 2030-12}
sources: {page: {title: t, publisher: p, date: "2030"}}
regions: {"NO": {}, DE: {}}
products: {small: {counted_in: vehicle}, large: {counted_in: vehicle}, van: {counted_in: vehicle}}
firms: {one: {}, two: {}}
plants:
  a: {owner: one, region: "NO", makes: small, REST}
  b: {owner: two, region: "NO", makes: large, REST}
  c: {owner: two, region: DE, makes: van, REST}
markets:
  smalls: {region: "NO", product: small, demand: [ROW]}
  larges: {region: "NO", product: large, demand: [ROW]}
  vans: {region: DE, product: van, demand: [ROW]}
competition: {currency: EUR, substitution: [GROUP]}
"""
ROW = '{start: 2030-01, quantity: "9 vehicle/year [page]", price: "9 EUR/vehicle [page]", elasticity: "1 ratio [page]"}'
REST = 'capacity: "9 vehicle/year [page]", opens: "2030-01 [page]", marginal_cost: "1 EUR/vehicle [page]"'


def _pair(names: str, strength: str) -> str:
    cross = f'{{between: [{names}], strength: "{strength} ratio [page]"}}'
    return f"{{form: matrix, markets: [smalls, larges], cross: [{cross}]}}"


def _group(text: str) -> str:
    return GROUPS.replace("GROUP", text).replace("ROW", ROW).replace("REST", REST)


@pytest.mark.parametrize(
    ("group", "said"),
    [
        ("{form: matrix, markets: [smalls, vans]}", "'vans' is in 'DE', and 'smalls' in 'NO'; buyers choose within"),
        ("{form: matrix, markets: [smalls, smalls]}", "'smalls' is twice in the group"),
        (
            _pair("smalls, larges", "1"),
            "the strengths cannot be together",
        ),
        (
            _pair("smalls, vans", "0.1"),
            "'vans' is not among the markets of the group",
        ),
        (
            _pair("smalls, smalls", "0.1"),
            "names 'smalls' twice",
        ),
        (
            '{form: matrix, markets: [smalls], shares: {one: "9 percent [page]"}}',
            "shares belong to form 'logit'",
        ),
        ('{form: logit, markets: [smalls, larges], outside: "9 percent [page]"}', "add 'shares'"),
        ('{form: logit, markets: [smalls], shares: {one: "60 percent [page]"}}', "add 'outside'"),
        (
            '{form: logit, markets: [smalls], outside: "9 percent [page]",'
            ' shares: {one: "60 percent [page]", two: "41 percent [page]"}}',
            "the shares add up to 101 percent, above 100",
        ),
        (
            '{form: logit, markets: [smalls], outside: "100 percent [page]", shares: {one: "60 percent [page]"}}',
            "is not above 0 and below 100 percent",
        ),
        (
            '{form: logit, markets: [smalls], outside: "9 percent [page]", shares: {three: "60 percent [page]"}}',
            "'three' is not among the firms",
        ),
    ],
)
def test_products_that_cannot_stand_in_for_each_other_are_refused(group: str, said: str) -> None:
    with pytest.raises(Exception, match="study:") as caught:
        parse_study(_group(group))
    assert said in str(caught.value)
    assert caught.value.exit_status == 2


def test_strengths_below_one_can_be() -> None:
    pair = (
        '{form: matrix, markets: [smalls, larges], cross: [{between: [smalls, larges], strength: "0.9 ratio [page]"}]}'
    )
    assert parse_study(_group(pair)).competition is not None


def test_conduct_of_a_firm_without_plants_is_refused() -> None:
    text = _group("{form: matrix, markets: [smalls, larges]}").replace("firms: {one: {}", "firms: {idle: {}, one: {}")
    text = text.replace("competition: {", "competition: {conduct: [{value: price-taking, firm: idle}], ")
    with pytest.raises(Exception, match="'idle' owns no plant and no part of a firm, so that it sells nothing"):
        parse_study(text)
