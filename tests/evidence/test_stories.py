"""Pages divided into stories with labels and anchors."""

from __future__ import annotations

import csv
import io
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cell2grid.evidence.pages.stories import stories
from cell2grid.evidence.records import Document, Label

LONG = "The plant in Turin makes cells for cars and for storage, and its owner wants to add a second line there soon. "


def _labels(text: str, title: str | None = None) -> list[tuple[str, str]]:
    document = Document("f" * 64, "page.txt", "text", text, title)
    told = stories(document)
    return [(story.label.value, text[story.start : story.end].strip()) for story, *_ in told]


def _of(text: str, part: str) -> str:
    return next(label for label, span in _labels(text) if part in span)


def test_a_short_page_without_chrome_is_all_core() -> None:
    assert [label for label, _ in _labels("Verkor opens in Dunkirk\n\nIt makes 16 GWh a year.")] == ["core"]


def test_chrome_around_an_article_is_furniture() -> None:
    head = "Menu\nSubscribe\n\nPlant in Turin opens\n\nBy a writer\nPublished: 4 May 2024\n\n"
    more = "In Bari the firm has bought land for a second hall, where it hopes to build packs for buses by next spring."
    text = f"{head}{LONG * 2}\n\nAdvertisement\n\n{more}\n\nShare this article\n© 2024"
    for part in ("Menu", "Published", "Advertisement", "Share this", "©"):
        assert _of(text, part) == "furniture"
    for part in ("Plant in Turin", "The plant in Turin", "In Bari"):
        assert _of(text, part) == "core"


def test_stories_behind_a_boundary_are_others_and_a_repeated_text_is_a_copy() -> None:
    bank = "The bank had lent to builders who could not pay, and the state took it over on Monday night. " * 2
    story = f"Plant in Turin opens\n\n{LONG * 2}\n\n"
    text = f"{story}Related articles\n\nA bank fails in Rome\n\n{bank}\n\n{story}"
    labels = _labels(text)
    assert _of(text, "A bank fails") == "other"
    assert ("copy", (LONG * 2).strip()) in [
        (label, span.removeprefix("Plant in Turin opens").strip()) for label, span in labels
    ]


def test_in_a_digest_the_item_of_the_title_is_core() -> None:
    items = {
        "Land sales": "Cities want to buy idle land from builders, and the ministry has set money aside. ",
        "Turin cells": LONG,
        "Bank trouble": "A bank in the south has stopped paying out deposits, and savers queue at its doors. ",
    }
    text = "Cell plant opens in Turin\n\n" + "\n\n".join(f"{lead}: {body * 2}" for lead, body in items.items())
    assert [_of(text, lead + ":") for lead in items] == ["other", "core", "other"]


@pytest.mark.parametrize(
    ("text", "day", "source"),
    [
        ("Plant opens\nPublished: 14 March 2025\n" + LONG, "2025-03-14", "byline"),
        ("Plant opens\n\nSEOUL, July 18, 2025 -- " + LONG, "2025-07-18", "byline"),
        ("Plant opens\n\n" + LONG + "On 3 October 2025 it made its first cells.", "2025-10-03", "dated sentence"),
        ("Plant opens\n\n" + LONG + "In the first half of 2022 it made 3 GWh.", "2022-07-01", "dated sentence"),
        ("Plant opens\n\n" + LONG, None, None),
    ],
)
def test_the_anchor_tells_where_it_comes_from(text: str, day: str | None, source: str | None) -> None:
    ((story, *_), *_) = [row for row in stories(Document("f" * 64, "p", "text", text)) if row[0].label is Label.CORE]
    assert (story.anchor_date, story.anchor_from) == (day, source)


def test_a_given_day_goes_before_what_the_page_shows() -> None:
    document = Document("f" * 64, "p", "text", "Plant opens\nPublished: 14 March 2025\n" + LONG)
    assert {(s.anchor_date, s.anchor_from) for s, *_ in stories(document, "2024-02-03")} == {("2024-02-03", "given")}


