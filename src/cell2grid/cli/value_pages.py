"""The page of a valuation: headline figures, findings and assumptions, handed to the report with the tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from cell2grid.report.dispatch_page import Told

# what is shown of the document, in this order: its key, its name and what it means
_FIGURES = {
    "npv": ("net present value", "what all flows are worth on the day of the valuation"),
    "irr": ("internal rate of return", "the discount rate at which the project is worth nothing, after tax"),
    "equity_npv": ("net present value to the owners", "after debt service"),
    "equity_irr": ("rate of return to the owners", "after debt service"),
    "lcos": ("levelised cost of storage", "all costs over all energy sent out, both discounted"),
    "payback": ("payback", "years of operation until the cash flow has paid for the project"),
    "debt": ("debt", "what is lent at commissioning"),
    "debt_cover": ("least debt cover", "cash available over debt service in the hardest year"),
    "capital_cost": ("capital cost", "what building it costs"),
}
_LARGE = ((1e9, "billion"), (1e6, "million"))


def value_page(tables: Mapping[str, pd.DataFrame], told: Mapping[str, Any], page: Path) -> Path:
    """The path of the page that was written.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    from cell2grid.report.dispatch_page import Told
    from cell2grid.report.value_page import write_worth_page

    caveats = [note for note in told["notes"] if "synthetic" in note]
    return write_worth_page(
        tables,
        page,
        kind="value",
        name=f"{told['project']}: {told['power']:g} MW, {told['energy']:g} MWh"
        if told["power"] is not None
        else told["project"],
        figures=_figures(told),
        findings=_findings(told),
        assumptions=[
            Told(row["figure"], row["text"], "; ".join(row["sources"]) or "no source given")
            for row in told["assumptions"]
        ],
        notes=[
            f"{note[0].upper()}{note[1:]}."
            for note in (*_middle(told), f"money is {told['money']}", told["price_years"]["statement"], *told["notes"])
        ],
        caveats=caveats,
        method="schedules by " + ", ".join(told["wear"]["methods"]),
    )


def _middle(told: Mapping[str, Any]) -> list[str]:
    """What the headline figures are of, where there are others."""
    if told["members"] is None:
        return []
    return [
        f"the figures are those at the middle of all ranges; {told['members']['count']:,} members were drawn beside it"
    ]


def _figures(told: Mapping[str, Any]) -> list[Told]:
    from cell2grid.report.dispatch_page import Told

    spread = {} if told["members"] is None else told["members"]["spread"]
    rows = []
    for key, (name, means) in _FIGURES.items():
        if told[key] is None and key not in ("irr", "payback"):
            continue
        text = shown(key, told[key], told["currency"])
        if key in spread and spread[key]["p10"] is not None:
            low, high = (shown(key, spread[key][end], told["currency"]) for end in ("p10", "p90"))
            means += f"; 80 % of the members: {low if low == high else f'{low} to {high}'}"
        rows.append(Told(name, text, means))
    return rows


def shown(key: str, number: float | None, money: str) -> str:
    """A headline figure with its unit."""
    if number is None:
        return "never" if key == "payback" else "none"
    if key.endswith("irr"):
        return f"{number:.2%}".replace("-", "−")
    if key == "payback":
        return f"{number:.1f} years"
    if key == "debt_cover":
        return f"{number:.2f}"
    unit = f"{money}/MWh" if key == "lcos" else money
    scale, word = next(((each, f" {name}") for each, name in _LARGE if abs(number) >= each), (1.0, ""))
    text = f"{number / scale:,.2f}" if scale > 1.0 or abs(number) < 1000.0 else f"{number:,.0f}"
    return f"{text}{word} {unit}".replace("-", "−")


def _findings(told: Mapping[str, Any]) -> list[str]:
    """What came out, in sentences."""
    money = told["currency"]
    health, cost = told["state_of_health"], told["delay"]["cost_of_first_month"]
    found = []
    if health:
        last = len(health)
        found.append(f"At the end of operating year {last} the store holds {health[-1]:.1%} of its first energy.")
    if cost is not None:
        words = "costs" if cost >= 0.0 else "brings"
        found.append(f"A month's delay {words} {shown('npv', abs(cost), money)} of net present value.")
    members = told["members"]
    if members is not None and members["below_zero"] is not None:
        share = f"{members['below_zero']:.0%}"
        found.append(f"The net present value is below zero in {share} of {members['count']:,} members.")
    if told.get("price_impact") is not None:
        kept = told["price_impact"]["kept"]
        if kept is not None:
            left = shown("npv", told["price_impact"]["npv_knowing"], money)
            found.append(
                f"With prices that its own sales move, {kept:.1%} of the market revenue would be left, for a net "
                f"present value of {left}; the figures above take prices as given."
            )
    if told.get("tornado"):
        row = told["tornado"][0]
        figure = row["figure"].replace(".", " · ").replace("_", " ")
        low, high = (shown("npv", row[end], money) for end in ("npv_low", "npv_high"))
        found.append(f"The net present value depends most on {figure}: {low} at its low end, {high} at its high end.")
    return found
