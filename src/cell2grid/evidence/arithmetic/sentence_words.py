"""The words of a sentence laid out once for all its figures: where its clauses and lists part, and which words limit.

A figure takes of these the words that stand beside it and no other figure; what they say of it is ``scope.py``. The
words are in ``vocabulary/scopes.yaml``, the countries in the gazetteer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Generic, TypeVar

from cell2grid.evidence.arithmetic.matching import words
from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.gazetteer import of_kind

DIMENSIONS = ("where", "time", "part", "goods", "money", "count")
CLAUSE = re.compile(r"[;:]\s|,?\s(?:while|whereas|but|although|though|yet)\s|\s[—–]\s|,\sas\s(?!well|of|at|a\b|the\b)")
# who says so and from where limits nothing
_DATELINE = re.compile(r"\W*[A-Z]{3,}.{0,120}?\s(?:--|–|—|-)\s")
_SOURCE = re.compile(
    r"(?:^|,?\s)(?:according to|citing|data from|figures from|statistics from)\b[^,;]{0,80}?"
    r"(?=[,;]|$|\s(?:has|have|had|shows?|showed|says?|said)\b)",
    re.I,
)
_SEPARATOR = re.compile(r",|;|\band\b|\bor\b|\bbut\b|\bversus\b|\bagainst\b|、|，")
_NUMBER = re.compile(r"\d[\d,.]*")
_YEAR = re.compile(r"(?:19|20)\d\d[.,]?")
_FIRST = re.compile(r"\W*(?:In|Across|Outside|For|At|Throughout|Within)\s[^,]{1,60},")
_PLACED = re.compile(
    r"\b(?:in|to|for|from|across|at|near|outside|into|of)\s+(?:the\s+)?"
    r"([A-ZÀ-Þ][\w’'-]*(?:\s[A-ZÀ-Þ][\w’'-]*){0,2})"
)
_OF_A_FIRM = re.compile(
    r"\s(?:[\w-]+\s){0,3}(?:\w*makers?|firm|company|group|giant|producer|manufacturer|developer|supplier|utility"
    r"|operator|start-?up|conglomerate|investor|unit|subsidiary|rival|partner)\b",
    re.I,
)
_TOKEN = re.compile(r"\w+(?:[-.&]\w+)*")
T = TypeVar("T")
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that limit: where they stand, in which dimension and to what, and their words and those of the limit."""

    start: int
    dimension: str
    name: str
    written: frozenset[str]
    named: frozenset[str] = frozenset()

    def limits(self, known: frozenset[str]) -> bool:
        """Whether they limit a figure whose subject has these words: its own name limits nothing."""
        return not self.written & known and not (self.named and self.named <= known)


@dataclass(frozen=True, slots=True)
class SentenceWords:
    """The places of a sentence that part its figures, and the words in it that limit them.

    ``opening`` is the end of a first phrase that is about the whole sentence (In Europe, ...), ``headed`` that of its
    dateline; 0 where there is none.
    """

    clauses: tuple[Span, ...]
    numbers: tuple[Span, ...]
    separators: tuple[Span, ...]
    sources: tuple[Span, ...]
    marks: tuple[Mark, ...]
    opening: int
    headed: int

    def around(self, start: int, end: int, *, held: bool, longest: int) -> Span:
        """Where the words begin and end that are about the figure at a place and about no other.

        ``held`` says that the figure is one of comparison, which is limited as the one that it is compared with.
        """
        first = max(start - longest, self.headed if self.headed <= start else 0, 0)
        first = max((stop for _, stop in self.clauses if first < stop <= start), default=first)
        last = min((begin for begin, _ in self.clauses if begin >= end), default=end + longest)
        for _, stop in () if held else reversed([each for each in self.numbers if first <= each[0] < start]):
            # "rose 48 % to 102,300" is one statement; only behind a comma or "and" does another begin
            parted = next((each for each in self.separators if stop <= each[0] and each[1] <= start), None)
            if parted is not None:
                first = parted[1]
                break
        following = next((begin for begin, _ in self.numbers if end <= begin < last), None)
        if following is not None:
            parts = [begin for begin, stop in self.separators if end <= begin and stop <= following]
            last = parts[-1] if parts else following
        return first, last

    def beside(self, first: int, last: int) -> Iterator[Mark]:
        """The words that limit between two places and in the opening, without those of who says so."""
        opening = self.opening if self.opening <= first else 0
        for mark in self.marks:
            if (first <= mark.start < last or mark.start < opening) and not self._is_source(mark.start):
                yield mark

    def places(self, known: frozenset[str]) -> frozenset[str]:
        """The places that the sentence names outside its dateline and sources."""
        return frozenset(
            mark.name
            for mark in self.marks
            if mark.dimension == "where" and mark.named and mark.start >= self.headed
            if mark.limits(known) and not self._is_source(mark.start)
        )

    def _is_source(self, at: int) -> bool:
        return any(begin <= at < stop for begin, stop in self.sources)


