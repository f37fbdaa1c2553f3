"""When the figures of a story are so: fiscal years, headlines that report on a period, two clauses with a date each."""

from __future__ import annotations

import pytest

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document

Days = tuple[str | None, str | None]


def _claims(
    text: str, *, title: str = "Corvo Energia tells of its plants", day: str = "2025-08-20"
) -> dict[str, Claim]:
    page = f"{title}\n\n{text}\n"
    claims = read_page(Document("0" * 64, "page.txt", "text", page, date=day)).claims
    return {claim.value_text: claim for claim in claims}


def _days(claim: Claim) -> Days:
    return claim.period_start, claim.period_end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Corvo's fiscal year ends on June 30. In fiscal 2025 it sold 12,000 packs, and in the first quarter of "
            "fiscal 2026 it expects to sell 4,000 packs.",
            {"12,000 packs": ("2024-07-01", "2025-06-30"), "4,000 packs": ("2025-07-01", "2025-09-30")},
        ),
        (
            "Last year Corvo sold 900 vans; this year it wants to sell 1,500 vans.",
            {"900 vans": ("2024-01-01", "2024-12-31"), "1,500 vans": ("2025-01-01", "2025-12-31")},
        ),
        (
            "By 2030, Corvo wants 30 GWh of capacity, and by 2027 it aims for 12 GWh.",
            {"30 GWh": (None, "2030-12-31"), "12 GWh": (None, "2027-12-31")},
        ),
        (
            "Corvo exported 40 buses between January and June, on line since May 2023.",
            {"40 buses": ("2025-01-01", "2025-06-30")},
        ),
        ("Corvo had 190 buses on the road at the end of June.", {"190 buses": ("2025-06-30", "2025-06-30")}),
        ("Corvo had sold 505 vans by the end of June.", {"505 vans": ("2025-06-30", "2025-06-30")}),
        ("Corvo sold 400 vans in three countries in May.", {"400 vans": ("2025-05-01", "2025-05-31")}),
        ("So far this year Corvo has sold 700 buses.", {"700 buses": ("2025-01-01", "2025-08-20")}),
        (
            "Prices fell to €90 per kWh this August from €120 per kWh in May 2024.",
            {"€90 per kWh": ("2025-08-01", "2025-08-31")},
        ),
    ],
)  # fmt: skip
def test_a_figure_has_the_period_of_its_own_clause(text: str, expected: dict[str, Days]) -> None:
    claims = _claims(text)
    assert {written: _days(claims[written]) for written in expected} == expected


def test_a_headline_that_reports_on_a_quarter_dates_the_figures_that_name_none() -> None:
    title = "Corvo Energia results for the second quarter of 2025"
    claims = _claims("Revenue was €98 million. Corvo delivered 310 packs in the quarter.", title=title)
    assert _days(claims["€98 million"]) == ("2025-04-01", "2025-06-30")
    assert "period" in claims["€98 million"].inherited
    assert _days(claims["310 packs"]) == ("2025-04-01", "2025-06-30")


def test_a_period_to_come_in_a_headline_dates_nothing() -> None:
    claims = _claims("Revenue was €98 million.", title="Corvo Energia plans for the second quarter of 2026")
    assert _days(claims["€98 million"]) == (None, None)


def test_a_date_in_brackets_before_a_colon_is_that_of_the_figure_behind_it() -> None:
    claims = _claims("In July Corvo sold 98 vans (July 2024: 94 vans).")
    assert (_days(claims["98 vans"]), _days(claims["94 vans"])) == (
        ("2025-07-01", "2025-07-31"),
        ("2024-07-01", "2024-07-31"),
    )


def test_what_a_rise_is_counted_from_is_not_its_period() -> None:
    claims = _claims("Deliveries of Corvo were 310 packs, up 70% from the first quarter of 2025.")
    assert claims["310 packs"].period_start != "2025-01-01"
