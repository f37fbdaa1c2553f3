"""The benchmark of reading runs, and finds the claims of its pages in text and HTML alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_each_kind_of_page_is_read_once_without_judging_the_times() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.reading", "--quick"], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert ran.returncode == 0, ran.stderr
    rows = [line.split() for line in ran.stdout.splitlines()[2:]]
    assert [(row[0], row[4]) for row in rows] == [(k, p) for k in ("text", "site", "html") for p in ("claims", "store")]
    assert all(int(row[3].replace(",", "")) >= 20 for row in rows)
