"""The fleet's benchmark runs, and its values agree with those of the peers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.fleet import prices

ROOT = Path(__file__).resolve().parents[2]


def test_each_part_runs_once() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.fleet", "--quick"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for program in ("FLToptim", "HiGHS LP", "HiGHS MILP", "with schedules, workers 1"):
        assert program in ran.stdout
    assert "all values agree" in ran.stdout


def test_no_two_price_years_are_the_same() -> None:
    rows = prices(45, 200, negative=True)
    assert len({row.tobytes() for row in rows}) == 45
    assert (rows < 0.0).any()
    assert (prices(45, 200, negative=False) >= 0.0).all()
