"""PDF to text: lines put together into paragraphs, headings marked, running heads and page numbers left out.

It runs in the process of ``extraction_worker.py``, which limits its time and memory; HTML is ``html_text.py``. Pictures
are not read: a scan without a layer of text shows none.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

MOST_PAGES = 2_000
LONGEST = 20_000_000  # characters of text of one file
_MARGIN = 0.12  # share of the height, at the top and the foot of a page, in which running heads stand
_LONGEST_HEAD = 100  # characters of a running head; a longer line is text, even where it recurs
_BROKEN = "\ufffe\u0002\u00ad"  # what stands for a hyphen that only the end of a line has put there
_BULLET = re.compile(r"[•▪■●◦–—\-*]\s|\(?\d{1,2}[.)]\s")


@dataclass(frozen=True, slots=True)
class Printed:
    """A line as it is printed: its text, where it begins and ends, its foot, and how tall its letters are."""

    text: str
    left: float
    right: float
    foot: float
    size: float
    page: int
    at_edge: bool


def extract(content: bytes) -> dict[str, Any]:
    """The text of a PDF, one paragraph a line, with the title and the day of its properties.

    Raises:
        ValueError: it is protected by a password, is no PDF, or has more pages than are read.
    """
    import pypdfium2

    try:
        file = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        words = "it is protected by a password" if "assword" in str(error) else "it is damaged, or no PDF"
        raise ValueError(words) from error
    if len(file) > MOST_PAGES:
        raise ValueError(f"it has {len(file):,} pages, more than the {MOST_PAGES:,} that are read")
    printed: list[Printed] = []
    letters = 0
    for number in range(len(file)):
        page = file[number]
        lines = _lines(page, number)
        page.close()
        printed += lines
        letters += sum(len(line.text) for line in lines)
        if letters > LONGEST:
            raise ValueError(f"it has more than {LONGEST:,} characters of text")
    known = file.get_metadata_dict()
    paragraphs = paragraphs_of(without_running_heads(printed, len(file)))
    heading = next((text[2:] for text in paragraphs[:12] if text.startswith("# ")), None)
    return {
        "text": "\n\n".join(paragraphs),
        "title": heading or " ".join(known.get("Title", "").split())[:300] or None,
        "publisher": None,
        "date": _day(known.get("CreationDate", "")),
        "url": None,
    }


def _day(written: str) -> str | None:
    found = re.match(r"(?:D:)?(\d{4})(\d{2})(\d{2})", written)
    return None if found is None else "-".join(found.groups())


def _lines(page: Any, number: int) -> list[Printed]:
    """The lines of a page in the order of the file, which is that of reading in all but odd cases."""
    sheet = page.get_textpage()
    count = sheet.count_chars()
    text = sheet.get_text_range() if count else ""
    height = page.get_height() or 1.0
    found: list[Printed] = []
    for match in re.finditer(r"[^\r\n]+", text):
        plain = match.group().replace("\x00", "").strip()
        if not plain or match.start() + len(match.group()) > count:
            continue
        first = match.start() + len(match.group()) - len(match.group().lstrip())
        last = min(match.start() + len(match.group().rstrip()), count) - 1
        sizes = [sheet.get_charbox(place, loose=True) for place in range(first, min(last, first + 12) + 1)]
        left, foot = sizes[0][0], min(box[1] for box in sizes)
        right = sheet.get_charbox(last)[2]
        size = max(box[3] - box[1] for box in sizes)
        edge = len(plain) <= _LONGEST_HEAD and not _MARGIN * height <= foot <= (1 - _MARGIN) * height
        found.append(Printed(plain, left, right, foot, size, number, edge))
    sheet.close()
    return found


def without_running_heads(printed: list[Printed], pages: int) -> list[Printed]:
    """The lines without those that stand at the edge of most pages, whatever number they bear.

    >>> def at_foot(page): return Printed(f"Page {page} of 3", 0, 50, 10, 8, page, True)
    >>> [line.text for line in without_running_heads([at_foot(1), at_foot(2), at_foot(3)], 3)]
    []
    """
    worn = {(re.sub(r"\d+", "0", line.text), line.page) for line in printed if line.at_edge}
    times = Counter(text for text, _ in worn)
    usual = {text for text, count in times.items() if count >= 3 or (count == 2 == pages)}
    return [
        line
        for line in printed
        if not (line.at_edge and (re.sub(r"\d+", "0", line.text) in usual or re.fullmatch(r"[\W\d]{1,6}", line.text)))
    ]


def paragraphs_of(printed: list[Printed]) -> list[str]:
    """The paragraphs that the lines make; a heading begins with # or ##, as in the other kinds of page."""
    if not printed:
        return []
    body = _usual_size(printed)
    widest = _widths(printed)
    pitch = median([a.foot - b.foot for a, b in pairwise(printed) if 0 < a.foot - b.foot < 3 * body] or [1.2 * body])
    groups: list[list[Printed]] = []
    for line in printed:
        before = groups[-1][-1] if groups else None
        if before is None or _begins(before, line, pitch, widest):
            groups.append([line])
        else:
            groups[-1].append(line)
    written: list[str] = []
    for group in groups:
        text = _joined([line.text for line in group])
        level = _heading(group, text, body)
        first = not any(other.startswith("# ") for other in written)
        written.append(f"{'#' if level and first else '##'} {text}" if level else text)
    return written


def _usual_size(printed: list[Printed]) -> float:
    sizes: Counter[float] = Counter()
    for line in printed:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _widths(printed: list[Printed]) -> dict[tuple[int, int], float]:
    """How far the lines reach that begin at about the same place of a page: the right edge of a column."""
    ends: dict[tuple[int, int], float] = {}
    for line in printed:
        column = (line.page, round(line.left / 40))
        ends[column] = max(ends.get(column, 0.0), line.right)
    return ends


def _begins(before: Printed, line: Printed, pitch: float, widest: dict[tuple[int, int], float]) -> bool:
    """Whether a line begins a paragraph: by a gap, another size, a bullet, or a line before that ends short."""
    if abs(line.size - before.size) > 0.12 * max(line.size, before.size) or _BULLET.match(line.text):
        return True
    end = widest.get((before.page, round(before.left / 40)), before.right)
    ended = before.text[-1] in '.!?:”"’)»。！？'
    short = before.right < before.left + 0.85 * (end - before.left)
    if line.page != before.page or line.foot > before.foot + 1:  # another page, or the head of the next column
        return ended or (line.text[0].isupper() and short)
    gap = before.foot - line.foot
    if gap < 0.5 * line.size:  # on the same line: cells of a table
        return False
    return gap > 1.3 * max(pitch, 1.05 * line.size) or (ended and short) or (short and line.text[0].isupper() and ended)


def _joined(lines: list[str]) -> str:
    """Lines as one text: a hyphen that the end of a line put into a word goes, one of the word's own stays."""
    text = lines[0]
    for line in lines[1:]:
        if text[-1] in _BROKEN:
            text = text[:-1] + line
        elif text[-1] == "-" and text[-2:-1].isalpha() and line[:1].isalpha():
            text += line
        else:
            text += " " + line
    for mark in _BROKEN:
        text = text.replace(mark, "")
    return " ".join(text.split())


def _heading(group: list[Printed], text: str, body: float) -> bool:
    taller = group[0].size > 1.12 * body
    return taller and len(text) <= 250 and len(group) <= 4 and text[-1] not in ".,;" and any(map(str.isalpha, text))
