"""Duties: what is charged on whose goods, in per cent."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 12
MEASURES = ("duty",)
EXAMPLES = (
    Example(
        "Brazil will charge a duty of 35% on imported electric cars from July 2026.",
        ({"value_text": "35%", "value": 35, "unit": "percent", "period_start": "2026-07-01"},),
    ),
    Example(
        "SAIC faces an additional tariff of 35.3 per cent in the European Union.",
        ({"value_text": "35.3 per cent", "value": 35.3, "subject": "SAIC"},),
    ),
    Example(
        "Canada imposed a 100% surtax on electric vehicles made in China.",
        ({"value_text": "100%", "value": 100, "unit": "percent"},),
    ),
)
_DUTY = r"(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surtax|countervailing|customs)"
_AHEAD = re.compile(rf"\b{_DUTY}\b[^.;]{{0,50}}$", re.I)
_BEHIND = re.compile(rf"^\s+(?:[\w-]+\s+){{0,4}}?{_DUTY}\b", re.I)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A duty where a percentage stands beside a word for one and is not its change."""
    if quantity.unit != "percent":
        return None
    if re.search(r"\b(?:rose|fell|sales|exports|share)\b[^.;]{0,30}$", scene.before(quantity, 40)):
        return None
    earlier = scene.earlier(quantity)
    goes_on = (
        earlier is not None
        and earlier[1].measure == "duty"
        and re.search(r"\b(?:to|and|from|or)\s+$", scene.before(quantity, 20))
    )
    if goes_on or _BEHIND.match(scene.after(quantity)) or _AHEAD.search(scene.clause_before(quantity)[-70:]):
        return Slots("duty", stock=True)
    return None
