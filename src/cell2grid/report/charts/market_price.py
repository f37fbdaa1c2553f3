"""Chart: the price in each market over time, with the spread; markets of one product in one panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.market_terms import terms_axis, timed
from cell2grid.report.marks import SPREAD, band, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import PALETTE, WIDE, axis_title

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"market": ("market_price",)}
TITLE = "What buyers pay"
PLACE = ("market", 2)


def _prices(results: Results) -> pd.DataFrame:
    frame, study = timed(rows(results, "market", NEEDS["market"])), study_of(results)
    names = [called(study, market) for market in frame["market"].astype(str)]
    products = [
        study.markets[market].product if market in study.markets else "" for market in frame["market"].astype(str)
    ]
    said = [f"{name}, {words}" for name, words in zip(names, frame["said"], strict=True)]
    return frame.assign(series=names, product=products, said=said)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Prices by market: means as lines, 10 to 90 % of the members as bands."""
    frame = _prices(results)
    panels = []
    for product, whole, notes in panels_of(frame, "product", [SPREAD], width):
        shown = list(dict.fromkeys(whole["series"]))[: len(PALETTE)]
        part = whole[whole["series"].isin(shown)]
        left = whole["series"].nunique() - len(shown)
        if left:
            notes = [*notes, f"{left} more markets are in the table"]
        title = axis_title("market_price", str(part["unit"].iloc[0]))
        panel = band(part, title=title, width=width, axis=terms_axis(part))
        panels.append(panel.properties(title=panel_title(called(study_of(results), product) or "markets", notes)))
    return stacked(panels)


def table(results: Results) -> pd.DataFrame:
    """The same prices in numbers."""
    frame = _prices(results).drop(columns="market").rename(columns={"series": "market"})
    return frame[["market", "term", "mean", "p10", "p90", "unit"]]
