"""The outlines of countries, and where each is on the map; where they come from is in README.md beside.

A region of a study is a country where its key or its name is the country's code or name; others have no place of
their own. No map is fetched from anywhere.
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
    """Latitude and longitude [degree] of the middle of the first country that one of the names means, or None.

    >>> middle_of("AU"), middle_of("region-7", "australia") == middle_of("AU"), middle_of("rest")
    ((-25.56, 134.38), True, None)
    """
    for name in names:
        found = _middles().get(name.casefold())
        if found is not None:
            return found
    return None


@cache
def _middles() -> Mapping[str, tuple[float, float]]:
    middles = {}
    for country in outlines()["objects"]["countries"]["geometries"]:
        said = country["properties"]
        for name in (said["name"], country.get("id")):
            if name:
                middles[name.casefold()] = (said["latitude"], said["longitude"])
    return MappingProxyType(middles)
