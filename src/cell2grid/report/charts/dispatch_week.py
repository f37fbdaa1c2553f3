"""Chart: a typical week of a storage project: the price, what it charges and discharges, what it holds.

The week is the whole one (Monday to Sunday where stamps allow) whose income is the median of all weeks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.alone import name_of, notes_of
from cell2grid.report.marks import folded, panel_title, panels_of, rows, speaking, stacked
from cell2grid.report.theme import ACCENT, INK, ORANGE, VERMILLION, WIDE, axis_title
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"dispatch": ()}
TITLE = "A week of the storage project"
PLACE = ("project", 2)


def typical_week(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the calendar week with the median income; all rows where there is less than one whole week."""
    import pandas as pd

    stamps = pd.to_datetime(frame["timestep"], utc=True)
    frame = frame.assign(time=stamps, income=frame["price"] * (frame["discharge"] - frame["charge"]))
    frame = frame.sort_values("time")
    week = frame["time"].dt.tz_localize(None).dt.to_period("W")
    steps = week.map(week.value_counts())
    whole = frame[steps == steps.max()] if len(frame) else frame
    if week.nunique() < 2:
        return frame
    income = whole.groupby(week[whole.index])["income"].sum().sort_values(kind="stable")
    return frame[week == income.index[(len(income) - 1) // 2]]


def _weeks(results: Shown) -> dict[str, pd.DataFrame]:
    found = {}
    for project, part, _ in panels_of(rows(results, "dispatch"), "project", [], WIDE):
        week = typical_week(part)
        said = [
            f"{row.time:%a %d %b %H:%M}: price {rounded(row.price)}, charge {rounded(row.charge)} MW, "
            f"discharge {rounded(row.discharge)} MW, {rounded(row.energy)} MWh stored"
            for row in week.itertuples()
        ]
        found[project] = week.assign(said=said)
    return found


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Three panels for each project: price, power and stored energy over the week."""
    panels: list[alt.TopLevelMixin] = []
    for project, week in _weeks(results).items():
        notes = [line for caveat in notes_of(results, project) for line in folded(caveat, width)]
        begins = week["time"].iloc[0]
        head = panel_title(folded(f"{name_of(results, project)}, week of {begins:%Y-%m-%d}", width), notes)
        panels.extend([_price(week, str(week["currency"].iloc[0]), width).properties(title=head)])
        panels.extend([_power(week, width), _energy(week, width)])
    return stacked(panels)


def _time() -> alt.X:
    import altair as alt

    return alt.X("time:T").title(None).scale(type="utc").axis(format="%a %d", tickCount="day", labelSeparation=8)


def _price(week: pd.DataFrame, currency: str, width: int) -> alt.TopLevelMixin:
    import altair as alt

    price = alt.Y("price:Q").title(axis_title("price", f"{currency}/MWh"))
    line = alt.Chart(week).mark_line(interpolate="step-after", color=INK, strokeWidth=1.4, aria=False)
    return alt.layer(line.encode(x=_time(), y=price), speaking(week, x=_time(), y=price)).properties(
        width=width - 70, height=110
    )


def _power(week: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    signed = week.assign(taken=-week["charge"])
    kinds = alt.Scale(domain=["discharge, to the grid", "charge, from the grid"], range=[ACCENT, ORANGE])
    layers = [
        alt.Chart(signed.assign(kind=kind))
        .mark_area(interpolate="step-after", opacity=0.75, aria=False)
        .encode(
            x=_time(),
            y=alt.Y(f"{column}:Q").title("power [MW]"),
            color=alt.Color("kind:N").scale(kinds),
        )
        for kind, column in zip(kinds.to_dict()["domain"], ("discharge", "taken"), strict=True)
    ]
    return alt.layer(*layers).properties(width=width - 70, height=120)


def _energy(week: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    area = alt.Chart(week).mark_area(
        opacity=0.35, color=VERMILLION, line={"color": VERMILLION, "strokeWidth": 1.2}, aria=False
    )
    encoded: alt.Chart = area.encode(x=_time(), y=alt.Y("energy:Q").title(axis_title("energy", "MWh")))
    return encoded.properties(width=width - 70, height=100)


def table(results: Shown) -> pd.DataFrame:
    """The steps of the week in numbers."""
    import pandas as pd

    parts = [
        week.assign(time=week["time"].dt.strftime("%Y-%m-%d %H:%M"))[
            ["project", "time", "price", "charge", "discharge", "energy"]
        ].assign(**{"price in": f"{week['currency'].iloc[0]!s}/MWh"})
        for project, week in _weeks(results).items()
    ]
    return pd.concat(parts, ignore_index=True)
