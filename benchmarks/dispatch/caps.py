"""A year whose cycles are capped beside the same year without a cap, and beside HiGHS with the cap as a row."""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch import highs, own, series
from benchmarks.dispatch.series import case
from benchmarks.dispatch.table import Program, Report, in_turn
from benchmarks.dispatch.year import warm
from cell2grid.engines import dispatch

LP = "HiGHS LP with the cap"


def rows(report: Report) -> None:
    """A cap that bites on the year, at two depths, exclusive and at prices of zero and more; then one a day."""
    steps = 336 if report.quick else None
    for negative in (False, True):
        price = series.year(1, 60, negative=negative, steps=steps)
        name = "some negative, exclusive" if negative else "prices >= 0"
        free = case(price, 1.0)
        cycles = float(drawn(free).sum()) / free.energy_capacity * 8760.0 / len(price)
        for share in (0.9, 0.5):
            capped = case(price, 1.0, cycles_per_year=share * cycles)
            beside(report, f"{len(price):,} hours, {name}, {share:.0%} of the cycles", free, capped, exact=not negative)
        daily = case(price, 1.0, cycles_per_day=1.0)
        beside(report, f"{len(price):,} hours, {name}, a cycle a day", free, daily, exact=not negative)


def drawn(asset: dispatch.Case) -> np.ndarray:
    """The energy drawn from the store in each step of the best schedule [MWh]."""
    charge_and_discharge = dispatch.outcome(dispatch.schedule(asset), asset)
    found: np.ndarray = charge_and_discharge["discharge"] * asset.step_hours / asset.efficiency_discharge
    return found


def beside(report: Report, name: str, free: dispatch.Case, capped: dispatch.Case, *, exact: bool) -> None:
    """The capped year beside the free one and, where a linear program is exact, beside HiGHS."""
    programs: dict[str, Program] = {
        "cell2grid, no cap": lambda: own.scheduled(free),
        "cell2grid, capped": lambda: own.scheduled(capped),
    }
    warm(*programs, of=programs)
    problem = highs.model(capped, exclusive=not exact)
    if exact:
        programs[LP] = lambda: highs.solved(problem, highs.SIMPLEX | highs.TIGHT)
    timed = in_turn(programs, rounds=1 if report.quick else 5)
    report.programs(name, timed, own="cell2grid, no cap")
    found = timed["cell2grid, capped"].value
    if exact:
        report.judge(f"{name}: beside HiGHS LP", found, timed[LP].value)
    elif report.full or report.quick:
        report.judge_between(f"{name}: beside the MILP", found, *highs.proved(problem, limit=300.0))
    used = drawn(capped)
    for cap in capped.cycle_caps:
        total = float(used[cap.first : cap.last + 1].sum())
        report.judge(f"{name}: drawn over the cap", max(total, cap.energy), cap.energy)
    ratio = timed["cell2grid, capped"].best / timed["cell2grid, no cap"].best
    report.wish("capped / uncapped", ratio, 30.0, most=True)
