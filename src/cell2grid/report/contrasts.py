"""Rows of the table ``compared`` for pictures: which years are shown, who is in both runs, and rows under their words.

Sentences of the same table are in ``effects.py``; the pictures are ``charts/entry.py`` and ``charts/gains.py``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cell2grid.report.theme import INK

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

WHOLE = "all"
MOST_YEARS = 3
MOST_ROWS = 12  # of a panel
STEP = 34  # pixels from one row to the next


def in_both(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of what both runs have: prices of markets, and firms and plants that are there with and without it."""
    return frame[frame["difference"].notna()]


def shown_years(frame: pd.DataFrame) -> list[str]:
    """The years that a picture shows: the first in which something differs, the last, and one between; at most three.

    >>> import pandas as pd
    >>> rows = [(str(year), float(year > 2026)) for year in range(2025, 2032)]
    >>> shown_years(pd.DataFrame(rows, columns=["period", "difference"]))
    ['2027', '2029', '2031']
    """
    years = sorted({str(period) for period in frame["period"] if period != WHOLE})
    if len(years) < 2:
        return years
    moved = sorted({str(row["period"]) for row in frame.to_dict("records") if _moves(row)} & set(years))
    inside = [year for year in years if not moved or year >= moved[0]]
    if len(inside) <= MOST_YEARS:
        return inside
    return [inside[0], inside[len(inside) // 2], inside[-1]]


def _moves(row: dict[str, Any]) -> bool:
    size = float(row["difference"])
    return math.isfinite(size) and size != 0.0


def said_period(period: str) -> str:
    """A period as a heading.

    >>> said_period("all"), said_period("2027")
    ('all years', '2027')
    """
    return "all years" if period == WHOLE else period


def under_words(heads: Sequence[str], layers: Sequence[alt.Chart], width: int) -> alt.TopLevelMixin:
    """Layers whose rows have the numbers of the column ``row``, each row under its words."""
    import altair as alt

    values = [{"row": str(place), "words": words} for place, words in enumerate(heads)]
    words = alt.Chart(alt.InlineData(values=values)).mark_text(
        align="left", dy=-11, color=INK, fontSize=11.5, limit=width, aria=False
    )
    order = [str(place) for place in range(len(heads))]
    y = alt.Y("row:N").title(None).sort(order).axis(None)
    drawn = alt.layer(*layers, words.encode(x=alt.value(0), y=y, text="words:N"))
    return drawn.properties(width=width, height=STEP * len(heads))


def row_axis(heads: Sequence[str]) -> alt.Y:
    """The axis of rows by their number, in their order."""
    import altair as alt

    y: alt.Y = alt.Y("row:N").title(None).sort([str(place) for place in range(len(heads))]).axis(None)
    return y
