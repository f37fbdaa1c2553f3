"""How time grows with the number of steps, 1,000 to 10 million, and with the number of segments."""

from __future__ import annotations

import numpy as np

from benchmarks.dispatch import own, series
from benchmarks.dispatch.series import case
from benchmarks.dispatch.table import Report

SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
DURATIONS = (1, 2, 4, 8, 16, 32, 48)


def rows(report: Report) -> None:
    """Steps at hours and at five minutes, then hours of storage."""
    sizes = (300, 1_000, 3_000) if report.quick else SIZES
    for minutes in (60, 5):
        for negative in (True, False):
            over_steps(report, sizes, minutes, negative)
    for negative in (True, False):
        over_durations(report, negative)


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """The slope of log time over log size."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def over_steps(report: Report, sizes: tuple[int, ...], minutes: int, negative: bool) -> None:
    """Synthetic years end to end."""
    price = series.years(sizes[-1], minutes, negative=negative)
    seconds = []
    for steps in sizes:
        asset = case(price[:steps], minutes / 60.0)
        seconds.append(fastest(asset, 1 if report.quick else max(1, min(15, 2_000_000 // steps))))
    name = f"steps of {minutes} minutes, {'exclusive' if negative else 'prices >= 0'}"
    each = ", ".join(f"{steps:,}: {took * 1e3:,.2f} ms" for steps, took in zip(sizes, seconds, strict=True))
    report.part(f"growth over {name}: {each}")
    top = exponent(list(sizes[-3:]), seconds[-3:])
    report.wish(f"exponent over {name}", exponent(list(sizes), seconds), 1.1, most=True)
    report.wish("exponent over the three longest", top, 1.1, most=True)


def over_durations(report: Report, negative: bool) -> None:
    """A year of five-minute steps; the segments grow with the hours that the store lasts."""
    price = series.year(1, 5, negative=negative, steps=2016 if report.quick else None)
    durations = DURATIONS[:3] if report.quick else DURATIONS
    rounds = 1 if report.quick else 3
    seconds = [fastest(case(price, 1.0 / 12.0, energy=100.0 * hours), rounds) for hours in durations]
    name = "exclusive" if negative else "prices >= 0"
    each = ", ".join(f"{hours} h: {took * 1e3:,.1f} ms" for hours, took in zip(durations, seconds, strict=True))
    report.part(f"growth over hours of storage, {len(price):,} five-minute steps, {name}: {each}")
    report.wish("exponent over hours of storage", exponent(list(durations), seconds), 1.0, most=True)


def fastest(asset: series.dispatch.Case, rounds: int) -> float:
    """The best of some runs, after one that is not counted where the case is small."""
    if len(asset.price) <= 100_000:
        own.scheduled(asset)
    return min(own.scheduled(asset).seconds for _ in range(rounds))
