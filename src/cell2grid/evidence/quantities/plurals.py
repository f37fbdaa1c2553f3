"""Singular and plural of English nouns, by the common rules and a few exceptions.

Which nouns are counted is ``counted_nouns.py``.
"""

from __future__ import annotations

from functools import lru_cache

PEOPLE = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "staff": "staff",
    "personnel": "personnel",
}
IRREGULAR = PEOPLE | {
    "feet": "foot", "halves": "half", "shelves": "shelf", "gases": "gas", "series": "series", "analyses": "analysis",
    "headquarters": "headquarters", "campuses": "campus", "bonuses": "bonus", "indices": "index",
}  # fmt: skip


def plural(noun: str) -> str:
    """The plural of an English noun by the common rules.

    >>> plural("battery"), plural("bus"), plural("pack")
    ('batteries', 'buses', 'packs')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


@lru_cache(maxsize=4096)
def singular(noun: str) -> str:
    """The singular of an English plural by the common rules.

    >>> singular("countries"), singular("boxes"), singular("people"), singular("parcels")
    ('country', 'box', 'person', 'parcel')
    """
    lower = noun.lower()
    if lower in IRREGULAR:
        return IRREGULAR[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses", "buses")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") else lower
