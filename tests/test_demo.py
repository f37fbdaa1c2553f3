"""The main job from end to end, on the briefs that ship, on pages of one's own, and on the real pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.demo import shown
from cell2grid.evidence.keeping.store import open_store
from cell2grid.results import read_results
from cell2grid.study.model import Study
from cell2grid.study.shipped import shipped_studies

OWN = """# Harbour Cells opens a pack plant in Gdansk

*Gdansk, 3 March 2026*

Harbour Cells opened a battery pack plant in Gdansk, Poland, in February 2026. The plant has an annual capacity of
60,000 packs. The 200 MW / 400 MWh Elbe storage project began operation in January 2026.
"""


def _demo(*arguments: str) -> dict[str, Any]:
    ran = CliRunner().invoke(app, ["demo", *arguments, "--members", "40", "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    document: dict[str, Any] = json.loads(ran.stdout)
    return document


@pytest.fixture(scope="module")
def briefs_demo(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return _demo("--out", str(tmp_path_factory.mktemp("demo") / "out"))


def test_five_findings_each_with_a_source(briefs_demo: dict[str, Any]) -> None:
    findings = briefs_demo["findings"]
    assert len(findings) == 5
    assert len({finding["text"] for finding in findings}) == 5
    assert all(finding["text"].endswith(".") and finding["source"] for finding in findings)


def test_the_report_stands_alone(briefs_demo: dict[str, Any]) -> None:
    report = Path(briefs_demo["report"])
    assert report.is_absolute()
    page = report.read_text(encoding="utf-8")
    # a megabyte for each study, so that it can be sent
    assert len(page.encode()) < 1_000_000 * len(briefs_demo["runs"]) + 500_000
    assert "<script" not in page
    assert 'src="http' not in page


def test_every_study_of_plants_that_ships_is_run_and_filled_with_claims(briefs_demo: dict[str, Any]) -> None:
    assert {Path(run).name for run in briefs_demo["runs"]} == set(shown())
    assert set(shown()) < set(shipped_studies())
    for run in briefs_demo["runs"]:
        results = read_results(Path(run))
        evidence = results.evidence
        # the pages that ship speak of every study but the one that rests on a public table
        study = Study.model_validate_json(results.study_json)
        assert evidence["used"] or not any(source.page for source in study.sources.values())
        known = {claim["id"] for claim in evidence["claims"]}
        assert known >= {claim for claims in evidence["used"].values() for claim in claims}


def test_a_second_demo_adds_nothing_to_the_store(briefs_demo: dict[str, Any]) -> None:
    store = Path(briefs_demo["store"])
    with open_store(store) as claims:
        before = len(claims.claims())
    _demo("--out", str(store.parent))
    with open_store(store) as claims:
        assert len(claims.claims()) == before


def test_pages_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "harbour.md").write_text(OWN, encoding="utf-8")
    made = _demo(str(tmp_path / "harbour.md"), "--out", str(tmp_path / "out"))
    assert len(made["findings"]) == 5
    assert "60,000 packs" in Path(made["report"]).read_text(encoding="utf-8")


def test_the_real_pages(shared: Path, tmp_path: Path) -> None:
    made = _demo(str(shared / "seeds"), "--out", str(tmp_path / "out"))
    evidence = read_results(next(Path(run) for run in made["runs"] if Path(run).name == "shanghai-megapack")).evidence
    quotes = {claim["id"]: claim["quote"] for claim in evidence["claims"]}
    behind = [quotes[claim] for claim in evidence["used"]["plants.shanghai-megapack.capacity"]]
    assert any("10,000" in quote for quote in behind)
    assert len(made["findings"]) == 5


def test_no_page_at_all_is_the_callers_error(tmp_path: Path) -> None:
    from cell2grid.errors import PageError

    (tmp_path / "pages").mkdir()
    with pytest.raises(PageError):
        CliRunner().invoke(
            app, ["demo", str(tmp_path / "pages"), "--out", str(tmp_path / "out")], catch_exceptions=False
        )
