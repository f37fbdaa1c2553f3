"""Chart: each reported figure beside the range that the model gives for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.nomenclature import variables
from cell2grid.report.marks import entities, rows, stacked
from cell2grid.report.provenance import called, provenance_of
from cell2grid.report.theme import ACCENT, BAND_OPACITY, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, period, scaled, shortened, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"observations": ()}
TITLE = "Reported and modelled"
PLACE = ("evidence", 1)
_ROW = 30
# more rows than this are no picture; the table beside it has all of them
_MOST = 60


def _observed(results: Results) -> pd.DataFrame:
    frame = rows(results, "observations")
    provenance = provenance_of(results)
    known = variables()
    labels, said = [], []
    several = frame["of"].nunique() > 1
    for row in frame.rename(columns={"mean": "mean_"}).itertuples():
        name = known[row.variable].label if row.variable in known else str(row.variable)
        label = f"{name}, {period(row.start, row.end)}"
        of = str(row.of)
        who = of.replace("-", " ") if of in provenance.study.groups else called(provenance.study, of)
        labels.append(f"{who}: {label}" if several else label)
        sentences = " ".join(f"“{s.quote.strip()}”" for s in provenance.sentences_of(f"observations.{row.name}.value"))
        source = str(row.source) if row.source else "no source"
        said.append(
            f"{labels[-1]}: reported {amount(row.observed, row.unit, reported=True)}, modelled "
            f"{between(row.p10, row.p90, row.unit)}. {sentences} {source}".replace("  ", " ")
        )
    return frame.assign(label=labels, said=said)


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Each observation: the reported value as a diamond, the modelled mean as a dot in its bar from p10 to p90."""
    frame = _observed(results).head(_MOST)
    return stacked([_panel(frame[frame["unit"] == unit], str(unit), width) for unit in entities(frame, "unit")])


def _panel(frame: pd.DataFrame, unit: str, width: int) -> alt.TopLevelMixin:
    import altair as alt

    if width < WIDE:
        frame = frame.assign(label=[shortened(label) for label in frame["label"]])
    order = list(dict.fromkeys(frame["label"]))
    longest = max((len(label) for label in order), default=0)
    label_room = 148 if width < WIDE else min(max(220, 6 * longest + 8), 330)
    label = (
        alt.Y("label:N")
        .sort(order)
        .title(None)
        .axis(labelLimit=label_room - 14, labelPadding=8, domain=False, ticks=False)
    )
    # billions are read as billions on an axis
    by, word = scaled(float(frame[["observed", "mean", "p10", "p90"]].abs().max().max()))
    frame = frame.assign(**{name: frame[name] / by for name in ("observed", "mean", "p10", "p90")})
    words = unit_words(unit) or "share"
    words = f"{word} {words}" if word else words
    value = alt.X("value:Q").title(words).axis(grid=True).scale(zero=True)
    if unit == "ratio":
        value = value.axis(grid=True, format="%")
    bars = alt.Chart(frame).mark_bar(height=11, color=ACCENT, opacity=BAND_OPACITY * 1.6, aria=False)
    reported, modelled = "reported", "modelled (bar: p10 to p90)"
    long = frame.melt(["label", "said"], ["mean", "observed"], "kind", "value")
    long["kind"] = long["kind"].map({"observed": reported, "mean": modelled})
    kinds = [reported, modelled]
    legend = alt.Legend(columns=1) if width < WIDE else alt.Legend(labelLimit=400)
    points = alt.Chart(long).mark_point(filled=True, size=85, opacity=1)
    return alt.layer(
        bars.encode(x=alt.X("p10:Q").title(words), x2="p90:Q", y=label),
        points.encode(
            x=value,
            y=label,
            color=alt.Color("kind:N").scale(domain=kinds, range=[VERMILLION, ACCENT]).legend(legend),
            shape=alt.Shape("kind:N").scale(domain=kinds, range=["diamond", "circle"]).legend(legend),
            description="said:N",
        ),
    ).properties(width=width - label_room - 20, height=_ROW * len(order))


def table(results: Results) -> pd.DataFrame:
    """The same observations in numbers, with their sources."""
    frame = _observed(results).drop(columns="name").rename(columns={"label": "observation", "observed": "reported"})
    return frame[["observation", "reported", "mean", "p10", "p90", "residual", "unit", "source"]]
