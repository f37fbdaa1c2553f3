"""A small study that holds every part once, and a way to break one thing in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cell2grid.errors import StudyError
from cell2grid.study.loader import parse_study

Refused = Callable[..., str]


@pytest.fixture(scope="session")
def small_text() -> str:
    return (Path(__file__).parent / "small_study.yaml").read_text(encoding="utf-8")


@pytest.fixture
def refused(small_text: str) -> Refused:
    """The message with which the small study is refused once ``old`` is ``new``; the line is checked to be theirs."""

    def message(old: str, new: str, *, at: str | None = None) -> str:
        assert small_text.count(old) == 1, f"{old!r} is {small_text.count(old)} times in the small study"
        text = small_text.replace(old, new)
        with pytest.raises(StudyError) as caught:
            parse_study(text, name="small.yaml")
        said = str(caught.value)
        if at is not None:
            offset = text.index(at)
            line, column = text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
            assert said.startswith(f"small.yaml:{line}:{column}: "), said
        assert caught.value.exit_status == 2
        return said

    return message
