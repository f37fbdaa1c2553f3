"""The commands that hand runs and studies to other programs, from the call to the file."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.errors import InputError, RunFolderError, StudyError
from cell2grid.results import write_results
from cell2grid.run.chain import run_study
from cell2grid.study.loader import parse_study

STUDY = """study: one-coast
horizon: {start: 2030-01, end: 2030-12}
sources: {page: {title: One maker, publisher: The Harbour Gazette, date: 2030-01-09}}
regions: {west: {}}
products: {pack: {counted_in: pack}}
firms: {gull: {region: west}}
plants:
  quay: {owner: gull, region: west, makes: pack, capacity: "1400 pack/year [page]", opens: "2029-01 [page]",
         marginal_cost: "20 EUR/pack [page]"}  # with the new line
markets:
  western: {region: west, product: pack, demand: [{start: 2030-01, quantity: "1000 pack/year [page]",
            price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}]}
competition: {currency: EUR}
"""


def call(*arguments: str | Path) -> Any:
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("runs") / "run"
    return write_results(run_study(parse_study(STUDY), members=2), place)


def test_two_folders_make_two_scenarios(run: Path, tmp_path: Path) -> None:
    """One maker at 20 EUR against P = 200 - Q / 10 sells 900 packs at 110 EUR."""
    out = call("iamc", run, f"again={run}", "--out", tmp_path / "data.csv", "--model", "mine")
    assert out["scenarios"] == ["one-coast", "again"]
    assert (out["model"], out["years"]) == ("mine", [2030])
    with (tmp_path / "data.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    prices = [row for row in rows if row["Variable"] == "Price|Pack"]
    assert [(row["Scenario"], float(row["2030"])) for row in prices] == [
        ("again", pytest.approx(110.0)),
        ("one-coast", pytest.approx(110.0)),
    ]


def test_one_scenario_twice_or_no_run_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two folders hold the scenario 'one-coast'"):
        call("iamc", run, run, "--out", tmp_path / "data.csv")
    with pytest.raises(InputError, match=r"ends in '\.json'"):
        call("iamc", run, "--out", tmp_path / "data.json")
    with pytest.raises(RunFolderError, match="no run folder"):
        call("iamc", tmp_path / "absent", "--out", tmp_path / "data.csv")


def test_a_figure_goes_to_a_book_and_comes_back_changed(tmp_path: Path) -> None:
    study, place = tmp_path / "coast.yaml", tmp_path / "book.xlsx"
    study.write_text(STUDY, encoding="utf-8")
    assert call("excel", study, "--out", place)["sheets"] == ["figures", "sources"]
    book = openpyxl.load_workbook(place)
    (cell,) = [row[1] for row in book["figures"].iter_rows() if row[0].value == "plants.quay.capacity"]
    cell.value = "1600 pack/year [page]"
    book.save(place)
    back = call("excel", place, "--into", study)
    assert back["changes"] == [
        {"path": "plants.quay.capacity", "before": "1400 pack/year [page]", "after": "1600 pack/year [page]",
         "cell": cell.coordinate}
    ]  # fmt: skip
    assert study.read_text(encoding="utf-8") == STUDY.replace("1400 pack/year", "1600 pack/year")
    cell.value = "1600 EUR [page]"
    book.save(place)
    with pytest.raises(StudyError, match=cell.coordinate):
        call("excel", place, "--into", study)
    assert "1600 pack/year" in study.read_text(encoding="utf-8")


def test_a_run_becomes_a_book(run: Path, tmp_path: Path) -> None:
    out = call("excel", run, "--out", tmp_path / "run.xlsx")
    assert out["sheets"][:3] == ["contents", "notes", "sources"]
    assert "market" in out["sheets"]


def test_a_book_needs_to_know_where_it_goes(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="--out"):
        call("excel", run)
    with pytest.raises(InputError, match="--into"):
        call("excel", tmp_path / "book.xlsx", "--out", tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="no study file"):
        call("excel", tmp_path / "book.xlsx", "--into", tmp_path / "absent.yaml")


def test_a_study_becomes_a_network(tmp_path: Path) -> None:
    study = tmp_path / "coast.yaml"
    study.write_text(STUDY, encoding="utf-8")
    out = call("pypsa", "study", study, tmp_path / "network", "--demand-steps", "10")
    assert (out["generators"], out["loads"], out["elastic"]) == (11, 0, True)
    assert any(words.startswith("conduct") for words in out["lost"])
    assert (tmp_path / "network" / "generators.csv").is_file()
