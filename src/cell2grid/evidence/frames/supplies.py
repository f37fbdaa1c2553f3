"""Supplies: who supplies whom with how much, and when; a claim beside that of the quantity itself.

The supplier is the subject and the customer the object. What a contract is worth is a supply too; the energy, power or
number of pieces is also a claim of its own (``storage_project.py``, ``deliveries.py``). Who is who is
``_supply_roles.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import COUNTED
from cell2grid.evidence.frames._supply_roles import Roles, roles
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 53
MEASURES = ("supplies",)
EXAMPLES = (
    Example(
        "EVE Energy will supply Powin with 15 GWh of cells between 2026 and 2028.",
        (
            {
                "value_text": "15 GWh",
                "value": 15,
                "unit": "GWh",
                "subject": "EVE Energy",
                "object": "Powin",
                "period_start": "2026-01-01",
                "period_end": "2028-12-31",
            },
        ),
    ),
    Example(
        "Zenobe has ordered 240 MWh of batteries for its Eccles site from Wärtsilä.",
        ({"value_text": "240 MWh", "value": 240, "unit": "MWh", "subject": "Wärtsilä", "object": "Zenobe"},),
    ),
    Example(
        "Samsung SDI won an order from NextEra Energy worth 438 billion won.",
        (
            {
                "value_text": "438 billion won",
                "value": 438e9,
                "unit": "KRW",
                "subject": "Samsung SDI",
                "object": "NextEra Energy",
            },
        ),
    ),
)
_WORTH = re.compile(
    r"\b(?:contracts?|agreements?|deals?|orders?)\b[^.;]{0,60}"
    r"\b(?:worth|valued at|of|for|totall?ing)\s+(?:[\w-]+\s+){0,2}$",
    re.I,
)
_DEAL_BEHIND = re.compile(r"^[\s-]+(?:[\w-]+\s+){0,3}?(?:contract|agreement|deal|order)\b", re.I)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """What an order or contract between two named sides is worth."""
    if quantity.kind != "currency" or "/" in quantity.unit:
        return None
    if not (_WORTH.search(scene.before(quantity, 110)) or _DEAL_BEHIND.match(scene.after(quantity))):
        return None
    sides = roles(quantity, scene)
    return _slots(sides) if sides is not None and sides.customer is not None else None


def events(scene: Scene) -> Iterator[tuple[Quantity, Slots]]:
    """The supply in each quantity of goods, energy or power that one side is to hand to the other."""
    for quantity in scene.quantities:
        goods = quantity.kind == "count" and quantity.unit.split("/")[0] in COUNTED
        if goods or quantity.kind in {"energy", "power", "mass"}:
            slots = scene.read.get(quantity.start, ("", None))[1]
            sides = None if slots is not None and slots.measure in _OTHER else roles(quantity, scene)
            if sides is not None:
                yield quantity, _slots(sides)


_OTHER = frozenset({"capacity", "unit_energy", "exports", "production", "duration"})


def _slots(sides: Roles) -> Slots:
    customer = sides.customer
    carried = ("subject",) * sides.supplier.inherited + ("object",) * (customer is not None and customer.inherited)
    return Slots(
        "supplies",
        subject=sides.supplier.name,
        object=customer.name if customer is not None else None,
        inherited=carried,
    )
