"""Rows of a table on a page (cells between bars or tabs), and what the headings make of each figure in them.

A figure in a cell has its unit from the cell or the heading, its measure from the heading or the label of its row, and
its period from whichever names one. All of that stands outside the row, so that it is inherited. Sentences are
``scene.py``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache

from cell2grid.evidence.claims.scene import Slots
from cell2grid.evidence.dates.date_expressions import date_expressions
from cell2grid.evidence.pages.sentences import Span
from cell2grid.evidence.quantities.lexer import lex
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import table

WIDEST = 24  # cells of a row that is read
LONGEST = 400  # characters of a row; a longer one is a line of text with bars in it
_RULE = re.compile(r"[\s|:=+\-–—]*")
_CELL = re.compile(r"[^|\t]*")
_PLAIN_NUMBER = re.compile(r"[-–−+]?\d[\d,.  ]*")


@dataclass(frozen=True, slots=True)
class Cell:
    """The trimmed text of a cell and where it begins in the row."""

    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of figures, where it stands in the page, and the headings of its columns."""

    span: Span
    cells: tuple[Cell, ...]
    headings: tuple[str, ...]

    @property
    def label(self) -> int:
        """The column that says what the row is about: the first, or the second where the first only counts."""
        first = self.headings[0].lower().strip()
        counts = first in table("table_headings")["rank"] or bool(_PLAIN_NUMBER.fullmatch(self.cells[0].text))
        return 1 if counts and len(self.cells) > 2 else 0


