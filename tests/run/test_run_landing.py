"""What carrying costs in a run: rates worked by hand from a study, the tables, and what a reader must know."""

from __future__ import annotations

import numpy as np
import pytest

from cell2grid.errors import StudyError
from cell2grid.formulas.calendar import months_between
from cell2grid.run import run_study
from cell2grid.run.drawn.figures import Figures
from cell2grid.run.inputs.lanes import regions
from cell2grid.run.landing import landing_notes, landing_values
from cell2grid.run.manifest import not_used
from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

STUDY = """
study: across-the-sound
horizon: {start: 2025-01, end: 2025-06}
sources: {log: {title: A log, publisher: The quay, date: 2025-01-02}}
regions: {CN: {currency: CNY}, EU: {currency: EUR}, NO: {}}
products: {car: {counted_in: vehicle}, pack: {counted_in: pack}}
firms: {north: {}, south: {}}
plants:
  dock:
    {owner: north, region: CN, makes: car, capacity: "100 vehicle/month [log]", opens: "2020-01 [log]",
     allocation: [{quarter_months: [1, 2, 3], first: exports}]}
lanes:
  - {origin: CN, destination: EU, lead_time: "0 day [log]", cost: "1000 USD/vehicle [log]"}
  - {origin: CN, destination: NO, lead_time: "0 day [log]"}
markets:
  drivers:
    region: EU
    product: car
    demand:
      - {start: 2025-01, quantity: "60 vehicle/month [log]", price: "40000 EUR/vehicle [log]"}
      - {start: 2025-05, quantity: "60 vehicle/month [log]"}
  fjords: {region: NO, product: car, demand: [{start: 2025-01, quantity: "10 vehicle/month [log]"}]}
duties:
  - {destination: EU, origin: CN, product: car, rate: "10 percent [log]", start: "2018-07 [log]", end: "2025-04 [log]"}
  - {destination: EU, origin: CN, firm: north, rate: "8 percent [log]", start: "2025-02-15 [log]", end: "2025-03 [log]"}
  - {destination: EU, origin: CN, firm: south, rate: "35 percent [log]", start: "2024-10-31 [log]"}
  - {destination: EU, origin: CN, product: pack, rate: "3 percent [log]", start: "2018-07-01 [log]"}
  - {destination: NO, origin: CN, rate: "5 percent [log]", start: "2018-07-01 [log]"}
orders:
  fleet:
    {region: EU, plant: dock, product: car, quantity: "300 vehicle [log]", ordered: "2025-01-01 [log]",
     wanted: "2025-02-28 [log]", late_damages: "10 EUR/vehicle/day [log]"}
  heap: {region: EU, plant: dock, product: car, quantity: "9000 vehicle [log]", ordered: "2025-01-02 [log]"}
exchange_rates:
  - {day: "2025-01-02 [log]", rate: "1.03 USD/EUR [log]"}
  - {day: "2025-03-03 [log]", rate: "1.25 USD/EUR [log]"}
"""


def _study(*changes: tuple[str, str]) -> Study:
    text = STUDY
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    return parse_study(text)


def _rates(study: Study, region: str = "EU") -> tuple[np.ndarray, np.ndarray]:
    periods = months_between(study.horizon.start, study.horizon.end)
    values = landing_values(study, Figures(1, first=0, count=1), periods)
    place = regions(study).index(region)
    return values["freight_rate"][1][0, 0, place], values["duty_rate"][1][0, 0, place]


def test_freight_is_in_the_currency_of_the_plant_by_the_latest_rate() -> None:
    """1000 USD at 1.25 USD/EUR are 800 EUR: EUR and USD are used, no rate leads to CNY, and EUR is first."""
    freight, _ = _rates(_study())
    assert freight == pytest.approx(800.0)


def test_value_at_customs_is_the_price_less_freight() -> None:
    """10 % of 40,000 − 800; of the price where the base says so."""
    _, duty = _rates(_study())
    assert duty[0] == pytest.approx(3920.0)
    _, duty = _rates(_study(('rate: "10 percent [log]",', 'rate: "10 percent [log]", base: price,')))
    assert duty[0] == pytest.approx(4000.0)


