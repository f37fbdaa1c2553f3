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


@pytest.mark.parametrize(
    ("text", "stakes", "company"),
    [
        (
            "Eramet raised its stake in the Centenario project from 50.1% to 100%.",
            {"50.1%": "Eramet", "100%": "Eramet"},
            "Centenario project",
        ),
        (
            "Volta Trucks is 75 percent owned by Toyota and 25 percent by Kia.",
            {"75 percent": "Toyota", "25 percent": "Kia"},
            "Volta Trucks",
        ),
        ("Ford and SK On each own 50 percent of BlueOval SK.", {"50 percent": "Ford;SK On"}, "BlueOval SK"),
        ("The 49% of Greencell held by Eversource will be sold to Kia.", {"49%": "Eversource"}, "Greencell"),
        ("Honda sold a 15 per cent stake in Blue Energy to Toyota.", {"15 per cent": "Toyota"}, "Blue Energy"),
        ("Volvo Cars is to sell its 35% holding in Vindfloat to Equinor.", {"35%": "Volvo Cars"}, "Vindfloat"),
        ("Honda, with 30%, is the third shareholder of Nikola Europe.", {"30%": "Honda"}, "Nikola Europe"),
        (
            "A local investment fund holds 25% of Kyokuto Chemical.",
            {"25%": "local investment fund"},
            "Kyokuto Chemical",
        ),
        (
            "Northvolt's largest shareholder, Volkswagen, held 21%; Nissan had 19%.",
            {"21%": "Volkswagen", "19%": "Nissan"},
            "Northvolt",
        ),
        ("Toyota has agreed to buy the remaining 50% of Kyon Energy from Kia.", {"50%": "Toyota"}, "Kyon Energy"),
        (
            "Toyota bought a majority stake of 51% in Skyborn.",
            {"majority stake": "Toyota", "51%": "Toyota"},
            "Skyborn",
        ),
    ],
)
def test_who_holds_how_much_of_what(text: str, stakes: dict[str, str], company: str) -> None:
    claims = _claims(text)
    held = {value: claim.subject for value, claim in claims.items() if claim.measure == "stake"}
    assert held == stakes
    assert {claim.object for claim in claims.values() if claim.measure == "stake"} == {company}
    assert {claim.tier.value for claim in claims.values()} == {"A"}


def test_holders_in_brackets_share_a_company_that_another_sentence_names() -> None:
    claims = _claims("The consortium is made up of Toyota (40%), Kia (35%) and Honda (25%).")
    assert [(c.measure, c.subject, c.tier.value) for c in claims.values()] == [
        ("stake", "Toyota", "B"),
        ("stake", "Kia", "B"),
        ("stake", "Honda", "B"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "measure", "subject"),
    [
        ("Of the 21,000 cars that Kia built in 2024, 64% were sold in China and 36% abroad.", "36%", "share", "Kia"),
        ("Half of Norway's cars are electric.", "Half", "share", None),
        ("Honda holds 100% of Faradion after buying the remaining 8.03% for £6 million.", "8.03%", "stake", "Honda"),
        ("Toyota and Kia own 50.1% and 49.9% of Gent Cells, respectively.", "50.1%", "stake", "Toyota"),
        ("Toyota and Kia own 50.1% and 49.9% of Gent Cells, respectively.", "49.9%", "stake", "Kia"),
    ],
)
def test_rows_and_remainders(text: str, value: str, measure: str, subject: str | None) -> None:
    claim = _claims(text)[value]
    assert claim.measure == measure
    assert subject is None or claim.subject == subject


def test_two_names_before_two_figures_are_paired_but_not_said_to_be() -> None:
    claims = _claims("Honda and Kia made 15,000 cars and 50,000 cars.")
    assert [(c.subject, c.tier.value) for c in claims.values()] == [("Honda", "B"), ("Kia", "B")]
