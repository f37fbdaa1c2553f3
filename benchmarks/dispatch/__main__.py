"""Prints the table of ratios: ``python -m benchmarks.dispatch [--quick | --full] [PART ...]``.

``--quick`` runs every part once on shortened series and judges the values alone. ``--full`` gives slow programs their
time: half an hour each for the linear programs of five-minute steps. Without either the run takes a few minutes.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import sys
from importlib import import_module

import highspy

from benchmarks.dispatch import caps, five_minutes, growth, hard_prices, trough, year
from benchmarks.dispatch.table import Report

PARTS = {
    "year": year.rows,
    "five-minutes": five_minutes.rows,
    "trough": trough.rows,
    "caps": caps.rows,
    "hard-prices": hard_prices.rows,
    "growth": growth.rows,
}
# neighbours with a table of their own, printed after this one where they exist
NEIGHBOURS = ("fleet", "foresight", "reserves")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dispatch", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}, {', '.join(NEIGHBOURS)}")
    parser.add_argument("--quick", action="store_true", help="each part once, shortened")
    parser.add_argument("--full", action="store_true", help="give slow programs their time")
    asked = parser.parse_args(arguments)
    unknown = set(asked.parts) - set(PARTS) - set(NEIGHBOURS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    report = Report(quick=asked.quick, full=asked.full)
    highs = highspy.Highs().version()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, HiGHS {highs}")
    for name, rows in PARTS.items():
        if not asked.parts or name in asked.parts:
            rows(report)
    failed = neighbours(asked.parts, asked.quick)
    return max(report.end(), failed)


def neighbours(parts: list[str], quick: bool) -> int:
    """The tables of the neighbours in this run; 1 where one of them fails."""
    failed = 0
    for name in NEIGHBOURS:
        if (parts and name not in parts) or importlib.util.find_spec(f"benchmarks.{name}") is None:
            continue
        print(f"\nbenchmarks.{name}", flush=True)
        failed = max(failed, int(bool(import_module(f"benchmarks.{name}").main(["--quick"] if quick else []))))
    return failed


if __name__ == "__main__":
    sys.exit(main())
