"""An invented study of a pack plant and a battery, as text, so that tests can change one line of it."""

from __future__ import annotations

import pytest

from cell2grid.study.loader import parse_study

STUDY = """
study: fjord-packs
horizon: {start: 2030-01, end: 2030-12}
members: 40
seed: 7
sources:
  gazette: {title: Packs from the fjord, publisher: The Harbour Gazette, date: "2030-01-09"}
regions:
  NO: {currency: NOK}
  DE: {currency: EUR}
products:
  pack: {counted_in: container, energy: "2 MWh/container [gazette]"}
technologies:
  store: {kind: storage, efficiency_charge: "90 percent [gazette]", efficiency_discharge: "90 percent [gazette]"}
firms:
  fjordkraft: {region: "NO"}
plants:
  fjord:
    owner: fjordkraft
    region: "NO"
    makes: pack
    capacity: "1200 container/year [gazette]"
    opens: "2030-01 [gazette]"
    ramp: {curve: immediate}
    yield: "90 percent [gazette]"
lanes:
- {origin: "NO", destination: DE, lead_time: "0 day [gazette]"}
markets:
  rest:
    region: DE
    product: pack
    demand: [{start: 2030-01, quantity: "30 container/month [gazette]"}]
prices:
  nordic: {region: DE, currency: EUR, file: prices.csv, source: gazette}
projects:
  heath:
    region: DE
    power: "1 MW [gazette]"
    energy: "1 MWh [gazette]"
    technology: store
    prices: nordic
    construction: "2 month [gazette]"
    order: {plant: fjord, product: pack, energy: "399 MWh [gazette]", ordered: "2030-01-05 [gazette]"}
    finance:
      capital_cost: "100 EUR/kWh [gazette]"
      fixed_cost: "1 EUR/kW/year [gazette]"
      discount_rate: "0 percent/year [gazette]"
      life: "2 year [gazette]"
shocks:
  storm: {plant: fjord, leaves: "50 percent [gazette]", start: "2030-04-01 [gazette]", end: "2030-04-30 [gazette]"}
observations:
  built: {variable: output, of: fjord, start: 2030-01, end: 2030-04, value: "320 container [gazette]"}
counterfactuals:
  calm:
    without: [storm]
    plant: fjord
    start: 2030-03
    end: 2030-04
    total: "1000 container [gazette]"
    own: "100 container [gazette]"
"""
# half of each day at 10, half at 100 EUR/MWh
PRICES = "timestep,price\n" + "".join(
    f"2030-01-{day:02d}T{hour:02d}:00Z,{10 if hour < 12 else 100}\n" for day in (1, 2) for hour in range(24)
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "prices.csv").write_text(PRICES, encoding="utf-8")
    return tmp_path


@pytest.fixture
def changed():
    """The study with some of its text replaced; every text must be there."""

    def make(*replacements):
        text = STUDY
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        return parse_study(text)

    return make
