"""An invented market of two firms that each could build one block, small enough to tell all ways of building by hand.

Demand is P = 100 - Q / 2. Each firm makes up to 20 packs a year at 10 EUR, and a block is 20 more.
"""

DOCKS = """
study: two-docks
horizon: {start: 2026-01, end: 2026-12}
members: 4
seed: 3
sources:
  gazette: {title: Two docks, publisher: The Harbour Gazette, date: 2025-11-20}
regions: {NO: {currency: EUR}}
products: {pack: {counted_in: pack}}
firms: {heron: {region: "NO"}, otter: {region: "NO"}}
plants:
  heron-old:
    owner: heron
    region: "NO"
    makes: pack
    capacity: "20 pack/year [gazette]"
    opens: "2020-01 [gazette]"
    marginal_cost: "10 EUR/pack [gazette]"
  otter-old:
    owner: otter
    region: "NO"
    makes: pack
    capacity: "20 pack/year [gazette]"
    opens: "2020-01 [gazette]"
    marginal_cost: "10 EUR/pack [gazette]"
markets:
  town:
    region: "NO"
    product: pack
    demand:
      - start: 2026-01
        quantity: "100 pack/year [gazette]"
        price: "50 EUR/pack [gazette]"
        elasticity: "1 ratio [gazette]"
competition: {currency: EUR}
investment:
  currency: EUR
  objective: profit
  discount_rate: "0 percent/year [gazette]"
  options:
    heron-new:
      firm: heron
      region: "NO"
      makes: pack
      block: "20 pack/year [gazette]"
      most: 1
      lead_time: "0 month [gazette]"
      capital_cost: "900 EUR [gazette]"
      marginal_cost: "10 EUR/pack [gazette]"
    otter-new:
      firm: otter
      region: "NO"
      makes: pack
      block: "20 pack/year [gazette]"
      most: 1
      lead_time: "0 month [gazette]"
      capital_cost: "900 EUR [gazette]"
      marginal_cost: "10 EUR/pack [gazette]"
"""
