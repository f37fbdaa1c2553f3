"""A sheet as an Excel workbook in which nothing is a formula: text is typed as text, numbers and days as such.

The heading stays in sight, and rows are written as they come, so a long sheet needs no more memory than a short one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import IO, Any

from cell2grid.errors import EvidenceError
from cell2grid.evidence.exports.delimited import guarded, shown
from cell2grid.evidence.exports.sheets import Kind, Sheet

MOST_ROWS = 1_048_576  # of a sheet, in Excel since 2007; the heading is one of them
LONGEST_TEXT = 32_767  # of a cell, in units of UTF-16
_FIRST_DAY = date(1900, 3, 1)  # Excel has a day in February 1900 that never was
_CUT = " … (cut)"
_WIDTHS = {"quote": 80, "document": 30, "title": 40, "subject": 26, "object": 26, "url": 30, "id": 18, "story": 18}
_KIND_WIDTHS = {Kind.TEXT: 14, Kind.NUMBER: 14, Kind.INTEGER: 10, Kind.DAY: 12, Kind.TIME: 20}
_FORMATS = {Kind.DAY: "yyyy-mm-dd", Kind.TIME: "yyyy-mm-dd hh:mm:ss"}


def write_xlsx(sheet: Sheet, stream: IO[bytes]) -> int:
    """How many rows were written, below one of headings.

    Raises
    ------
    EvidenceError
        There are more rows than Excel has.
    """
    return write_book([sheet], stream)


def write_book(sheets: Iterable[Sheet], stream: IO[bytes]) -> int:
    """How many rows were written of all the sheets of one book, below a row of headings each.

    Raises
    ------
    EvidenceError
        A sheet has more rows than Excel has.
    """
    from openpyxl import Workbook  # type: ignore[import-untyped]

    book, count = Workbook(write_only=True), 0
    try:
        for sheet in sheets:
            count += _write(book, sheet)
        book.save(stream)
    except BaseException:
        for grid in book.worksheets:
            if not grid.closed:
                grid.close()
        raise
    return count


def _write(book: Any, sheet: Sheet) -> int:
    from openpyxl.styles import Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

    grid = book.create_sheet(sheet.name)
    grid.freeze_panes = "A2"
    for number, (name, kind) in enumerate(sheet.columns.items(), start=1):
        grid.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _KIND_WIDTHS[kind])
    heading = [_text(grid, name) for name in sheet.columns]
    for cell in heading:
        cell.font = Font(bold=True)
    grid.append(heading)
    count = 0
    for cells in _rows(grid, sheet):
        grid.append(cells)
        count += 1
    grid.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{count + 1}"
    return count


def _rows(grid: Any, sheet: Sheet) -> Iterator[list[Any]]:
    kinds = tuple(sheet.columns.values())
    for number, row in enumerate(sheet.rows(), start=2):
        if number > MOST_ROWS:
            raise EvidenceError(too_many(sheet.name))
        yield [_cell(grid, value, kind) for value, kind in zip(row, kinds, strict=True)]


def too_many(what: str) -> str:
    """What is said where a sheet would be longer than Excel allows."""
    most = f"{MOST_ROWS - 1:,} {what} below the heading"
    return f"an Excel sheet holds at most {most}, and there are more; filter, give --limit, or write .csv or .parquet"


def _cell(grid: Any, value: Any, kind: Kind) -> Any:
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]

    if value is None or value == "":
        return None
    if isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        value = value.isoformat() if day < _FIRST_DAY else value
    if isinstance(value, str):
        return _text(grid, value)
    # a cell of its own for numbers too: a bare value would get the looks of the cell before it
    cell = WriteOnlyCell(grid, value=value)
    if isinstance(value, date):
        cell.number_format = _FORMATS[kind]
    return cell


def _text(grid: Any, text: str) -> Any:
    """A cell of text; what begins like a formula is marked to stay text when it is edited, too."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(grid)
    words = _cut(shown(text))
    cell.value = words
    cell.data_type = "s"
    if guarded(words) != words:
        cell.quotePrefix = True
    return cell


def _cut(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    return units[: 2 * (LONGEST_TEXT - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
