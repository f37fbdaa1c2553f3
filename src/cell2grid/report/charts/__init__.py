"""The charts of the report: one file a chart, found by itself.

Each file holds ``NEEDS`` (the tables it draws from, each with the variables that must have rows there), ``TITLE``,
``PLACE`` (the section of the page and the order in it), ``chart(results, *, width)`` and ``table(results)``, the
numbers beside the picture; and ``begins(results)`` where rows alone do not say whether there is anything to draw. The
shared suite ``tests/report/test_charts.py`` runs over all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Protocol, cast

from cell2grid.modules import modules
from cell2grid.report.marks import Tabled, rows

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown


class ChartFile(Protocol):
    """What a file of this package holds."""

    NEEDS: Mapping[str, tuple[str, ...]]
    TITLE: str
    PLACE: tuple[str, int]

    def chart(self, results: Shown, *, width: int = ...) -> alt.TopLevelMixin:
        """The picture."""

    def table(self, results: Shown) -> pd.DataFrame:
        """The numbers of the picture."""


@cache
def charts() -> Mapping[str, ChartFile]:
    """Every chart by the name of its file.

    >>> "output" in charts()
    True
    """
    return {name: cast(ChartFile, module) for name, module in modules(__name__).items()}


def drawable(results: Tabled, name: str) -> bool:
    """Whether the run has rows for each table and variable that the chart needs, and begins it where that is asked."""
    begins = getattr(charts()[name], "begins", None)
    return all(
        not rows(results, table, [variable] if variable else []).empty
        for table, variables in charts()[name].NEEDS.items()
        for variable in (variables or ("",))
    ) and (begins is None or begins(results))
