"""Duties by firm and by goods: who is charged, on what, before and after, and rows of rates."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str) -> dict[str, Claim]:
    document = Document("d" * 64, "page.txt", "text", text)
    return {claim.value_text: claim for claim in read_page(document, date="2025-07-01").claims}


@pytest.mark.parametrize(
    ("text", "charged"),
    [
        ("The EU charges BYD a duty of 17% and Geely 18.8%.", {"17%": "BYD", "18.8%": "Geely"}),
        (
            "Geely faces 18.8%, SAIC 35.3% and Tesla 7.8% in countervailing duties.",
            {"18.8%": "Geely", "35.3%": "SAIC", "7.8%": "Tesla"},
        ),
        ("A 25% tariff on Korean batteries took effect on 3 April 2025.", {"25%": "Korean batteries"}),
        (
            "Turkey raised the tariff on Chinese electric cars from 10 percent to 50 percent in 2023.",
            {"10 percent": "Chinese electric cars", "50 percent": "Chinese electric cars"},
        ),
        (
            "Canada imposed a 100% surtax on electric vehicles made in China from October 2024.",
            {"100%": "electric vehicles made in China"},
        ),
        ("South African batteries attract a duty of 15% in Brazil.", {"15%": "South African batteries"}),
    ],
)
def test_who_is_charged_how_much(text: str, charged: dict[str, str]) -> None:
    claims = _claims(text)
    assert {value: (claims[value].measure, claims[value].subject) for value in charged} == {
        value: ("duty", subject) for value, subject in charged.items()
    }


def test_each_level_of_a_duty_has_its_own_day() -> None:
    claims = _claims("Brazil's import tax on EVs will rise from 18% to 25% in July 2025 and to 35% in July 2026.")
    starts = [claims[value].period_start for value in ("18%", "25%", "35%")]
    assert starts == [None, "2025-07-01", "2026-07-01"]


def test_rates_that_the_sentence_before_makes_duties() -> None:
    text = (
        "Brussels set anti-dumping duties on cathodes. "
        "The rates are 12.4% for Hunan Corun and 19.8% for Guizhou Zhenli, and others will pay 41%."
    )
    claims = _claims(text)
    assert [(c.measure, c.subject) for c in claims.values()][:2] == [
        ("duty", "Hunan Corun"),
        ("duty", "Guizhou Zhenli"),
    ]
    assert {claim.tier.value for claim in claims.values()} == {"B"}


def test_what_falls_because_of_a_tariff_is_no_duty() -> None:
    assert _claims("Exports of Kia fell 12% after a tariff was imposed.")["12%"].measure == "change"
