"""A year of prices made to trip a careless method, each judged by the exact lattice."""

from __future__ import annotations

from benchmarks.dispatch import lattice, own, series
from benchmarks.dispatch.series import case
from benchmarks.dispatch.table import Report, difference


def rows(report: Report) -> None:
    """Ties, one price, nothing but negative prices, and figures far apart."""
    report.part("hard prices, exclusive", f"  {'':<26}{'steps':>8}{'ms':>12}{'value':>22}{'from exact':>12}")
    for name, price in series.hard_prices(336 if report.quick else 8760).items():
        asset = case(price, 1.0)
        own.scheduled(asset)
        runs = [own.scheduled(asset) for _ in range(1 if report.quick else 3)]
        found, exact = runs[0].value, lattice.exact_value(asset)
        best = min(run.seconds for run in runs) * 1e3
        away = difference(found, exact)
        report.line(f"  {name:<26}{len(price):>8,}{best:>12,.3f}{found:>22,.4f}{away:>12.1e}")
        report.judge(f"hard prices, {name}", found, exact)
