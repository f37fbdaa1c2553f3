"""The benchmark of energy and reserve runs, and its plans are near their bounds."""

from __future__ import annotations

import pytest
from benchmarks import reserves


def test_each_row_runs_once_without_judging_the_times(capsys: pytest.CaptureFixture[str]) -> None:
    reserves.main(["--quick"])
    printed = capsys.readouterr().out
    assert all(row.name in printed for row in reserves.ROWS)
    assert "MISSED" not in printed


def test_windows_earn_no_more_than_the_whole() -> None:
    whole, _, _ = reserves.timed(reserves.ROWS[2], 336)
    windows, _, _ = reserves.timed(reserves.ROWS[3], 336)
    assert windows.value <= whole.bound + 1e-6 * abs(whole.value)
