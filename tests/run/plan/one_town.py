"""An invented town with one plant and one option, small enough to plan by hand; texts so that tests can change a line.

Sixty packs a year are made at 5 EUR, a hundred are asked for, and one that is missed costs 20 EUR.
"""

TOWN = """
study: one-town
horizon: {start: 2026-01, end: 2027-12}
members: 20
seed: 3
sources:
  gazette: {title: Packs for one town, publisher: The Harbour Gazette, date: 2025-11-20}
regions: {NO: {currency: EUR}}
products: {pack: {counted_in: pack}}
firms: {heron: {region: "NO"}}
plants:
  old:
    owner: heron
    region: "NO"
    makes: pack
    capacity: "60 pack/year [gazette]"
    opens: "2020-01 [gazette]"
    marginal_cost: "5 EUR/pack [gazette]"
markets:
  town: {region: "NO", product: pack, demand: [{start: 2026-01, quantity: "100 pack/year [gazette]"}]}
investment:
  currency: EUR
  discount_rate: "0 percent/year [gazette]"
  unserved_cost: "20 EUR/pack [gazette]"
  options:
    new:
      firm: heron
      region: "NO"
      makes: pack
      block: "40 pack/year [gazette]"
      most: 1
      lead_time: "12 month [gazette]"
      capital_cost: "300 EUR [gazette]"
      marginal_cost: "5 EUR/pack [gazette]"
"""


def changed(text: str, *replacements: tuple[str, str]) -> str:
    """The text with parts of it replaced, each of which must be there once."""
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in the study"
        text = text.replace(old, new)
    return text
