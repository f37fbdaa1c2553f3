"""The compiled ledger over all members; until it is there, the reference stands in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.engines.supply.plain import plain_ledger

if TYPE_CHECKING:
    from cell2grid.engines.supply.given import Given, Ledger
    from cell2grid.engines.supply.network import Network


def compiled_ledger(numbers: Given, net: Network) -> Ledger:
    """What was made and where it went, in every member and month."""
    return plain_ledger(numbers, net)
