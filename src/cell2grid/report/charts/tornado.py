"""Chart: what a storage project is worth with one figure after the other at the low and the high end of its range."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from cell2grid.report.alone import by_project
from cell2grid.report.marks import entities, money_title, nothing, rows
from cell2grid.report.theme import ACCENT, INK, ORANGE, PAPER, QUIET, WIDE
from cell2grid.report.wording import amount, rounded, scaled

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"tornado": ()}
TITLE = "What the worth hangs on, figure by figure"
PLACE = ("risk", 1)
MOST_BARS = 15
_ENDS = {"figure at its low end": ORANGE, "figure at its high end": ACCENT}
_STEP = 38  # pixels from one figure to the next
_LETTER = 6.4  # pixels


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Bars from the middle to the net present value at each end of each figure, the widest first."""
    return by_project(results, rows(results, "tornado"), width, panel)


def table(results: Shown) -> pd.DataFrame:
    """All figures of each project, the widest first: as written, their ends, and the net present value at each."""
    import pandas as pd

    frame = rows(results, "tornado")
    parts = [_ordered(frame[frame["project"].astype(str) == project]) for project in entities(frame, "project")]
    columns = {
        "project": "project", "figure": "figure", "text": "as written", "low": "low", "high": "high", "unit": "unit",
        "npv_low": "NPV at low", "npv_high": "NPV at high", "swing": "swing", "npv_middle": "NPV in the middle",
        "npv_unit": "NPV in",
    }  # fmt: skip
    return pd.concat(parts, ignore_index=True)[list(columns)].rename(columns=columns)


def _ordered(part: pd.DataFrame) -> pd.DataFrame:
    """The rows with their ``swing``, from the lowest to the highest of the three values, the widest first."""
    values = part[["npv_low", "npv_high", "npv_middle"]].astype(float)
    swing = values.max(axis=1) - values.min(axis=1)
    return part.assign(swing=swing).sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def label(path: str, unit: str) -> str:
    """A figure of a study in words, with its unit.

    >>> label("finance.capital_cost", "EUR/kWh"), label("cells.fade", "ratio/year"), label("scale", "ratio")
    ('finance · capital cost [EUR/kWh]', 'cells · fade [%/year]', 'scale [%]')
    """
    words = path.replace("_", " ").replace(".", " · ")
    shown = unit.replace("ratio", "%", 1) if unit.split("/")[0] == "ratio" else unit.replace("percent", "%", 1)
    return f"{words} [{shown}]" if shown else words


def _number(value: float, unit: str) -> str:
    if not math.isfinite(value):
        return "?"
    return rounded(100.0 * value if unit.split("/")[0] == "ratio" else value)


def panel(part: pd.DataFrame, width: int, *, what: str = "net present value") -> tuple[alt.TopLevelMixin, list[str]]:
    """The bars of one result, which the columns ``npv_…`` hold, and what a reader must know of them."""
    ordered = _ordered(part)
    shown, rest = ordered.head(MOST_BARS), ordered.iloc[MOST_BARS:]
    unit = str(ordered["npv_unit"].iloc[0])
    middle = float(ordered["npv_middle"].iloc[0])
    notes = [f"upright line: {amount(middle, unit)}, every figure in the middle of its range"]
    if not math.isfinite(middle) or not ordered["swing"].notna().any():
        return nothing(width), [f"the middle case has no {what}"]
    if len(rest):
        widest = amount(float(rest["swing"].max()), unit)
        words = "1 further figure moves" if len(rest) == 1 else f"{len(rest)} further figures move"
        notes.append(f"{words} it by {widest} at most; the table has all")
    lost = int(shown[["npv_low", "npv_high"]].isna().any(axis=1).sum())
    if lost:
        notes.append(f"{lost} of them {'has' if lost == 1 else 'have'} no value at one end, which has no bar")
    return _bars(shown, middle, unit, width, what), notes


