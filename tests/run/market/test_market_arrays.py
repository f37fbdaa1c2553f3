"""What a study says of its markets as arrays: curves, duties, quotas, costs, who decides and how firms sell."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from market_studies import changed

from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.market import game_of
from cell2grid.run.market.game import Game
from cell2grid.run.market.notes import market_notes
from cell2grid.study.model import Study

ROW = '{start: 2030-01, quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}'
NORTH = f'  north-buyers:\n    region: "NO"\n    product: pack\n    demand:\n      - {ROW}'
END = "competition: {currency: EUR"


def _game(study: Study, members: int = 1) -> Game:
    found = game_of(study, Figures(study.seed, first=0, count=members))
    assert found is not None
    return found


def _arrays(*replacements: tuple[str, str]) -> xr.Dataset:
    return _game(changed(*replacements)).arrays


def _north(*rows: str) -> tuple[str, str]:
    return NORTH, NORTH.replace(f"- {ROW}", "\n      ".join(f"- {row}" for row in rows))


def _duty(text: str) -> tuple[str, str]:
    return "markets:\n", f'duties:\n  - {{destination: DE, {text}, start: "2030-07-01 [page]"}}\nmarkets:\n'


def _at(arrays: xr.Dataset, name: str, **labels: str) -> float:
    return float(arrays[name].sel(**labels).isel(member=0).item())


def test_a_straight_line_goes_through_its_point() -> None:
    """Q = 1000 at P = 100 with an elasticity of 2: slope 100 / (2 x 1000) = 0.05, intercept 100 x 1.5 = 150."""
    arrays = _arrays(_north(ROW.replace("1 ratio", "2 ratio")))
    assert _at(arrays, "demand_slope", market="north-buyers", term="2030") == pytest.approx(0.05)
    assert _at(arrays, "demand_intercept", market="north-buyers", term="2030") == pytest.approx(150.0)


def test_a_curve_of_one_elasticity_goes_through_its_point() -> None:
    """Q = 1000 at P = 100 with an elasticity of 1.5: scale 1000 x 100^1.5 = 1,000,000."""
    arrays = _arrays(_north(ROW.replace('1 ratio [page]"', '1.5 ratio [page]", form: isoelastic')))
    assert _at(arrays, "demand_scale", market="north-buyers", term="2031") == pytest.approx(1e6)
    assert arrays["demand_form"].values.tolist() == ["isoelastic", "linear"]


def test_rows_within_a_year_are_weighed_by_what_they_ask_for() -> None:
    """A quarter of a year at 1000 a year and 100 EUR, three quarters at 3000 and 180.

    Q = 250 + 2250 = 2500, P = (250 x 100 + 2250 x 180) / 2500 = 172; slope 172 / 2500 at an elasticity of 1.
    """
    later = ROW.replace("2030-01", "2030-04").replace("1000 pack", "3000 pack").replace("100 EUR", "180 EUR")
    arrays = _arrays(_north(ROW, later))
    assert _at(arrays, "demand_slope", market="north-buyers", term="2030") == pytest.approx(172 / 2500)
    assert _at(arrays, "demand_intercept", market="north-buyers", term="2030") == pytest.approx(344)
    assert _at(arrays, "demand_slope", market="north-buyers", term="2031") == pytest.approx(180 / 3000)


def test_a_shock_leaves_a_part_of_the_quantity() -> None:
    """Half of what is asked for is left in a quarter of the year: 1000 x (1 - 0.25 x 0.5) = 875."""
    slump = (
        "competition:",
        'shocks:\n  slump: {market: north-buyers, leaves: "50 percent [page]", start: "2030-04-01 [page]",'
        ' end: "2030-06-30 [page]"}\ncompetition:',
    )
    assert _at(_arrays(slump), "demand_slope", market="north-buyers", term="2030") == pytest.approx(100 / 875)


def test_nobody_sells_where_nobody_asks_yet() -> None:
    arrays = _arrays(_north(ROW.replace("2030-01", "2031-01")))
    freight = arrays["selling_freight"].isel(member=0)
    assert np.isnan(freight.sel(market="north-buyers", term="2030")).all()
    assert np.isfinite(freight.sel(market="north-buyers", term="2031")).all()


def test_energy_stands_for_items() -> None:
    """2 GWh a year of 2 MWh each are 1000 packs, and 10 EUR/MWh of 2 MWh each are 20 EUR."""
    said = _arrays(_north(ROW.replace("1000 pack/year", "2 GWh/year")), ('"20 EUR/pack', '"10 EUR/MWh'))
    whole = _arrays()
    for name in ("demand_slope", "cost_step"):
        np.testing.assert_allclose(said[name].values, whole[name].values)


def test_a_duty_counts_by_the_days_of_the_term() -> None:
    """From 1 July on, half of the months of 2030 and all of 2031; at home nothing is paid."""
    arrays = _arrays(_duty('rate: "10 percent [page]", amount: "4 EUR/pack [page]"'))
    assert _at(arrays, "duty_on_cost", plant="fjord", market="south-buyers", term="2030") == pytest.approx(0.05)
    assert _at(arrays, "duty_amount", plant="fjord", market="south-buyers", term="2031") == pytest.approx(4.0)
    assert _at(arrays, "duty_on_cost", plant="spree", market="south-buyers", term="2031") == 0.0
    assert _at(arrays, "duty_on_cost", plant="spree", market="north-buyers", term="2031") == 0.0


def test_duties_go_by_firm_and_product() -> None:
    arrays = _arrays(_duty('firm: south, rate: "10 percent [page]"'))
    assert float(arrays["duty_on_cost"].max()) == 0.0


def test_a_quota_pays_the_rest_of_the_higher_rate_above_it() -> None:
    """5 percent within and 25 above are 20 more; in force for half of 2030 that is 10."""
    quota = 'name: cars, product: pack, rate: "5 percent [page]", base: price, quota: "120 pack/year [page]"'
    arrays = _arrays(_duty(f'{quota}, rate_over: "25 percent [page]"'))
    assert arrays["in_quota"].sel(quota="cars").values.tolist() == [[0.0, 1.0], [0.0, 0.0]]
    assert arrays["quota_amount"].values.ravel() == pytest.approx([120.0, 120.0])
    assert arrays["over_on_price"].values.ravel() == pytest.approx([0.1, 0.2])
    assert arrays["duty_on_price"].sel(plant="fjord", market="south-buyers").values.ravel() == pytest.approx(
        [0.025, 0.05]
    )


def test_importers_keep_their_part_before_duties() -> None:
    """With 20 percent for the importer and a duty of 10 on the price the seller has P x 0.8 / 1.1."""
    margin = (END, f'{END}, importer_margin: "20 percent [page]"')
    arrays = _arrays(margin, _duty('rate: "10 percent [page]", base: price'))
    left = 1.0 / (1.0 + _at(arrays, "duty_on_price", plant="fjord", market="south-buyers", term="2031"))
    assert left == pytest.approx(0.8 / 1.1)
    assert _at(arrays, "duty_on_price", plant="spree", market="south-buyers", term="2031") == 0.0


def test_an_undertaking_binds_in_terms_that_it_holds_for_most_of() -> None:
    late = _duty('minimum_price: "90 EUR/pack [page]"')
    arrays = _arrays((late[0], late[1].replace("2030-07-01", "2030-07-03")))
    least = arrays["least_price"].sel(plant="fjord", market="south-buyers").values.ravel()
    assert np.isnan(least[0])
    assert least[1] == 90.0


def test_what_is_paid_besides_an_undertaking_is_told() -> None:
    """The ordinary duty on all goods of a product stays beside a minimum price, and a note says so; one that ended
    before does not."""
    old, new = _duty('minimum_price: "90 EUR/pack [page]"')
    ordinary = '  - {destination: DE, product: pack, rate: "10 percent [page]", start: "2030-01-01 [page]"}\n'
    both = changed((old, new.replace("markets:", f"{ordinary}markets:")))
    assert any("besides the minimum price duties.1 is paid" in note for note in market_notes(both))
    ended = ordinary.replace("}", ', end: "2030-06-30 [page]"}')
    after = changed((old, new.replace("markets:", f"{ended}markets:")))
    assert not any("besides the minimum price" in note for note in market_notes(after))


def test_money_is_exchanged_at_the_rate_of_the_term() -> None:
    """400 NOK are 40 EUR at 10 in 2030, and 32 at 12.5 from 2031 on; before the first rate the first holds."""
    rates = (
        "competition:",
        'exchange_rates:\n  - {day: "2030-03-01 [page]", rate: "10 NOK/EUR [page]"}\n'
        '  - {day: "2031-01-01 [page]", rate: "0.08 EUR/NOK [page]"}\ncompetition:',
    )
    fjord = '"NO"\n    makes: pack\n    capacity: "12000 pack/year [page]"\n    opens: "2029-01 [page]"\n'
    cost = f'{fjord}    marginal_cost: "20 EUR'
    arrays = _arrays(rates, (cost, cost.replace("20 EUR", "400 NOK")))
    assert arrays["cost_step"].sel(plant="fjord").values.ravel() == pytest.approx([40.0, 32.0])
    with pytest.raises(StudyError, match=r"plants.fjord.marginal_cost: '400 NOK/pack' is in NOK"):
        _arrays((cost, cost.replace("20 EUR", "400 NOK")))


def test_steps_and_powers_are_by_the_year() -> None:
    """Steps to 10 and 30 a month are 120 and 240 wide a year; 9 EUR more at 100 a month by the square.

    The square: (scale x 1200)^2 = 9, so the scale is 3 / 1200.
    """
    steps = (
        'marginal_cost: {steps: [{cost: "20 EUR/pack [page]", up_to: "10 pack/month [page]"},'
        ' {cost: "25 EUR/pack [page]", up_to: "30 pack/month [page]"}, {cost: "40 EUR/pack [page]"}]}'
    )
    power = (
        'marginal_cost: {constant: "20 EUR/pack [page]", rise: "9 EUR/pack [page]", at: "100 pack/month [page]",'
        ' power: "2 ratio [page]"}'
    )
    parts = changed().model_dump_json()
    assert parts.count('"20 EUR/pack [page]"') == 2
    head = "  spree:\n    owner: south\n    region: DE\n    makes: pack\n"
    moved = (head, f"{head}    {power}\n")
    arrays = _arrays(
        ('    marginal_cost: "20 EUR/pack [page]"\nlanes', "lanes"),
        ('marginal_cost: "20 EUR/pack [page]"', steps),
        moved,
    )
    first = arrays.sel(plant="fjord", term="2030").isel(member=0)
    assert first["cost_step_width"].values.tolist() == [120.0, 240.0, np.inf]
    assert first["cost_step"].values.tolist() == [20.0, 25.0, 40.0]
    second = arrays.sel(plant="spree", term="2030").isel(member=0)
    assert float(second["cost_power_scale"]) == pytest.approx(3 / 1200)
    assert float(second["cost_power"]) == 2.0


def test_who_has_the_votes_decides_and_others_earn() -> None:
    """A fund with 60 percent of north decides over its plant; south, with 30 percent, earns that of the fund's."""
    stakes = (
        'stakes:\n  - {company: north, holder: fund, share: "60 percent [page]"}\n'
        '  - {company: north, holder: south, share: "30 percent [page]"}\nplants:\n'
    )
    game = _game(changed(("firms:\n", "firms:\n  fund: {}\n"), ("plants:\n", stakes)))
    (one,) = game.stretches
    assert (one.decides, one.firms) == (("fund", "south"), ("fund", "south"))
    np.testing.assert_allclose(one.interest, [[1.0, 0.0], [0.3, 1.0]])


