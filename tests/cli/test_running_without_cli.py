"""The option --without of run: a table in words, one key in the document."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STUDY = """
study: mole
horizon: {start: 2030-01, end: 2030-06}
members: 8
sources: {log: {title: A log, publisher: The mole, date: 2030-01-02}}
regions: {DK: {}}
products: {bus: {counted_in: bus}}
firms: {mole: {}}
plants:
  yard: {owner: mole, region: DK, makes: bus, capacity: "9 .. 12 bus/month [log]", opens: "2029-01 [log]"}
shocks:
  gale: {plant: yard, leaves: "0 percent [log]", start: "2030-03 [log]", end: "2030-03 [log]"}
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    path = tmp_path / "mole.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cell2grid", "run", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
        check=False,
    )


def test_the_document_holds_the_difference_by_member(study: Path, tmp_path: Path) -> None:
    ran = _run(str(study), "--out", str(tmp_path / "r"), "--without", "gale", "--json")
    assert ran.returncode == 0, ran.stderr
    case = json.loads(ran.stdout)["without"]
    assert case["shocks"] == ["gale"]
    (made,) = [row for row in case["differences"] if (row["variable"], row["period"]) == ("output", "total")]
    (march,) = [row for row in case["differences"] if (row["variable"], row["period"]) == ("output", "2030-03")]
    assert made["difference"] == pytest.approx(march["difference"])
    assert -12 <= made["p10"] <= made["difference"] <= made["p90"] <= -9
    assert made["without_shocks"] == pytest.approx(made["with_shocks"] - made["difference"])


def test_words_and_the_run_without_the_option(study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran = _run(str(study), "--out", str(tmp_path / "r"), "--without", "gale")
    assert "What gale did: with, less without, member by member" in ran.stdout
    ran = _run(str(study), "--out", str(tmp_path / "r"), "--json")
    assert json.loads(ran.stdout)["without"] is None


def test_an_unknown_shock_is_refused_before_anything_runs(study: Path, tmp_path: Path) -> None:
    ran = _run(str(study), "--out", str(tmp_path / "r"), "--without", "gales", "--json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--without 'gales' is no shock of study 'mole'; did you mean 'gale'?" in ran.stderr
    assert not (tmp_path / "r").exists()
