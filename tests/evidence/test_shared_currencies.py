"""Money whose name several countries share is told by the countries that the page names."""

from __future__ import annotations

import pytest

from cell2grid.evidence.quantities.lexer import lex
from cell2grid.evidence.quantities.shared_currencies import settled


def _units(sentence: str, page: str) -> list[str]:
    return [quantity.unit for quantity in settled(sentence, lex(sentence).quantities, page)]


@pytest.mark.parametrize(
    ("sentence", "page", "unit"),
    [
        ("The depot cost 12 billion pesos.", "Medellin, in Colombia, buys buses.", "COP"),
        ("The depot cost 12 million pesos.", "Monterrey, in Mexico, buys buses.", "MXN"),
        ("It paid 40 million dinars.", "Kragujevac lies in Serbia.", "RSD"),
        ("It paid 40 million Kuwaiti dinars.", "Jordan and Amman watch.", "KWD"),
        ("The mill needs 2 billion crowns.", "A Swedish mill near Stockholm.", "SEK"),
        ("Profit was ¥12 billion.", "The Osaka maker earned 9 billion yen.", "JPY"),
        ("Profit was ¥12 billion.", "The Hefei maker, a Chinese firm, sold cells.", "CNY"),
        ("It will invest OMR 75 million.", "", "OMR"),
    ],
)
def test_a_shared_name_is_that_of_the_country_of_the_page(sentence: str, page: str, unit: str) -> None:
    assert _units(sentence, page) == [unit]


def test_a_part_in_pc_is_a_percentage() -> None:
    assert _units("Larkfield will own 62pc of the scheme.", "") == ["percent"]


def test_a_vehicle_of_two_wheels_counts_nothing() -> None:
    assert _units("Makers of two-wheelers and three-wheelers met in Pune.", "") == []
