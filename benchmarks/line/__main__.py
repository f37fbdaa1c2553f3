"""Prints the table: ``python -m benchmarks.line [--quick] [PART ...]``.

``--quick`` runs every part once on fewer items and judges the values alone.
"""

from __future__ import annotations

import sys

from benchmarks.dispatch.table import printed
from benchmarks.line import kernel, peers

PARTS = {"kernel": kernel.rows, "peers": peers.rows}


def main(arguments: list[str] | None = None) -> int:
    return printed("line", __doc__ or "", PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())
