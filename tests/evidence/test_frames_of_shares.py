"""Shares and stakes in the turns of phrase of the news: things, ranks, brackets, rows, ellipsis, the rest."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str) -> dict[str, Claim]:
    document = Document("d" * 64, "page.txt", "text", text)
    return {claim.value_text: claim for claim in read_page(document, date="2025-07-01").claims}


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("Electric cars made up 9.7% of sales in Colombia in May.", {"9.7%": "electric cars"}),
        ("LFP accounted for 44% of battery demand in 2024 and NMC for 41%.", {"44%": "LFP", "41%": "NMC"}),
        ("Plug-in hybrids took 8% of new registrations in Spain.", {"8%": "plug-in hybrids"}),
        ("The top five makers together held 74% of the market in 2024.", {"74%": "top five makers"}),
        (
            "The share of electric cars in new registrations rose to 22% in May from 18% a year earlier.",
            {"22%": "electric cars", "18%": "electric cars"},
        ),
        (
            "Samsung SDI ranked fifth with 4.6%, followed by Gotion with 3.7% and Sunwoda on 2.9%.",
            {"4.6%": "Samsung SDI", "3.7%": "Gotion High-tech", "2.9%": "Sunwoda"},
        ),
        (
            "BMW led the market with 28%, ahead of Audi (15%) and Kia (11%).",
            {"28%": "BMW", "15%": "Audi", "11%": "Kia"},
        ),
        ("Market share: BYD 34%, Geely 12%, Tesla 6%.", {"34%": "BYD", "12%": "Geely", "6%": "Tesla"}),
        ("Some 57% came from Japan and 22% from Chile.", {"57%": "Japan", "22%": "Chile"}),
        ("BYD's share of the Brazilian market stood at 71% in June.", {"71%": "BYD"}),
        ("Tesla had a 4% share in Norway in May.", {"4%": "Tesla"}),
    ],
)
def test_who_or_what_has_a_share(text: str, subjects: dict[str, str]) -> None:
    claims = _claims(text)
    assert {value: (claims[value].measure, claims[value].subject) for value in subjects} == {
        value: ("share", subject) for value, subject in subjects.items()
    }
    assert {claims[value].tier.value for value in subjects} == {"A"}


def test_a_period_is_no_whole() -> None:
    assert _claims("BYD's share climbed to 12.4% in 2024.")["12.4%"].object is None
