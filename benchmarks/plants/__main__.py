"""Prints the table: ``python -m benchmarks.plants [--quick] [PART ...]``.

``--quick`` runs every part once on a smaller question and judges the values alone.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys

from benchmarks.dispatch.table import Report
from benchmarks.plants import features, peers, whole

PARTS = {"whole": whole.rows, "features": features.rows, "peers": peers.rows}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.plants", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="each part once, smaller")
    asked = parser.parse_args(arguments)
    unknown = set(asked.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}")
    report = Report(quick=asked.quick)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name, rows in PARTS.items():
        if not asked.parts or name in asked.parts:
            rows(report)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
