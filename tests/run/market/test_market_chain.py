"""Markets within a run: answers worked by hand, what limits sales, and a ledger that makes what is sold."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from market_studies import DUOPOLY, changed

from cell2grid.engines import engine
from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.report.traced_values import values_of
from cell2grid.run.chain import run_study
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.ensemble import input_arrays, simulate
from cell2grid.run.market import capacities, solved
from cell2grid.run.market.capacities import free_output
from cell2grid.run.market.notes import market_notes
from cell2grid.run.streaming import streamed
from cell2grid.study.model import Study

END = "competition: {currency: EUR}"
PLANTS, MARKETS = ["fjord", "spree"], ["north-buyers", "south-buyers"]
FULL = '    capacity: "12000 pack/year [page]"\n    opens: "2029-01 [page]"\n'
FJORD = f'"NO"\n    makes: pack\n{FULL}'
RANGES = ('"20 EUR/pack', '"18 .. 22 EUR/pack'), ('"1 ratio', '"0.8 .. 1.2 ratio')
DUTY = 'duties:\n  - {destination: DE, rate: "20 percent [page]", base: BASE, start: "2030-01-01 [page]"}\nmarkets:\n'


def _value(found: xr.Dataset, name: str, **labels: str) -> float:
    return float(found[name].sel(**labels).isel(member=0).item())


def test_two_makers_by_hand() -> None:
    """Cournot with costs of 20 at home and 30 abroad: P = (200 + 20 + 30) / 3 = 83.33.

    Each sells (P - c) / 0.1: 633.3 at home and 533.3 abroad; profit 63.33 x 633.3 + 53.33 x 533.3 = 68,555.6.
    """
    found = solved(changed(), members=1)
    assert found["market_price"].values.ravel() == pytest.approx([250 / 3] * 4)
    assert _value(found, "sales", plant="fjord", market="north-buyers", term="2030") == pytest.approx(1900 / 3)
    assert _value(found, "sales", plant="fjord", market="south-buyers", term="2030") == pytest.approx(1600 / 3)
    assert _value(found, "firm_profit", firm="north", term="2031") == pytest.approx(68555.5556)
    assert float(found["stationarity_residual"].max()) < 1e-9


def test_a_market_without_sellers_or_at_too_high_a_cost_is_said_to_sell_nothing() -> None:
    """Both plants open in 2031, so that nobody has a price in 2030; at a cost of 300 nobody buys below 200."""
    study = changed((FULL, FULL.replace("2029-01", "2031-01")))
    notes = market_notes(study, solved(study, members=2))
    said = "market: north-buyers: nothing is sold in 2030; no price then, as no plant can sell there"
    assert sum(note.startswith(said) for note in notes) == 1
    dear = changed(('"20 EUR/pack', '"300 EUR/pack'))
    notes = market_notes(dear, solved(dear, members=2))
    assert sum("south-buyers: nothing is sold in 2030 and in 1 more; what its first" in note for note in notes) == 1
    plain = changed()
    assert not any("nothing is sold" in note for note in market_notes(plain, solved(plain, members=2)))


def test_a_duty_on_customs_by_hand() -> None:
    """20 percent of cost and freight make 36 of 30 for the importer: P = (200 + 20 + 36) / 3, duty 6 an item."""
    found = solved(changed(("markets:\n", DUTY.replace("BASE", "customs"))), members=1)
    price = 256 / 3
    assert _value(found, "market_price", market="south-buyers", term="2030") == pytest.approx(price)
    imported = (price - 36) / 0.1
    assert _value(found, "duty_revenue", market="south-buyers", term="2030") == pytest.approx(6 * imported)


def test_what_importers_keep_is_no_duty() -> None:
    """The importer keeps a tenth of P, the duty is a fifth of what the seller has: 0.9 P / 1.2 = 0.75 P for the seller.

    So of P the importer has 0.1, the seller 0.75 and the customs 0.15.
    """
    margin = (END, 'competition: {currency: EUR, importer_margin: "10 percent [page]"}')
    found = solved(changed(margin, ("markets:\n", DUTY.replace("BASE", "price"))), members=1)
    price = _value(found, "market_price", market="south-buyers", term="2030")
    imported = _value(found, "sales", plant="fjord", market="south-buyers", term="2030")
    assert _value(found, "duty_revenue", market="south-buyers", term="2030") == pytest.approx(0.15 * price * imported)
    assert _value(found, "duty_revenue", market="north-buyers", term="2030") == pytest.approx(0.0, abs=1e-6)


ENTRY = """
study: entry
horizon: {start: 2030-01, end: 2030-12}
sources: {page: {title: t, publisher: p, date: "2030"}}
regions: {"NO": {}}
products: {pack: {counted_in: pack}}
firms: {FIRMS}
plants:
ROWS
markets:
  buyers:
    region: "NO"
    product: pack
    demand:
      - {start: 2030-01, quantity: "50 pack/year [page]", price: "50 EUR/pack [page]", elasticity: "1 ratio [page]"}
