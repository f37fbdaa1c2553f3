"""Sales in a period, counted in vehicles, systems or gigawatt-hours; money from sales is ``revenue.py``."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import carries_on, flow, is_goods
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 64
MEASURES = ("sales",)
EXAMPLES = (
    Example(
        "Geely sold 888,235 cars in 2024.",
        (
            {
                "value_text": "888,235 cars",
                "value": 888235,
                "unit": "vehicle",
                "subject": "Geely",
                "period_start": "2024-01-01",
            },
        ),
    ),
    Example(
        "In Norway, registrations of electric cars reached 114,400 vehicles in 2024.",
        (
            {
                "value_text": "114,400 vehicles",
                "value": 114400,
                "unit": "vehicle",
                "subject": "Norway",
                "period_end": "2024-12-31",
            },
        ),
    ),
    Example(
        "Ola Electric's sales were 359,221 scooters in the fiscal year ended March 31, 2025.",
        (
            {
                "value_text": "359,221 scooters",
                "value": 359221,
                "unit": "scooter",
                "subject": "Ola Electric",
                "period_start": "2024-04-01",
                "period_end": "2025-03-31",
            },
        ),
    ),
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Sales where the nearest word for a flow says so, or the figure carries on from sales before it."""
    if not is_goods(quantity) or "/" in quantity.unit:
        return None
    nearest = flow(quantity, scene)
    if nearest == "sales":
        return Slots("sales")
    said = scene.recent("sales")
    if nearest is None and said is not None and carries_on(quantity, scene):
        return Slots("sales", inherited=("measure",))
    earlier = scene.earlier(quantity)
    goes_on = earlier is not None and earlier[1].measure == "sales" and _IN_TURN.search(scene.before(quantity, 60))
    if nearest is None and goes_on:
        return Slots("sales")
    said = scene.recent("sales", 4)
    if nearest is None and said is not None and _NAMES_ONLY.match(scene.text):
        return Slots("sales", period=said.period, inherited=("measure",) + ("period",) * (said.period is not None))
    return None


# it led with 612, ahead of A with 540 and B with 377
_IN_TURN = re.compile(
    r"\b(?:led|topped|followed|ahead of|behind|and|then)\b[^.;\d]{0,40}\bwith\s+(?:only\s+|just\s+)?$", re.I
)
# a sentence of names and numbers: Chile 6,200, Peru 4,100, and 1,570 in the others
_NAMES_ONLY = re.compile(r"\W*(?:[A-Z][\w.’'&-]*\s){1,3}\d[\d,]*,\s(?:and\s)?(?:[A-Z][\w.’'&-]*\s){1,3}\d[\d,]*\b")
