"""Names that no gazetteer holds, and capital words that are none: money, tickers, quarters, places of goods."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str, title: str = "Battery news") -> list[Claim]:
    page = f"{title}\n\n3 June 2025\n\n{text}\n"
    return list(read_page(Document("0" * 64, "page.txt", "text", page, title=title)).claims)


def _subjects(text: str) -> list[str | None]:
    return [claim.subject for claim in _claims(text)]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Voltaro posted revenue of US$22 million in the first quarter of 2025.", "Voltaro"),
        ("Ferrobat, a rival, sold 1,200 cars in April.", "Ferrobat"),
        ("Anhui Longtai Energy Co. Ltd. shipped 3.2 GWh of cells in 2024.", "Anhui Longtai Energy"),
        ("Korea Eastern Power will own 30% of Ridge Farm.", "Korea Eastern Power"),
        ("Delmar Cells, in which Honda has a stake, sold 9,000 cars in May.", "Delmar Cells"),
        ("Quantrel (NSE: QUANTREL, 512345.BO) produced 410 vehicles in May.", "Quantrel"),
    ],
)
def test_a_name_at_the_head_of_a_sentence_is_the_subject(text: str, subject: str) -> None:
    assert _subjects(text)[-1] == subject


@pytest.mark.parametrize(
    "text",
    [
        "Marvolt Energy said sales rose. Its revenue was RMB 22 billion in 2024, and profit fell 3% to US$40 million.",
        "Marvolt Energy makes packs in Hue, Quang Tri. The company sold 900 cars in May.",
        "Marvolt Energy presented its plan for FY2027. It sold 900 cars in the July-September quarter of 2024.",
    ],
)
def test_money_quarters_and_places_are_no_subject(text: str) -> None:
    assert set(_subjects(text)) == {"Marvolt Energy"}


@pytest.mark.parametrize("word", ["Construction", "Management", "Analysts", "Recently"])
def test_a_common_word_at_the_head_is_no_name(word: str) -> None:
    assert word not in _subjects(f"{word} said 400 vehicles were sold in May.")
