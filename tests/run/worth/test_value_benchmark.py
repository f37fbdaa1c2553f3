"""The benchmark of value runs, its values agree with those of the peers, and its clock takes the best of its rounds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.value.__main__ import main
from benchmarks.value.credit import region
from benchmarks.value.subject import timed

ROOT = Path(__file__).resolve().parents[3]


def test_each_part_runs_once_without_judging_the_times() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.value", "--quick"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in (
        "one valuation, warm",
        "members on 2 workers",
        "sizes on",
        "BLAST-Lite",
        "PySAM",
        "samples in",
        "slope",
    ):
        assert said in ran.stdout
    assert "all values agree" in ran.stdout
    assert "MISSED" not in ran.stdout


def test_the_least_of_the_rounds_counts_and_the_last_value() -> None:
    found = iter([1, 2, 3])
    seconds, last = timed(lambda: next(found), 3)
    assert last == 3
    assert 0.0 <= seconds < 1.0


def test_the_region_of_the_credit_lacks_power_seldom() -> None:
    """Its units come to 2,500 MW, and the highest load is below that: what is lacking is for outages."""
    system = region(8760)
    assert sum(group.capacity * group.count for group in system.units) == 2500.0
    assert 1500.0 < system.net_load.max() < 2500.0


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["decade"])
    assert "no part decade" in capsys.readouterr().err
