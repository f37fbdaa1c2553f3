"""Rows of the table ``supply_stack``: two plants and a rising one in a market, with demand and price."""

from __future__ import annotations

from typing import Any


def stack_rows() -> list[dict[str, Any]]:
    """P = 100 - Q, blocks of 30 at 20, 10 at 25 to 35 and 40 at 50; 45 are sold at 55."""
    told = {"market": "German storage", "period": "2032", "unit": "container/year", "currency": "EUR"}
    blocks = [
        ("fjordkraft", "fjord", 0.0, 30.0, 20.0, 20.0, 30.0),
        ("heath-works", "heath", 30.0, 40.0, 25.0, 35.0, 10.0),
        ("dune-cells", "dune", 40.0, 80.0, 50.0, 50.0, 5.0),
    ]
    names = ("firm", "plant", "begin", "finish", "cost", "cost_end", "sold")
    none = {"firm": None, "plant": None}
    return [
        *({**told, "kind": "plant", **dict(zip(names, block, strict=True))} for block in blocks),
        {**told, **none, "kind": "demand", "begin": 0.0, "finish": 84.0, "cost": 100.0, "cost_end": 16.0, "sold": None},
        {**told, **none, "kind": "price", "begin": 0.0, "finish": 45.0, "cost": 55.0, "cost_end": 55.0, "sold": 45.0},
    ]
