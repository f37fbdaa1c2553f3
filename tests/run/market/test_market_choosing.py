"""Groups of form logit: prices that firms set for their own variants, by hand and beside other markets."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.run.chain import run_study
from cell2grid.run.market import solved
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

COST = 100.0 - 100.0 / 3.0
TWO = f"""
study: variants
horizon: {{start: 2030-01, end: 2030-12}}
sources: {{page: {{title: t, publisher: p, date: "2030"}}}}
regions: {{"NO": {{}}, DE: {{}}}}
products: {{car: {{counted_in: vehicle}}, pack: {{counted_in: pack}}}}
firms: {{north: {{}}, south: {{}}}}
plants:
  a: {{owner: north, region: "NO", makes: car, capacity: "9000 vehicle/year [page]", opens: "2029-01 [page]",
      marginal_cost: "{COST} EUR/vehicle [page]"}}
  b: {{owner: south, region: "NO", makes: car, capacity: "9000 vehicle/year [page]", opens: "2029-01 [page]",
      marginal_cost: "{COST} EUR/vehicle [page]"}}
  c: {{owner: south, region: "NO", makes: pack, capacity: "9000 pack/year [page]", opens: "2029-01 [page]",
      marginal_cost: "20 EUR/pack [page]"}}
markets:
  cars:
    region: "NO"
    product: car
    demand:
      - start: 2030-01
        quantity: "500 vehicle/year [page]"
        price: "100 EUR/vehicle [page]"
        elasticity: "2 ratio [page]"
  packs:
    region: "NO"
    product: pack
    demand:
      - {{start: 2030-01, quantity: "50 pack/year [page]", price: "50 EUR/pack [page]", elasticity: "1 ratio [page]"}}
competition:
  currency: EUR
  substitution:
    - form: logit
      markets: [cars]
      shares: {{north: "50 percent [page]", south: "50 percent [page]"}}
      outside: "50 percent [page]"
"""


def _study(*replacements: tuple[str, str]) -> Study:
    text = TWO
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return parse_study(text)


def _value(study: Study, name: str, **labels: str) -> float:
    return float(solved(study, members=1)[name].sel(term="2030", **labels).isel(member=0).item())


def test_prices_of_two_variants_by_hand() -> None:
    """Each sells to 25 percent of possible buyers and nobody to 50: a = 2 / (100 x 0.5) = 0.04 by the euro.

    The mark-up is 1 / (0.04 x 0.75) = 33.33, so that at a cost of 66.67 the price is 100 as in the row of demand, and
    each sells 250. Buyers' surplus is 1000 / 0.04 x ln(1 / 0.5) = 17,328.7.
    """
    study = _study()
    assert _value(study, "market_price", market="cars") == pytest.approx(100.0)
    assert _value(study, "sales", plant="a", market="cars") == pytest.approx(250.0)
    assert _value(study, "firm_profit", firm="north") == pytest.approx(250 * 100 / 3)
    assert _value(study, "consumer_surplus", market="cars") == pytest.approx(1000 / 0.04 * np.log(2.0))
    assert _value(study, "market_hhi", market="cars") == pytest.approx(5000.0)


def test_other_markets_are_as_they_are_alone() -> None:
    """South alone sells packs on P = 100 - Q at a cost of 20: 40 at 60; its profit is that of both."""
    study = _study()
    assert _value(study, "market_price", market="packs") == pytest.approx(60.0)
    assert _value(study, "firm_profit", firm="south") == pytest.approx(250 * 100 / 3 + 40 * 40)
    assert _value(study, "sales", plant="c", market="cars") == 0.0


def test_a_capacity_keeps_a_variant_dear() -> None:
    """With 200 vehicles a year at the most north asks more than south, and earns the difference on its scarce cars."""
    scarce = (
        'makes: car, capacity: "9000 vehicle/year [page]", opens',
        'makes: car, capacity: "200 vehicle/year [page]", opens',
    )
    text = TWO.replace(*scarce, 1)
    study = parse_study(text)
    assert _value(study, "plant_sales", plant="a") == pytest.approx(200.0)
    assert _value(study, "scarcity_rent", plant="a") > 1.0
    assert _value(study, "market_price", market="cars") > 100.0


def test_what_named_firms_leave_is_not_bought_of_them() -> None:
    """North with 50 percent and nobody else named: half of 500 is sold by others, who are outside of 750 in 1000."""
    alone = (', south: "50 percent [page]"}', "}"), ("  b: {owner: south", "  b: {owner: north")
    study = _study(*alone)
    # a = 2 / (100 x 0.75); one firm's mark-up is 1 / (a (1 - s)) = 37.5 / 0.75 = 50 at s = 0.25
    dear = parse_study(TWO.replace(f"{COST}", "50").replace(*alone[0]).replace(*alone[1]))
    assert _value(dear, "market_price", market="cars") == pytest.approx(100.0)
    assert _value(dear, "market_sales", market="cars") == pytest.approx(250.0)
    assert _value(study, "market_price", market="cars") > 100.0


def test_a_cost_that_rises_with_output_is_that_of_the_last_car() -> None:
    """16.67 + 0.2 a car is 66.67 at 250, where both sell at 100; north's 250 cost 16.67 and half of 50 each."""
    flat = f'marginal_cost: "{COST} EUR/vehicle [page]"}}'
    rising = (
        f'marginal_cost: {{constant: "{COST - 50.0} EUR/vehicle [page]", rise: "50 EUR/vehicle [page]",'
        ' at: "250 vehicle/year [page]", power: "1 ratio [page]"}}'
    )
    study = parse_study(TWO.replace(flat, rising))
    assert _value(study, "market_price", market="cars") == pytest.approx(100.0)
    assert _value(study, "sales", plant="a", market="cars") == pytest.approx(250.0)
    assert _value(study, "firm_profit", firm="north") == pytest.approx(250 * (100 - (COST - 50.0) - 25.0))


