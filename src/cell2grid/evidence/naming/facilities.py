"""Plants and projects that a sentence describes by owner, own name, place and kind.

"Acme's new cell factory in Tokyo" is named by what is said of it, or as the gazetteer names it. Names as such are
``names.py``; words that point back at a plant are ``pointers.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from cell2grid.evidence.naming.discourse import WORKS, Discourse, Mention
from cell2grid.evidence.naming.prepositions import preposition_of
from cell2grid.evidence.naming.tokens import Name, Token
from cell2grid.evidence.naming.verbs import finite
from cell2grid.evidence.vocabulary import sets, word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind

_IN_PLACE = re.compile(
    r",?\s+(?:in|near|at)\s+(?:the\s+)?(?:(?:U\.S\.|Chinese|northern|southern|eastern|western|central"
    r"|south|north|east|west)\s+)*(?:(?:state|province|city|town|region|port)\s+of\s+"
    r"|[a-z]+\s+(?:Germany|China)'s\s+)?$"
)
_BUILDS = re.compile(
    r"\b(?:build|builds|building|built|open|opens|opened|opening|operates?|operating|plans?|planning"
    r"|construct\w*|set up|setting up|starts?|started|runs?|erect\w*|commission\w*"
    r"|inaugurat\w*)\b[^,;]*$"
)
_HOLDERS = {"firm", "venture", "unknown"}
_NOT_IN_NAME = word_list("not_in_a_name")


@dataclass(slots=True)
class _Described:
    """What stands left of a plant's noun: where the phrase begins, whose it is, its own name, its kind."""

    first: int
    owner: Name | None = None
    own: str = ""
    kinds: list[str] = field(default_factory=list)
    end: int = 0


def facilities(
    text: str, words: list[Token], named: list[Name], found: list[Mention], discourse: Discourse
) -> list[Mention]:
    """The plants and projects that a sentence describes; ``found`` are its other mentions, ``named`` its names."""
    by_word = {position: name for name in named for position in range(name.first, name.last + 1)}
    described = []
    nouns = _nouns()
    for place, token in enumerate(words):
        kind = _facility_kind(text, words, place, by_word) if token.word.lower() in nouns else None
        mention = _facility(text, words, place, kind, by_word, found, discourse) if kind else None
        if mention is not None:
            described.append(mention)
    return described


_NAME_AHEAD = re.compile(r",\s(?:an?|the)\s[^,;]{0,60}|\s(?:is|was|will be)\s(?:an?|the)\s[^,;]{0,40}")


def named_works(text: str, found: list[Mention], described: list[Mention]) -> tuple[list[Mention], list[Mention]]:
    """The mentions with a name that its apposition tells to be a plant or project as one, and the others described.

    In "Saguaro Flats, a 350 MW storage project in Pinal County" both are the same project, and it has a name.
    """
    named: dict[int, Mention] = {}
    for facility in described:
        ahead = [m for m in found if m.kind == "unknown" and m.end <= facility.start and not m.possessive]
        if ahead and facility.owner is None and _NAME_AHEAD.fullmatch(text[ahead[-1].end : facility.start]):
            named[facility.start] = ahead[-1]
    if not named:
        return found, described
    kinds = {named[facility.start]: facility.kind for facility in described if facility.start in named}
    found = [replace(m, kind=kinds.get(m, m.kind)) for m in found]
    return found, [facility for facility in described if facility.start not in named]


@cache
def _nouns() -> dict[str, str]:
    return {written: kind for kind, rows in sets("naming")["facilities"].items() for written in rows}


