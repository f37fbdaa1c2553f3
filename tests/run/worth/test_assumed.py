"""What a valuation rests on is told whole: figures, choices, prices, cells, and of the technology what stands."""

from __future__ import annotations

from pathlib import Path

from cell2grid.prices import synthetic_year
from cell2grid.run.worth.assumed import UNWRITTEN, WRITTEN, assumptions
from cell2grid.run.worth.terms import subject_of
from cell2grid.study.project_file import parse_project

HILL = """
project: hill
power: 10 MW
energy: 40 MWh
technology: lfp-4h
EFFICIENCY
sources: {offer: {title: An offer, publisher: Fabrikam, date: 2026-01}}
prices: {currency: EUR, basis: nominal}
finance:
  capital_cost: 200 EUR/kWh [offer]
  discount_rate: 7 percent/year
  life: 10 year
  tax: {rate: 25 percent, depreciation: macrs-5}
augmentation: [{year: 5 year, cost: 90 EUR/kWh, replace: true}]
AGEING
"""


def told(efficiency: str = "", ageing: str = "", folder: Path = Path()) -> dict[str, tuple[str, list[str]]]:
    project = parse_project(HILL.replace("EFFICIENCY", efficiency).replace("AGEING", ageing))
    rows = assumptions(subject_of(project, [synthetic_year(1, currency="EUR")], folder=folder))
    assert len({row["figure"] for row in rows}) == len(rows), "each stands once"
    return {row["figure"]: (row["text"], row["sources"]) for row in rows}


def test_figures_choices_and_prices_have_their_sources() -> None:
    rows = told()
    assert rows["finance.capital_cost"] == ("200 EUR/kWh", ["An offer, Fabrikam, 2026-01"])
    assert rows["finance.life"] == ("10 year", [])
    assert rows["finance.tax.depreciation"] == ("macrs-5", [WRITTEN])
    assert rows["finance.tax.losses"] == ("carried", [UNWRITTEN])
    assert rows["prices.basis"] == ("nominal", [WRITTEN])
    assert rows["augmentation.0.replace"] == ("yes", [WRITTEN])
    assert rows["prices"] == ("1 price year", ["synthetic: no market's"])
    assert any("Annual Technology Baseline" in source for source in rows["technology.efficiency_charge"][1])
    assert rows["technology.fade"][0] == "2 percent/year"


def test_what_something_else_takes_the_place_of_is_not_told() -> None:
    rows = told("efficiency_charge: 0.9", "ageing: {cells: naumann-2020-lfp-sony}")
    assert "technology.efficiency_charge" not in rows
    assert "technology.efficiency_discharge" in rows
    assert "technology.fade" not in rows
    assert "https://doi.org/10.1016/j.jpowsour.2019.227666" in rows["ageing.cells"][1][0]
    assert rows["ageing.temperature"] == ("25 degC", [UNWRITTEN])


def test_columns_are_told_by_their_file(tmp_path: Path) -> None:
    stamps = synthetic_year(1).timestep.astype("datetime64[s]").astype(str)
    (tmp_path / "weather.csv").write_text("\n".join(["timestep,temperature", *(f"{stamp}Z,20" for stamp in stamps)]))
    cells = "ageing: {cells: naumann-2020-lfp-sony, temperature: {file: weather.csv}}"
    assert told(ageing=cells, folder=tmp_path)["ageing.temperature"] == ("column temperature", ["file weather.csv"])
