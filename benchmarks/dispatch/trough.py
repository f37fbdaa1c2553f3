"""A smooth solar trough by the minute for 60 days: prices whose value of stored energy falls into most pieces."""

from __future__ import annotations

from benchmarks.dispatch import highs, lattice, memory, own, series
from benchmarks.dispatch.series import COARSE, case
from benchmarks.dispatch.table import Report


def rows(report: Report) -> None:
    """Time and memory of 60 days, and exactness on the lattice of fewer days (all of them with ``--full``)."""
    days = 60 if report.full else (1 if report.quick else 4)
    minutes = 10 if report.quick else 1
    asset = case(series.solar_trough(days, minutes), minutes / 60.0, **COARSE)
    found = own.scheduled(asset)
    exact = lattice.exact_value(asset)
    torn = len(highs.model(asset, exclusive=True).torn)
    title = f"{days} days of a solar trough by {minutes} min, efficiencies .9, exclusive"
    report.part(f"{title}: {torn:,} of {len(asset.price):,} steps negative")
    report.line(f"  cell2grid {found.value:,.4f} in {found.seconds:,.2f} s, lattice {exact:,.4f}")
    report.judge("solar trough beside the lattice", found.value, exact)
    if not report.quick:
        used = memory.measured("solar trough of 60 days by the minute")
        report.part(f"{used.steps:,} minutes of a solar trough: {used.seconds:,.2f} s, method {used.method}")
        report.wish("peak above the price array", used.megabytes, 1024.0, most=True, unit=" MB")
