"""A year of hours, 8,760 steps: with negative prices beside HiGHS and PyPSA, without them beside FLToptim too."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.dispatch import fltoptim, highs, lattice, own, pypsa_network, series
from benchmarks.dispatch.series import case
from benchmarks.dispatch.table import Program, Report, in_turn
from cell2grid.engines.dispatch import Case

MILP = "HiGHS MILP, to 1e-9"
MILP_AS_SHIPPED = "HiGHS MILP, its own gap of 1e-4"
LP = "HiGHS LP (relaxed)"
RELAXED = "cell2grid schedule, relaxed"


def rows(report: Report) -> None:
    """The exclusive year of two markets, and the year at prices of zero and more."""
    steps = 336 if report.quick else None
    price = series.year(1, 60, negative=True, steps=steps)
    exclusive(report, "hours of a synthetic year, some negative", case(price, 1.0), with_pypsa=True)
    market = series.hard_prices(len(price))["26 % negative"]
    exclusive(report, "hours of a market with 26 % negative", case(market, 1.0), with_pypsa=False)
    convex(report, case(series.year(1, 60, negative=False, steps=steps), 1.0))


def exclusive(report: Report, name: str, asset: Case, *, with_pypsa: bool) -> None:
    """Exclusive dispatch beside the MILP; the linear programs allow both at once and may find more."""
    torn, relaxed = highs.model(asset, exclusive=True), highs.model(asset, exclusive=False)
    arguments = own.kernel_arguments(asset)
    loose = case(asset.price, 1.0, mode="relaxed")
    programs: dict[str, Program] = {
        own.PUBLIC: lambda: own.scheduled(asset),
        own.KERNEL: lambda: own.by_kernel(arguments),
        own.WHOLE: lambda: own.whole(asset.price, 1.0),
        RELAXED: lambda: own.scheduled(loose),
        MILP: lambda: highs.solved(torn, {"mip_rel_gap": 1e-9}),
        MILP_AS_SHIPPED: lambda: highs.solved(torn, {}),
        LP: lambda: highs.solved(relaxed, highs.SIMPLEX),
        "scipy linprog (relaxed)": lambda: highs.by_scipy(relaxed),
    }
    if with_pypsa:
        programs |= {
            pypsa_network.SOLVE: lambda: pypsa_network.solve(asset),
            pypsa_network.DIRECT: lambda: pypsa_network.solve(asset, io_api="direct"),
            pypsa_network.CALL: lambda: pypsa_network.call(asset),
        }
    warm(own.PUBLIC, own.KERNEL, RELAXED, of=programs)
    timed = in_turn(programs, rounds=1 if report.quick else 9)
    exact = lattice.exact_value(asset)
    title = f"{len(asset.price):,} {name}: {len(torn.torn):,} torn steps, exclusive (exact: lattice)"
    report.programs(title, timed, own=own.PUBLIC, exact=exact)
    for program in (own.PUBLIC, own.KERNEL, own.WHOLE):
        report.judge(f"{name}, {program} beside the lattice", timed[program].value, exact)
    report.judge_between(f"{name}, beside what the MILP found and proved", timed[own.PUBLIC].value, *highs.proved(torn))
    for program in programs:
        if program == RELAXED or program.startswith(("PyPSA", "scipy")):
            report.judge(f"{name}, {program} beside HiGHS LP", timed[program].value, timed[LP].value, 1e-8)
    mine = timed[own.PUBLIC]
    report.wish("the public call, best", mine.best * 1e3, 1.0, most=True, unit=" ms")
    report.wish("HiGHS MILP / cell2grid", timed[MILP].best / mine.best, 1000.0, most=False)
    if with_pypsa:
        report.wish("PyPSA's solve / cell2grid", timed[pypsa_network.SOLVE].best / mine.best, 1000.0, most=False)


def convex(report: Report, asset: Case) -> None:
    """Prices of zero and more, where every program has one answer."""
    problem = highs.model(asset, exclusive=False)
    arguments, limits = own.kernel_arguments(asset), fltoptim.bounds(asset)
    programs: dict[str, Program] = {
        own.PUBLIC: lambda: own.scheduled(asset),
        own.KERNEL: lambda: own.by_kernel(arguments),
        fltoptim.FUSED: lambda: fltoptim.fused(asset, limits),
        fltoptim.TWO_CALLS: lambda: fltoptim.two_calls(asset, limits),
        "HiGHS LP, simplex": lambda: highs.solved(problem, highs.SIMPLEX),
        "HiGHS LP, interior, no crossover": lambda: highs.solved(problem, highs.INTERIOR),
        "scipy linprog": lambda: highs.by_scipy(problem),
    }
    warm(own.PUBLIC, own.KERNEL, of=programs)
    timed = in_turn(programs, rounds=1 if report.quick else 15)
    exact = lattice.exact_value(asset)
    report.programs(f"{len(asset.price):,} hours at prices >= 0 (exact: lattice)", timed, own=own.PUBLIC, exact=exact)
    for program, each in timed.items():
        report.judge(f"year at prices >= 0, {program}", each.value, exact, 1e-5 if "interior" in program else 1e-9)
    other = min(timed[fltoptim.FUSED].best, timed[fltoptim.TWO_CALLS].best)
    report.wish("FLToptim at its fastest / cell2grid", other / timed[own.PUBLIC].best, 10.0, most=False)


def warm(*names: str, of: dict[str, Program]) -> None:
    """Run compiled programs once, so that no run counts the compiling."""
    each: Callable[[], object]
    for each in (of[name] for name in names):
        each()
