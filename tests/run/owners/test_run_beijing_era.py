"""The venture that ships: it runs, and what is told of it leads back to the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.assemble.evidence import evidence_of_study
from cell2grid.report.charts import charts, drawable
from cell2grid.report.trace import trace
from cell2grid.results import read_results, write_results
from cell2grid.run import run_study
from cell2grid.run.owners import owners_of
from cell2grid.study.loader import load_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    loaded = load_study("beijing-era")
    evidence = evidence_of_study(loaded, None)
    results = run_study(loaded.study, members=40, evidence=evidence, study_folder=loaded.path.parent)
    return write_results(results, tmp_path_factory.mktemp("runs") / "beijing-era")


def test_stakes_are_used_and_no_capacity_is_claimed(folder: Path) -> None:
    results = read_results(folder)
    assert not [line for line in results.manifest["not_used"] if line.startswith("stakes")]
    capacity = load_study("beijing-era").study.plants["beijing-era-cells"].capacity
    assert capacity is not None
    assert any(source.assumed and "not disclosed" in source.assumed for source in capacity.sources)
    assert capacity.magnitude.low < capacity.magnitude.high


def test_the_tables_hold_the_stakes_from_their_day_on(folder: Path) -> None:
    frame = read_results(folder).tables["owners"]
    assert sorted(set(frame["day"])) == ["2024-03-11", "2026-01-01"]
    last = frame[frame["day"] == "2026-01-01"].set_index("holder")
    assert last.loc["catl", "direct"] == pytest.approx(0.51)
    assert last.loc["catl", "attributable_high"] == pytest.approx(0.56)
    assert last[last.index.isna()]["direct"].tolist() == pytest.approx([0.05])


def test_an_attributable_share_leads_back_to_the_page(folder: Path) -> None:
    found = trace(folder, "attributable_share/beijing-era")
    assert any(value.text == "0.51 to 0.56" for value in found.results)
    values = {value.path: value for step in found.steps for value in step.values}
    assert "Electrive" in " ".join(values["stakes.0.share"].sources)
    assert [cited.quote for cited in values["stakes.0.share"].sentences]
    assert "51%" in values["stakes.0.share"].sentences[0].quote


def test_its_charts_are_drawn(folder: Path) -> None:
    results = read_results(folder)
    for name in ("ownership", "supply_links", "concentration"):
        assert drawable(results, name)
        assert len(charts()[name].table(results))


def test_what_was_made_belongs_to_the_partners_by_their_shares(folder: Path) -> None:
    results = read_results(folder, with_arrays=True)
    found = owners_of(load_study("beijing-era").study, results=results)
    assert found.outputs is not None
    made = {part.firm: part.mean for part in found.outputs}
    whole = made["beijing-era"]
    assert whole is not None
    assert whole[0] > 0.0
    for firm, low, high in (("catl", 0.51, 0.56), ("baic", 0.39, 0.44), ("xiaomi-auto", 0.05, 0.10)):
        assert made[firm] == pytest.approx((low * whole[0], high * whole[0]), rel=1e-9)
