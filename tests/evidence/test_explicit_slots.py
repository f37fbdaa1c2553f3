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
