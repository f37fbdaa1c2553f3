"""Chart: what each plant could make at its nameplate and what it makes, by month, with the spread over members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import SPREAD, band, monthly, panel_title, panels_of, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"monthly": ("capacity", "output")}
TITLE = "Capacity and output"
PLACE = ("output", 1)
_WORDS = {"capacity": "open capacity", "output": "output"}


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Open capacity and output of each plant: the mean as a line, 10 to 90 % of the members as a band."""
    frame = monthly(results, list(_WORDS))
    panels = []
    for plant, rows, notes in panels_of(frame, "entity", [SPREAD], width):
        words = rows["variable"].map(_WORDS)
        part = rows.assign(
            series=words, said=[f"{word}, {said}" for word, said in zip(words, rows["said"], strict=True)]
        )
        part = part.sort_values(["series", "time"], kind="stable")
        panel = band(part, title=f"items [{part['unit'].iloc[0]}]", width=width)
        panels.append(panel.properties(title=panel_title(called(study_of(results), plant), notes)))
    return stacked(panels)


def table(results: Results) -> pd.DataFrame:
    """The same months in numbers, with output as a share of open capacity."""
    import numpy as np

    frame = monthly(results, list(_WORDS))
    wide = frame.pivot_table(
        index=["entity", "period", "unit"], columns="variable", values=["mean", "p10", "p90"], sort=False
    )
    found = wide.index.to_frame(index=False).rename(columns={"entity": "plant", "period": "month"})
    for name, word in _WORDS.items():
        for value in ("mean", "p10", "p90"):
            found[f"{word} {value}"] = wide[value, name].to_numpy()
    open_capacity = found["open capacity mean"].to_numpy(dtype=float)
    used = np.divide(found["output mean"], open_capacity, out=np.full(len(found), np.nan), where=open_capacity > 0)
    found["output of capacity [%]"] = np.round(100.0 * used, 1)
    return found
