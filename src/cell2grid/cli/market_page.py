"""The page of a market case: the figures of its document with the supply stack of each region, handed to the report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cell2grid.report.alone import Told
    from cell2grid.run.market_case import Answer


def market_page(answer: Answer, page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.value_page import write_worth_page
    from cell2grid.run.market_case import supply_stack

    document = answer.document
    stack = supply_stack(answer.arrays, answer.solved, unit=document["item"] or "", currency=document["currency"] or "")
    return write_worth_page(
        {"supply_stack": stack},
        page,
        kind="market",
        name=f"{document['case']}: who sells what where at which price",
        figures=_figures(document),
        findings=_findings(document),
        notes=document["notes"],
        method=f"{document['method']}; conditions of an equilibrium within {document['residual']:.1e} of a price",
    )


def _figures(document: Mapping[str, Any]) -> list[Told]:
    from cell2grid.report.alone import Told
    from cell2grid.report.wording import rounded

    money, item = document["currency"] or "", document["item"] or ""
    rows = []
    for name, price in document["prices"].items():
        sold = rounded(document["quantities"][name])
        told = "none" if price is None else f"{rounded(price, 5)} {money}".strip()
        rows.append(Told(f"price in {name}", told, " ".join(f"{sold} {item} sold".split())))
    for firm, profit in document["profits"].items():
        parts = document["sales"][firm].values()
        sold = "sales are not told by the prices" if None in parts else f"{rounded(sum(parts))} {item} sold"
        rows.append(Told(f"profit of {firm}", f"{rounded(profit, 5)} {money}".strip(), " ".join(sold.split())))
    return rows


def _findings(document: Mapping[str, Any]) -> list[str]:
    """What came out, in sentences."""
    found = []
    for name, quantity in document["quantities"].items():
        shares = {firm: parts[name] for firm, parts in document["shares"].items()}
        if quantity > 0.0 and None not in shares.values():
            shares = {firm: share for firm, share in shares.items() if share > 0.0}
            first = max(shares, key=lambda firm: shares[firm])
            counted = "one firm sells" if len(shares) == 1 else f"{len(shares)} firms sell"
            found.append(f"In {name}, {counted}; {first} has most, {shares[first]:.1%}.")
    return found
