"""Capacity, unit energy, duration, jobs and utilisation in the turns of phrase of the news."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str) -> dict[str, Claim]:
    document = Document("d" * 64, "page.txt", "text", text)
    return {claim.value_text: claim for claim in read_page(document, date="2025-07-01").claims}


@pytest.mark.parametrize(
    ("text", "value", "measure", "unit"),
    [
        ("Capacity at Forvia's plant: 100,000 systems a year.", "100,000 systems a year", "capacity", "system/year"),
        ("Freyr's plant has a capacity of 29 GWh, and that of its other plant 34 GWh.", "34 GWh", "capacity", "GWh"),
        ("Two new lines, each with a capacity of 3 GWh, will be built in Gent.", "3 GWh", "capacity", "GWh"),
        ("A 3,000-ton line for sodium salt will open in Osaka.", "3,000-ton", "capacity", "tonne"),
        ("Marcopolo's factory can build 4,000 bodies a year.", "4,000 bodies a year", "capacity", "body/year"),
        ("It is to open and make 1.2 million packs a year.", "1.2 million packs a year", "capacity", "pack/year"),
        ("In Gent, two plants with together 38 GWh are for sale.", "38 GWh", "capacity", "GWh"),
        ("Each white container stores 3.2 MWh.", "3.2 MWh", "unit_energy", "MWh/container"),
        ("Tocopilla, a two-hour plant with 48 MW, opened in 2023.", "two-hour", "duration", "hour"),
        ("Up to 310 people would work on the site.", "310 people", "jobs", "person"),
        ("CALB's Sines factory will give work to 1,800 people.", "1,800 people", "jobs", "person"),
        ("A line at 30 % load carries high costs.", "30 %", "utilisation", "percent"),
        ("Electric buses cost R$3.1 million per bus in Curitiba.", "R$3.1 million", "price", "BRL"),
    ],
)  # fmt: skip
def test_what_a_figure_of_a_plant_measures(text: str, value: str, measure: str, unit: str) -> None:
    claim = _claims(text)[value]
    assert (claim.measure, claim.unit) == (measure, unit)


def test_what_one_container_holds_has_no_date() -> None:
    claims = _claims("Trina will ship 216 containers, each storing 5.6 MWh, from its plant in Vaasa from May 2026.")
    assert (claims["5.6 MWh"].period_start, claims["5.6 MWh"].period_end) == (None, None)


def test_what_is_sold_at_home_beside_what_goes_abroad_is_no_export() -> None:
    claims = _claims("Kia sold 267,000 vehicles in June, of which 46,000 were sold in Korea and 221,000 abroad.")
    assert [claim.measure for claim in claims.values()] == ["sales", "sales", "exports"]


def test_investment_at_home_stands_beside_investment_abroad() -> None:
    claims = _claims("Korean cell makers invested $29 billion abroad in 2024 and $18 billion at home.")
    assert [claim.direction for claim in claims.values()] == ["abroad", "home"]
