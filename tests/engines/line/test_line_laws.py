"""Laws of serial lines: the event list's times, more of anything never slower, reversibility, shares of the time."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from line_events import Station, good_times
from lines_at_hand import arrays, throughput

from cell2grid.engines import line
from cell2grid.engines.line import simulation
from cell2grid.engines.line.kernel import advance
from cell2grid.engines.line.single import advance_single
from cell2grid.engines.line.stations import SUMS, Made, made

_STATION = st.tuples(
    st.sampled_from([0.5, 1.0, 2.0, 4.0]),
    st.sampled_from([1, 1, 2, 3]),
    st.sampled_from([1, 1, 2, 5]),
    st.sampled_from([0.0, 0.0, 0.1, 0.5]),
    st.integers(0, 6),
)
_LINES = st.lists(_STATION, min_size=1, max_size=4)


def empty_line(stations: list[tuple[float, int, int, float, int]], items: int, seed: int = 1) -> Made:
    """The records of a line of (mean, machines, batch, scrap, places before it), without the bounds of a whole run."""
    means, machines, batch, scrap, places = (list(column) for column in zip(*stations, strict=True))
    given = arrays(
        means, places[1:], items=max(items, 100), seed=seed, machines=machines, batch_size=batch, scrap_share=scrap
    )
    # the event list names its streams by place
    return made(line.completed(given).drop_vars("station"))


def departures(empty: Made, items: int, cut: int = 0, kernel: str = "general") -> np.ndarray:
    """When good items leave, as many as that is known of, sent in two blocks; missing where several leave together."""
    edges, tally = np.zeros((items + 2, 2)), np.array([0, 1, 0, 0])
    for first, entries in ((0, cut), (cut, items - cut)):
        if kernel == "general":
            advance(empty.records, empty.finishes, empty.emptied, entries, edges, tally)
        else:
            advance_single(empty.records, empty.finishes, empty.emptied, first, entries, edges, tally)
    found = np.full(tally[0], np.nan)
    found[edges[1 : tally[3] + 1, 1].astype(int) - 1] = edges[1 : tally[3] + 1, 0]
    found[tally[0] - 1 :] = edges[0, 0]
    return found


@settings(max_examples=150, deadline=None)
@given(_LINES, st.integers(1, 120), st.integers(0, 1000), st.data())
def test_items_leave_when_the_event_list_says(
    stations: list[tuple[float, int, int, float, int]], items: int, seed: int, data: st.DataObject
) -> None:
    found = departures(empty_line(stations, items, seed), items, data.draw(st.integers(0, items)))
    told = [Station(mean, machines, batch, scrap, places) for mean, machines, batch, scrap, places in stations]
    told[0].places = 0
    expected = good_times(told, items, seed)
    held = sum(machines * batch + places for _, machines, batch, _, places in stations)
    assert len(expected) - held <= len(found) <= len(expected)
    known = np.isfinite(found)
    assert found[known] == pytest.approx(np.array(expected[: len(found)])[known], rel=1e-12)
    assert len(found) == 0 or known[-1]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0.5, 1.0, 3.0]), st.integers(0, 5)), min_size=1, max_size=6),
    st.integers(1, 700),
    st.integers(0, 700),
)
def test_the_kernel_of_single_machines_is_the_general_one(
    stations: list[tuple[float, int]], items: int, cut: int
) -> None:
    plain = [(mean, 1, 1, 0.0, places) for mean, places in stations]
    one, other = empty_line(plain, items), empty_line(plain, items)
    expected = departures(one, items)
    found = departures(other, items, min(cut, items), kernel="single")
    assert np.array_equal(found, expected, equal_nan=True)
    for name in SUMS:
        assert other.records[name] == pytest.approx(one.records[name], rel=1e-9, abs=1e-9)


def no_later(more: np.ndarray, less: np.ndarray) -> bool:
    """Whether each item of the first leaves no later than that of the second."""
    # items that leave with the next one leave when it does
    first, other = (np.minimum.accumulate(np.where(np.isnan(row), np.inf, row)[::-1])[::-1] for row in (more, less))
    both = min(len(first), len(other))
    return both > 0 and bool((first[:both] <= other[:both] * (1.0 + 1e-12)).all())


@settings(max_examples=60, deadline=None)
@given(_LINES, st.integers(0, 1000), st.data())
def test_more_places_machines_or_speed_let_no_item_leave_later(
    stations: list[tuple[float, int, int, float, int]], seed: int, data: st.DataObject
) -> None:
    """With the same random numbers, item by item; of machines where nothing that waits for room is scrapped."""
    place = data.draw(st.integers(0, len(stations) - 1))
    mean, machines, batch, scrap, places = stations[place]
    changes = [(mean, machines, batch, scrap, places + 2), (0.9 * mean, machines, batch, scrap, places)]
    if scrap == 0.0:
        changes.append((mean, machines + 1, batch, scrap, places))
    base = departures(empty_line(stations, 200, seed), 200)
    for changed in changes:
        other = [*stations[:place], changed, *stations[place + 1 :]]
        found = departures(empty_line(other, 200, seed), 200)
        if len(base) and len(found):
            assert no_later(found, base)


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


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([1.0, 2.0]), st.integers(1, 3), st.sampled_from([1, 4]), st.sampled_from([0.0, 0.2])),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 3),
    st.booleans(),
)
def test_shares_of_the_time_add_up_and_are_the_work_that_passes(
    stations: list[tuple[float, int, int, float]], buffer: int, fails: bool
) -> None:
    means, machines, batch, scrap = (list(column) for column in zip(*stations, strict=True))
    solved = line.solve(
        arrays(
            means, [buffer] * (len(means) - 1), items=20_000, machines=machines, batch_size=batch, scrap_share=scrap,
            time_between_failures=10.0 if fails else float("inf"), repair_mean=3.0, setup_mean=0.5, setup_every=8,
        )
    )  # fmt: skip
    total = sum(solved[name].values for name in line.SHARES)
    assert total == pytest.approx(np.ones(len(means)), abs=1e-9)
    assert all((solved[name].values >= -1e-12).all() for name in line.SHARES)
    good = np.cumprod(1.0 - np.array(scrap))
    passing = float(solved["throughput"]) / good[-1] * np.concatenate([[1.0], good[:-1]])
    work = passing * np.array(means) / np.array(batch) / np.array(machines)
    assert solved["working"].values == pytest.approx(work, rel=0.1)


def test_the_first_station_is_never_starved_and_the_last_never_blocked() -> None:
    solved = line.solve(arrays([1.0, 1.0, 1.0], [1, 0]))
    assert float(solved["starved"][0]) == 0.0
    assert float(solved["blocked"][-1]) == 0.0


def test_a_station_keeps_its_random_times_wherever_it_stands() -> None:
    """A station of no weight before a line changes no time of the others, whose streams have their names."""
    alone = arrays([1.0, 1.3], [2]).assign_coords(station=["a", "b"])
    with_one = arrays([1e-6, 1.0, 1.3], [0, 2]).assign_coords(station=["new", "a", "b"])
    one, other = (float(line.solve(given)["throughput"]) for given in (alone, with_one))
    assert one == pytest.approx(other, rel=1e-4)


def test_the_same_seed_gives_the_same_line_whatever_is_sent_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given = arrays([1.0, 2.0, 1.5], [1, 2], machines=[1, 2, 1], scrap_share=0.05)
    first = line.solve(given)
    monkeypatch.setattr(simulation, "_BLOCK", 1000)
    xr.testing.assert_allclose(first, line.solve(given), rtol=1e-12)
    other = line.solve(given.assign(seed=((), 2)))
    assert float(other["throughput"]) != float(first["throughput"])
