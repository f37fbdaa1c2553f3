"""A story that stands on many pages is told on each as if it were read there."""

from __future__ import annotations

import pytest

from cell2grid.evidence.claims import retelling
from cell2grid.evidence.claims.retelling import Retelling
from cell2grid.evidence.reading import read_page
from cell2grid.evidence.records import Claim, Document, Pages, Reading, Story
from cell2grid.evidence.telling import Telling

STORY = (
    "Adatum opens a second line in Turku\n\nAdatum said on 3 May 2031 that its Turku plant now makes 9 GWh of cells a "
    "year. It exported 1,200 containers in April, and Boreal Fund holds 40 % of it."
)


def page(name: str, text: str, kind: str = "text") -> Document:
    return Document(name * 64, f"{name}.txt", kind, text)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stories that were read sentence by sentence."""
    read: list[str] = []
    stretch = Telling.stretch

    def counting(self: Telling, *arguments: object) -> tuple[list[Reading], list[Claim]]:
        read.append(self.story.id)
        return stretch(self, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Telling, "stretch", counting)
    return read


def both(first: Document, second: Document) -> tuple[Pages, Pages]:
    """The second page read after the first, and by itself."""
    told = Retelling()
    read_page(first, told_before=told)
    return read_page(second, told_before=told), read_page(second)


@pytest.mark.parametrize("kind", ["text", "html"])
def test_a_story_is_told_again_in_its_place_on_the_page(kind: str, counted: list[str]) -> None:
    again, alone = both(page("a", STORY, kind), page("b", f"Menu\nShare\n{STORY}", kind))
    assert len([story for story in counted if story.endswith("-0")]) == 2  # on the first page, and alone
    assert again == alone
    assert [claim.value for claim in again.claims] == [9.0, 1200.0, 40.0]
    assert {claim.document for claim in again.claims} == {"b" * 64}
    if kind == "text":
        second = f"Menu\nShare\n{STORY}"
        assert all(second[claim.value_start : claim.value_end] == claim.value_text for claim in again.claims)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Oslo said so.\n\nIt paid 90 million crowns.", "Prague said so.\n\nIt paid 90 million crowns."),
        (f"Published: 3 June 2031\n\n{STORY}", f"Published: 3 June 2032\n\n{STORY}"),
        (f"{STORY}", f"{STORY} It sold 5 vans."),
        ("Maker | GWh\nAdatum | 9\nBoreal | 8", "Maker | MWh\nAdatum | 9\nBoreal | 8"),
    ],
    ids=["money of the page", "another day", "another end", "rows of tables"],
)
def test_a_story_on_another_page_is_read_anew_where_the_page_matters(first: str, second: str) -> None:
    again, alone = both(page("a", first), page("b", second))
    assert again == alone


def test_only_so_many_stories_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retelling, "MOST_STORIES", 2)
    told = Retelling()
    for key in "abc":
        told.keep(key, 0, [], [])
    story = Story("s", "d", None, 0, 1)  # type: ignore[arg-type]
    assert told.again("a", page("a", ""), story, 0) is None
    assert told.again("c", page("a", ""), story, 0) == ([], [])
