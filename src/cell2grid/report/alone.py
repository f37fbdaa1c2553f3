"""Pages that stand alone: what they tell, the tables that their charts draw from, and the file they are written to.

A chart reads ``Shown``: the results of a run folder, or ``Tables`` where there is no run. What differs between the two,
names and caveats, is asked for here. The pages are ``dispatch_page.py`` and ``value_page.py``; that of a run folder is
``page.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from cell2grid.errors import InputError
from cell2grid.files import write_whole
from cell2grid.report.caveats import caveats
from cell2grid.report.marks import folded, panel_title, panels_of, stacked
from cell2grid.report.provenance import called, study_of
from cell2grid.results import Results

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Told:
    """A figure or an assumption of the page: its name, what it is in words, and what it means or rests on."""

    name: str
    text: str
    means: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Tables as a run folder has them (``cell2grid.results.TABLES``), without one.

    ``names`` are what readers call the projects; ``notes`` is what must be known before believing any of it, printed on
    every chart.
    """

    tables: Mapping[str, pd.DataFrame]
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()


Shown: TypeAlias = Results | Tables


def name_of(shown: Shown, project: str) -> str:
    """What readers call the project."""
    if isinstance(shown, Tables):
        return shown.names.get(project, project)
    return called(study_of(shown), project)


def notes_of(shown: Shown, project: str) -> tuple[str, ...]:
    """What must be known before believing the project's money."""
    return shown.notes if isinstance(shown, Tables) else caveats(shown, project)


def by_project(
    shown: Shown,
    frame: pd.DataFrame,
    width: int,
    panel: Callable[[pd.DataFrame, int], tuple[alt.TopLevelMixin, Sequence[str]]],
) -> alt.TopLevelMixin:
    """One panel for each project below the other, under its name, what ``panel`` says of it, and its notes."""
    panels = []
    for project, part, told in panels_of(frame, "project", [], width):
        picture, said = panel(part, width)
        lines = [line for note in (*said, *notes_of(shown, project)) for line in folded(note, width)]
        title = panel_title(folded(name_of(shown, project), width), [*lines, *told])
        panels.append(picture.properties(title=title))
    return stacked(panels)


def written(text: str, out: Path) -> Path:
    """The absolute path of the page that was written; it is written beside and renamed when whole.

    Raises
    ------
    InputError
        The page cannot be written.
    """
    try:
        return write_whole(Path(out), text)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}; name another file", where=str(out)) from None
