"""Exports in a period: so many vehicles, systems or dollars sent abroad, also month by month in a run."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import carries_on, flow, is_goods
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 60
MEASURES = ("exports",)
EXAMPLES = (
    Example(
        "Kia exported 21,450 EVs from Gwangmyeong in May and 19,870 in June.",
        (
            {
                "value_text": "21,450 EVs",
                "value": 21450,
                "unit": "vehicle",
                "subject": "Kia",
                "period_start": "2025-05-01",
                "period_end": "2025-05-31",
            },
            {
                "value_text": "19,870",
                "value": 19870,
                "unit": "vehicle",
                "subject": "Kia",
                "period_start": "2025-06-01",
                "period_end": "2025-06-30",
            },
        ),
    ),
    Example(
        "In July and August 2024, Dacia exported 8,120 and 7,945 cars from Romania, respectively.",
        (
            {
                "value_text": "8,120",
                "value": 8120,
                "unit": "vehicle",
                "period_start": "2024-07-01",
                "period_end": "2024-07-31",
            },
            {
                "value_text": "7,945 cars",
                "value": 7945,
                "unit": "vehicle",
                "period_start": "2024-08-01",
                "period_end": "2024-08-31",
            },
        ),
    ),
    Example(
        "Thailand's exports of electric cars came to zero vehicles in 2023.",
        (
            {
                "value_text": "zero vehicles",
                "value": 0,
                "unit": "vehicle",
                "subject": "Thailand",
                "period_start": "2023-01-01",
            },
        ),
    ),
    Example(
        "Japan exported batteries worth $2.4 billion to the United States last year.",
        (
            {
                "value_text": "$2.4 billion",
                "value": 2.4e9,
                "unit": "USD",
                "subject": "Japan",
                "period_end": "2024-12-31",
            },
        ),
    ),
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Exports where the nearest word for a flow says so, or the figure carries on from exports before it."""
    if not (is_goods(quantity) or quantity.kind == "currency") or "/" in quantity.unit:
        return None
    nearest = flow(quantity, scene)
    if nearest == "exports" and not _is_other_money(quantity, scene):
        return Slots("exports", object=None)
    earlier, said = scene.earlier(quantity), scene.recent("exports")
    same_money = quantity.unit in {said.unit if said else "", earlier[2].unit if earlier else ""}
    if (quantity.kind == "currency" and not same_money) or nearest not in {None, "exports"}:
        return None
    if earlier is None and said is not None and _VALUE_WAS.search(scene.before(quantity, 40)):
        return Slots("exports", inherited=("measure",))
    if (earlier is not None and earlier[1].measure == "exports") or (
        earlier is None and said is not None and carries_on(quantity, scene)
    ):
        return Slots("exports", inherited=() if earlier is not None else ("measure",))
    return None


_VALUE_WAS = re.compile(
    r"\b(?:value|volume|total)\s+(?:was|is|came to|reached|stood at|amounted to)\s+(?:\w+\s+)?$", re.I
)


def _is_other_money(quantity: Quantity, scene: Scene) -> bool:
    """Whether money beside exports is something else: an investment, a price, a profit."""
    if quantity.kind != "currency":
        return False
    return (
        re.search(
            r"\b(?:exports? (?:of|worth|valued|revenue|sales|totall?ed|reached|hit|came)|exported|worth|valued"
            r"|exports?\b[^.;\d]{0,50}\s(?:fell|rose|climbed|dropped|grew|jumped|slid|declined|increased|slumped|surged|totall?ed"
            r"|amounted|stood|came|were|was|reached|hit))\b",
            scene.clause_before(quantity),
            re.I,
        )
        is None
    )