def test_a_stake_in_a_rival_raises_the_price() -> None:
    """North holds 40 percent of south and does not decide there: it asks more than south."""
    study = _study(("plants:\n", 'stakes:\n  - {company: south, holder: north, share: "40 percent [page]"}\nplants:\n'))
    assert _value(study, "market_price", market="cars") > 100.5
    assert _value(study, "sales", plant="a", market="cars") < _value(study, "sales", plant="b", market="cars")


def test_a_quota_with_two_rates_on_cars_from_abroad() -> None:
    """Cars of the south come from DE within a quota of 100 a year, above it at 20 percent of a customs value of
    55.56, so that the last costs 66.67 as at home: 250 at 100, of which 150 pay 11.11."""
    abroad = TWO.replace('b: {owner: south, region: "NO"', "b: {owner: south, region: DE").replace(
        f'{COST} EUR/vehicle [page]"}}\n  c', f'{COST / 1.2} EUR/vehicle [page]"}}\n  c'
    )
    study = parse_study(
        abroad.replace(
            "products:",
            'lanes: [{origin: DE, destination: "NO", lead_time: "1 day [page]"}]\n'
            'duties: [{destination: "NO", product: car, rate: "0 percent [page]", quota: "100 vehicle/year [page]",'
            ' rate_over: "20 percent [page]", start: "2029-01-01 [page]", name: cars}]\nproducts:',
        )
    )
    assert _value(study, "market_price", market="cars") == pytest.approx(100.0)
    assert _value(study, "licence_price", quota="cars") == pytest.approx(COST / 6.0)
    assert _value(study, "duty_revenue", market="cars") == pytest.approx(150 * COST / 6.0)


def test_a_run_tells_of_both_kinds_of_markets() -> None:
    results = run_study(_study(), members=2)
    assert any("each firm sets the price of its own variant" in note for note in results.manifest["notes"])
    shipped = (
        results.arrays["shipped"].sel(plant="a").sum(["destination", "period"]) if results.arrays is not None else 0
    )
    assert float(np.asarray(shipped)[0]) == pytest.approx(250.0)


def test_a_firm_without_a_share_is_refused() -> None:
    study = _study((', south: "50 percent [page]"}', "}"))
    with pytest.raises(StudyError, match="'south' decides over plant 'b', and has no part of what is sold"):
        solved(study, members=1)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "horizon:",
            'duties: [{destination: "NO", minimum_price: "9 EUR/vehicle [page]", start: "2030-01-01 [page]",'
            " product: car}]\nhorizon:",
            "'9 EUR/vehicle' holds in a group of form 'logit', whose firms set prices",
        ),
        (
            "  currency: EUR\n",
            "  currency: EUR\n  price_war: {start: 2030-03}\n",
            "a price war is of goods that are alike",
        ),
    ],
)
def test_what_variants_cannot_be_is_refused(old: str, new: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        _study((old, new))
    assert said in str(caught.value)
