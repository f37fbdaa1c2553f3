"""A study's figures as an Excel book, a row each, and the way back: texts that were changed in the book.

The sheet ``figures`` has the path of each figure, its text as the study writes it, and what it is. Back come the texts
alone: what differs from the study is put where it stands, and comments stay; a number that was changed beside its text
is refused. No formula is evaluated: a cell with one is refused, as are books that unpack to more than they should
(``prices/excel_file.py``).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from cell2grid.errors import PriceError, StudyError
from cell2grid.evidence.exports.sheets import Kind, Sheet
from cell2grid.prices.excel_file import sheet_of, workbook
from cell2grid.prices.found import opened_size
from cell2grid.run.exchange.run_book import sources_sheet, write_sheets
from cell2grid.study.loader import LoadedStudy, parse_study
from cell2grid.study.model import Study
from cell2grid.study.quantity import Quantity, figures
from cell2grid.study.refusals import dotted, near, schema_at
from cell2grid.study.yaml_tree import KeyPath

FIGURES = "figures"
COLUMNS = {
    "path": Kind.TEXT,
    "text": Kind.TEXT,
    "unit": Kind.TEXT,
    "low": Kind.NUMBER,
    "middle": Kind.NUMBER,
    "high": Kind.NUMBER,
    "sources": Kind.TEXT,
    "what it is": Kind.TEXT,
}
MOST_FIGURES = 100_000
MOST_COLUMNS = 20
LONGEST = 2_000
MOST_PACKED = 20_000_000


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that a book changes: where it stands in the study, its texts, and the cell of the book."""

    path: KeyPath
    before: str
    after: str
    cell: str


def figures_sheets(loaded: LoadedStudy) -> list[Sheet]:
    """The figures that stand in the study's file, and the documents that they cite."""
    tree = loaded.study.model_dump(by_alias=True, exclude_none=True)
    own = {path: figure for path, figure in figures(loaded.study) if path in loaded.tree.marks}
    rows = [_row(tree, path, figure) for path, figure in own.items()]
    return [Sheet(FIGURES, COLUMNS, rows), sources_sheet(loaded.study)]


