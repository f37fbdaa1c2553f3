"""Chart: who gains and who loses in profit and in use of plants, at home and abroad, with the spread over members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import name_of
from cell2grid.report.contrasts import MOST_ROWS, WHOLE, in_both, row_axis, said_period, shown_years, under_words
from cell2grid.report.marks import folded, panel_title, rows, stacked
from cell2grid.report.theme import ACCENT, INK, ORANGE, QUIET, WIDE
from cell2grid.report.wording import amount, between, scaled, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"compared": ()}
TITLE = "Who gains and who loses"
PLACE = ("compared", 2)
_SIDES = {"home": ("at home", ACCENT), "abroad": ("abroad", ORANGE), WHOLE: ("in all", INK)}
_DROPS = {"home": 2, "abroad": 10, WHOLE: 6}  # pixels below the middle of a row
# the quantities by name: what they are called, in the order of the panels
_PROFIT = (("firm_profit", "change in profit"), ("nameplate_utilisation", "change in utilisation"))
_MADE = (("output", "change in what is made"), ("utilisation", "change in utilisation"))


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Bars at home and abroad, a mark for both, lines from p10 to p90: over all years, and in years on the way."""
    frame = _incumbents(results)
    panels = []
    for place, (variable, heading) in enumerate(_quantities(frame)):
        part = frame[frame["variable"] == variable]
        years = shown_years(part)
        periods = [WHOLE, *(years if place == 0 and len(years) > 1 else [])]
        for unit, of_unit in part[part["period"].isin(periods)].groupby("unit", sort=False):
            # one scale for all periods, so that years can be held against each other
            ends = of_unit[["difference", "p10", "p90"]].astype(float).to_numpy()
            for period in periods:
                here = of_unit[of_unit["period"] == period]
                if not here.empty:
                    text = f"{heading}, {said_period(period)}"
                    panels.append(_panel(results, here, text, str(unit), width, reach=(ends.min(), ends.max())))
    return stacked(panels[:_MOST_PANELS])


_MOST_PANELS = 6


def _incumbents(results: Shown) -> pd.DataFrame:
    """The rows of firms that are there with it and without it."""
    frame = in_both(rows(results, "compared"))
    return frame[(frame["kind"] == "firm") & (frame["market"] == "")]


def begins(results: Shown) -> bool:
    """Whether any firm is there in both."""
    return not _incumbents(results).empty


def _quantities(frame: pd.DataFrame) -> Sequence[tuple[str, str]]:
    known = set(frame["variable"])
    return [row for row in (_PROFIT if "firm_profit" in known else _MADE) if row[0] in known]


def _panel(
    results: Shown, part: pd.DataFrame, heading: str, unit: str, width: int, *, reach: tuple[float, float]
) -> alt.TopLevelMixin:
    keys = ["entity", "product"]
    largest = part[part["side"] == WHOLE].sort_values("difference", kind="stable")
    order = list(largest[keys].itertuples(index=False, name=None))
    # of many firms those that lose most and gain most
    shown = order if len(order) <= MOST_ROWS else [*order[: MOST_ROWS // 2], *order[-(MOST_ROWS // 2) :]]
    several = len(set(part["product"])) > 1
    heads = [
        name_of(results, str(entity)) + (f", {product}" if several and product else "") for entity, product in shown
    ]
    times = 100.0 if unit == "ratio" else 1.0
    scale, word = scaled(times * max(abs(end) for end in reach))
    said_unit = "percentage points" if unit == "ratio" else f"{word} {unit_words(unit)}".strip()
    values = []
    for row in part.to_dict("records"):
        place = (row["entity"], row["product"])
        if place in shown and row["side"] in _SIDES:
            values.append(_value(row, str(shown.index(place)), heads[shown.index(place)], unit, times / scale))
    notes = ["lines: 10 to 90 % of members"]
    notes += [f"{len(order) - len(shown)} firms between these are in the table"] if len(order) > len(shown) else []
    title = panel_title(folded(heading, width), [line for note in notes for line in folded(note, width)])
    ends = [end * times / scale for end in (min(reach[0], 0.0), max(reach[1], 0.0))]
    return _drawn(heads, values, said_unit, width, ends).properties(title=title)


def _value(row: dict[str, Any], place: str, head: str, unit: str, times: float) -> dict[str, Any]:
    """One bar: its numbers in the unit of the axis, and its sentence."""
    words = _SIDES[str(row["side"])][0]
    spoken = "percentage_point" if unit == "ratio" else unit
    factor = 100.0 if unit == "ratio" else 1.0
    mean, low, high = (float(row[key]) for key in ("difference", "p10", "p90"))
    said = f"{head}, {words}: {amount(mean * factor, spoken)}"
    said += f", range {between(low * factor, high * factor, spoken)}" if low != high else ""
    return {
        "row": place, "side": words, "key": str(row["side"]), "value": mean * times, "low": low * times,
        "high": high * times, "said": said,
    }  # fmt: skip


def _drawn(
    heads: list[str], values: list[dict[str, Any]], unit: str, width: int, ends: list[float]
) -> alt.TopLevelMixin:
    import altair as alt

    used = [side for side in _SIDES if any(row["key"] == side for row in values)]
    domain = [_SIDES[side][0] for side in used]
    tones = [_SIDES[side][1] for side in used] if len(used) > 1 else [ACCENT]
    colour = alt.Color("side:N").scale(domain=domain, range=tones)
    scale = alt.Scale(domain=ends if ends[0] < ends[1] else [-1.0, 1.0], nice=True)
    y = row_axis(heads)
    layers = []
    for side in used:
        drop = _DROPS[side] if len(used) > 1 else 4
        base = alt.Chart(alt.InlineData(values=[row for row in values if row["key"] == side]))
        x = alt.X("value:Q").title(unit).scale(scale)
        if side == WHOLE and len(used) > 1:
            mark = base.mark_tick(thickness=2.4, height=18, yOffset=drop, orient="vertical", opacity=1)
            layers.append(mark.encode(x=x, y=y, color=colour, description="said:N"))
            continue
        bars = base.mark_bar(height=7, yOffset=drop, opacity=0.9)
        layers.append(bars.encode(x=x, x2=alt.datum(0), y=y, color=colour, description="said:N"))
        rule = base.mark_rule(color=INK, strokeWidth=1.2, yOffset=drop, aria=False)
        layers.append(rule.encode(x=alt.X("low:Q").title(unit), x2="high:Q", y=y))
    zero = alt.Chart(alt.InlineData(values=[{"at": 0}])).mark_rule(color=QUIET, strokeWidth=1, aria=False)
    return under_words(heads, [zero.encode(x="at:Q"), *layers], width - 40)


def table(results: Shown) -> pd.DataFrame:
    """Every change of every firm that is there in both, by year and side, with its spread and its standard error."""
    frame = _incumbents(results)
    found = frame.assign(what=frame["variable"].str.replace("_", " "))
    columns = {
        "what": "what", "entity": "of", "product": "product", "side": "where", "period": "when",
        "difference": "difference", "p10": "p10 of it", "p90": "p90 of it", "error": "standard error", "unit": "unit",
    }  # fmt: skip
    return found[list(columns)].rename(columns=columns)
