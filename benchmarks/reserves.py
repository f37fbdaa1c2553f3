"""A year of energy and two reserve products on HiGHS: ``python -m benchmarks.reserves``.

Prices of energy are those of the synthetic year; capacity prices are invented and seeded. Each row is one case: the
seconds of one cold call, the processor's seconds in it, the method, and how far the plan is from its proved bound. The
last row solves the same year in windows. ``--quick`` runs two weeks of each once, without judging the times.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from dataclasses import dataclass

import highspy
import numpy as np

from cell2grid.engines.dispatch import Case, asset_case
from cell2grid.engines.reserves import Outcome, Product, co_optimised, product
from cell2grid.prices import synthetic_year

# a year of hours, energy and two products, on two cores of the build machine
MOST_SECONDS = 15.0
ASSET = {
    "power": 100.0,
    "energy": 400.0,
    "efficiency_charge": 0.94,
    "efficiency_discharge": 0.94,
    "start_fraction": 0.5,
    "end_fraction": 0.5,
}


@dataclass(frozen=True)
class Row:
    """A named case: whether prices below 0 stay, the least bid [MW], and the window [hour]."""

    name: str
    negative: bool
    least: float = 0.0
    window: float | None = None


ROWS = (
    Row("prices of 0 and more", negative=False),
    Row("with negative prices, never both ways at once", negative=True),
    Row("the same, bids of 5 MW and more", negative=True, least=5.0),
    Row("the same, in windows of 168 h", negative=True, least=5.0, window=168.0),
)


def case_of(row: Row, steps: int) -> Case:
    year = synthetic_year(1)
    price = year.price if row.negative else np.maximum(year.price, 0.0)
    return asset_case(price[:steps], year.step_hours[:steps], **ASSET)  # type: ignore[arg-type]


def products_of(row: Row, case: Case) -> list[Product]:
    """A symmetric product in blocks of four hours, and an upward one by the hour."""
    random, steps = np.random.default_rng(8760), len(case.price)
    blocks = np.repeat(np.maximum(8.0 + 6.0 * random.standard_normal(-(-steps // 4)), 0.0), 4)[:steps]
    hours = np.maximum(10.0 + 8.0 * random.standard_normal(steps), 0.0)
    return [
        product(
            case,
            "symmetric, blocks of 4 h",
            capacity_price=blocks,
            duration_up=0.25,
            duration_down=0.25,
            activation_up=0.05,
            activation_down=0.05,
            block_hours=4.0,
            least=row.least,
        ),
        product(case, "upward, by the hour", up=True, capacity_price=hours, duration_up=1.0, activation_up=0.1),
    ]


def timed(row: Row, steps: int) -> tuple[Outcome, float, float]:
    """The plan, the seconds it took, and the processor's seconds."""
    case = case_of(row, steps)
    products = products_of(row, case)
    began, worked = time.perf_counter(), time.process_time()
    found = co_optimised(case, products, window=row.window)
    return found, time.perf_counter() - began, time.process_time() - worked


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="two weeks of each, without judging the times")
    quick = parser.parse_args(arguments).quick
    steps = 336 if quick else 8760
    busy = os.getloadavg()[0]
    versions = f"Python {platform.python_version()}, highspy {highspy.Highs().version()}"
    print(f"{platform.machine()}, {versions}, {os.cpu_count()} cores, load {busy:.1f}")
    print(f"{'energy and two products':<48}{'steps':>7}{'s':>8}{'cpu s':>8}{'value':>16}{'to bound':>10}  method")
    late = []
    for row in ROWS:
        found, seconds, worked = timed(row, steps)
        gap = (found.bound - found.value) / abs(found.value)
        shown = "-" if np.isinf(gap) else f"{gap:.0e}"
        print(f"{row.name:<48}{steps:>7,}{seconds:>8.2f}{worked:>8.2f}{found.value:>16,.2f}{shown:>10}  {found.method}")
        # a busy machine says nothing of the wall clock
        if min(seconds, worked) > MOST_SECONDS:
            late.append(row.name)
    if not quick:
        print(f"at most {MOST_SECONDS:g} s a year: {'MISSED by ' + ', '.join(late) if late else 'met'}")


if __name__ == "__main__":
    main()
