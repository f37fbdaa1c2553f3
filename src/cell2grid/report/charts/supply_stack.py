"""Chart: who can sell in a market at which cost, cheapest first, with what is bought at each price, and the price.

A block is as wide as what a plant can sell and as high as what an item costs it delivered; what it sells there is dark.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import Tables, name_of
from cell2grid.report.marks import entities, folded, panel_title, panels_of, rows, stacked
from cell2grid.report.theme import (
    ACCENT,
    GREEN,
    INK,
    ORANGE,
    PAPER,
    PURPLE,
    QUIET,
    SKY,
    VERMILLION,
    WIDE,
    YELLOW,
    blended,
)
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"supply_stack": ()}
TITLE = "Who can sell at which cost, and the price"
PLACE = ("market", 1)
# vermillion is the price
_COLOURS = (ACCENT, GREEN, ORANGE, PURPLE, SKY, YELLOW)
_UNSOLD = 0.3
_OTHERS = "other firms"
_HEIGHT = 230
_ROOM = 3.5  # times what is bought; plants that could sell beyond are in the table
_SAID = "blocks: what each plant can sell, by its cost delivered; dark: what it sells here"
_MIDDLE = "every range at its middle, so that the price is not the mean of the draws"


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A panel for each market in its last period: blocks by firm, the demand curve and the price."""
    frame = rows(results, "supply_stack")
    frame = frame.assign(**{name: [name_of(results, str(key)) for key in frame[name]] for name in ("firm", "plant")})
    firms, other = _firms(frame)
    said = _SAID if isinstance(results, Tables) else f"{_SAID}; {_MIDDLE}"
    panels = []
    for market, part, told in panels_of(frame, "market", [], width):
        last = entities(part, "period")[-1]
        shown = part[part["period"].astype(str) == last]
        called = name_of(results, market)
        heading = called if len(entities(part, "period")) == 1 else f"{called}, {last}"
        notes = [*folded(said, width), *(folded(f"{_OTHERS}: {other}", width) if other else ()), *told]
        panels.append(_panel(shown, firms, width).properties(title=panel_title(folded(heading, width), notes)))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """The plants in the order of their cost, with what each can sell and sells, and the price."""
    frame = rows(results, "supply_stack")
    shown = frame[frame["kind"].astype(str).isin(["plant", "price"])]
    found = shown[["market", "period", "firm", "plant", "begin", "finish", "cost", "cost_end", "sold"]]
    priced = shown["kind"].astype(str) == "price"
    # a market that no plant can sell in has no names to be of a kind with
    found = found.assign(plant=found["plant"].astype(object).mask(priced, "price"))
    units = zip(shown["currency"], shown["unit"], strict=True)
    return found.assign(unit=[" and ".join(str(one) for one in both if one) for both in units])


def _firms(frame: pd.DataFrame) -> tuple[list[str], str]:
    """The firms with a colour of their own, those that sell most first; and in words those that share one."""
    plants = frame[frame["kind"].astype(str) == "plant"]
    if plants.empty:
        return [], ""
    sums = plants.assign(firm=plants["firm"].astype(str), room=plants["finish"] - plants["begin"])
    order = sums.groupby("firm", sort=False)[["sold", "room"]].sum().sort_values(["sold", "room"], ascending=False)
    names = [str(name) for name in order.index]
    if len(names) <= len(_COLOURS):
        return names, ""
    kept = names[: len(_COLOURS)]
    return kept, ", ".join(names[len(kept) :][:8]) + (", …" if len(names) - len(kept) > 8 else "")


def _blocks(part: pd.DataFrame, firms: list[str], unit: str, money: str) -> list[dict[str, Any]]:
    """The blocks, each cut into what is sold and what is not."""
    values = []
    for row in part[part["kind"].astype(str) == "plant"].to_dict("records"):
        firm = str(row["firm"]) if str(row["firm"]) in firms else _OTHERS
        room, sold = row["finish"] - row["begin"], row["sold"]
        said = f"{row['plant']}: sells {rounded(sold)} of {rounded(room)} {unit} at {rounded(row['cost'])}"
        said += f" to {rounded(row['cost_end'])}" if row["cost_end"] > row["cost"] else ""
        height = (row["cost"] + row["cost_end"]) / 2.0
        for begin, end, full in (
            (row["begin"], row["begin"] + sold, True),
            (row["begin"] + sold, row["finish"], False),
        ):
            if end - begin > 1e-9 * max(abs(row["finish"]), 1e-300):
                values.append(
                    {"x": begin, "x2": end, "y": height, "firm": firm, "full": full, "said": f"{said} {money}"}
                )
    return values


