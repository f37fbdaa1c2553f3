"""Serial lines: a deterministic one by hand, the exact table of exponential ones, laws, and the kernel's plain twin."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from cell2grid.engines import line
from cell2grid.engines.line_kernel import advance
from cell2grid.errors import EngineError, InputError


def arrays(
    means: list[float], buffers: list[int] | None = None, kind: str = "exponential", **more: object
) -> xr.Dataset:
    given = {"items": 20_000, "seed": 1, "deviation": 0.0, **more}
    return xr.Dataset(
        {
            "service_mean": ("station", means),
            "service_deviation": ("station", np.full(len(means), given["deviation"])),
            "service_distribution": ("station", [kind] * len(means)),
            "buffer": ("gap", [0] * (len(means) - 1) if buffers is None else buffers),
            "items": ((), given["items"]),
            "seed": ((), given["seed"]),
        },
        coords={"station": [f"station {n}" for n in range(len(means))]},
    )


def throughput(*positional: object, **named: object) -> tuple[float, float, float]:
    solved = line.solve(arrays(*positional, **named))  # type: ignore[arg-type]
    return tuple(float(solved[f"throughput{end}"]) for end in ("", "_low", "_high"))  # type: ignore[return-value]


def name_of_bottleneck(solved: xr.Dataset) -> str:
    return str(solved["station"].values[int(np.argmax(solved["bottleneck"].values))])


def test_a_deterministic_line_runs_at_its_slowest_station() -> None:
    """2, 5 and 4 s a piece: one item leaves every 5 s; the first station works 2 of 5 s and is blocked for the rest."""
    solved = line.solve(arrays([2.0, 5.0, 4.0], kind="deterministic"))
    assert float(solved["throughput"]) == float(solved["throughput_low"]) == float(solved["throughput_high"]) == 0.2
    assert solved["working"].values == pytest.approx([0.4, 1.0, 0.8])
    assert solved["blocked"].values == pytest.approx([0.6, 0.0, 0.0])
    assert solved["starved"].values == pytest.approx([0.0, 0.0, 0.2])
    assert name_of_bottleneck(solved) == "station 1"


# rate 1 at every station, blocking after service: exact values of the Markov chain
EXACT = {(2, 0): 2 / 3, (3, 0): 0.564103, (4, 0): 0.514775, (2, 1): 0.75, (3, 1): 0.670466, (4, 1): 0.631153}


@pytest.mark.parametrize(("stations", "buffer"), EXACT)
def test_the_exact_throughput_lies_within_the_interval(stations: int, buffer: int) -> None:
    _, low, high = throughput([1.0] * stations, [buffer] * (stations - 1), items=200_000)
    assert low <= EXACT[stations, buffer] <= high
    assert high - low < 0.01 * high


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """95 % of 200 intervals: 190 expected, 3 standard deviations are 9."""
    held = 0
    for seed in range(200):
        _, low, high = throughput([1.0, 1.0], [0], items=5000, seed=seed)
        held += low <= 2 / 3 <= high
    assert 181 <= held <= 199


def test_throughput_of_one_station_is_its_rate() -> None:
    rate, low, high = throughput([4.0], [], items=100_000)
    assert low <= 0.25 <= high
    assert rate == pytest.approx(0.25, rel=0.02)


def test_a_lognormal_time_has_its_mean_and_deviation() -> None:
    given = arrays([7.0], [], kind="lognormal", deviation=3.0)
    times = line._service_times(given, 400_000, line._streams(5, 1))
    assert times.mean() == pytest.approx(7.0, rel=0.01)
    assert times.std() == pytest.approx(3.0, rel=0.01)


def test_working_blocked_and_starved_add_up_to_all_the_time() -> None:
    solved = line.solve(arrays([1.0, 1.2, 0.8], [1, 2]))
    total = (solved["working"] + solved["blocked"] + solved["starved"]).values
    assert total == pytest.approx([1.0, 1.0, 1.0], abs=1e-12)
    # what a station works is the items that pass times their mean time, within the spread of the draws
    expected = float(solved["throughput"]) * np.array([1.0, 1.2, 0.8])
    assert solved["working"].values == pytest.approx(expected, rel=0.03)


def test_the_first_station_is_never_starved_and_the_last_never_blocked() -> None:
    solved = line.solve(arrays([1.0, 1.0, 1.0], [1, 0]))
    assert float(solved["starved"][0]) == 0.0
    assert float(solved["blocked"][-1]) == 0.0


def test_among_equal_stations_the_bottleneck_is_where_blocking_turns_to_starving() -> None:
    assert name_of_bottleneck(line.solve(arrays([1.0] * 5, [2] * 4))) == "station 2"
    assert name_of_bottleneck(line.solve(arrays([1.0, 1.0, 1.3], [2, 2]))) == "station 2"


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 4), st.integers(0, 6), st.integers(0, 1000))
def test_more_buffer_never_hurts(stations: int, buffer: int, seed: int) -> None:
    """Draw by draw: the same times with one more place let every item leave no later."""
    small = throughput([1.0] * stations, [buffer] * (stations - 1), items=2000, seed=seed)[0]
    large = throughput([1.0] * stations, [buffer + 1] * (stations - 1), items=2000, seed=seed)[0]
    # the first items, which are forgotten, may leave a little earlier as well
    assert large >= small * (1.0 - 0.01)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0]), min_size=2, max_size=5), st.integers(0, 3))
def test_a_deterministic_line_is_the_same_in_reverse(means: list[float], buffer: int) -> None:
    one = throughput(means, [buffer] * (len(means) - 1), kind="deterministic", items=1000)[0]
    other = throughput(means[::-1], [buffer] * (len(means) - 1), kind="deterministic", items=1000)[0]
    assert one == pytest.approx(other, rel=1e-12)
    assert one == pytest.approx(1.0 / max(means), rel=1e-12)


def test_reversed_exponential_lines_have_one_throughput() -> None:
    """A theorem of Yamazaki and Sakasegawa: a tandem with blocking runs as fast backward."""
    one, low, high = throughput([1.0, 0.5, 2.0], [1, 0], items=200_000)
    other, other_low, other_high = throughput([2.0, 0.5, 1.0], [0, 1], items=200_000)
    assert one == pytest.approx(other, abs=(high - low) + (other_high - other_low))


def plain_departures(service: np.ndarray, buffers: list[int]) -> np.ndarray:
    """The recursion as it is written on the formulation page, with a full table of departures."""
    items, stations = service.shape
    leave = np.zeros((items, stations))
    for n in range(items):
        for j in range(stations):
            before = leave[n, j - 1] if j else 0.0
            free = leave[n - 1, j] if n else 0.0
            room = 0.0
            if j + 1 < stations and n - buffers[j] - 1 >= 0:
                room = leave[n - buffers[j] - 1, j + 1]
            leave[n, j] = max(max(before, free) + service[n, j], room)
    return leave[:, -1]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=0, max_size=4), st.integers(0, 100), st.integers(1, 59))
def test_the_kernel_is_the_plain_recursion_in_any_blocks(buffers: list[int], seed: int, cut: int) -> None:
    stations = len(buffers) + 1
    service = np.random.default_rng(seed).exponential(size=(60, stations))
    places = np.array([0, *buffers]) + 1
    offsets = np.concatenate([[0], np.cumsum(places)[:-1]])
    ring, last, starved, blocked = np.zeros(places.sum()), *np.zeros((3, stations))
    departures = np.empty(60)
    for first, end in ((0, cut), (cut, 60)):
        rows = service[first:end].copy()
        advance(rows, places, offsets, ring, last, first, 0, starved, blocked, departures[first:end])
    assert (departures == plain_departures(service, buffers)).all()


def test_the_same_seed_gives_the_same_line_whatever_is_drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = line.solve(arrays([1.0, 2.0, 1.5], [1, 2]))
    monkeypatch.setattr(line, "DRAWN", 1000)
    xr.testing.assert_identical(first, line.solve(arrays([1.0, 2.0, 1.5], [1, 2])))
    other = line.solve(arrays([1.0, 2.0, 1.5], [1, 2], seed=2))
    assert float(other["throughput"]) != float(first["throughput"])


def test_very_uneven_times_leave_the_upper_end_open() -> None:
    low_end = line._interval(np.array([1000.0] + [1e-6] * 29), 1)
    assert low_end[2] == float("inf")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (arrays([1.0, 0.0]), "station 'station 1': service_mean is 0 s, expected above 0"),
        (arrays([1.0, -2.0]), "service_mean is -2 s"),
        (arrays([1.0, float("nan")]), "service_mean is nan s"),
        (arrays([1.0, float("inf")]), "service_mean is inf s"),
        (arrays([1.0, 1.0], [-1]), "buffer 0 after station 'station 0' is -1"),
        (arrays([1.0, 1.0], [1, 1]), "2 stations and 2 buffers, expected 1"),
        (arrays([1.0], [], items=99), "items of the line is 99"),
        (arrays([1.0], [], seed=-1), "seed of the line is -1"),
        (arrays([1.0], [], kind="uniform"), "distribution 'uniform' is not one of"),
        (arrays([1.0], [], kind="lognormal"), "service_deviation is 0 s"),
    ],
)
def test_an_impossible_line_is_refused_by_station_and_bound(given: xr.Dataset, words: str) -> None:
    with pytest.raises(InputError, match=words):
        line.solve(given)


def test_a_line_without_stations_is_refused() -> None:
    empty = arrays([1.0], []).isel(station=slice(0, 0))
    with pytest.raises(InputError, match="0 stations, expected 1"):
        line.solve(empty)


def test_a_missing_variable_is_a_fault_of_the_caller() -> None:
    with pytest.raises(EngineError, match="'buffer' is missing"):
        line.solve(arrays([1.0], []).drop_vars("buffer"))
