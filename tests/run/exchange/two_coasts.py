"""A study of two invented makers on two coasts, small enough to check by hand, as text of which tests change some.

Packs cost 20 EUR to make and 10 EUR to carry across; demand is P = 200 - Q / 10 on either side.
"""

from __future__ import annotations

COASTS = """
study: two-coasts
horizon: {start: 2030-01, end: 2031-12}
members: 3
seed: 5
sources:
  page: {title: Two makers, publisher: The Harbour Gazette, date: "2030-01-09"}
regions:
  west: {currency: EUR, name: West Coast}
  east: {currency: EUR}
products:
  storage-pack: {counted_in: pack}
firms:
  gull: {region: west, name: Gull}
  tern: {region: east}
plants:
  quay:
    owner: gull
    region: west
    makes: storage-pack
    capacity: "12000 pack/year [page]"  # as the page says
    opens: "2029-01 [page]"
    marginal_cost: "20 EUR/pack [page]"
  mole:
    owner: tern
    region: east
    makes: storage-pack
    capacity: "12000 pack/year [page]"
    opens: "2029-01 [page]"
    marginal_cost: "20 EUR/pack [page]"
lanes:
  - {origin: west, destination: east, lead_time: "0 day [page]", cost: "10 EUR/pack [page]"}
  - {origin: east, destination: west, lead_time: "0 day [page]", cost: "10 EUR/pack [page]"}
markets:
  western:
    region: west
    product: storage-pack
    demand:
      - {start: 2030-01, quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}
  eastern:
    region: east
    product: storage-pack
    demand:
      - {start: 2030-01, quantity: "1000 pack/year [page]", price: "100 EUR/pack [page]", elasticity: "1 ratio [page]"}
competition: {currency: EUR}
"""


def changed(*replacements: tuple[str, str]) -> str:
    """The text with some of it replaced; every text must be there."""
    text = COASTS
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    return text
