"""Serial lines: cases solved by hand, the exact table of exponential ones, known queues, and every refusal."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from lines_at_hand import arrays, name_of_bottleneck, throughput

from cell2grid.engines import line
from cell2grid.errors import EngineError, InputError

# rate 1 at every station, blocking after service: exact values of the Markov chain
EXACT = {(2, 0): 2 / 3, (3, 0): 0.564103, (4, 0): 0.514775, (2, 1): 0.75, (3, 1): 0.670466, (4, 1): 0.631153}


def test_a_deterministic_line_runs_at_its_slowest_station() -> None:
    """2, 5 and 4 s a piece: one item leaves every 5 s; the first station works 2 of 5 s and is blocked for the rest."""
    solved = line.solve(arrays([2.0, 5.0, 4.0], kind="deterministic"))
    assert float(solved["throughput"]) == float(solved["throughput_low"]) == float(solved["throughput_high"]) == 0.2
    assert solved["working"].values == pytest.approx([0.4, 1.0, 0.8])
    assert solved["blocked"].values == pytest.approx([0.6, 0.0, 0.0])
    assert solved["starved"].values == pytest.approx([0.0, 0.0, 0.2])
    assert name_of_bottleneck(solved) == "station 1"


def test_parallel_machines_share_the_work() -> None:
    """6 s on three machines is an item every 2 s, as fast as the 2 s before it and faster than the 3 s after it."""
    solved = line.solve(arrays([2.0, 6.0, 3.0], [2, 2], "deterministic", machines=[1, 3, 1]))
    assert float(solved["throughput"]) == pytest.approx(1 / 3, rel=1e-12)
    assert solved["working"].values == pytest.approx([2 / 3, 2 / 3, 1.0])
    assert name_of_bottleneck(solved) == "station 2"


def test_a_batch_waits_for_its_last_item_and_goes_together() -> None:
    """One item a second fills a load of 5 in 5 s; one oven takes 8 s for it, so that 5 items leave every 8 s.

    With two ovens a load is ready every 5 s, and each oven has 8 s of every 10 s at work.
    """
    one = line.solve(arrays([1.0, 8.0], [10], "deterministic", batch_size=[1, 5]))
    assert float(one["throughput"]) == pytest.approx(5 / 8, rel=1e-12)
    assert float(one["working"][1]) == pytest.approx(1.0, rel=1e-3)
    two = line.solve(arrays([1.0, 8.0], [10], "deterministic", batch_size=[1, 5], machines=[1, 2]))
    assert float(two["throughput"]) == pytest.approx(1.0, rel=1e-12)
    assert two["working"].values == pytest.approx([1.0, 0.8])


def test_a_batch_without_a_buffer_gathers_on_its_machine() -> None:
    """4 items come in 4 s, the oven then works 6 s while the first station is blocked: 4 items every 10 s.

    The item that the first station has done meanwhile enters at once, so a cycle is 6 s and 3 more items: 9 s.
    """
    solved = line.solve(arrays([1.0, 6.0], [0], "deterministic", batch_size=[1, 4]))
    assert float(solved["throughput"]) == pytest.approx(4 / 9, rel=1e-12)


def test_setup_takes_its_time_after_so_many_items() -> None:
    """10 items of 3 s and a setup of 6 s: 36 s for 10 items, a sixth of it setup."""
    solved = line.solve(arrays([3.0], [], "deterministic", setup_every=10, setup_mean=6.0))
    assert float(solved["throughput"]) == pytest.approx(10 / 36, rel=1e-3)
    assert float(solved["setup"][0]) == pytest.approx(1 / 6, rel=1e-3)
    assert float(solved["working"][0]) == pytest.approx(5 / 6, rel=1e-3)


def test_scrap_and_rework_cost_what_they_take_away() -> None:
    """Of 2 s items a quarter is thrown away: 3 good ones in 8 s. Where half are done again, an item takes 4 s."""
    scrapped = line.solve(arrays([2.0], [], "deterministic", scrap_share=0.25, items=200_000))
    assert float(scrapped["throughput_low"]) <= 0.375 <= float(scrapped["throughput_high"])
    assert float(scrapped["line_yield"]) == 0.75
    assert float(scrapped["good_items"]) / 200_000 == pytest.approx(0.75, abs=0.005)
    again = line.solve(arrays([2.0], [], "deterministic", rework_share=0.5, items=200_000))
    assert float(again["throughput_low"]) <= 0.25 <= float(again["throughput_high"])


def test_items_in_are_good_or_scrapped_or_in_the_line() -> None:
    """The last loads are still on 3 + 2 × 4 + 1 machines and in 6 places."""
    solved = line.solve(
        arrays([1.0, 6.0, 1.0], [3, 3], machines=[3, 2, 1], batch_size=[1, 4, 1], scrap_share=[0.1, 0.0, 0.2])
    )
    left = 20_000 - float(solved["good_items"]) - float(solved["station_scrapped"].sum())
    assert 0 <= left <= 18
    assert solved["station_scrapped"].values[1] == 0.0


def test_an_unreliable_machine_works_its_share_of_the_time() -> None:
    """20 s up and 5 s down: four fifths of the rate, and a fifth of the time down."""
    rate, low, high = throughput([1.0], [], items=400_000, time_between_failures=20.0, repair_mean=5.0)
    assert low <= 0.8 <= high
    assert rate == pytest.approx(0.8, rel=0.01)
    solved = line.solve(arrays([1.0], [], items=400_000, time_between_failures=20.0, repair_mean=5.0))
    assert float(solved["down"][0]) == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("stations", [2, 4])
def test_without_buffers_unreliable_machines_have_the_known_rate(stations: int) -> None:
    """1 / (1 + Σ p / r): p = 1/2000 failures in a unit of work, r = 1/100 repairs, 5 % of the time each."""
    exact = 1 / (1 + stations * 100 / 2000)
    rate, low, high = throughput(
        [1.0] * stations, kind="deterministic", items=1_000_000, time_between_failures=2000.0, repair_mean=100.0
    )
    assert low <= exact <= high
    assert rate == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(("stations", "buffer"), EXACT)
def test_the_exact_throughput_lies_within_the_interval(stations: int, buffer: int) -> None:
    _, low, high = throughput([1.0] * stations, [buffer] * (stations - 1), items=200_000)
    assert low <= EXACT[stations, buffer] <= high
    assert high - low < 0.01 * high


def test_a_single_server_at_load_four_fifths_makes_items_wait_four_services() -> None:
    """M/M/1: ρ / (1 − ρ) = 4 services in the queue, and ρ² / (1 − ρ) = 3.2 items."""
    solved = line.solve(arrays([1.25, 1.0], [1_000_000], items=4_000_000))
    assert float(solved["queue_time"][1]) == pytest.approx(4.0, rel=0.03)
    assert float(solved["queue"][1]) == pytest.approx(3.2, rel=0.03)
    assert float(solved["in_station"][1]) == pytest.approx(4.0, rel=0.03)
    assert not solved["queue_grew"].values.any()


def test_a_queue_that_only_grows_is_told() -> None:
    solved = line.solve(arrays([0.9, 1.0], [1_000_000], items=100_000))
    assert solved["queue_grew"].values.tolist() == [0.0, 1.0]


def test_throughput_of_one_station_is_its_rate() -> None:
    rate, low, high = throughput([4.0], [], items=100_000)
    assert low <= 0.25 <= high
    assert rate == pytest.approx(0.25, rel=0.02)


@pytest.mark.parametrize("kind", ["lognormal", "uniform", "triangular", "gamma", "erlang", "weibull"])
def test_a_time_has_its_mean_and_deviation(kind: str) -> None:
    """One station alone: items leave after its times, whose mean is known to 4 / √200,000 of the deviation."""
    from cell2grid.engines.line.stations import made, two_numbers
    from cell2grid.engines.line.times import drawn

    code, first, second = two_numbers(kind, 8.0, 4.0 if kind == "erlang" else 3.0)
    key = made(line.completed(arrays([1.0], []))).records["key"][0]
    times = np.array([drawn(code, first, second, key, np.uint64(n)) for n in range(200_000)])
    assert times.min() >= 0.0
    assert times.mean() == pytest.approx(8.0, abs=0.04)
    assert times.std() == pytest.approx(4.0 if kind == "erlang" else 3.0, rel=0.02)


def test_a_gamma_time_wider_than_its_mean_is_drawn_too() -> None:
    from cell2grid.engines.line.stations import two_numbers
    from cell2grid.engines.line.times import drawn

    code, first, second = two_numbers("gamma", 8.0, 16.0)
    times = np.array([drawn(code, first, second, np.uint64(3), np.uint64(n)) for n in range(200_000)])
    assert times.mean() == pytest.approx(8.0, rel=0.03)
    assert times.std() == pytest.approx(16.0, rel=0.05)


def test_very_many_failures_are_summed_by_their_limit() -> None:
    """A million failures of 2 s within a service: 2,000,000 s down, ± 2 √(2 · 1,000,000)."""
    from cell2grid.engines.line.times import EXPONENTIAL, repairs

    down = repairs(1e6, 1.0, EXPONENTIAL, 2.0, 0.0, 2.0, np.uint64(5))
    assert down == pytest.approx(2e6, abs=5 * 2 * math.sqrt(2e6))


def test_among_equal_stations_the_bottleneck_is_where_blocking_turns_to_starving() -> None:
    assert name_of_bottleneck(line.solve(arrays([1.0] * 5, [2] * 4))) == "station 2"
    assert name_of_bottleneck(line.solve(arrays([1.0, 1.0, 1.3], [2, 2]))) == "station 2"


def test_failures_setup_and_scrap_count_for_what_a_station_lets_through() -> None:
    """2 machines × 3 items in 10 s of work, 10 · 2/20 = 1 s of repairs and 4 · 3/6 = 2 s of setup, 0.9 of them good."""
    solved = line.solve(
        arrays(
            [1.0, 10.0, 1.0], [6, 6], "deterministic", machines=[1, 2, 1], batch_size=[1, 3, 1],
            time_between_failures=[math.inf, 20.0, math.inf], repair_mean=[0.0, 2.0, 0.0], setup_every=[1, 6, 1],
            setup_mean=[0.0, 4.0, 0.0], scrap_share=[0.2, 0.0, 0.1],
        )
    )  # fmt: skip
    assert solved["station_capacity"].values == pytest.approx([0.8 * 0.9, 6 / 13 * 0.9, 0.9])
    assert name_of_bottleneck(solved) == "station 1"


def test_one_more_machine_at_the_slowest_station_is_worth_its_rate() -> None:
    """2, 5 and 4 s: with two machines for the 5 s the 4 s hold the line back, 1/4 instead of 1/5."""
    gained = line.one_more(arrays([2.0, 5.0, 4.0], [4, 4], "deterministic"))
    assert gained["one_more"].values == pytest.approx([0.0, 0.05, 0.0], abs=1e-9)
    only = line.one_more(arrays([2.0, 5.0, 4.0], [4, 4], "deterministic"), [1])
    assert np.isnan(only["one_more"].values).tolist() == [True, False, True]


def test_the_gain_of_a_machine_has_the_exact_one_in_its_interval() -> None:
    from cell2grid.engines.line.markov import exact_throughput

    given = arrays([1.0, 1.2, 0.9], [1, 2], items=400_000)
    gained = line.one_more(given)
    for place in range(3):
        machines = np.ones(3)
        machines[place] = 2
        more = exact_throughput(given.assign(machines=("station", machines))) - exact_throughput(given)
        assert float(gained["one_more_low"][place]) <= more <= float(gained["one_more_high"][place])
        assert float(gained["one_more"][place]) == pytest.approx(more, abs=0.01)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (arrays([1.0, 0.0]), "station 'station 1': service_mean is 0 s, expected from 1e-06"),
        (arrays([1.0, -2.0]), "service_mean is -2 s"),
        (arrays([1.0, float("nan")]), "service_mean is nan s"),
        (arrays([1.0, float("inf")]), "service_mean is inf s"),
        (arrays([1.0, 1.0], [-1]), "buffer 0 after station 'station 0' is -1"),
        (arrays([1.0, 1.0], [1, 1]), "2 stations and 2 buffers, expected 1"),
        (arrays([1.0], [], items=99), "items of the line is 99"),
        (arrays([1.0], [], seed=-1), "seed of the line is -1"),
        (arrays([1.0], [], kind="normal"), "distribution 'normal' of service is not one of"),
        (arrays([1.0], [], kind="lognormal"), "service_deviation is 0 s"),
        (
            arrays([1.0], [], kind="uniform", deviation=0.6),
            "service_deviation is 0.6 s, expected from 1e-06 s to 0.577",
        ),
        (arrays([1.0], [], kind="erlang", deviation=0.6), "makes 2.78 stages of 1 s, expected a whole number"),
        (arrays([1.0], [], machines=0), "machines is 0, expected a whole number from 1"),
        (arrays([1.0], [], machines=1.5), "machines is 1.5"),
        (arrays([1.0], [], batch_size=0), "batch_size is 0"),
        (arrays([1.0], [], scrap_share=1.0), "scrap_share is 1, expected from 0 to 0.9999"),
        (arrays([1.0], [], rework_share=-0.1), "rework_share is -0.1"),
        (
            arrays([1.0], [], time_between_failures=0.0, repair_mean=1.0),
            "time_between_failures is 0 s, expected above 0",
        ),
        (arrays([1.0], [], time_between_failures=9.0, repair_mean=0.0), "repair_mean is 0 s"),
        (arrays([1.0], [], setup_mean=-1.0), "setup_mean is -1 s"),
        (arrays([1.0], [], setup_mean=1.0, batch_size=4), "setup_every is 1, below its batch of 4"),
        (arrays([1.0], [], machines=100_000, batch_size=1000, items=1000), "send more items"),
        (arrays([1.0] * 300, [0] * 299, machines=100_000), "30,000,000 places in buffers and machines"),
        (arrays([1.0] * 200, [0] * 199, items=100_000_000), "completions and repairs, expected at most 10,000,000,000"),
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


def test_how_many_items_have_entered_is_told() -> None:
    told: list[int] = []
    line.solve(arrays([1.0] * 4, [0] * 3, items=2_500_000), told=told.append)
    assert told == sorted(told)
    assert told[-1] == 2_500_000
