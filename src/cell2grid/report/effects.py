"""Sentences of a comparison: who gains and who loses by what is different, one sentence each.

The table ``compared`` is made in ``cell2grid.run.compared``; its pictures are ``charts/entry.py`` and
``charts/gains.py``, its page ``compared_page.py``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cell2grid.report.wording import amount, between, sentence

if TYPE_CHECKING:
    import pandas as pd

MOST_FIRMS = 12
WHOLE = "all"
_ROUNDING = 1e-9  # of a firm's profit: less is what is left of sums of large numbers
_Row = dict[str, Any]


def gains_and_losses(frame: pd.DataFrame, name: Callable[[str], str] = str) -> list[str]:
    """Who gains and who loses over the whole horizon, the largest change first; buyers and customs last.

    Parameters
    ----------
    frame
        The table ``compared``.
    name
        What readers call a firm.
    """
    rows = frame[(frame["period"] == WHOLE) & (frame["side"] == WHOLE)].to_dict("records")
    money = [row for row in rows if (row["variable"], row["kind"]) == ("firm_profit", "firm")]
    if money:
        found = [_of_firm(row, frame, name) for row in sorted(money, key=_largest)[:MOST_FIRMS]]
        found += [f"{len(money) - MOST_FIRMS} more firms change by less."] if len(money) > MOST_FIRMS else []
        found += [_of_all(row, who, what) for row in rows for variable, who, what in _ALL if _is(row, variable)]
    else:
        made = [row for row in rows if (row["variable"], row["kind"]) == ("output", "plant")]
        found = [_of_plant(row, name) for row in sorted(made, key=_largest)[:MOST_FIRMS]]
    return [sentence(text) for text in found if text]


_ALL = (
    ("consumer_surplus", "buyers", "of what they would have paid beyond what they pay"),
    ("duty_revenue", "those who levy duties", "of revenue"),
)


def _is(row: _Row, variable: str) -> bool:
    return bool(row["variable"] == variable and row["kind"] == WHOLE)


def _largest(row: _Row) -> float:
    size = row["difference"]
    # what only one of the runs has comes last
    return math.inf if math.isnan(size) else -abs(size)


def _of_firm(row: _Row, frame: pd.DataFrame, name: Callable[[str], str]) -> str:
    who, unit = name(row["entity"]), row["unit"]
    alone = _alone(row, f"{who}: a profit of", unit)
    if alone is not None:
        return alone
    if row["difference"] == 0.0:
        return f"{who}: the same profit, {amount(row['with_it'], unit)}."
    text = f"{who}: {_change(row)} profit{_range(row)}, {_from_to(row)}"
    sides = frame[
        (frame["variable"] == "firm_profit")
        & (frame["entity"] == row["entity"])
        & (frame["period"] == WHOLE)
        & frame["side"].isin(["home", "abroad"])
    ].to_dict("records")
    least = _ROUNDING * max(abs(row["with_it"]), abs(row["without_it"]))
    parts = [
        f"{amount(_beyond(side['difference'], least), unit)} {'at home' if side['side'] == 'home' else 'abroad'}"
        for side in sides
        if math.isfinite(side["difference"]) and (side["with_it"] or side["without_it"])
    ]
    return text + (f": {' and '.join(parts)}." if len(parts) > 1 else ".")


def _beyond(difference: float, least: float) -> float:
    return difference if abs(difference) > least else 0.0


def _of_plant(row: _Row, name: Callable[[str], str]) -> str:
    who, unit = name(row["entity"]), row["unit"]
    alone = _alone(row, f"{who}: an output of", unit)
    if alone is not None:
        return alone
    if row["difference"] == 0.0:
        return f"{who}: the same output, {amount(row['with_it'], unit)}."
    return f"{who}: {_change(row)}{_range(row)}, {_from_to(row)}."


def _of_all(row: _Row, who: str, what: str) -> str:
    if not math.isfinite(row["difference"]) or not (row["with_it"] or row["without_it"]):
        return ""
    if row["difference"] == 0.0:
        return f"{who} neither gain nor lose."
    verb = "gain" if row["difference"] > 0 else "lose"
    return f"{who} {verb} {amount(abs(row['difference']), row['unit'])} {what}{_range(row)}."


def _alone(row: _Row, start: str, unit: str) -> str | None:
    """The sentence on what only one of the runs has."""
    if math.isfinite(row["difference"]):
        return None
    has_it = math.isfinite(row["with_it"])
    value, other = (row["with_it"], "without it") if has_it else (row["without_it"], "with it")
    return f"{start} {amount(value, unit)}, and {other} none."


def _change(row: _Row) -> str:
    """How much more or less there is; names of several plants or makers take no verb."""
    return f"{amount(abs(row['difference']), row['unit'])} {'more' if row['difference'] > 0 else 'less'}"


def _range(row: _Row) -> str:
    """The spread of the size of the difference, where members differ."""
    low, high = sorted((row["p10"], row["p90"]))
    if low == high or not (math.isfinite(low) and math.isfinite(high)):
        return ""
    if row["difference"] < 0:
        low, high = -high, -low
    return f" ({between(low, high, row['unit'])} in 10 to 90 % of members)"


def _from_to(row: _Row) -> str:
    return f"from {amount(row['without_it'], row['unit'])} to {amount(row['with_it'], row['unit'])}"
