"""Chart: what prices and market shares are with a plant, a duty or a shock and without it, by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import name_of
from cell2grid.report.contrasts import MOST_ROWS, row_axis, said_period, shown_years, under_words
from cell2grid.report.marks import MOST_PANELS, folded, panel_title, rows, stacked
from cell2grid.report.theme import ACCENT, FAINT, ORANGE, WIDE
from cell2grid.report.wording import amount, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"compared": ("market_price",)}
TITLE = "Prices and shares, before and after"
PLACE = ("compared", 1)
_CASES = {"without_it": ("without it", ORANGE), "with_it": ("with it", ACCENT)}


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A line from the value without it to that with it: the price of each market, then the shares of its firms."""
    frame = rows(results, "compared")
    prices, shares = _prices(frame), _shares(frame)
    panels = [
        _panel(results, part, f"price [{unit}]", width, by_market=True)
        for unit, part in prices.groupby("unit", sort=False)
    ]
    # the markets in which shares change most come first
    moved = (shares["with_it"] - shares["without_it"]).abs().groupby(shares["market"].astype(str), sort=False).max()
    markets = [str(name) for name in moved.sort_values(ascending=False, kind="stable").index]
    room = MOST_PANELS - len(panels)
    for place, market in enumerate(markets[:room]):
        left = len(markets) - room if place == room - 1 and len(markets) > room else 0
        heading = f"shares in {name_of(results, market)} [%]"
        panels.append(_panel(results, shares[shares["market"] == market], heading, width, left=left))
    return stacked(panels)


def _prices(frame: pd.DataFrame) -> pd.DataFrame:
    """The price of each market in the years that are shown."""
    found = frame[frame["variable"] == "market_price"]
    return found[found["period"].isin(shown_years(found))]


def _shares(frame: pd.DataFrame) -> pd.DataFrame:
    """Each firm's share in each market in those years; what a firm has without the other counts as nothing there."""
    found = frame[(frame["variable"] == "market_share") & (frame["kind"] == "firm") & (frame["market"] != "")]
    found = found[found["period"].isin(shown_years(found))]
    found = found.assign(**{case: 100.0 * found[case].astype(float).fillna(0.0) for case in _CASES})
    return found[(found["with_it"] > 0.0) | (found["without_it"] > 0.0)]


def _panel(
    results: Shown, part: pd.DataFrame, heading: str, width: int, *, by_market: bool = False, left: int = 0
) -> alt.TopLevelMixin:
    """The rows of one unit or market, the largest change first within a year."""
    years = sorted(set(part["period"]))
    ordered = part.assign(size=-(part["with_it"] - part["without_it"]).abs())
    ordered = ordered.sort_values(["period", "size"], kind="stable")
    each = max(MOST_ROWS // max(len(years), 1), 3)
    shown = ordered.groupby("period", sort=True).head(each).to_dict("records")
    heads, points, lines = _points(results, shown, several=len(years) > 1)
    notes = ["the line leads from the value without it to that with it"] if by_market else []
    rest = len(ordered) - len(shown)
    notes += [f"{rest} more rows are in the table"] if rest else []
    notes += [f"{left} more markets are in the tables of the run folder"] if left else []
    title = panel_title(folded(heading, width), [line for note in notes for line in folded(note, width)])
    return _drawn(heads, points, lines, heading, width).properties(title=title)


def _points(
    results: Shown, shown: list[dict[str, Any]], *, several: bool
) -> tuple[list[str], list[dict[str, Any]], list[dict[str, Any]]]:
    heads, points, lines = [], [], []
    for place, row in enumerate(shown):
        entity = name_of(results, str(row["entity"]))
        heads.append(f"{entity}, {said_period(str(row['period']))}" if several else entity)
        unit = "percent" if row["unit"] == "ratio" else str(row["unit"])
        ends = [float(row[case]) for case in _CASES]
        lines.append({"row": str(place), "low": min(ends), "high": max(ends)})
        for case, (words, _) in _CASES.items():
            said = f"{heads[-1]}, {words}: {amount(float(row[case]), unit)}"
            points.append({"row": str(place), "case": words, "value": float(row[case]), "said": said})
    return heads, points, lines


def _drawn(
    heads: list[str], points: list[dict[str, Any]], lines: list[dict[str, Any]], heading: str, width: int
) -> alt.TopLevelMixin:
    import altair as alt

    names = [words for words, _ in _CASES.values()]
    colour = alt.Color("case:N").scale(domain=names, range=[tone for _, tone in _CASES.values()])
    ends = [row["value"] for row in points]
    scale = alt.Scale(domain=_reach(min(ends), max(ends)), nice=True, zero=False)
    axis = "share [%]" if "%" in heading else unit_words(heading.partition("[")[2].rstrip("]"))
    x = alt.X("value:Q").title(axis).scale(scale)
    y = row_axis(heads)
    links = alt.Chart(alt.InlineData(values=lines)).mark_rule(color=FAINT, strokeWidth=5, aria=False)
    drawn = [links.encode(x=alt.X("low:Q").title(axis).scale(scale), x2="high:Q", y=y)]
    # where both are the same, a ring is left of the one below
    for words, size in zip(names, (190, 80), strict=True):
        dots = alt.Chart(alt.InlineData(values=[row for row in points if row["case"] == words]))
        drawn.append(dots.mark_circle(size=size, opacity=1).encode(x=x, y=y, color=colour, description="said:N"))
    return under_words(heads, drawn, width - 40)


def _reach(low: float, high: float) -> list[float]:
    """The ends of an axis: from nothing where that is not far off."""
    if low >= 0.0 and low < 0.5 * high:
        return [0.0, high]
    margin = 0.15 * max(high - low, 1e-9 * max(abs(high), abs(low), 1e-9))
    return [low - margin, high + margin]


def table(results: Shown) -> pd.DataFrame:
    """Prices and shares of all years, with it and without it, and what they differ by."""
    frame = rows(results, "compared")
    found = frame[frame["variable"].isin(["market_price", "market_share"]) & (frame["market"] != "")]
    found = found.assign(what=found["variable"].str.replace("_", " "))
    columns = {
        "what": "what", "entity": "of", "market": "in", "period": "when", "with_it": "with it",
        "without_it": "without it", "difference": "difference", "p10": "p10 of it", "p90": "p90 of it", "unit": "unit",
    }  # fmt: skip
    return found[list(columns)].rename(columns=columns)
