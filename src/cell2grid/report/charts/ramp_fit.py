"""Chart: what was counted of a plant's output against the ramp curves that the counts cannot tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import entities, folded, panel_title, rows, speaking, stacked
from cell2grid.report.theme import INK, WIDE, palette
from cell2grid.report.wording import amount, rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"ramp_fit": ()}
TITLE = "Counts against ramp curves"
PLACE = ("ramp", 1)


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A bar over the days of each count at its rate, and a line for each curve that the counts bear out."""
    import altair as alt

    frame = rows(results, "ramp_fit")
    counted, fitted = (frame[frame["kind"] == kind] for kind in ("counted", "fitted"))
    unit = str(frame["unit"].iloc[0])
    y = alt.Y("rate:Q").title(f"good items [{unit}]").scale(zero=True)
    layers: list[Any] = []
    if len(fitted):
        names = entities(fitted, "series")
        middle = fitted.assign(day=(fitted["begin"] + fitted["finish"]) / 2)[["day", "rate", "series"]]
        colour = alt.Color("series:N").scale(domain=names, range=palette(names))
        lines = alt.Chart(middle).mark_line(strokeWidth=2, interpolate="monotone", aria=False)
        layers.append(lines.encode(x=alt.X("day:Q").title("days since the opening"), y=y, color=colour))
    bars = alt.Chart(counted[["begin", "finish", "rate"]]).mark_rule(color=INK, strokeWidth=4, aria=False)
    x = alt.X("begin:Q").title("days since the opening").scale(nice=False)
    layers.append(bars.encode(x=x, x2="finish:Q", y=y))
    layers.append(speaking(_spoken(counted), x=alt.X("begin:Q"), y=y))
    drawn: Any = alt.layer(*layers)
    notes = folded("black: rate of each count over its days; lines: curves that the counts do not set apart", width)
    return stacked([drawn.properties(width=width - 70, height=230, title=panel_title(notes))])


def table(results: Shown) -> pd.DataFrame:
    """Each count with its days and rate, and the rate of each curve over the same days."""
    frame = rows(results, "ramp_fit")
    counted = frame[frame["kind"] == "counted"].reset_index(drop=True)
    fitted = frame[frame["kind"] == "fitted"]
    unit = str(frame["unit"].iloc[0])
    found = counted[["series", "begin", "finish"]].rename(
        columns={"series": "count", "begin": "from day", "finish": "to day"}
    )
    found[f"counted [{unit}]"] = counted["rate"]
    for name in entities(fitted, "series"):
        curve = fitted[fitted["series"] == name]
        found[f"{name} [{unit}]"] = [
            _mean(curve, begin, end) for begin, end in zip(counted["begin"], counted["finish"], strict=True)
        ]
    return found


def _mean(curve: pd.DataFrame, begin: float, end: float) -> float:
    """The mean rate of a curve over some days, from its steps."""
    import numpy as np

    within = np.minimum(curve["finish"], end) - np.maximum(curve["begin"], begin)
    days = np.maximum(within.to_numpy(dtype=float), 0.0)
    return float((days * curve["rate"].to_numpy(dtype=float)).sum() / max(days.sum(), 1e-12))


def _spoken(counted: pd.DataFrame) -> pd.DataFrame:
    said = [
        f"{row.series}: {amount(row.rate, row.unit)} from day {rounded(row.begin)} to day {rounded(row.finish)}"
        for row in counted.itertuples()
    ]
    return counted.assign(said=said)[["begin", "rate", "said"]]
