"""Jobs: how many people a plant or firm employs, will employ or lays off."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 42
MEASURES = ("jobs",)
EXAMPLES = (
    Example(
        "ACC employs about 700 people at its Douvrin factory in France.",
        ({"value_text": "700 people", "value": 700, "unit": "person", "subject": "ACC"},),
    ),
    Example(
        "Northvolt will cut 1,600 jobs in Sweden.",
        ({"value_text": "1,600 jobs", "value": 1600, "unit": "job", "subject": "Northvolt", "direction": "down"},),
    ),
    Example(
        "Panasonic's Kansas plant is expected to create up to 4,000 jobs.",
        (
            {
                "value_text": "4,000 jobs",
                "value": 4000,
                "low": 0,
                "high": 4000,
                "unit": "job",
                "subject": "Panasonic Kansas plant",
            },
        ),
    ),
)
_PEOPLE = {
    "job",
    "position",
    "role",
    "post",
    "person",
    "worker",
    "employee",
    "staff",
    "staffer",
    "personnel",
    "engineer",
}
_ALWAYS = {"job", "worker", "employee", "position", "staffer"}
_WORK = re.compile(
    r"\b(?:employ\w*|jobs?|hir(?:e|es|ed|ing)|workforce|staff\w*|work(?:s|ed|ing)? (?:in|at|there|for)"
    r"|headcount|payroll|lay\w* off|laid off|creat\w+|recruit\w*|dismiss\w*|sack(?:s|ed|ing)?|let go|redundan\w*"
    r"|[Ww]e (?:are|were|number)|[Ww]e[’']re|work (?:to|for)|would work|will work|workplaces|take[ns]? on|took on)\b",
    re.I,
)
_CUT = re.compile(
    r"\b(?:cut(?:s|ting)?|lay(?:s|ing)? off|laid off|axe[sd]?|shed(?:s|ding)?|eliminat\w+|los[et]\w*"
    r"|dismiss\w*|redundan\w+)\b[^.;]{0,30}$",
    re.I,
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Jobs where people are counted beside a word of work, or jobs are counted at all."""
    base = quantity.unit.split("/")[0]
    if quantity.kind != "count" or base not in _PEOPLE:
        return None
    inherited: tuple[str, ...] = ()
    if base not in _ALWAYS and not _WORK.search(scene.clause_text(quantity)):
        earlier = scene.earlier(quantity)
        if not _GOES_ON.search(scene.before(quantity, 50)):
            return None
        if earlier is None or earlier[1].measure != "jobs":
            if scene.recent("jobs") is None:
                return None
            inherited = ("measure",)
    direction = "down" if _CUT.search(scene.clause_before(quantity)) else None
    spot = _AT.match(scene.text[quantity.end :])
    site = [m for m in scene.mentions if spot and 0 <= quantity.end + spot.end() - m.start <= 4 and m.kind in _SITES]
    ahead = any(
        m.end <= quantity.start and not m.preposition and m.kind in {*_SITES, "pronoun"} for m in scene.mentions
    )
    widest = max(site, key=lambda m: m.end, default=None)
    if widest is None or ahead:
        return Slots("jobs", stock=True, direction=direction, inherited=inherited)
    inherited += ("subject",) * widest.inherited
    return Slots("jobs", subject=widest.name, stock=True, direction=direction, inherited=inherited)


# that number is to grow to 900; a year ago it was 230
_GOES_ON = re.compile(
    r"\b(?:number|figure|total|it)\s+(?:[\w-]+\s+){0,3}?(?:to|at|was|is|reached|hit|reach|be)\s+(?:about\s+|only\s+)?$"
    r"|\b(?:from|against|compared with|versus|than)\s+(?:about\s+|only\s+)?$",
    re.I,
)


_AT = re.compile(r"\s+(?:[a-z-]+\s+){0,4}?at\s+(?:the\s+)?")
_SITES = frozenset({"plant", "firm", "venture", "project", "unknown"})
