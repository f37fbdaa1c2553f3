"""Production in a period: so many vehicles, systems or gigawatt-hours made."""

from __future__ import annotations

from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.frames import Example
from cell2grid.evidence.frames._flows import carries_on, flow, is_goods
from cell2grid.evidence.quantities.quantity import Quantity

ORDER = 62
MEASURES = ("production",)
EXAMPLES = (
    Example(
        "Lucid produced 3,863 vehicles in the second quarter of 2025.",
        (
            {
                "value_text": "3,863 vehicles",
                "value": 3863,
                "unit": "vehicle",
                "subject": "Lucid",
                "period_start": "2025-04-01",
                "period_end": "2025-06-30",
            },
        ),
    ),
    Example(
        "Last year Automotive Cells Company made 4.1 GWh of cells in France.",
        ({"value_text": "4.1 GWh", "value": 4.1, "unit": "GWh", "subject": "ACC", "period_start": "2024-01-01"},),
    ),
    Example(
        "Output at VinFast's Hai Phong factory was 97,399 cars in 2024.",
        (
            {
                "value_text": "97,399 cars",
                "value": 97399,
                "unit": "vehicle",
                "period_start": "2024-01-01",
                "period_end": "2024-12-31",
            },
        ),
    ),
)


def read(quantity: Quantity, scene: Scene) -> Slots | None:
    """Production where the nearest word for a flow says so, or the figure carries on from production before it."""
    if not is_goods(quantity) or ("/" in quantity.unit and not quantity.unit.endswith(("/day", "/week", "/month"))):
        return None
    nearest = flow(quantity, scene)
    if nearest == "production":
        return Slots("production")
    said = scene.recent("production")
    if nearest is None and said is not None and carries_on(quantity, scene):
        return Slots("production", inherited=("measure",))
    return None
