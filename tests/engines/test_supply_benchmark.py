"""The benchmark of plants runs, and its programs find the same."""

from __future__ import annotations

import pytest
from benchmarks.plants import __main__ as plants
from benchmarks.plants.features import FEATURES


def test_everything_runs_once_without_judging_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    assert plants.main(["--quick"]) == 0
    said = capsys.readouterr().out
    for name in ("processor time by members", *FEATURES, "numpy float32 in place", "all values agree"):
        assert name in said
