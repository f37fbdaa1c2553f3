"""Many price years and many assets at once, beside loops of HiGHS and FLToptim: ``python -m benchmarks.fleet``.

10,000 price years of 8,760 hours for one asset, and 1,000 assets on one year: the values alone, then with schedules
on a sample, then through the command's own road with files. The peers get a sample of the same rows, one after the
other as their users do, and are held against the same rows here. ``--quick`` shortens all and judges the values alone.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from benchmarks.dispatch import fltoptim, highs, series
from benchmarks.dispatch.memory import kilobytes
from benchmarks.dispatch.series import ASSET, case
from benchmarks.dispatch.table import Report
from cell2grid.engines import dispatch
from cell2grid.engines.dispatch.batch import values, values_of_assets

YEARS, ASSETS, HOURS = 10_000, 1_000, 8760
SAMPLE = {"cell2grid schedules": 200, "FLToptim": 40, "HiGHS LP": 6, "HiGHS MILP": 3}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="each part once, shortened")
    report = Report(quick=parser.parse_args(arguments).quick)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for negative in (True, False):
        price_years(report, negative=negative)
    many_assets(report)
    through_files(report)
    return report.end()


def prices(count: int, steps: int, *, negative: bool) -> np.ndarray:
    """So many years, no two of one price: synthetic years of 20 seeds, turned by whole weeks, each with its noise."""
    part = steps if steps < HOURS else None
    made = [series.year(seed, 60, negative=True, steps=part) for seed in range(min(20, count))]
    random = np.random.default_rng(17)
    rows = np.empty((count, steps))
    for number in range(count):
        turned = np.roll(made[number % len(made)], 168 * (number // len(made)))
        rows[number] = turned + random.normal(0.0, 2.0, steps)
    return rows if negative else np.maximum(rows, 0.0, out=rows)


class Timed(NamedTuple):
    """Seconds on the clock, seconds of all cores together, and what was found; a busy machine moves the first only."""

    seconds: float
    cores: float
    found: np.ndarray


def timed(call: Callable[[], np.ndarray]) -> Timed:
    began, worked = time.perf_counter(), time.process_time()
    found = call()
    return Timed(time.perf_counter() - began, time.process_time() - worked, found)


def price_years(report: Report, *, negative: bool) -> None:
    """One asset on many price years, and the memory that this takes above the prices."""
    count, steps = (40, 336) if report.quick else (YEARS, HOURS)
    rows = prices(count, steps, negative=negative)
    values(rows[:2], **ASSET)
    name = "exclusive, some negative" if negative else "prices >= 0"
    report.part(f"{count:,} price years of {steps:,} hours, {name}")
    gc.collect()
    before = kilobytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    seconds, cores, found = timed(lambda: values(rows, **ASSET))
    above = (kilobytes("VmHWM") - before) / 1024.0
    report.line(f"  values: {seconds:,.2f} s ({cores:,.2f} s of cores), {above:,.0f} MB above the prices")
    if negative:
        report.wish("values of 10,000 price years", seconds, 6.0, most=True, unit=" s")
    report.wish("memory above the prices", above, 50.0, most=True, unit=" MB")
    one_by_one(report, rows, found, cores / count, negative)


def one_by_one(report: Report, rows: np.ndarray, found: np.ndarray, own: float, negative: bool) -> None:
    """Samples of the same rows in a loop, each with its ratio to a value of ours."""
    programs: dict[str, Callable[[dispatch.Case], float]] = {
        "cell2grid schedules": lambda asset: dispatch.schedule(asset).value,
    }
    if negative:
        programs["HiGHS MILP"] = lambda asset: highs.solved(highs.model(asset, exclusive=True), {}).value
    else:
        programs["FLToptim"] = lambda asset: fltoptim.fused(asset, fltoptim.bounds(asset)).value
        programs["HiGHS LP"] = lambda asset: highs.solved(highs.model(asset, exclusive=False), highs.SIMPLEX).value
    for name, program in programs.items():
        size = min(SAMPLE[name], len(rows))
        program(case(rows[0], 1.0))
        _, cores, values_there = timed(
            lambda program=program, size=size: np.array([program(case(row, 1.0)) for row in rows[:size]])
        )
        each = cores / size
        report.line(f"  {name}, {size} in a loop: {each * 1e3:,.2f} ms of a core, {each / own:,.1f} times a value")
        # a mixed-integer program stops at its gap
        tolerance = 1e-4 if name == "HiGHS MILP" else 1e-8 if name == "HiGHS LP" else 1e-9
        for number, (there, here) in enumerate(zip(values_there, found, strict=False)):
            report.judge(f"price year {number}, {name}", float(here), float(there), tolerance)


def many_assets(report: Report) -> None:
    """Many assets on one year of hours, and a sample of them through the public call."""
    count = 20 if report.quick else ASSETS
    price = series.year(1, 60, negative=True, steps=336 if report.quick else None)
    random = np.random.default_rng(3)
    assets = [{**ASSET, "power": float(p), "energy": float(p * h)} for p, h in random.uniform(1, 8, (count, 2))]
    values_of_assets(price, 1.0, assets[:2])
    report.part(f"{count:,} assets on a year of {len(price):,} hours, exclusive, some negative")
    seconds, cores, found = timed(lambda: values_of_assets(price, 1.0, assets))
    report.line(f"  values: {seconds:,.3f} s ({cores:,.3f} s of cores)")
    report.wish("values of 1,000 assets", seconds, 1.0, most=True, unit=" s")
    for number in range(0, count, max(1, count // 20)):
        alone = dispatch.schedule(dispatch.checked(dispatch.asset_case(price, 1.0, **assets[number]))).value
        report.judge(f"asset {number}", float(found[number]), alone)


def through_files(report: Report) -> None:
    """The command's own road: a table of assets and a folder of price files, rows and summary to disk."""
    from cell2grid.run.fleet import Fleet, read_assets, read_folder, run_fleet

    assets, years = (5, 3) if report.quick else (100, 20)
    steps = 336 if report.quick else HOURS
    with TemporaryDirectory() as held:
        folder = Path(held)
        (folder / "prices").mkdir()
        stamps = np.datetime64("2025-01-01T00:00", "s") + np.arange(steps) * np.timedelta64(3600, "s")
        for number, row in enumerate(prices(years, steps, negative=True)):
            lines = [f"{stamp},{price!r}" for stamp, price in zip(stamps, row.tolist(), strict=True)]
            (folder / f"prices/year{number:02d}.csv").write_text("\n".join(["timestep,price", *lines, ""]))
        table = [f"a{i},{10 + i}MW,{20 + 3 * i}MWh,0.94,0.94" for i in range(assets)]
        header = "name,power,energy,efficiency_charge,efficiency_discharge"
        (folder / "assets.csv").write_text("\n".join([header, *table, ""]))
        report.part(f"{assets} assets on {years} price files of {steps:,} hours, to disk")
        began = time.perf_counter()
        rows, _ = read_assets(folder / "assets.csv")
        read = read_folder(folder / "prices")
        report.line(f"  reading and checking: {time.perf_counter() - began:,.2f} s")
        for with_schedules in (False, True):
            fleet = Fleet(tuple(rows), read, with_schedules=with_schedules)
            for workers in (1, os.cpu_count() or 1):
                began, worked = time.perf_counter(), time.process_time()
                run_fleet(fleet, folder / f"out{with_schedules}{workers}", workers=workers)
                seconds, cores = time.perf_counter() - began, time.process_time() - worked
                kind = "with schedules" if with_schedules else "rows and summary"
                report.line(f"  {kind}, workers {workers}: {seconds:,.2f} s ({cores:,.2f} s of cores)")


if __name__ == "__main__":
    sys.exit(main())
