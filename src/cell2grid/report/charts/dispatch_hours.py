"""Chart: at what hours of the day a storage asset charges and discharges, day by day or week by week.

Each column of the map is a day, a week, a month or a year, as the schedule's length asks; each cell is the mean power
in that hour of the day. Cells of one shade that touch are drawn as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.report.dispatched import Dispatched, by_hour, headed, of_run
from cell2grid.report.marks import stacked
from cell2grid.report.theme import ACCENT, NARROW, ORANGE, WIDE, blended
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    from numpy.typing import NDArray

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"dispatch": ()}
TITLE = "The hours in which it charges and discharges"
PLACE = ("project", 4)
KINDS = {"charge": ORANGE, "discharge": ACCENT}
SHADES = 5
_ROW = 5  # pixels of an hour
_WIDEST = 60
IDLE = "#eeeff0"
_FORMS = {
    "day": lambda time: f"{time.day} {time:%b}",
    "week": lambda time: f"{time.day} {time:%b %Y}",
    "month": lambda time: f"{time:%b %Y}",
    "year": lambda time: f"{time:%Y}",
}
_MOST_MARKS = 7


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two maps for each project: charge and discharge."""
    return picture(of_run(results), width=width)


def table(results: Shown) -> pd.DataFrame:
    """The same maps in numbers: a row for each column of the map, and the mean power in each hour."""
    return numbers(of_run(results))


def picture(assets: Sequence[Dispatched], *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two maps for each asset."""
    return stacked([panel for asset in assets for panel in _maps(asset, width)])


def numbers(assets: Sequence[Dispatched]) -> pd.DataFrame:
    """A row for each column of the maps of each asset, with 24 hours [MW]; missing where the schedule has no step."""
    import pandas as pd

    parts = []
    for asset in assets:
        what, cells = by_hour(asset)
        for kind in KINDS:
            wide = cells.pivot(index="begins", columns="hour", values=kind).reindex(columns=range(24))
            begins = wide.index.strftime("%Y-%m-%d")
            wide.columns = pd.Index([f"{hour:02d} h" for hour in range(24)])
            wide = wide.reset_index(drop=True)
            wide.insert(0, "power", f"{kind} [MW]")
            wide.insert(0, f"{what} from", begins)
            wide.insert(0, "project", asset.name)
            parts.append(wide.rename(columns={f"{what} from": "from"}))
    return pd.concat(parts, ignore_index=True)


def _maps(asset: Dispatched, width: int) -> list[alt.TopLevelMixin]:
    what, cells = by_hour(asset)
    columns = np.unique(cells["begins"].to_numpy())
    mean = "" if what == "day" else f", the mean of each {what}"
    clock = f"hours of the day in {asset.clock}{' time' if '/' in asset.clock else ''}{mean}"
    title = headed(asset, width, clock)
    above, below = (_map(cells, columns, what, kind, width) for kind in KINDS)
    return [above.properties(title=title), below]


def _map(cells: pd.DataFrame, columns: NDArray[np.datetime64], what: str, kind: str, width: int) -> alt.TopLevelMixin:
    import altair as alt

    largest = float(cells[kind].max())
    edges = np.linspace(0.0, largest, SHADES + 1)
    # a cell on an edge belongs to the shade below it; what stands still has one of its own
    shade = np.where(cells[kind] > 0.0, np.clip(np.searchsorted(edges, cells[kind] - 1e-9 * largest), 1, SHADES), 0)
    blocks = _blocks(np.searchsorted(columns, cells["begins"].to_numpy()), cells["hour"].to_numpy(), shade)
    names = [f"no {kind}", *(f"to {rounded(edge)} MW" for edge in edges[1:] if largest > 0.0)]
    colours = [IDLE, *(blended(KINDS[kind], (place + 1) / SHADES) for place in range(SHADES))][: len(names)]
    data = alt.InlineData(values=[{**block, "shade": names[block["shade"]]} for block in blocks])
    legend = alt.Legend(columns=3 if width < WIDE else 6)
    hour = alt.Y("first:Q").title("hour").scale(domain=[24, 0], nice=False)
    room = width - 70
    cells_drawn: alt.Chart = alt.Chart(data).mark_rect(aria=False)
    cells_drawn = cells_drawn.encode(
        x=alt.X("left:Q").title(None).scale(domain=[0, len(columns)], nice=False).axis(_axis(columns, what, width)),
        x2="right:Q",
        y=hour.axis(values=[0, 6, 12, 18, 24], grid=False, ticks=True),
        y2="after:Q",
        color=alt.Color("shade:N").scale(domain=names, range=colours).sort(names).legend(legend),
    )
    # whole pixels, so that no seams show between cells
    return cells_drawn.properties(width=len(columns) * min(_WIDEST, max(1, room // len(columns))), height=24 * _ROW)


def _blocks(column: NDArray[np.int64], hour: NDArray[np.int64], shade: NDArray[np.int64]) -> list[dict[str, int]]:
    """Cells of one column and one shade that follow each other, as one block each."""
    order = np.lexsort((hour, column))
    column, hour, shade = column[order], hour[order], shade[order]
    new = np.ones(len(column), bool)
    new[1:] = (np.diff(column) != 0) | (np.diff(hour) != 1) | (np.diff(shade) != 0)
    first = np.flatnonzero(new)
    last = np.append(first[1:], len(column)) - 1
    parts = {"left": column[first], "right": column[first] + 1, "first": hour[first], "after": hour[last] + 1}
    rows = zip(*(values.tolist() for values in (*parts.values(), shade[first])), strict=True)
    return [dict(zip((*parts, "shade"), row, strict=True)) for row in rows]


def _axis(columns: NDArray[np.datetime64], what: str, width: int) -> alt.Axis:
    """Marks where columns begin, evenly, so many as there is room for."""
    import altair as alt
    import pandas as pd

    every = -(-len(columns) // (3 if width <= NARROW else _MOST_MARKS))
    begins = {place: pd.Timestamp(columns[place]) for place in range(0, len(columns), every)}
    words = [f"{place}: '{_FORMS[what](time)}'" for place, time in begins.items()]
    return alt.Axis(
        values=list(begins), labelExpr=f"({{{', '.join(words)}}})[datum.value]", labelAlign="left", labelOverlap=False
    )
