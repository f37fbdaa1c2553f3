"""Chart: how much of its first energy a storage project still holds, year by year, with what was added on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cell2grid.report.alone import by_project
from cell2grid.report.marks import entities, nothing, rows, speaking, years_axis
from cell2grid.report.theme import ACCENT, BAND_OPACITY, INK, VERMILLION, WIDE
from cell2grid.report.wording import amount, between, rounded

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"life": ("state_of_health",)}
TITLE = "State of health"
PLACE = ("life", 1)
_EDGES = ("mean", "p10", "p90")
_END = "end_of_life"
# energies of the first year farther apart than this are not one size, and no jump can be told from them
_SAME = 1e-6


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Mean and band of each project over its years; an upright piece of the line is an addition."""
    return by_project(results, rows(results, "life"), width, _panel)


def table(results: Shown) -> pd.DataFrame:
    """State of health at the end of each year, beside the energy that the year began with and its full cycles."""
    import pandas as pd

    parts = []
    frame = rows(results, "life")
    for project in entities(rows(results, "life", ["state_of_health"]), "project"):
        part = frame[frame["project"].astype(str) == project]
        health = _of(part, "state_of_health")
        found = health[["project", "year", "mean", "p10", "p50", "p90", "unit"]].set_index("year")
        for name, words in (("capacity", "energy at the beginning"), ("full_cycles", "full cycles")):
            more = _of(part, name).set_index("year")
            if len(more):
                found[f"{words} [{more['unit'].iloc[0]}]"] = more["mean"]
        parts.append(found.reset_index()[["project", "year", *(name for name in found if name != "project")]])
    return pd.concat(parts, ignore_index=True)


def _of(part: pd.DataFrame, variable: str) -> pd.DataFrame:
    """The rows of one variable by year, those without a mean left out."""
    return part[part["variable"] == variable].dropna(subset=["mean"]).sort_values("year", kind="stable")


def _corners(part: pd.DataFrame) -> pd.DataFrame:
    """The line's corners: ``time`` [year], and mean, p10 and p90 [%] at the beginning and end of each ``piece``.

    The beginning of a year is what its energy is of that of the first year. Where members differ in that, a year begins
    as the one before ended, and an addition is a rise within a year.
    """
    import pandas as pd

    health, energy = _of(part, "state_of_health").set_index("year"), _of(part, "capacity").set_index("year")
    share = 100.0 if str(health["unit"].iloc[0]).split("/")[0] == "ratio" else 1.0
    ends = share * health[list(_EDGES)]
    starts = ends.shift(1).fillna(100.0)
    first = energy.loc[1] if 1 in energy.index else None
    if first is not None and first["mean"] > 0.0 and abs(first["p90"] - first["p10"]) <= _SAME * first["mean"]:
        known = 100.0 * energy[list(_EDGES)] / first["mean"]
        # members whose life has ended hold nothing, which is no loss of those that are left
        starts = known.reindex(starts.index).fillna(starts).clip(lower=starts)
    both = pd.concat(
        [
            starts.assign(time=starts.index.to_numpy(float) - 1.0, at_end=False, piece=starts.index),
            ends.assign(time=ends.index.to_numpy(float), at_end=True, piece=ends.index),
        ]
    )
    both = both.sort_values(["piece", "at_end"], kind="stable", ignore_index=True)
    return both.assign(place=range(len(both)))


def _panel(part: pd.DataFrame, width: int) -> tuple[alt.TopLevelMixin, list[str]]:
    import altair as alt

    health, end = _of(part, "state_of_health"), _end_of_life(part)
    if health.empty:
        return nothing(width), ["no member has a value"]
    corners, unit = _corners(part), str(health["unit"].iloc[0])
    said = [
        f"end of year {year}: {amount(mean, unit)}, range {between(low, high, unit)}"
        for year, mean, low, high in health[["year", *_EDGES]].itertuples(index=False)
    ]
    least, most = min(corners["p10"].min(), 100.0 if end is None else end), max(corners["p90"].max(), 100.0)
    room = max(0.06 * (most - least), 0.2)
    scale = alt.Scale(domain=[max(0.0, least - room), most + room], nice=False, zero=False)
    x = years_axis(int(corners["time"].max()), width)
    y, low = (alt.Y(f"{edge}:Q").title("share of the first energy [%]").scale(scale) for edge in ("mean", "p10"))
    base, ends = alt.Chart(corners), corners[corners["at_end"]]
    layers = [
        base.mark_area(opacity=BAND_OPACITY, color=ACCENT, aria=False).encode(x=x, y=low, y2="p90:Q", detail="piece:N"),
        base.mark_line(color=ACCENT, strokeWidth=2.2, aria=False).encode(x=x, y=y, order="place:Q"),
        speaking(ends.assign(said=said), x=x, y=y),
    ]
    if end is not None:
        rule = alt.Chart(alt.InlineData(values=[{"mean": end, "words": f"end of life, {rounded(end)} %"}]))
        layers.append(rule.mark_rule(color=VERMILLION, strokeDash=[5, 4], aria=False).encode(y=y))
        words = rule.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=INK, fontSize=11.5, aria=False)
        layers.append(words.encode(x=alt.value(0), y=y, text="words:N"))
    notes = ["line: mean of the members; band: 10 to 90 % of them"]
    return alt.layer(*layers).properties(width=width - 70, height=210), notes


def _end_of_life(part: pd.DataFrame) -> float | None:
    """The state of health at which the life ends [%], where it is known."""
    found = _of(part, _END)
    found = found[found["mean"] > 0.0]
    if found.empty:
        return None
    value = float(found["mean"].iloc[0])
    return 100.0 * value if str(found["unit"].iloc[0]).split("/")[0] == "ratio" else value
