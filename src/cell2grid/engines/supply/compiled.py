"""The compiled ledger over all members, which threads share; the numbers do not depend on how many there are."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

from cell2grid.engines.supply.given import blank

if TYPE_CHECKING:
    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network

WORTH_A_THREAD = 200_000  # plants by months by members: below it a second thread costs more than it saves


def compiled_ledger(numbers: Given, net: Network, *, threads: int | None = None) -> Ledger:
    """What was made and where it went, in every member and month."""
    from cell2grid.engines.supply.kernel import fill

    ledger = blank(numbers, net)
    members = numbers.startable.shape[0]
    if threads is None:
        threads = max(min(os.cpu_count() or 1, numbers.startable.size // WORTH_A_THREAD), 1)
    edges = [members * part // threads for part in range(threads + 1)]
    if threads == 1:
        fill(numbers, net, ledger, 0, members)
        return ledger
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(fill, numbers, net, ledger, *pair) for pair in pairwise(edges)]:
            done.result()
    return ledger
