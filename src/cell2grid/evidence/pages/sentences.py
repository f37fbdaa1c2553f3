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
# each begins with one letter of a few, which a search skips to; and nothing is given back once taken, so that a line of
# fifty million full stops takes one look at each
_END = re.compile(
    r"[.!?…。！？](?:(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+[\"'”’)\]»]*+(?=\s|$)|(?<=[。！？])[。！？]*+[”’）」]*+)"
)
_HEADING = re.compile(r"#{1,6}[ \t]+")
_PARAGRAPH = re.compile(
    r"\n[ \t\u00a0]*(?:\r?\n\s*)+|\r\n[ \t\u00a0]*(?:\r?\n\s*)+|\r\n?|\n",
)
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
        _add_sentences(found, text, paragraph.start, paragraph.end)
    return found


def paragraphs(text: str, start: int, end: int) -> list[Span]:
    """The paragraphs between two places: lines, joined where a sentence runs on into the next line."""
    found: list[Span] = []
    first = line = start
    for mark in _PARAGRAPH.finditer(text, start, end):
        if not _runs_on(text, line, mark, end):
            _add_trimmed(found, text, first, mark.start())
            first = mark.end()
        line = mark.end()
    _add_trimmed(found, text, first, end)
    return found


def _runs_on(text: str, line_start: int, mark: re.Match[str], end: int) -> bool:
    """Whether the sentence of a line goes on in the next one."""
    line = text[line_start : mark.start()].rstrip()
    if not line or line[-1] in ".!?:" or mark.group().count("\n") > 1 or line.lstrip().startswith("#"):
        return False
    following = text[mark.end() : mark.end() + 2]
    open_ended = following[:1].islower() and line[-1] not in ';”"'
    leads_on = line.rsplit(None, 1)[-1].lower() in _LEADS_ON and not following[:1].isspace()
    if not (open_ended or leads_on or _is_wrapped(text, line, mark.end(), end)):
        return False
    return _LIST_MARK.match(text, mark.end(), end) is None


def _is_wrapped(text: str, line: str, place: int, end: int) -> bool:
    """Whether a line stops at the width of a column in the middle of a sentence."""
    if not 55 <= len(line) <= WIDEST or line[-1] in "…。":
        return False
    next_end = text.find("\n", place, end)
    next_line = text[place : next_end if next_end >= 0 else end]
    if len(next_line) > WIDEST or not _STARTS_LOWER.match(text[place : place + 2]):
        return False
    return " " in next_line.strip() and _ends_open(line)


def _ends_open(line: str) -> bool:
    """Whether a line of wrapped text stops in the middle of a sentence: it holds running words, not a headline."""
    words = line.split()
    small = sum(word[:1].islower() for word in words)
    return small >= max(3, 0.6 * len(words))


def _add_sentences(found: list[Span], text: str, start: int, end: int) -> None:
    """The sentences of one paragraph, put behind those found before."""
    heading = _HEADING.match(text, start, end)
    first = heading.end() if heading else start
    for mark in _END.finditer(text, first, end):
        if _ends_sentence(text, first, mark, end):
            _add_pieces(found, text, first, mark.end())
            first = mark.end()
    _add_pieces(found, text, first, end)


_LAST_WORD = re.compile(r"[\w.'’&-]*$")
_LETTERS = re.compile(r"(?:[a-z]\.)*[a-z]")
_OPENS = re.compile(
    r"(?:The|It|In|This|That|He|She|They|We|A|An|But|And|Its|For|On|At|By|As|If|Under|With"
    r"|Both|Two|Three|Production|Construction|Earlier|Last|However|Meanwhile|Separately)\s"
)
_MAY_END = {"co", "inc", "ltd", "corp", "plc", "llc", "u.s", "u.k", "a.m", "p.m", "etc", "s.a", "e.u"}


def _ends_sentence(text: str, first: int, mark: re.Match[str], end: int) -> bool:
    if text[mark.start()] != "." or text.startswith("..", mark.start()):
        return True
    rest = text[mark.end() : min(end, mark.end() + 40)].lstrip()
    if not rest:
        return True
    if rest[0].islower() or rest[0] in ",;:)%":
        return False
    before = _word_before(text[max(first, mark.start() - 20) : mark.start()])
    if before in {"no", "nos", "nr", "fig"} and not rest[0].isdigit():
        return True
    if before in _MAY_END:
        said = text[max(first, mark.start() - LONGEST) : mark.start()]
        return _new_subject(said, before, rest) or _OPENS.match(rest) is not None
    if (len(before) == 1 or "." in before) and _LETTERS.fullmatch(before):
        return False
    return before not in _ABBREVIATIONS


def _word_before(tail: str) -> str:
    """The word that stands right before a full stop, in small letters."""
    last = tail.rpartition(" ")[2]
    if not last.isalpha():  # the common case is a word of letters alone
        word = _LAST_WORD.search(tail)
        last = word.group() if word else ""
    return last.lower().lstrip("(\"'“‘")


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


def _add_pieces(found: list[Span], text: str, start: int, end: int) -> None:
    """A sentence, trimmed, in pieces that no pattern chokes on."""
    while end - start > LONGEST:
        blank = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        stop = blank if blank > 0 else start + LONGEST
        _add_trimmed(found, text, start, stop)
        start = stop
    _add_trimmed(found, text, start, end)


def _add_trimmed(found: list[Span], text: str, start: int, end: int) -> None:
    while start < end and (text[start].isspace() or text[start] in "\ufeff\u200b"):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Span(start, end))