def _bars(shown: pd.DataFrame, middle: float, unit: str, width: int, what: str) -> alt.TopLevelMixin:
    import altair as alt

    values = shown[["npv_low", "npv_high", "npv_middle"]].to_numpy(float)
    scale, word = scaled(float(abs(values[values == values]).max()))
    # two figures can have one path
    names = [f"{place}" for place in range(len(shown))]
    records = shown.to_dict("records")
    bars = [bar for name, row in zip(names, records, strict=True) for bar in _ends(name, row, middle, scale)]
    texts = [text for name, row in zip(names, records, strict=True) for text in _numbers(name, row, middle, scale)]
    heads = [
        {"name": name, "words": label(str(row["figure"]), str(row["unit"] or ""))}
        for name, row in zip(names, records, strict=True)
    ]
    inner = width - 40
    x = alt.X("to:Q").title(money_title(word, unit, what)).scale(
        domain=_domain(bars, texts, middle / scale, inner), nice=False, zero=False
    )  # fmt: skip
    y = alt.Y("name:N").title(None).sort(names).axis(None)
    colour = alt.Color("end:N").scale(alt.Scale(domain=list(_ENDS), range=list(_ENDS.values())))
    drawn = alt.Chart(alt.InlineData(values=bars)).mark_bar(height=11, yOffset=8)
    heading: dict[str, Any] = {"align": "left", "dy": -8, "fontSize": 11.5, "limit": inner, "aria": False}
    words = alt.Chart(alt.InlineData(values=heads)).encode(x=alt.value(0), y=y, text="words:N")
    line = alt.Chart(alt.InlineData(values=[{"to": middle / scale}])).mark_rule(color=QUIET, aria=False)
    layers: list[alt.Chart] = [
        line.encode(x=x),
        # paper around the letters, so that the upright line does not cross them
        words.mark_text(color=PAPER, stroke=PAPER, strokeWidth=5, **heading),
        words.mark_text(color=INK, **heading),
        drawn.encode(x=x, x2="middle:Q", y=y, color=colour, description="said:N"),
    ]
    sides: tuple[tuple[str, Literal["left", "right"], int], ...] = (("left", "right", -4), ("right", "left", 4))
    for side, align, push in sides:
        data = alt.InlineData(values=[text for text in texts if text["side"] == side])
        numbers = alt.Chart(data).mark_text(align=align, dx=push, dy=8, color=INK, fontSize=11, aria=False)
        layers.append(numbers.encode(x=x, y=y, text="words:N"))
    return alt.layer(*layers).properties(width=inner, height=_STEP * len(shown))


def _ends(name: str, row: dict[Any, Any], middle: float, scale: float) -> list[dict[str, Any]]:
    """The two bars of a figure, the longer one first so that it never hides the other."""
    found = []
    for end, column, edge in zip(_ENDS, ("npv_low", "npv_high"), ("low", "high"), strict=True):
        value = float(row[column])
        if math.isfinite(value):
            said = (
                f"{row['figure']} {_number(row[edge], str(row['unit'] or ''))}: {amount(value, str(row['npv_unit']))}"
            )
            found.append({"name": name, "end": end, "to": value / scale, "middle": middle / scale, "said": said})
    return sorted(found, key=lambda bar: -abs(bar["to"] - bar["middle"]))


def _numbers(name: str, row: dict[Any, Any], middle: float, scale: float) -> list[dict[str, Any]]:
    """What the figure is at the ends of its bars: one text on each side, or both on one where both bars lie there."""
    sides: dict[str, list[tuple[float, str]]] = {"left": [], "right": []}
    for column, edge, side_of_none in (("npv_low", "low", "left"), ("npv_high", "high", "right")):
        value = float(row[column])
        if not math.isfinite(value):
            continue
        side = side_of_none if value == middle else "left" if value < middle else "right"
        sides[side].append((value, _number(float(row[edge]), str(row["unit"] or ""))))
    found = []
    for side, ends in sides.items():
        # the text that stands nearest to the bar is that of the bar's end
        ends.sort(key=lambda end: end[0])
        if ends:
            place = ends[0][0] if side == "left" else ends[-1][0]
            words = " · ".join(dict.fromkeys(text for _, text in ends))
            found.append({"name": name, "side": side, "to": place / scale, "words": words})
    return found


def _domain(bars: list[Any], texts: list[Any], middle: float, inner: int) -> list[float]:
    """Ends of the axis that leave room for the text beside the bars."""
    low = min([middle, *(bar["to"] for bar in bars)])
    high = max([middle, *(bar["to"] for bar in bars)])
    room = {
        side: min(
            0.3, (_LETTER * max((len(text["words"]) for text in texts if text["side"] == side), default=1) + 8) / inner
        )
        for side in ("left", "right")
    }
    span = (high - low) or max(abs(middle), 1.0)
    whole = span / (1.0 - room["left"] - room["right"])
    return [low - room["left"] * whole, high + room["right"] * whole]
