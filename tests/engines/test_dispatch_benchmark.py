"""The benchmark runs, and the programs that it compares find one objective."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_size_runs_once_without_judging_the_times() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.dispatch", "--quick"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    for program in ("cell2grid", "highspy LP", "scipy linprog"):
        assert program in ran.stdout
