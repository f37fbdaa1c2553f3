"""Rows that tell of owners, invented: a works with three holders, one of them through another, and a part not named."""

from __future__ import annotations

from typing import Any

DAY = "2031-06-01"


def owner_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows of the tables owners, supplies and concentration."""
    return {"owners": _owners(), "supplies": _supplies(), "concentration": _concentration()}


def _owners() -> list[dict[str, Any]]:
    said = [
        ("fjordkraft-celler", "bergen", 0.6, 0.6, 0.7, "yes", 1.0),
        ("fjordkraft-celler", "oslo", 0.3, 0.3, 0.4, "no", 0.0),
        ("fjordkraft-celler", None, 0.1, 0.0, 0.1, "unknown", None),
        ("bergen", "fund", 0.5, 0.5, 0.5, "no", 0.5),
        ("bergen", "oslo", 0.5, 0.5, 0.5, "no", 0.5),
        ("fjordkraft-celler", "fund", None, 0.3, 0.4, "no", None),
    ]
    return [
        {
            "company": company, "holder": holder, "day": DAY, "direct": direct, "attributable_low": low,
            "attributable_high": high, "votes": direct, "control": control, "power_low": power, "power_high": power,
            "unit": "ratio",
        }
        for company, holder, direct, low, high, control, power in said
    ]  # fmt: skip


def _supplies() -> list[dict[str, Any]]:
    shared = {"day": DAY, "reference": "gazette", "supplier_firm": "oslo", "customer_firm": "fjordkraft-celler"}
    return [
        {**shared, "supplier": "oslo", "customer": "fjord", "product": "foil", "share_low": 0.2, "share_high": 0.3,
         "basis": "named"},
        {**shared, "supplier": "fund", "customer": "oslo", "product": "ore", "share_low": None, "share_high": None,
         "basis": "inputs"},
    ]  # fmt: skip


def _concentration() -> list[dict[str, Any]]:
    ends = {"cr4_low": 0.9, "cr4_high": 1.0, "hhi_low": 4500.0, "hhi_high": 5800.0}
    return [
        {"product": "cube", "basis": "operated", "day": DAY, "firms": 1, **dict.fromkeys(("cr4_low", "cr4_high"), 1.0),
         **dict.fromkeys(("hhi_low", "hhi_high"), 10_000.0)},
        {"product": "cube", "basis": "attributable", "day": DAY, "firms": 2, **ends},
    ]  # fmt: skip
