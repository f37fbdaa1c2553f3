"""Chart: what each plant makes, month by month, with the spread over the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import SPREAD, band, monthly, panel_title, panels_of, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import WIDE, axis_title

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"monthly": ("output",)}
TITLE = "What the plants make"
PLACE = ("output", 1)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Monthly output of each plant: the mean as a line, 10 to 90 % of the members as a band."""
    frame = monthly(results, ["output"])
    panels = []
    for plant, rows, notes in panels_of(frame, "entity", [SPREAD], width):
        part = rows.assign(series=plant)
        panel = band(part, title=axis_title("output", part["unit"].iloc[0]), width=width)
        panels.append(panel.properties(title=panel_title(called(study_of(results), plant), notes)))
    return stacked(panels)


def table(results: Results) -> pd.DataFrame:
    """The same months in numbers."""
    frame = monthly(results, ["output"]).rename(columns={"entity": "plant", "period": "month"})
    return frame[["plant", "month", "mean", "p10", "p90", "unit"]]
