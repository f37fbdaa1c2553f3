"""Prices: money per kilowatt-hour, tonne, vehicle or unit, and what something is sold for."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 44
MEASURES = ("price",)
EXAMPLES = (
    Example(
        "Battery packs cost $115 per kWh on average in 2024, BloombergNEF found.",
        ({"value_text": "$115 per kWh", "value": 115, "unit": "USD/kWh"},),
    ),
    Example(
        "Lithium carbonate traded at 72,000 yuan a tonne in Wuxi in June 2025.",
        ({"value_text": "72,000 yuan a tonne", "value": 72000, "unit": "CNY/tonne", "period_start": "2025-06-01"},),
    ),
    Example(
        "The Renault 5 is priced from 24,990 euros in France.",
        ({"value_text": "24,990 euros", "value": 24990, "unit": "EUR"},),
    ),
)
_PRICED = re.compile(
    r"\b(?:pric(?:e[sd]?|ing)|sells? for|sold for|starts? at|retails? (?:at|for)|tariff of|fetch\w*"
    r"|traded? at"
    r"|(?:buses|cars|vehicles|packs|cells|batteries|models|trucks|scooters|systems|containers|chargers)\s+(?:now\s+)?costs?"
    r")\b[^.;]{0,40}$",
    re.I,
)


_CARRIES = re.compile(r"\b(?:from|to|and|than|against|versus|or|with|(?:by|in)\s+(?:19|20)\d\d)\s+(?:the\s+)?$")


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """A price where money stands per energy, mass or piece, or behind a word of price."""
    if quantity.kind != "currency":
        return None
    _, _, per = quantity.unit.partition("/")
    if per in {"year", "month", "quarter", "week", "day"}:
        return None
    if per or _PRICED.search(scene.clause_before(quantity)[-60:]):
        return Slots("price")
    earlier = scene.earlier(quantity)
    if earlier is None or earlier[1].measure != "price" or earlier[2].unit.partition("/")[0] != quantity.unit:
        return None
    carries = _CARRIES.search(scene.before(quantity, 30)) is not None
    return Slots("price", unit=earlier[1].unit or earlier[2].unit, subject=earlier[1].subject) if carries else None
