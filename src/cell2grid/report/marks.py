"""What several charts share: rows of a table of the run, months as times, a mean with its band, points that speak.

A point that speaks carries a sentence; the page turns it into what is shown on hover (``drawing.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast

from cell2grid.nomenclature import variables
from cell2grid.report.theme import ACCENT, BAND_OPACITY, WIDE, palette
from cell2grid.report.wording import amount, between, month, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

SPREAD = "line: mean; band: 10 to 90 % of members"
# a page of more pictures is one that nobody reads, and too heavy to send
MOST_PANELS = 6
_FEW = 30


class Tabled(Protocol):
    """What holds tables by name, as the results of a run do."""

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables."""


def rows(results: Tabled, table: str, variables: Iterable[str] = ()) -> pd.DataFrame:
    """The rows of a table of the run, of some variables where they are named; empty where the run has none."""
    import pandas as pd

    frame = results.tables.get(table)
    if frame is None:
        return pd.DataFrame()
    wanted = list(variables)
    if wanted:
        frame = frame[frame["variable"].isin(wanted)]
    return frame.reset_index(drop=True)


def of_last_day(results: Tabled, table: str) -> pd.DataFrame:
    """The rows of the last day of a table."""
    frame = rows(results, table)
    return frame[frame["day"] == frame["day"].max()].reset_index(drop=True)


def label_of(name: str) -> str:
    """The name of a variable as words: its label in the nomenclature where it has one."""
    row = variables().get(name)
    return row.label if row is not None else name.replace("_", " ")


def entities(frame: pd.DataFrame, column: str = "entity") -> list[str]:
    """The names in a column, in the order of their first row."""
    return list(dict.fromkeys(frame[column].astype(str)))


def monthly(results: Tabled, variables: Sequence[str]) -> pd.DataFrame:
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


def years_axis(years: int, width: int) -> alt.X:
    """An axis of the column ``time`` [year] from 0 on, marked at whole years."""
    import altair as alt

    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 10**9) if years <= step * (6 if width < WIDE else 12) or step == 10**9
    )
    marked = list(range(0, years + 1, step))
    axis = alt.Axis(values=marked, tickCount=len(marked), format="d", labelOverlap=False)
    return alt.X("time:Q").title("years of operation").scale(domain=[0, max(years, 1)], nice=False).axis(axis)


def height_axis(column: str, domain: tuple[float, float]) -> alt.Y:
    """A height between two, without an axis."""
    import altair as alt

    return alt.Y(f"{column}:Q").scale(domain=list(domain), nice=False).axis(None)


def nothing(width: int) -> alt.TopLevelMixin:
    """A panel without a picture, under whose title it is said why."""
    import altair as alt

    empty = alt.Chart(alt.InlineData(values=[{"none": 0}])).mark_point(opacity=0, aria=False)
    sized: alt.Chart = empty.properties(width=width - 70, height=4)
    return sized


def money_title(word: str, unit: str, name: str) -> str:
    """The title of an axis of money: ``cash flow [million EUR]``.

    >>> money_title("million", "EUR", "cash flow"), money_title("", "currency", "NPV")
    ('cash flow [million EUR]', 'NPV [currency units]')
    """
    money = unit_words(unit) if unit.startswith("currency") else unit
    return f"{name} [{f'{word} ' if word else ''}{money}]"


def band(
    frame: pd.DataFrame, *, title: str, width: int = WIDE, height: int = 210, axis: alt.Axis | None = None
) -> alt.TopLevelMixin:
    """Mean and band over time, one colour for each value of the column ``series``; ``axis`` is of months without it."""
    import altair as alt

    frame = frame[["time", "series", "mean", "p10", "p90", "said"]]
    series = entities(frame, "series")
    colour = alt.Color("series:N").scale(domain=series, range=palette(series))
    colour = colour.legend(None) if len(series) == 1 else colour
    time = alt.X("time:T").title(None).scale(type="utc").axis(months_axis(width) if axis is None else axis)
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


def weighed_by(results: Tabled) -> frozenset[str]:
    """The observations that the run's members are weighed by, which are therefore no test of it."""
    frame = rows(results, "predictive")
    return frozenset() if frame.empty else frozenset(frame.loc[frame["used"].astype(bool), "name"])
