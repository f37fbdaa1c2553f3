"""Our own recursion: station completions in a core-second, each feature beside the plain line, and two threads."""

from __future__ import annotations

import time

import numpy as np
import xarray as xr

from benchmarks.dispatch.table import Report
from cell2grid.engines import line
from cell2grid.engines.line.markov import exact_throughput
from cell2grid.engines.line.simulation import simulated

STATIONS, BUFFER = 8, 5
# what is wanted of the plain line [completions/core-second]
WANTED = 20e6
# exact values of the Markov chain, rate 1 at every station, by (stations, buffer)
EXACT = {(2, 0): 0.666667, (3, 0): 0.564103, (4, 0): 0.514775, (2, 1): 0.75, (3, 1): 0.670466, (4, 1): 0.631153}
FEATURES: dict[str, dict[str, object]] = {
    "deterministic times": {"service_distribution": "deterministic"},
    "lognormal times": {"service_distribution": "lognormal", "service_deviation": 0.3},
    "gamma times": {"service_distribution": "gamma", "service_deviation": 0.3},
    "failures": {"time_between_failures": 100.0, "repair_mean": 5.0},
    "setups": {"setup_every": 20, "setup_mean": 1.0},
    "rework": {"rework_share": 0.05},
    "two machines a station": {"machines": 2, "service_mean": 2.0},
    "twenty machines a station": {"machines": 20, "service_mean": 20.0},
    "scrap": {"scrap_share": 0.02},
    "batches of ten": {"batch_size": 10, "service_mean": 10.0},
}


def eight(items: int, *, stations: int = STATIONS, buffer: int = BUFFER, **by_station: object) -> xr.Dataset:
    """The line; what is by station is the same at all of them."""
    told = {"service_mean": 1.0, "service_deviation": 0.0, "service_distribution": "exponential", **by_station}
    return xr.Dataset(
        {
            **{name: ("station", np.full(stations, value)) for name, value in told.items()},
            "buffer": ("gap", np.full(stations - 1, buffer)),
            "items": ((), items),
            "seed": ((), 1),
        }
    )


def rate(arrays: xr.Dataset, rounds: int) -> float:
    """Completions in a core-second, the best of some runs once everything is compiled."""
    completed = line.completed(arrays)
    simulated(line.completed(arrays.assign(items=((), 1000))))
    best = float("inf")
    for _ in range(rounds):
        began = time.process_time()
        simulated(completed)
        best = min(best, time.process_time() - began)
    return int(arrays["items"]) * arrays.sizes["station"] / best


def rows(report: Report) -> None:
    items, rounds = (20_000, 1) if report.quick else (1_000_000, 3)
    plain = rate(eight(items), rounds)
    report.part(f"{STATIONS} stations, buffers of {BUFFER}, {items:,} items")
    report.line(f"  {'plain line':<28}{plain / 1e6:>8.1f} million completions a core-second")
    report.wish("completions a core-second", plain, WANTED, most=False)
    for name, feature in FEATURES.items():
        found = rate(eight(items, **feature), rounds)
        report.line(f"  {name:<28}{found / 1e6:>8.1f} million, {plain / found:>5.1f} times the plain line's time")
    report.part("two threads: what one more machine at each station brings, nine runs")
    arrays = eight(items)
    began, cores = time.perf_counter(), time.process_time()
    line.one_more(arrays)
    wall, cores = time.perf_counter() - began, time.process_time() - cores
    report.line(f"  {wall:.2f} s on the clock, {cores:.2f} core-seconds")
    _exact(report)


def _exact(report: Report) -> None:
    """The table of exact values: by the chain to 1e-6, and within the intervals of the simulation."""
    items = 20_000 if report.quick else 2_000_000
    report.part(f"exact throughput, and the interval of {items:,} items")
    outside = 0
    for (stations, buffer), value in EXACT.items():
        arrays = eight(items, stations=stations, buffer=buffer)
        exact, solved = exact_throughput(arrays), line.solve(arrays)
        low, high = float(solved["throughput_low"]), float(solved["throughput_high"])
        inside = low <= exact <= high
        outside += not inside
        said = "" if inside else ", outside"
        report.line(f"  {stations} stations, buffer {buffer}: {exact:.6f}, simulated {low:.6f} to {high:.6f}{said}")
        report.judge(f"{stations} stations, buffer {buffer}", exact, value, 1e-6)
    # of six intervals of 95 % two outside come once in thirty runs
    report.judge_between("intervals that miss the exact value", float(outside), 0.0, 2.0)