def _panel(part: pd.DataFrame, firms: list[str], width: int) -> alt.TopLevelMixin:
    import altair as alt

    unit, money = str(part["unit"].iloc[0]), str(part["currency"].iloc[0])
    kind = part["kind"].astype(str)
    price, bought = (float(part.loc[kind == "price", name].iloc[0]) for name in ("cost", "finish"))
    curve = part[kind == "demand"]
    values = _blocks(part, firms, unit, money)
    furthest = _furthest(bought, values)
    line = _line(curve[curve["begin"] <= furthest * 1.02], furthest)
    highest = _top(price, [row["y"] for row in values], line)
    heading = f"quantity [{unit}]" if unit else "quantity"
    heading += "; more could be sold" if any(row["x2"] > furthest * 1.02 for row in values) else ""
    x = alt.X("x:Q").title(heading).scale(domain=[0, furthest * 1.02], nice=False)
    y = alt.Y("y:Q").title(f"price and cost [{money}]" if money else "price and cost").scale(domain=[0, highest])
    layers: list[alt.Chart] = []
    names = [*firms, *([_OTHERS] if any(row["firm"] == _OTHERS for row in values) else [])]
    for full in (False, True):
        some = [row for row in values if row["full"] is full]
        if some:
            colours = [*_COLOURS[: len(firms)], QUIET][: len(names)]
            dyed = colours if full else [blended(colour, _UNSOLD) for colour in colours]
            here = [name for name in names if any(row["firm"] == name for row in values)]
            colour = alt.Color("firm:N").scale(domain=names, range=dyed)
            colour = colour.legend(alt.Legend(values=here) if full else None)
            mark = alt.Chart(alt.InlineData(values=some)).mark_rect(stroke=PAPER, strokeWidth=0.6, clip=True)
            layers.append(mark.encode(x=x, x2="x2:Q", y=y, y2=alt.datum(0), color=colour, description="said:N"))
    layers += _lines(line, price, bought, highest, x, y, money)
    panel = alt.layer(*layers).resolve_scale(color="independent")
    shown: alt.TopLevelMixin = panel.properties(width=width - 80, height=_HEIGHT)
    return shown


def _furthest(bought: float, values: list[dict[str, Any]]) -> float:
    """The largest quantity that is drawn: all that could be sold, or so much that what is bought is still seen."""
    sold = max([bought, *(float(row["x2"]) for row in values if row["full"])])
    able = max([sold, *(float(row["x2"]) for row in values)])
    return min(able, max(_ROOM * bought, 1.1 * sold))


def _line(curve: pd.DataFrame, furthest: float) -> list[dict[str, float]]:
    """The corners of the demand curve."""
    points = [{"x": float(row["begin"]), "y": float(row["cost"])} for row in curve.to_dict("records")]
    if len(curve):
        points.append({"x": float(curve["finish"].iloc[-1]), "y": float(curve["cost_end"].iloc[-1])})
    return [point for point in points if point["x"] <= furthest * 1.05 or point is points[-1]]


def _top(price: float, costs: list[float], line: list[dict[str, float]]) -> float:
    """The highest price that is drawn: the curve's begin, unless that is so far up that nothing else could be seen."""
    if math.isnan(price):
        return 1.08 * max([point["y"] for point in line], default=1.0)
    seen = max([price, *(cost for cost in costs if cost <= 4.0 * price or price <= 0.0)])
    begin = max([point["y"] for point in line], default=seen)
    return 1.08 * (begin if begin <= 2.5 * seen else 1.6 * seen)


def _lines(
    line: list[dict[str, float]],
    price: float,
    bought: float,
    highest: float,
    x: Any,
    y: Any,
    money: str,
) -> list[alt.Chart]:
    """The demand curve, and the price as far as it is paid; where no plant can sell, there is none."""
    import altair as alt

    demand = alt.Chart(alt.InlineData(values=line)).mark_line(color=INK, strokeWidth=1.6, clip=True)
    paid = [{"x": 0.0, "y": price}, {"x": bought, "y": price}]
    level = alt.Chart(alt.InlineData(values=paid)).mark_line(color=VERMILLION, strokeWidth=2.2)
    words = [{"x": 0.0, "y": price, "words": f"price {rounded(price)} {money}".strip()}]
    if math.isnan(price):
        paid, words = [], [{"x": 0.0, "y": 0.0, "words": "no price: no plant can sell here"}]
    told = alt.Chart(alt.InlineData(values=words)).mark_text(
        align="left", dx=5, dy=-9, color=VERMILLION, fontSize=12, fontWeight="bold"
    )
    points = alt.Chart(alt.InlineData(values=paid[1:])).mark_circle(color=VERMILLION, size=50, opacity=1)
    seen = [point for point in line if point["y"] <= highest][:1]
    named = alt.Chart(alt.InlineData(values=[{**point, "words": "demand"} for point in seen]))
    label = named.mark_text(align="left", dx=10, dy=-3, color=QUIET, fontSize=11.5)
    encoded = [mark.encode(x=x, y=y) for mark in (demand, level, points)]
    return [*encoded, *(mark.encode(x=x, y=y, text="words:N") for mark in (told, label))]
