"""The briefs that ship: who is cited, in whose words, and what follows from reading them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cell2grid.evidence.briefs import briefs

BRIEFS = briefs()


def parts(page: Path) -> tuple[dict[str, str], str]:
    _, header, body = page.read_text(encoding="utf-8").split("---\n", 2)
    return {str(key): str(value) for key, value in yaml.safe_load(header).items()}, body


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"[^\W_]+(?:[.,]\d+)*", text.lower().replace("’", "'").replace("'s", ""))
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_there_are_five_of_them() -> None:
    assert len(BRIEFS) == 5
    assert list(BRIEFS) == sorted(BRIEFS)


@pytest.mark.parametrize("page", BRIEFS, ids=lambda page: page.stem)
def test_each_brief_cites_one_article_and_says_how_its_day_is_known(page: Path) -> None:
    header, body = parts(page)
    assert {"title", "publisher", "date", "dated"} <= header.keys()
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", header["date"])
    assert 4 <= len(re.findall(r"\.\s", body)) <= 8


@pytest.mark.parametrize("page", BRIEFS, ids=lambda page: page.stem)
def test_no_nine_words_in_a_row_are_those_of_an_article(page: Path, shared: Path) -> None:
    articles = [each.read_text(encoding="utf-8") for each in sorted((shared / "seeds").glob("*.txt"))]
    assert articles
    for article in articles:
        assert not runs(page.read_text(encoding="utf-8"), 9) & runs(article, 9)
