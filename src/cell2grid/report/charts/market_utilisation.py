"""Chart: what part of nameplate capacity is sold over time, at home and abroad, by product and by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.market_terms import terms_axis, timed
from cell2grid.report.marks import SPREAD, band, folded, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import PALETTE, WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS = {"market_groups": ("nameplate_utilisation",)}
TITLE = "How much of capacity is used"
PLACE = ("market", 4)
_SERIES = {
    "product": "all plants",
    "product at home": "where their firm is at home",
    "product abroad": "abroad",
}
_GROUPS = "groups"
_NOTE = "what is sold as a part of nameplate capacity"


def _use(results: Results) -> pd.DataFrame:
    """Rows of products, of their plants at home and abroad, and of groups; in percent."""
    frame = rows(results, "market_groups", NEEDS["market_groups"])
    kinds = frame["kind"].astype(str)
    frame = frame[kinds.isin([*_SERIES, "group"])]
    study = study_of(results)
    kinds, names = frame["kind"].astype(str), frame["entity"].astype(str)
    panels = [_GROUPS if kind == "group" else name for kind, name in zip(kinds, names, strict=True)]
    series = [_SERIES.get(kind) or called(study, name) for kind, name in zip(kinds, names, strict=True)]
    frame = timed(frame.assign(panel=panels, series=series))
    percent = {name: 100.0 * frame[name] for name in ("mean", "p10", "p90")}
    said = [f"{name}, {words}" for name, words in zip(series, frame["said"], strict=True)]
    return frame.assign(**percent, unit="percent", said=said)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Utilisation by product and group: means as lines, 10 to 90 % of the members as bands."""
    frame = _use(results)
    panels = []
    for name, whole, notes in panels_of(frame, "panel", [], width):
        part = _told_apart(whole)
        panel = band(part, title="utilisation [%]", width=width, axis=terms_axis(part))
        title = name if name == _GROUPS else called(study_of(results), name)
        told = [*folded(f"{_NOTE}; {SPREAD}", width), *notes]
        panels.append(panel.properties(title=panel_title(title, told)))
    return stacked(panels)


def _told_apart(part: pd.DataFrame) -> pd.DataFrame:
    """The series of a panel that differ: where all plants are at home, one line says it."""
    kinds = set(part["kind"].astype(str))
    if "product" in kinds and "product abroad" not in kinds:
        part = part[part["kind"].astype(str) == "product"]
    shown = list(dict.fromkeys(part["series"]))[: len(PALETTE)]
    return part[part["series"].isin(shown)]


def table(results: Results) -> pd.DataFrame:
    """The same in numbers."""
    frame = _use(results).rename(columns={"panel": "of", "series": "plants"})
    return frame[["of", "plants", "term", "mean", "p10", "p90", "unit"]]
