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


@pytest.mark.parametrize(("text", "signed"), [("Exports: 12,400 cars (+8%)", 8.0), ("Exports: 3,100 cars (-4%)", -4.0)])
def test_a_printed_sign_makes_a_change(text: str, signed: float) -> None:
    (claim,) = (claim for claim in _claims(text).values() if claim.unit == "percent")
    assert (claim.measure, claim.value, claim.object) == ("change", signed, "exports")


def test_a_month_that_a_figure_is_compared_with_dates_no_other() -> None:
    claims = _claims("MG sold 5,100 cars in May 2025, 14% more than in April; Kia sold 4,300.")
    assert (claims["4,300"].subject, claims["4,300"].period_start) == ("Kia", "2025-05-01")


def test_one_date_behind_a_row_is_that_of_all_its_figures() -> None:
    claims = _claims("Enovix had revenue of $5.1 million and a net loss of $23.5 million in the first quarter of 2025.")
    assert {claim.period_start for claim in claims.values()} == {"2025-01-01"}


def test_years_in_a_row_go_with_the_figures_in_theirs() -> None:
    claims = _claims("In 2022, 2023 and 2024, Kia made 19,500, 30,000 and 38,000 cars respectively.")
    assert [claim.period_start for claim in claims.values()] == ["2022-01-01", "2023-01-01", "2024-01-01"]
    assert {claim.subject for claim in claims.values()} == {"Kia"}


def test_a_price_goes_on_into_the_next_sentence() -> None:
    claim = _claims("Prices of LFP cells in Europe averaged $68 per kWh in May. In China they were $51.")["$51"]
    assert (claim.measure, claim.unit, claim.subject, claim.tier.value) == ("price", "USD/kWh", "LFP cells", "B")
