"""Whose figure, of what kind and when, in the turns of phrase that news uses: passives, ellipsis, groups, pairs."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document


def _claims(text: str) -> dict[str, Claim]:
    page = f"Storage and cells\n\n3 November 2025\n\n{text}\n"
    claims = read_page(Document("0" * 64, "page.txt", "text", page)).claims
    return {claim.value_text: claim for claim in claims}


@pytest.mark.parametrize(
    ("text", "value", "subject"),
    [
        ("Orvano will be supplied by Tianhe Energy with 80 containers.", "80 containers", "Tianhe Energy"),
        (
            "Solveta will add a 20-megawatt battery in Yumbo, and Northline Energy a 9 MWh unit in Cali.",
            "9 MWh",
            "Northline Energy",
        ),
        ("Orvano Energy has ordered 2 GW / 8 GWh of batteries for six sites in Chile.", "8 GWh", "Orvano Energy"),
        ("Western Flats Battery, a 90 MW project in Queensland, opened in May.", "90 MW", "Western Flats Battery"),
        ("Orvano Energy now runs 95 MW across three sites and has 1.1 GW in development.", "1.1 GW", "Orvano Energy"),
        ("Assembly plants in Lagos ran at 31 per cent of capacity in 2023.", "31 per cent", "Lagos assembly plants"),
        (
            "China shipped 900 GWh of cells in 2024, of which sodium-ion cells accounted for 4 per cent.",
            "4 per cent",
            "sodium-ion cells",
        ),
    ],
)
def test_whose_figure_it_is(text: str, value: str, subject: str) -> None:
    assert _claims(text)[value].subject == subject


def test_plants_without_a_name_are_those_of_the_firm_and_carried_over() -> None:
    claim = _claims("Orvano Energy sold cells. The company's plants ran at 91% of capacity in 2024.")["91%"]
    assert (claim.subject, claim.tier.value) == ("Orvano Energy plants", "B")


@pytest.mark.parametrize(
    ("text", "value", "measure", "unit"),
    [
        ("Its 60 MW / 120 MWh battery opened after the last container was delivered.", "120 MWh", "energy", "MWh"),
        ("Orvano took 5.5MWh containers from Tianhe Energy.", "5.5MWh", "unit_energy", "MWh/container"),
        ("The Ottawa factory, built for 5 GWh annually, made packs of 98 kWh.", "98 kWh", "unit_energy", "kWh/pack"),
        ("Each bus has a 170 kWh battery.", "170 kWh", "unit_energy", "kWh/battery"),
        ("Diesel buses cost $90,000 in Lima.", "$90,000", "price", "USD"),
        ("Packs fell to $120 per kWh in India from over $300 in 2019.", "$300", "price", "USD/kWh"),
        ("Orvano Energy's sales dropped 60 percent to $2.77 billion.", "$2.77 billion", "revenue", "USD"),
        ("The margin improved by 160 bps in May.", "160 bps", "change", "basis_point"),
        ("Its share of the market slid 0.7 percentage points to 3.9%.", "3.9%", "share", "percent"),
        ("The line in Utrecht turns out 900 cells a week.", "900 cells a week", "production", "cell/week"),
        ("The plant in Utrecht employs 80 staff.", "80 staff", "jobs", "staff"),
        ("Output was 4% down on the first half of last year.", "4%", "change", "percent"),
    ],
)  # fmt: skip
def test_what_a_figure_measures(text: str, value: str, measure: str, unit: str) -> None:
    claim = _claims(text)[value]
    assert (claim.measure, claim.unit) == (measure, unit)


def test_the_figure_behind_a_capacity_that_is_made_is_no_capacity() -> None:
    claim = _claims("Orvano's Utrecht plant has a capacity of 380,000 cars a year, producing 315,400.")["315,400"]
    assert (claim.measure, claim.unit) == ("production", "vehicle")


@pytest.mark.parametrize(("words", "value"), [("nine in ten of them", 90.0), ("one in five buyers", 20.0)])
def test_parts_of_ten_are_percentages(words: str, value: float) -> None:
    (claim,) = _claims(f"In Lima {words} came by bus.").values()
    assert (claim.value, claim.unit) == (value, "percent")


def test_a_base_of_comparison_does_not_date_the_figures_behind_it() -> None:
    claims = _claims(
        "Orvano's revenue in 2024 was $2.6 billion, down from $4.3 billion in 2022, and profit fell to $9 million."
    )
    assert claims["$9 million"].period_start == "2024-01-01"


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by the Quito newsroom; Editing by A. Hall)",
        "Use code SUN25 for a 25% discount.",
        "Media contact: Petra Vidal, +41 44 555 0142",
        "Got a story? Call the desk on 020 7946 0000.",
        "This content is protected by copyright and may not be reused.",
    ],
)
def test_lines_of_the_house_make_no_claims(line: str) -> None:
    story = "Orvano Energy sold 900 cars in May, the company said on Monday in a statement to investors."
    assert set(_claims(f"{story}\n\n{line}")) == {"900 cars"}


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        (
            "Energy Harbor reported revenue of $8.5 million for 2024.",
            "$8.5 million",
            ("revenue", "Energy Harbor", None),
        ),
        (
            "Orvano Cells, in which Tianhe Energy holds 40%, made 2 GWh of packs in 2024.",
            "40%",
            ("stake", "Tianhe Energy", "Orvano Cells"),
        ),
        (
            "The Ridge plant has a capacity of 9,000 buses a year. Exports will begin with 200 buses in May 2026.",
            "200 buses",
            ("exports", "Ridge plant", None),
        ),
        ("Orvano earned 1.9 billion euros in 2024, more than ever.", "1.9 billion euros", ("profit", "Orvano", None)),
    ],
)
def test_measure_subject_and_object(text: str, value: str, expected: tuple[str, str, str | None]) -> None:
    claim = _claims(text)[value]
    assert (claim.measure, claim.subject, claim.object) == expected


def test_the_quarter_of_the_year_before_is_a_year_earlier() -> None:
    claims = _claims("Orvano had sales of $9 million in the third quarter, against $7 million in the year-ago quarter.")
    assert claims["$7 million"].period_end == "2024-09-30"


def test_vans_carry_on_to_a_bare_number() -> None:
    claims = _claims("Registrations of electric vans in Peru rose by 36 per cent to 24,110 in September.")
    assert (claims["24,110"].unit, claims["24,110"].measure) == ("van", "sales")


def test_shareholders_that_are_listed_hold_stakes() -> None:
    claims = _claims(
        "Orvano Cells filed its accounts. Shareholders include Tianhe Energy with 18.6%, and Norfund with 9.4%."
    )
    assert [(c.measure, c.subject) for c in claims.values()] == [("stake", "Tianhe Energy"), ("stake", "Norfund")]


def test_parts_of_them_are_shares() -> None:
    claims = _claims("Peru exported 900 buses in 2024. Chile took 31 per cent of them, Brazil 24 per cent.")
    shares = [(c.measure, c.subject) for text, c in claims.items() if "per cent" in text]
    assert shares == [("share", "Chile"), ("share", "Brazil")]


def test_a_town_alone_leaves_a_claim_out_of_tier_a() -> None:
    claims = _claims("Capacity at its Yandong base reached 30 GWh a year in June.")
    assert [c.tier.value for c in claims.values()] == ["B"]


def test_capital_letters_between_two_names_are_matched_in_a_time_that_grows_with_them_alone() -> None:
    """Forty capital letters in a word between two firms once took a time that doubled with each."""
    text = f"Orvano Energy {'AB' * 20} x, and Solveta Energy together held 46 per cent of the market in 2024."
    assert _claims(text)["46 per cent"].value == 46.0
