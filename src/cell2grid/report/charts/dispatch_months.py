"""Chart: what a storage asset pays for charging and receives for discharging in each month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.report.dispatched import Dispatched, by_part, headed, of_run
from cell2grid.report.marks import stacked
from cell2grid.report.theme import ACCENT, INK, ORANGE, PAPER, QUIET, WIDE
from cell2grid.report.wording import rounded, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"dispatch": ()}
TITLE = "Revenue by month"
PLACE = ("project", 6)
KINDS = {"received for discharging": ACCENT, "paid for charging": ORANGE}
_FORMS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A panel for each project: bars for what is received and paid, a mark for the revenue."""
    return picture(of_run(results), width=width)


def table(results: Shown) -> pd.DataFrame:
    """The same parts in numbers."""
    return numbers(of_run(results))


def picture(assets: Sequence[Dispatched], *, width: int = WIDE) -> alt.TopLevelMixin:
    """A panel for each asset; of few days by day, of many years by year."""
    return stacked([_panel(asset, width) for asset in assets])


def numbers(assets: Sequence[Dispatched]) -> pd.DataFrame:
    """Energy and money of each asset, part by part."""
    import pandas as pd

    parts = []
    for asset in assets:
        what, sums = by_part(asset)
        columns = {
            "project": asset.name,
            "part": sums["begins"].dt.strftime(_FORMS[what]),
            "discharged [MWh]": sums["sold"],
            "charged [MWh]": sums["bought"],
            "received": sums["received"],
            "paid": sums["paid"],
            "revenue": sums["revenue"],
            "money in": asset.currency,
        }
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _panel(asset: Dispatched, width: int) -> alt.TopLevelMixin:
    import altair as alt

    what, sums = by_part(asset)
    scale, word = scaled(float(np.abs(sums[["received", "paid", "revenue"]].to_numpy()).max()))
    money = f"money by {what} [{f'{word} ' if word else ''}{asset.currency}]"
    # 62 days at most: no day of a month stands twice
    names = [f"{day.day} {day:%b}" if what == "day" else day.strftime(_FORMS[what]) for day in sums["begins"]]
    said = [
        f"{name}: received {asset.currency} {rounded(row.received)}, paid {rounded(row.paid)}, "
        f"revenue {rounded(row.revenue)}"
        for name, row in zip(names, sums.itertuples(), strict=True)
    ]
    rows = [
        {"part": name, "kind": kind, "money": amount / scale}
        for kind, column in zip(KINDS, (sums["received"], -sums["paid"]), strict=True)
        for name, amount in zip(names, column.tolist(), strict=True)
    ]
    revenue = [
        {"part": name, "money": value / scale, "said": text, "kind": "revenue"}
        for name, value, text in zip(names, sums["revenue"].tolist(), said, strict=True)
    ]
    # names of days sort as words, "1 Apr" before "24 Mar": the order is that of time
    part = alt.X("part:O").title(None).sort(names).axis(_axis(names, what, width)).scale(paddingInner=0.25)
    y = alt.Y("money:Q").title(money)
    colours = alt.Scale(domain=[*KINDS, "revenue"], range=[*KINDS.values(), INK])
    colour = alt.Color("kind:N").scale(colours).sort(list(colours.to_dict()["domain"]))
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(aria=False).encode(x=part, y=y, color=colour)
    marks = alt.Chart(alt.InlineData(values=revenue)).mark_circle(size=46, opacity=1.0, stroke=PAPER, strokeWidth=1)
    dots = marks.encode(x=part, y=y, color=colour, description="said:N")
    zero = alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0))
    room = min(width - 70, 60 * len(names))
    return alt.layer(bars, zero, dots).properties(width=room, height=200, title=headed(asset, width, *asset.on_money))


def _axis(names: Sequence[str], what: str, width: int) -> alt.Axis:
    """The names of some of the parts, evenly, so many as there is room for."""
    import altair as alt

    room = {"day": 50, "month": 62, "year": 44}[what]
    every = -(-len(names) * room // (width - 70)) if len(names) > 1 else 1
    shown = list(names[:: max(1, every)])
    return alt.Axis(values=shown, labelAngle=0, labelPadding=9, domain=False, ticks=False, labelOverlap=False)
