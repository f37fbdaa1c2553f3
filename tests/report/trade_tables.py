"""Tables of what moves in the invented run: places on the map, flows, and what arrives for the order."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cell2grid.results import TABLES


def trade_tables() -> dict[str, pd.DataFrame]:
    places = [
        ("plant", "fjord", "NO", 60.4, 5.3, False, 2000.0, "container/year"),
        ("planned", "second-works", "DK", 56.0, 10.0, True, 1.2e9, "EUR"),
        ("market", "rest", "DE", 51.1, 10.3, True, 1400.0, "container/year"),
        ("project", "heath", "DE", 51.1, 10.3, True, 100.0, "MWh"),
    ]
    flows = [
        ("home", "fjord", "NO", "cube", 1200.0, 1100.0, 1300.0, "container"),
        ("abroad", "fjord", "DE", "cube", 2800.0, 2600.0, 3000.0, "container"),
        ("order", "DE", "heath", "cube", 40.0, 40.0, 40.0, "container"),
    ]
    money = [
        (side, year, stage, mean * 1e9, 0.9 * mean * 1e9, 1.2 * mean * 1e9, "EUR")
        for stage, part in (("announced", 1.5), ("spent", 1.0))
        for side, means in (("home", (6.0, 5.0)), ("abroad", (4.0, 7.0)))
        for year, mean in zip((2031, 2032), (part * value for value in means), strict=True)
    ]
    rows = {"places": places, "flows": flows, "investment_totals": money}
    return {name: pd.DataFrame(found, columns=list(TABLES[name])) for name, found in rows.items()}


def order_months() -> list[dict[str, Any]]:
    """Rows of the table ``monthly``: the order arrives over three months."""
    edges = {"2031-05": (10.0, 0.0, 8.0, 25.0), "2031-06": (20.0, 5.0, 20.0, 30.0), "2031-07": (10.0, 0.0, 10.0, 20.0)}
    return [
        {"variable": "order_delivered", "entity": "heath", "destination": None, "period": period,
         "mean": mean, "p10": p10, "p50": p50, "p90": p90, "unit": "container/month"}
        for period, (mean, p10, p50, p90) in edges.items()
    ]  # fmt: skip
