"""Observations of markets: what the name stands for, means and totals of months, ratios of sums."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from market_studies import changed

from cell2grid.errors import StudyError
from cell2grid.run.told.record import modelled_values
from cell2grid.study.model import Observation, Study
from cell2grid.study.rules.observed import chosen

GROUPS = "groups:\n  south-of-it: [south, north-buyers]\ncompetition:"
SALES = np.array([[[600.0, 300.0], [500.0, 100.0]], [[400.0, 100.0], [700.0, 900.0]]])  # plant, market, term


def _found() -> xr.Dataset:
    """Two plants, two markets and two years, with prices 80 and 90 in the north and 100 in the south."""
    dims = ("member", "plant", "market", "term")
    by_plant, by_market = ("member", "plant", "term"), ("member", "market", "term")
    whole = np.array([[[12000.0, 6000.0], [3000.0, 6000.0]]])
    return xr.Dataset(
        {
            "sales": (dims, SALES[None]),
            "plant_sales": (by_plant, SALES.sum(axis=1)[None]),
            "market_sales": (by_market, SALES.sum(axis=0)[None]),
            "market_price": (by_market, np.array([[[80.0, 90.0], [100.0, 100.0]]])),
            "sales_capacity": (by_plant, whole / 2),
            "nameplate_capacity": (by_plant, whole),
            "plant_profit": (by_plant, np.ones((1, 2, 2))),
            "fixed_cost_rate": (by_plant, np.zeros((1, 2, 2))),
        },
        {
            "member": [0],
            "plant": np.array(["fjord", "spree"], dtype=object),
            "market": np.array(["north-buyers", "south-buyers"], dtype=object),
            "term": np.array(["2030", "2031"], dtype=object),
        },
    )


def _told(variable: str, of: str, value: str, start: str = "2030-01", end: str = "2030-12") -> float:
    study: Study = changed(("competition:", GROUPS))
    seen = Observation.model_validate({"variable": variable, "of": of, "start": start, "end": end, "value": value})
    return float(modelled_values(study, _found(), "seen", seen)[0])


@pytest.mark.parametrize(
    ("variable", "of", "value", "told"),
    [
        ("plant_sales", "fjord", "1 pack/year", 1100.0),
        ("plant_sales", "fjord", "1 pack", 1100.0),
        ("plant_sales", "DE", "1 pack/year", 1100.0),
        ("market_sales", "DE", "1 pack/year", 1200.0),
        ("market_sales", "pack", "1 pack/year", 2200.0),
        ("plant_sales", "pack", "1 GWh/year", 4.4),
        ("sales", "south-of-it", "1 pack/year", 400.0),
        ("market_share", "south-of-it", "1 percent", 40.0),
        ("market_share", "north", "1 ratio", 0.5),
        ("market_price", "north-buyers", "1 EUR/pack", 80.0),
        ("market_price", "pack", "1 EUR/pack", (80 * 1000 + 100 * 1200) / 2200),
        ("sales_utilisation", "spree", "1 percent", 100 * 1100 / 1500),
        ("nameplate_utilisation", "pack", "1 percent", 100 * 2200 / 15000),
        ("firm_profit", "north", "1 EUR/year", 1.0),
        ("firm_revenue", "south", "1 EUR/year", 400 * 80 + 700 * 100),
    ],
)
def test_an_observation_is_of_the_plants_and_markets_of_its_name(
    variable: str, of: str, value: str, told: float
) -> None:
    assert _told(variable, of, value) == pytest.approx(told)


def test_markets_of_what_a_name_does_not_make_are_left_out() -> None:
    """North sells packs alone: its share is of packs, whatever else is sold; a market's plants make what it buys."""
    module = (
        'makes: module\n    capacity: "9 pack/year [page]"\n    opens: "2029-01 [page]"\n'
        '    marginal_cost: "20 EUR/pack [page]"\n'
    )
    study = changed(
        ("products:\n", "products:\n  module: {counted_in: pack}\n"),
        ("lanes:\n", f"  modules:\n    owner: south\n    region: DE\n    {module}lanes:\n"),
        ("competition:", "groups: {}\ncompetition:"),
        (
            "markets:\n",
            "markets:\n  module-buyers:\n    region: DE\n    product: module\n    demand:\n      - {start: 2030-01, "
            'quantity: "9 pack/year [page]", price: "99 EUR/pack [page]", elasticity: "1 ratio [page]"}\n',
        ),
    )
    owners = {"fjord": "north", "spree": "south", "modules": "south"}
    assert chosen(study, "north", owners, "market_share") == (["fjord"], ["north-buyers", "south-buyers"])
    assert chosen(study, "module-buyers", owners, "market_price") == (["modules"], ["module-buyers"])
    assert chosen(study, "south-buyers", owners, "market_price") == (["fjord", "spree"], ["south-buyers"])


def test_months_of_two_years_weigh_each_year_by_its_own() -> None:
    """Nine months of 2030 at 1100 a year and three of 2031 at 400 are 825 + 100 = 925 packs."""
    assert _told("plant_sales", "fjord", "1 pack", "2030-04", "2031-03") == pytest.approx(925.0)


def test_use_of_several_years_is_a_ratio_of_sums() -> None:
    """Two years of fjord: (1100 + 400) / (12000 + 6000), and not the mean of both years' parts."""
    assert _told("nameplate_utilisation", "fjord", "1 ratio", "2030-01", "2031-12") == pytest.approx(1500 / 18000)


def test_what_is_of_one_market_is_refused_of_several() -> None:
    with pytest.raises(StudyError, match="'market_cr4' is of one market, and 'pack' is not"):
        _told("market_cr4", "pack", "1 ratio")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{variable: market_price, of: north-buyers, VALUE}", "'5 pack/year' is in pack/year; 'market_price' is"),
        ("{variable: plant_sales, of: nobody, VALUE}", "'nobody' is not among the plants, firms, regions, products"),
        ("{variable: market_share, of: north, VALUE}", "'market_share' is observed in ratio"),
    ],
)
def test_observations_of_markets_that_cannot_be_are_refused(row: str, said: str) -> None:
    row = row.replace("VALUE", 'value: "5 pack/year [page]", start: 2030-01, end: 2030-12')
    with pytest.raises(StudyError) as caught:
        changed(("competition:", f"observations:\n  seen: {row}\ncompetition:"))
    assert said in str(caught.value)


def test_an_observation_of_markets_without_competition_is_refused() -> None:
    row = '{variable: market_sales, of: north-buyers, value: "5 pack [page]", start: 2030-01, end: 2030-12}'
    with pytest.raises(StudyError, match="there is no 'competition'; add it"):
        changed(("competition: {currency: EUR}", f"observations:\n  seen: {row}"))
