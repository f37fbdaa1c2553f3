"""Chart: what the model makes of the same months without the shocks, beside what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.marks import folded, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import ACCENT, BAND_OPACITY, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, listed, period, title, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"counterfactuals": ()}
_REPORTED, _WITHOUT = "as reported", "without the shocks"
TITLE = "With the shocks and without them"
PLACE = ("counterfactual", 1)


def _both(results: Results) -> pd.DataFrame:
    """The modelled rows, and one row of what was reported for each."""
    import pandas as pd

    found, seen = [], set()
    for row in rows(results, "counterfactuals").to_dict("records"):
        case = study_of(results).counterfactuals.get(str(row["name"]))
        quantity = str(row["quantity"])
        head = title(str(row["name"]))
        if case is not None:
            head = f"{called(study_of(results), case.plant)}, {period(case.start, case.end)}"
            if quantity == "share":
                quantity = f"share of {amount(case.total.value, case.total.unit, reported=True)}"
        named = listed([part.strip().replace("-", " ") for part in str(row["without"]).split(",")])
        told = f"{_WITHOUT} ({named}): {amount(row['mean'], row['unit'])}, "
        told += f"range {between(row['p10'], row['p90'], row['unit'])}"
        shared = {"panel": f"{row['quantity']} {row['name']}", "what": f"{quantity}: {head}", "named": named}
        reported = None if case is None else _reported(row, case.own.value, case.total.value)
        # the exports of cases that differ in the total alone are drawn once
        drawn = (shared["what"], named, row["mean"], reported)
        if drawn in seen:
            continue
        seen.add(drawn)
        found.append({**row, **shared, "case": _WITHOUT, "said": told})
        if reported is not None:
            told = f"as reported: {amount(reported, row['unit'], reported=row['unit'] != 'ratio')}"
            flat = dict.fromkeys(("mean", "p10", "p90"), reported)
            found.append({**row, **shared, **flat, "case": _REPORTED, "said": told})
    return pd.DataFrame(found)


def _reported(row: dict[str, object], own: float, total: float) -> float | None:
    if row["quantity"] == "share":
        return own / total * (100 if row["unit"] == "percent" else 1) if total else None
    return own


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Each quantity as reported and without the shocks: a dot for the mean, a bar from p10 to p90."""
    frame = _both(results)
    return stacked([_panel(part, width) for _, part, _ in panels_of(frame, "panel", [], width)])


def _panel(frame: pd.DataFrame, width: int) -> alt.TopLevelMixin:
    import altair as alt

    room = 120 if width < WIDE else 200
    unit = str(frame["unit"].iloc[0])
    cases = [_REPORTED, _WITHOUT]
    colours = alt.Scale(domain=cases, range=[VERMILLION, ACCENT])
    label = alt.Y("case:N").sort(cases).title(None).axis(labelLimit=room - 6, domain=False, ticks=False)
    axis = alt.Axis(grid=True, format="%") if unit == "ratio" else alt.Axis(grid=True)
    words = "share" if unit == "ratio" else unit_words(unit)
    colour = alt.Color("case:N").scale(colours).legend(None)
    base = alt.Chart(frame)
    shocks = folded(f"the shocks: {frame['named'].iloc[0]}", width)
    title_of_panel = panel_title(folded(str(frame["what"].iloc[0]), width), shocks)
    return alt.layer(
        base.mark_bar(height=13, opacity=BAND_OPACITY * 1.6, aria=False).encode(
            x=alt.X("p10:Q").title(words).axis(axis), x2="p90:Q", y=label, color=colour
        ),
        base.mark_circle(size=100, opacity=1).encode(
            x=alt.X("mean:Q").title(words).scale(zero=True), y=label, color=colour, description="said:N"
        ),
    ).properties(width=width - room - 20, height=34 * len(cases), title=title_of_panel)


def table(results: Results) -> pd.DataFrame:
    """The same cases in numbers."""
    frame = _both(results)
    return frame[["what", "case", "mean", "p10", "p90", "unit"]]
