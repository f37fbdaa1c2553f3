"""Line files: what is read, what stands where nothing is written, and every refusal with its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.engines import line
from cell2grid.errors import StudyError
from cell2grid.study.line_file import parse_line, read_line, shipped_lines
from cell2grid.study.quantity import figures

TWO = """stations:
  - {name: coating, service: {distribution: exponential, mean: %s}%s}
  - {name: slitting, service: {distribution: deterministic, mean: "0.5 min"}}
%s
"""


TIME = "stations: [{name: press, service: {distribution: %s, mean: 60 s, %s}}]"


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


def test_machines_failures_setup_batches_and_shares_are_read() -> None:
    arrays = parse_line(
        """stations:
  - name: oven
    machines: 3
    batch: 12
    service: {distribution: erlang, mean: 40 min, stages: 4}
    fails: {mtbf: 8 h, mttr: 10 min, distribution: lognormal, deviation: 4 min}
    setup: {mean: 5 min}
    scrap: 2 %
    rework: 0.05
  - {name: test, service: {distribution: triangular, mean: 60 s, deviation: 9 s}, setup: {mean: 3 s, every: 100}}
"""
    ).arrays()
    oven = {str(name): row.values[0] for name, row in arrays.data_vars.items() if row.dims == ("station",)}
    assert oven == {
        "service_mean": 2400.0, "service_deviation": 1200.0, "service_distribution": "erlang", "machines": 3,
        "batch_size": 12, "scrap_share": 0.02, "rework_share": 0.05, "time_between_failures": 28800.0,
        "repair_mean": 600.0, "repair_deviation": 240.0, "repair_distribution": "lognormal", "setup_every": 12,
        "setup_mean": 300.0, "setup_deviation": 0.0, "setup_distribution": "deterministic",
    }  # fmt: skip
    assert arrays["setup_every"].values[1] == 100
    assert arrays["time_between_failures"].values[1] == float("inf")


def test_a_line_that_ships_is_read_by_its_name() -> None:
    assert read_line("pack-line").makes == "pack"
    with pytest.raises(
        StudyError, match="'pack-lime' is neither a file nor a line that ships; did you mean 'pack-line'"
    ):
        read_line("pack-lime")


@pytest.mark.parametrize("name", shipped_lines())
def test_every_figure_of_a_line_that_ships_has_a_source(name: str) -> None:
    shipped = read_line(name)
    found = list(figures(shipped))
    assert len(found) > 10
    assert not [path for path, figure in found if not figure.sources]
    assert shipped.capacity is not None
    assert shipped.hours is not None


@pytest.mark.parametrize("name", shipped_lines())
def test_the_engine_takes_what_the_file_takes(name: str) -> None:
    """Its capacity alone: what each station lets through is at least what is stated, and the least of them near it."""
    shipped = read_line(name)
    least = line.station_capacity(line.completed(shipped.arrays())).min() * shipped.running_seconds
    stated = shipped.capacity.to("item/year").mode if shipped.capacity else 0.0
    assert stated < least < 1.1 * stated


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
        (two(mean='"1e-300 s"'), r"line:2:64: .*'1e-300 s' is below 1e-06 s, the least it can be"),
        (two(mean='"-3 s"'), r"line:2:64: .*-3 s is below 0"),
        (two(mean='"50 .. 60 s"'), r"line:2:64: .*is not one number"),
        (two(mean='"60 s", deviation: "1 s"'), r"line:2:30: .*exponential time takes no deviation"),
        (two(rest="makes: cell\ncapacity: 5 pack/year"), "capacity: '5 pack/year' counts in 'pack', .* makes 'cell'"),
        (
            f"stations: [{'{name: s, service: {distribution: exponential, mean: 60 s}}, ' * 1001}]",
            "a list of 1001, expected at most 1000",
        ),
        (two(more=", machines: 0"), "machines: 0 is below 1, the least it can be"),
        (two(more=", machines: 100001"), "machines: 100001 is above 100000, the most it can be"),
        (two(more=", machines: 1.5"), "machines: 1.5 is not a whole number"),
        (two(more=", batch: 0"), "batch: 0 is below 1"),
        (two(more=", scrap: 100 %"), r"line:2:\d+: .*station 'coating': scrap 100 % is not from 0 to 99.99%"),
        (
            two(more=", scrap: 1.5"),
            "scrap 1.5, which is 150%, is not from 0 to 99.99%; write a share, as in '2 %' or 0.02",
        ),
        (two(more=", scrap: -0.1"), "scrap -0.1, which is -10%, is not from 0"),
        (two(more=", rework: 1.0"), "rework 1, which is 100%, is not from 0 to 99.00%"),
        (two(more=", scrap: 1 .. 2 %"), "'1 .. 2 %' is not one number"),
        (
            two(more=', fails: {mtbf: "0 h", mttr: "1 h"}'),
            r"line:2:\d+: stations.0.fails.mtbf: .*'0 h' is not above 0 s",
        ),
        (two(more=', fails: {mtbf: "-9 h", mttr: "1 h"}'), "-9 h is below 0"),
        (two(more=', fails: {mtbf: "9 h", mttr: "0 h"}'), "fails.mttr: .*'0 h' is not above 0 s"),
        (two(more=', fails: {mtbf: "9 h"}'), "'mttr' is missing"),
        (two(more=', fails: {mtbf: "1e-6 s", mttr: "1 h"}'), "'1e-6 s' is below 6e-05 s, its service over 1,000,000"),
        (two(more=', fails: {mtbf: "9 h", mttr: "1 h", distribution: gamma}'), "a gamma time needs a deviation"),
        (two(more=', setup: {mean: "0 s"}'), "setup.mean: .*'0 s' is not above 0 s"),
        (two(more=', batch: 5, setup: {mean: "9 s", every: 3}'), "setup.every: .*3 is below its batch of 5 items"),
        (two(mean='"2e9 s"'), "'2e9 s' is above 1e\\+09 s"),
        (two(mean='"60 s", stages: 2'), "an? exponential time has no stages"),
        (two(mean='"normal(60, 5) s"'), "is not one number"),
        (two(more=", speed: 4"), "line:2:.*speed: this key is not known"),
        (two(rest="buffers: [-1]"), r"line:4:11: buffers.0: -1 is below 0"),
        (two(rest="buffers: [1, 2]"), "2 buffers for 2 stations, expected 1"),
        (two(rest="bufers: [1]"), "line:4:1: bufers: this key is not known; did you mean 'buffers'"),
        (two(rest="items: 5"), r"line:4:8: items: 5 is below 100"),
        (two(rest="seed: -1"), r"line:4:7: seed: -1 is below 0"),
        (two().replace("slitting", "coating"), "'coating' stands twice"),
        (two().replace("deterministic", "normal"), "'normal' is not one of deterministic, exponential, lognormal"),
        (two().replace("deterministic", "uniform"), "a uniform time needs a deviation"),
        (
            TIME % ("uniform", "deviation: 40 s"),
            "a uniform time of 60 s has a deviation from 6e-05 s to 34.64.* s, not 40 s",
        ),
        (TIME % ("weibull", "deviation: 0 s"), "'0 s' is not above 0 s"),
        (
            TIME % ("erlang", "deviation: 40 s"),
            "a deviation of 40 s makes 2.25 stages of 60 s, expected a whole number",
        ),
        (TIME % ("erlang", "deviation: 30 s, stages: 4"), "stages and deviation say the same; keep one"),
        (TIME % ("erlang", "stages: 0"), "stages: 0 is below 1"),
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
