from __future__ import annotations

import json
from pathlib import Path

from small_cost_plant import small
from typer.testing import CliRunner

from cell2grid.cli import app

RUN = CliRunner()


def _json(*arguments: str) -> dict:
    result = RUN.invoke(app, ["cost", *arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)


def test_technologies_are_listed():
    assert {"name", "title"} == set(_json()["technologies"][0])


def test_the_baseline_is_compared_and_says_its_scope():
    found = _json("nmc811-graphite", "--compare", "--members", "50")
    assert abs(found["baseline"]["capital"]["difference"]) < 0.01
    assert found["scope_means"] == "cells, modules and packs"
    assert found["countries"][0]["capital_per_gwh"]["mean"] / 1e6 > 80
    shown = RUN.invoke(app, ["cost", "nmc811-graphite", "--compare", "--members", "5"])
    assert "Against the published baseline" in shown.stdout
    assert "whole plant" in shown.stdout


def test_countries_volume_and_scope_are_heeded():
    found = _json("lfp-graphite", "--country", "all", "--volume", "10 GWh/year", "--scope", "cells", "--members", "5")
    assert [one["country"] for one in found["countries"]][:2] == ["CN", "IN"]
    assert found["volume"] == {"value": 10.0, "unit": "GWh/year"}
    assert "modules" not in {step["step"] for step in found["countries"][0]["steps"]}


def test_learning_lowers_the_total():
    plain = _json("lfp-graphite", "--members", "5")["countries"][0]
    learned = _json("lfp-graphite", "--members", "5", "--cumulative", "8 TWh")["countries"][0]
    assert learned["total"]["mean"] < plain["total"]["mean"]
    assert 0.5 < learned["learned"] < 0.7


def test_a_page_is_written(tmp_path: Path):
    page, file = tmp_path / "cost.html", tmp_path / "mine.yaml"
    file.write_text(small(), encoding="utf-8")
    found = _json(str(file), "--country", "AA", "--country", "BB", "--members", "20", "--page", str(page))
    text = page.read_text(encoding="utf-8")
    assert found["page"] == str(page)
    assert "What a kWh costs to make" in text
    assert "Bland" in text
    assert "no source given" in text


def test_wrong_calls_are_told_apart():
    for arguments, said in (
        (["lfp-graphite", "--scope", "modules"], "--scope 'modules' is not one of whole, cells, packs"),
        (["lfp-graphite", "--volume", "10 systems/year"], "--volume"),
        (["lfp-graphite", "--volume", "0 GWh/year"], "is not from 1 to"),
        (["lfp-graphite", "--volume", "1 .. 2 GWh/year"], "is a range"),
        (["lfp-graphite", "--country", "ZZ"], "country 'ZZ' is not there"),
        (["nothing"], "neither a file nor a technology that ships"),
        (["lfp-graphite", "--compare"], "the published baseline is"),
    ):
        result = RUN.invoke(app, ["cost", *arguments, "--json"])
        assert result.exit_code != 0
        assert said in str(result.exception)
        assert getattr(result.exception, "exit_status", None) == 2