def test_deciders_change_with_stakes_between_terms() -> None:
    stake = (
        'stakes:\n  - {company: north, holder: south, share: "60 percent [page]", since: "2031-01 [page]"}\nplants:\n'
    )
    game = _game(changed(("plants:\n", stake)))
    assert [(part.first, part.after, part.decides) for part in game.stretches] == [
        (0, 1, ("north", "south")),
        (1, 2, ("south", "south")),
    ]


def test_later_rows_of_conduct_replace_earlier_ones_in_their_months() -> None:
    """North takes prices in all of 2030 but expects 0.4 from October on: 0 x 9/12 + 0.4 x 3/12 = 0.1."""
    conduct = (
        f"{END}, conduct: [{{value: price-taking, firm: north, end: 2030-12}},"
        ' {value: "0.4 ratio [page]", start: 2030-10, end: 2030-12, market: south-buyers}]'
    )
    arrays = _arrays((END, conduct))
    assert _at(arrays, "conduct", firm="north", market="south-buyers", term="2030") == pytest.approx(0.1)
    assert _at(arrays, "conduct", firm="north", market="north-buyers", term="2030") == 0.0
    assert _at(arrays, "conduct", firm="south", market="south-buyers", term="2030") == pytest.approx(0.85)
    assert _at(arrays, "conduct", firm="north", market="south-buyers", term="2031") == 1.0


