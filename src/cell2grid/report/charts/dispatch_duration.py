"""Chart: the hours of a price series, dearest first, and at which of them a storage asset charges and discharges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cell2grid.report.dispatched import Dispatched, duration, headed, of_run
from cell2grid.report.marks import stacked
from cell2grid.report.theme import ACCENT, INK, ORANGE, QUIET, WIDE, axis_title
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"dispatch": ()}
TITLE = "Prices, dearest hour first, and what is done at them"
PLACE = ("project", 5)
PARTS = 120
KINDS = {"discharging": ACCENT, "charging": ORANGE}
# prices farther out than this many times the width of the middle 98 % are told in words, not drawn
_FAR = 0.5


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two panels for each project: the prices, and below them what is done."""
    return picture(of_run(results), width=width)


def table(results: Shown) -> pd.DataFrame:
    """The same curve in parts of equal length."""
    return numbers(of_run(results))


def picture(assets: Sequence[Dispatched], *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two panels for each asset."""
    return stacked([panel for asset in assets for panel in _panels(asset, width)])


def numbers(assets: Sequence[Dispatched]) -> pd.DataFrame:
    """The parts of each asset's curve: hours, prices, and the shares of the part in which it moves energy."""
    import pandas as pd

    parts = []
    for asset in assets:
        curve = duration(asset, PARTS)
        columns = {
            "project": asset.name,
            "hours from": curve["begins"],
            "hours to": curve["ends"],
            "highest": curve["highest"],
            "mean": curve["price"],
            "lowest": curve["lowest"],
            "price in": f"{asset.currency}/MWh",
            "discharging [%]": 100.0 * curve["discharging"],
            "charging [%]": 100.0 * curve["charging"],
        }
        parts.append(pd.DataFrame(columns))
    # a mean price between its ends is no mean with a spread over members
    return pd.concat(parts, ignore_index=True).rename(columns={"mean": "mean price"})


def _panels(asset: Dispatched, width: int) -> list[alt.TopLevelMixin]:
    curve = duration(asset, PARTS)
    low, high, said = _drawn(asset)
    prices = _prices(asset, curve, (low, high), width).properties(title=headed(asset, width, *said))
    return [prices, _shares(curve, width)]


def _drawn(asset: Dispatched) -> tuple[float, float, list[str]]:
    """The lowest and the highest price that are drawn, and in words what lies beyond."""
    price = asset.steps["price"].to_numpy()
    least, most = np.quantile(price, (0.01, 0.99))
    reach = _FAR * max(most - min(least, 0.0), 1e-9)
    low, high = max(float(price.min()), least - reach), min(float(price.max()), most + reach)
    said = []
    for beyond, edge, word in ((price > high, price.max(), "highest"), (price < low, price.min(), "lowest")):
        hours = float(asset.steps["hours"].to_numpy()[beyond].sum())
        if hours > 0.0:
            side = "above" if word == "highest" else "below"
            said.append(f"{rounded(hours)} h lie {side} the picture; the {word} price is {rounded(float(edge))}")
    return low, high, said


def _prices(asset: Dispatched, curve: pd.DataFrame, ends: tuple[float, float], width: int) -> alt.TopLevelMixin:
    import altair as alt

    price = asset.steps.sort_values("price", ascending=False, kind="stable")
    reached = np.cumsum(price["hours"].to_numpy())
    corners = [
        {"hours": float(hours), "price": float(value)}
        for hours, value in _corners(reached, price["price"].to_numpy())
        if ends[0] <= value <= ends[1]
    ]
    scale = alt.Scale(domain=[min(ends[0], 0.0), max(ends[1], 0.0)], nice=True)
    line = alt.Chart(alt.InlineData(values=corners)).mark_line(color=INK, strokeWidth=1.8, aria=False)
    y = alt.Y("price:Q").title(axis_title("price", f"{asset.currency}/MWh")).scale(scale)
    layers: list[alt.Chart] = [line.encode(x=_hours(curve), y=y)]
    if ends[0] < 0.0:
        layers.append(alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0)))
    return alt.layer(*layers).properties(width=width - 70, height=180)


def _corners(reached: np.ndarray, price: np.ndarray) -> list[tuple[float, float]]:
    """The ends of the steps of the curve; of very many, those that a picture can show, both ends of the curve among."""
    begins = np.concatenate([[0.0], reached[:-1]])
    most = 3 * PARTS
    if len(price) > most:
        kept = np.unique(np.concatenate([np.linspace(0, len(price) - 1, most).astype(int), np.arange(20)]))
        kept = np.unique(np.concatenate([kept, len(price) - 1 - np.arange(20)]))
        return list(zip((begins[kept] + reached[kept]) / 2.0, price[kept], strict=True))
    stairs = [((a, value), (b, value)) for a, b, value in zip(begins, reached, price, strict=True)]
    return [corner for stair in stairs for corner in stair]


def _hours(curve: pd.DataFrame) -> alt.X:
    import altair as alt

    return alt.X("hours:Q").title(None).scale(domain=[0, float(curve["ends"].iloc[-1])], nice=False)


def _shares(curve: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    edges = [*curve["begins"].tolist(), float(curve["ends"].iloc[-1])]
    rows = [
        {"hours": hours, "kind": kind, "share": share}
        for kind in KINDS
        for hours, share in zip(edges, [*(100.0 * curve[kind]), 100.0 * curve[kind].iloc[-1]], strict=True)
    ]
    colours = alt.Scale(domain=list(KINDS), range=list(KINDS.values()))
    area = alt.Chart(alt.InlineData(values=rows)).mark_area(interpolate="step-after", aria=False)
    encoded: alt.Chart = area.encode(
        x=_hours(curve).title("hours, dearest first"),
        y=alt.Y("share:Q").title("of the hours [%]").stack("zero").scale(domain=[0, 100]),
        color=alt.Color("kind:N").scale(colours),
    )
    return encoded.properties(width=width - 70, height=90)
