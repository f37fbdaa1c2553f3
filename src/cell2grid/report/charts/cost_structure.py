"""Chart: what a kWh of cells and packs costs in each country, by kind of cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import entities, folded, panel_title, panels_of, rows, stacked
from cell2grid.report.theme import (
    ACCENT,
    GREEN,
    INK,
    ORANGE,
    PURPLE,
    QUIET,
    SKY,
    VERMILLION,
    WIDE,
    YELLOW,
)
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"cost": ()}
TITLE = "What a kWh costs to make"
PLACE = ("cost", 1)
_COLOURS = (ACCENT, SKY, GREEN, ORANGE, YELLOW, PURPLE, VERMILLION, QUIET)
_STEP = 34
_SAID = "bars: means over the members; left of zero: what recycling of scrap brings"


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """One bar for each country, stacked by kind of cost, with the total at its end; a panel for each technology."""
    frame = rows(results, "cost")
    panels = []
    for technology, part, told in panels_of(frame, "technology", [], width):
        heading = folded(f"{technology} ({', '.join(entities(part, 'scope'))})", width)
        panels.append(_bars(part, width).properties(title=panel_title(heading, [*folded(_SAID, width), *told])))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """Every row of the accounts, with the spread over the members."""
    frame = rows(results, "cost")
    return frame[["technology", "scope", "country", "component", "mean", "p10", "p90", "unit"]]


def _bars(part: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    unit = str(part["unit"].iloc[0])
    kinds, countries = entities(part, "kind"), entities(part, "country")
    values: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for place, country in enumerate(countries):
        here = part[part["country"].astype(str) == country]
        left, right = 0.0, 0.0
        for kind in kinds:
            amount = float(here.loc[here["kind"].astype(str) == kind, "mean"].sum())
            begin = left if amount < 0.0 else right
            said = f"{country}, {kind}: {rounded(amount)} {unit}"
            values.append({"name": str(place), "kind": kind, "from": begin, "to": begin + amount, "said": said})
            left, right = (left + amount, right) if amount < 0.0 else (left, right + amount)
        total = left + right
        totals.append({"name": str(place), "at": right, "words": f"{country}: {rounded(total)} {unit}"})
    names = [row["name"] for row in totals]
    reach = [0.0, *(edge for row in values for edge in (row["from"], row["to"]))]
    title = f"cost [{unit}]"
    x = alt.X("from:Q").title(title).scale(domain=[min(reach), max(reach)], nice=True)
    y = alt.Y("name:N").title(None).sort(names).axis(None)
    colours = alt.Scale(domain=kinds, range=[_COLOURS[i % len(_COLOURS)] for i in range(len(kinds))])
    legend = alt.Color("kind:N").scale(colours).legend(columns=2 if width < WIDE else 4, labelLimit=200)
    bars = alt.Chart(alt.InlineData(values=values)).mark_bar(height=14, yOffset=8)
    shown = bars.encode(x=x, x2="to:Q", y=y, color=legend, description="said:N")
    words = alt.Chart(alt.InlineData(values=totals)).mark_text(
        align="left", dy=-8, color=INK, fontSize=11.5, limit=width - 60, aria=False
    )
    told = words.encode(x=alt.value(0), y=y, text="words:N")
    return alt.layer(shown, told).properties(width=width - 40, height=_STEP * max(len(countries), 1))