def test_substitutes_keep_the_points() -> None:
    """Both sell 1000 at 100 with slopes of 0.1; strength 0.5 takes 0.05 x 1000 = 50 of the price of each: 250."""
    two = ("  DE: {currency: EUR}\n", "  DE: {currency: EUR}\n"), ("  pack: {", "  box: {counted_in: pack}\n  pack: {")
    boxes = (
        '  boxers:\n    owner: south\n    region: "NO"\n    makes: box\n    capacity: "9 pack/year [page]"\n'
        '    opens: "2029-01 [page]"\n    marginal_cost: "9 EUR/pack [page]"\nlanes:\n'
    )
    market = NORTH.replace("north-buyers", "box-buyers").replace("product: pack", "product: box")
    pair = '[{between: [box-buyers, north-buyers], strength: "0.5 ratio [page]"}]'
    group = f"{END}, substitution: [{{form: matrix, markets: [north-buyers, box-buyers], cross: {pair}}}]"
    arrays = _arrays(*two, ("lanes:\n", boxes), (NORTH, f"{market}\n{NORTH}"), (END, group))
    inside = {"market": "box-buyers", "other_market": "north-buyers", "term": "2030"}
    assert _at(arrays, "cross_slope", **inside) == pytest.approx(0.05)
    assert _at(arrays, "demand_intercept", market="box-buyers", term="2030") == pytest.approx(250.0)
    assert _at(arrays, "demand_intercept", market="south-buyers", term="2030") == pytest.approx(200.0)


def test_the_order_of_rows_and_of_plants_changes_no_draw() -> None:
    ranges = ('"20 EUR/pack', '"18 .. 22 EUR/pack'), ('"1 ratio', '"0.8 .. 1.2 ratio')
    study = changed(*ranges)
    turned = study.changed(
        plants=dict(reversed(study.plants.items())),
        markets=dict(reversed(study.markets.items())),
        lanes=tuple(reversed(study.lanes)),
    )
    one, other = (_game(part, 8).arrays for part in (study, turned))
    for name in ("cost_step", "demand_slope", "selling_freight"):
        labels = {dim: one[dim] for dim in ("plant", "market") if dim in one[name].dims}
        np.testing.assert_array_equal(one[name].values, other[name].sel(labels).transpose(*one[name].dims).values)
    assert float(one["cost_step"].std("member").max()) > 0.0


def test_a_study_without_competition_has_no_game() -> None:
    study = changed().changed(competition=None)
    assert game_of(study, Figures(1, first=0, count=1)) is None
