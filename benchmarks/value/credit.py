"""The capacity credit of a store: how many courses of a year are sampled in a second."""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import WORKERS, timed
from cell2grid.engines.adequacy import Store, System, Units, capacity_credit


def region(steps: int) -> System:
    """Thirty units behind a load with days, weeks and a winter, and a store of four hours."""
    hour = np.arange(steps)
    day = 200.0 * np.sin((hour % 24 - 9.0) * np.pi / 12.0) - 100.0 * (hour // 24 % 7 >= 5)
    load = 1500.0 + day + 150.0 * np.cos(hour * 2.0 * np.pi / 8760.0)
    noise = np.random.default_rng(5).normal(0.0, 40.0, steps)
    return System(
        net_load=load + noise,
        units=(
            Units(name="steam", capacity=100.0, count=20, forced_outage_rate=0.06, repair_time=48.0),
            Units(name="engines", capacity=50.0, count=10, forced_outage_rate=0.04, repair_time=24.0),
        ),
        stores=(Store(name="store", charge_power=100.0, discharge_power=100.0, energy=400.0, credited=True),),
    )


def rows(report: Report) -> None:
    """The same region with so many samples at most, in threads."""
    samples = 300 if report.quick else 6_000
    system = region(1_344 if report.quick else 8_760)
    capacity_credit(system, samples=128, tolerance=0.5)
    seconds, found = timed(lambda: capacity_credit(system, samples=samples, tolerance=1e-6, workers=WORKERS))
    report.part(f"capacity credit of a store behind 30 units, {len(system.net_load):,} hours, {WORKERS} threads")
    value = (
        "untold"
        if found.elcc is None
        else f"{found.elcc.value:,.1f} MW ({found.elcc.low:,.1f} to {found.elcc.high:,.1f})"
    )
    report.line(f"  {found.samples:,} samples in {seconds:,.2f} s, {found.samples / seconds:,.0f} a second; {value}")
    # beyond five standard errors sampling and convolution say different things
    report.judge_between("errors between sampling and convolution", abs(found.without.apart), 0.0, 5.0)
