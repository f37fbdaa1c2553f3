"""A year of five-minute steps, 105,120 of them, beside FLToptim and the best that HiGHS does on the linear program."""

from __future__ import annotations

from benchmarks.dispatch import fltoptim, highs, lattice, memory, own, series
from benchmarks.dispatch.series import COARSE, case
from benchmarks.dispatch.table import Program, Report, in_turn
from benchmarks.dispatch.year import warm

HOURS = 1.0 / 12.0


def rows(report: Report) -> None:
    """Exclusive and at prices of zero and more, then exactness and memory."""
    steps = 2016 if report.quick else None
    own_seconds = {}
    for negative in (True, False):
        asset = case(series.year(1, 5, negative=negative, steps=steps), HOURS)
        programs = mine(asset) | ({} if negative else others(asset))
        warm(own.PUBLIC, own.KERNEL, of=programs)
        timed = in_turn(programs, rounds=1 if report.quick else 7)
        name = "exclusive, some negative" if negative else "prices >= 0"
        report.programs(f"{len(asset.price):,} five-minute steps, {name}", timed, own=own.PUBLIC)
        for program, each in timed.items():
            report.judge(f"five minutes, {name}, {program}", each.value, timed[own.PUBLIC].value)
        own_seconds[negative] = timed[own.PUBLIC].best
        wanted = 60.0 if negative else 12.0
        report.wish("the public call, best", timed[own.PUBLIC].best * 1e3, wanted, most=True, unit=" ms")
        if not negative:
            other = min(timed[fltoptim.FUSED].best, timed[fltoptim.TWO_CALLS].best)
            report.wish("FLToptim at its fastest / cell2grid", other / timed[own.PUBLIC].best, 25.0, most=False)
    linear_programs(report, own_seconds, steps)
    exactness(report, steps)
    for name in ("five minutes, exclusive", "five minutes, prices >= 0"):
        if not report.quick:
            memory_of(report, name, 50.0)


def mine(asset: series.dispatch.Case) -> dict[str, Program]:
    arguments = own.kernel_arguments(asset)
    return {own.PUBLIC: lambda: own.scheduled(asset), own.KERNEL: lambda: own.by_kernel(arguments)}


def others(asset: series.dispatch.Case) -> dict[str, Program]:
    limits = fltoptim.bounds(asset)
    return {
        fltoptim.FUSED: lambda: fltoptim.fused(asset, limits),
        fltoptim.TWO_CALLS: lambda: fltoptim.two_calls(asset, limits),
    }


def linear_programs(report: Report, own_seconds: dict[bool, float], steps: int | None) -> None:
    """HiGHS once each way on both series, with a time limit; ``--full`` gives every way its time."""
    ways = {"simplex": highs.SIMPLEX, "interior, no crossover": highs.INTERIOR, "HiPO, no crossover": highs.HIPO}
    for negative in (False, True) if report.full or report.quick else (False,):
        asset = case(series.year(1, 5, negative=negative, steps=steps), HOURS)
        problem, value = highs.model(asset, exclusive=False), own.scheduled(asset).value
        name = "some negative, the LP relaxed" if negative else "prices >= 0"
        best = float("inf")
        report.part(f"{len(asset.price):,} five-minute steps in HiGHS as a linear program, {name}")
        for way, settings in ways.items():
            if not highs.available(settings):
                report.line(f"  HiGHS LP, {way}: not in this build of HiGHS")
                continue
            run = highs.solved(problem, settings, limit=1800.0 if report.full else 20.0)
            mark = "> " if run.stopped else ""
            report.line(
                f"  HiGHS LP, {way}: {mark}{run.seconds:,.1f} s, {mark}{run.seconds / own_seconds[negative]:,.0f} times"
                f" cell2grid{'' if negative else ' at prices >= 0'}, {run.seconds / own_seconds[True]:,.0f} exclusive"
            )
            best = min(best, run.seconds)
            if not run.stopped and not negative:
                tolerance = 1e-8 if way == "simplex" else 1e-5
                report.judge(f"five minutes, {name}, HiGHS LP {way}", value, run.value, tolerance)
        report.wish("best HiGHS LP run / cell2grid", best / own_seconds[negative], 1000.0, most=False)


def exactness(report: Report, steps: int | None) -> None:
    """The lattice on the same prices with efficiencies of .9, whose lattice is coarse enough for so many steps."""
    asset = case(series.year(1, 5, negative=True, steps=steps), HOURS, **COARSE)
    found, exact = own.scheduled(asset).value, lattice.exact_value(asset)
    report.part(f"{len(asset.price):,} five-minute steps, exclusive, efficiencies .9")
    report.line(f"  cell2grid {found:,.4f}, lattice of {lattice.unit_of(asset)[1]:,} levels {exact:,.4f}")
    report.judge("five minutes, exclusive, beside the lattice", found, exact)


def memory_of(report: Report, name: str, bound: float) -> None:
    """Peak memory above the price array, in a process of its own."""
    used = memory.measured(name)
    report.part(f"memory, {name}: {used.steps:,} steps in {used.seconds:,.3f} s, method {used.method}")
    report.wish("peak above the price array", used.megabytes, bound, most=True, unit=" MB")
