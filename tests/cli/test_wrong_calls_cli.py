"""Calls of the evidence commands that cannot be meant: each is refused in words, with the value and the next step."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import cell2grid.cli
from cell2grid.cli import app
from cell2grid.errors import EvidenceError


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("store")
    page = folder / "quarter.txt"
    page.write_text("Orsa Batteries built 310 packs in May 2026. Lindh Capital owns 40% of Orsa Batteries.")
    place = str(folder / "claims.db")
    assert CliRunner().invoke(app, ["read", str(page), "--store", place]).exit_code == 0
    return place


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["claims", "--csv", "--json"], "leave it out"),
        (["claims", "--csv", "--out", "a.csv"], "leave it out"),
        (["review", "--list", "--accept-tier", "A"], "one of them"),
        (["review", "--list", "--reviewer", " "], "is no name"),
        (["propose", "--model", " "], "is no name"),
    ],
)
def test_what_cannot_be_meant_is_refused(store: str, arguments: list[str], says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        CliRunner().invoke(app, [*arguments, "--store", store], catch_exceptions=False)


def test_examples_for_a_folder_are_refused(store: str, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="cannot be written"):
        CliRunner().invoke(app, ["review", "--store", store, "--examples", str(tmp_path)], catch_exceptions=False)


def test_a_group_that_is_asked_for_twice_is_one(store: str) -> None:
    once, twice = (
        CliRunner().invoke(app, ["claims", "--store", store, "--by", by, "--json"]).stdout
        for by in ("measure", "measure,measure")
    )
    assert once == twice
    assert len(json.loads(once)["groups"]) == 2


def test_a_frame_that_there_is_not_is_said_with_those_there_are(store: str) -> None:
    result = CliRunner().invoke(app, ["claims", "--store", store, "--frame", "stakes", "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"claims": []}
    assert "'stakes'; frames are: area, capacity," in result.stderr


def test_a_disk_that_is_full_is_no_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(**_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "page.html")

    monkeypatch.setattr(cell2grid.cli, "app", full)
    with pytest.raises(SystemExit) as stop:
        cell2grid.cli.main()
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: 'page.html': No space left on device; check")


def test_what_goes_into_a_pipe_is_utf8_whatever_the_terminal_speaks(store: str) -> None:
    call = [sys.executable, "-m", "cell2grid", "claims", "--store", store]
    done = subprocess.run(call, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "latin-1"}, check=True)
    assert "┃ measure" in done.stdout.decode("utf-8")


def test_a_folder_that_cannot_be_made_is_the_callers_to_mend() -> None:
    """No system lets a folder be made in /proc: it says that there is no such file."""
    if not Path("/proc/self").exists():
        pytest.skip("no /proc here")
    call = [sys.executable, "-m", "cell2grid", "demo", "--out", "/proc/none/such"]
    left = subprocess.run(call, capture_output=True, text=True, check=False, timeout=60)
    assert left.returncode == 2
    assert "'/proc/none" in left.stderr
    assert "check the path" in left.stderr


def test_a_file_of_the_program_that_is_missing_is_its_own_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(**_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file", str(Path(cell2grid.cli.__file__).parent / "gone.yaml"))

    monkeypatch.setattr(cell2grid.cli, "app", lost)
    with pytest.raises(SystemExit) as left:
        cell2grid.cli.main()
    assert left.value.code == 1
    assert "a fault of cell2grid" in capsys.readouterr().err
