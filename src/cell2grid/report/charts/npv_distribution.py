"""Chart: how the net present value of a storage project is spread over the members, and how often it is below zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cell2grid.report.alone import by_project
from cell2grid.report.marks import entities, money_title, nothing, rows
from cell2grid.report.theme import ACCENT, INK, PAPER, QUIET, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, rounded, scaled, told_apart

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    from numpy.typing import NDArray

    from cell2grid.report.alone import Shown

    Floats = NDArray[np.float64]

NEEDS: dict[str, tuple[str, ...]] = {"members": ()}
TITLE = "The spread of the net present value"
PLACE = ("risk", 2)
_MOST_BINS, _FEWEST_BINS = 40, 6
_HEIGHT, _LINE = 240, 15
# members farther out than this many times the width of the middle 98 % are told in words, not drawn
_FAR = 1.0
# members that are all the same make one bar of this share of their value to each side
_ONE_BAR = 0.005


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A histogram of each project's members; upright lines at 10, 50 and 90 % of them, and at zero."""
    return by_project(results, _priced(results), width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """How many members lie in each part of the histogram."""
    import pandas as pd

    frame, parts = _priced(results), []
    for project in entities(frame, "project"):
        part = frame[frame["project"].astype(str) == project]
        value = _values(part)
        if len(value):
            counts, edges = _bins(value)
            columns = {"NPV from": edges[:-1], "NPV to": edges[1:], "members": counts}
            shares = {"share of members [%]": 100.0 * counts / len(value), "unit": str(part["unit"].iloc[0])}
            parts.append(pd.DataFrame({"project": project, **columns, **shares}))
        else:
            none = {"NPV from": np.nan, "NPV to": np.nan, "members": 0, "share of members [%]": np.nan, "unit": ""}
            parts.append(pd.DataFrame([{"project": project, **none}]))
    return pd.concat(parts, ignore_index=True)


def _priced(results: Shown) -> pd.DataFrame:
    """The members with the ``unit`` of their money."""
    frame = rows(results, "members")
    return frame if "unit" in frame or frame.empty else frame.assign(unit="currency")


def _values(part: pd.DataFrame) -> Floats:
    value = part["npv"].to_numpy(np.float64)
    found: Floats = value[np.isfinite(value)]
    return found


def _bins(value: Floats) -> tuple[Floats, Floats]:
    """Members in each part and the ends of the parts; the outermost hold all that lies beyond."""
    low, high = float(value.min()), float(value.max())
    least, most = np.quantile(value, (0.01, 0.99))
    reach = _FAR * (most - least)
    if reach > 0.0:
        low, high = max(low, least - reach), min(high, most + reach)
    if high - low <= 1e-9 * max(abs(high), abs(low)):
        half = _ONE_BAR * abs(high) or _ONE_BAR
        return np.array([float(len(value))]), np.array([low - half, high + half])
    inside = value[(value >= low) & (value <= high)]
    count = len(np.histogram_bin_edges(inside, "fd")) - 1 if len(np.unique(inside)) > 1 else 1
    count = int(np.clip(count, _FEWEST_BINS, _MOST_BINS))
    edges = np.linspace(low, high, count + 1)
    if low < 0.0 < high:
        # no bar lies on both sides of zero
        step = (high - low) / (count - 1)
        edges = step * np.arange(np.floor(low / step), np.ceil(high / step) + 1)
    counts, _ = np.histogram(np.clip(value, edges[0], edges[-1]), edges)
    return counts.astype(np.float64), edges


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    value, unit = _values(part), str(part["unit"].iloc[0])
    lost = len(part) - len(value)
    without = f"{lost} of {len(part)} members have no net present value" if lost else ""
    if not len(value):
        return nothing(width), [f"none of the {len(part)} members has a net present value"]
    low, middle, high = (float(edge) for edge in np.quantile(value, (0.1, 0.5, 0.9)))
    below = float((value < 0.0).mean())
    many = f"{len(value)} members" if len(value) > 1 else "1 member"
    notes = [
        f"{many}: the middle one {amount(middle, unit)}; 10 to 90 %: {between(low, high, unit)}",
        f"below zero in {amount(below, 'ratio')} of members" if below else "below zero in none of the members",
    ]
    counts, edges = _bins(value)
    for far, edge, word in ((value < edges[0], value.min(), "lowest"), (value > edges[-1], value.max(), "highest")):
        if far.any():
            notes.append(f"the outermost bar holds {far.sum()} beyond the picture, the {word} {amount(edge, unit)}")
    return _histogram(counts, edges, (low, middle, high), unit, width), [*notes, *([without] if without else [])]


def _histogram(
    counts: Floats, edges: Floats, marks: tuple[float, float, float], unit: str, width: int
) -> alt.TopLevelMixin:
    import altair as alt

    scale, word = scaled(float(np.abs(edges).max()))
    bins = [
        {"low": a / scale, "high": b / scale, "count": count, "below": bool(a + b < 0.0),
         "said": f"{between(a, b, unit)}: {rounded(count)} members"}
        for a, b, count in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
    ]  # fmt: skip
    names = told_apart(value / scale for value in marks)
    lines = [
        (f"{name} {words}", value / scale, INK)
        for name, words, value in zip(("p10", "p50", "p90"), names, marks, strict=True)
    ]
    ends, near_zero = _ends(edges / scale)
    if near_zero:
        lines.append(("zero", 0.0, VERMILLION))
    x = alt.X("low:Q").title(money_title(word, unit, "net present value"))
    x = x.scale(domain=list(ends), nice=False, padding=6, zero=False)
    most = float(counts.max())
    step = next(step for size in range(12) for step in (10**size, 2 * 10**size, 5 * 10**size) if most <= 5 * step)
    marked = list(range(0, int(most) + 1, step))
    y = alt.Y("count:Q").title("members").axis(values=marked, tickCount=len(marked), format=",d")
    y = y.scale(domain=[0, most * _HEIGHT / (_HEIGHT - _LINE * len(lines) - 6)], nice=False)
    bars = alt.Chart(alt.InlineData(values=bins)).mark_bar(stroke=PAPER, strokeWidth=0.6, opacity=0.85)
    colour = alt.when("datum.below").then(alt.value(VERMILLION)).otherwise(alt.value(ACCENT))
    layers: list[Any] = [bars.encode(x=x, x2="high:Q", y=y, y2=alt.datum(0), color=colour, description="said:N")]
    layers.append(alt.Chart().mark_rule(color=QUIET, aria=False).encode(y=alt.datum(0)))
    layers += _upright(lines, ends, x)
    return alt.layer(*layers).properties(width=width - 70, height=_HEIGHT)


def _ends(edges: Floats) -> tuple[tuple[float, float], bool]:
    """Where the axis begins and ends, and whether zero lies on it: it does where it is not far from the members."""
    low, high = float(edges[0]), float(edges[-1])
    if len(edges) == 2:
        # one bar alone stands in the middle
        low, high = low - 5.0 * (high - low), high + 5.0 * (high - low)
    reach = 0.5 * (high - low)
    if low - reach <= 0.0 <= high + reach:
        return (min(low, 0.0), max(high, 0.0)), True
    return (low, high), False


def _upright(lines: list[tuple[str, float, str]], ends: tuple[float, float], x: alt.X) -> list[Any]:
    """The marked values as upright lines, the words of each on a line of their own, so that none covers another."""
    import altair as alt

    found: list[Any] = []
    written: list[Any] = []
    for place, (words, value, ink) in enumerate(lines):
        right = value - ends[0] > 0.55 * (ends[1] - ends[0])
        base = alt.Chart(alt.InlineData(values=[{"low": value, "words": words}]))
        rule = base.mark_rule(color=ink, strokeDash=[1, 0] if words == "zero" else [4, 3], aria=False)
        found.append(rule.encode(x=x, y=alt.value(_LINE * place + 2), y2=alt.value(_HEIGHT)))
        # paper around the letters, so that no line crosses them
        for paint in ({"color": PAPER, "stroke": PAPER, "strokeWidth": 5}, {"color": ink}):
            beside: dict[str, Any] = {"align": "right", "dx": -4} if right else {"align": "left", "dx": 4}
            text = base.mark_text(fontSize=11.5, aria=False, **beside, **paint)
            written.append(text.encode(x=x, y=alt.value(_LINE * place + 8), text="words:N"))
    return found + written
