"""What several charts share: rows of a table of the run, months as times, a mean with its band, points that speak.

A point that speaks carries a sentence; the page turns it into what is shown on hover (``drawing.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from cell2grid.report.theme import ACCENT, BAND_OPACITY, WIDE, palette
from cell2grid.report.wording import amount, between, month

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

SPREAD = "line: mean; band: 10 to 90 % of members"
# a page of more pictures is one that nobody reads, and too heavy to send
MOST_PANELS = 6
_FEW = 30


def rows(results: Results, table: str, variables: Iterable[str] = ()) -> pd.DataFrame:
    """The rows of a table of the run, of some variables where they are named; empty where the run has none."""
    import pandas as pd

    frame = results.tables.get(table)
    if frame is None:
        return pd.DataFrame()
    wanted = list(variables)
    if wanted:
        frame = frame[frame["variable"].isin(wanted)]
    return frame.reset_index(drop=True)


def entities(frame: pd.DataFrame, column: str = "entity") -> list[str]:
    """The names in a column, in the order of their first row."""
    return list(dict.fromkeys(frame[column].astype(str)))


def monthly(results: Results, variables: Sequence[str]) -> pd.DataFrame:
    """Monthly rows with a time for the axis and a sentence for the reader who points at a month."""
    import pandas as pd

    frame = rows(results, "monthly", variables)
    if frame.empty:
        return frame
    frame = frame.assign(time=pd.to_datetime(frame["period"], format="%Y-%m", utc=True))
    said = [
        f"{month(row.period)}: {amount(row.mean_, row.unit)}, range {between(row.p10, row.p90, row.unit)}"
        for row in frame.rename(columns={"mean": "mean_"}).itertuples()
    ]
    return frame.assign(said=said)


def months_axis(width: int) -> alt.Axis:
    """An axis of months in which each January is its year, and the first mark says both."""
    import altair as alt

    kind = "datum.index === 0 ? '%b %Y' : utcmonth(datum.value) === 0 ? '%Y' : '%b'"
    return alt.Axis(labelExpr=f"utcFormat(datum.value, {kind})", tickCount=4 if width < WIDE else 8, labelSeparation=8)


def band(frame: pd.DataFrame, *, title: str, width: int = WIDE, height: int = 210) -> alt.TopLevelMixin:
    """Mean and band over time, one colour for each value of the column ``series``."""
    import altair as alt

    frame = frame[["time", "series", "mean", "p10", "p90", "said"]]
    series = entities(frame, "series")
    colour = alt.Color("series:N").scale(domain=series, range=palette(series))
    colour = colour.legend(None) if len(series) == 1 else colour
    time = alt.X("time:T").title(None).scale(type="utc").axis(months_axis(width))
    number = alt.Y("mean:Q").title(title).scale(zero=True)
    plain = alt.Chart(frame)
    area = plain.mark_area(opacity=BAND_OPACITY, aria=False).encode(
        x=time, y=alt.Y("p10:Q").title(title), y2="p90:Q", color=colour
    )
    line = plain.mark_line(strokeWidth=2.2, aria=False).encode(x=time, y=number, color=colour)
    seen = 1 if frame["time"].nunique() <= _FEW else 0
    dots = plain.mark_circle(size=26, opacity=seen, aria=False).encode(x=time, y=number, color=colour)
    return alt.layer(area, line, dots, speaking(frame, x=time, y=number)).properties(width=width - 70, height=height)


def speaking(frame: pd.DataFrame, *, x: alt.X, y: alt.Y, size: int = 260) -> alt.Chart:
    """Unseen points that carry the sentence of the column ``said``."""
    import altair as alt

    points = alt.Chart(frame).mark_circle(size=size, opacity=0, color=ACCENT)
    spoken: alt.Chart = points.encode(x=x, y=y, description="said:N")
    return spoken


def panels_of(
    frame: pd.DataFrame, column: str, notes: Sequence[str], width: int
) -> Iterator[tuple[str, pd.DataFrame, list[str]]]:
    """The rows of each entity with the notes of its panel, folded; of many entities only the first few.

    The last panel says how many more there are, and where.
    """
    names = entities(frame, column)
    for place, name in enumerate(names[:MOST_PANELS]):
        told = list(notes)
        if place == MOST_PANELS - 1 and len(names) > MOST_PANELS:
            told.append(f"{len(names) - MOST_PANELS} more are in the tables of the run folder")
        yield name, frame[frame[column].astype(str) == name], [line for note in told for line in folded(note, width)]


def stacked(panels: Sequence[alt.TopLevelMixin]) -> alt.TopLevelMixin:
    """Panels one below the other, each with colours and scales of its own."""
    import altair as alt

    below: alt.VConcatChart = alt.vconcat(*cast(Any, panels), spacing=26)
    below = below.resolve_scale(color="independent", shape="independent")
    return below


def panel_title(text: str | list[str], notes: Sequence[str] = ()) -> alt.TitleParams:
    """The title of a panel, and below it what a reader must know to read it."""
    import altair as alt

    return alt.TitleParams(text, subtitle=list(notes)) if notes else alt.TitleParams(text)


def folded(text: str, width: int) -> list[str]:
    """The text in lines that fit a chart so many pixels wide.

    >>> folded("illustrative: prices of another region", 200)
    ['illustrative: prices of another', 'region']
    """
    import textwrap

    return textwrap.wrap(text, max(20, int(width / 6.3)))
