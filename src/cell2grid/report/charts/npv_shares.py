"""Chart: what share of the spread in net present value comes from delivery, prices, ageing and capital cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import by_project
from cell2grid.report.marks import nothing, rows
from cell2grid.report.theme import ACCENT, INK, ORANGE, WIDE
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"shares": ()}
TITLE = "Where the spread comes from"
PLACE = ("risk", 3)
SOURCES = {"delivery": "delivery date", "capital_cost": "capital cost"}
KINDS = {"first": ("alone", ACCENT), "total": ("with what it does together with others", ORANGE)}
_STEP = 44
_TITLE = "share of the variance of the net present value [%]"


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Two bars for each source, what it does alone and with the others, each with its interval."""
    return by_project(results, rows(results, "shares"), width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """The same shares of the variance [%] with the ends of their intervals."""
    frame = rows(results, "shares")
    found = frame[["project"]].assign(source=frame["source"].map(called))
    for kind, words in (("first", "alone"), ("total", "with others")):
        for column, edge in ((kind, "[%]"), (f"{kind}_low", "from"), (f"{kind}_high", "to")):
            found[f"{words} {edge}"] = 100.0 * frame[column].astype(float)
    return found


def called(source: object) -> str:
    """The source of spread in words.

    >>> called("capital_cost"), called("ageing")
    ('capital cost', 'ageing')
    """
    return SOURCES.get(str(source), str(source).replace("_", " "))


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    values = part[list(KINDS)].to_numpy(float)
    if not (values == values).any():
        return nothing(width), ["the net present value is the same in all members: there is no spread to share"]
    notes = ["share of the variance; thin line: the interval of the estimate"]
    alone = float(part["first"].sum())
    if alone < 0.95:
        notes.append(f"alone they make {rounded(100 * alone, 2)} %; the rest is what they do together")
    return _bars(part, width), notes


def _bars(part: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    ordered = part.sort_values("total", ascending=False, kind="stable")
    # two sources can be called the same
    names = [str(place) for place in range(len(ordered))]
    found: list[dict[str, Any]] = []
    for name, row in zip(names, ordered.to_dict("records"), strict=True):
        for kind, (words, _) in KINDS.items():
            share, low, high = (100.0 * float(row[f"{kind}{edge}"]) for edge in ("", "_low", "_high"))
            if math.isfinite(share):
                interval = math.isfinite(low) and math.isfinite(high)
                said = f"{called(row['source'])}, {words}: {rounded(share)} %"
                said += f", interval {rounded(low)} to {rounded(high)} %" if interval else ""
                ends = {"low": low, "high": high} if interval else {"low": share, "high": share}
                found.append({"name": name, "kind": words, "share": share, "said": said, **ends})
    kinds = [words for words, _ in KINDS.values()]
    reach = [float(row[edge]) for row in found for edge in ("low", "high", "share")]
    scale = alt.Scale(domain=[min(0.0, *reach), max(1.0, *reach)], nice=True)
    heads = [{"name": name, "words": called(source)} for name, source in zip(names, ordered["source"], strict=True)]
    x = alt.X("share:Q").title(_TITLE).scale(scale)
    y = alt.Y("name:N").title(None).sort(names).axis(None)
    colours = alt.Scale(domain=kinds, range=[colour for _, colour in KINDS.values()])
    colour = alt.Color("kind:N").scale(colours).legend(columns=1 if width < WIDE else 2, labelLimit=300)
    layers: list[Any] = []
    for kind, drop in zip(kinds, (2, 12), strict=True):
        base = alt.Chart(alt.InlineData(values=[row for row in found if row["kind"] == kind]))
        bars = base.mark_bar(height=8, yOffset=drop, opacity=0.9)
        layers.append(bars.encode(x=x, x2=alt.datum(0), y=y, color=colour, description="said:N"))
        rule = base.mark_rule(color=INK, strokeWidth=1.2, yOffset=drop, aria=False)
        layers.append(rule.encode(x=alt.X("low:Q").title(_TITLE), x2="high:Q", y=y))
    inner = width - 40
    words = alt.Chart(alt.InlineData(values=heads)).mark_text(
        align="left", dy=-11, color=INK, fontSize=11.5, limit=inner, aria=False
    )
    layers.append(words.encode(x=alt.value(0), y=y, text="words:N"))
    return alt.layer(*layers).properties(width=inner, height=_STEP * len(names))
