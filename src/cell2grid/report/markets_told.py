"""What a run's markets have to say, in sentences: use of capacity at home and abroad, prices, and who sells most.

Sentences alone; their sources are put to them in ``findings.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import rows
from cell2grid.report.wording import amount, between, month

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.report.provenance import Provenance
    from cell2grid.results import Results

MOST = 6  # markets or products that are told of


def market_sentences(results: Results, provenance: Provenance) -> Iterator[tuple[str, str, str]]:
    """Each sentence with the variable and the market or plant that it is made from."""
    yield from _use(results, provenance)
    yield from _prices(results, provenance)


def _called(provenance: Provenance, kind: str, key: str) -> str:
    part = getattr(provenance.study, kind).get(key)
    return key.replace("-", " ") if part is None or part.name is None else str(part.name)


def _when(term: str) -> str:
    return month(term) if len(term) > len("2025") else term


def _use(results: Results, provenance: Provenance) -> Iterator[tuple[str, str, str]]:
    frame = rows(results, "market_groups", ("nameplate_utilisation",))
    if frame.empty:
        return
    for product in frame[frame["kind"] == "product"]["entity"].unique()[:MOST]:
        part = frame[(frame["kind"] == "product") & (frame["entity"] == product)]
        first, last = part.iloc[0], part.iloc[-1]
        plants = [name for name, plant in provenance.study.plants.items() if plant.makes == product]
        text = f"Plants that make {_called(provenance, 'products', product)} sell "
        text += f"{amount(last['mean'], 'ratio')}{_range(last)} of their nameplate capacity in {_when(last['term'])}"
        if last["term"] != first["term"]:
            text += f", after {amount(first['mean'], 'ratio')} in {_when(first['term'])}"
        yield f"{text}.", "nameplate_utilisation", plants[0]


def _prices(results: Results, provenance: Provenance) -> Iterator[tuple[str, str, str]]:
    prices = rows(results, "market", ("market_price",))
    for market in prices["market"].unique()[:MOST] if not prices.empty else []:
        part = prices[prices["market"] == market]
        last = part.iloc[-1]
        text = f"In {_called(provenance, 'markets', market)} the price in {_when(last['term'])} is "
        text += f"{amount(last['mean'], last['unit'])}{_range(last)}"
        largest = _largest(results, market, last["term"])
        if largest is not None:
            text += (
                f", and {_called(provenance, 'firms', largest['firm'])} sells most, {amount(largest['mean'], 'ratio')}"
            )
        yield f"{text}.", "market_price", market


def _largest(results: Results, market: str, term: str) -> pd.Series[Any] | None:
    shares = rows(results, "market_firms", ("share",))
    part = shares[(shares["market"] == market) & (shares["term"] == term)] if not shares.empty else shares
    return None if part.empty else part.loc[part["mean"].idxmax()]


def _range(row: Any) -> str:
    if row["p90"] - row["p10"] <= 1e-6 * abs(row["mean"]):
        return ""
    return f" (80 % of cases: {between(row['p10'], row['p90'], row['unit'])})"
