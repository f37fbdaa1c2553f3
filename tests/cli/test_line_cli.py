"""The command ``line`` as a user calls it: what it prints and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

LINE = """stations:
  - {name: weld, service: {distribution: deterministic, mean: "60 s"}}
  - {name: test, service: {distribution: deterministic, mean: "2 min"}}
items: 1000
"""


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


EXPONENTIAL = """stations:
  - {name: weld, machines: 2, service: {distribution: exponential, mean: "100 s"}, fails: {mtbf: 1 h, mttr: 5 min}}
  - {name: test, service: {distribution: exponential, mean: "60 s"}, scrap: 5 %}
buffers: [2]
items: 50000
"""


def test_the_exact_throughput_stands_beside_the_interval(called, tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(EXPONENTIAL)
    document = json.loads(called("line", path, "--exact", "--json")[1])
    assert document["low"] <= document["exact"] <= document["high"]
    assert document["items"] == document["good"] + document["scrapped"] + document["in_line"]
    assert "by the Markov chain" in called("line", path, "--exact")[1]
    path.write_text(LINE)
    status, _, err = called("line", path, "--exact")
    assert status == 2
    assert "station 'weld': its service is deterministic" in err


def test_one_more_machine_is_told_of_all_stations_or_the_bottleneck_or_none(called, tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(EXPONENTIAL)
    document = json.loads(called("line", path, "--json")[1])
    gains = [one["one_more"]["gain"] for one in document["stations"]]
    assert document["one_more"]["gain"] == max(gains) > 0.0
    assert document["one_more"]["throughput"] == pytest.approx(document["throughput"] + max(gains))
    none = json.loads(called("line", path, "--no-one-more", "--json")[1])
    assert none["one_more"] is None
    assert [one["one_more"] for one in none["stations"]] == [None, None]
    long = json.loads(called("line", path, "--items", 7_000_000, "--json")[1])
    assert [one["one_more"] is None for one in long["stations"]].count(False) == 1


@pytest.mark.parametrize("name", ["battery-cell-line", "car-plant-line", "pack-line", "storage-assembly-line"])
def test_a_line_that_ships_explains_the_capacity_it_states(called, name: str) -> None:
    document = json.loads(called("line", name, "--no-one-more", "--json")[1])
    capacity = document["capacity"]
    assert capacity["computed"] == pytest.approx(capacity["stated"], rel=0.03)
    assert capacity["low"] < capacity["computed"] < capacity["high"]
    assert document["notes"] == []


def test_lines_that_ship_are_listed(called) -> None:
    listed = json.loads(called("line", "--list", "--json")[1])["lines"]
    assert "battery-cell-line" in [one["name"] for one in listed]
    assert "Battery cell line" in called("line", "--list")[1]
    status, _, err = called("line")
    assert status == 2
    assert "which line?" in err


def test_a_page_shows_the_stations(called, tmp_path: Path) -> None:
    path, page = tmp_path / "line.yaml", tmp_path / "line.html"
    path.write_text(EXPONENTIAL)
    document = json.loads(called("line", path, "--page", page, "--json")[1])
    assert document["page"] == str(page)
    text = page.read_text()
    assert "holds the line back" in text
    assert "<svg" in text
    assert "weld · fails · mtbf" in text
    status, _, err = called("line", path, "--page", tmp_path / "no" / "page.html")
    assert status == 2
    assert "does not exist" in err
