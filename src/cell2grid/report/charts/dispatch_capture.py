"""Chart: what a storage asset pays and receives for a MWh, beside the mean price, the best hours and daily spreads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cell2grid.report.dispatched import Dispatched, by_day, capture, headed, of_run
from cell2grid.report.marks import months_axis, panel_title, stacked
from cell2grid.report.theme import ACCENT, INK, ORANGE, QUIET, WIDE, axis_title
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"dispatch": ()}
TITLE = "Price capture"
PLACE = ("project", 7)
LABELS = {
    "dearest": "dearest hours for as much energy",
    "received": "received for a MWh discharged",
    "mean": "mean of all hours",
    "paid": "paid for a MWh charged",
    "cheapest": "cheapest hours for as much energy",
}
_MARGIN = 36  # pixels to the left of both panels, so that their titles begin alike
_COLOURS = {"dearest": QUIET, "received": ACCENT, "mean": INK, "paid": ORANGE, "cheapest": QUIET}
# of more days than this the mean of each week or month is drawn
_MOST_DAYS, _MOST_WEEKS = 130, 700


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two panels for each project: prices met, and the spread of each day."""
    return picture(of_run(results), width=width)


def table(results: Shown) -> pd.DataFrame:
    """The prices met over the whole schedule, then those of each day."""
    return numbers(of_run(results))


def picture(assets: Sequence[Dispatched], *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two panels for each asset."""
    return stacked([panel for asset in assets for panel in (_met(asset, width), _days(asset, width))])


def numbers(assets: Sequence[Dispatched]) -> pd.DataFrame:
    """The prices of each asset over the whole schedule and of each day; what never happened has none."""
    import pandas as pd

    parts = []
    for asset in assets:
        whole, days = capture(asset), by_day(asset)
        price = asset.steps["price"]
        over = {
            "day": "all",
            "received": whole.received,
            "paid": whole.paid,
            "captured": whole.received - whole.paid,
            "dearest less cheapest step": price.max() - price.min(),
            "mean price": whole.mean,
            "dearest hours": whole.dearest,
            "cheapest hours": whole.cheapest,
        }
        rows = days.assign(day=days["begins"].dt.strftime("%Y-%m-%d")).rename(
            columns={"offered": "dearest less cheapest step"}
        )
        frame = pd.concat([pd.DataFrame([over]), rows.drop(columns="begins")], ignore_index=True)
        frame.insert(0, "project", asset.name)
        parts.append(frame.assign(**{"price in": f"{asset.currency}/MWh"}))
    return pd.concat(parts, ignore_index=True)


def _met(asset: Dispatched, width: int) -> alt.TopLevelMixin:
    import altair as alt

    whole = capture(asset)
    prices = {name: getattr(whole, name) for name in LABELS if math.isfinite(getattr(whole, name))}
    rows = [
        {"name": name, "price": price, "said": f"{LABELS[name]}: {rounded(price)}"} for name, price in prices.items()
    ]
    base = alt.Chart(alt.InlineData(values=rows))
    y = alt.Y("name:N").title(" ").sort(list(prices)).axis(labels=False, ticks=False, minExtent=_MARGIN)
    x = alt.X("price:Q").title(axis_title("price", f"{asset.currency}/MWh")).scale(zero=True)
    colours = alt.Scale(domain=list(prices), range=[_COLOURS[name] for name in prices])
    bars = base.mark_bar(aria=False, height=10, yOffset=6).encode(
        x=x, y=y, color=alt.Color("name:N").scale(colours).legend(None)
    )
    written = base.mark_text(align="left", dy=-7, color=INK, fontSize=11.5).encode(x=alt.value(0), y=y, text="said:N")
    said = ["what never happened has no price"] if len(prices) < len(LABELS) else []
    return alt.layer(bars, written).properties(
        width=width - 70, height=30 * len(prices), title=headed(asset, width, *said)
    )


def _days(asset: Dispatched, width: int) -> alt.TopLevelMixin:
    import altair as alt
    import pandas as pd

    days = by_day(asset)
    what = "day" if len(days) <= _MOST_DAYS else "week" if len(days) <= _MOST_WEEKS else "month"
    if what != "day":
        rule = {"week": "W-MON", "month": "MS"}[what]
        means = days.set_index("begins")[["captured", "offered"]].resample(rule, closed="left", label="left").mean()
        days = means.reset_index()
    kinds = {"dearest less cheapest": "offered", "received less paid": "captured"}
    rows = [
        {"time": time.isoformat() + "Z", "kind": kind, "spread": float(value)}
        for kind, column in kinds.items()
        for time, value in zip(pd.DatetimeIndex(days["begins"]), days[column], strict=True)
        if math.isfinite(value)
    ]
    colours = alt.Scale(domain=list(kinds), range=[QUIET, ACCENT])
    each = "Spread of each day" + ("" if what == "day" else f", mean of the {what}")
    few = len(days) <= 30
    form = "%b %Y" if what == "month" else "%d %b"
    marks: Any = "day" if few and what == "day" and len(days) <= 8 else 4 if width < WIDE else 7
    axis = months_axis(width) if what == "week" else alt.Axis(format=form, tickCount=marks, labelSeparation=8)
    x = alt.X("time:T").title(None).scale(type="utc", padding=14 if few else 0).axis(axis)
    y = alt.Y("spread:Q").title(f"spread [{asset.currency}/MWh]").axis(minExtent=_MARGIN)
    colour = alt.Color("kind:N").scale(colours)
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=1.8, aria=False)
    dots = alt.Chart(alt.InlineData(values=rows)).mark_circle(size=34 if few else 12, opacity=1, aria=False)
    layers = [lines.encode(x=x, y=y, color=colour)] + ([dots.encode(x=x, y=y, color=colour)] if few else [])
    return alt.layer(*layers).properties(width=width - 70, height=130, title=panel_title(each))
