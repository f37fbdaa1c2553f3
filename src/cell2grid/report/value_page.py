"""The page of a valuation, a size search, what a region gains or what cells cost: one HTML file without a script.

It shows the tables that it is given with the charts of a run's report (``charts``), each chart where its table has
rows. Tables and figures come from ``cell2grid.run``; the page of one schedule is ``dispatch_page.py``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from cell2grid.errors import EngineError
from cell2grid.report import sections
from cell2grid.report.alone import Tables, Told, written
from cell2grid.report.page import drawn_up
from cell2grid.results import TABLES
from cell2grid.version import __version__

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["value", "size", "adequacy", "owners", "cost", "line", "ramp", "compare", "market"]
_DEKS: Mapping[Kind, str] = MappingProxyType(
    {
        "value": "What a storage project is worth over its life, and what that rests on.",
        "size": "What a storage project is worth at each size, and which size is worth most.",
        "adequacy": "What a storage project does for the load of a region.",
        "owners": "Who owns, controls and supplies whom, and what of the plants is whose.",
        "line": "How fast a production line runs, station by station, and which one holds it back.",
        "cost": "What cells and packs cost to make, and what that rests on.",
        "market": "Who sells what where at which price, and who could sell at which cost.",
        "compare": "What one part of a study does to all others, with it and without it.",
        "ramp": "How a plant came up to what it can make, by what was counted, and what the counts cannot tell.",
    }
)
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def write_worth_page(
    tables: Mapping[str, pd.DataFrame],
    out: Path,
    *,
    kind: Kind,
    name: str,
    figures: Sequence[Told] = (),
    findings: Sequence[str] = (),
    assumptions: Sequence[Told] = (),
    notes: Sequence[str] = (),
    caveats: Sequence[str] = (),
    names: Mapping[str, str] = _NO_NAMES,
    method: str = "",
) -> Path:
    """The absolute path of the page that was written; it is written beside and renamed when whole.

    Parameters
    ----------
    tables
        Tables of ``cell2grid.results.TABLES`` by name, those that there are; each chart is drawn whose tables have
        rows.
    kind
        The command whose page it is.
    name
        What was valued on what prices; the title.
    figures
        The headline figures, in their order: name, number with unit and range, and what it means.
    findings
        Sentences on what came out.
    assumptions
        All that it rests on: the path of each figure, the figure as written, and the words of its source.
    notes
        What a reader must know before believing it, sentence by sentence.
    caveats
        What is not real about it, as that prices are made up; at the top, and on every chart of a project.
    names
        What readers call the projects, where that is not how the tables call them.
    method
        How it was reckoned.

    Raises
    ------
    EngineError
        A table is not known or lacks a column.
    InputError
        The page cannot be written.
    """
    text = html(
        tables, kind=kind, name=name, figures=figures, findings=findings, assumptions=assumptions, notes=notes,
        caveats=caveats, names=names, method=method,
    )  # fmt: skip
    return written(text, out)


def html(
    tables: Mapping[str, pd.DataFrame],
    *,
    kind: Kind,
    name: str,
    figures: Sequence[Told] = (),
    findings: Sequence[str] = (),
    assumptions: Sequence[Told] = (),
    notes: Sequence[str] = (),
    caveats: Sequence[str] = (),
    names: Mapping[str, str] = _NO_NAMES,
    method: str = "",
) -> str:
    """The page as text; parameters as ``write_worth_page``."""
    _check(tables)
    shown = Tables(tables, names, tuple(caveats))
    drawing = {section: sections.pictures(shown, section, kind) for section in sections.SECTIONS}
    return drawn_up(
        "worth.html",
        title=name,
        version=__version__,
        kind=kind,
        dek=_DEKS[kind],
        notes=tuple(caveats),
        told=tuple(notes),
        findings=tuple(findings),
        figures=tuple(figures),
        pictures={section: finished() for section, finished in drawing.items()},
        sections=sections.SECTIONS,
        assumptions=tuple(assumptions),
        method=method,
    )


def _check(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse tables that no chart could read."""
    for table, frame in tables.items():
        if table not in TABLES:
            raise EngineError(f"table '{table}' is not one of {', '.join(TABLES)}")
        lacking = [column for column in TABLES[table] if column not in frame]
        if lacking:
            raise EngineError(
                f"table '{table}' lacks the column '{lacking[0]}', it has {list(map(str, frame.columns))}"
            )