def _facility_kind(text: str, words: list[Token], place: int, by_word: dict[int, Name]) -> str | None:
    """Plant or project, where the word at a place is the last noun of one; None elsewhere."""
    token, noun = words[place], words[place].word.lower()
    nouns = _nouns()
    own = by_word.get(place)
    if noun not in nouns or noun in word_list("plural_facilities") or (own is not None and own.kind in WORKS):
        return None
    if own is not None and own.kind in {"firm", "venture"} and own.written and own.last == place:
        return None  # Salt River Project is a utility
    if noun == "system" and not token.word[0].isupper():
        return None
    if noun in _PLAIN_NOUNS and (token.word[0].isupper() or place - 1 not in by_word):
        return None
    following = words[place + 1] if place + 1 < len(words) else None
    gap = text[token.end : following.start] if following is not None else "."
    if following is not None and gap == " " and following.word.lower() in nouns:
        return None
    goes_on = following is not None and not _stands_behind(following.word.lower())
    return None if noun == "battery" and gap in {" ", "-"} and goes_on else nouns[noun]


_MEASURED = re.compile(r"\d|[kMGT]Wh?p?$")
_PLAIN_NOUNS = {"base", "line"}


def _stands_behind(word: str) -> bool:
    """Whether a word behind "battery" shows that it is the battery itself: a verb, a preposition, no other noun."""
    return word in word_list("behind_a_battery") or word in word_list("prepositions") or word in finite()


def _described(text: str, words: list[Token], place: int, by_word: dict[int, Name]) -> _Described:
    phrase = _Described(place, end=words[place].end)
    named = by_word.get(place)
    if named is not None and named.first < place and named.kind in {"firm", "unknown"}:  # Western Plains Battery
        phrase.first, phrase.own = named.first, named.name
    kinds_of_plant = sets("naming")["kinds_of_plant"]
    while phrase.first > 0 and place - phrase.first < 8:
        first, before = phrase.first, words[phrase.first - 1]
        if text[before.end : words[first].start].strip("'’s \n") not in {"", "-"}:
            break
        name = by_word.get(first - 1)
        if name is not None and name.kind != "people":
            phrase.first = name.first
            if name.possessive or (name.kind == "firm" and phrase.own):
                phrase.owner = name
                break
            if name.kind == "firm":
                phrase.owner = name
            else:
                phrase.own = f"{name.name} {phrase.own}".strip()
            continue
        joins = before.word.lower() == "and" and first > 1 and words[first - 2].word.lower() in kinds_of_plant
        if not joins and (before.word.lower() in _NOT_IN_NAME or before.possessive or _MEASURED.match(before.word)):
            break
        if before.word.lower() in finite() and not before.word.endswith("ed"):  # Acme powers up a battery
            break
        if before.word.lower() in kinds_of_plant:
            phrase.kinds.insert(0, before.word)
        phrase.first -= 1
    return phrase


def _facility(
    text: str,
    words: list[Token],
    place: int,
    kind: str,
    by_word: dict[int, Name],
    found: list[Mention],
    discourse: Discourse,
) -> Mention | None:
    """The plant or project whose noun stands at a place; None where it has neither owner nor name nor place."""
    phrase = _described(text, words, place, by_word)
    spot = _place_after(text, words, place, by_word)
    if phrase.owner is None and not phrase.own and spot is None and not _is_theirs(words, phrase, kind, discourse):
        return None
    if phrase.owner is not None and phrase.owner.kind in {"country", "place"} and not phrase.own and spot is None:
        return None  # India's first gigafactory has no name
    if _points_back(words, place, phrase, by_word, discourse):
        return None
    holder, inherited = _holder(text, words, phrase, found, discourse)
    if holder is None and not phrase.own and spot is None:
        return None
    if phrase.owner is not None and phrase.owner.kind == "country":
        holder, spot = None, spot or phrase.owner.name
    noun = words[place].word
    key = f"{(phrase.own or spot or holder or '').lower()} {'project' if kind == 'project' else 'plant'}"
    known = discourse.facilities.get(key)
    if known is None or (holder is not None and known.owner != holder):
        last = "" if phrase.own.split()[-1:] == [noun] else noun
        parts = [part for part in (holder, phrase.own or spot, *phrase.kinds, last) if part]
        title = _in_gazetteer(holder, phrase.own or spot or "", [*phrase.kinds, noun]) or " ".join(dict.fromkeys(parts))
        known = Mention(0, 0, title, kind, owner=holder, inherited=inherited)
        discourse.facilities[key] = known
        inherited_now = inherited
    else:
        inherited_now = False
    behind = _owner_behind(text, phrase, found) if phrase.owner is None else None
    return replace(
        known,
        start=words[phrase.first].start,
        end=behind.end if behind is not None else words[place].end,
        preposition=preposition_of(text, words, phrase.first),
        possessive=words[place].possessive,
        inherited=inherited_now,
    )