def test_duties_that_apply_on_a_day_add() -> None:
    """In March 10 % of the base duty and 8 % on this firm: 18 % of 39,200; those on others and other goods do not."""
    _, duty = _rates(_study())
    assert duty[2] == pytest.approx(0.18 * 39200)


def test_a_duty_counts_the_days_on_which_it_is_in_force() -> None:
    """From 15 February 14 of 28 days: half of 8 %. It ends with March; the base duty ends with April."""
    _, duty = _rates(_study())
    assert duty[1] == pytest.approx((0.10 + 0.04) * 39200)
    assert duty[3] == pytest.approx(0.10 * 39200)
    assert (duty[4:] == 0.0).all(), "no duty is in force, so that none is paid where no price is known"


def test_without_a_price_a_duty_is_not_known() -> None:
    _, duty = _rates(_study(), "NO")
    assert np.isnan(duty).all()
    told = landing_notes(_study())
    assert any("no price in NO is given" in note for note in told)
    assert any("duties.0, duties.1 apply in EU; those in force on a day add" in note for note in told)


def test_a_run_tells_what_carrying_costs_and_how_late_orders_come() -> None:
    """100 cars a month, all to the first order until it is full: 3 months, then to the second, which is never full.

    Freight 600 × 800 EUR; duty by month of 100 cars. Of the first order's 300, 100 come in each of January, February
    and March; those of March are late by half of its 31 days: 100 × 15.5 × 10 EUR.
    """
    found = run_study(_study(), members=2)
    orders = found.tables["orders"].set_index("order")
    assert orders.loc["fleet", ["delivered_p50", "wanted", "currency"]].tolist() == ["2025-03", "2025-02-28", "EUR"]
    assert orders.loc["fleet", "late_share"] == pytest.approx(1 / 3)
    assert orders.loc["fleet", "late_days"] == pytest.approx(15.5 / 3)
    assert orders.loc["fleet", "damages"] == pytest.approx(15500.0)
    assert orders.loc["heap", "undelivered"] == 1.0, "what can not be met is told and no error"
    assert orders["delivered_p50"].isna()["heap"]
    assert np.isnan(orders.loc["heap", "damages"])
    landing = found.tables["landing"].set_index("destination")
    assert landing.loc["EU", "freight"] == pytest.approx(600 * 800.0)
    assert landing.loc["EU", "duty"] == pytest.approx(100 * 39200 * (0.10 + 0.14 + 0.18 + 0.10))
    assert landing.loc["EU", "unit"] == "EUR"
    assert "NO" not in landing.index


def test_what_is_not_said_is_told_as_not_used() -> None:
    assert not [said for said in not_used(_study()) if said.startswith(("duties", "lanes.cost", "projects.order"))]
    free = _study(
        ('price: "40000 EUR/vehicle [log]"', 'unlimited: "assumed: a queue"'),
        ('quantity: "60 vehicle/month [log]", ', ""),
    )
    assert any(said.startswith("duties: ") for said in not_used(free))


def test_money_for_the_energy_of_an_item_is_money_for_the_item() -> None:
    # 500 EUR/kWh x 80 kWh a vehicle = 40,000 EUR a vehicle, the price of the study as it stands
    energy = ("car: {counted_in: vehicle}", 'car: {counted_in: vehicle, energy: "0.08 MWh/vehicle [log]"}')
    by_energy = _study(energy, ('price: "40000 EUR/vehicle [log]"', 'price: "500 EUR/kWh [log]"'))
    periods = months_between("2025-01", "2025-06")
    found = [landing_values(one, Figures(1, first=0, count=1), periods) for one in (_study(energy), by_energy)]
    _, written = found[0]["duty_rate"]
    np.testing.assert_allclose(found[1]["duty_rate"][1], written, rtol=1e-12)
    assert np.nanmax(written) > 0.0
    with pytest.raises(StudyError, match="'500 EUR/kWh' is energy, and product 'car' has no energy per item"):
        _study(('price: "40000 EUR/vehicle [log]"', 'price: "500 EUR/kWh [log]"'))
