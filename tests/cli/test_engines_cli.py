"""The command ``line`` as a user calls it: what it prints and refuses."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from cell2grid.cli import main

LINE = """stations:
  - {name: weld, service: {distribution: deterministic, mean: "60 s"}}
  - {name: test, service: {distribution: deterministic, mean: "2 min"}}
items: 1000
"""


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the program with arguments; the exit status, standard output and standard error come back."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["cell2grid", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


def test_a_line_prints_throughput_bottleneck_and_stations(called, tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(LINE)
    document = json.loads(called("line", path, "--json")[1])
    assert document["throughput"] == document["low"] == document["high"] == pytest.approx(1.0 / 120.0)
    assert document["bottleneck"] == "test"
    assert [station["name"] for station in document["stations"]] == ["weld", "test"]
    assert document["stations"][0]["blocked"] == pytest.approx(0.5)
    assert (document["items"], document["seed"]) == (1000, 1)
    words = called("line", path)[1]
    assert "30.00 items leave an hour" in words
    assert "'test' holds the line back" in words


def test_items_and_seed_of_a_line_can_be_given(called, tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(LINE.replace("deterministic", "exponential"))
    first = json.loads(called("line", path, "--items", 5000, "--seed", 3, "--json")[1])
    assert (first["items"], first["seed"]) == (5000, 3)
    assert first == json.loads(called("line", path, "--items", 5000, "--seed", 3, "--json")[1])
    assert first["low"] < first["throughput"] < first["high"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINE.replace("60 s", "0 s"), "line.yaml:2:"),
        (LINE.replace("items: 1000", "buffers: [-1]"), "line.yaml:4:11: buffers.0: -1"),
        (LINE.replace("items", "itmes"), "did you mean 'items'"),
    ],
)
def test_a_wrong_line_file_gets_one_message(called, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(text)
    status, out, err = called("line", path, "--json")
    assert (status, out) == (2, "")
    assert words in err


def test_wrong_items_on_the_call_are_refused(called, tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(LINE)
    status, _, err = called("line", path, "--items", 5)
    assert status == 2
    assert "items of the line is 5" in err
