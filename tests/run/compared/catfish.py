"""Case 3 of the entry of one plant as a study: n equal Cournot firms, demand a - b Q, and an entrant of capacity K.

With a = 100 and b = 1 the line goes through 50 items at a price of 50, where its elasticity is 1.
"""

from __future__ import annotations


def catfish(
    capacity: float,
    *,
    rivals: int = 4,
    cost: float = 20.0,
    opens: str = "2025-01",
    end: str = "2025-12",
    more: str = "",
) -> str:
    """The study with an entrant of this capacity [system/year] beside so many firms at the same cost."""
    firms = [f"old{number}" for number in range(1, rivals + 1)]
    plants = [_plant(firm, 1000.0, cost, "2025-01") for firm in firms] + [_plant("entrant", capacity, cost, opens)]
    named = "\n".join(f"  {firm}: {{region: CN}}" for firm in [*firms, "entrant"])
    return f"""
study: catfish-case
horizon: {{start: 2025-01, end: {end}}}
members: 3
regions: {{CN: {{currency: CNY}}, AU: {{}}}}
products: {{store: {{counted_in: system}}}}
firms:
{named}
plants:
{"".join(plants)}
markets:
  home: {market("CN")}
{more}competition: {{currency: CNY}}
"""


def market(region: str) -> str:
    """A market with demand 100 - Q."""
    return f"""
    region: {region}
    product: store
    demand:
    - start: 2025-01
      quantity: "50 system/year [assumed: a point of the line]"
      price: "50 CNY/system [assumed: the same]"
      elasticity: "1 ratio [assumed: the slope of the line]"
"""


def _plant(name: str, capacity: float, cost: float, opens: str) -> str:
    return f"""  {name}:
    owner: {name}
    region: CN
    makes: store
    capacity: "{capacity!r} system/year [assumed: case 3]"
    opens: "{opens} [assumed: case 3]"
    ramp: {{curve: immediate}}
    yield: "1 ratio [assumed: nothing is lost]"
    availability: "1 ratio [assumed: nothing stands still]"
    marginal_cost: "{cost!r} CNY/system [assumed: case 3]"
"""
