"""A run folder as an Excel book: a sheet that says what is where, one with its sources, and a sheet for each table.

Numbers are numbers and text is text, so that nothing in it runs as a formula. A study's figures as a book, and the way
back, are ``figures_book.py``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cell2grid.errors import InputError
from cell2grid.evidence.exports.sheets import Kind, Sheet
from cell2grid.evidence.exports.spreadsheet import MOST_ROWS, write_book
from cell2grid.files import made_whole
from cell2grid.study.model import Study

if TYPE_CHECKING:
    import pandas as pd

    from cell2grid.results import Results

CONTENTS, SOURCES, NOTES = "contents", "sources", "notes"


def check_book(place: Path) -> None:
    """Refuse a name that does not end in .xlsx.

    Raises
    ------
    InputError
        It ends otherwise.
    """
    if place.suffix.lower() != ".xlsx":
        raise InputError(f"ends in '{place.suffix}'; name a file that ends in .xlsx", where=str(place))


def run_sheets(results: Results) -> list[Sheet]:
    """What is where, what holds of the run, the sources of its study, and its tables that have rows."""
    tables = {name: frame for name, frame in results.tables.items() if len(frame)}
    for name, frame in tables.items():
        if len(frame) >= MOST_ROWS:
            raise InputError(f"table '{name}' has {len(frame):,} rows, and a sheet of Excel {MOST_ROWS - 1:,}")
    study = Study.model_validate_json(results.study_json)
    rows = [{"sheet": name, "rows": len(frame), "holds": _holds(frame)} for name, frame in tables.items()]
    columns = {"sheet": Kind.TEXT, "rows": Kind.INTEGER, "holds": Kind.TEXT}
    return [
        Sheet(CONTENTS, columns, [*_about(results), *rows]),
        Sheet(NOTES, {"note": Kind.TEXT}, [{"note": str(note)} for note in results.manifest.get("notes", ())]),
        sources_sheet(study),
        *(_table(name, frame) for name, frame in tables.items()),
    ]


def write_run_book(results: Results, place: Path) -> int:
    """How many rows were written, below a row of headings on each sheet.

    Raises
    ------
    InputError
        The place does not end in .xlsx or cannot be written; a table has more rows than a sheet.
    """
    return write_sheets(run_sheets(results), place)


def write_sheets(sheets: list[Sheet], place: Path) -> int:
    """How many rows were written of sheets into one book; raises as ``write_run_book`` does."""
    check_book(place)
    try:
        with made_whole(place) as partial, partial.open("wb") as stream:
            return write_book(sheets, stream)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}; name another file", where=str(place)) from None


def sources_sheet(study: Study) -> Sheet:
    """The documents that figures cite, a row each by their key."""
    fields = ("title", "publisher", "date", "url", "note")
    rows = [{"key": key, **{name: getattr(source, name) for name in fields}} for key, source in study.sources.items()]
    return Sheet(SOURCES, dict.fromkeys(("key", *fields), Kind.TEXT), rows)


def _about(results: Results) -> Iterator[dict[str, Any]]:
    manifest = results.manifest
    said = {key: manifest.get(key) for key in ("study", "members", "seed", "cell2grid")}
    said["variant"] = (manifest.get("variant") or {}).get("name")
    words = ", ".join(f"{key} {value}" for key, value in said.items() if value is not None)
    yield {"sheet": CONTENTS, "rows": None, "holds": f"a run of cell2grid: {words}"}
    yield {"sheet": NOTES, "rows": len(manifest.get("notes", ())), "holds": "what holds of the results, in words"}
    yield {"sheet": SOURCES, "rows": None, "holds": "the documents that the study's figures cite"}


def _holds(frame: pd.DataFrame) -> str:
    """What a table is of, and in which units."""
    said = []
    if "variable" in frame:
        said.append(f"variables: {', '.join(dict.fromkeys(map(str, frame['variable'])))}")
    for column in ("unit", "currency"):
        if column in frame:
            units = [str(unit) for unit in dict.fromkeys(frame[column]) if unit is not None]
            said.append(f"{'units' if column == 'unit' else 'money'}: {', '.join(units) or 'none'}")
    return "; ".join(said) or f"columns: {', '.join(map(str, frame.columns))}"


def _table(name: str, frame: pd.DataFrame) -> Sheet:
    kinds = {str(column): _KINDS.get(frame[column].dtype.kind, Kind.TEXT) for column in frame.columns}
    return Sheet(name, kinds, _Records(frame))


_KINDS = {"f": Kind.NUMBER, "i": Kind.INTEGER, "u": Kind.INTEGER, "b": Kind.TEXT}


class _Records:
    """The rows of a table, as often as they are asked for; what is missing or not finite is None."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def __iter__(self) -> Iterator[dict[str, Any]]:
        names = [str(column) for column in self._frame.columns]
        for row in self._frame.itertuples(index=False, name=None):
            yield {name: _plain(value) for name, value in zip(names, row, strict=True)}


def _plain(value: Any) -> Any:
    """A value of Python; booleans are words, for a cell of a column of text."""
    found = value.item() if hasattr(value, "item") else value
    if isinstance(found, bool):
        return "yes" if found else "no"
    if found is None or (isinstance(found, float) and not math.isfinite(found)):
        return None
    return found if isinstance(found, (int, float, str)) else str(found)
