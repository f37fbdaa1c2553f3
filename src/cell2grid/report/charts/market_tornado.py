"""Chart: a price, share, profit or use of the markets with one figure after the other at either end of its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.charts.tornado import panel
from cell2grid.report.marks import folded, label_of, panel_title, panels_of, rows, stacked
from cell2grid.report.theme import WIDE

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"market_tornado": ()}
TITLE = "What the markets hang on, figure by figure"
PLACE = ("risk", 5)
_VALUES = {"at_low": "npv_low", "at_high": "npv_high", "middle": "npv_middle"}


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Bars from the middle to the result at each end of each figure, the widest first; a panel for each result."""
    panels = []
    for name, part, told in panels_of(rows(results, "market_tornado"), "result", [], width):
        what, title = _called(name)
        shown = part.rename(columns={**_VALUES, "result_unit": "npv_unit"})
        if (shown["npv_unit"] == "ratio").all():
            values = list(_VALUES.values())
            shown = shown.assign(**{column: 100.0 * shown[column] for column in values}, npv_unit="percent")
        drawn, notes = panel(shown, width, what=what)
        lines = [line for note in notes for line in folded(note, width)]
        panels.append(drawn.properties(title=panel_title(folded(title, width), [*lines, *told])))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """All figures of each result, as written, their ends, and the result at each and in the middle."""
    columns = {
        "result": "result", "figure": "figure", "text": "as written", "low": "low", "high": "high", "unit": "unit",
        "at_low": "result at low", "at_high": "result at high", "middle": "in the middle", "result_unit": "result in",
    }  # fmt: skip
    return rows(results, "market_tornado")[list(columns)].rename(columns=columns)


def _called(name: str) -> tuple[str, str]:
    """What a result is, and its title: the variable, its entity and its term.

    >>> _called("market_price:home:2025")
    ('market price', 'market price: home, 2025')
    """
    kind, *rest = name.split(":")
    what = label_of(kind)
    return what, f"{what}: {', '.join(rest)}"
