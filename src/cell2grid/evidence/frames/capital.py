"""Capital of a venture or firm: registered, share or start-up capital."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 50
MEASURES = ("capital",)
EXAMPLES = (
    Example(
        "The joint venture Iberica Cells has a registered capital of €250 million.",
        ({"value_text": "€250 million", "value": 250e6, "unit": "EUR", "subject": "Iberica Cells"},),
    ),
    Example(
        "Sunwoda's Thai unit, Sunwoda Automotive, was founded with a share capital of 1.1 billion baht.",
        ({"value_text": "1.1 billion baht", "value": 1.1e9, "unit": "THB"},),
    ),
    Example(
        "Borneo Cells will start out with a capital of 600 million yuan.",
        ({"value_text": "600 million yuan", "value": 600e6, "unit": "CNY", "subject": "Borneo Cells"},),
    ),
)
_AHEAD = re.compile(
    r"\b(?:registered|share|paid-?[iu][np]|initial|start-?up|equity|nominal"
    r"|authori[sz]ed)\s+capital\b(?:\s+investment)?(?:[^.;]|\.\d){0,80}$"
    r"|\b(?:its|their|the|whose)\s+(?:\w+\s+)?capital\s+(?:by|to|from)\b[^.;]{0,40}$"
    r"|\bcapital(?:\s+investment)?\s+of\s+(?:[\w-]+\s+){0,2}$|\bcapitali[sz]ed\s+(?:at"
    r"|with)\s+(?:[\w-]+\s+)?$|\bcapital\s+(?:is|was|stands at|amounts to|comes to)\s+(?:[\w-]+\s+)?$",
    re.I,
)
_BEHIND = re.compile(r"^\s+(?:in|of)\s+(?:registered|share|paid-in|initial|start-up)\s+capital\b", re.I)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Capital where the words before or behind the money are those of a firm's capital, not of its expenditure."""
    if quantity.kind != "currency" or "/" in quantity.unit:
        return None
    if not _AHEAD.search(scene.clause_before(quantity)[-80:]) and not _BEHIND.match(scene.after(quantity)):
        return None
    return Slots("capital", stock=True, kinds=("venture", "firm", "unknown"))
