"""Case 3 of the entry of one plant as a study: n equal Cournot firms, demand a - b Q, and an entrant of capacity K.

With a = 100 and b = 1 in CNY and items a year, the line is that of 64 items at a price of 36 with an elasticity of
36 / 64.
"""

from __future__ import annotations

PRICE, SOLD = 36.0, 64.0  # a point of P = 100 - Q


def catfish(capacity: float, *, rivals: int = 4, cost: float = 20.0, years: int = 1) -> str:
    """The study with an entrant of this capacity [system/year] beside so many firms at the same cost."""
    firms = [f"old{number}" for number in range(1, rivals + 1)]
    plants = [_plant(firm, 1000.0, cost) for firm in firms] + [_plant("entrant", capacity, cost)]
    named = "\n".join(f"  {firm}: {{region: CN}}" for firm in [*firms, "entrant"])
    return f"""
study: catfish-case
horizon: {{start: 2025-01, end: {2024 + years}-12}}
members: 3
regions: {{CN: {{currency: CNY}}}}
products: {{store: {{counted_in: system}}}}
firms:
{named}
plants:
{chr(10).join(plants)}
markets:
  home:
    region: CN
    product: store
    demand:
    - start: 2025-01
      quantity: "{SOLD} system/year [assumed: a point of the line]"
      price: "{PRICE} CNY/system [assumed: the same]"
      elasticity: "{PRICE / SOLD!r} ratio [assumed: the slope of the line]"
competition: {{currency: CNY}}
"""


def _plant(name: str, capacity: float, cost: float) -> str:
    return f"""  {name}:
    owner: {name}
    region: CN
    makes: store
    capacity: "{capacity!r} system/year [assumed: case 3]"
    opens: "2025-01 [assumed: case 3]"
    ramp: {{curve: immediate}}
    yield: "1 ratio [assumed: nothing is lost]"
    availability: "1 ratio [assumed: nothing stands still]"
    marginal_cost: "{cost!r} CNY/system [assumed: case 3]"
"""
