"""The benchmark of the methods without foresight runs, and its programs find the same plans."""

from __future__ import annotations

import pytest
from benchmarks import foresight


def test_everything_runs_once_without_judging_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    foresight.main(["--quick"])
    said = capsys.readouterr().out
    for name in (*foresight.PEERS, "rolling, 48 h, every hour", "stochastic", "naive"):
        assert name in said
