"""The map of sizes: power by hours of storage, each held for life on every one of five price years."""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import WORKERS, example, timed
from cell2grid.run.sensitivity.size import size_map


def rows(report: Report) -> None:
    """Ten powers by ten hours, and one of its sizes by itself."""
    each, price_years = (2, 1) if report.quick else (10, 5)
    subject = example(price_years)
    powers, hours = np.linspace(20.0, 200.0, each).tolist(), np.linspace(1.0, 8.0, each).tolist()
    size_map(subject, powers[:1], hours[:1], workers=1)
    seconds, found = timed(lambda: size_map(subject, powers, hours, workers=WORKERS))
    report.part(f"a map of {each} x {each} sizes on {price_years} price year(s), {WORKERS} workers")
    report.line(
        f"  {seconds:,.1f} s, {found.lives_run:,} lives run; best {found.best.power:g} MW for {found.best.hours:g} h"
    )
    report.wish("a map of 10 x 10 on 5 price years", seconds, 30.0, most=True, unit=" s")
    corner = found.sizes[-1]
    alone = size_map(subject, [corner.power], [corner.hours]).best
    # wear costs settle to 1e-5 of the price spread, from where another life of the map ended
    report.judge(f"{corner.power:g} MW for {corner.hours:g} h, alone and in the map", alone.npv, corner.npv, 1e-5)
