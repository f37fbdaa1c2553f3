"""The benchmark beside the peers runs, and its judge gives right answers what they are due."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.held_out import interval
from benchmarks.quantities import Number, Page, judged

ROOT = Path(__file__).parents[2]
PAGE = Page(
    "a", "", ((9.5, frozenset({"GWh/year"})), ((20.0, 30.0), frozenset({"ha"})), (12.0, frozenset({"vehicle"})))
)


def test_the_benchmark_prints_a_row_for_each_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.quantities", "--quick"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    for program in ("cell2grid", "quantulum3", "Recognizers-Text"):
        assert re.search(rf"^{program} +0\.\d{{3}}|^{program} +1\.000", done.stdout, re.M)


@pytest.mark.parametrize(
    ("found", "strict", "values", "units"),
    [
        ([Number(9.5, "GWh/year"), Number((20.0, 30.0), "ha"), Number(-12.0, "vehicle")], True, 3, 3),
        ([Number(9.5, "GWh"), Number(12.0, "")], True, 2, 0),
        ([Number(9.5, "GWh"), Number(12.0, "")], False, 2, 2),
        ([Number(9.5, "MW"), Number(9.5, "MW"), Number(20.0, "ha")], False, 1, 0),
    ],
)
def test_the_judge(found: list[Number], strict: bool, values: int, units: int) -> None:
    tally = judged(lambda text: iter(found), [PAGE], strict=strict)
    assert (tally.asked, tally.given, tally.values, tally.units) == (3, len(found), values, units)


def test_the_interval_of_a_share() -> None:
    low, high = interval(90, 100)  # Wilson (1927), doi:10.1080/01621459.1927.10502953
    assert (round(low, 4), round(high, 4)) == (0.8256, 0.9448)
