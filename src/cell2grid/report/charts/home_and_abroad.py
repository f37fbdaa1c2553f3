"""Chart: what each plant ships within its own region and to others, month by month, with the spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.nomenclature import variable
from cell2grid.report.marks import SPREAD, band, monthly, panel_title, panels_of, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"monthly": ("home_sales", "exports")}
TITLE = "Home and abroad"
PLACE = ("output", 2)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Home sales and exports of each plant: means as lines, 10 to 90 % of the members as bands."""
    frame = monthly(results, ["home_sales", "exports"])
    frame = frame.assign(series=[variable(name).label for name in frame["variable"]])
    frame["said"] = frame["series"] + ", " + frame["said"]
    panels = []
    for plant, part, notes in panels_of(frame, "entity", [SPREAD], width):
        panel = band(part, title=f"shipped [{part['unit'].iloc[0]}]", width=width)
        panels.append(panel.properties(title=panel_title(called(study_of(results), plant), notes)))
    return stacked(panels)


def table(results: Results) -> pd.DataFrame:
    """The same months in numbers."""
    frame = monthly(results, ["home_sales", "exports"])
    frame = frame.assign(shipped=[variable(name).label for name in frame["variable"]])
    frame = frame.rename(columns={"entity": "plant", "period": "month"})
    return frame[["plant", "shipped", "month", "mean", "p10", "p90", "unit"]]
