"""Words that describe a firm instead of naming it: the German carmaker, the Southampton start-up, the supplier.

A place or people before a trade is no name there. Which firm is meant is told by where its home is (gazetteer), by the
words that the story has used of it, and by its part in the story (``discourse.py``).
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.naming.discourse import Discourse
from cell2grid.evidence.naming.gazetteer import gazetteer
from cell2grid.evidence.naming.names import owner_of
from cell2grid.evidence.naming.tokens import Name, Token
from cell2grid.evidence.naming.verbs import finite
from cell2grid.evidence.vocabulary import word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind

PARTS = frozenset(("unit", "arm", "subsidiary", "division", "affiliate", "business", "branch", "operation"))
_GENERIC = frozenset(
    ("company", "firm", "group", "plant", "factory", "site", "facility", "venture", "project", "unit", "first", "new")
)


def without_adjectives(words: list[Token], found: list[Name], discourse: Discourse) -> list[Name]:
    """The names of a sentence without those that only say where a firm is from (the Devon developer, its Polish unit).

    An unknown word that the story has met as a name is kept as the firm's own.
    """
    return [name for name in found if not _is_adjective(words, name, discourse)]


def _is_adjective(words: list[Token], name: Name, discourse: Discourse) -> bool:
    people = name.kind == "unknown" and nation_of(name.name.lower().removesuffix("s")) is not None
    if people or _tells_unit(words, name, discourse):
        return True
    if name.possessive or name.kind not in {"place", "country", "unknown"} or name.last + 1 >= len(words):
        return False
    behind = [word.word.lower() for word in words[name.last + 1 : name.last + 3]]
    apart = [
        after.start - before.end for before, after in zip(words[name.last :], words[name.last + 1 :], strict=False)
    ]
    trade = next((n for n, word in enumerate(behind) if word in PARTS or word in word_list("trades")), None)
    if trade is None or any(gap != 1 for gap in apart[: trade + 1]):
        return False
    if name.kind == "unknown":
        determined = name.first > 0 and words[name.first - 1].word.lower() in {"the", "a", "an", "this", "one"}
        trade_of = name.name not in discourse.seen and not (behind[0] in PARTS or behind[0] in finite())
        named = behind[0] == "group" and (discourse.opened or discourse.topic is None)  # The Trianel group wants
        trade_of = trade_of and not named
        return determined and name.first == name.last and trade_of
    return trade == 0 or behind[0] not in word_list("not_in_a_name")


def _tells_unit(words: list[Token], name: Name, discourse: Discourse) -> bool:
    """Whether a firm's name only tells whose the unit is that the story speaks of (the Volkswagen unit: PowerCo)."""
    if name.kind not in {"firm", "unknown"} or name.possessive or name.last + 1 >= len(words) or name.first == 0:
        return False
    unit = words[name.last + 1].word.lower() in PARTS and words[name.first - 1].word.lower() == "the"
    if not unit:
        return False
    return discourse.topic not in {None, name.name} or any(owner_of(other) == name.name for other in discourse.entities)


def cues(adjectives: str, noun: str) -> frozenset[str]:
    """The words of a description that tell one firm or plant from another: where it is from, what its trade is.

    >>> sorted(cues("large German battery ", "maker")), sorted(cues("", "company"))
    (['german', 'maker'], [])
    """
    said = [word.removesuffix("-based").removesuffix("-listed") for word in adjectives.split()]
    told = {word.lower() for word in said if word[:1].isupper()} | ({noun.lower()} if noun else set())
    return frozenset(told - _GENERIC)


def fitness(name: str, said: frozenset[str], discourse: Discourse) -> int:
    """How well a description fits a firm: its home and the words that the story has used of it count for or against."""
    if not said:
        return 0
    entity = discourse.entities.get(name)
    words = (entity.words if entity else set()) | set(name.lower().split())
    nations = {nation for word in said if (nation := nation_of(word)) is not None}
    home = home_of(name)
    fits = 3 * len(said & words)
    owner = owner_of(name)
    fits += 5 * (owner is not None and owner.lower() in said)
    if nations and home is not None:
        return fits + (4 if home in nations else -6)
    return fits


def nation_of(word: str) -> str | None:
    """The country that a word in small letters names, or whose people it is the adjective of; ISO in two letters.

    >>> nation_of("swiss"), nation_of("spain"), nation_of("acme")
    ('CH', 'ES', None)
    """
    return _nations().get(word)


@cache
def _nations() -> dict[str, str]:
    return {alias.text.lower(): c.country for c in of_kind("country") for alias in c.aliases if c.country}


@cache
def home_of(name: str) -> str | None:
    """The country of a firm or venture that the gazetteer knows, ISO in two letters; None of others."""
    entity = gazetteer().meant(name)
    return None if entity is None or entity.kind not in {"firm", "venture"} else entity.country


_PAIRED = re.compile(r"\b[Tt]he (?P<which>former|latter)\b")


def one_of_two(text: str, pair: tuple[str, ...]) -> list[tuple[int, int, str]]:
    """Where "the former" and "the latter" stand, with the name that is meant, of the two that were last named."""
    if len(pair) != 2 or not ("he former" in text or "he latter" in text):
        return []
    return [(m.start(), m.end(), pair[m.group("which") == "latter"]) for m in _PAIRED.finditer(text)]
