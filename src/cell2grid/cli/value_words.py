"""A valuation on the terminal: the document that ``value --json`` prints, told in tables that fit 80 columns.

Money by year stands in thousands, millions or billions, whichever keeps it short; the JSON document has every digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor, log10
from pathlib import Path
from typing import Any

from cell2grid.cli.output import console, counted, table

_LARGE = ((1e9, "billion "), (1e6, "million "), (1e3, "thousand "))
# the columns of the years: what they are called, what they add up, and in which words
_YEARLY = {
    "market": ("market_revenue",),
    "other": ("contract_revenue", "subsidy_revenue", "residual_value"),
    "costs": ("operating_cost", "augmentation_cost"),
    "tax": ("tax",),
    "debt": ("debt_service",),
    "cash": ("cash_flow",),
}
_MOST_FIGURES = 12
_ALWAYS = ("market", "cash")
_IN_WORDS = "other: contracts, subsidies and what is left at the end; costs: running it and what is added to it"
_SPREAD = {
    "npv": "net present value [{money}]",
    "irr": "rate of return",
    "equity_npv": "that of the equity [{money}]",
    "lcos": "cost of storage [{money}/MWh]",
    "payback": "payback [years]",
    "debt_cover": "least debt cover",
}


def say(told: Mapping[str, Any]) -> None:
    """Print the valuation."""
    table(f"{told['project']}: the middle of all ranges", {"": "left", "value": "right"}, list(_summary(told)))
    _say_years(told)
    if told["members"] is not None:
        _say_members(told["members"], told["currency"])
    if told.get("tornado"):
        _say_tornado(told["tornado"], told["currency"])
    if told.get("shares"):
        _say_shares(told["shares"])
    console().print(f"money: {told['money']}", markup=False)
    console().print(f"prices: {told['price_years']['statement']}", markup=False)
    for note in told["notes"]:
        console().print(f"• {note}", markup=False)
    if "out" in told:
        console().print(f"tables: {Path(told['out'][0]).parent if told['out'] else ''}", markup=False)
    if "page" in told:
        console().print(f"page: {told['page']}", markup=False)


def _summary(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    money, lent = told["currency"], bool(told["debt"])
    yield "net present value", amount(told["npv"], money)
    yield "internal rate of return", "none" if told["irr"] is None else percent(told["irr"])
    if lent:
        yield "equity: net present value", amount(told["equity_npv"], money)
        yield "equity: rate of return", "none" if told["equity_irr"] is None else percent(told["equity_irr"])
    yield "levelised cost of storage", amount(told["lcos"], f"{money}/MWh")
    yield "payback", "never" if told["payback"] is None else f"{told['payback']:.1f} years"
    if lent:
        yield "debt", amount(told["debt"], money)
        yield "least debt cover", "–" if told["debt_cover"] is None else f"{told['debt_cover']:.2f}"
    yield "capital cost", amount(told["capital_cost"], money)
    if told["commissioning"] != 0.0:
        months = told["commissioning"]
        yield "commissioning", "never" if months is None else f"{months:.1f} months after the valuation"
    health = [share for share in told["state_of_health"] if share is not None]
    if health:
        # a life of 2.5 years ends within its third
        yield "state of health at the end", percent(health[-1])
    yield "what the first month of delay costs", amount(told["delay"]["cost_of_first_month"], money)


def _say_years(told: Mapping[str, Any]) -> None:
    rows = told["yearly"]
    sums = {
        heading: [sum(row.get(name) or 0.0 for name in names) for row in rows] for heading, names in _YEARLY.items()
    }
    shown = [heading for heading, numbers in sums.items() if heading in _ALWAYS or any(numbers)]
    scale, word = unit_for([number for heading in shown for number in sums[heading]])
    columns = dict.fromkeys(("year", "health", "cycles", *shown), "right")
    cells = [
        (
            str(row["year"]),
            percent(row["state_of_health"]),
            "–" if row["full_cycles"] is None else f"{row['full_cycles']:.0f}",
            *(_in_column(sums[heading][place] / scale) for heading in shown),
        )
        for place, row in enumerate(rows)
    ]
    table(f"Year by year [{word}{told['currency']}]", columns, cells)
    if "other" in shown or "costs" in shown:
        console().print(_IN_WORDS, markup=False)


def _say_members(members: Mapping[str, Any], money: str) -> None:
    spread = members["spread"]
    scale, word = unit_for(
        [spread[name][label] for name in ("npv", "equity_npv") if name in spread for label in ("p10", "p90")]
    )
    rows = []
    for name, title in _SPREAD.items():
        found = spread.get(name)
        # without a debt, the equity has what the project has
        unlent = name == "equity_npv" and (spread.get("debt_cover") or {"mean": None})["mean"] is None
        if found is None or found["mean"] is None or unlent:
            continue
        parts: list[str] = []
        for label in ("mean", "p10", "p50", "p90"):
            value = found[label]
            if name == "irr":
                parts.append(percent(value))
            else:
                parts.append(short(value / scale if value is not None and name.endswith("npv") else value))
        unit = f"{word}{money}" if name.endswith("npv") else money
        rows.append((title.format(money=unit), *parts))
    columns = {"": "left", "mean": "right", "p10": "right", "p50": "right", "p90": "right"}
    table(f"Over {counted(members['count'], 'member')}", columns, rows)
    for sentence in _of_members(members):
        console().print(f"• {sentence}", markup=False)


def _of_members(members: Mapping[str, Any]) -> Iterator[str]:
    if members["below_zero"] is not None:
        yield f"the net present value is below zero in {members['below_zero']:.0%} of members"
    for key, words in (
        ("never_commissioned", "never commissioned, and not among the figures"),
        ("without_irr", "without a rate of return"),
        ("several_irr", "with several rates of return, none of which is told"),
    ):
        if members.get(key):
            yield f"{counted(members[key], 'member')} {words}"


def _say_tornado(rows: Sequence[Mapping[str, Any]], money: str) -> None:
    scale, word = unit_for([row[key] for row in rows for key in ("npv_low", "npv_high", "npv_middle")])
    cells = [
        (
            row["figure"],
            row["text"],
            *(_in_column(row[key] / scale) if row[key] is not None else "–" for key in ("npv_low", "npv_high")),
        )
        for row in rows[:_MOST_FIGURES]
    ]
    columns = {"figure": "left", "as written": "left", "at its low": "right", "at its high": "right"}
    table(f"Net present value at both ends of each figure [{word}{money}]", columns, cells)
    if len(rows) > _MOST_FIGURES:
        console().print(f"and {counted(len(rows) - _MOST_FIGURES, 'figure')} that matter less", markup=False)


def _say_shares(told: Mapping[str, Any]) -> None:
    rows = [(row["source"].replace("_", " "), percent(row["first"]), percent(row["total"])) for row in told["sources"]]
    columns = {"source": "left", "by itself": "right", "with the others": "right"}
    table("What the spread of the net present value comes from", columns, rows)
    for note in told["notes"]:
        console().print(f"• {note}", markup=False)


def unit_for(numbers: Sequence[float | None]) -> tuple[float, str]:
    """What large numbers are divided by so that they stay short, and its word.

    >>> unit_for([-100e6, 7.4e6, None]), unit_for([20.0])
    ((1000000.0, 'million '), (1.0, ''))
    """
    most = max((abs(number) for number in numbers if number), default=0.0)
    thousands = floor((log10(most) - 1.0) / 3.0) if most > 0.0 else 0
    return next(((scale, word) for scale, word in _LARGE if thousands >= round(log10(scale) / 3.0)), (1.0, ""))


def amount(number: float | None, unit: str) -> str:
    """A number with its unit, to the unit where it is large.

    >>> amount(-12500000.4, "EUR"), amount(87.456, "EUR/MWh"), amount(None, "EUR")
    ('-12,500,000 EUR', '87.46 EUR/MWh', '–')
    """
    return "–" if number is None else f"{short(number)} {unit}"


def short(number: float | None) -> str:
    """A number in a column.

    >>> short(1234.5), short(0.004), short(0.0), short(None)
    ('1,234', '0.004', '0', '–')
    """
    if number is None:
        return "–"
    if number == 0.0:
        return "0"
    if abs(number) >= 1000.0:
        return f"{number:,.0f}"
    return f"{number:.2f}" if abs(number) >= 0.1 else f"{number:.2g}"


def _in_column(number: float) -> str:
    return "0" if number == 0.0 else f"{number:,.2f}" if abs(number) < 1000.0 else f"{number:,.0f}"


def percent(share: float | None) -> str:
    """A share as percent."""
    return "–" if share is None else f"{share:.1%}"
