"""The same line in SimPy and in Ciw, each written as its own guide would have it, beside ours in one run."""

from __future__ import annotations

import random
import time
import warnings

from benchmarks.dispatch.table import Report
from benchmarks.line.kernel import BUFFER, STATIONS, eight, rate
from cell2grid.engines import line

WANTED = {"SimPy": 100.0, "Ciw": 300.0}


def simpy_line(items: int, seed: int) -> tuple[float, float]:
    """Core-seconds, and the throughput after a tenth of the items: each machine a process, each buffer a store."""
    import simpy

    draw = random.Random(seed).expovariate
    left: list[float] = []
    world = simpy.Environment()
    stores = [simpy.Store(world, capacity=BUFFER) for _ in range(STATIONS - 1)]

    def machine(place: int):  # type: ignore[no-untyped-def]
        for _ in range(items):
            if place:
                yield stores[place - 1].get()
            yield world.timeout(draw(1.0))
            if place + 1 < STATIONS:
                yield stores[place].put(None)
            else:
                left.append(world.now)

    for place in range(STATIONS):
        world.process(machine(place))
    began = time.process_time()
    world.run()
    return time.process_time() - began, _rate(left)


def ciw_line(items: int, seed: int) -> tuple[float, float]:
    """Core-seconds, and the throughput after a tenth of the items, which all wait before the first node."""
    with warnings.catch_warnings():
        # its dependencies' own
        warnings.simplefilter("ignore")
        import ciw
    exponential = ciw.dists.Exponential(rate=1.0)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([1e-9, 1e18]), *([None] * (STATIONS - 1))],
        batching_distributions=[ciw.dists.Deterministic(items), *([ciw.dists.Deterministic(1)] * (STATIONS - 1))],
        service_distributions=[exponential] * STATIONS,
        number_of_servers=[1] * STATIONS,
        queue_capacities=[float("inf"), *([BUFFER] * (STATIONS - 1))],
        routing=[[1.0 if to == place + 1 else 0.0 for to in range(STATIONS)] for place in range(STATIONS)],
    )
    ciw.seed(seed)
    world = ciw.Simulation(network)
    began = time.process_time()
    world.simulate_until_max_customers(items, method="Finish")
    seconds = time.process_time() - began
    return seconds, _rate(sorted(row.exit_date for row in world.get_all_records() if row.node == STATIONS))


def _rate(left: list[float]) -> float:
    """Items a second between a tenth of them and the last."""
    first = len(left) // 10
    return (len(left) - 1 - first) / (left[-1] - left[first])


def rows(report: Report) -> None:
    # Ciw keeps what waits before the first node in a list, which makes more of them slower
    sent = {"SimPy": 400, "Ciw": 400} if report.quick else {"SimPy": 20_000, "Ciw": 2_000}
    ours_items = 50_000 if report.quick else 1_000_000
    own = rate(eight(ours_items), 1 if report.quick else 3)
    exact = float(line.solve(eight(ours_items))["throughput"])
    report.part("the same line in the peers")
    report.line(f"  {'cell2grid':<12}{own:>14,.0f} completions a core-second, throughput {exact:.4f}")
    for name, program in {"SimPy": simpy_line, "Ciw": ciw_line}.items():
        items = sent[name]
        seconds, found = program(items, 1)
        completions = items * STATIONS / seconds
        report.line(f"  {name:<12}{completions:>14,.0f} completions a core-second, throughput {found:.4f}")
        report.wish(f"times as many as {name}", own / completions, WANTED[name], most=False)
        # the rate of so many items is known to about 1.3 / √items
        report.judge(f"throughput of {name}", found, exact, 5.0 * 1.3 * items**-0.5)
