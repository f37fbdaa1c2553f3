"""The five briefs that ship: each restates the facts of one public article in our words and names it in its header."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def briefs() -> tuple[Path, ...]:
    """The pages of the briefs, sorted by name; they are read like any other page.

    >>> len(briefs())
    5
    """
    folder = Path(str(resources.files("cell2grid.evidence.briefs")))
    return tuple(sorted(folder.glob("*.md")))
