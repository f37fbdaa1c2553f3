"""Areas of plants and sites."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 43
MEASURES = ("area",)
_SUPPLIED = re.compile(
    r"\b(?:suppl(?:y|ies|ied|ying)|deliver(?:s|ed|ing)?|ship(?:s|ped|ping)?|sell(?:s|ing)?|sold)\b[^.;]{0,60}\b(?:with|of)?\s*"
    r"(?:\w+\s+)?$"
)
EXAMPLES = (
    Example(
        "CATL's Debrecen plant covers 221 hectares.",
        ({"value_text": "221 hectares", "value": 221, "unit": "ha", "subject": "CATL Debrecen plant"},),
    ),
    Example(
        "The Metaplant stands on 3,000 acres in Georgia.",
        ({"value_text": "3,000 acres", "value": 3000, "unit": "acre", "subject": "Metaplant"},),
    ),
    Example(
        "Morrow's factory in Arendal has 30,000 square metres of floor space.",
        ({"value_text": "30,000 square metres", "value": 30000, "unit": "m2", "subject": "Morrow Arendal factory"},),
    ),
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Any area is one that is not supplied."""
    if quantity.kind != "area":
        return None
    if _SUPPLIED.search(scene.clause_before(quantity)):
        return None  # film is delivered by its area
    return Slots("area", stock=True, timeless=True)
