"""Chart: what was assumed of each drawn figure, and what is left of it once members are weighed by the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import rows
from cell2grid.report.theme import ACCENT, BAND_OPACITY, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, shortened

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"calibration": ()}
TITLE = "What the record says of the assumptions"
PLACE = ("evidence", 2)
_ROW = 26
# more rows than this are no picture; the table beside it has all of them
_MOST = 40
_LETTERS = 26  # of a figure on a narrow page
_BEFORE, _AFTER = "as assumed", "weighed by the record"


def _figures(results: Results) -> pd.DataFrame:
    """Both ranges of each figure as parts of its mean before, those that moved or narrowed most first."""
    frame = rows(results, "calibration")
    frame = frame[frame["prior"] != 0].copy()
    width, left = frame["prior_p90"] - frame["prior_p10"], frame["p90"] - frame["p10"]
    # how much narrower, and how far the mean went, as parts of the range before
    told = (1 - left / width.where(width > 0)).fillna(0) + ((frame["mean"] - frame["prior"]) / width).abs().fillna(0)
    frame = frame.assign(told=told).sort_values("told", ascending=False, kind="stable")
    label = [str(path).removesuffix(".quantity").replace(".", " ") for path in frame["figure"]]
    return frame.assign(label=label)


def _long(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    found = []
    for row in frame.to_dict("records"):
        for case, prefix in ((_BEFORE, "prior_"), (_AFTER, "")):
            mean = row["prior"] if prefix else row["mean"]
            low, high = row[f"{prefix}p10"], row[f"{prefix}p90"]
            said = f"{row['label']}, {case}: {amount(mean, row['unit'])}, {between(low, high, row['unit'])}"
            parts = {"low": low / row["prior"], "high": high / row["prior"], "middle": mean / row["prior"]}
            found.append({"label": row["label"], "case": case, "said": said, **parts})
    return pd.DataFrame(found)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Each figure before and after: a bar from p10 to p90 and a dot for the mean, as parts of the mean before."""
    import altair as alt

    frame = _figures(results).head(_MOST)
    room = 170 if width < WIDE else 300
    if width < WIDE:
        # the end of a path tells figures of one plant apart, and its beginning does not
        words = [shortened(label) for label in frame["label"]]
        ends = [word if len(word) <= _LETTERS else f"…{word[1 - _LETTERS :]}" for word in words]
        frame = frame.assign(label=ends if len(set(ends)) == len(ends) else words)
    order = list(dict.fromkeys(frame["label"]))
    long = _long(frame)
    cases = [_BEFORE, _AFTER]
    colour = alt.Color("case:N").scale(domain=cases, range=[VERMILLION, ACCENT])
    colour = colour.legend(alt.Legend(columns=1) if width < WIDE else alt.Legend(labelLimit=400))
    label = alt.Y("label:N").sort(order).title(None).axis(labelLimit=room - 8, domain=False, ticks=False)
    offset = alt.YOffset("case:N").sort(cases)
    below = "part of the mean that was assumed"
    axis = alt.Axis(grid=True, format="%")
    base = alt.Chart(long)
    bars = base.mark_bar(height=7, opacity=BAND_OPACITY * 2, aria=False).encode(
        x=alt.X("low:Q").title(below).axis(axis).scale(zero=False), x2="high:Q", y=label, yOffset=offset, color=colour
    )
    dots = base.mark_circle(size=45, opacity=1).encode(
        x=alt.X("middle:Q").title(below).axis(axis), y=label, yOffset=offset, color=colour, description="said:N"
    )
    return alt.layer(bars, dots).properties(width=width - room - 20, height=_ROW * len(order))


def table(results: Results) -> pd.DataFrame:
    """The same figures in numbers, in their own units."""
    frame = _figures(results)
    names = {"label": "figure", "text": "written", "prior": "assumed", "prior_p10": "from", "prior_p90": "to"}
    frame = frame.drop(columns="figure").rename(columns=names)
    return frame[["figure", "written", "assumed", "from", "to", "mean", "p10", "p90", "unit"]]
