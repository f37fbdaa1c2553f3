"""Names of the gazetteer in a text: the longest at each place, between the boundaries of words, valid on a day.

One automaton of all names is built once in a process. Line ends, no-break spaces and curly apostrophes count as their
plain forms, and zero-width characters and the second of two spaces as nothing; offsets are those of the text as it
is. What a capital word without an entry is, is ``unknown_names.py``; the entries are ``vocabulary/gazetteer``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cell2grid.evidence.vocabulary.gazetteer import Alias, Entity, entities, overlap

_BLANKS = "\t\n\r\x0b\x0c"
_PLAIN = [
    *((blank, " ") for blank in f"{_BLANKS}\xa0\u2002\u2003\u2009\u202f\u3000"),
    *(("’", "'"), ("ʼ", "'"), ("‐", "-"), ("‑", "-")),
]
_GONE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|(?<= ) +")
# scripts that put no spaces between words
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_TODAY = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Found:
    """A name of the gazetteer in a text: its place, what a claim calls it, its kind and its entity.

    ``name`` is the entity's own where that is settled, else the words found.
    ``possessive`` and ``joined`` say that 's or a hyphen and a word follow (Tesla-built); the place leaves them out.
    """

    start: int
    end: int
    name: str
    kind: str
    entity: Entity
    alias: Alias
    possessive: bool = False
    joined: bool = False


class Gazetteer:
    """Finds the names of some entities in texts.

    >>> from cell2grid.evidence.vocabulary.gazetteer import entities_of
    >>> rows = [{"name": "Ford", "aliases": ["Ford Motor"]}, {"name": "SK On", "from": None}]
    >>> known = Gazetteer(entities_of({"kind": "firm", "country": None, "entries": rows}, "here"))
    >>> [(each.name, each.start, each.end) for each in known.found("In Oxford, Ford Motor's lines go on, as SK On's.")]
    [('Ford Motor', 11, 21), ('SK On', 40, 45)]
    """

    def __init__(self, known: Iterable[Entity]) -> None:
        bearers: dict[str, list[tuple[Alias, Entity]]] = defaultdict(list)
        for entity in known:
            for alias in entity.aliases:
                bearers[folded(alias.text)[0]].append((alias, entity))
        self._bearers = {text: tuple(sorted(each, key=_rank)) for text, each in sorted(bearers.items())}
        self.settled_words = frozenset(
            text for text, each in self._bearers.items() if " " not in text and any(e.settled for _, e in each)
        )
        self._automaton = _automaton(self._bearers)

    def at(self, text: str, *, day: str | None = None, told: Collection[str] = frozenset()) -> dict[int, Found]:
        """The longest name at each place where one begins; names may overlap.

        ``day`` is that of the story (ISO): a name that was another's then is the other's. ``told`` are the names met
        in the story so far, after which a short form will do.
        """
        plain, places = folded(text)
        longest: dict[int, Found] = {}
        met = set(told)
        reach: dict[int, int] = {}
        for start, end in self._spans(plain):
            if reach.get(start, -1) >= end or not _bounded(plain, start, end):
                continue
            chosen = _chosen(self._bearers[plain[start:end]], text, day, met)
            if chosen is None:
                continue
            alias, entity = chosen
            stop, possessive, joined = _ending(plain, end, entity.kind)
            if stop is None:
                continue
            reach[start] = end
            met.add(entity.name)
            first, last = (start, stop) if places is None else (places[start], places[stop - 1] + 1)
            longest[start] = Found(
                first, last, _said(alias, entity), _kind(alias, entity), entity, alias, possessive, joined
            )
        return {each.start: each for each in longest.values()}

    def found(self, text: str, *, day: str | None = None, told: Collection[str] = frozenset()) -> tuple[Found, ...]:
        """The names in a text from left to right, the longest first where several begin, without overlap."""
        kept: list[Found] = []
        by_start = self.at(text, day=day, told=told)
        for start in sorted(by_start):
            if not kept or start >= kept[-1].end:
                kept.append(by_start[start])
        return tuple(kept)

    def meant(self, name: str, *, day: str | None = None) -> Entity | None:
        """The entity that bears a whole name on a day, without a context; None where no entry has the name."""
        plain = folded(name)[0].strip()
        bearers = [(a, e) for a, e in self._bearers.get(plain, ()) if not (a.near or a.short or a.people)]
        chosen = _chosen(bearers, name, day, ())
        return None if chosen is None else chosen[1]

    def bearers(self, name: str) -> tuple[Entity, ...]:
        """The entities that bear a whole name, whenever and in whatever context."""
        found = self._bearers.get(folded(name)[0].strip(), ())
        return tuple(dict.fromkeys(entity for alias, entity in found if not (alias.short or alias.people)))

    def _spans(self, plain: str) -> Iterator[tuple[int, int]]:
        for last, length in self._automaton.iter(plain) if self._bearers else ():
            yield last - length + 1, last + 1


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that ships, as a finder."""
    return Gazetteer(entities())


