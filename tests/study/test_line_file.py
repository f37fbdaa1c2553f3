"""Line files: what is read, what stands where nothing is written, and every refusal with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.line_file import parse_line, read_line

TWO = """stations:
  - {name: coating, service: {distribution: exponential, mean: %s}%s}
  - {name: slitting, service: {distribution: deterministic, mean: "0.5 min"}}
%s
"""


def two(mean: str = '"60 s"', more: str = "", rest: str = "") -> str:
    return TWO % (mean, more, rest)


def test_a_line_with_only_names_and_services_has_the_rest_as_documented() -> None:
    line = parse_line(two())
    assert (line.items, line.seed, line.buffers) == (200_000, 1, None)
    arrays = line.arrays()
    assert arrays["service_mean"].values.tolist() == [60.0, 30.0]
    assert arrays["service_distribution"].values.tolist() == ["exponential", "deterministic"]
    assert arrays["buffer"].values.tolist() == [0]
    assert arrays["station"].values.tolist() == ["coating", "slitting"]


def test_every_key_is_read(tmp_path: Path) -> None:
    path = tmp_path / "line.yaml"
    path.write_text(
        """line: pilot
sources: {visit-2025: {title: A visit to the pilot line, publisher: own notes, date: 2025-06}}
stations:
  - name: a
    machines: 1
    batch: 1
    scrap: 0 percent
    service: {distribution: lognormal, mean: "1 h [visit-2025]", deviation: "5 min [assumed: a guess]"}
  - {name: b, service: {distribution: exponential, mean: 90 s}}
  - {name: c, service: {distribution: exponential, mean: 90 s}}
buffers: [2, 5]
items: 5000
seed: 7
"""
    )
    arrays = read_line(path).arrays()
    assert arrays["service_mean"].values.tolist() == [3600.0, 90.0, 90.0]
    assert arrays["service_deviation"].values.tolist() == [300.0, 0.0, 0.0]
    assert arrays["buffer"].values.tolist() == [2, 5]
    assert (arrays["items"].item(), arrays["seed"].item()) == (5000, 7)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (two(mean="60"), r"line:2:64: .*60 has no unit"),
        (two(mean='"60 MW"'), r"line:2:64: .*in MW; a quantity in second"),
        (two(mean='"0 s"'), r"line:2:64: .*'0 s' is not above 0 s"),
        (two(mean='"-3 s"'), r"line:2:64: .*-3 s is below 0"),
        (two(mean='"50 .. 60 s"'), r"line:2:64: .*is not one number"),
        (two(mean='"60 s", deviation: "1 s"'), r"line:2:30: .*exponential time takes no deviation"),
        (two(more=", machines: 2"), "machines cannot be simulated yet, only 1"),
        (two(more=", machines: 0"), "machines: 0 is below 1, the least it can be"),
        (two(more=", batch: 4"), "batch cannot be simulated yet, only 1"),
        (two(more=", scrap: 2 %"), "scrap cannot be simulated yet, only none"),
        (two(more=', fails: {mtbf: "9 h", mttr: "1 h"}'), "fails cannot be simulated yet, only none"),
        (two(more=", speed: 4"), "line:2:.*speed: this key is not known"),
        (two(rest="buffers: [-1]"), r"line:4:11: buffers.0: -1 is below 0"),
        (two(rest="buffers: [1, 2]"), "2 buffers for 2 stations, expected 1"),
        (two(rest="bufers: [1]"), "line:4:1: bufers: this key is not known; did you mean 'buffers'"),
        (two(rest="items: 5"), r"line:4:8: items: 5 is below 100"),
        (two(rest="seed: -1"), r"line:4:7: seed: -1 is below 0"),
        (two().replace("slitting", "coating"), "'coating' stands twice"),
        (two().replace("deterministic", "uniform"), "'uniform' is not one of deterministic, exponential, lognormal"),
        (two().replace("deterministic", "lognormal"), "lognormal time needs a deviation"),
        ("stations: []", "line:1:11: stations: "),
        ("items: 2000", "'stations' is missing"),
        ("[1, 2]", "line:1:1: is no line; it begins with 'stations:'"),
        (
            "sources: {a: {title: t, publisher: p, date: 2025-01}}\n" + two(mean='"6 s [b]"'),
            "line:3:64: .*'b' is not in sources; the sources are a",
        ),
    ],
)
def test_a_wrong_line_is_refused_at_its_place(text: str, words: str) -> None:
    with pytest.raises(StudyError, match=words) as caught:
        parse_line(text)
    assert caught.value.exit_status == 2


def test_the_only_station_refused_is_one_problem_and_not_also_an_empty_list() -> None:
    with pytest.raises(StudyError) as caught:
        parse_line("stations: [{name: press, service: {distribution: exponential, mean: 60}}]")
    assert "60 has no unit" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"none\.yaml: cannot be read"):
        read_line(tmp_path / "none.yaml")
