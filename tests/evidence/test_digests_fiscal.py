"""Round-ups without a topic of their own, fiscal years that end in March, losses, and rows of months in energy."""

from __future__ import annotations

from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Document, Label, Pages

ITEMS = (
    "Corvo cells: Corvo Cells has opened a factory in Setubal that makes 4 GWh of cells a year. About 300 people "
    "work there, and the firm wants to add a second line soon.",
    "Vardar storage: Elektra Vardar said that it would install 80 MW and 160 MWh of batteries at Bitola by 2027, "
    "after two years of planning and a long wait for permits.",
    "Dairy prices: The price of butter rose by a tenth in the third quarter as herds shrank, farmers said, "
    "and shops in the larger towns have begun to ration it to their customers.",
)


def _read(*paragraphs: str) -> Pages:
    page = "\n\n".join(paragraphs) + "\n"
    return read_page(Document("0" * 64, "page.txt", "text", page))


def test_every_item_on_the_industry_is_core_under_a_headline_without_a_topic() -> None:
    pages = _read("Southern news in brief", "17 November 2025", *ITEMS)
    labels = [story.label for story in pages.stories if story.label is not Label.FURNITURE]
    assert labels[-3:] == [Label.CORE, Label.CORE, Label.OTHER]
    subjects = {claim.value_text: claim.subject for claim in pages.claims}
    assert subjects["160 MWh"] == "Elektra Vardar"


def test_the_item_of_the_headline_alone_is_core_where_it_has_a_topic() -> None:
    pages = _read("Corvo Cells opens its Setubal factory", "17 November 2025", *ITEMS)
    core = [story for story in pages.stories if story.label is Label.CORE]
    texts = [claim.value_text for claim in pages.claims if claim.story in {story.id for story in core}]
    assert "160 MWh" not in texts
    assert "300 people" in texts


def test_a_fiscal_quarter_counted_in_rupees_ends_in_march() -> None:
    pages = _read(
        "Pravaha Motors results",
        "6 February 2026",
        "Pravaha Motors sold 900 scooters in Q3 FY26, for Rs 8 crore. It will make 2 lakh scooters a year by FY27.",
    )
    periods = {claim.value_text: (claim.period_start, claim.period_end) for claim in pages.claims}
    assert periods["900 scooters"] == ("2025-10-01", "2025-12-31")
    assert periods["2 lakh scooters a year"] == (None, "2027-03-31")


def test_a_fiscal_quarter_elsewhere_is_not_moved() -> None:
    pages = _read("Corvo results", "6 February 2026", "Corvo Cells sold 900 scooters in Q3 FY25, for $8 million.")
    assert pages.claims[0].period_end == "2025-09-30"


def test_what_a_firm_lost_is_a_negative_profit() -> None:
    pages = _read("Corvo results", "6 February 2026", "In the first half of 2025 Corvo Cells lost US$25 million.")
    (claim,) = pages.claims
    assert (claim.measure, claim.value) == ("profit", -25e6)


def test_a_bare_number_in_a_row_of_months_takes_the_unit_of_the_row() -> None:
    pages = _read(
        "Corvo output",
        "6 July 2025",
        "Output was 0.2 GWh in March and 0.35 GWh in April, and 0.6 in May, Corvo Cells said.",
    )
    assert [(c.value, c.unit, c.period_start) for c in pages.claims] == [
        (0.2, "GWh", "2025-03-01"),
        (0.35, "GWh", "2025-04-01"),
        (0.6, "GWh", "2025-05-01"),
    ]


def test_who_leads_a_market_has_the_share_that_follows() -> None:
    pages = _read(
        "Sales in Bolivia",
        "6 July 2025",
        "Corvo Motors led sales of electric cars in Bolivia in the first quarter with 31.2%,"
        " followed by Trento at 17.5 per cent.",
    )
    shares = [(claim.measure, claim.subject, claim.value) for claim in pages.claims]
    assert shares == [("share", "Corvo Motors", 31.2), ("share", "Trento", 17.5)]
