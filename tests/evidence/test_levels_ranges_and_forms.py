"""Levels before a change, ranges without a noun of their own, legal forms at the end of a sentence: invented firms."""

from __future__ import annotations

from pathlib import Path

import pytest

from cell2grid.evidence.pages.sentences import sentences
from cell2grid.evidence.reading import read_pages
from cell2grid.evidence.records import Claim


def claims(tmp_path: Path, text: str) -> dict[str, Claim]:
    page = tmp_path / "page.txt"
    page.write_text(f"A page about plants\n\nOslo, May 6, 2024 - {text}\n", encoding="utf-8")
    (read,) = read_pages([page])
    return {claim.value_text: claim for claim in read.claims}


def test_the_level_before_a_rise_is_a_capacity_too(tmp_path: Path) -> None:
    raised = "Fjord Cells will raise the annual capacity of its plant in Umea to 40 GWh by the end of 2026 from 24 GWh."
    found = claims(tmp_path, raised)
    assert (found["40 GWh"].period_end, found["24 GWh"].period_end) == ("2026-12-31", None)
    assert [(found[text].measure, found[text].unit) for text in ("40 GWh", "24 GWh")] == [("capacity", "GWh/year")] * 2


def test_between_two_bare_numbers_is_one_range(tmp_path: Path) -> None:
    found = claims(tmp_path, "Polar Motors expects to deliver between 31,000 and 36,500 vehicles in 2024.")
    (claim,) = found.values()
    assert (claim.measure, claim.value, claim.low, claim.high, claim.unit) == (
        "deliveries", None, 31_000.0, 36_500.0, "vehicle",
    )  # fmt: skip
    carried = claims(
        tmp_path, "Polar Motors delivered 30,400 vehicles in 2023 and will deliver between 31,000 and 36,500."
    )
    assert {(claim.low, claim.high) for claim in carried.values()} == {(30_400.0, 30_400.0), (31_000.0, 36_500.0)}


def test_money_that_was_spent_at_home_is_not_the_money_spent_abroad(tmp_path: Path) -> None:
    text = "Korean cell makers invested US$9 billion abroad in 2023, more than the US$4 billion they spent at home."
    found = claims(tmp_path, text)
    assert (found["US$9 billion"].direction, found["US$4 billion"].direction) == ("abroad", "home")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The makers plan a firm called Deccan Cells Ltd. Malabar Power will own 48 per cent of it.", 2),
        ("The plant is owned by Baltic Storage Inc. Chief Executive Officer is not named.", 1),
        ("It was sold by Huaxin Battery Co. Ltd. Group in May.", 1),
        ("Nordlys Inc. Energy is a firm.", 1),
    ],
)
def test_a_legal_form_ends_a_sentence_where_a_new_subject_follows(text: str, count: int) -> None:
    assert len(sentences(text)) == count
