"""Chart: a calendar of deliveries, one row for each order, with what arrives in each month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import name_of
from cell2grid.report.marks import entities, folded, monthly, months_axis, panel_title, rows, speaking
from cell2grid.report.theme import ACCENT, INK, WIDE, blended
from cell2grid.report.wording import amount

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"monthly": ("order_delivered",), "deliveries": ()}
TITLE = "The calendar of deliveries"
PLACE = ("output", 5)
_MOST = 40  # orders; the table has all of them


def _arrivals(results: Results) -> pd.DataFrame:
    """What arrives for each order in each month, and its part of all that was ordered."""
    frame = monthly(results, ["order_delivered"])
    frame = frame.assign(order=[name_of(results, str(entity)) for entity in frame["entity"]])
    ordered = rows(results, "deliveries").set_index("project")["items"]
    total = frame["entity"].map(ordered).astype(float)
    frame = frame.assign(share=(frame["mean"] / total).where(total > 0, 0.0))
    return frame.assign(said=[f"{order}, {said}" for order, said in zip(frame["order"], frame["said"], strict=True)])


def _complete(results: Results) -> pd.DataFrame:
    """The middle month in which each order is complete; no row where half of the members never get it."""
    import pandas as pd

    frame = rows(results, "deliveries")
    frame = frame[frame["delivered_p50"].notna()]
    return pd.DataFrame(
        {
            "order": [name_of(results, str(project)) for project in frame["project"]],
            "done": pd.to_datetime(frame["delivered_p50"].astype(str), format="%Y-%m", utc=True),
        }
    )


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A cell for each order and month, darker where more of the order arrives; a bar at its middle completion."""
    import altair as alt

    frame = _arrivals(results)
    names = entities(frame, "order")
    shown = frame[frame["order"].isin(names[:_MOST])]
    shown = shown[shown["mean"] > 0] if (shown["mean"] > 0).any() else shown
    row = alt.Y("order:N").sort(names[:_MOST]).title(None).axis(labelLimit=width // 3, domain=False, ticks=False)
    time = alt.X("utcyearmonth(time):T").title(None).axis(months_axis(width))
    most = max(float(shown["share"].max()), 1e-9)
    colour = alt.Color("share:Q").scale(domain=[0, most], range=[blended(ACCENT, 0.06), ACCENT]).legend(None)
    cells = alt.Chart(shown[["order", "time", "share"]]).mark_rect(aria=False)
    layers: list[Any] = [cells.encode(x=time, y=row, color=colour)]
    done = _complete(results)
    done = done[done["order"].isin(names[:_MOST])]
    if len(done):
        layers.append(
            alt.Chart(done)
            .mark_tick(color=INK, thickness=3, size=18, aria=False)
            .encode(x=alt.X("utcyearmonth(done):T"), y=row)
        )
    layers.append(speaking(shown[["order", "time", "said"]], x=time, y=row))
    notes = ["colour: part of the order that arrives in the month, mean of members; bar: complete in the middle case"]
    if len(names) > _MOST:
        notes.append(f"the first {_MOST} of {len(names)} orders; the others are in the table")
    title = panel_title(folded(notes[0], width), [line for note in notes[1:] for line in folded(note, width)])
    drawn: Any = alt.layer(*layers)
    tall = 26 * min(len(names), _MOST)
    titled: alt.LayerChart = drawn.properties(width=width - 40 - width // 4, height=tall, title=title)
    return titled


def table(results: Results) -> pd.DataFrame:
    """What arrives for each order in the months in which something does."""
    frame = _arrivals(results)
    frame = frame[frame["p90"] > 0] if (frame["p90"] > 0).any() else frame.head(1)
    parts = [amount(float(share), "ratio") for share in frame["share"]]
    frame = frame.assign(part=parts).rename(columns={"period": "month", "part": "part of the order"})
    return frame[["order", "month", "mean", "p10", "p90", "unit", "part of the order"]]
