"""Rows of markets by term, a year or a month, with a time for the axis and a sentence for who points at one.

Here too: the year in which more money goes abroad, which a picture and a sentence both tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.wording import amount, between, month

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def timed(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the columns ``time`` and ``said``: each year at its begin, each month at its own."""
    import pandas as pd

    terms = [str(term) for term in frame["term"]]
    times = pd.to_datetime([f"{term}-01" if len(term) == len("2025") else term for term in terms], utc=True)
    told = frame.rename(columns={"mean": "average"})
    said = [
        f"{when(term)}: {amount(row.average, row.unit)}, range {between(row.p10, row.p90, row.unit)}"
        for term, row in zip(terms, told.itertuples(), strict=True)
    ]
    return frame.assign(time=times, said=said)


def when(term: str) -> str:
    """A term in words.

    >>> when("2030"), when("2030-05")
    ('2030', 'May 2030')
    """
    return month(term) if len(term) > len("2025") else term


def terms_axis(frame: pd.DataFrame) -> alt.Axis | None:
    """An axis of years where the terms are years; None where they are months."""
    import altair as alt

    if len(str(frame["term"].iloc[0])) > len("2025"):
        return None
    return alt.Axis(format="%Y", tickCount={"interval": "year", "step": 1}, labelSeparation=8)


def overtaken(part: pd.DataFrame) -> int | None:
    """The first year in which the mean abroad is above that at home; None where it never is.

    Years before any in which more stays at home do not count, as where little is spent at all.

    >>> import pandas as pd
    >>> rows = [("home", 2022, 0.0), ("abroad", 2022, 1.0), ("home", 2023, 5.0), ("abroad", 2023, 4.0)]
    >>> rows += [("home", 2024, 4.0), ("abroad", 2024, 6.0)]
    >>> overtaken(pd.DataFrame(rows, columns=["side", "year", "mean"]))
    2024
    """
    by_side = {str(side): dict(zip(rest["year"], rest["mean"], strict=True)) for side, rest in part.groupby("side")}
    home, abroad = by_side.get("home", {}), by_side.get("abroad", {})
    years = sorted({*home, *abroad})
    led = next((year for year in years if home.get(year, 0.0) > abroad.get(year, 0.0)), None)
    after = [year for year in years if led is None or year > led]
    return next((int(year) for year in after if abroad.get(year, 0.0) > home.get(year, 0.0)), None)
