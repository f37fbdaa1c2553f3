"""Rows of the table ``compared`` of the invented run: what one more plant does to two works, at home and abroad."""

from __future__ import annotations

from typing import Any

PERIODS = ("2031", "2032", "all")


def compared_rows() -> list[dict[str, Any]]:
    rows = []
    for number, period in enumerate(PERIODS):
        part = 1.0 + 0.3 * number
        rows += [
            _row("market_price", "market", "rest", "all", period, 90.0, 100.0 - part, "EUR/container", market="rest"),
            _row("market_share", "firm", "fjordkraft-celler", "abroad", period, 0.4, 0.5, "ratio", market="rest"),
            _row("market_share", "firm", "jutland", "home", period, 0.5, 0.5, "ratio", market="rest"),
            _row("market_share", "firm", "newcomer", "all", period, 0.1, None, "ratio", market="rest"),
            _row("firm_profit", "firm", "newcomer", "all", period, 9e5, None, "EUR/year"),
            _row("consumer_surplus", "all", "all", "all", period, 5.0e6, 4.6e6, "EUR/year"),
            _row("duty_revenue", "all", "all", "all", period, 2.0e5, 2.0e5, "EUR/year"),
        ]
        for firm, home, abroad in (("fjordkraft-celler", -4e5, -2e6), ("jutland", 1e5, -3e5)):
            for side, change in (("home", home), ("abroad", abroad), ("all", home + abroad)):
                rows.append(_row("firm_profit", "firm", firm, side, period, 5e6 + change * part, 5e6, "EUR/year"))
            rows.append(_row("nameplate_utilisation", "firm", firm, "all", period, 0.6, 0.7, "ratio"))
    return rows


def _row(
    variable: str, kind: str, entity: str, side: str, period: str, with_it: float, without: float | None, unit: str,
    market: str = "",
) -> dict[str, Any]:  # fmt: skip
    change = None if without is None else with_it - without
    spread = 0.0 if change is None else 0.2 * abs(change)
    return {
        "variable": variable, "kind": kind, "entity": entity, "market": market, "product": "", "side": side,
        "period": period, "with_it": with_it, "without_it": without, "difference": change,
        "p10": None if change is None else change - spread, "p50": change,
        "p90": None if change is None else change + spread, "error": None if change is None else spread / 4,
        "unit": unit,
    }  # fmt: skip