competition: {currency: EUR}
"""


def _entry(capacity: float, incumbents: int = 4) -> Study:
    """Demand P = 100 - Q; so many equal firms at 20 EUR that nothing limits, and an entrant of some capacity."""
    from cell2grid.study.loader import parse_study

    names = [f"old{number}" for number in range(incumbents)] + (["new"] if capacity else [])
    rows = [
        f'  {name}: {{owner: {name}, region: "NO", makes: pack, opens: "2029-01 [page]", capacity: '
        f'"{capacity if name == "new" else 1000:g} pack/year [page]", marginal_cost: "20 EUR/pack [page]"}}'
        for name in names
    ]
    firms = ", ".join(f"{name}: {{}}" for name in names)
    return parse_study(ENTRY.replace("{FIRMS}", f"{{{firms}}}").replace("ROWS", "\n".join(rows)))


@pytest.mark.parametrize(("capacity", "price"), [(0.0, 36.0), (10.0, 34.0), (80 / 6, 100 / 3), (500.0, 100 / 3)])
def test_entry_of_one_plant_is_exact(capacity: float, price: float) -> None:
    """n = 4 at c = 20 on P = 100 - Q: 36; an entrant of K takes K / 5 off, up to K = 80 / 6, where it holds back."""
    found = solved(_entry(capacity), members=1)
    assert _value(found, "market_price", market="buyers", term="2030") == pytest.approx(price)
    old = (price - 20.0) / 1.0
    assert _value(found, "plant_sales", plant="old0", term="2030") == pytest.approx(old)


def test_use_of_nameplate_and_of_what_could_be_sold() -> None:
    """Nine tenths of 1,200 are good, half the year is open: 540 can be sold of a nameplate of 600; all of it is."""
    small = FJORD.replace("12000", "1200").replace("2029-01", "2030-07") + '    yield: "90 percent [page]"\n'
    found = solved(changed((FJORD, small)), members=1)
    first = {"plant": "fjord", "term": "2030"}
    assert _value(found, "nameplate_capacity", **first) == pytest.approx(600.0)
    assert _value(found, "sales_capacity", **first) == pytest.approx(540.0)
    assert _value(found, "sales_utilisation", **first) == pytest.approx(1.0)
    assert _value(found, "nameplate_utilisation", **first) == pytest.approx(0.9)


ORDERS = """orders:
  port: {region: DE, plant: fjord, product: pack, quantity: "150 pack [page]", ordered: "2030-02-01 [page]"}
"""
VANS = "  van: {counted_in: vehicle}\n"
VAN_PLANT = """  works:
    owner: south
    region: "NO"
    makes: van
    capacity: "240 vehicle/year [page]"
    opens: "2029-01 [page]"
    inputs: [{product: pack, per_item: "2 pack/vehicle [page]"}]