@given(
    st.lists(
        st.sampled_from(
            ["Related articles", LONG, "Share", "", "# Title of it", "A headline of five words", "\ufeff", "---"]
        ),
        max_size=14,
    )
)
def test_stories_cover_the_page_without_overlap(lines: list[str]) -> None:
    text = "\n".join(lines)
    told = [story for story, *_ in stories(Document("f" * 64, "p", "text", text))]
    assert all(before.end == after.start for before, after in pairwise(told))
    if told:
        assert (told[0].start, told[-1].end) == (0, len(text))


def test_labels_of_the_labelled_lines(shared: Path) -> None:
    names = {"dup": "copy", "industry": "other"}
    right = total = 0
    rows = list(csv.DictReader(io.StringIO((shared / "data" / "seed-lines.csv").read_text(encoding="utf-8"))))
    for page in sorted((shared / "seeds").glob("*.txt")):
        text = page.read_bytes().decode()
        told = [story for story, *_ in stories(Document("f" * 64, page.name, "text", text))]
        starts = [0]
        for line in text.split("\n"):
            starts.append(starts[-1] + len(line) + 1)
        for row in (row for row in rows if row["doc"] == page.name):
            place = starts[int(row["line"]) - 1]
            label = next(s.label.value for s in told if s.start <= place < s.end or s.start <= place + 3 < s.end)
            total += int(row["chars"])
            right += int(row["chars"]) * (label == names.get(row["label"], row["label"]))
    assert right / total >= 0.97


MENU_FIRST = """Skip to content
E-paper  Newsletter  Podcasts
Markets at a glance in three charts

Borealis Cells cuts one in four jobs
Works in Turku to run short time until summer

By Aino Lahti, Helsinki
12.01.2026 - 17:45

Battery cell maker Borealis Cells is cutting 480 jobs, around a quarter of its workforce, it said on Monday in Turku.

The reason is weak demand. The plant in Turku made just 0.9 gigawatt hours last year, a fifth of what its lines can do.

City opens a new swimming hall
The hall near the harbour has six pools and will be open from dawn, the mayor of the city told visitors at a party.
"""


def test_the_story_of_a_page_is_the_one_with_its_text_and_not_the_menu_above_it() -> None:
    assert _of(MENU_FIRST, "E-paper  Newsletter  Podcasts") == "furniture"
    for part in ("Borealis Cells cuts", "Works in Turku", "Battery cell maker", "The reason is weak"):
        assert _of(MENU_FIRST, part) == "core"


def test_a_headline_over_text_of_another_trade_opens_another_story_without_a_boundary() -> None:
    for part in ("City opens a new swimming hall", "six pools"):
        assert _of(MENU_FIRST, part) == "other"


def test_headlines_below_the_text_that_have_nothing_to_do_with_it_are_links() -> None:
    page = MENU_FIRST.partition("City opens")[0] + "Gold price today in five cities\nHeat wave\n"
    assert _of(page, "Gold price today") == "other"
    assert _of(page, "Heat wave") == "furniture"


def test_a_section_on_the_same_trade_stays_in_its_story() -> None:
    page = MENU_FIRST.replace("City opens a new swimming hall", "Grid storage offers a way out").replace(
        "The hall near the harbour has six pools", "A battery of 90 MWh for the grid near Turku uses its cells"
    )
    assert _of(page, "Grid storage offers") == "core"


def test_a_story_goes_on_below_a_box_of_links() -> None:
    above = (
        "Borealis Cells lifts output in Turku\n\nBorealis Cells made 3 GWh of cells at its plant in Turku last year, "
        "twice as much as in the year before.\n\n"
        "The firm supplies makers of buses and of storage systems across Finland.\n\n"
    )
    below = "Borealis Cells plans to hire 200 people for the plant in Turku, where storage systems are tested too.\n"
    page = above + "Most Popular\n1  City opens a swimming hall\n2  Typhoon changes its course\n\n" + below
    assert _of(page, "City opens") == "other"
    assert _of(page, "plans to hire 200") == "core"
