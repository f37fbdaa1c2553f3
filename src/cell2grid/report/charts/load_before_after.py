"""Chart: the net load of a region before and after a storage project, around its peak and its strongest ramp.

Net load is load less wind and solar, after what is curtailed. The ramp is the strongest change from one time step to
the next, up or down, as ``engines.adequacy`` measures it. Stamps are UTC; a series without stamps is drawn by its
hours, and has no months.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cell2grid.report.marks import folded, label_of, nothing, panel_title, rows, stacked
from cell2grid.report.theme import ACCENT, BAND_OPACITY, QUIET, WIDE
from cell2grid.report.wording import amount

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"load": ()}
TITLE = "Net load before and after"
PLACE = ("grid", 1)
KINDS = {"before": QUIET, "after": ACCENT}
_DAYS = 3
_MOST_STEPS = 900


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """The days around the peak, those around the strongest ramp, and the peak of each month."""
    load = _load(results)
    if load.empty:
        return stacked([nothing(width)])
    panels = [_days(load, titles, places, width) for titles, places in _windows(load)]
    months = _months(load)
    if len(months) > 1:
        panels.append(_peaks(months, width))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """What changes, then the peak of each month [MW]."""
    import pandas as pd

    parts = []
    benefit = rows(results, "benefit")
    if len(benefit):
        numbers = benefit[["unit", "before", "after", "change"]].assign(what=benefit["variable"].map(label_of))
        parts.append(numbers)
    load = _load(results)
    if len(load):
        months = _months(load)
        peaks = months[["before", "after"]].assign(
            what="peak of " + months["time"].dt.strftime("%Y-%m"), unit="MW", change=months["after"] - months["before"]
        )
        parts.append(peaks)
    return pd.concat(parts, ignore_index=True)[["what", "before", "after", "change", "unit"]]


def _load(results: Shown) -> pd.DataFrame:
    """Steps with ``time`` (UTC, without a zone), ``before`` and ``after`` [MW], in the order of time.

    Without stamps there is the ``hour`` as well, and the time is counted from an hour of no meaning.
    """
    import pandas as pd

    frame = rows(results, "load")
    found = frame[["before", "after"]].astype(float)
    if "hour" in frame:
        hours = frame["hour"].astype(float)
        found = found.assign(hour=hours, time=pd.Timestamp(0) + pd.to_timedelta(hours, unit="h").dt.round("s"))
    else:
        found = found.assign(time=pd.to_datetime(frame["timestep"], utc=True).dt.tz_localize(None))
    found = found.dropna()
    return found.sort_values("time", kind="stable", ignore_index=True)


def _windows(load: pd.DataFrame) -> list[tuple[list[str], pd.DataFrame]]:
    """The stretches to draw, each under what it shows: the peak, and the strongest ramp where it lies elsewhere."""
    before = load["before"].to_numpy()
    after = load["after"].to_numpy()
    peak = int(before.argmax())
    found = [(["peak"], peak)]
    if len(load) > 1:
        ramp = int(np.abs(np.diff(before)).argmax())
        near = abs(load["time"].iloc[ramp] - load["time"].iloc[peak]) <= np.timedelta64(_DAYS * 8, "h")
        found = [(["peak", "ramp"], peak)] if near else [*found, (["ramp"], ramp)]
    rate = np.timedelta64(1, "h") / _step(load)
    words = {
        "peak": f"peak {amount(before.max(), 'MW')} before, {amount(after.max(), 'MW')} after",
        "ramp": "strongest ramp",
    }
    if len(load) > 1:
        ramps = [amount(float(np.abs(np.diff(series)).max()) * rate, "MW/hour") for series in (before, after)]
        words["ramp"] = f"strongest ramp {ramps[0]} before, {ramps[1]} after"
    return [([words[name] for name in names], _around(load, place)) for names, place in found]


def _step(load: pd.DataFrame) -> pd.Timedelta:
    """How long the usual step is; an hour where there is but one."""
    import pandas as pd

    return load["time"].diff().median() if len(load) > 1 else pd.Timedelta(hours=1)


def _around(load: pd.DataFrame, place: int) -> pd.DataFrame:
    """The steps of the days around one of them; fewer days where the steps are very short."""
    half = np.timedelta64(_DAYS * 12 * 60, "m")
    centre = load["time"].iloc[place]
    while True:
        part = load[(load["time"] >= centre - half) & (load["time"] <= centre + half)]
        if len(part) <= _MOST_STEPS:
            return part.reset_index(drop=True)
        half //= 2


def _months(load: pd.DataFrame) -> pd.DataFrame:
    """The highest net load of each month before and after, with the month's beginning as ``time``; none by hours."""
    if "hour" in load:
        load = load.iloc[:0]
    highest = load.groupby(load["time"].dt.to_period("M"))[["before", "after"]].max()
    return highest.reset_index().assign(time=lambda months: months["time"].dt.to_timestamp())


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(
        [frame.drop(columns=list(KINDS)).assign(kind=kind, power=frame[kind]) for kind in KINDS], ignore_index=True
    )


