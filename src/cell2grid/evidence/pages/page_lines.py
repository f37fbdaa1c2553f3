"""The lines of a page and what each looks like by itself: furniture, a boundary, a headline, running text.

Which story a line belongs to is decided in ``stories.py``. The patterns are data (``vocabulary/furniture.yaml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.signs import Signs, with_zeros

LONGEST_LOOK = 400  # characters of a line that a pattern sees
LONGEST_COPY = 100_000  # characters of a line that are compared with other lines


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page that is not blank: its place, its trimmed text, and what it looks like.

    ``look`` is text, headline, furniture, end, teaser, boilerplate or title (a Markdown heading of the first order).
    """

    start: int
    end: int
    text: str
    look: str
    words: int


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    rows = table("furniture")
    return {
        key: re.compile(rf"(?:{'|'.join(rows[key])})\Z", re.IGNORECASE if key not in {"boilerplate"} else 0)
        for key in ("ends", "teasers", "lines", "people", "boilerplate")
    }


@cache
def _by_word() -> dict[str, re.Pattern[str]]:
    """The patterns of lines and people that a word in them calls for, by a name of their own."""
    rows = [(key, row) for key in ("lines", "people") for row in table("furniture")[f"{key}_by_word"]]
    return {f"{key} {n}": re.compile(rf"(?:{row['pattern']})\Z", re.IGNORECASE) for n, (key, row) in enumerate(rows)}


@cache
def _signs() -> Signs:
    rows = [row for key in ("lines", "people") for row in table("furniture")[f"{key}_by_word"]]
    return Signs({}, {name: row["needs"] for name, row in zip(_by_word(), rows, strict=True)})


def _is_furniture(head: str, words: int) -> bool:
    """Whether the head of a line is furniture from its first letter on or by a word in it; people take more words."""
    patterns, called = _patterns(), _signs().found(with_zeros(head))
    return any(
        words <= most
        and (patterns[key].match(head) or any(name.startswith(key) and _by_word()[name].match(head) for name in called))
        for key, most in (("lines", 40), ("people", 90))
    )


def page_lines(text: str) -> list[Line]:
    """The lines of a page that hold anything, in order.

    >>> [line.look for line in page_lines("Menu\\n# Plant\\nThe plant opened in Ulsan on Monday, it said.\\nShare")]
    ['furniture', 'title', 'text', 'furniture']
    """
    lines = []
    for match in re.finditer(r"[^\r\n]+", text):
        trimmed = match.group().strip(" \t\u00a0\ufeff\u200b")
        if trimmed:
            lines.append(_line(match.start(), match.end(), trimmed))
    return _with_tables(lines)


def _with_tables(lines: list[Line]) -> list[Line]:
    """Rows of a table are text, whatever one looks like: its neighbour has as many cells, and one of them digits."""
    cells = [line.text.count("|") + line.text.count("\t") for line in lines]
    if not any(count >= 2 for count in cells):
        return lines
    for index, line in enumerate(lines):
        beside = [n for n in (index - 1, index + 1) if 0 <= n < len(lines) and cells[n] == cells[index] >= 2]
        if beside and any(character.isdigit() for n in (index, *beside) for character in lines[n].text):
            lines[index] = replace(line, look="text")
    return lines


def _line(start: int, end: int, text: str) -> Line:
    words = text.count(" ") + 1
    look = _look(text, words) if len(text) <= LONGEST_LOOK else _look.__wrapped__(text, words)
    return Line(start, end, text, look, words)


@lru_cache(maxsize=8192)  # the pages of a site say the same around their stories
def _look(text: str, words: int) -> str:
    heading = re.match(r"(#{1,6})\s+", text)
    bare = text[heading.end() :] if heading else text
    bare = bare.strip("*_ ")
    head = bare[:LONGEST_LOOK]
    if not bare:
        return "furniture"
    patterns = _patterns()
    if words <= 12 and patterns["ends"].match(head):
        return "end"
    if words <= 30 and patterns["teasers"].match(head):
        return "teaser"
    if words <= 8 and patterns["boilerplate"].match(head):
        return "boilerplate"
    if heading:
        return "title" if len(heading.group(1)) == 1 else "headline"
    if words <= 90 and _is_furniture(head, words) and not _tells_figures(head, words):
        return "furniture"
    return "headline" if looks_like_headline(bare, words) else "text"


_FIGURE = re.compile(
    r"\d\s?(?:%|per ?cent\b|[kMGT]Wh?\b|(?:mega|giga|kilo)watt|million\b|billion\b|trillion\b|crore\b|tonn?e?s?\b"
    r"|vehicles?\b|cars?\b|units?\b|[万亿])|[$€£¥₹]\s?\d",
    re.I,
)
_OFFER = re.compile(
    r"\b(?:subscri\w+|sign up|offer|off|discount|free|newsletters?|cookies?|partners|save|join|code|members?|readers?"
    r"|photo|image|credit|tags?|published|updated|comments?|reprinted|disclaimer)\b",
    re.I,
)


def _tells_figures(head: str, words: int) -> bool:
    """Whether a line that looks like furniture tells figures in a sentence, and offers the reader nothing."""
    return words >= 8 and _FIGURE.search(head) is not None and _OFFER.search(head) is None


def looks_like_headline(text: str, words: int) -> bool:
    """Whether a line may be the headline of a story: a few words without the end of a sentence.

    >>> looks_like_headline("Neoen switches on its battery in Collie", 7)
    True
    """
    if not 3 <= words <= 28 or len(text) > 200 or text.startswith(("-", "*", "•", "|", "(", "[")):
        return False
    ended = text.rstrip("\"'”’»)]")
    if ended.endswith((".", ",", ";", "...", "…", ":")) and not ended.endswith(("Inc.", "Co.", "U.S.")):
        return False
    return text[0].isupper() or text[0].isdigit() or text[0] in "“\"'‘€$£" or not text[0].isascii()


_WORD = re.compile(r"\w+")


def shingles(text: str) -> tuple[frozenset[tuple[str, ...]], str]:
    """The runs of three words of a text, lower case, marks left out, and the words in a row.

    That is what a copy shares with its origin; of a line longer than all others it is its beginning.

    >>> runs, plain = shingles("One two, three four.")
    >>> len(runs), plain
    (2, 'one two three four')
    """
    words = _WORD.findall(text[:LONGEST_COPY].lower())
    return frozenset(zip(words, words[1:], words[2:], strict=False)), " ".join(words)
