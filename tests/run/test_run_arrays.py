"""From the study to the arrays of the engines: what each part of the study becomes."""

import numpy as np
import pytest

from cell2grid.engines import engine
from cell2grid.errors import StudyError
from cell2grid.run.drawn.figures import Figures, items_of
from cell2grid.run.ensemble import input_arrays
from cell2grid.run.inputs.plants import defaults
from cell2grid.study.quantity import Quantity


def arrays(study, count=2):
    return input_arrays(study, Figures(study.seed, first=0, count=count))


def of_plant(study, name):
    made = arrays(study)
    made = made.merge(engine("capability").solve(made))
    return made[name].sel(plant="fjord").values[0]


def test_the_month_of_opening_is_weighted_by_its_days(changed):
    capacity = of_plant(changed(('opens: "2030-01 [', 'opens: "2030-02-15 [')), "capacity")
    assert capacity.tolist() == pytest.approx([0.0, 50.0] + [100.0] * 10)


def test_each_tranche_ramps_from_its_own_opening(changed):
    # 100 a month from January, 200 more from July, each in ten equal months: in July the old one is at 65 %, the new
    # one at 5 %: (65 + 10) / 300
    tranches = """    tranches:
    - {capacity: "1200 container/year [gazette]", opens: "2030-01 [gazette]"}
    - {capacity: "2400 container/year [gazette]", opens: "2030-07 [gazette]"}
"""
    study = changed(
        ("{curve: immediate}", '{curve: linear, months_to_nameplate: "10 month [gazette]"}'),
        ('    capacity: "1200 container/year [gazette]"\n    opens: "2030-01 [gazette]"\n', tranches),
    )
    assert of_plant(study, "capacity")[[5, 6]].tolist() == pytest.approx([100.0, 300.0])
    assert of_plant(study, "ramp")[[0, 5, 6]].tolist() == pytest.approx([0.05, 0.55, 75 / 300])


def test_a_plant_that_says_no_opening_is_long_open(changed):
    study = changed(
        ("{curve: immediate}", '{curve: logistic, months_to_nameplate: "10 month [gazette]"}'),
    )
    plant = study.plants["fjord"].changed(opens=None)
    study = study.changed(plants={"fjord": plant})
    assert of_plant(study, "ramp").tolist() == pytest.approx([1.0] * 12)


def test_a_capacity_in_energy_is_turned_into_items(changed):
    # 2,400 MWh a year of 2 MWh each
    assert of_plant(changed(("1200 container/year", "2400 MWh/year")), "capacity")[0] == pytest.approx(100.0)


def test_a_capacity_in_watts_is_refused(changed):
    study = changed()
    plant = study.plants["fjord"].changed(capacity=Quantity.model_validate("4 GW [gazette]"))
    with pytest.raises(StudyError, match="'4 GW' is a power; give the energy that is made in a time"):
        arrays(study.changed(plants={"fjord": plant}))


def test_an_energy_of_a_product_without_one_is_refused(changed):
    study = changed()
    study = study.changed(products={"pack": study.products["pack"].changed(energy=None)})
    quantity = Quantity.model_validate("10 MWh [gazette]")
    with pytest.raises(StudyError, match=r"product 'pack' has no energy per item; give products\.pack\.energy"):
        items_of(study, Figures(1, first=0, count=1), "order_quantity", "projects.heath.order.energy", quantity, "pack")


def test_what_a_plant_does_not_say_comes_from_its_technology(changed):
    kind = """technologies:
  works: {kind: plant, availability: "80 percent [gazette]", yield: "10 percent [gazette]"}
"""
    study = changed(("technologies:\n", kind), ("    makes: pack\n", "    makes: pack\n    technology: works\n"))
    assert of_plant(study, "availability")[0] == pytest.approx(0.8)
    assert of_plant(study, "yield_rate")[0] == pytest.approx(0.9)
    assert not [said for said in defaults(study) if "100 %" in said]


def test_a_technology_s_figure_has_one_draw_for_all_its_plants(changed):
    kind = 'technologies:\n  works: {kind: plant, availability: "70 .. 90 percent [gazette]"}\n'
    other = """  second:
    owner: fjordkraft
    region: "NO"
    makes: pack
    technology: works
    capacity: "1 container/year [gazette]"
    opens: "2030-02 [gazette]"
lanes:
"""
    study = changed(
        ("technologies:\n", kind),
        ("    makes: pack\n", "    makes: pack\n    technology: works\n"),
        ("lanes:\n", other),
    )
    availability = arrays(study, 5)["availability"].sel(period="2030-03").values
    assert np.array_equal(availability[:, 0], availability[:, 1])
    assert len(set(availability[:, 0])) == 5


