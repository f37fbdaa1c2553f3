"""Chart: what a plant exports month by month with the shocks and without them, beside what was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cell2grid.report.marks import SPREAD, band, folded, months_axis, panel_title, panels_of, rows, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import INK, WIDE
from cell2grid.report.wording import amount, between, listed, month, unit_words

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.results import Results

NEEDS: dict[str, tuple[str, ...]] = {"counterfactual_months": ()}
TITLE = "Month by month, with the shocks and without them"
PLACE = ("counterfactual", 2)
_CASES = {"with": "with the shocks", "without": "without the shocks"}


def _months(results: Results) -> pd.DataFrame:
    """The modelled months; cases that leave out the same shocks of one plant are one panel."""
    import pandas as pd

    frame, study = rows(results, "counterfactual_months"), study_of(results)
    kept: dict[tuple[object, ...], str] = {}
    for name in dict.fromkeys(map(str, frame["name"])):
        case = study.counterfactuals.get(name)
        same = (name,) if case is None else (case.plant, *sorted(case.without))
        kept.setdefault(same, name)
    frame = frame[frame["name"].isin(list(kept.values()))]
    series = frame["case"].map(_CASES)
    frame = frame.assign(series=series, time=pd.to_datetime(frame["period"], format="%Y-%m", utc=True))
    said = [
        f"{row.series}, {month(row.period)}: {amount(row.mean_, row.unit)}, {between(row.p10, row.p90, row.unit)}"
        for row in frame.rename(columns={"mean": "mean_"}).itertuples()
    ]
    return frame.assign(said=said)


def _reported(results: Results, name: str) -> pd.DataFrame:
    """What was reported of single months of the plant's exports."""
    import pandas as pd

    study = study_of(results)
    case = study.counterfactuals.get(name)
    found = [
        {
            "time": pd.Timestamp(f"{seen.start}-01", tz="UTC"),
            "mean": seen.value.value,
            "said": f"reported, {month(seen.start)}: {amount(seen.value.value, seen.value.unit, reported=True)}",
        }
        for seen in study.observations.values()
        if case is not None and (seen.variable, seen.of, seen.start) == ("exports", case.plant, seen.end)
        # a pace by the year is no month's number
        if "/" not in seen.value.unit
    ]
    return pd.DataFrame(found, columns=["time", "mean", "said"])


def chart(results: Results, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Exports with and without the shocks: means as lines, 10 to 90 % of the members as bands, reports as diamonds."""
    frame, study = _months(results), study_of(results)
    panels = []
    for name, part, notes in panels_of(frame, "name", [SPREAD], width):
        case = study.counterfactuals.get(name)
        head, told = name, list(notes)
        if case is not None:
            shocks = listed([shock.replace("-", " ") for shock in case.without])
            head, told = f"Exports of {called(study, case.plant)}", [*folded(f"the shocks: {shocks}", width), *notes]
        unit = unit_words(str(part["unit"].iloc[0]))
        panel = _with_reports(band(part, title=unit, width=width), _reported(results, name), unit, width)
        panels.append(panel.properties(title=panel_title(folded(head, width), told)))
    return stacked(panels)


def _with_reports(panel: Any, seen: pd.DataFrame, unit: str, width: int) -> Any:
    import altair as alt

    if seen.empty:
        return panel
    points = alt.Chart(seen.assign(kind="reported")).mark_point(shape="diamond", filled=True, size=80, opacity=1)
    reported = points.encode(
        x=alt.X("time:T").title(None).scale(type="utc").axis(months_axis(width)),
        y=alt.Y("mean:Q").title(unit),
        fill=alt.Fill("kind:N").scale(domain=["reported"], range=[INK]).title(None),
        description="said:N",
    )
    return alt.layer(panel, reported).resolve_scale(fill="independent")


def table(results: Results) -> pd.DataFrame:
    """The same months in numbers, and what was reported of each."""
    import pandas as pd

    frame, parts = _months(results), []
    for name in dict.fromkeys(map(str, frame["name"])):
        seen = _reported(results, name)
        reported = dict(zip(seen["time"], seen["mean"], strict=True))
        part = frame[frame["name"] == name]
        parts.append(part.assign(reported=[reported.get(time) for time in part["time"]]))
    whole = pd.concat(parts, ignore_index=True).rename(columns={"series": "exports", "period": "month"})
    return whole[["name", "exports", "month", "mean", "p10", "p90", "reported", "unit"]]
