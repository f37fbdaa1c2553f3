"""A study of an invented plant whose capacity and ramp nobody reports, and counts of what it made."""

from __future__ import annotations

import copy
import json
from typing import Any

from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study
from cell2grid.study.yaml_tree import parse_tree

# made with 14,400 packs a year and a straight ramp of 8 months, at 90 % of good packs
RAMPING = """
study: ramping
horizon: {start: 2030-01, end: 2031-12}
members: 40
seed: 5
sources:
  page: {title: A plant, publisher: The Harbour Gazette, date: "2032-01-09"}
regions: {"NO": {currency: NOK}}
products: {pack: {counted_in: pack}}
firms: {north: {}}
plants:
  fjord:
    owner: north
    region: "NO"
    makes: pack
    # nobody says how large it is
    capacity: "9000 pack/year [assumed: a first guess]"
    opens: "2030-01 [page]"
    ramp: {curve: linear, months_to_nameplate: "12 month [assumed: a first guess]"}
    yield: "90 percent [page]"
markets:
  buyers:
    region: "NO"
    product: pack
    demand: [{start: 2030-01, unlimited: "assumed: buyers queue"}]
observations:
  spring: {variable: output, of: fjord, start: 2030-01, end: 2030-06, value: "2430 pack [page]"}
  autumn: {variable: output, of: fjord, start: 2030-07, end: 2030-12, value: "6210 pack [page]"}
  later: {variable: output, of: fjord, start: 2031-01, end: 2031-12, value: "12960 pack [page]"}
fit:
  unknowns:
    plants.fjord.capacity: {low: "5000 pack/year [assumed: the ground]", high: "30000 pack/year [assumed: the ground]"}
    plants.fjord.ramp.months_to_nameplate:
      title: months of the ramp
      low: "1 month [assumed: no ramp is faster]"
      high: "24 month [assumed: the study ends]"
  on: [spring, later]
  tolerance: "2 percent [assumed: packs that are counted in another month]"
"""


def ramping(**changes: Any) -> Study:
    """The study with something else at paths, whose parts are kept apart by two underscores; None leaves out."""
    tree = copy.deepcopy(parse_tree(RAMPING).value)
    for path, value in changes.items():
        *around, last = path.split("__")
        part = tree
        for key in around:
            part = part[key]
        if value is None:
            del part[last]
        else:
            part[last] = value
    return parse_study(json.dumps(tree))


# a second plant of the same firm, and reports of both together
REEF = {
    "plants__reef": {
        "owner": "north",
        "region": "NO",
        "makes": "pack",
        "capacity": "6000 pack/year [page]",
        "opens": "2029-01 [page]",
    },
    "observations__spring__of": "north",
    "observations__spring__value": "5430 pack [page]",
    "observations__later__of": "north",
    "observations__later__value": "18960 pack [page]",
    "fit__on": ["later"],
}


def unknown(**more: Any) -> dict[str, Any]:
    """An unknown capacity between the bounds of the study, and what else is said of it."""
    low, high = ("5000 pack/year [assumed: the ground]", "30000 pack/year [assumed: the ground]")
    return {"low": low, "high": high, **more}
