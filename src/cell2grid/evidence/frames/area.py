"""Areas of plants and sites."""

from __future__ import annotations

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 43
MEASURES = ("area",)
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
    """Any area is one."""
    return Slots("area", stock=True, timeless=True) if quantity.kind == "area" else None
