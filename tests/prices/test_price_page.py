"""The page on price files names every column that is taken for stamps without being asked for."""

from __future__ import annotations

from pathlib import Path

from cell2grid.prices import found

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "prices.md"


def test_the_page_lists_the_names_of_a_column_of_stamps() -> None:
    page = PAGE.read_text(encoding="utf-8")
    listed = page.partition("The column of stamps is")[2].partition("`--time-column`")[0]
    assert {name for name in found._TIME_NAMES if name} == set(listed.split("`")[1::2])
    assert "no name" in listed