def test_shocks_are_weighted_by_days_and_left_out_by_name(changed):
    study = changed(('end: "2030-04-30', 'end: "2030-05-15'), ('start: "2030-04-01', 'start: "2030-04-16'))
    assert of_plant(study, "shock_scale")[[2, 3, 4, 5]].tolist() == pytest.approx(
        [1.0, 0.75, (16 + 15 * 0.5) / 31, 1.0]
    )
    without = input_arrays(study, Figures(7, first=0, count=1), without=["storm"])
    assert without["shock_scale"].values.tolist() == np.ones((1, 1, 12)).tolist()


def test_a_shock_on_exports_leaves_output_alone(changed):
    study = changed(("storm: {plant: fjord,", "storm: {plant: fjord, what: exports,"))
    assert of_plant(study, "shock_scale").tolist() == [1.0] * 12
    assert of_plant(study, "export_scale")[3] == pytest.approx(0.5)


def test_allocation_speaks_of_its_months_of_the_quarter_and_years(changed):
    rules = """    allocation:
    - {quarter_months: [1, 2], first: exports, export_share: "60 percent [gazette]", end: 2030-06}
    - {quarter_months: [3], first: home}
    yield:"""
    study = changed(("    yield:", rules))
    rank = arrays(study)["serving_rank"].sel(plant="fjord").isel(turn=0)
    assert rank.sel(destination="NO").values.tolist() == [1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert rank.sel(destination="DE").values.tolist() == [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
    assert of_plant(study, "export_share")[:, 0].tolist() == pytest.approx([0.6, 0.6, 1, 0.6, 0.6] + [1] * 7)


def test_lanes_are_in_months_and_a_product_s_own_comes_first(changed):
    lanes = """- {origin: "NO", destination: DE, product: pack, lead_time: "73 day [gazette]"}
markets:"""
    lead = arrays(changed(("markets:", lanes)))["lead_time"].sel(plant="fjord", period="2030-03")
    # 73 days are a fifth of a year
    assert lead.sel(destination="DE").values.tolist() == pytest.approx([2.4, 2.4])
    assert lead.sel(destination="NO").values.tolist() == [0.0, 0.0]


def test_demand_is_dated_and_nothing_before_its_first_row(changed):
    rows = """demand:
    - {start: 2030-03, quantity: "30 container/month [gazette]"}
    - {start: 2030-06, unlimited: "assumed: a queue of buyers"}"""
    demand = arrays(changed(('demand: [{start: 2030-01, quantity: "30 container/month [gazette]"}]', rows)))
    assert demand["market_demand"].values[0, 0].tolist() == [0, 0, 30, 30, 30] + [np.inf] * 7


def test_an_order_by_number_is_not_rounded_and_one_by_energy_is(changed):
    assert arrays(changed())["order_quantity"].values[0].tolist() == [200.0]
    by_number = changed(('energy: "399 MWh [gazette]"', 'quantity: "199.5 container [gazette]"'))
    assert arrays(by_number)["order_quantity"].values[0].tolist() == [199.5]
    # 400 MWh are 200 and not 201
    assert arrays(changed(("399 MWh", "400 MWh")))["order_quantity"].values[0].tolist() == [200.0]


def test_an_input_is_taken_from_the_other_plant(changed):
    cells = """  cells:
    owner: fjordkraft
    region: "NO"
    makes: cell
    capacity: "12000 cell/year [gazette]"
    opens: "2030-01 [gazette]"
lanes:
"""
    study = changed(
        ("  pack: {counted", "  cell: {counted_in: cell}\n  pack: {counted"),
        (
            "    makes: pack\n",
            '    makes: pack\n    inputs: [{product: cell, per_item: "20 cell/container [gazette]"}]\n',
        ),
        ("lanes:\n", cells),
    )
    made = arrays(study)
    made = engine("supply").solve(made.merge(engine("capability").solve(made)))
    # 1,000 cells a month make 50 packs, of which 45 are good
    assert made["output"].sel(plant="fjord").values[0, 0] == pytest.approx(45.0)
    assert made["consumed"].sel(plant="cells").values[0, 0] == pytest.approx(1000.0)