class Rows:
    """The rows of the tables of a page by place, and the beginnings of those that have been read."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows
        self._starts = [row.span.start for row in rows]
        self.read: set[int] = set()

    def at(self, place: int) -> Row | None:
        """The row around a place, or None."""
        index = bisect_right(self._starts, place) - 1
        return self._rows[index] if index >= 0 and place < self._rows[index].span.end else None

    def within(self, span: Span) -> bool:
        """Whether a part of a row stands in a stretch of the page."""
        first = bisect_right(self._starts, span.start)
        return self.at(span.start) is not None or (first < len(self._starts) and self._starts[first] < span.end)


def table_rows(text: str) -> list[Row]:
    """The rows of all tables of a page that have headings, in order; the first of each is that of the headings.

    >>> rows = table_rows("Maker | GWh\\nAlfa | 12\\nBeta | 9")
    >>> [(row.cells[0].text, row.headings) for row in rows]
    [('Maker', ('Maker', 'GWh')), ('Alfa', ('Maker', 'GWh')), ('Beta', ('Maker', 'GWh'))]
    """
    if "|" not in text and "\t" not in text:
        return []
    found: list[Row] = []
    block: list[tuple[Span, tuple[Cell, ...]]] = []
    for line in re.finditer(r"[^\r\n]*\S[^\r\n]*", text):
        cells = _cells(line.group()) if line.end() - line.start() <= LONGEST else ()
        if _RULE.fullmatch(line.group()) and block:
            continue
        if block and len(cells) != len(block[-1][1]):
            found += _of_block(block)
            block = []
        if 2 <= len(cells) <= WIDEST:
            block.append((Span(line.start(), line.end()), cells))
    return found + _of_block(block)


def _cells(line: str) -> tuple[Cell, ...]:
    """The cells of a line; bars at its two ends are its frame."""
    if "|" not in line and "\t" not in line:
        return ()
    framed = line.strip().startswith("|") and line.strip().endswith("|")
    cells = [
        Cell(part.group().strip(), part.start() + len(part.group()) - len(part.group().lstrip()))
        for part in _CELL.finditer(line)
        if part.end() > part.start() or part.start() == 0 or line[part.start() - 1] in "|\t"
    ]
    return tuple(cells[1:-1] if framed else cells)


def _of_block(block: list[tuple[Span, tuple[Cell, ...]]]) -> list[Row]:
    """The rows below the headings of a table; a table that has none, or one row only, is left as lines of text."""
    for index, (_, cells) in enumerate(block[:3]):
        named = [cell for cell in cells if cell.text]
        if len(named) >= max(2, len(cells) - 1) and not any(_is_figure(cell.text) for cell in cells[1:]):
            headings = tuple(cell.text for cell in cells)
            below = block[index:]
            return [Row(span, row, headings) for span, row in below] if len(below) > 1 else []
        if len(named) > 1:
            return []
    return []


def _is_figure(text: str) -> bool:
    if _PLAIN_NUMBER.fullmatch(text):
        return not re.fullmatch(r"(?:19|20)\d\d", text)
    return any(quantity.kind != "bare" and quantity.digits for quantity in lex(text).quantities)


def figures(row: Row) -> list[tuple[int, Quantity]]:
    """The quantities of a row with their columns; places count from the start of the row."""
    found: list[tuple[int, Quantity]] = []
    if tuple(cell.text for cell in row.cells) == row.headings:
        return found
    for column, cell in enumerate(row.cells):
        if column == row.label or not cell.text:
            continue
        own = [quantity for quantity in lex(cell.text).quantities if quantity.kind != "bare"]
        if not own and _PLAIN_NUMBER.fullmatch(cell.text):
            own = _with_unit(cell.text, row.headings[column]) or _with_unit(cell.text, row.cells[row.label].text)
            corner = re.findall(r"\(([^()]{1,40})\)", row.headings[row.label])
            own = own or (_with_unit(cell.text, corner[-1]) if corner else [])
        found += [(column, _moved(quantity, cell.start)) for quantity in own]
    return found


def _moved(quantity: Quantity, by: int) -> Quantity:
    return replace(
        quantity,
        start=quantity.start + by,
        end=quantity.end + by,
        number_start=quantity.number_start + by,
        number_end=quantity.number_end + by,
        degree_start=quantity.degree_start + by if quantity.degree_start >= 0 else -1,
    )


_MONEY_PER = re.compile(r"(?P<mark>[A-Z]{0,3}[$€£¥₹₩]|Rs\.?|[A-Z]{3})\s?(?P<rest>(?:/| per ).+|mn?|bn|tn)")


def _with_unit(number: str, heading: str) -> list[Quantity]:
    """A plain number with the unit that its heading gives: in brackets, behind a comma, or as a whole."""
    for part in (*re.findall(r"\(([^()]{1,40})\)", heading), *reversed(re.split(r",|\bin\b", heading)), heading):
        unit = part.strip()
        first, _, rest = unit.partition(" ")
        rest = re.sub(r"s$", "", rest)
        money: tuple[str, ...] = (f"{first}{number} {rest}", f"{number} {rest} {first}") if rest else ()
        priced = _MONEY_PER.fullmatch(unit)  # ₹/MW/month, US$m
        if priced is not None:
            money = (f"{priced.group('mark')}{number}{priced.group('rest')}", *money)
        for written in (*money, f"{number} {unit}", f"{unit}{number}"):
            read = lex(written).quantities
            if len(read) == 1 and read[0].kind not in {"bare", "ratio"} and re.search(r"\d", written[read[0].start :]):
                return [replace(read[0], start=0, end=len(number), number_start=0, number_end=len(number))]
    return []


def slots_of(row: Row, column: int, quantity: Quantity) -> Slots | None:
    """What the headings make of a figure; None where they name no measure that its unit fits."""
    heading, label = row.headings[column], row.cells[row.label].text
    by_heading, by_label = _measure(quantity.kind, heading), _measure(quantity.kind, label)
    measure = by_heading or by_label or _unasked(quantity.kind)
    if measure is None:
        return None
    names_itself = by_label is not None or bool(date_expressions(label)) or not label
    subject = None if names_itself else label
    if subject is None and by_heading is None and not date_expressions(heading) and heading[:1].isupper():
        subject = None if _measure("percent", heading) or _PLAIN_NUMBER.fullmatch(heading) else heading
    return Slots(measure, subject=subject, inherited=("measure",))


def dated_cells(row: Row, column: int) -> tuple[str, ...]:
    """Where the period of a figure may stand: its heading, its label, then the only heading with a date."""
    dated = [heading for heading in row.headings if date_expressions(heading)]
    return (row.headings[column], row.cells[row.label].text, *(dated if len(dated) == 1 else ()))


@cache
def _calls(kind: str) -> tuple[tuple[str, re.Pattern[str] | None], ...]:
    return tuple((row["measure"], _begins(row["words"])) for row in table("table_headings").get(kind, []))


def _begins(words: list[str]) -> re.Pattern[str] | None:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})", re.I) if words else None


def _measure(kind: str, words: str) -> str | None:
    return next((measure for measure, calls in _calls(kind) if calls is not None and calls.search(words)), None)


def _unasked(kind: str) -> str | None:
    return next((measure for measure, calls in _calls(kind) if calls is None), None)
