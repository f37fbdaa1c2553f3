"""The command compare with a study, and run with a variant of it: options, documents, pages, folders and refusals."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from cell2grid.cli import app
from cell2grid.cli.comparing_words import say_study
from cell2grid.errors import InputError
from cell2grid.results import read_results
from cell2grid.study.model import Study

TEXT = (Path(__file__).parents[1] / "study" / "rivals.yaml").read_text(encoding="utf-8")
VARIANTS = """
variants:
  calm: {title: No fire, without: [shocks.fire]}
  larger: {change: {plants.kiruna.capacity: "60 cell/month [assumed: y]"}}
"""


@pytest.fixture
def study(tmp_path: Path) -> str:
    path = tmp_path / "rivals.yaml"
    path.write_text(TEXT.replace("calibration:", "# calibration:") + VARIANTS, encoding="utf-8")
    return str(path)


def said(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def document(*arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(said("compare", *arguments, "--members", "5", "--json"))
    return found


def row(found: dict[str, Any], variable: str, entity: str) -> dict[str, Any]:
    rows = [one for one in found["rows"] if (one["variable"], one["entity"]) == (variable, entity)]
    rows = [one for one in rows if one["side"] == "all" and one["period"] == "all"]
    assert len(rows) == 1
    return rows[0]


def test_a_study_with_and_without_a_plant(study: str) -> None:
    found = document(study, "--without", "plants.halle")
    assert (found["study"], found["left_out"], found["members"]) == ("rivals", ["plants.halle"], 5)
    assert found["as_written"] == "with"
    assert row(found, "output", "kiruna")["difference"] == 0.0
    alone = row(found, "output", "halle")
    assert alone["with"] > 0
    assert alone["without"] is None
    assert any(text.startswith("Halle") and "without it none" in text for text in found["sentences"])
    assert any("groups.all" in note for note in found["notes"])


def test_a_changed_figure_is_what_is_with(study: str) -> None:
    text = "plants.kiruna.capacity=60 cell/month [assumed: twice; as much]"
    found = document(study, "--change", text)
    made = row(found, "output", "kiruna")
    # 30 and 60 cells in each of twelve months
    assert (made["with"], made["without"], made["difference"]) == pytest.approx((720.0, 360.0, 360.0))
    assert found["changed"] == {"plants.kiruna.capacity": "60 cell/month [assumed: twice; as much]"}
    assert document(study, "--variant", "larger")["rows"] == found["rows"]


def test_a_variant_and_more_besides(study: str) -> None:
    alone = document(study, "--variant", "calm")
    assert (alone["variant"], alone["title"], alone["left_out"]) == ("calm", "No fire", ["shocks.fire"])
    both = document(study, "--variant", "calm", "--without", "shocks.flood")
    assert both["left_out"] == ["shocks.fire", "shocks.flood"]
    assert row(both, "output", "umea") == row(alone, "output", "umea")
    assert row(both, "output", "halle")["difference"] < 0.0 == row(alone, "output", "halle")["difference"]


def test_the_words_name_who_gains_and_what_went_along(study: str) -> None:
    text = said("compare", study, "--without", "shocks.fire", "--members", "5")
    assert re.search(r"output \[cell\]\n(.*\n)*│\s*umea\s+│", text)
    assert max(map(len, text.split("•")[0].splitlines()[1:])) <= 80
    assert " cells less (" in text or " cells less, from" in text
    assert "without shocks.fire: 'fire' in counterfactuals.calm.without left out too" in text
    assert "5 members, seed 1" in text


def test_the_page_stands_alone_and_holds_charts(study: str, tmp_path: Path) -> None:
    page = tmp_path / "fire.html"
    found = document(study, "--without", "shocks.fire", "--out", str(page))
    assert found["page"] == str(page)
    html = page.read_text(encoding="utf-8")
    assert "Umea: " in html
    assert html.count("<svg") >= 2
    assert not re.search(r"<script|src=[\"']?http|@import", html)


def test_shares_name_their_product_where_there_are_several_and_leave_out_what_nobody_sells(
    capsys: pytest.CaptureFixture[str],
) -> None:
    share = {"variable": "market_share", "kind": "firm", "entity": "orsa", "market": "", "side": "all", "unit": "ratio"}
    share |= {"period": "all", "difference": 0.1, "p10": 0.1, "p50": 0.1, "p90": 0.1, "error": 0.0}
    price = {**share, "variable": "market_price", "kind": "market", "entity": "quay", "unit": "EUR/pack"}
    rows = [
        {**price, "product": "pack", "with": 100.0, "without": 99.9},
        {**share, "product": "pack", "with": 0.4, "without": 0.3},
        {**share, "product": "cell", "with": 0.6, "without": 0.5},
        {**share, "product": "car", "with": 0.0, "without": 0.0, "difference": 0.0},
    ]
    document = {"study": "two", "variant": None, "left_out": ["plants.quay"], "changed": {}, "rows": rows}
    say_study({**document, "sentences": [], "notes": [], "members": 1, "seed": 1})
    said = capsys.readouterr().out
    assert "orsa, pack" in said
    assert "orsa, cell" in said
    assert "car" not in said


def test_a_run_folder_holds_the_comparison_among_its_tables(study: str, tmp_path: Path) -> None:
    folder = tmp_path / "held"
    found = document(study, "--without", "shocks.fire", "--out", str(folder))
    results = read_results(folder)
    assert len(results.tables["compared"]) == len(found["rows"])
    assert results.manifest["compared"]["left_out"] == ["shocks.fire"]
    assert "fire" in Study.model_validate_json(results.study_json).shocks
    said("report", str(folder), "--out", str(tmp_path / "report.html"))
    assert "Who gains and who loses" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_folder_of_a_comparison_is_the_run_of_its_study(study: str, tmp_path: Path) -> None:
    """What was compared is told, and not run once more: the same tables and arrays, to the last digit."""
    said("compare", study, "--without", "shocks.fire", "--members", "7", "--out", str(tmp_path / "compared"))
    said("run", study, "--members", "7", "--out", str(tmp_path / "run"))
    compared, run = (read_results(tmp_path / name, with_arrays=True) for name in ("compared", "run"))
    assert set(compared.tables) == {*run.tables, "compared"}
    for name, frame in run.tables.items():
        pd.testing.assert_frame_equal(compared.tables[name], frame)
    assert compared.arrays is not None
    assert compared.arrays.identical(run.arrays)
    assert compared.study_json == run.study_json


def test_a_variant_is_run_by_its_name(study: str, tmp_path: Path) -> None:
    said("run", study, "--variant", "calm", "--members", "5", "--out", str(tmp_path / "calm"))
    results = read_results(tmp_path / "calm")
    assert results.manifest["variant"]["name"] == "calm"
    assert results.manifest["variant"]["without"] == ["shocks.fire"]
    kept = Study.model_validate_json(results.study_json)
    assert set(kept.shocks) == {"flood"}
    assert kept.title == "rivals: No fire"
    assert any("shocks.fire" in note for note in results.manifest["notes"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["STUDY"], "add --without PATH, --change PATH=TEXT or --variant NAME"),
        (["STUDY", "--without", "plants.halla"], "did you mean 'plants.halle'?"),
        (["STUDY", "--without", "halle"], "did you mean 'plants.halle'?"),
        (["STUDY", "--change", "plants.halle.capacity"], "has no '='"),
        (["STUDY", "--variant", "clam"], "did you mean 'calm'?"),
        (["STUDY", "STUDY", "--without", "plants.halle"], "give one"),
        (["STUDY", "--without", "plants.halle", "--members", "0"], "expected 1 to"),
        (["STUDY", "--without", "products.cell"], "leave that out too"),
        (["one", "two", "--seed", "3"], "not for run folders"),
        (["one"], "there is no run folder 'one'"),
    ],
)
def test_what_cannot_be_asked_says_what_to_do(study: str, arguments: list[str], words: str) -> None:
    with pytest.raises(InputError) as caught:
        said("compare", *(study if part == "STUDY" else part for part in arguments))
    assert words in str(caught.value)
