"""Chart: when what a project has ordered arrives, and when the project begins to operate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import name_of
from cell2grid.report.marks import folded, panel_title, panels_of, rows, speaking, stacked
from cell2grid.report.provenance import study_of
from cell2grid.report.theme import ACCENT, BAND_OPACITY, GREEN, WIDE
from cell2grid.report.wording import amount, month
from cell2grid.results import Results

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"deliveries": ()}
TITLE = "When the project is delivered"
PLACE = ("project", 1)
_EVENTS = {"delivered": "order complete", "commissioning": "in operation"}


def begins(results: Shown) -> bool:
    """Whether any of the orders is that of a project: others begin to operate nowhere."""
    return bool(_of_projects(results))


def _of_projects(results: Shown) -> list[dict[str, Any]]:
    """The deliveries to projects; what markets and regions have ordered is in the calendar of deliveries."""
    found: list[dict[str, Any]] = rows(results, "deliveries").to_dict("records")
    if not isinstance(results, Results):
        return found
    return [row for row in found if row["project"] not in study_of(results).orders]


def _dates(results: Shown) -> pd.DataFrame:
    """One row for each project and event, with the months as times; None where the horizon ends before."""
    import pandas as pd

    found = []
    for row in _of_projects(results):
        for event, words in _EVENTS.items():
            # a missing month is a number that is none where other rows of the column have a month
            told = {edge: row[f"{event}_{edge}"] for edge in ("p10", "p50", "p90")}
            months = {edge: value if isinstance(value, str) else None for edge, value in told.items()}
            late = amount(row["undelivered"], "ratio")
            said = f"{words}: " + ", ".join(
                f"{name} {month(value) if value else 'after the horizon'}"
                for name, value in zip(("early (p10)", "middle (p50)", "late (p90)"), months.values(), strict=True)
            )
            found.append({"project": row["project"], "event": words, **months, "not within": late, "said": said})
    frame = pd.DataFrame(found)
    for edge in ("p10", "p50", "p90"):
        frame[f"time_{edge}"] = pd.to_datetime(frame[edge].astype("string").str[:7], format="%Y-%m", utc=True)
    return frame


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """For each project a bar from the early to the late month, and a dot at the middle one."""
    note = "bar: 10 to 90 % of members; dot: the middle case"
    panels = []
    for project, part, notes in panels_of(_dates(results), "project", [note], width):
        late = part["not within"].iloc[0]
        told = [] if late == "0 %" else folded(f"not within the horizon in {late} of members", width)
        title = panel_title(folded(name_of(results, project), width), [*notes, *told])
        panels.append(_panel(part, width).properties(title=title))
    return stacked(panels)


def _panel(frame: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    events = list(_EVENTS.values())
    colour = alt.Color("event:N").scale(domain=events, range=[ACCENT, GREEN]).legend(None)
    event = alt.Y("event:N").sort(events).title(None).axis(domain=False, ticks=False)
    step = _months_between_marks(frame, 3 if width < WIDE else 6)
    months = alt.Axis(format="%b %Y", tickCount={"interval": "month", "step": step}, grid=True)
    middle, early = (alt.X(f"time_{edge}:T").title(None).scale(type="utc").axis(months) for edge in ("p50", "p10"))
    base = alt.Chart(frame)
    bars = base.mark_bar(height=13, opacity=BAND_OPACITY * 1.6, aria=False)
    return alt.layer(
        bars.encode(x=early, x2="time_p90:T", y=event, color=colour),
        base.mark_circle(size=100, opacity=1, aria=False).encode(x=middle, y=event, color=colour),
        speaking(frame, x=middle, y=event),
    ).properties(width=width - 130, height=76)


def _months_between_marks(frame: pd.DataFrame, marks: int) -> int:
    """Months from one mark of the axis to the next, so that no more than so many labels stand on it."""
    times = frame[["time_p10", "time_p50", "time_p90"]]
    first, last = times.min().min(), times.max().max()
    span = (last.year - first.year) * 12 + last.month - first.month if first == first and last == last else 0
    return next(step for step in (1, 2, 3, 4, 6, 12, 24, 60, 120, 1200) if span <= step * marks or step == 1200)


def table(results: Shown) -> pd.DataFrame:
    """The same months in words."""
    frame = _dates(results).rename(columns={"p10": "early (p10)", "p50": "middle (p50)", "p90": "late (p90)"})
    return frame[["project", "event", "early (p10)", "middle (p50)", "late (p90)", "not within"]]
