"""What an unknown name may be another spelling of: names of known entities, and other unknown names.

A suggestion is never acted on; a reviewer decides. Names are compared without their legal forms, by how alike they
are letter by letter with their words sorted, and where all words of one stand in the other (Orsa, Orsa Lithium); that
both are in one trade (Energy, Storage) makes no two names alike, and a plant's name that has its owner's is another's.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.naming.identities import Identities
from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.gazetteer import entities

MOST = 3
ALIKE_SORTED = 82.0  # token_sort_ratio of rapidfuzz, of 100
ALIKE_WEIGHTED = 91.0  # WRatio; a name that is merely contained in another gets 90
ALIKE_TELLING = 70.0  # ratio of the words that are not those of a trade
WITHIN = 90.0  # the score of a name of which all words stand in the other
_SHORT = 4  # letters; a name so short is only compared as a whole
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name that may mean the same, the id of its entity (None for another unknown name), and how alike, of 100."""

    name: str
    entity: str | None
    score: int


def suggestions(
    names: Sequence[str], unknown: Iterable[str], identities: Identities
) -> dict[str, tuple[Suggestion, ...]]:
    """For each name those that are most like it, the most alike first; none that was decided to be apart.

    ``unknown`` are the names that mean no entity, of which one may be another spelling of the next.

    >>> found = suggestions(["Contemporary Ampere Technology Ltd"], [], Identities())
    >>> [(each.name, each.entity) for each in found["Contemporary Ampere Technology Ltd"]][:1]
    [('Contemporary Amperex Technology', 'firm:catl')]
    """
    known = dict(_known_names(identities))
    choices: dict[str, str | None] = {**dict.fromkeys(unknown), **known}
    found: dict[str, tuple[Suggestion, ...]] = {}
    for first in range(0, len(names), _AT_ONCE):
        found |= _alike(names[first : first + _AT_ONCE], choices, identities)
    return found


def nearest(name: str, identities: Identities) -> tuple[Suggestion, ...]:
    """The known entities whose names are most like a name."""
    return suggestions([name], [], identities)[name]


def _known_names(identities: Identities) -> Iterable[tuple[str, str]]:
    for entity in entities():
        if entity.kind != "country":
            yield from ((name, entity.id) for name in entity.names)
    for made in identities.made():
        yield from ((name, made.id) for name in made.names)


def _alike(
    names: Sequence[str], choices: Mapping[str, str | None], identities: Identities
) -> dict[str, tuple[Suggestion, ...]]:
    from rapidfuzz import fuzz, process

    listed = list(choices)
    plain = [comparable(each) for each in listed]
    asked = [comparable(name) for name in names]
    by_letters = process.cdist(asked, plain, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE_SORTED)
    by_words = process.cdist(asked, plain, scorer=fuzz.WRatio, score_cutoff=ALIKE_WEIGHTED)
    bearers = _by_word(plain)
    found = {}
    for row, name in enumerate(names):
        scores = {place: 0.0 for word in _telling(asked[row]) for place in bearers.get(word, ())}
        scores = {place: WITHIN for place in scores if _is_within(asked[row], plain[place], choices[listed[place]])}
        for place in (by_letters[row] + by_words[row]).nonzero()[0]:
            if _tell_the_same(asked[row], plain[place]):
                scores[int(place)] = float(max(by_letters[row, place], by_words[row, place]))
        scored: dict[str, tuple[float, int, str]] = {}
        for place, score in scores.items():
            if listed[place] == name:
                continue
            key = choices[listed[place]] or listed[place]
            scored[key] = max(scored.get(key, (0.0, 0, "")), (score, -len(listed[place]), listed[place]))
        found[name] = _best(name, scored, choices, identities)
    return found


def _best(
    name: str,
    scored: Mapping[str, tuple[float, int, str]],
    choices: Mapping[str, str | None],
    identities: Identities,
) -> tuple[Suggestion, ...]:
    kept = [
        Suggestion(other, choices[other], round(score))
        for key, (score, _, other) in scored.items()
        if not (identities.are_apart(name, key) or identities.are_apart(name, other))
    ]
    return tuple(sorted(kept, key=lambda each: (-each.score, each.entity is None, each.name))[:MOST])


def _by_word(plain: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(plain):
        for word in _telling(name):
            found[word].append(place)
    return found


@cache
def _telling(name: str) -> tuple[str, ...]:
    """The words of a comparable name that tell it from others of its trade: of Orsa Energy Storage, Orsa."""
    words = tuple(name.split())
    return tuple(word for word in words if word not in _of_trade()) or words


def _is_within(one: str, other: str, entity: str | None) -> bool:
    """Whether all words of one comparable name stand in the other, which is no place and no work of it."""
    short, long = sorted((one.split(), other.split()), key=len)
    if len(short) == len(long) or max(map(len, short)) < _SHORT or (entity or "").startswith("place:"):
        return False
    return set(short) <= set(long) and long[-1] not in _works() and any(word not in _of_trade() for word in short)


def _tell_the_same(one: str, other: str) -> bool:
    """Whether two comparable names are alike in more than the words of a trade."""
    from rapidfuzz import fuzz

    if min(len(one), len(other)) < _SHORT:
        return one == other
    return fuzz.ratio(" ".join(_telling(one)), " ".join(_telling(other))) >= ALIKE_TELLING


@cache
def _of_trade() -> frozenset[str]:
    naming = table("naming")
    return frozenset(word.casefold() for key in ("firm_endings", "kinds_of_plant") for word in naming[key])


@cache
def _works() -> frozenset[str]:
    nouns = {noun for listed in table("naming")["facilities"].values() for noun in listed}
    return frozenset(nouns - {ending.casefold() for ending in table("naming")["firm_endings"]})


@cache
def comparable(name: str) -> str:
    """A name as it is compared: small letters without accents, marks and legal forms.

    >>> comparable("Škoda Auto, a.s."), comparable("Orsa Energy Co., Ltd.")
    ('skoda auto a s', 'orsa energy')
    """
    bare = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    words = "".join(letter if letter.isalnum() else " " for letter in bare).split()
    while len(words) > 1 and words[-1].casefold() in _forms():
        words.pop()
    return " ".join(words).casefold()


@cache
def _forms() -> frozenset[str]:
    return frozenset(form.casefold() for form in table("naming")["firm_suffixes"])
