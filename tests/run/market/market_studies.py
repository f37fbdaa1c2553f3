"""A study of two invented makers, each with a plant and buyers at home, as text of which tests change some.

Both make packs at 20 EUR and carry them for 10 EUR; demand is P = 200 - Q / 10 on either side.
"""

from __future__ import annotations

from cell2grid.study.loader import parse_study
from cell2grid.study.model import Study

DUOPOLY = """
study: two-makers
horizon: {start: 2030-01, end: 2031-12}
members: 4
seed: 5
sources:
  page: {title: Two makers, publisher: The Harbour Gazette, date: "2030-01-09"}
regions:
  "NO": {currency: NOK}
  DE: {currency: EUR}
products:
  pack: {counted_in: pack, energy: "2 MWh/pack [page]"}
firms:
  north: {region: "NO"}
  south: {region: DE}
plants:
  fjord:
    owner: north
    region: "NO"
    makes: pack
    capacity: "12000 pack/year [page]"
    opens: "2029-01 [page]"
    marginal_cost: "20 EUR/pack [page]"
  spree:
    owner: south
    region: DE
    makes: pack
    capacity: "12000 pack/year [page]"
    opens: "2029-01 [page]"
    marginal_cost: "20 EUR/pack [page]"
lanes:
  - {origin: "NO", destination: DE, lead_time: "0 day [page]", cost: "10 EUR/pack [page]"}
  - {origin: DE, destination: "NO", lead_time: "0 day [page]", cost: "10 EUR/pack [page]"}
markets:
  north-buyers:
    region: "NO"
    product: pack
    demand:
      - {start: 2030-01, quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}
  south-buyers:
    region: DE
    product: pack
    demand:
      - {start: 2030-01, quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}
competition: {currency: EUR}
"""


def changed(*replacements: tuple[str, str], text: str = DUOPOLY) -> Study:
    """The study with some of its text replaced; every text must be there."""
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return parse_study(text)
