"""Chart: what flows from plant to plant, to home and abroad, and to each order, over the whole horizon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.report.alone import name_of
from cell2grid.report.columns_of_boxes import columns_of
from cell2grid.report.marks import folded, height_axis, panel_title, rows, speaking
from cell2grid.report.theme import ACCENT, GREEN, INK, ORANGE, VERMILLION, WIDE
from cell2grid.report.wording import amount, between

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"flows": ()}
TITLE = "From the plant to the market"
PLACE = ("output", 4)
_COLOURS = {"input": ORANGE, "home": GREEN, "abroad": ACCENT, "order": VERMILLION}
_SAID = {"input": "taken in", "home": "stays at home", "abroad": "goes abroad", "order": "to an order"}
_GAP = 0.06  # between boxes of a column, as a part of its height
_STEPS = np.linspace(0.0, 1.0, 21)
_MOST = 60  # flows; the table has all of them


def _flows(results: Shown) -> pd.DataFrame:
    """The flows with their width: the part of what is made of their product, so that products can be drawn together."""
    frame = rows(results, "flows").rename(columns={"mean": "average"})
    made = frame[frame["kind"] != "order"].groupby("product")["average"].sum()
    frame = frame.assign(width=frame["average"] / frame["product"].map(made))
    said = [
        f"{_called(results, row.origin)} to {_called(results, row.target)}, {row.product}, {_SAID[str(row.kind)]}: "
        f"{amount(float(row.average), str(row.unit))}, range {between(float(row.p10), float(row.p90), str(row.unit))}"
        for row in frame.itertuples()
    ]
    return frame.assign(said=said)


def _called(results: Shown, key: object) -> str:
    return name_of(results, str(key))


def _columns(frame: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Boxes by their side (plant, region, order) and name, each with its column from the left."""
    inputs = frame[frame["kind"] == "input"]
    plants = list(dict.fromkeys([*inputs["origin"], *inputs["target"], *frame[frame["kind"] != "order"]["origin"]]))
    depth = columns_of(plants, zip(inputs["origin"], inputs["target"], strict=True))
    last = 1 + max(depth.values(), default=0)
    boxes = {("plant", plant): place for plant, place in depth.items()}
    boxes |= {("region", name): last for name in frame[frame["kind"].isin(["home", "abroad"])]["target"]}
    boxes |= {("order", name): last + 1 for name in frame[frame["kind"] == "order"]["target"]}
    return boxes


