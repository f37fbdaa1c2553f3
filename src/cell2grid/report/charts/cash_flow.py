"""Chart: what a storage project pays and earns in each year, with the spread over the members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.caveats import caveats
from cell2grid.report.marks import folded, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import ACCENT, INK, QUIET, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"cash_flow": ()}
TITLE = "The project's money, year by year"
PLACE = ("project", 3)
_MEAN = "bar: mean; whisker: 10 to 90 % of members"


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Cash flow of each project by year: bars for the mean, whiskers from p10 to p90."""
    frame = rows(results, "cash_flow")
    panels = []
    for project, part, notes in panels_of(frame, "project", [_MEAN], width):
        known = [line for note in caveats(results, project) for line in folded(note, width)]
        panels.append(
            _panel(part, width).properties(
                title=panel_title(folded(called(study_of(results), project), width), [*notes, *known])
            )
        )
    return stacked(panels)


def _panel(frame: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    unit = str(frame["unit"].iloc[0])
    scale, word = scaled(float(frame[["mean", "p10", "p90"]].abs().to_numpy().max()))
    said = [
        f"{row.year}: {amount(row.mean_, row.unit)}, range {between(row.p10, row.p90, row.unit)}"
        for row in frame.rename(columns={"mean": "mean_"}).itertuples()
    ]
    numbers = {edge: frame[edge] / scale for edge in ("mean", "p10", "p90")}
    base = alt.Chart(frame.assign(said=said, **numbers))
    money = f"cash flow [{f'{word} ' if word else ''}{unit}]"
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


def table(results: Results) -> pd.DataFrame:
    """The same years in numbers, with the sum of the means so far."""
    frame = rows(results, "cash_flow")
    frame = frame.assign(**{"sum so far": frame.groupby("project", sort=False)["mean"].cumsum()})
    return frame[["project", "year", "mean", "p10", "p90", "sum so far", "unit"]]
