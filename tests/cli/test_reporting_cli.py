"""The commands report and trace, from the command line to what they print."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from cell2grid.cli import main
from cell2grid.results import TABLES, Results, write_results
from cell2grid.study.model import Study


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A run of one plant with two months in its table."""
    study = Study.model_validate(
        {
            "study": "quay",
            "horizon": {"start": "2031-01", "end": "2031-02"},
            "sources": {"gazette": {"title": "Quay opens", "publisher": "Gazette", "date": "2031-01"}},
            "regions": {"NO": {}},
            "products": {"cube": {"counted_in": "container"}},
            "firms": {"quay-celler": {}},
            "plants": {
                "quay": {
                    "owner": "quay-celler",
                    "region": "NO",
                    "makes": "cube",
                    "capacity": "120 container/year [gazette]",
                    "opens": "2031-01 [gazette]",
                }
            },
        }
    )
    tables = {name: pd.DataFrame(columns=list(columns)) for name, columns in TABLES.items()}
    months = [
        {"variable": "output", "entity": "quay", "destination": None, "period": month, "mean": 9.0, "p10": 8.0,
         "p50": 9.0, "p90": 10.0, "unit": "container/month"}
        for month in ("2031-01", "2031-02")
    ]  # fmt: skip
    tables["monthly"] = pd.DataFrame(months, columns=list(TABLES["monthly"]))
    manifest = {"cell2grid": "0.1.0", "format": 1, "python": "3.11", "study": "quay", "seed": 1, "members": 3,
                "engines": {}, "reads": {"output": ["plants.quay.capacity"]}, "wall_seconds": {}}  # fmt: skip
    evidence = {"claims": [], "documents": [], "checks": [], "derived": [], "used": {}}
    text = study.model_dump_json(by_alias=True, exclude_none=True)
    return write_results(Results(text, tables, manifest, evidence, xr.Dataset()), tmp_path / "run")


def called(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr("sys.argv", ["cell2grid", *map(str, arguments)])
    try:
        main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def test_report_prints_the_path_of_the_page(run_folder, monkeypatch, capsys):
    assert called(monkeypatch, "report", run_folder) == 0
    printed = capsys.readouterr().out.strip()
    assert printed == str(run_folder / "report.html")
    assert Path(printed).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_report_of_several_runs_is_one_document_of_json(run_folder, tmp_path, monkeypatch, capsys):
    out = tmp_path / "both.html"
    assert called(monkeypatch, "report", run_folder, run_folder, "--out", out, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["report"] == str(out)
    assert len(document["runs"]) == 2
    assert out.is_file()


def test_report_of_no_run_ends_with_status_2(tmp_path, monkeypatch, capsys):
    assert called(monkeypatch, "report", tmp_path / "nothing") == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: there is no run folder")
    assert captured.out == ""


def test_trace_prints_a_tree_down_to_the_source(run_folder, monkeypatch, capsys):
    assert called(monkeypatch, "trace", run_folder, "output/quay") == 0
    printed = capsys.readouterr().out
    for words in ("output/quay", "plants.quay.capacity", "120 container/year", "Quay opens, Gazette, 2031-01"):
        assert words in printed


def test_trace_as_json_is_nested(run_folder, monkeypatch, capsys):
    assert called(monkeypatch, "trace", run_folder, "output", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["results"][0]["unit"] == "container/month"
    assert document["steps"][0]["values"][0]["path"] == "plants.quay.capacity"


def test_trace_of_an_unknown_name_ends_with_status_2(run_folder, monkeypatch, capsys):
    assert called(monkeypatch, "trace", run_folder, "outputs") == 2
    assert "did you mean 'output'" in capsys.readouterr().err
