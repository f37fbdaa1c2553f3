"""Many members of one project, in two processes: delivery, ageing and capital cost drawn anew for each."""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch.table import Report
from benchmarks.value.subject import WORKERS, example, timed
from cell2grid.run.worth.valuing import worth


def rows(report: Report) -> None:
    """A thousand members, and the first of them one after the other."""
    count, few = (4, 3) if report.quick else (1000, 16)
    subject = example(1)
    worth(subject)
    seconds, found = timed(lambda: worth(subject, members=count, seed=1, workers=WORKERS))
    report.part(f"{count:,} members on {WORKERS} workers")
    assert found.spread is not None
    report.line(f"  {seconds:,.1f} s, {seconds / count * 1e3:,.1f} ms a member, {len(found.spread.lives):,} lives")
    report.wish("1,000 members", seconds, 60.0, most=True, unit=" s")
    again = worth(subject, members=few, seed=1)
    assert again.spread is not None
    one, all_of_them = (each.spread.arrays["npv"].values[:few, 0] for each in (again, found) if each.spread)
    away = np.abs(one - all_of_them).max() / np.abs(one).max()
    report.judge(f"the first {few} members, alone and among all", float(away), 0.0, 1e-12)
