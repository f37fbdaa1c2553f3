"""Prices and changes in the turns of phrase of the news: whose price it is, by how much it fell, to what level."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str) -> dict[str, Claim]:
    document = Document("d" * 64, "page.txt", "text", text)
    return {claim.value_text: claim for claim in read_page(document, date="2025-07-01").claims}


@pytest.mark.parametrize(
    ("text", "value", "subject", "unit"),
    [
        ("Nickel sulphate fell 12% to 27,000 yuan a tonne.", "27,000 yuan a tonne", "nickel sulphate", "CNY/tonne"),
        ("Prices of LFP cells dropped 12 percent to 0.38 yuan/Wh.", "0.38 yuan/Wh", "LFP cells", "CNY/Wh"),
        ("Pack prices averaged $115 per kWh in 2024.", "$115 per kWh", "packs", "USD/kWh"),
        ("Cobalt hydroxide costs $12 a kilogram, up from $6 in January.", "$6", "cobalt hydroxide", "USD/kg"),
        ("Turnkey systems now cost $117/kWh on average.", "$117/kWh", "turnkey systems", "USD/kWh"),
        ("BYD cut the price of the Seagull by 20% to 55,800 yuan.", "55,800 yuan", "Seagull", "CNY"),
        ("The price of spodumene rose to $870 a tonne from $760 a month earlier.", "$760", "spodumene", "USD/tonne"),
    ],
)  # fmt: skip
def test_a_price_is_of_what_the_words_name(text: str, value: str, subject: str, unit: str) -> None:
    claim = _claims(text)[value]
    assert (claim.measure, claim.subject, claim.unit, claim.tier.value) == ("price", subject, unit, "A")


@pytest.mark.parametrize(
    ("text", "value", "signed", "thing"),
    [
        ("Lithium carbonate fell 12% to 61,000 yuan a tonne in June 2025.", "12%", -12.0, "price"),
        ("Pack prices averaged $115 per kWh in 2024, down 20% from 2023.", "20%", -20.0, "prices"),
        ("Graphite anodes are 4% cheaper than in May at $3,900 a tonne.", "4%", -4.0, "price"),
        ("Kia's exports rose by 3,100 vehicles to 21,400 in May.", "3,100 vehicles", 3100.0, "exports"),
        ("Acme Cells raised the price of its pack by $200 to $8,900.", "$200", 200.0, "price"),
        ("Chile's exports plunged 42% in value and 8% in volume in 2024.", "8%", -8.0, "exports"),
        ("Kia cut its sales forecast by 40%.", "40%", -40.0, "sales"),
        ("Kia's exports were 1.3 times those of last year.", "1.3 times", 1.3, "exports"),
    ],
)
def test_a_change_is_signed_and_says_of_what(text: str, value: str, signed: float, thing: str) -> None:
    claim = _claims(text)[value]
    assert (claim.measure, claim.value, claim.object) == ("change", signed, thing)
    assert claim.direction == ("up" if signed > 0 else "down")


def test_what_a_plant_costs_is_no_price() -> None:
    claims = _claims("The Gent plant of Acme Cells will cost 640 million euros, and its cells cost 70 euros.")
    assert (claims["640 million euros"].measure, claims["70 euros"].measure) == ("investment", "price")


def test_the_agent_of_a_sale_puts_no_month_into_the_future() -> None:
    claim = _claims("Some 9,400 scooters were sold by Ather Energy in June.")["9,400 scooters"]
    assert (claim.period_start, claim.period_end) == ("2025-06-01", "2025-06-30")
