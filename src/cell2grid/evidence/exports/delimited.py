"""A sheet as CSV that no spreadsheet takes for anything but text and numbers.

A cell of text that would begin a formula gets an apostrophe in front, as ``guarded`` says; ``unguarded`` takes it off.
Numbers stay numbers, also negative ones.
"""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from typing import Any, TextIO

from cell2grid.evidence.exports.sheets import Sheet

# also behind spaces and signs that are not seen, in the wide forms of East Asian keyboards, and behind an apostrophe
_BEGINS_A_FORMULA = re.compile(r"['\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠\t\r]")
# what XML and terminals forbid or obey; a line end stays
_NOT_SHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def guarded(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would take it for a formula.

    >>> guarded("=1+1"), guarded(" -5 %"), guarded("5 %")
    ("'=1+1", "' -5 %", '5 %')
    """
    return f"'{text}" if _BEGINS_A_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that ``guarded`` was given."""
    return text[1:] if text.startswith("'") and _BEGINS_A_FORMULA.match(text[1:]) else text


def shown(text: str) -> str:
    """The text with a mark for each character that cannot be shown, and one kind of line end.

    >>> shown("red\\x1b[31m\\r\\nblack")
    'red�[31m\\nblack'
    """
    return _NOT_SHOWN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_csv(sheet: Sheet, stream: TextIO) -> int:
    """How many rows were written, below one of headings."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(sheet.columns)
    count = 0
    for row in sheet.rows():
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return guarded(shown(value))
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return value.isoformat() if isinstance(value, date) else value
