"""The preposition that puts a noun phrase out of the place of the subject."""

from __future__ import annotations

import re

from cell2grid.evidence.naming.tokens import Token
from cell2grid.evidence.naming.verbs import finite, taking_objects
from cell2grid.evidence.vocabulary import table, word_list

_PREPOSITIONS = word_list("prepositions")
_DETERMINERS = word_list("determiners")
_ADJECTIVE_ENDS = tuple(word_list("adjective_ends"))
_TRADES = word_list("trades")
_PARTING = re.compile(r"[;:()]|,\s|[—–]")


def preposition_of(text: str, words: list[Token], first: int) -> str:
    """The preposition before the noun phrase that begins at a word, over its determiner and adjectives, or nothing.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> text = "exports from the new Ulsan plant"
    >>> preposition_of(text, tokens(text), 4)
    'from'
    """
    place = lead_of(text, words, first)
    if place is None:
        return ""
    word = words[place].word.lower()
    before = words[place - 1].word.lower() if place > 0 else ""
    if word == "of" and before in word_list("parts_of"):  # the state of Hesse, the first stage of the battery
        return preposition_of(text, words, place - 1)
    if word == "according" or (word == "to" and before in {"according", "thanks"}):
        return "according"
    return word if word in _PREPOSITIONS else ""


def lead_of(text: str, words: list[Token], first: int) -> int | None:
    """The place of the word before a noun phrase, over its determiner and adjectives; None at the head of a clause.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> text = "closed its new Ulsan plant"
    >>> lead_of(text, tokens(text), 3)
    0
    """
    of_trade = 0
    for place in range(first - 1, max(-1, first - 7), -1):
        if place + 1 < len(words) and _PARTING.search(text[words[place].end : words[place + 1].start]):
            return None
        word = words[place].word.lower()
        if word in _PREPOSITIONS or word == "according":
            return place
        of_trade = 2 if word in _TRADES else of_trade - 1
        if word in table("calendar")["counts"] or (word.isdigit() and len(word) < 4):
            continue
        verb = word in taking_objects()
        premodifies = (word.endswith(_ADJECTIVE_ENDS) and not verb) or of_trade == 2 or (of_trade >= 0 and _tells(word))
        if not (word in _DETERMINERS or words[place].possessive or premodifies):
            return place
    return None


def _tells(word: str) -> bool:
    """Whether a word before a trade may tell it (ferry builder, sodium-ion maker): no verb and no conjunction."""
    return not (word in finite() or word in taking_objects() or word in word_list("after_a_number_no_noun"))
