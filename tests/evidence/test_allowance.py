"""What a page may ask for: a page that asks for more is reported, and the rest of its folder is read."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest

from cell2grid.errors import PageError
from cell2grid.evidence.pages.allowance import MOST_LINES, MOST_NUMBERS, Allowance
from cell2grid.evidence.reading import read_page, read_pages
from cell2grid.evidence.records import Document


def page(text: str) -> Document:
    return Document("a" * 64, "p.txt", "text", text)


def test_a_page_of_too_many_lines_is_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("It\n" * (MOST_LINES + 1))
    (tmp_path / "b.txt").write_text("The Turku plant of Adatum has a capacity of 9 GWh a year.")
    broken, read = read_pages([tmp_path])
    ((name, reason),) = broken.failures
    assert name == "a.txt"
    assert f"more than the {MOST_LINES:,} that a page may have: split it" in reason
    assert [claim.value for claim in read.claims] == [9.0]


def test_a_page_whose_time_is_over_is_refused() -> None:
    with pytest.raises(PageError, match=r"page 'p\.txt' takes longer than the 0 s that a page may take"):
        read_page(page("Adatum made 3 cars. Boreal made 4 cars."), seconds=0.0)


def test_a_page_of_too_many_numbers_is_a_table() -> None:
    Allowance("p.txt", 1.0, math.inf).require(MOST_NUMBERS)
    with pytest.raises(PageError, match="it is a table; split it"):
        Allowance("p.txt", 1.0, math.inf).require(MOST_NUMBERS + 1)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 1_000_000,
        "7" * 1_000_000,
        "(" * 1_000_000,
        "." * 1_000_000,
        "1 and " * 4_000,
        "Adatum sold 12 cars in May 2031. " * 400,
        "ab cd\n" * 20_000,
        "the\n" * 20_000,
        "Related articles\n" * 20_000,
        " ".join(f"Ab{number}x" for number in range(20_000)),
        "\n".join(f"Read more: maker {number} opens a plant" for number in range(1_000)),
    ],
    ids=lambda text: text[:12],
)
def test_a_page_twice_as_long_takes_about_twice_as_long(text: str) -> None:
    """Nothing in a page is gone through once for each of its letters, lines or names."""
    took = []
    for part in (text[: len(text) // 4], text):
        start = time.process_time()
        read_page(page(part))
        took.append(time.process_time() - start)
    assert took[1] < 10 * took[0] + 1.0
