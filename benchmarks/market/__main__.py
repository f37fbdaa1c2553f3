"""Prints the table: ``python -m benchmarks.market [--quick] [PART ...]``.

``--quick`` runs every part once on smaller markets and judges the residuals alone.
"""

from __future__ import annotations

import sys

from benchmarks.dispatch.table import printed
from benchmarks.market import kinds, many, single

PARTS = {"single": single.rows, "many": many.rows, "kinds": kinds.rows}


def main(arguments: list[str] | None = None) -> int:
    return printed("market", __doc__ or "", PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())
