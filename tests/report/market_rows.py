"""Rows of the tables of markets: two firms, one of them at home in two regions, over two years."""

from __future__ import annotations

from typing import Any

YEARS = ("2031", "2032")


def market_rows() -> dict[str, list[dict[str, Any]]]:
    """Prices that fall, two sellers in two markets, and half-used works at home and abroad."""
    prices = [
        {"market": market, "term": term, "variable": "market_price", **_spread(price - 8.0 * place, "EUR/container")}
        for market, price in (("rest", 90.0), ("fjords", 70.0))
        for place, term in enumerate(YEARS)
    ]
    flows = [
        {"plant": plant, "firm": firm, "region": region, "market": market, "destination": place, "term": term}
        | _spread(sold, "container/year")
        for plant, firm, region, market, place, sold in (
            ("fjord", "fjordkraft-celler", "NO", "rest", "DE", 900.0),
            ("fjord", "fjordkraft-celler", "NO", "fjords", "NO", 300.0),
            ("heath", "jutland", "DE", "rest", "DE", 1400.0),
        )
        for term in YEARS
    ]
    groups = [
        {"kind": kind, "entity": name, "term": term, "variable": "nameplate_utilisation", **_spread(part, "ratio")}
        for kind, name, part in (
            ("product", "cube", 0.5),
            ("product at home", "cube", 0.45),
            ("product abroad", "cube", 0.7),
            ("group", "both-works", 0.5),
        )
        for term in YEARS
    ]
    shares = [
        {"firm": firm, "market": "rest", "term": term, "variable": "share", **_spread(part, "ratio")}
        for firm, part in (("fjordkraft-celler", 0.39), ("jutland", 0.61))
        for term in YEARS
    ]
    plants = [
        {"plant": "fjord", "term": term, "variable": "plant_sales", **_spread(1200.0, "container/year")}
        for term in YEARS
    ]
    return {
        "market": prices,
        "market_flows": flows,
        "market_groups": groups,
        "market_firms": shares,
        "market_plants": plants,
    }


def _spread(value: float, unit: str) -> dict[str, Any]:
    return {"mean": value, "p10": 0.9 * value, "p50": value, "p90": 1.1 * value, "unit": unit}
