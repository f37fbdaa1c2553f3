"""Chart: how much worse a fit gets as each unknown moves away from its estimate, all others fitted anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import folded, nothing, panel_title, panels_of, rows, speaking, stacked
from cell2grid.report.theme import ACCENT, BAND_OPACITY, QUIET, VERMILLION, WIDE
from cell2grid.report.wording import amount

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"fit_profile": (), "fit": ()}
TITLE = "How far the reports tell what was fitted"
PLACE = ("evidence", 3)
# the 95 % quantile of chi-square with one degree of freedom: where the interval ends (Wilks 1938)
MARK = 3.841458820694124
_TOP = 3.0 * MARK


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A panel for each unknown: the rise of the least sum of squares, the mark, and the interval that it cuts out."""
    frame, fitted = rows(results, "fit_profile"), rows(results, "fit").set_index("figure")
    panels = []
    for figure, part, told in panels_of(frame, "figure", [], width):
        row = fitted.loc[figure]
        lines = [line for note in _notes(row) for line in folded(note, width)]
        heading = panel_title(folded(str(row["title"]), width), [*lines, *told])
        panels.append(_panel(part, row, width).properties(title=heading))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """Each point: the unknown, its value, and the rise of the least sum of squares there."""
    columns = {"title": "unknown", "value": "value", "unit": "unit", "rise": "rise of the sum of squares"}
    return rows(results, "fit_profile")[list(columns)].rename(columns=columns)


def _notes(row: pd.Series) -> list[str]:
    unit = str(row["unit"])
    ends = f"{_exact(row['low'])} to {_exact(row['high'])}"
    notes = [f"estimate {_exact(row['value'])} {unit}; shaded: 95 % interval, {ends}"]
    stops = [word for word, key in (("low", "open_low"), ("high", "open_high")) if bool(row[key])]
    if len(stops) == 2:
        notes.append("both ends are the bounds that were given: the reports do not say where it ends")
    elif stops:
        notes.append(f"the {stops[0]} end is the bound that was given: the reports do not say where it ends there")
    return notes


def _exact(value: float) -> str:
    """A number to five digits: an interval may be narrow beside what it is of."""
    rounded = float(f"{float(value):.5g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 10_000.0 else f"{rounded:,.5g}"


def _panel(part: pd.DataFrame, row: pd.Series, width: int) -> alt.TopLevelMixin:
    import altair as alt

    known = part[part["rise"].notna() & (part["rise"] <= _TOP)].sort_values("value")
    if known.empty or not math.isfinite(float(row["value"])):
        return nothing(width)
    unit = str(row["unit"])
    title = f"value [{unit}]"
    top = max(1.2 * MARK, float(known["rise"].max()))
    said = [
        f"{amount(float(value), unit)}: the sum of squares is {amount(float(rise), '')} higher".replace("  ", " ")
        for value, rise in zip(known["value"], known["rise"], strict=True)
    ]
    points = known.assign(said=said)[["value", "rise", "said"]]
    x = alt.X("value:Q").title(title).scale(zero=False, nice=False)
    y = alt.Y("rise:Q").title("rise of the sum of squares").scale(domain=[0, top], nice=False)
    ends = alt.InlineData(values=[{"value": float(row["low"]), "high": float(row["high"]), "rise": 0.0, "top": top}])
    base = alt.Chart(points)
    layers: list[Any] = [
        alt.Chart(ends)
        .mark_rect(color=ACCENT, opacity=BAND_OPACITY, aria=False)
        .encode(x=x, x2="high:Q", y=y, y2="top:Q"),
        alt.Chart(alt.InlineData(values=[{"rise": MARK}]))
        .mark_rule(color=QUIET, strokeDash=[4, 3], aria=False)
        .encode(y=y),
        alt.Chart(alt.InlineData(values=[{"value": float(row["value"])}]))
        .mark_rule(color=VERMILLION, aria=False)
        .encode(x=x),
        base.mark_line(color=ACCENT, strokeWidth=2.2, interpolate="monotone", aria=False).encode(x=x, y=y),
        base.mark_circle(color=ACCENT, size=26, aria=False).encode(x=x, y=y),
        speaking(points, x=x, y=y),
    ]
    return alt.layer(*layers).properties(width=width - 70, height=170)
