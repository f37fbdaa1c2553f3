"""A store that moves its price: the schedule that knows it, and how near its bound it is."""

from __future__ import annotations

from benchmarks.dispatch import series
from benchmarks.dispatch.table import Report
from benchmarks.value.subject import timed
from cell2grid.engines.dispatch.impact import with_impact


def rows(report: Report) -> None:
    """A year of hours at three slopes, on synthetic prices and on prices of zero and more."""
    steps = 336 if report.quick else None
    report.part("100 MW, 400 MWh whose sales lower the price, a year of hours")
    for negative in (True, False):
        case = series.case(series.year(1, 60, negative=negative, steps=steps), 1.0)
        with_impact(case, 0.01)
        for slope in (0.005, 0.05, 0.5):
            seconds, found = timed(lambda case=case, slope=slope: with_impact(case, slope), 1 if report.quick else 3)
            kept = found.objective / found.taker_expected
            report.line(
                f"  slope {slope:>5g}, {'some negative' if negative else 'all above 0':<14}{seconds * 1e3:>8,.0f} ms, "
                f"{found.rounds} rounds, gap {found.gap / found.objective:.1e}, {kept:.1%} of what a taker expects"
            )
            report.judge_between("what it earns", found.objective, found.taker_earned, found.taker_expected)
            report.judge_between("the gap", found.gap, 0.0, 1.001e-4 * (found.objective + found.gap))
            if slope == 0.05 and negative:
                report.wish("a year at a slope of 0.05", seconds * 1e3, 500.0, most=True, unit=" ms")
