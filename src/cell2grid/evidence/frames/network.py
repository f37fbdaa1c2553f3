"""Networks: how many stations, plants, lines or shops somebody runs, opens or is to build.

Goods that are counted are made, sold or delivered (``production.py``, ``sales.py``, ``deliveries.py``).
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import word_list

ORDER = 90
MEASURES = ("count",)
EXAMPLES = (
    Example(
        "Ionity operates 5,200 charging points in 24 countries.",
        ({"value_text": "5,200 charging points", "value": 5200, "unit": "charge_point", "subject": "Ionity"},),
    ),
    Example(
        "NIO opened 214 swap stations in the first quarter of 2025.",
        (
            {
                "value_text": "214 swap stations",
                "value": 214,
                "subject": "Nio",
                "period_start": "2025-01-01",
                "period_end": "2025-03-31",
            },
        ),
    ),
    Example(
        "Redwood Materials will build three plants in South Carolina.",
        ({"value_text": "three plants", "value": 3, "unit": "plant", "subject": "Redwood Materials"},),
    ),
)
_DEGREE = (
    r"(?:(?:about|around|nearly|almost|over|only|just|some|roughly|at\s+least|more\s+than|up\s+to|a\s+total\s+of|now|already"
    r"|currently|another|a\s+further|the|its|all)\s+)*$"
)
_HAS = re.compile(
    rf"\b(?:runs?|ran|operates?|operated|operating|has|have|had|owns?|owned|manages?|comprises?|maintains?)\s+{_DEGREE}",
    re.I,
)
_OPENS = re.compile(
    r"\b(?:open(?:s|ed)|built|build|builds|add(?:s|ed)?|open|clos(?:e|es|ed)|launch(?:es|ed)?|commission(?:s|ed)?"
    rf"|inaugurat(?:e|es|ed)|shut|idled?|set\s+up)\s+{_DEGREE}",
    re.I,
)
_WITHOUT = re.compile(r"^\s+(?:[\w-]+\s+){0,2}?(?:under\s+construction|left|to\s+go)\b")
_KINDS = ("firm", "venture", "unknown", "plant", "project", "country", "group", "pronoun")


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A count of places of work that somebody has, or opens, builds or closes in some time."""
    if quantity.kind != "count" or quantity.unit not in word_list("networks") or _WITHOUT.match(scene.after(quantity)):
        return None
    before = scene.clause_before(quantity)
    if _HAS.search(before):
        return Slots("count", stock=True, kinds=_KINDS)
    return Slots("count", kinds=_KINDS) if _OPENS.search(before) else None