def _colour() -> alt.Color:
    import altair as alt

    return alt.Color("kind:N").scale(alt.Scale(domain=list(KINDS), range=list(KINDS.values()))).sort(list(KINDS))


def _scale(values: pd.DataFrame) -> alt.Scale:
    import altair as alt

    low, high = float(values.min().min()), float(values.max().max())
    room = 0.06 * (high - low) or 1.0
    return alt.Scale(domain=[low - room, high + room], nice=True, zero=False)


def _days(load: pd.DataFrame, said: list[str], part: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt
    import pandas as pd

    # the last step lasts as long as the others, and its line ends where it does
    end = part.tail(1).assign(time=part["time"].iloc[-1] + _step(load))
    by_hour = "hour" in part
    if by_hour:
        end = end.assign(hour=end["hour"] + _step(load) / np.timedelta64(1, "h"))
    steps = pd.concat([part, end], ignore_index=True)
    steps = steps.assign(time=steps["time"].dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ticks = 3 if width < WIDE else 6
    x = alt.X("time:T").title(None).scale(type="utc").axis(format="%d %b %H:%M", tickCount=ticks)
    if by_hour:
        x = alt.X("hour:Q").title("hour").scale(zero=False, nice=False).axis(format=",~r", tickCount=ticks)
    scale = _scale(part[list(KINDS)])
    y, low = (alt.Y(f"{name}:Q").title("net load [MW]").scale(scale) for name in ("power", "before"))
    line = alt.Chart(_long(steps)).mark_line(interpolate="step-after", strokeWidth=2, aria=False)
    area = alt.Chart(steps).mark_area(interpolate="step-after", opacity=BAND_OPACITY, color=ACCENT, aria=False)
    head = _stretch(part)
    lines = [text for note in said for text in folded(note, width)]
    return alt.layer(
        area.encode(x=x, y=low, y2="after:Q"), line.encode(x=x, y=y, color=_colour())
    ).properties(
        width=width - 80, height=190, title=panel_title(head, lines)
    )  # fmt: skip


def _stretch(part: pd.DataFrame) -> str:
    """From when to when it is, in words."""
    if "hour" in part:
        first, last = (f"{part['hour'].iloc[place]:,.0f}" for place in (0, -1))
        return f"hours {first} to {last} of a series without stamps"
    first, last = (f"{part['time'].iloc[place]:%Y-%m-%d}" for place in (0, -1))
    return f"{first if first == last else f'{first} to {last}'}, UTC"


def _peaks(months: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    said = [
        f"{row.time:%B %Y}: {amount(row.before, 'MW')} before, {amount(row.after, 'MW')} after"
        for row in months.itertuples()
    ]
    names = [f"{time:%b %Y}" for time in months["time"]]
    both = months[list(KINDS)].assign(month=names, said=said)
    scale, inner = _scale(months[list(KINDS)]), width - 80
    shown = names[:: -(-len(names) * 66 // inner)]
    axis = alt.Axis(values=shown, tickCount=len(shown), labelAngle=0, labelPadding=9, ticks=False, labelOverlap=False)
    x = alt.X("month:O").title(None).sort(names).axis(axis)
    y, low = (alt.Y(f"{name}:Q").title("highest of the month [MW]").scale(scale) for name in ("power", "before"))
    rule = alt.Chart(both).mark_rule(color=QUIET, strokeWidth=1.4, aria=False).encode(x=x, y=low, y2="after:Q")
    circles = alt.Chart(_long(both)).mark_circle(size=60, opacity=1)
    dots = circles.encode(x=x, y=y, color=_colour(), description="said:N")
    title = panel_title("The highest net load of each month")
    return alt.layer(rule, dots).properties(width=min(inner, 90 * len(names)), height=150, title=title)
