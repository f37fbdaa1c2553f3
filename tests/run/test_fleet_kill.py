"""A fleet that is killed in the midst of its work, as by a full machine, goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest


def files(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """1,200 pairs, which make 12 parts."""
    random = np.random.default_rng(9)
    (tmp_path / "prices").mkdir()
    stamps = np.datetime64("2025-01-01T00:00", "s") + np.arange(200) * np.timedelta64(3600, "s")
    for i in range(40):
        prices = np.round(random.normal(40, 40, len(stamps)), 2)
        rows = [f"{stamp},{price}" for stamp, price in zip(stamps, prices, strict=True)]
        (tmp_path / f"prices/s{i:02d}.csv").write_text("\n".join(["timestep,price", *rows, ""]))
    assets = [f"a{i},{10 + i}MW,{20 + 2 * i}MWh,0.9,0.9" for i in range(30)]
    header = "name,power,energy,efficiency_charge,efficiency_discharge"
    (tmp_path / "assets.csv").write_text("\n".join([header, *assets, ""]))
    return tmp_path


def called(folder: Path, out: str, *, kill_at: int | None = None) -> None:
    """Call the command to its end, or kill it as soon as it has written ``kill_at`` parts."""
    command = [sys.executable, "-m", "cell2grid", "fleet", "assets.csv", "--prices", "prices", "--out", out]
    results = folder / out / "results"
    deadline = time.monotonic() + 120
    with (folder / "said.txt").open("wb") as said:
        call = subprocess.Popen(
            [*command, "--workers", "2", "--schedules", "--json"], cwd=folder, stdout=said, stderr=said
        )
        while call.poll() is None and time.monotonic() < deadline:
            if kill_at is not None and results.is_dir() and len(list(results.glob("part-*.parquet"))) >= kill_at:
                os.kill(call.pid, signal.SIGKILL)
                break
            time.sleep(0.002)
        ended = call.wait(30)
    assert ended == (0 if kill_at is None else -signal.SIGKILL), (folder / "said.txt").read_text()


def test_a_killed_fleet_goes_on_and_ends_with_the_same_bytes(many: Path) -> None:
    called(many, "whole")
    expected = files(many / "whole")
    assert sum(name.startswith("results") for name in expected) == 12
    out = many / "out"
    called(many, "out", kill_at=1)
    assert not (out / "summary.json").exists()
    first = files(out)
    called(many, "out", kill_at=7)
    assert not (out / "summary.json").exists()
    times = {file.name: file.stat().st_mtime_ns for file in (out / "results").glob("part-*.parquet")}
    called(many, "out")
    assert files(out) == expected
    # what was there was left as it was
    assert {name: (out / "results" / name).stat().st_mtime_ns for name in times} == times
    assert all(first[name] == expected[name] for name in first if "/part-" in name)
