"""Chart: what a storage project is worth at each power and duration, and which size is worth most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import by_project
from cell2grid.report.marks import money_title, nothing, rows
from cell2grid.report.theme import ACCENT, FAINT, INK, PAPER, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, rounded, scaled, told_apart

if TYPE_CHECKING:
    import altair as alt
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"size_map": ()}
TITLE = "Worth by power and duration"
PLACE = ("size", 1)
# more different powers or durations than this are no grid, and are drawn as points
_MOST_SIDE = 30
_LETTER = 6.6  # pixels
_TALLEST, _LOWEST = 380, 14
_NOTHING = "#f4f4f2"
_LEAST_END = 0.25


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A cell for each power and duration, blue above zero and red below; a frame around the best."""
    return by_project(results, rows(results, "size_map"), width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """The same sizes in numbers; NPV from and to are over the price years."""
    frame = rows(results, "size_map")
    found = frame.sort_values(["project", "power", "hours"], kind="stable", ignore_index=True)
    columns = {
        "project": found["project"],
        "power [MW]": found["power"].astype(float),
        "hours": found["hours"].astype(float),
        "energy [MWh]": found["energy"].astype(float),
        "NPV": found["npv"].astype(float),
        "NPV from": found["npv_low"].astype(float),
        "NPV to": found["npv_high"].astype(float),
        "unit": found["unit"],
        "IRR [%/year]": 100.0 * found["irr"].astype(float),
        "NPV for each unit of capital": found["npv_per_capital"].astype(float),
        "best": ["best" if best else "" for best in found["best"].eq(True)],
    }
    import pandas as pd

    return pd.DataFrame(columns)


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    unit = str(part["unit"].iloc[0])
    sizes = part.dropna(subset=["power", "hours"]).reset_index(drop=True)
    value = sizes["npv"].to_numpy(float)
    if not (value == value).any():
        return nothing(width), [f"none of the {len(part)} sizes has a net present value"]
    notes = []
    best = sizes[sizes["best"].eq(True)].head(1)
    if len(best):
        row = best.iloc[0]
        size = f"{amount(row['power'], 'MW')} for {amount(row['hours'], 'hour')}"
        words = f"frame: the best, {size}, {amount(row['npv'], unit)}"
        if math.isfinite(row["npv_low"]) and math.isfinite(row["npv_high"]) and row["npv_low"] != row["npv_high"]:
            words += f" (price years: {between(row['npv_low'], row['npv_high'], unit)})"
        notes.append(words)
    if (value[value == value] <= 0.0).all():
        notes.append("no size is worth more than it costs")
    lost = int((value != value).sum())
    if lost:
        notes.append(f"grey: {lost} {'size has' if lost == 1 else 'sizes have'} no net present value")
    return _drawn(sizes, unit, width), notes


def _drawn(sizes: pd.DataFrame, unit: str, width: int) -> alt.TopLevelMixin:
    import altair as alt

    scale, word = scaled(float(sizes["npv"].abs().max()))
    low, high = _ends(sizes["npv"].dropna().to_numpy(float) / scale)
    records = [
        {
            "power": float(row["power"]),
            "hours": float(row["hours"]),
            "npv": float(row["npv"]) / scale if math.isfinite(row["npv"]) else None,
            "best": bool(row["best"] == True),  # noqa: E712 (an object column can hold what is neither)
            "dark": math.isfinite(row["npv"]) and not 0.62 * low <= row["npv"] / scale <= 0.62 * high,
            "words": rounded(float(row["npv"]) / scale, 3) if math.isfinite(row["npv"]) else "–",
            "said": f"{amount(row['power'], 'MW')} for {amount(row['hours'], 'hour')}: "
            + (amount(row["npv"], unit) if math.isfinite(row["npv"]) else "no value"),
        }
        for row in sizes.to_dict("records")
    ]
    colours = alt.Scale(domain=[low, 0.0, high], range=[VERMILLION, _NOTHING, ACCENT], interpolate="rgb")
    # a page holds shapes alone, so the colours are shown as squares and not as a gradient
    legend = alt.Legend(
        type="symbol", symbolType="square", symbolSize=130, symbolStrokeWidth=0,
        values=[low, low / 2, 0, high / 2, high], title=money_title(word, unit, "net present value"),
        titleFontWeight="normal", titleFontSize=11.5, titleLimit=width - 40, orient="top", columns=5, columnPadding=8,
        format=".3~g",
    )  # fmt: skip
    colour = alt.Color("npv:Q").scale(colours).legend(legend)
    powers, hours = sizes["power"].nunique(), sizes["hours"].nunique()
    if max(powers, hours) > _MOST_SIDE:
        return _points(records, colour, width)
    return _cells(records, colour, width)


def _ends(values: NDArray[np.float64]) -> tuple[float, float]:
    """The values of full red and full blue: each side has its own, but never so near to zero that little looks much."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    largest = max(-low, high) or 1.0
    return min(low, -_LEAST_END * largest), max(high, _LEAST_END * largest)


def _cells(records: list[dict[str, Any]], colour: alt.Color, width: int) -> alt.TopLevelMixin:
    import altair as alt

    powers = sorted({row["power"] for row in records}, reverse=True)
    hours = sorted({row["hours"] for row in records})
    tall_names, wide_names = (dict(zip(sizes, told_apart(sizes, 4), strict=True)) for sizes in (powers, hours))
    for row in records:
        row["row"], row["column"] = tall_names[row["power"]], wide_names[row["hours"]]
    inner = width - 80
    wide = min(inner / len(hours), 130.0)
    tall = max(_LOWEST, min(44.0, _TALLEST / len(powers)))
    x = alt.X("column:O").title("duration [hour]").sort(list(wide_names.values()))
    x = x.axis(_axis(list(wide_names.values()), wide)).scale(padding=0.04)
    y = alt.Y("row:O").title("power [MW]").sort(list(tall_names.values()))
    every = max(1, -(-16 // int(tall)))
    shown = list(tall_names.values())[::every]
    y = y.axis(values=shown, tickCount=len(shown), ticks=False, domain=False, labelOverlap=False, labelLimit=60).scale(
        padding=0.04
    )
    base = alt.Chart(alt.InlineData(values=records))
    priced = base.transform_filter("datum.npv !== null")
    layers: list[alt.Chart] = [
        base.transform_filter("datum.npv === null").mark_rect(fill=FAINT).encode(x=x, y=y, description="said:N"),
        priced.mark_rect().encode(x=x, y=y, color=colour, description="said:N"),
    ]
    longest = max(len(row["words"]) for row in records)
    if wide >= _LETTER * longest + 4 and tall >= _LOWEST + 1:
        text = base.mark_text(fontSize=11 if wide >= 40 else 10, aria=False)
        ink = alt.when("datum.dark").then(alt.value(PAPER)).otherwise(alt.value(INK))
        layers.append(text.encode(x=x, y=y, text="words:N", color=ink))
    frame = base.transform_filter("datum.best").mark_rect(fill=None, stroke=INK, strokeWidth=2.6, aria=False)
    layers.append(frame.encode(x=x, y=y))
    return alt.layer(*layers).properties(width=int(wide * len(hours)), height=int(tall * len(powers)))


def _axis(names: list[str], wide: float) -> alt.Axis:
    import altair as alt

    every = max(1, math.ceil((_LETTER * max(map(len, names)) + 6) / wide))
    shown = names[::every]
    return alt.Axis(values=shown, tickCount=len(shown), labelAngle=0, ticks=False, domain=False, labelOverlap=False)


def _points(records: list[dict[str, Any]], colour: alt.Color, width: int) -> alt.TopLevelMixin:
    import altair as alt

    x = alt.X("hours:Q").title("duration [hour]").scale(zero=False, padding=10)
    y = alt.Y("power:Q").title("power [MW]").scale(zero=False, padding=10)
    base = alt.Chart(alt.InlineData(values=records))
    dots = base.transform_filter("datum.npv !== null").mark_circle(size=70, opacity=1, stroke=INK, strokeWidth=0.4)
    ring = base.transform_filter("datum.best").mark_point(size=190, stroke=INK, strokeWidth=2.2, aria=False)
    none = base.transform_filter("datum.npv === null").mark_circle(size=40, color=FAINT, opacity=1)
    return alt.layer(
        none.encode(x=x, y=y, description="said:N"),
        dots.encode(x=x, y=y, color=colour, description="said:N"),
        ring.encode(x=x, y=y),
    ).properties(width=width - 80, height=300)
