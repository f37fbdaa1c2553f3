"""Chart: what reaches each destination from each plant, month by month, with the spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import SPREAD, band, monthly, panel_title, panels_of, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import PALETTE, WIDE, axis_title

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"monthly": ("delivered",)}
TITLE = "What arrives, and where"
PLACE = ("output", 3)


def _arrivals(results: Results) -> pd.DataFrame:
    frame = monthly(results, ["delivered"])
    study = study_of(results)
    names = [called(study, place) for place in frame["destination"].fillna("all destinations").astype(str)]
    return frame.assign(series=names, said=[f"{name}, {said}" for name, said in zip(names, frame["said"], strict=True)])


def _arriving(frame: pd.DataFrame) -> pd.DataFrame:
    """The ways on which something arrives in some member; all of them where nothing does."""
    most = frame.groupby(["entity", "series"])["p90"].transform("max")
    return frame[most > 0] if (most > 0).any() else frame


def _most(frame: pd.DataFrame) -> pd.DataFrame:
    """As many destinations of a plant as there are colours, those that get most."""
    got = frame.groupby("series", sort=False)["mean"].sum().nlargest(len(PALETTE)).index
    return frame[frame["series"].isin(got)]


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Deliveries of each plant by destination: means as lines, 10 to 90 % of the members as bands."""
    frame = _arriving(_arrivals(results))
    panels = []
    for plant, whole, notes in panels_of(frame, "entity", [SPREAD], width):
        part = _most(whole)
        left = whole["series"].nunique() - part["series"].nunique()
        if left:
            notes = [*notes, f"the {len(PALETTE)} destinations that get most; {left} more in the table"]
        panel = band(part, title=axis_title("delivered", part["unit"].iloc[0]), width=width)
        panels.append(panel.properties(title=panel_title(f"from {called(study_of(results), plant)}", notes)))
    return stacked(panels)


def table(results: Results) -> pd.DataFrame:
    """The same months in numbers."""
    frame = _arrivals(results).drop(columns="destination")
    frame = frame.rename(columns={"entity": "plant", "series": "destination", "period": "month"})
    return frame[["plant", "destination", "month", "mean", "p10", "p90", "unit"]]
