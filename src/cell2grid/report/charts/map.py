"""Chart: plants, planned ones, projects and markets on a map, with an outline of countries that needs no network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from cell2grid.report.alone import Tables, name_of
from cell2grid.report.marks import folded, panel_title, rows
from cell2grid.report.provenance import called, study_of
from cell2grid.report.theme import ACCENT, FAINT, GREEN, INK, PAPER, PURPLE, VERMILLION, WIDE
from cell2grid.report.wording import amount
from cell2grid.study.atlas import countries_within

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

    from cell2grid.report.alone import Shown

NEEDS: dict[str, tuple[str, ...]] = {"places": ()}
TITLE = "Where it is made, and where it goes"
PLACE = ("output", 0)
_KINDS = {
    "plant": ("triangle-up", ACCENT),
    "planned": ("diamond", PURPLE),
    "project": ("square", VERMILLION),
    "market": ("circle", GREEN),
}
_SHAPES = {"plant": "triangle", "planned": "diamond", "project": "square", "market": "circle"}
# a map of one point shows its surroundings, and none goes beyond the poles
_MARGIN, _LEAST, _SOUTH, _NORTH = 12.0, 50.0, -60.0, 84.0  # degrees
_TALLEST, _FLATTEST = 0.75, 0.4  # height by width
_LABELS = 14
_LETTER, _LINE = 6.5, 13.0  # pixels, of a name


def _placed(results: Shown) -> pd.DataFrame:
    """The places with what a reader calls them, those at one point beside each other."""
    frame = rows(results, "places")
    said = [
        f"{name_of(results, str(row.entity))} ({row.kind}): {amount(float(row.average), str(row.unit))}"
        + (", in the middle of its region" if row.of_region else "")
        for row in frame.rename(columns={"mean": "average"}).itertuples()
    ]
    frame = frame.assign(called=[name_of(results, str(entity)) for entity in frame["entity"]], said=said)
    turn = frame.groupby([frame["latitude"].round(1), frame["longitude"].round(1)]).cumcount()
    return frame.assign(turn=turn)


def _window(frame: pd.DataFrame) -> tuple[float, float, float, float]:
    """West, east, south and north of what is shown [degree]: all places with a margin, wider than high."""
    west, east = float(frame["longitude"].min()), float(frame["longitude"].max())
    south, north = float(frame["latitude"].min()), float(frame["latitude"].max())
    across = max(east - west + 2 * _MARGIN, (north - south + 2 * _MARGIN) / _TALLEST, _LEAST)
    along = min(max(north - south + 2 * _MARGIN, across * _FLATTEST), _NORTH - _SOUTH)
    across = min(across, 360.0)
    return *_around((west + east) / 2, across, -180.0, 180.0), *_around((south + north) / 2, along, _SOUTH, _NORTH)


def _around(middle: float, length: float, lowest: float, highest: float) -> tuple[float, float]:
    """An interval of this length about the middle, moved to lie between the bounds."""
    low = min(max(middle - length / 2, lowest), highest - length)
    return low, low + length


def chart(results: Shown, *, width: int = WIDE) -> alt.TopLevelMixin:
    """Outlines of countries, a mark for each plant, plan, project and market, and their names where they are few."""
    import altair as alt

    frame = _placed(results)
    inner = width - 20
    window = _window(frame)
    scale = inner / (window[1] - window[0])  # pixels for a degree
    height = round(scale * (window[3] - window[2]))
    layers: list[Any] = [_ground(window, scale)]
    # those at one point stand in a row beside it
    frame = frame.assign(beside=frame["turn"] * 11.0 / scale)
    frame = frame.assign(x=(frame["longitude"] + frame["beside"]).clip(window[0], window[1]))
    for kind, (shape, colour) in _KINDS.items():
        part = frame[frame["kind"] == kind][["x", "latitude", "said"]]
        if len(part):
            points = alt.Chart(part).mark_point(
                shape=shape, size=90, filled=True, color=colour, stroke=PAPER, strokeWidth=1, opacity=0.95
            )
            layers.append(points.encode(longitude="x:Q", latitude="latitude:Q", description="said:N"))
    layers.extend(_names(frame, window, scale))
    used = [kind for kind in _KINDS if (frame["kind"] == kind).any()]
    legend = ", ".join(f"{_SHAPES[kind]}: {kind}" for kind in used)
    notes = ["marks without a known location stand in the middle of their country"] if frame["of_region"].any() else []
    nowhere = _nowhere(results, frame)
    notes += [f"not on the map, as no country and without a location: {', '.join(nowhere)}"] if nowhere else []
    title = panel_title(folded(legend, width), [line for note in notes for line in folded(note, width)])
    drawn: Any = alt.layer(*layers).project(
        type="identity", reflectY=True, scale=scale, translate=[-scale * window[0], scale * window[3]]
    )
    titled: alt.LayerChart = drawn.properties(width=inner, height=height, title=title)
    return titled


def _nowhere(results: Shown, frame: pd.DataFrame) -> list[str]:
    """What the regions of plants, projects and markets are called that have no place on the map."""
    if isinstance(results, Tables):
        return []
    study, shown = study_of(results), set(frame["region"])
    regions = [
        *(plant.region for plant in study.plants.values()),
        *(project.region for project in study.projects.values()),
        *(market.region for market in study.markets.values()),
    ]
    return [called(study, region) for region in dict.fromkeys(regions) if region not in shown]


def _ground(window: tuple[float, float, float, float], scale: float) -> alt.Chart:
    """The countries of the window, no finer than they are drawn."""
    import altair as alt

    data = alt.InlineData(values=countries_within(window, 1.0 / scale))
    ground: alt.Chart = alt.Chart(data).mark_geoshape(fill=FAINT, stroke=PAPER, strokeWidth=0.6, clip=True, aria=False)
    return ground


def _names(frame: pd.DataFrame, window: tuple[float, float, float, float], scale: float) -> list[Any]:
    """The names of places, one line for those at one point, to the left of marks in the east; none on another."""
    import altair as alt

    at = [frame["latitude"].round(1), frame["longitude"].round(1)]
    lines = frame.groupby(at, sort=False).agg(
        called=("called", lambda names: ", ".join(dict.fromkeys(names))), x=("x", "max"), first=("longitude", "min"),
        latitude=("latitude", "first"),
    ).reset_index(drop=True)  # fmt: skip
    if len(lines) > _LABELS:
        return []
    lines = lines.assign(called=[name if len(name) <= 44 else name[:43] + "…" for name in lines["called"]])
    middle = (window[0] + window[1]) / 2
    lines = lines.assign(latitude=_apart(lines, middle, scale))
    layers = []
    sides: tuple[tuple[Literal["left", "right"], int, str, pd.DataFrame], ...] = (
        ("left", 9, "x", lines[lines["x"] <= middle]),
        ("right", -9, "first", lines[lines["x"] > middle]),
    )
    for align, shift, column, part in sides:
        if len(part):
            text = alt.Chart(part[["called", column, "latitude"]]).mark_text(
                align=align, dx=shift, fontSize=11.5, color=INK, aria=False, stroke=PAPER, strokeWidth=0
            )
            layers.append(text.encode(longitude=f"{column}:Q", latitude="latitude:Q", text="called:N"))
    return layers


def _apart(lines: pd.DataFrame, middle: float, scale: float) -> list[float]:
    """The latitude of each name [degree]: that of its mark, or below names that stand where it would."""
    placed: list[tuple[float, float, float]] = []
    found = dict.fromkeys(lines.index, 0.0)
    for index, row in lines.sort_values("latitude", ascending=False).iterrows():
        long = (_LETTER * len(row["called"]) + 12.0) / scale
        west, east = (row["x"], row["x"] + long) if row["x"] <= middle else (row["first"] - long, row["first"])
        at = float(row["latitude"])
        for other, other_west, other_east in sorted(placed, reverse=True):
            if west < other_east and other_west < east and abs(at - other) < _LINE / scale:
                at = other - _LINE / scale
        placed.append((at, west, east))
        found[index] = at
    return list(found.values())


def table(results: Shown) -> pd.DataFrame:
    """Each place with its coordinates, and what it makes, stores or gets."""
    frame = _placed(results).rename(columns={"called": "place", "mean": "amount"})
    known = ["its region" if of_region else "its own" for of_region in frame["of_region"]]
    frame = frame.assign(location=known)
    return frame[["place", "kind", "region", "latitude", "longitude", "location", "amount", "unit"]]
