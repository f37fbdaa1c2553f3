"""Chart: money for plants at home and abroad by year and stage, with the year in which abroad overtakes home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.market_terms import overtaken
from cell2grid.report.marks import SPREAD, folded, money_title, panel_title, panels_of, rows, speaking, stacked
from cell2grid.report.theme import ACCENT, BAND_OPACITY, ORANGE, QUIET, WIDE
from cell2grid.report.wording import amount, between, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"investment_totals": ()}
TITLE = "Investment at home and abroad"
PLACE = ("investment", 1)
_SIDES = {"home": ACCENT, "abroad": ORANGE, "unknown": QUIET}
_STAGES = {
    "spent": "spent in the year",
    "announced": "announced in the year",
    "started": "begun in the year",
    "completed": "completed in the year",
    "cancelled": "given up in the year",
    "renewed": "spent in the year to keep plants as new",
}


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A panel for each stage: means at home and abroad as lines, 10 to 90 % of the members as bands."""
    frame = rows(results, "investment_totals")
    order = [stage for stage in _STAGES if (frame["stage"] == stage).any()]
    ordered = frame.assign(place=frame["stage"].map({stage: place for place, stage in enumerate(_STAGES)}))
    ordered = ordered[ordered["stage"].isin(order)].sort_values("place", kind="stable")
    panels = [_panel(part, stage, width, notes) for stage, part, notes in panels_of(ordered, "stage", [SPREAD], width)]
    return stacked(panels)


def _panel(part: pd.DataFrame, stage: str, width: int, notes: list[str]) -> alt.TopLevelMixin:
    import altair as alt

    unit = str(part["unit"].iloc[0])
    scale, word = scaled(float(part[["mean", "p90"]].abs().max().max()))
    values = _values(part, unit, scale)
    sides = [side for side in _SIDES if (part["side"] == side).any()]
    colour = alt.Color("side:N").scale(domain=sides, range=[_SIDES[side] for side in sides])
    years = sorted({int(year) for year in part["year"]})
    axis = alt.Axis(values=years, format="d", labelOverlap="greedy")
    ends = [years[0] - 0.3, years[-1] + 0.3]
    x = alt.X("year:Q").title(None).scale(domain=ends, nice=False).axis(axis)
    heading = money_title(word, unit, "money")
    y = alt.Y("mean:Q").title(heading).scale(zero=True)
    base = alt.Chart(alt.InlineData(values=values))
    band = base.mark_area(opacity=BAND_OPACITY, aria=False).encode(
        x=x, y=alt.Y("p10:Q").title(heading), y2="p90:Q", color=colour
    )
    line = base.mark_line(strokeWidth=2.2, aria=False).encode(x=x, y=y, color=colour)
    dots = base.mark_circle(size=46, opacity=1, aria=False).encode(x=x, y=y, color=colour)
    layers: list[Any] = [band, line, dots, speaking(alt.InlineData(values=values), x=x, y=y)]
    crossed = overtaken(part)
    told = list(notes)
    if crossed is not None:
        mark = alt.Chart(alt.InlineData(values=[{"year": crossed}]))
        layers.append(mark.mark_rule(color=QUIET, strokeDash=[4, 3], aria=False).encode(x=x))
        told += folded(f"{crossed}: the first year in which more goes abroad than stays at home", width)
    title = panel_title(_STAGES.get(stage, stage), told)
    return alt.layer(*layers).properties(width=width - 80, height=200, title=title)


def _values(part: pd.DataFrame, unit: str, scale: float) -> list[dict[str, Any]]:
    found = []
    for row in part.to_dict("records"):
        said = f"{row['year']}, {row['side']}: {amount(float(row['mean']), unit)}"
        if row["p10"] != row["p90"]:
            said += f", range {between(float(row['p10']), float(row['p90']), unit)}"
        numbers = {key: float(row[key]) / scale for key in ("mean", "p10", "p90")}
        found.append({"year": int(row["year"]), "side": str(row["side"]), "said": said, **numbers})
    return found


def table(results: Shown) -> pd.DataFrame:
    """The money of each side, stage and year."""
    frame = rows(results, "investment_totals")
    return frame[["stage", "side", "year", "mean", "p10", "p90", "unit"]]
