"""The names in a store's claims that mean no known entity, with how often and where they stand, and likely matches.

A name counts once for each claim of which it is the subject, or the object where that is a company. What a name means
is ``naming/identities.py``; what may be decided about one is ``deciding.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache

from cell2grid.evidence.entities.suggestions import Suggestion, suggestions
from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.naming.gazetteer import has_unspaced
from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.gazetteer import of_kind

# measures of which the object is a company, and no goods or market
_OF_A_COMPANY = frozenset(("stake", "supplies"))
_WORD = re.compile(r"[^\W_][\w&+.'’-]*|&")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no entry has: what its words make it look like, in how many claims and which pages, one sentence."""

    name: str
    looks_like: str | None
    claims: int
    documents: tuple[str, ...]
    example: str
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(slots=True)
class _Met:
    """What was met of a name so far; ``first`` is the number of its first claim."""

    first: int
    claims: int = 0
    documents: dict[str, None] = field(default_factory=dict)


def unknown_names(store: Store, *, limit: int | None = None) -> tuple[tuple[Unknown, ...], int]:
    """The unknown names of the claims that stand, those in the most claims first, and how many there are.

    Parameters
    ----------
    store
        The claim store; rejected and superseded claims do not count.
    limit
        Only so many of them, each with suggestions all the same.
    """
    identities = store.identities()
    met: dict[str, _Met] = {}
    known: dict[str, bool] = {}
    for use in store.names_used():
        for name in names_of(use.subject, use.object, use.measure):
            if name not in known:
                known[name] = identities.meant(name) is not None
            if not known[name]:
                told = met.setdefault(name, _Met(use.first))
                told.claims += use.claims
                told.documents[use.path] = None
    listed = sorted(met, key=lambda name: (-met[name].claims, name))
    shown = listed[:limit]
    said = store.quotes(met[name].first for name in shown)
    near = suggestions(shown, listed, identities)
    found = (
        Unknown(name, looks_like(name), told.claims, tuple(told.documents), said[told.first], near[name])
        for name, told in ((name, met[name]) for name in shown)
    )
    return tuple(found), len(listed)


def names_of(subject: str | None, thing: str | None, measure: str) -> tuple[str, ...]:
    """The names of firms, plants, projects, places and products in a claim; no groups, markets and goods.

    >>> names_of("Orsa Energy;Chinese battery makers", "exports", "change")
    ('Orsa Energy',)
    """
    fields = [subject, thing if measure in _OF_A_COMPANY else None]
    return tuple(dict.fromkeys(name for each in fields if each for name in each.split(";") if is_name(name)))


@cache
def is_name(words: str) -> bool:
    """Whether words are a name: they begin and end in capitals but for the noun of a plant or project.

    >>> [is_name(each) for each in ("Orsa Turin cell plant", "electric cars", "Chinese EV companies", "宁德时代")]
    [True, False, False, True]
    """
    if has_unspaced(words):
        return True
    found = _WORD.findall(words)
    if not found or found[-1].lower() in table("naming")["groups"]:
        return False
    kinds = {*_nouns(), *table("naming")["kinds_of_plant"]}
    while len(found) > 1 and found[-1].lower() in kinds and not found[-1][0].isupper():
        found.pop()
    if found[-1].lower() in _nouns() and len(found) == 1:
        return False
    ends = (found[0], found[-1])
    return all(_is_of_a_name(word) for word in ends) and not set(found) <= _adjectives()


def looks_like(name: str) -> str | None:
    """What the last word makes a name look like: a plant, project or firm; None where it says nothing.

    >>> looks_like("Orsa Turin cell plant"), looks_like("Orsa Lithium"), looks_like("Orsa")
    ('plant', 'firm', None)
    """
    last = (_WORD.findall(name) or [""])[-1]
    if last.lower() in _nouns() and last not in table("naming")["firm_endings"]:
        return _nouns()[last.lower()]
    return "firm" if last.rstrip(".") in table("naming")["firm_endings"] else None


def _is_of_a_name(word: str) -> bool:
    return any(letter.isupper() for letter in word) or word[0].isdigit()


@cache
def _nouns() -> dict[str, str]:
    return {noun: kind for kind, nouns in table("naming")["facilities"].items() for noun in nouns}


@cache
def _adjectives() -> frozenset[str]:
    return frozenset(alias.text for country in of_kind("country") for alias in country.aliases if alias.people)