def _is_theirs(words: list[Token], phrase: _Described, kind: str, discourse: Discourse) -> bool:
    """Whether "its" alone names a plant, because the story has named none that it could point back at."""
    determiner = words[phrase.first - 1] if phrase.first > 0 else None
    if kind != "plant" or determiner is None or "plant" in discourse.last:
        return False
    word = determiner.word.lower()
    return word in {"its", "their"} or (determiner.possessive and word in word_list("trades"))


def _points_back(
    words: list[Token], place: int, phrase: _Described, by_word: dict[int, Name], discourse: Discourse
) -> bool:
    """Whether "the factory in northern Sweden" is the plant that the story spoke of before."""
    determiner = words[phrase.first - 1].word.lower() if phrase.first > 0 else ""
    spot = next((by_word[n] for n in range(place + 1, min(place + 5, len(words))) if n in by_word), None)
    nameless = phrase.owner is None and not phrase.own and determiner == "the"
    return nameless and spot is not None and spot.kind == "country" and "plant" in discourse.last


def _holder(
    text: str, words: list[Token], phrase: _Described, found: list[Mention], discourse: Discourse
) -> tuple[str | None, bool]:
    """Whose plant it is: a name before it, whom "its" points at, or who builds it; and whether that is carried over."""
    if phrase.owner is not None:
        return phrase.owner.name, False
    behind = _owner_behind(text, phrase, found)
    if behind is not None:
        return behind.name, False
    determiner = words[phrase.first - 1].word.lower() if phrase.first > 0 else ""
    start = words[phrase.first].start
    near = [m for m in found if m.end <= start and not m.preposition and m.kind in _HOLDERS]
    whose = phrase.first > 0 and words[phrase.first - 1].possessive and determiner in word_list("trades")
    if whose and not near:
        return discourse.topic, True
    if whose or determiner in {"its", "their", "company", "own"}:
        return (near[-1].name, False) if near else (discourse.last.get("firm"), True)
    firms = [m for m in near if m.kind != "unknown"]
    if determiner in {"a", "an", "another", "second", "new"} and firms and _BUILDS.search(text[firms[-1].end : start]):
        return firms[-1].name, False
    return None, False


def _owner_behind(text: str, phrase: _Described, found: list[Mention]) -> Mention | None:
    """The firm right behind a plant and "of" (the Baden plant of Cellforce)."""
    kinds = {"firm", "venture"}
    return next((m for m in found if m.kind in kinds and text[phrase.end : m.start] == " of "), None)


def _place_after(text: str, words: list[Token], place: int, by_word: dict[int, Name]) -> str | None:
    end = words[place].end
    for position in range(place + 1, min(place + 7, len(words))):
        name = by_word.get(position)
        if name is None:
            continue
        fits = _IN_PLACE.fullmatch(text[end : name.start]) is not None and name.kind in {"place", "country", "unknown"}
        return name.name if fits else None
    return None


def _in_gazetteer(owner: str | None, place: str, words: list[str]) -> str | None:
    """The gazetteer's name of a plant of that owner in that place, of which one of the words speaks."""
    said = {word.lower() for word in words}
    for plant in of_kind("plant"):
        fits = owner is not None and plant.owner == owner and plant.place == place
        if fits and any(word in part for word in plant.says for part in said):
            return plant.name
    return None
