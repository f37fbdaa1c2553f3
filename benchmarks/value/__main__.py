"""Prints the table: ``python -m benchmarks.value [--quick] [PART ...]``.

``--quick`` runs every part once on a smaller question and judges the values alone.
"""

from __future__ import annotations

import sys

from benchmarks.dispatch.table import printed
from benchmarks.value import ageing, credit, life, members, money, own_sales, sizes

PARTS = {
    "life": life.rows,
    "members": members.rows,
    "sizes": sizes.rows,
    "ageing": ageing.rows,
    "money": money.rows,
    "credit": credit.rows,
    "own-sales": own_sales.rows,
}


def main(arguments: list[str] | None = None) -> int:
    return printed("value", __doc__ or "", PARTS, arguments)


if __name__ == "__main__":
    sys.exit(main())
