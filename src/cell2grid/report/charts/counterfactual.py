"""Chart: what the model makes of the same months without the shocks, beside what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import entities, folded, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import study_of
from cell2grid.report.theme import ACCENT, BAND_OPACITY, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, listed, period, title, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"counterfactuals": ()}
TITLE = "With the shocks and without them"
PLACE = ("counterfactual", 1)


def _both(results: Results) -> pd.DataFrame:
    """The modelled rows, and one row of what was reported for each."""
    import pandas as pd

    found = []
    for row in rows(results, "counterfactuals").to_dict("records"):
        case = study_of(results).counterfactuals.get(str(row["name"]))
        head = title(str(row["name"])) if case is None else f"{case.plant}, {period(case.start, case.end)}"
        without = f"without {listed([part.strip() for part in str(row['without']).split(',')])}"
        told = f"{without}: {amount(row['mean'], row['unit'])}, range {between(row['p10'], row['p90'], row['unit'])}"
        found.append({**row, "panel": f"{row['quantity']}: {head}", "case": without, "said": told})
        reported = None if case is None else _reported(row, case.own.value, case.total.value)
        if reported is not None:
            told = f"as reported: {amount(reported, row['unit'], reported=row['unit'] != 'ratio')}"
            flat = dict.fromkeys(("mean", "p10", "p90"), reported)
            found.append({**row, **flat, "panel": found[-1]["panel"], "case": "as reported", "said": told})
    return pd.DataFrame(found)


def _reported(row: dict[str, object], own: float, total: float) -> float | None:
    if row["quantity"] == "share":
        return own / total * (100 if row["unit"] == "percent" else 1) if total else None
    return own


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Each quantity as reported and without the shocks: a dot for the mean, a bar from p10 to p90."""
    frame = _both(results)
    return stacked([_panel(part, name, width) for name, part, _ in panels_of(frame, "panel", [], width)])


def _panel(frame: pd.DataFrame, name: str, width: int) -> alt.TopLevelMixin:
    import altair as alt

    room = 120 if width < WIDE else 200
    unit = str(frame["unit"].iloc[0])
    cases = ["as reported", *(case for case in entities(frame, "case") if case != "as reported")]
    colours = alt.Scale(domain=cases, range=[VERMILLION, *[ACCENT] * (len(cases) - 1)])
    label = alt.Y("case:N").sort(cases).title(None).axis(labelLimit=room - 6, domain=False, ticks=False)
    axis = alt.Axis(grid=True, format="%") if unit == "ratio" else alt.Axis(grid=True)
    words = "share" if unit == "ratio" else unit_words(unit)
    colour = alt.Color("case:N").scale(colours).legend(None)
    base = alt.Chart(frame)
    return alt.layer(
        base.mark_bar(height=13, opacity=BAND_OPACITY * 1.6, aria=False).encode(
            x=alt.X("p10:Q").title(words).axis(axis), x2="p90:Q", y=label, color=colour
        ),
        base.mark_circle(size=100, opacity=1).encode(
            x=alt.X("mean:Q").title(words).scale(zero=True), y=label, color=colour, description="said:N"
        ),
    ).properties(width=width - room - 20, height=34 * len(cases), title=panel_title(folded(name, width)))


def table(results: Results) -> pd.DataFrame:
    """The same cases in numbers."""
    frame = _both(results).rename(columns={"panel": "what"})
    return frame[["what", "case", "mean", "p10", "p90", "unit"]]