lanes:
"""


def test_orders_and_inputs_are_taken_off_what_can_be_sold() -> None:
    """1,200 a year less an order of 150 and two packs for each of 240 vans leave 570 in 2030, and 720 in 2031."""
    study = changed(
        (FJORD, FJORD.replace("12000", "1200")),
        ("competition:", f"{ORDERS}competition:"),
        ("products:\n", f"products:\n{VANS}"),
        ("lanes:\n", VAN_PLANT),
    )
    # the maker in the south could feed the works too, were it not for its lane: both share what is asked
    found = solved(study, members=1)
    both = sum(_value(found, "sales_capacity", plant=plant, term="2031") for plant in PLANTS)
    assert both == pytest.approx(1200 + 12000 - 480)
    both = sum(_value(found, "sales_capacity", plant=plant, term="2030") for plant in PLANTS)
    assert both == pytest.approx(1200 + 12000 - 480 - 150)


def test_the_straight_way_is_what_the_ledger_says(monkeypatch: pytest.MonkeyPatch) -> None:
    stops = (
        '    ramp: {curve: linear, months_to_nameplate: "9 month [page]"}\n    yield: "80 .. 95 percent [page]"\n'
        '    availability: "90 percent [page]"\n    outages: {every: "60 day [page]", lasts: "5 day [page]"}\n'
    )
    study = changed((FJORD, FJORD.replace("2029-01", "2030-03-10") + stops))
    figures = Figures(3, first=0, count=6)
    arrays = input_arrays(study, figures)
    arrays = arrays.merge(engine("capability").solve(arrays), compat="override", join="exact")
    straight = free_output(arrays, PLANTS, MARKETS)
    monkeypatch.setattr(capacities, "_straight", lambda *_: False)
    np.testing.assert_allclose(free_output(arrays, PLANTS, MARKETS), straight, rtol=1e-9, atol=1e-6)


def test_the_ledger_makes_what_the_markets_take() -> None:
    """What is made, shipped and asked for adds up to what was sold in every month; nothing is left over in stock."""
    late = FJORD.replace("2029-01", "2030-05").replace("12000", "1500")
    arrays = simulate(changed((FJORD, late), *RANGES), members=5, seed=2).arrays
    made = arrays["output"].sel(period=months_between("2030-01", "2030-12")).sum("period")
    np.testing.assert_allclose(made.values, arrays["plant_sales"].sel(term="2030").values, rtol=1e-9)
    np.testing.assert_allclose(arrays["market_demand"].sum("market"), arrays["output"].sum("plant"), rtol=1e-9)
    assert float(arrays["stock"].max()) < 1e-6
    assert (arrays["output"].sel(plant="fjord", period=months_between("2030-01", "2030-04")) == 0.0).all()


def test_a_run_has_tables_of_prices_firms_plants_flows_and_groups() -> None:
    results = run_study(changed(*RANGES, ("competition:", "groups:\n  both: [north, spree]\ncompetition:")), members=20)
    groups = results.tables["market_groups"]
    both = groups[(groups["kind"] == "group") & (groups["variable"] == "nameplate_utilisation")]
    plants = results.tables["market_plants"]
    sold = plants[plants["variable"] == "plant_sales"].groupby("term")["mean"].sum()
    assert both["mean"].to_numpy() == pytest.approx((sold / 24000).to_numpy())
    firms = results.tables["market_firms"]
    part = firms[(firms["term"] == "2030") & (firms["variable"] == "sales") & (firms["firm"] == "north")]
    by = part.set_index("market")["mean"]
    assert by["home"] + by["abroad"] == pytest.approx(by["all"])
    assert by["home"] == pytest.approx(by["north-buyers"])
    flows = results.tables["market_flows"]
    assert flows.groupby("market")["mean"].sum().to_numpy() == pytest.approx(
        results.tables["market"].query("variable == 'market_sales'").groupby("market")["mean"].sum().to_numpy()
    )
    assert results.manifest["engines"]["market"]["writes"]
    reads = results.manifest["reads"]
    assert "plants.fjord.marginal_cost" in reads["market_price"]
    assert "plants.fjord.capacity" in reads["market_price"]
    assert "markets.south-buyers.demand.0.elasticity" in reads["output"]
    assert any(
        note.startswith("market: the conditions of an equilibrium are met to") for note in results.manifest["notes"]
    )


def test_months_are_solved_one_by_one() -> None:
    """A rise of quantity from July on touches no earlier month."""
    point = 'quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"'
    row = f"{{start: 2030-01, {point}}}"
    more = row.replace("2030-01", "2030-07").replace("100 EUR", "120 EUR")
    monthly = (END, "competition: {currency: EUR, every: month}")
    text = DUOPOLY.replace(row, f"{row}\n      - {more}", 1)
    found = solved(changed(monthly, text=text), members=1)["market_price"].sel(market="north-buyers").values.ravel()
    assert found[:6] == pytest.approx([250 / 3] * 6)
    assert found[6:] == pytest.approx([(240 + 50) / 3] * 18)


def test_a_price_war_falls_to_cost_in_its_months() -> None:
    war = "competition: {currency: EUR, every: month, price_war: {start: 2030-07, end: 2030-09}}"
    found = solved(changed((END, war)), members=1)
    price = found["market_price"].sel(market="north-buyers").values.ravel()
    assert price[6:9] == pytest.approx([20.0] * 3)
    assert price[[5, 9]] == pytest.approx([250 / 3] * 2)
    assert found["price_floor"].sel(market="north-buyers", term="2030-08").item() == pytest.approx(20.0)


def test_members_are_those_of_the_run_and_of_a_study_with_one_thing_different() -> None:
    study = changed(*RANGES)
    whole = simulate(study, members=300, seed=4).arrays
    alone = solved(study, members=300, seed=4)
    np.testing.assert_allclose(whole["market_price"].values, alone["market_price"].values)
    other = solved(study.changed(lanes=study.lanes[:1]), members=300, seed=4)
    # without the way to the north its maker is alone there; demand and cost are drawn as before
    plants = alone["plant_sales"].sel(plant="spree").std("member")
    assert (plants > 0.0).all()
    for name in ("nameplate_capacity", "sales_capacity"):
        np.testing.assert_array_equal(alone[name].values, other[name].values)
    south = {"market": "south-buyers", "term": "2030"}
    np.testing.assert_allclose(alone["market_price"].sel(south), other["market_price"].sel(south), rtol=1e-7)


def test_workers_and_chunks_change_no_byte() -> None:
    study = changed(*RANGES)
    one, two = (simulate(study, members=260, seed=1, workers=workers).arrays for workers in (1, 2))
    assert one.identical(two)


def test_streamed_months_are_those_of_the_run() -> None:
    study = changed(*RANGES)
    sums = streamed(study, members=300, seed=4).spreads()["output"][0]
    whole = simulate(study, members=300, seed=4).arrays["output"].mean("member").values
    np.testing.assert_allclose(sums, whole, rtol=1e-9)


def test_a_stop_of_a_plant_moves_the_price_only_in_its_months() -> None:
    monthly = (END, "competition: {currency: EUR, every: month}")
    shock = (
        "competition:",
        'shocks:\n  fire: {plant: spree, leaves: "0 percent [page]", start: "2030-03-01 [page]",'
        ' end: "2030-03-31 [page]"}\ncompetition:',
    )
    study = changed(monthly, shock)
    hit, calm = (solved(study, members=1, without=without)["market_price"].values[0, 0] for without in ((), ("fire",)))
    # alone, the maker in the north asks (200 + 20) / 2 at home
    assert hit[2] == pytest.approx(110.0)
    np.testing.assert_allclose(np.delete(hit, 2), np.delete(calm, 2))


def test_a_study_without_markets_of_its_own_has_no_answer() -> None:
    with pytest.raises(StudyError, match="has no market that makes its own price; add 'competition'"):
        solved(changed().changed(competition=None))


@pytest.mark.parametrize("method", ["kernel", "reference"])
def test_the_ledger_brings_goods_to_where_they_were_sold(method: str) -> None:
    """North sells 633.3 of its 1166.7 at home: so do its shipments, in every month, in both forms of the ledger."""
    arrays = simulate(changed(*RANGES), members=3, seed=2).arrays
    again = engine("supply").solve(arrays, method=method)["shipped"]  # type: ignore[call-arg]
    for plant in PLANTS:
        for market, region in zip(MARKETS, ("NO", "DE"), strict=True):
            shipped = again.sel(plant=plant, destination=region, period=months_between("2030-01", "2030-12"))
            sold = arrays["sales"].sel(plant=plant, market=market, term="2030")
            np.testing.assert_allclose(shipped.values, np.repeat(sold.values[:, None] / 12, 12, axis=1), rtol=1e-9)


def test_a_war_closes_plants_and_sells_stocks_that_the_ledger_does_not_make() -> None:
    """North's cash cost of 40 is above the war's price of 20: closed after two months; its stock sells beside it.

    South at a cost of 20 serves all; 120 packs of stock over three months are 40 a month of north's.
    """
    war = (
        'competition: {currency: EUR, every: month, price_war: {start: 2030-07, exit_after: "2 month [page]", stocks:'
        ' [{plant: fjord, quantity: "120 pack [page]", over: "3 month [page]"}]}}'
    )
    dear = (
        f'{FJORD}    marginal_cost: "20 EUR',
        f'{FJORD}    cash_cost: "40 EUR/pack [page]"\n    marginal_cost: "20 EUR',
    )
    results = run_study(changed((END, war), dear), members=1)
    plants = results.tables["market_plants"].set_index(["plant", "variable", "term"])["mean"]
    assert plants["fjord", "plant_closed", "2030-08"] == 0.0
    assert plants["fjord", "plant_closed", "2030-09"] == 1.0
    arrays = results.arrays
    assert arrays is not None
    sold = arrays["plant_sales"].sel(plant="fjord", term="2030-09").item()
    made = arrays["output"].sel(plant="fjord", period="2030-09").item()
    assert sold == pytest.approx(480.0)
    assert made == pytest.approx(0.0, abs=1e-9)
    floors = results.tables["market"].query("variable == 'price_floor'")
    assert set(floors["term"]) == set(months_between("2030-07", "2031-12"))
    assert (
        "market: price war: plants that close for selling below cash cost: fjord in 100% of members by 2030-09"
        in results.manifest["notes"]
    )


def test_what_is_traced_of_markets_is_in_their_money_and_items() -> None:
    """Costs 20 and 30 of two Cournot firms at P = 200 - Q / 10: P = 250/3 on either side, 7000/6 + 3200/6 sold."""
    results = run_study(changed(), members=2)
    (price,) = [value for value in values_of(results, "market_price", "north-buyers") if value.when == "2031"]
    assert (price.mean, price.unit) == (pytest.approx(250.0 / 3.0), "EUR/pack")
    profits = values_of(results, "firm_profit", "north")
    assert [value.when for value in profits] == ["2030", "2031"]
    assert {value.unit for value in profits} == {"EUR/year"}
    shares = values_of(results, "market_share", "south")
    assert {value.label for value in shares} >= {"market_share in north-buyers", "market_share in south-buyers"}
