"""Supplies and milestones: who supplies whom with how much, and what began, when, of which plant."""

from __future__ import annotations

import pytest

from cell2grid.evidence.arithmetic.checks import check
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document, Pages


def _page(text: str) -> Pages:
    return read_page(Document("d" * 64, "page.txt", "text", text), date="2025-07-01")


def _told(text: str, measure: str) -> list[Claim]:
    return [claim for claim in _page(text).claims if claim.measure == measure]


@pytest.mark.parametrize(
    ("text", "supplier", "customer"),
    [
        ("LG Energy Solution signed a contract with Rivian to supply 67 GWh of cells.", "LG Energy Solution", "Rivian"),
        ("Ford has agreed to buy 20 GWh of cells a year from SK On from 2026.", "SK On", "Ford"),
        ("Samsung SDI has won an order from NextEra Energy for 6.3 GWh of batteries.", "Samsung SDI", "NextEra Energy"),
        ("Under the deal, 880 containers will be delivered to Zenobe by Hithium.", "Hithium", "Zenobe"),
        ("Kia will be supplied by BYD with 90 packs.", "BYD", "Kia"),
        ("Rivian has awarded Hyosung contracts for 2.5 GWh.", "Hyosung", "Rivian"),
        ("Ford picks Kia for 2.5 GW of batteries.", "Kia", "Ford"),
        ("Kia has contracted 85,000 tonnes a year to Umicore for eight years.", "Kia", "Umicore"),
        ("BYD supplied 12,000 tonnes of cathodes to Ford in 2024.", "BYD", "Ford"),
    ],
)
def test_who_supplies_whom(text: str, supplier: str, customer: str) -> None:
    (claim,) = _told(text, "supplies")
    assert (claim.subject, claim.object, claim.tier.value) == (supplier, customer, "A")


@pytest.mark.parametrize(
    "text",
    [
        "Polestar delivered 210 cars to Hertz in March.",
        "BYD shipped 5,000 cars to Brazil in May.",
        "Kia shipped 900 tons of foil, of which 41 percent went to BYD.",
        "Kia has handed over the first 35 buses of an order for 120 to Umicore.",
        "Ford signed an agreement with Kia for 38 GWh of cells.",
    ],
)
def test_what_is_no_supply_or_not_plainly_whose(text: str) -> None:
    assert _told(text, "supplies") == []


def test_a_supply_stands_beside_the_claim_of_its_quantity() -> None:
    page = _page("EVE Energy will supply Powin with 15 GWh of cells between 2026 and 2028.")
    energy, supply = page.claims
    assert (energy.measure, supply.measure) == ("energy", "supplies")
    assert (energy.value, energy.unit, energy.value_start) == (supply.value, supply.unit, supply.value_start)
    assert (energy.period_start, energy.period_end) == (supply.period_start, supply.period_end)
    assert len(page.readings) == 1


def test_what_a_contract_is_worth_is_one_claim() -> None:
    (claim,) = _page("Tesla placed a $4.3 billion order with LG Energy Solution in July 2024.").claims
    assert (claim.measure, claim.subject, claim.object) == ("supplies", "LG Energy Solution", "Tesla")


@pytest.mark.parametrize(
    ("text", "milestone", "subject", "period"),
    [
        (
            "Construction of Verkor's Lyon plant began in May 2022.",
            "construction began",
            "Verkor Lyon plant",
            ("2022-05-01", "2022-05-31"),
        ),
        (
            "Verkor broke ground on its Lyon plant in May 2022.",
            "construction began",
            "Verkor Lyon plant",
            ("2022-05-01", "2022-05-31"),
        ),
        ("Verkor has begun trial production at its Lyon plant.", "trial production", "Verkor Lyon plant", (None, None)),
        (
            "Verkor's Lyon plant is due to start mass production by 2027.",
            "production",
            "Verkor Lyon plant",
            (None, "2027-12-31"),
        ),
        (
            "The first cell rolled off the line at Verkor's Lyon plant in May 2024.",
            "first product",
            "Verkor Lyon plant",
            ("2024-05-01", "2024-05-31"),
        ),
        (
            "Mass production is planned for 2027 at Verkor's Lyon plant.",
            "production",
            "Verkor Lyon plant",
            ("2027-01-01", "2027-12-31"),
        ),
        ("Verkor's Lyon plant opened on 14 July 2024.", "operation", "Verkor Lyon plant", ("2024-07-14", "2024-07-14")),
        (
            "Verkor halted production at its Lyon plant in 2023.",
            "idling",
            "Verkor Lyon plant",
            ("2023-01-01", "2023-12-31"),
        ),
        ("Verkor closed its Lyon plant in October 2024.", "closure", "Verkor Lyon plant", ("2024-10-01", "2024-10-31")),
        ("BYD began exporting cars in August 2024.", "first export", "BYD", ("2024-08-01", "2024-08-31")),
        (
            "The Gemini project was first announced in 2018.",
            "announced",
            "Gemini project",
            ("2018-01-01", "2018-12-31"),
        ),
        (
            "Engie's Collie battery was connected to the grid in May 2024.",
            "commissioning",
            "Engie Collie battery",
            ("2024-05-01", "2024-05-31"),
        ),
    ],
)
def test_what_happened_when_to_which_plant(
    text: str, milestone: str, subject: str, period: tuple[str | None, str | None]
) -> None:
    (claim,) = _told(text, "milestone")
    assert (claim.object, claim.subject) == (milestone, subject)
    assert (claim.period_start, claim.period_end) == period
    assert (claim.value, claim.low, claim.high, claim.unit, claim.tier.value) == (None, None, None, "", "A")
    assert claim.value_start is not None
    assert text[claim.value_start : claim.value_end] == claim.value_text


@pytest.mark.parametrize(
    "text",
    [
        "Verkor could begin production at its Lyon plant in 2026.",
        "Verkor has not begun production at its Lyon plant.",
        "Verkor's sales began to fall in May 2024.",
        "Verkor opened a showroom in May 2024.",
        "Verkor's shares closed up 3% in May 2024.",
        "LYON, 3 July 2025 — Verkor makes cells.",
    ],
)
def test_what_is_no_milestone(text: str) -> None:
    assert _told(text, "milestone") == []


def test_a_milestone_is_no_quantity_and_takes_part_in_no_sum() -> None:
    page = _page("Verkor broke ground on its Lyon plant in May 2022. The plant went into operation in July 2024.")
    assert [claim.measure for claim in page.claims] == ["milestone", "milestone"]
    assert page.readings == ()
    assert not [each for each in check(page.claims, page.stories)[0] if each.kind in {"sum", "product", "ratio"}]


def test_the_day_of_a_milestone_dates_no_capacity() -> None:
    claims = _page("Kia broke ground on a 40 GWh plant in Lyon in March 2024.").claims
    dated = {claim.measure: (claim.period_start, claim.period_end) for claim in claims}
    assert dated == {"capacity": (None, None), "milestone": ("2024-03-01", "2024-03-31")}
