"""A claim is in tier A only where its own sentence says every slot: what flows without a period is not."""

from __future__ import annotations

from typing import Any

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document

ROWS: list[tuple[str, str, dict[str, Any]]] = [
    # what flows says its period, or the period is missing and so inherited
    (
        "Orvel sold 4,310 vans, more than any rival.",
        "4,310 vans",
        {"measure": "sales", "period_start": None, "tier": "B", "inherited": ("period",)},
    ),
    (
        "Chile installed 410 MW of batteries in the first quarter of 2026.",
        "410 MW",
        {"measure": "power", "period_start": "2026-01-01", "period_end": "2026-03-31", "tier": "A"},
    ),
    # the quarter is the one told of, not the date in between; without one it is the last one over
    (
        "In the January-March quarter sales of Orvel rose 8%. A new line in Talca opens at the end of August. "
        "Orvel shipped 2.4 GWh of cells in the quarter.",
        "2.4 GWh",
        {"measure": "deliveries", "period_start": "2026-01-01", "period_end": "2026-03-31", "tier": "A"},
    ),
    (
        "Orvel shipped 3.1 GWh of cells in the quarter.",
        "3.1 GWh",
        {"measure": "deliveries", "period_start": "2026-01-01", "period_end": "2026-03-31"},
    ),
    # a month for itself is not the period of which a story goes on to tell
    (
        "From January to April Orvel sold 9,120 vans. In April alone it sold 2,480 vans. "
        "In Peru, Orvel sold 310 vans in the period.",
        "310 vans",
        {"measure": "sales", "period_start": "2026-01-01", "period_end": "2026-04-30"},
    ),
    # what is said to have been so in a quarter was so in it, whenever it was said
    (
        "Orvel said last month its net profit for the January-March quarter rose 12% to €41 million on revenue of "
        "€377 million.",
        "€377 million",
        {"measure": "revenue", "period_start": "2026-01-01", "period_end": "2026-03-31", "tier": "A"},
    ),
    # "a year ago" leans on the figure that is compared, whatever date was told last
    (
        "In March Orvel sold 2,150 vans. Its fiscal year 2027 begins in April. Rival Tarvo sold 940 vans in the "
        "quarter, against 615 a year ago.",
        "615",
        {"measure": "sales", "period_start": "2025-01-01", "period_end": "2025-03-31"},
    ),
    # a date behind an aside is not that of the figure in it
    (
        "Orvel will convert the Talca plant, which has an annual capacity of 12 GWh, to new cells by the end of 2028.",
        "12 GWh",
        {"measure": "capacity", "period_start": None, "period_end": None},
    ),
    (
        "Orvel had planned to reach an annual capacity of 30 GWh by the end of 2027.",
        "30 GWh",
        {"measure": "capacity", "period_start": None, "period_end": "2027-12-31"},
    ),
    # what is quoted on a day is of that day
    (
        "Lithium hydroxide in China traded at 71,300 yuan a tonne on Friday, 62% below its peak in December 2022.",
        "71,300 yuan a tonne",
        {"measure": "price", "period_start": "2026-05-08", "period_end": "2026-05-08", "tier": "A"},
    ),
    (
        "Lithium hydroxide in China traded at 71,300 yuan a tonne on Friday, 62% below its peak in December 2022.",
        "62%",
        {"measure": "change", "period_start": "2026-05-08", "period_end": "2026-05-08"},
    ),
    (
        "Spot lithium hydroxide rose 2.6% on Monday to 72,900 yuan a ton.",
        "72,900 yuan a ton",
        {"measure": "price", "period_start": "2026-05-11", "period_end": "2026-05-11"},
    ),
    # the level that is raised has not the date of the level that it is raised to
    (
        "The Talca factory has an installed capacity of 1.4 GWh, to be raised to 5.9 GWh by March 2027.",
        "1.4 GWh",
        {"measure": "capacity", "period_start": None, "period_end": None},
    ),
    # when a share was that it fell from is not said
    (
        "In April Orvel's share of the market fell to 3.1% from 4.6%.",
        "4.6%",
        {"measure": "share", "period_start": None, "tier": "B"},
    ),
    # each firm's own duty, behind the figure; a firm without a name is not explicit
    (
        "Brazil charges duties of 14 per cent on cars made in China by Orvel, 21 per cent on those made by Tarvo.",
        "21 per cent",
        {"measure": "duty", "subject": "Tarvo"},
    ),
    (
        "Duties range from 8% for Orvel to 310% for a company that did not answer.",
        "310%",
        {"measure": "duty", "subject": "a company", "tier": "B"},
    ),
    # the level that a change leads to is of the same subject and period
    (
        "In the first quarter volume at Orvel fell 6% to 4.8 GWh.",
        "4.8 GWh",
        {"period_start": "2026-01-01", "period_end": "2026-03-31"},
    ),
    # what had been installed by a day is a stock; what a piece costs is no investment
    (
        "Chile had installed only 390 MWh of grid batteries by the end of March.",
        "390 MWh",
        {"measure": "energy", "subject": "Chile"},
    ),
    (
        "Homes in Chile got 12,400 storage systems in 2025, with an average size of 9.6 kWh.",
        "9.6 kWh",
        {"measure": "unit_energy"},
    ),
    (
        "Tarvo Cells will be owned 70% by Orvel, with the remaining 30% held by Chilean fund Moneda Verde.",
        "30%",
        {"measure": "stake", "subject": "Moneda Verde"},
    ),
    # a row of names behind a noun is not the subject; money is of no country
    (
        "Orvel makes cells in Talca. The venture of Tarvo, Moneda Verde and Sulco Energy made 4.2 GWh in 2025.",
        "4.2 GWh",
        {"measure": "production", "tier": "B"},
    ),
    (
        "In March exports of Chile came to 410 million US dollars, down 3.2% on the month.",
        "3.2%",
        {"measure": "change", "subject": "Chile"},
    ),
    # film is delivered by its area; one of a kind stores so much
    (
        "Orvel sold Tarvo 90 million square metres of film in 2025.",
        "90 million square metres",
        {"measure": "deliveries"},
    ),
    ("A Corvo-3 stores 4.1 MWh.", "4.1 MWh", {"measure": "unit_energy"}),
    # who placed an order does not supply it
    ("Tarvo placed a first order of 220 MWh.", "220 MWh", {"measure": "energy", "tier": "B"}),
    # in a story of shipments the energy of a firm is shipped
    (
        "From January to April Orvel shipped 41 GWh of cells. Tarvo came next. Sulco Energy (7.5 GWh) was third.",
        "7.5 GWh",
        {"measure": "deliveries", "subject": "Sulco Energy", "tier": "B", "period_start": "2026-01-01"},
    ),
]


@pytest.mark.parametrize(("text", "value_text", "slots"), ROWS, ids=[row[1] for row in ROWS])
def test_a_slot_is_as_explicit_as_its_sentence_is(text: str, value_text: str, slots: dict[str, Any]) -> None:
    document = Document("page", "orvel.txt", "text", "Orvel on its way\n\n" + text)
    claims = read_page(document, date="2026-05-12").claims
    found = next(claim for claim in claims if claim.value_text == value_text)
    assert _slots(found, slots) == slots


def _slots(claim: Claim, asked: dict[str, Any]) -> dict[str, Any]:
    given = {name: getattr(claim, name) for name in asked}
    return given | ({"tier": str(claim.tier)} if "tier" in asked else {})
