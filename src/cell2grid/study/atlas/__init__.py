"""The outlines of countries, and where each is on the map; where they come from is in README.md beside.

A region of a study is a country where its key or its name is the country's code or name, or one of the wide regions of
``wide.yaml``; others have no place of their own. No map is fetched from anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@cache
def outlines() -> dict[str, Any]:
    """The outlines as TopoJSON, its only object being ``countries``.

    >>> sorted(outlines()["objects"])
    ['countries']
    """
    text = resources.files(__name__).joinpath("countries.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def middle_of(*names: str) -> tuple[float, float] | None:
    """Latitude and longitude [degree] of the middle of the first country or wide region that a name means, or None.

    >>> middle_of("AU"), middle_of("region-7", "australia") == middle_of("AU"), middle_of("rest"), middle_of("europe")
    ((-25.56, 134.38), True, None, (50.0, 10.0))
    """
    for name in names:
        found = _middles().get(name.casefold())
        if found is not None:
            return found
    return None


def countries_within(window: tuple[float, float, float, float], step: float) -> list[dict[str, Any]]:
    """The outlines that reach into a window, as GeoJSON, to the nearest ``step``; smaller ones are left out.

    Parameters
    ----------
    window
        West, east, south and north [degree].
    step
        The side of a pixel [degree].

    >>> [country["properties"]["name"] for country in countries_within((133.0, 134.0, -26.0, -25.0), 0.5)]
    ['Australia']
    """
    west, east, south, north = window
    found = []
    for country in outlines()["objects"]["countries"]["geometries"]:
        polygons = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
        rings = [_rounded(_ring(polygon[0]), step) for polygon in polygons]
        shown = [
            [ring]
            for ring in rings
            if len(ring) > 3
            and min(x for x, _ in ring) <= east and max(x for x, _ in ring) >= west
            and min(y for _, y in ring) <= north and max(y for _, y in ring) >= south
        ]  # fmt: skip
        if shown:
            geometry = {"type": "MultiPolygon", "coordinates": shown}
            found.append({"type": "Feature", "properties": country["properties"], "geometry": geometry})
    return found


def _ring(arcs: list[int]) -> list[tuple[float, float]]:
    """The points of a ring; a negative number is an arc that is walked backwards."""
    points: list[tuple[float, float]] = []
    for number in arcs:
        arc = _arcs()[number] if number >= 0 else _arcs()[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _rounded(ring: list[tuple[float, float]], step: float) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for x, y in ring:
        point = (round(round(x / step) * step, 3), round(round(y / step) * step, 3))
        if not points or point != points[-1]:
            points.append(point)
    return points


@cache
def _arcs() -> list[list[tuple[float, float]]]:
    """Each arc as longitudes and latitudes [degree]; the file has differences of whole numbers."""
    world = outlines()
    (across, up), (west, south) = world["transform"]["scale"], world["transform"]["translate"]
    arcs = []
    for arc in world["arcs"]:
        x = y = 0
        points = []
        for right, above in arc:
            x, y = x + right, y + above
            points.append((x * across + west, y * up + south))
        arcs.append(points)
    return arcs


@cache
def _middles() -> Mapping[str, tuple[float, float]]:
    import yaml

    text = resources.files(__name__).joinpath("wide.yaml").read_text(encoding="utf-8")
    rows = yaml.safe_load(text)
    middles = {
        name.casefold(): (float(row["latitude"]), float(row["longitude"])) for row in rows for name in row["names"]
    }
    for country in outlines()["objects"]["countries"]["geometries"]:
        said = country["properties"]
        for name in (said["name"], country.get("id")):
            if name:
                middles[name.casefold()] = (said["latitude"], said["longitude"])
    return MappingProxyType(middles)
