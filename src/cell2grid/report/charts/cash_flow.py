"""Chart: what a storage project pays and earns in each year, with the spread over the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.alone import by_project
from cell2grid.report.marks import money_title, rows
from cell2grid.report.theme import ACCENT, INK, QUIET, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"cash_flow": ()}
TITLE = "The project's money, year by year"
PLACE = ("project", 3)
_MEAN = "bar: mean; whisker: 10 to 90 % of members"


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Cash flow of each project by year: bars for the mean, whiskers from p10 to p90."""
    frame = rows(results, "cash_flow")
    return by_project(results, frame, width, lambda part, room: (_panel(part, room), [_MEAN]))


def _panel(frame: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    unit = str(frame["unit"].iloc[0])
    scale, word = scaled(float(frame[["mean", "p10", "p90"]].abs().max().max()))
    said = [
        f"{row.year}: {amount(row.mean_, row.unit)}, range {between(row.p10, row.p90, row.unit)}"
        for row in frame.rename(columns={"mean": "mean_"}).itertuples()
    ]
    numbers = {edge: frame[edge] / scale for edge in ("mean", "p10", "p90")}
    base = alt.Chart(frame.assign(said=said, **numbers))
    money = money_title(word, unit, "cash flow")
    year = alt.X("year:O").title("year of operation").axis(labelAngle=0, domain=False, ticks=False)
    bars = base.mark_bar(opacity=0.85).encode(
        x=year,
        y=alt.Y("mean:Q").title(money),
        color=alt.when("datum.mean < 0").then(alt.value(VERMILLION)).otherwise(alt.value(ACCENT)),
        description="said:N",
    )
    whiskers = base.mark_rule(color=INK, strokeWidth=1.2, aria=False)
    spread = whiskers.encode(x=year, y=alt.Y("p10:Q").title(money), y2="p90:Q")
    zero = alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0))
    return alt.layer(bars, spread, zero).properties(width=width - 70, height=220)


def table(results: Shown) -> pd.DataFrame:
    """The same years in numbers, with the sum of the means so far."""
    frame = rows(results, "cash_flow")
    frame = frame.assign(**{"sum so far": frame.groupby("project", sort=False)["mean"].cumsum()})
    return frame[["project", "year", "mean", "p10", "p90", "sum so far", "unit"]]