@dataclass(frozen=True, slots=True)
class Places:
    """Where the characters of a folded text stand in the text: from each of ``starts`` on, so many behind as gone."""

    starts: list[int]
    gone: list[int]

    def __getitem__(self, place: int) -> int:
        return place + self.gone[bisect_right(self.starts, place) - 1]


def folded(text: str) -> tuple[str, Places | None]:
    """A text in plain spaces and apostrophes, and where its characters stand in the text; None where they do not move.

    >>> folded("SK\u00a0On’s")[0], folded("Tes\u200bla")
    ("SK On's", ('Tesla', Places(starts=[0, 3], gone=[0, 1])))
    """
    plain = text
    for written, meant in _PLAIN[: len(_BLANKS)] if text.isascii() else _PLAIN:
        if written in plain:
            plain = plain.replace(written, meant)
    if "  " not in plain and (text.isascii() or _GONE.search(plain) is None):
        return plain, None
    pieces, starts, gone, last = [], [0], [0], 0
    for out in _GONE.finditer(plain):
        pieces.append(plain[last : out.start()])
        last = out.end()
        gone.append(gone[-1] + last - out.start())
        starts.append(last - gone[-1])
    return "".join((*pieces, plain[last:])), Places(starts, gone)


def has_unspaced(text: str) -> bool:
    """Whether a text has a character of a script that puts no spaces between words.

    >>> has_unspaced("the 特斯拉 plant"), has_unspaced("the Tesla plant")
    (True, False)
    """
    return not text.isascii() and _UNSPACED.search(text) is not None


def _automaton(bearers: Mapping[str, Any]) -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for text in bearers:
        automaton.add_word(text, len(text))
    automaton.make_automaton()
    return automaton


def _rank(bearer: tuple[Alias, Entity]) -> tuple[object, ...]:
    """The order of those that bear one name: who asks for words near it, who has it for some time, then by id."""
    alias, entity = bearer
    return (not alias.near, not alias.dated, alias.ambiguous, alias.short, alias.people, entity.id)


def _chosen(
    bearers: Sequence[tuple[Alias, Entity]], text: str, day: str | None, told: Collection[str]
) -> tuple[Alias, Entity] | None:
    """Who is meant by a name: of those that the context allows, the one that bore it on the day, else any."""
    if len(bearers) == 1 and not (bearers[0][0].near or bearers[0][0].short):
        return bearers[0]
    allowed = [
        (alias, entity)
        for alias, entity in bearers
        if (not alias.near or _has_word(text, alias.near)) and (not alias.short or entity.name in told)
    ]
    on = (day or _TODAY, day or _TODAY)
    then = [
        (alias, entity)
        for alias, entity in allowed
        if overlap((alias.since, alias.until), on) and overlap((entity.since, entity.until), on)
    ]
    return next(iter(then or allowed), None)


def _has_word(text: str, near: Sequence[str]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.I) for word in near)


def _said(alias: Alias, entity: Entity) -> str:
    """What a claim calls it: as the page does, but for the settled ones and for names in scripts without spaces."""
    canonical = entity.settled or alias.people or has_unspaced(alias.text[-1])
    return entity.name if canonical and not (alias.dated or alias.near) else alias.text


def _kind(alias: Alias, entity: Entity) -> str:
    return "people" if alias.people else entity.kind


def _in_word(letter: str) -> bool:
    return (letter.isalnum() or letter in "_&+") and not has_unspaced(letter)


def _bounded(plain: str, start: int, end: int) -> bool:
    """Whether no word goes on to the left of a name and, but for an ending, to its right."""
    if start == 0 or has_unspaced(plain[start]):
        return True
    before = plain[start - 1]
    if _in_word(before):
        return False
    return not (before in ".'-" and start > 1 and _in_word(plain[start - 2]))


def _ending(plain: str, end: int, kind: str) -> tuple[int | None, bool, bool]:
    """Where a name ends, whether 's follows, whether a hyphen and a word do; no end where the word goes on."""
    after = plain[end : end + 3]
    if not after or has_unspaced(plain[end - 1]):
        return end, False, False
    if kind == "product" and after[0] == "s" and not (len(after) > 1 and _in_word(after[1])):
        return end + 1, plain[end + 1 : end + 2] == "'", False
    if _in_word(after[0]):
        return (end, False, False) if plain[end - 1] == "." and after[0] not in "&+" else (None, False, False)
    if after[0] == "'":
        goes_on = len(after) > 1 and _in_word(after[1])
        is_s = goes_on and after[1] == "s" and not (len(after) > 2 and _in_word(after[2]))
        return (None if goes_on and not is_s else end), is_s or plain[end - 1] == "s", False
    goes_on = len(after) > 1 and _in_word(after[1])
    if after[0] == "-" and goes_on:
        return end, False, True
    return (None if after[0] == "." and goes_on else end), False, False
