"""Prints the table: ``python -m benchmarks.plants [--quick] [PART ...]``.

``--quick`` runs every part once on a smaller question and judges the values alone.
"""

from __future__ import annotations

import sys

from benchmarks.dispatch.table import printed
from benchmarks.plants import features, peers, whole

PARTS = {"whole": whole.rows, "features": features.rows, "peers": peers.rows}


def main(arguments: list[str] | None = None) -> int:
    return printed("plants", __doc__ or "", PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())
