"""Chart: which figures of the study the spread of each result comes from, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.alone import name_of
from cell2grid.report.marks import folded, label_of, nothing, panel_title, panels_of, rows, stacked
from cell2grid.report.theme import ACCENT, FAINT, INK, WIDE
from cell2grid.report.wording import rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"variance": ()}
TITLE = "Which figures the spread comes from"
PLACE = ("risk", 4)
MOST_BARS = 8
# between the result and what it is of, where both are one key: no name holds it
_APART = "\x1f"
_STEP = 34
_TITLE = "share of the variance, by itself [%]"


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """A bar for each figure of each result with its interval, the largest first."""
    frame = rows(results, "variance")
    keyed = frame.assign(key=frame["result"].astype(str) + _APART + frame["entity"].astype(str))
    panels = []
    for key, part, told in panels_of(keyed, "key", [], width):
        result, _, entity = key.partition(_APART)
        title = f"{label_of(result)}, {name_of(results, entity)}"
        lines = [line for note in _notes(part) for line in folded(note, width)]
        heading = panel_title(folded(title, width), [*lines, *told])
        panels.append(_panel(part, width).properties(title=heading))
    return stacked(panels)


def table(results: Shown) -> pd.DataFrame:
    """The shares [%] of all figures with the ends of their intervals, and whether noise alone would do as much."""
    frame = rows(results, "variance")
    found = frame[["result", "entity", "figure"]].assign(result=frame["result"].map(lambda name: label_of(str(name))))
    for column, edge in (("share", "share [%]"), ("low", "from"), ("high", "to")):
        found[edge] = (100.0 * frame[column].astype(float)).round(2)
    return found.assign(
        **{"within noise": frame["within_noise"].map({True: "yes", False: "no"}), "members": frame["members"]}
    )


def _notes(part: pd.DataFrame) -> list[str]:
    sure = part[~part["within_noise"].astype(bool)]
    members = int(part["members"].max())
    notes = [f"from {members:,} members; thin line: the interval of the estimate"]
    alone = float(sure["share"].sum())
    if sure.empty:
        notes.append("no figure stands out of what chance alone gives: take more members")
    elif alone < 0.95:
        notes.append(
            f"together they make {rounded(100 * alone, 2)} %; the rest comes of figures together, or of chance"
        )
    if len(part) > len(_shown(part)):
        left = len(part) - len(_shown(part))
        notes.append(
            f"{left} {'figure' if left == 1 else 'figures'} with less {'is' if left == 1 else 'are'} in the table"
        )
    return notes


def _shown(part: pd.DataFrame) -> pd.DataFrame:
    """The figures that stand out of noise, or the first few where none does."""
    ordered = part.sort_values("share", ascending=False, kind="stable")
    sure = ordered[~ordered["within_noise"].astype(bool)]
    return (ordered.head(3) if sure.empty else sure).head(MOST_BARS)


def _panel(part: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    shown = _shown(part)
    if shown.empty:
        return nothing(width)
    # two figures can be called the same
    names = [str(place) for place in range(len(shown))]
    found: list[dict[str, Any]] = []
    for name, row in zip(names, shown.to_dict("records"), strict=True):
        share, low, high = (100.0 * float(row[column]) for column in ("share", "low", "high"))
        noise = ", no more than noise" if row["within_noise"] else ""
        said = f"{called(row['figure'])}: {rounded(share)} %, interval {rounded(low)} to {rounded(high)} %{noise}"
        kind = "within noise" if row["within_noise"] else "a share"
        found.append(
            {"name": name, "words": called(row["figure"]), "share": share, "low": low, "high": high, "said": said,
             "kind": kind}
        )  # fmt: skip
    base = alt.Chart(alt.InlineData(values=found))
    x = alt.X("share:Q").title(_TITLE).scale(domain=[0, max(1.0, *(row["high"] for row in found))], nice=True)
    y = alt.Y("name:N").title(None).sort(names).axis(None)
    colour = alt.Color("kind:N").scale(domain=["a share", "within noise"], range=[ACCENT, FAINT]).legend(None)
    inner = width - 40
    bars = base.mark_bar(height=9, yOffset=6, opacity=0.9).encode(
        x=x, x2=alt.datum(0), y=y, color=colour, description="said:N"
    )
    rule = base.mark_rule(color=INK, strokeWidth=1.2, yOffset=6, aria=False)
    words = base.mark_text(align="left", dy=-8, color=INK, fontSize=11.5, limit=inner, aria=False)
    layers = (
        bars,
        rule.encode(x=alt.X("low:Q").title(_TITLE), x2="high:Q", y=y),
        words.encode(x=alt.value(0), y=y, text="words:N"),
    )
    return alt.layer(*layers).properties(width=inner, height=_STEP * len(names))


def called(path: object) -> str:
    """A figure of a study in words.

    >>> called("plants.giga-shanghai.ramp.months_to_nameplate"), called("shocks.storm.comes")
    ('plants · giga-shanghai · ramp · months to nameplate', 'shocks · storm · whether it comes')
    """
    words = str(path).removesuffix(".comes")
    said = words.replace("_", " ").replace(".", " · ")
    return said if words == str(path) else f"{said} · whether it comes"
