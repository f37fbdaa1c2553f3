"""A run, and a comparison of runs, see the plants that a plan builds; the money for them is held against the record."""

from __future__ import annotations

import pytest

from cell2grid.errors import StudyError
from cell2grid.run import run_study
from cell2grid.run.compared.running import compared
from cell2grid.run.plan.built import with_plan
from cell2grid.run.varied import variation
from cell2grid.study.loader import parse_study

STUDY = """
study: across
horizon: {start: 2021-01, end: 2024-12}
members: 3
sources: {log: {title: A log, publisher: The quay, date: 2025-01-02}}
regions: {CN: {currency: CNY}, EU: {currency: EUR}}
products: {car: {counted_in: vehicle}}
firms: {north: {region: CN}}
plants:
  yard:
    {owner: north, region: CN, makes: car, capacity: "1200 vehicle/year [log]", opens: "2019-01 [log]",
     marginal_cost: "50 CNY/vehicle [log]"}
  shed:
    {owner: north, region: CN, makes: car, capacity: "120 vehicle/year [log]", opens: "2019-01 [log]",
     marginal_cost: "900 CNY/vehicle [log]"}
lanes:
  - {origin: CN, destination: EU, lead_time: "0 day [log]", cost: "10 CNY/vehicle [log]"}
duties:
  - {name: wall, destination: EU, origin: CN, rate: "900 percent [log]", start: "2023-01 [log]"}
markets:
  home: {region: CN, product: car, demand: [{start: 2021-01, quantity: "600 vehicle/year [log]"}]}
  away: {region: EU, product: car, demand: [{start: 2021-01, quantity: "600 vehicle/year [log]"}]}
investment:
  currency: CNY
  discount_rate: "0 percent/year [log]"
  unserved_cost: {"car": "5000 CNY/vehicle [log]"}
  options:
    dock:
      {firm: north, region: EU, makes: car, block: "600 vehicle/year [log]", lead_time: "12 month [log]",
       capital_cost: "12000 CNY [log]", marginal_cost: "65 CNY/vehicle [log]", most: 3,
       fixed_cost: "1 percent/year [log]"}
  standing:
    - {plant: shed, fixed_cost: "5000 CNY/year [log]", closing_cost: "1 CNY [log]"}
observations:
  spent: {variable: plant_spending, of: abroad, start: 2022-01, end: 2022-12, value: "15000 CNY [log]"}
  kept: {variable: plant_spending, of: home, start: 2021-01, end: 2024-12, value: "0 CNY [log]"}
"""


def test_a_run_has_the_plants_of_its_plan() -> None:
    # from 2023 on a car from the yard costs 10 x (50 + 10) + 10 CNY in Europe, 1,200 cars are worth 660,000 CNY in two
    # years: the dock for 12,000 is decided on in 2022, and opens when the duty comes; the shed makes nothing and closes
    study = parse_study(STUDY)
    planned = with_plan(study, members=3, seed=1)
    assert {name: [str(row) for row in (one.tranches[0].capacity, one.tranches[0].opens)]
            for name, one in planned.study.plants.items() if one.tranches} == {
        "dock": ["600 vehicle/year [assumed: as the plan has it]", "2023-01 [assumed: as the plan has it]"]
    }  # fmt: skip
    assert [row.start.month for row in planned.study.plants["shed"].shutdowns] == ["2021-01"]
    found = run_study(study, members=3)
    made = found.arrays["output"].sel(plant="dock").isel(member=0) if found.arrays is not None else None
    assert made is not None
    assert made.sel(period="2022-12") == 0.0
    assert made.sel(period="2023-01") == pytest.approx(50.0)
    held = found.tables["observations"].set_index("name")
    assert held.loc["spent", "mean"] == pytest.approx(12_000.0)
    assert held.loc["spent", "residual"] == pytest.approx(3_000.0)
    assert held.loc["kept", "mean"] == 0.0
    assert found.manifest["plan"]["status"] == "optimal"
    assert "dock" in set(found.tables["builds"]["option"])


def test_a_record_of_announced_plants_is_held_against_what_is_announced() -> None:
    # the dock is announced in 2022 with all its 12,000; half a year passes before anything is spent on it, and 2 % of
    # it are renewed in each of its two years; what is at home has none
    text = STUDY.replace(
        'lead_time: "12 month [log]",',
        'lead_time: "12 month [log]", preparation: "6 month [log]", renewal: "2 percent/year [log]",',
    )
    rows = """  announced:
    {variable: plant_announcements, of: abroad, start: 2022-01, end: 2022-12, value: "1 CNY [log]"}
  renewed: {variable: plant_renewal, of: abroad, start: 2021-01, end: 2024-12, value: "1 CNY [log]"}
"""
    held = run_study(parse_study(text + rows), members=2).tables["observations"].set_index("name")["mean"]
    assert held.to_dict() == pytest.approx({"spent": 12e3, "kept": 0.0, "announced": 12e3, "renewed": 480.0})


def test_without_the_duty_nothing_is_built() -> None:
    study = parse_study(STUDY)
    frame = compared(study, variation(study, without=["duties.wall"]), members=2).frame
    of_dock = frame.query("entity == 'dock' and variable == 'output' and period == '2024'")
    assert of_dock.empty or of_dock["without_it"].isna().all()
    # the dock's 12,000 are announced in 2022 with the duty and never without it, and nothing is announced at home
    money = frame[frame["variable"] == "plant_announcements"].set_index(["kind", "entity", "side", "period"])
    for who in (("all", "all"), ("firm", "north")):
        for period, more in (("2022", 12e3), ("2023", 0.0), ("all", 12e3)):
            row = money.loc[(*who, "abroad", period)]
            assert (row["with_it"], row["without_it"], row["difference"]) == (pytest.approx(more), 0.0, row["with_it"])
        assert money.loc[(*who, "home", "all"), "with_it"] == 0.0
    assert with_plan(study.changed(duties=()), members=2, seed=1).study.plants.keys() == study.plants.keys()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("of: abroad", "of: CN", "'CN' is not among the sides"),
        ("start: 2022-01, end: 2022-12", "start: 2022-02, end: 2022-12", "are no whole years"),
        ("15000 CNY [log]", "15000 EUR [log]", "is in EUR, and the plan in CNY"),
        ("15000 CNY [log]", "15000 vehicle [log]", "is no sum of money"),
        ('{"car": ', '{"ship": ', "'ship' is not among the products"),
    ],
)
def test_money_for_plants_that_cannot_be_held_against_a_plan_is_refused(old: str, new: str, said: str) -> None:
    assert STUDY.count(old) == 1
    with pytest.raises(StudyError, match=said):
        parse_study(STUDY.replace(old, new))