@lru_cache(maxsize=65536)
def sentence_words(quote: str) -> SentenceWords:
    """The words of a sentence, laid out.

    >>> found = sentence_words("In Norway, Contoso sold 900 buses, 400 of them abroad.")
    >>> [(mark.dimension, mark.name) for mark in found.marks], found.opening
    ([('goods', 'bus'), ('part', 'of_them'), ('where', 'abroad'), ('where', 'norway')], 10)
    """
    dateline, opening = _DATELINE.match(quote), _FIRST.match(quote)
    numbers = [each for each in _NUMBER.finditer(quote) if not _is_date(quote, each)]
    return SentenceWords(
        tuple(each.span() for each in CLAUSE.finditer(quote)),
        tuple(each.span() for each in numbers),
        tuple(each.span() for each in _SEPARATOR.finditer(quote)) if numbers else (),
        tuple(each.span() for each in _SOURCE.finditer(quote)),
        (*_limiting(quote.lower()), *_named_places(quote)),
        0 if opening is None else opening.end(),
        0 if dateline is None else dateline.end(),
    )


def _limiting(text: str) -> Iterator[Mark]:
    for written, (dimension, name), start in _written_at(text, _marks()):
        yield Mark(start, dimension, name, frozenset(words(written)))


def _named_places(text: str) -> Iterator[Mark]:
    """The places named in a text, by the country's own name where it has one."""
    for written, name, start in _written_at(text, _countries()):
        # whose home it is, as in "Swedish van maker Contoso", is not where
        if written == name or _OF_A_FIRM.match(text, start + len(written)) is None:
            yield Mark(start, "where", name.lower(), frozenset(words(written)), frozenset(words(name)))
    for match in _PLACED.finditer(text):
        named = match.group(1).rstrip("'’")
        first = named.split(maxsplit=1)[0]
        # three capitals are a currency, as in "to RMB 41 billion"
        is_sign = len(named) == 1 or (len(named) == 3 and named.isupper()) or any(sign.isdigit() for sign in named)
        if not is_sign and first not in _countries().by_word and first not in _date_words():
            said = frozenset(words(named))
            yield Mark(match.start(1), "where", named.lower(), said, said)


def _is_date(text: str, number: re.Match[str]) -> bool:
    """Whether a number is a year or the day of a month."""
    if len(number.group()) >= 4 and _YEAR.fullmatch(number.group()):
        return True
    if len(number.group().strip(",.")) > 2:
        return False
    return _months().search(text, max(0, number.start() - 12), number.end() + 12) is not None


# --- words to be found -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Written(Generic[T]):
    """Words to be found in a text with what each stands for: by their first word, and those written without blanks."""

    by_word: dict[str, list[tuple[str, T]]]
    unspaced: tuple[tuple[str, T], ...]


def _indexed(rows: Iterable[tuple[str, T]]) -> _Written[T]:
    by_word: dict[str, list[tuple[str, T]]] = {}
    unspaced = []
    for written, meant in rows:
        first = _TOKEN.match(written)
        if written.isascii() and first is not None:
            by_word.setdefault(first.group(), []).append((written, meant))
        elif any(unicodedata.category(sign) == "Lo" for sign in written):
            unspaced.append((written, meant))
    for found in by_word.values():
        found.sort(key=lambda row: -len(row[0]))
    return _Written(by_word, tuple(unspaced))


def _written_at(text: str, known: _Written[T]) -> Iterator[tuple[str, T, int]]:
    """The longest of the known phrases at each word of a text, what each stands for, and where."""
    tokens = () if known.by_word.keys().isdisjoint(_TOKEN.findall(text)) else _TOKEN.finditer(text)
    for token in tokens:
        for written, meant in known.by_word.get(token.group(), ()):
            end = token.start() + len(written)
            if text.startswith(written, token.start()) and not _goes_on(text, end):
                yield written, meant, token.start()
                break
    if not text.isascii():
        yield from ((written, meant, text.index(written)) for written, meant in known.unspaced if written in text)


def _goes_on(text: str, end: int) -> bool:
    """Whether a word goes on behind a place: ``US`` in ``US$`` and ``car`` in ``car-maker`` are no words."""
    following = text[end : end + 1]
    return following.isalnum() or following in {"$", "_"} or (following == "-" and text[end + 1 : end + 2].isalnum())


@cache
def _marks() -> _Written[tuple[str, str]]:
    lists = table("scopes")
    return _indexed(
        (str(written).lower(), (dimension, mark))
        for dimension in DIMENSIONS
        for mark, rows in lists[dimension].items()
        for written in rows
    )


@cache
def _countries() -> _Written[str]:
    return _indexed(
        (alias.text, country.name) for country in of_kind("country") for alias in country.aliases if not alias.near
    )


@cache
def _date_words() -> frozenset[str]:
    calendar = table("calendar")
    return frozenset([*calendar["months"], *calendar["weekdays"], "Q1", "Q2", "Q3", "Q4", "H1", "H2"])


@cache
def _months() -> re.Pattern[str]:
    calendar = table("calendar")
    return re.compile(rf"\b(?:{'|'.join((*calendar['months'], *calendar['weekdays']))}|Q[1-4]|FY\d*|H[12])\b")