def _ends(kind: str, origin: str, target: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """The boxes between which a flow runs."""
    if kind == "input":
        return ("plant", origin), ("plant", target)
    if kind == "order":
        return ("region", origin), ("order", target)
    return ("plant", origin), ("region", target)


def _laid_out(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Boxes with their place and height, and flows with where they begin and end; heights of a column add up to one."""
    import pandas as pd

    columns = _columns(frame)
    ends = [_ends(*row) for row in zip(frame["kind"], frame["origin"], frame["target"], strict=True)]
    leaving, entering = dict.fromkeys(columns, 0.0), dict.fromkeys(columns, 0.0)
    for (start, end), width in zip(ends, frame["width"], strict=True):
        leaving[start] += width
        entering[end] += width
    height = {box: max(leaving[box], entering[box]) for box in columns}
    tallest = max(sum(height[box] for box in columns if columns[box] == c) for c in set(columns.values()))
    top = _tops(columns, height, tallest)
    boxes = pd.DataFrame(
        [
            {
                "side": box[0],
                "name": box[1],
                "column": column,
                "low": top[box] - height[box] / tallest,
                "high": top[box],
            }
            for box, column in columns.items()
        ]
    )
    out, into, laid = dict(top), dict(top), []
    for (start, end), width in zip(ends, frame["width"] / tallest, strict=True):
        laid.append({"x0": columns[start], "x1": columns[end], "y0": out[start], "y1": into[end], "thick": width})
        out[start] -= width
        into[end] -= width
    return boxes, pd.concat([frame.reset_index(drop=True), pd.DataFrame(laid)], axis=1)


def _tops(
    columns: dict[tuple[str, str], int], height: dict[tuple[str, str], float], tallest: float
) -> dict[tuple[str, str], float]:
    """The upper edge of each box, one below the other in its column."""
    tops = {}
    for column in sorted(set(columns.values())):
        edge = 1.0
        for box in (box for box in columns if columns[box] == column):
            tops[box] = edge
            edge -= height[box] / tallest + _GAP
    return tops


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Boxes for plants, regions and orders, and bands between them as wide as what flows."""
    import altair as alt

    frame = _flows(results)
    boxes, laid = _laid_out(frame.nlargest(_MOST, "width").sort_index())
    last = int(boxes["column"].max())
    room = 0.35 * width / (width - 40) * last  # for the names right of the last column
    x = alt.X("x:Q").scale(domain=[-0.05, last + room], nice=False).axis(None)
    low, high = float(boxes["low"].min()) - 0.02, 1.02
    layers: list[Any] = []
    for number, band in enumerate(laid.to_dict("records")):
        layers.append(_band(band, number, x, (low, high)))
    said = laid.assign(x=(laid["x0"] + laid["x1"]) / 2, y=(laid["y0"] + laid["y1"] - laid["thick"]) / 2)
    layers.append(speaking(said[["x", "y", "said"]], x=x, y=height_axis("y", (low, high))))
    layers.extend(_boxes(results, boxes, (low, high), x))
    drawn: Any = alt.layer(*layers)
    tall = int(min(90 + 44 * boxes["column"].value_counts().max(), 460))
    titled: alt.LayerChart = drawn.properties(width=width - 20, height=tall, title=_title(frame, width))
    return titled


def _title(frame: pd.DataFrame, width: int) -> alt.TitleParams:
    words = {"input": "orange", "home": "green", "abroad": "blue", "order": "red"}
    kinds = ", ".join(f"{words[kind]}: {_SAID[kind]}" for kind in _COLOURS if (frame["kind"] == kind).any())
    notes = ["a band is as wide as its part of all that is made of the product, mean of members"]
    if len(frame) > _MOST:
        notes.append(f"the {_MOST} widest of {len(frame)} flows; the others are in the table")
    return panel_title(folded(kinds, width), [line for note in notes for line in folded(note, width)])


def _band(band: dict[str, Any], number: int, x: alt.X, domain: tuple[float, float]) -> alt.Chart:
    """One flow as a band that leaves and arrives level."""
    import altair as alt
    import pandas as pd

    bend = _STEPS * _STEPS * (3.0 - 2.0 * _STEPS)
    upper = band["y0"] + (band["y1"] - band["y0"]) * bend
    across = band["x0"] + 0.03 + (band["x1"] - band["x0"] - 0.03) * _STEPS
    frame = pd.DataFrame({"x": across, "upper": upper, "lower": upper - band["thick"]})
    area = alt.Chart(frame).mark_area(color=_COLOURS[band["kind"]], opacity=0.42, aria=False)
    drawn: alt.Chart = area.encode(x=x, y=height_axis("upper", domain), y2="lower:Q")
    return drawn


def _boxes(results: Shown, boxes: pd.DataFrame, domain: tuple[float, float], x: alt.X) -> Iterable[alt.Chart]:
    """The boxes, and beside each its name."""
    import altair as alt

    named = [_called(results, name) for name in boxes["name"]]
    boxes = boxes.assign(
        x=boxes["column"].astype(float), right=boxes["column"] + 0.03, middle=(boxes["low"] + boxes["high"]) / 2,
        name=[name if len(name) <= 30 else name[:29] + "…" for name in named],
    )  # fmt: skip
    plain = alt.Chart(boxes[["x", "right", "low", "high", "middle", "name"]])
    yield plain.mark_rect(color=INK, aria=False).encode(x=x, x2="right:Q", y=height_axis("low", domain), y2="high:Q")
    # from the right end of the box, however wide a column is drawn
    yield plain.mark_text(align="left", dx=4, fontSize=11.5, color=INK, aria=False).encode(
        x=alt.X("right:Q").axis(None), y=height_axis("middle", domain), text="name:N"
    )


def table(results: Shown) -> pd.DataFrame:
    """Each flow with its spread, totals over the horizon."""
    frame = _flows(results).rename(columns={"average": "mean"})
    frame = frame.assign(
        origin=[_called(results, name) for name in frame["origin"]],
        target=[_called(results, name) for name in frame["target"]],
        kind=[_SAID[str(kind)] for kind in frame["kind"]],
    ).rename(columns={"origin": "from", "target": "to"})
    return frame[["from", "to", "product", "kind", "mean", "p10", "p90", "unit"]]