def _row(tree: Mapping[str, Any], path: KeyPath, figure: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    schema = schema_at(Study, path, tree)
    row |= {"path": dotted(path), "text": str(figure), "sources": "; ".join(map(str, figure.sources))}
    row["what it is"] = " ".join(str(schema.get("description", "")).split())
    return row | _numbers(figure)


def _numbers(figure: Any) -> dict[str, Any]:
    """What a figure's text says in numbers, with their unit; nothing of a day, or of what is not filled in."""
    if not isinstance(figure, Quantity) or figure.unfilled:
        return {}
    magnitude = figure.magnitude
    return {"unit": figure.unit, "low": magnitude.low, "middle": magnitude.mode, "high": magnitude.high}


def write_figures_book(loaded: LoadedStudy, place: Path) -> int:
    """How many rows were written; raises as ``run_book.write_run_book`` does."""
    return write_sheets(figures_sheets(loaded), place)


def changes_in(book: Path, loaded: LoadedStudy) -> tuple[Change, ...]:
    """The figures whose text in the book is another than in the study, in the order of the book.

    Raises
    ------
    StudyError
        The book cannot be read or is too large; it has no such sheet or columns; a path is unknown or comes twice, a
        text is a formula, a number, empty, or no figure. The message names sheet and cell.
    """
    known = {dotted(path): (path, figure) for path, figure in figures(loaded.study) if path in loaded.tree.marks}
    found: list[Change] = []
    seen: dict[str, str] = {}
    for row in _read(book):
        cell, where = row.cells["text"], f"{book}: sheet '{FIGURES}', cell {row.cells['text']}"
        if row.path not in known:
            raise StudyError(
                f"there is no figure '{row.path[:80]}' in the study; {_near(row.path, known)}", where=where
            )
        if row.path in seen:
            raise StudyError(f"'{row.path}' stands in {seen[row.path]} already; keep one of the two rows", where=where)
        seen[row.path] = cell
        place, figure = known[row.path]
        text, before = _text(row, str(figure), where), str(figure)
        if text != " ".join(before.split()):
            _check_place(loaded, place, text, where)
            found.append(Change(place, before, text, cell))
        else:
            _check_others(book, row, _numbers(figure))
    return tuple(found)


def _text(row: _Read, before: str, where: str) -> str:
    """The text of a row on one line.

    Raises
    ------
    StudyError
        It is no text, too long or empty.
    """
    text = row.values["text"]
    if not isinstance(text, str) or not text.strip():
        shown = "nothing (of merged cells the first alone has a text)" if text is None else repr(str(text)[:40])
        raise StudyError(
            f"'{row.path[:80]}' is {shown}, expected text with its unit and source, as the study has it: '{before}'",
            where=where,
        )
    if len(text) > LONGEST:
        raise StudyError(f"has more than {LONGEST:,} characters, the most that is read; shorten the text", where=where)
    return " ".join(text.split())


def _check_others(book: Path, row: _Read, written: Mapping[str, Any]) -> None:
    """Refuse another number or unit beside a text that says what it said: only texts come back."""
    for name, known in written.items():
        value = row.values.get(name)
        same = value is None or value == known or str(value).strip() == str(known)
        if isinstance(value, (int, float)) and isinstance(known, (int, float)):
            same = math.isclose(value, known, rel_tol=1e-9)
        if not same:
            raise StudyError(
                f"'{name}' of '{row.path}' is {str(value)[:40]}, and its text says {known}; only texts come back: write"
                f" it into the text, {row.cells['text']}",
                where=f"{book}: sheet '{FIGURES}', cell {row.cells[name]}",
            )


def _near(path: str, known: Mapping[str, Any]) -> str:
    start = path.rpartition(".")[0]
    around = [name for name in known if start and name.startswith(start)] or list(known)
    return near(path, around[:2000], what="figures")


def _check_place(loaded: LoadedStudy, path: KeyPath, text: str, where: str) -> None:
    """Refuse a text that is no figure of its place, or that would stand in several places at once."""
    kind = type(dict(figures(loaded.study))[path])
    try:
        kind.model_validate(text)
    except ValueError as error:
        said = str(error.errors()[0]["msg"]) if hasattr(error, "errors") else str(error)
        raise StudyError(said.removeprefix("Value error, "), where=where) from None
    if loaded.tree.marks[path].repeated:
        raise StudyError(f"'{dotted(path)}' stands in the study by an alias; write it out there first", where=where)


def changed_text(loaded: LoadedStudy, changes: tuple[Change, ...], book: Path) -> str:
    """The text of the study with the changed figures in their places; checked by all rules.

    Raises
    ------
    StudyError
        The changed study breaks a rule; the message names the cells that were changed.
    """
    text = loaded.text
    for change in sorted(changes, key=lambda change: loaded.tree.marks[change.path].start, reverse=True):
        mark = loaded.tree.marks[change.path]
        text = f"{text[: mark.start]}{json.dumps(change.after, ensure_ascii=False)}{text[mark.end :]}"
    try:
        parse_study(text, name=str(loaded.path), unfilled=True)
    except StudyError as error:
        cells = ", ".join(change.cell for change in changes[:12]) + (", …" if len(changes) > 12 else "")
        raise StudyError(
            f"the study with the texts of cells {cells} of {book}, sheet '{FIGURES}', cannot be: {error.message}",
            where=error.where,
        ) from None
    return text


class _Cell(NamedTuple):
    """What a cell holds, and whether it is a formula."""

    value: Any
    formula: bool


class _Read(NamedTuple):
    """A row that has a path: what its columns hold, and in which cells, by their headings."""

    path: str
    values: Mapping[str, Any]
    cells: Mapping[str, str]


def _read(book: Path) -> Iterator[_Read]:
    """The rows that have a path or a text.

    Raises
    ------
    StudyError
        The book or a cell cannot be read.
    """
    rows = _rows(book)
    names = ["" if cell.value is None else str(cell.value).strip() for cell in rows[0]] if rows else []
    for name in ("path", "text"):
        if names.count(name) != 1:
            raise StudyError(
                f"sheet '{FIGURES}' has {names.count(name)} columns '{name}' in its first row, expected one; write the"
                " book anew with cell2grid excel STUDY --out BOOK.xlsx",
                where=str(book),
            )
    if len(rows) > MOST_FIGURES + 1:
        raise StudyError(f"sheet '{FIGURES}' has more than {MOST_FIGURES:,} rows; cut it", where=str(book))
    places = {name: at for at, name in enumerate(names) if name in COLUMNS}
    for number, row in enumerate(rows[1:], start=2):
        found = _figure(book, row, number, places)
        if found is not None:
            yield found


def _rows(book: Path) -> list[list[_Cell]]:
    """The first columns of the sheet, formulas as such, texts no longer than may be read."""
    try:
        opened_size(book, MOST_PACKED)
        with workbook(book) as reader:
            # the formulas themselves, so that none passes for the value that some program stored with it
            reader.wb._data_only = False
            sheet = sheet_of(book, reader, FIGURES)
            with closing(sheet.iter_rows(min_row=1, max_row=MOST_FIGURES + 2, max_col=MOST_COLUMNS)) as rows:
                found = [[_Cell(_cut(cell.value), cell.data_type == "f") for cell in row] for row in rows]
    except PriceError as error:
        raise StudyError(error.message.replace(" or CSV", ""), where=error.where or str(book)) from None
    while found and all(cell.value is None for cell in found[-1]):
        found.pop()
    return found


def _cut(value: Any) -> Any:
    return value[: LONGEST + 1] if isinstance(value, str) else value


def _figure(book: Path, row: Sequence[_Cell], number: int, places: Mapping[str, int]) -> _Read | None:
    held = {name: row[at] if at < len(row) else _Cell(None, formula=False) for name, at in places.items()}
    names = {name: f"{chr(ord('A') + at)}{number}" for name, at in places.items()}
    for name in ("path", "text"):
        if held[name].formula:
            where = f"{book}: sheet '{FIGURES}', cell {names[name]}"
            raise StudyError("is a formula, and none is worked out here; write its value as text", where=where)
    path = held["path"].value
    if path is None and held["text"].value is None:
        return None
    if not isinstance(path, str) or not path.strip():
        where = f"{book}: sheet '{FIGURES}', cell {names['path']}"
        raise StudyError("has no path of a figure; leave the paths as they were written", where=where)
    return _Read(path.strip(), {name: cell.value for name, cell in held.items()}, names)
