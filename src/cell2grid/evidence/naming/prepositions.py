"""The preposition that puts a noun phrase out of the place of the subject."""

from __future__ import annotations

from cell2grid.evidence.naming.tokens import Token
from cell2grid.evidence.naming.verbs import taking_objects
from cell2grid.evidence.vocabulary import word_list

_PREPOSITIONS = word_list("prepositions")
_DETERMINERS = word_list("determiners")
_ADJECTIVE_ENDS = tuple(word_list("adjective_ends"))


def preposition_of(words: list[Token], first: int) -> str:
    """The preposition before the noun phrase that begins at a word, over its determiner and adjectives, or nothing.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> preposition_of(tokens("exports from the new Ulsan plant"), 4)
    'from'
    """
    place = lead_of(words, first)
    if place is None:
        return ""
    word = words[place].word.lower()
    before = words[place - 1].word.lower() if place > 0 else ""
    if word == "according" or (word == "to" and before in {"according", "thanks"}):
        return "according"
    return word if word in _PREPOSITIONS else ""


def lead_of(words: list[Token], first: int) -> int | None:
    """The place of the word before a noun phrase, over its determiner and adjectives; None at the head.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> lead_of(tokens("closed its new Ulsan plant"), 3)
    0
    """
    for place in range(first - 1, max(-1, first - 6), -1):
        word = words[place].word.lower()
        if word in _PREPOSITIONS or word == "according":
            return place
        premodifies = word.endswith(_ADJECTIVE_ENDS) and word not in taking_objects()
        if not (word in _DETERMINERS or words[place].possessive or premodifies):
            return place
    return None
