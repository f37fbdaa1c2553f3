"""The sentences of a stretch of text, each with its exact place in the document.

A line break inside a sentence (text wrapped at a column) does not end it; a blank line, a list mark or a heading
does. What a sentence holds is read by ``lexer.py``, ``mentions.py`` and ``date_expressions.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cell2grid.evidence.vocabulary import word_list

LONGEST = 3000  # characters; a longer run without an end is cut at a blank, so that no pattern meets a 50 MB line

WIDEST = 130  # characters of a line that may have been wrapped at a column
_LEADS_ON = word_list("prepositions") | word_list("determiners")
_ABBREVIATIONS = word_list("abbreviations")
_END = re.compile(r"[.!?…]+[\"'”’)\]»]*(?=\s|$)|[。！？]+[”’）」]*")
_PARAGRAPH = re.compile(r"\r?\n[ \t\u00a0]*(?:\r?\n\s*)+|\r\n?|\n")
_LIST_MARK = re.compile(r"[ \t]*(?:[-*•·▪–]|\d{1,2}[.)]|#{1,6}|>|\|)[ \t]+|[ \t]*[|•]")
_STARTS_LOWER = re.compile(r"\s*[a-z(,;%&/]|\s*[A-Z0-9“\"‘']")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document, end excluded."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences between two places of a text, trimmed of blanks, in order.

    >>> page = "It has 3.9 MWh. Tesla Inc. said so in the U.S. on Feb. 6."
    >>> [page[s.start : s.end] for s in sentences(page)]
    ['It has 3.9 MWh.', 'Tesla Inc. said so in the U.S. on Feb. 6.']
    """
    found: list[Span] = []
    for paragraph in paragraphs(text, start, len(text) if end is None else end):
        found += _of_paragraph(text, paragraph)
    return found


def paragraphs(text: str, start: int, end: int) -> list[Span]:
    """The paragraphs between two places: lines, joined where a sentence runs on into the next line."""
    found: list[Span] = []
    first = start
    for mark in _PARAGRAPH.finditer(text, start, end):
        if _runs_on(text, first, mark, end):
            continue
        found.append(Span(first, mark.start()))
        first = mark.end()
    found.append(Span(first, end))
    return [trimmed for span in found if (trimmed := _trimmed(text, span)) is not None]


def _runs_on(text: str, first: int, mark: re.Match[str], end: int) -> bool:
    if mark.group().count("\n") > 1 or _LIST_MARK.match(text, mark.end(), end):
        return False
    line_start = max(text.rfind("\n", first, mark.start()), text.rfind("\r", first, mark.start())) + 1
    line = text[max(first, line_start) : mark.start()].rstrip()
    if not line or line.lstrip().startswith("#"):
        return False
    following = text[mark.end() : mark.end() + 2]
    if following[:1].islower() and line[-1] not in '.!?:;”"':
        return True
    if line.split()[-1].lower() in _LEADS_ON and not following[:1].isspace():
        return True
    next_end = text.find("\n", mark.end(), end)
    next_line = text[mark.end() : next_end if next_end >= 0 else end]
    wrapped = 55 <= len(line) <= WIDEST and line[-1] not in ".!?:…。" and len(next_line) <= WIDEST
    return wrapped and bool(_STARTS_LOWER.match(following)) and " " in next_line.strip() and _ends_open(line)


def _ends_open(line: str) -> bool:
    """Whether a line of wrapped text stops in the middle of a sentence: it holds running words, not a headline."""
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    return small >= max(3, 0.6 * len(words))


def _of_paragraph(text: str, paragraph: Span) -> list[Span]:
    found: list[Span] = []
    first = paragraph.start
    heading = re.compile(r"#{1,6}[ \t]+").match(text, first, paragraph.end)
    first = heading.end() if heading else first
    for mark in _END.finditer(text, first, paragraph.end):
        if not _ends_sentence(text, first, mark, paragraph.end):
            continue
        found += _cut(text, Span(first, mark.end()))
        first = mark.end()
    found += _cut(text, Span(first, paragraph.end))
    return found


def _ends_sentence(text: str, first: int, mark: re.Match[str], end: int) -> bool:
    if not mark.group().startswith(".") or mark.group().startswith(".."):
        return True
    rest = text[mark.end() : min(end, mark.end() + 40)].lstrip()
    if not rest:
        return True
    word = re.search(r"[\w.'’&-]*$", text[max(first, mark.start() - 20) : mark.start()])
    before = word.group().lower().lstrip("(\"'“‘") if word else ""
    if rest[0].islower() or rest[0] in ",;:)%":
        return False
    if before in {"no", "nos", "nr", "fig"} and not rest[0].isdigit():
        return True
    if before in {"co", "inc", "ltd", "corp", "plc", "llc", "u.s", "u.k", "a.m", "p.m", "etc", "s.a", "e.u"}:
        return _new_subject(text[first : mark.start()], before, rest) or bool(
            re.match(
                r"(?:The|It|In|This|That|He|She|They|We|A|An|But|And|Its|For|On|At|By|As|If|Under|With"
                r"|Both|Two|Three|Production|Construction|Earlier|Last|However|Meanwhile|Separately)\s",
                rest,
            )
        )
    if re.fullmatch(r"(?:[a-z]\.)*[a-z]", before):
        return False
    return before not in _ABBREVIATIONS


_FIRM_FORMS = {"co", "inc", "ltd", "corp", "plc", "llc"}
_NEW_SUBJECT = re.compile(
    r"(?P<first>[A-Z][\w&’'-]+)(?:\s[A-Z][\w&’'-]+){0,3}\s(?:will|would|has|had|is|was|said|says|owns?|holds?|plans?)\s"
)
_TITLES = word_list("titles")


def _new_subject(said: str, form: str, rest: str) -> bool:
    """Whether a legal form ends a sentence: running words stand before it, and a name with its verb behind it."""
    found = _NEW_SUBJECT.match(rest) if form in _FIRM_FORMS else None
    running = sum(word.islower() for word in said.split()) >= 1 and len(said.split()) >= 5
    return found is not None and running and found.group("first").lower() not in _TITLES


def _cut(text: str, span: Span) -> list[Span]:
    """The span, trimmed, in pieces that no pattern chokes on."""
    pieces: list[Span] = []
    start, end = span.start, span.end
    while end - start > LONGEST:
        blank = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = blank if blank > 0 else start + LONGEST
        pieces.append(Span(start, stop))
        start = stop
    pieces.append(Span(start, end))
    return [trimmed for piece in pieces if (trimmed := _trimmed(text, piece)) is not None]


def _trimmed(text: str, span: Span) -> Span | None:
    start, end = span.start, span.end
    while start < end and (text[start].isspace() or text[start] in "\ufeff\u200b"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None
