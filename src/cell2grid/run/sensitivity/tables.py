"""The tables of sizes, tornado and shares, with the columns that ``cell2grid.results.TABLES`` lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cell2grid.run.told.tables import framed

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.run.sensitivity.shares import Shares
    from cell2grid.run.sensitivity.size import Sized
    from cell2grid.run.sensitivity.tornado import Tornado


def tornado_table(found: Tornado, project: str, currency: str) -> pd.DataFrame:
    """Each figure at both of its values and the NPV there, the widest first."""
    rows = [
        {
            "project": project,
            "figure": bar.figure,
            "text": bar.text,
            "unit": bar.unit,
            "low": bar.low,
            "high": bar.high,
            "npv_low": bar.npv_low,
            "npv_high": bar.npv_high,
            "npv_middle": found.npv_middle,
            "npv_unit": currency,
        }
        for bar in found.bars
    ]
    return framed("tornado", rows)


def shares_table(found: Shares, project: str) -> pd.DataFrame:
    """The indices of each source with their intervals."""
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    rows = [
        {"project": project, "source": share.source, **{name: getattr(share, name) for name in names}}
        for share in found.shares
    ]
    return framed("shares", rows)


def size_table(sizes: Iterable[Sized], best: Sized, project: str, currency: str) -> pd.DataFrame:
    """What each size is worth, and which is worth most."""
    names = ("power", "hours", "energy", "npv", "npv_low", "npv_high", "irr", "npv_per_capital")
    rows = [
        {
            "project": project,
            **{name: getattr(size, name) for name in names},
            "unit": currency,
            "best": size is best,
        }
        for size in sizes
    ]
    return framed("size_map", rows)
