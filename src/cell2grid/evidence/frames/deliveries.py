"""Deliveries in a period: so many vehicles or systems, or so much storage, handed over, shipped or installed.

What is only ordered or agreed in energy is that of a contract (``storage_project.py``); who supplies whom is
``supplies.py``.
"""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import carries_on, flow, is_goods
from cell2grid.evidence.frames._supply_roles import by_supplier, roles
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 63
MEASURES = ("deliveries",)
EXAMPLES = (
    Example(
        "Polestar delivered 30,319 cars in the first half of 2025.",
        (
            {
                "value_text": "30,319 cars",
                "value": 30319,
                "unit": "vehicle",
                "subject": "Polestar",
                "period_start": "2025-01-01",
                "period_end": "2025-06-30",
            },
        ),
    ),
    Example(
        "EVE Energy shipped 50.45 GWh of storage cells in 2024.",
        (
            {
                "value_text": "50.45 GWh",
                "value": 50.45,
                "unit": "GWh",
                "subject": "EVE Energy",
                "period_start": "2024-01-01",
            },
        ),
    ),
    Example(
        "Wärtsilä handed over 112 Quantum units to AGL in May 2024.",
        (
            {
                "value_text": "112 Quantum units",
                "value": 112,
                "unit": "system",
                "subject": "Wärtsilä",
                "period_start": "2024-05-01",
            },
        ),
    ),
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Deliveries where the nearest word for a flow says so, or the figure carries on from deliveries before it."""
    if quantity.kind == "area":  # what the frame of areas leaves is film that is supplied
        return Slots("deliveries", **by_supplier(roles(quantity, scene)))
    goods = is_goods(quantity) or (quantity.kind == "energy" and quantity.unit.endswith(("/day", "/week", "/month")))
    yearly = quantity.unit.endswith("/year")
    if not goods or (yearly and quantity.kind == "energy"):
        return None
    nearest = flow(quantity, scene)
    if quantity.kind == "mass" and nearest not in {"exports", "production", "capacity"}:
        told = roles(quantity, scene)
        if told is not None:
            return Slots("deliveries", **by_supplier(told))
    if nearest in {"deliveries", "installations", "loss"}:
        sides, after = roles(quantity, scene), scene.after(quantity)
        if sides is not None and sides.agreed and (quantity.kind == "energy" or nearest == "loss"):
            return None  # an order is no delivery: its energy is that of a contract
        if (
            nearest == "installations"
            and quantity.kind == "energy"
            and _HAD_INSTALLED.search(scene.clause_before(quantity))
        ):
            return None  # what has been installed by then is a stock
        if quantity.kind == "energy" and _is_compared_stock(quantity, scene):
            return None
        if nearest == "loss" or (yearly and sides is None) or (quantity.kind == "energy" and _OF_PROJECT.match(after)):
            return None
        return Slots("deliveries", **by_supplier(sides))
    said = scene.recent("deliveries")
    if nearest is None and said is not None and carries_on(quantity, scene):
        return Slots("deliveries", inherited=("measure",))
    return None


def _is_compared_stock(quantity: Quantity, scene: Scene) -> bool:
    """Whether a stock of energy before is compared with this one (505 MWh, against 219 MWh a year before)."""
    earlier = scene.earlier(quantity)
    stock = earlier is not None and earlier[1].measure == "energy" and earlier[1].stock and earlier[2].kind == "energy"
    return (
        stock
        and re.search(r"\b(?:against|from|than|versus|compared\s+with)\s+$", scene.before(quantity, 20)) is not None
    )


_HAD_INSTALLED = re.compile(r"\bhad\s+(?:\w+\s+){0,2}(?:installed|deployed)\s[^.;]{0,24}$")
# the energy of a project that is delivered is that of the project
_OF_PROJECT = re.compile(r"^\s+(?:[\w-]+\s+){0,2}?(?:storage|battery|BESS)\s+(?:project|system|plant|facility)\b", re.I)
