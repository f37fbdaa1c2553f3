"""Every command that reads a file refuses a pipe or a device in one line, for its end might never come."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cell2grid.files import plain_size

PROJECT = """
project: hill
power: 1 MW
energy: 2 MWh
finance: {capital_cost: 200 EUR/kWh, discount_rate: 6 percent/year, life: 2 year}
"""
CALLS = [
    "value pipe --synthetic 1",
    "value hill.yaml --prices pipe",
    "value hill.yaml --prices pipe.parquet",
    "value hill.yaml --prices pipe.xlsx",
    "size pipe --synthetic 1",
    "adequacy pipe",
    "dispatch pipe --power 1MW --energy 2MWh",
    "dispatch --asset pipe --synthetic 1",
    "prices pipe",
    "prices pipe --source entsoe --zone DE_LU",
    "fleet pipe --prices . --out fleet",
    "ramp pipe",
    "backtest pipe",
    "line pipe",
    "market pipe.yaml",
    "plan pipe",
    "check --store pipe",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes on this system")
    place = tmp_path_factory.mktemp("pipes")
    (place / "hill.yaml").write_text(PROJECT)
    for name in ("pipe", "pipe.yaml", "pipe.parquet", "pipe.xlsx"):
        os.mkfifo(place / name)
    return place


def test_no_command_waits_for_a_pipe(folder: Path) -> None:
    """All calls in one process, which would hang at the first that opens the pipe."""
    script = f"""
import contextlib, io, sys
from cell2grid.cli import main
for call in {CALLS!r}:
    said = io.StringIO()
    sys.argv = ["cell2grid", *call.split()]
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            status = main()
        except SystemExit as ended:
            status = ended.code
    sys.stdout.write(f"{{status}} {{call}}: {{' '.join(said.getvalue().split())}}\\n")
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    lines = done.stdout.splitlines()
    assert len(lines) == len(CALLS), done.stderr
    for line in lines:
        assert line.startswith("2 "), line
        assert "no plain file but a pipe or a device" in line or "neither a file" in line, line


def test_the_size_of_what_a_link_leads_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("12345")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    assert plain_size(tmp_path / "link") == 5
    with pytest.raises(IsADirectoryError):
        plain_size(tmp_path)
