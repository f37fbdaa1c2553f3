"""The benchmark of lines runs, and the peers' throughput is ours."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.line.__main__ import main
from benchmarks.line.peers import simpy_line

ROOT = Path(__file__).resolve().parents[3]


def test_each_part_runs_once_without_judging_the_times() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.line", "--quick"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for said in ("plain line", "batches of ten", "two threads", "SimPy", "Ciw", "exact throughput"):
        assert said in ran.stdout
    assert "all values agree" in ran.stdout
    assert "MISSED" not in ran.stdout


def test_the_peer_lets_items_through_as_the_exact_table_of_long_lines_says() -> None:
    """Eight stations and buffers of five run between the exact 0.631 of four with buffers of one and 1."""
    seconds, found = simpy_line(3000, 2)
    assert seconds > 0.0
    assert found == pytest.approx(0.771, abs=0.05)


def test_a_part_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["decade"])
    assert "no part decade" in capsys.readouterr().err
