"""What a price is of: the goods that the words around it name, for prices and for their changes."""

from __future__ import annotations

import re

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.frames._things import last_found, thing_before
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import word_list

PRICE_WORD = re.compile(r"\b(?:prices?|costs?|tariffs?|quotes?|quotations?|bids?|fees?|rates?)\b", re.I)
_OF = re.compile(
    r"\b(?:prices?|costs?|quotes?)\s+(?:of|for)\s+(?:the\s+|an?\s+)?"
    r"(?P<thing>(?:(?!\b(?:in|of|on|at|by|to|was|is|were|are|will|would|has|have|had|from)\b)[^\W\d_][\w’'-]*\s*){1,5})",
    re.I,
)
_VERBS = re.compile(
    r"\b(?:costs?|fell|fall(?:s|en)?|drop(?:s|ped)?|rose|rise[sn]?|climb(?:s|ed)|jump(?:s|ed)|surged|slid|slipped|slumped"
    r"|plunged|declined|gained|eased|traded?|trades|trading|sold|sells?|retails?|starts?|started|averaged?|averages|stood"
    r"|quoted|offered|priced|listed|fetch(?:es|ed)?|changed\s+hands|(?:was|were|is|are)\s+(?:now\s+)?(?:at|from|between"
    r"|sold|quoted|priced|traded|offered)|went\s+for|goes?\s+for|came\s+to|hit|reached)\b",
    re.I,
)


def priced(scene: Scene, quantity: Quantity) -> str | None:
    """The goods that a price, or its change, is of; None where the words name none or a firm's name stands there."""
    start = scene.clause(quantity)[0]
    of = last_found(_OF, scene.text, start, quantity.lead)
    if of is not None:
        named = [m for m in scene.mentions if m.kind == "product" and of.start("thing") <= m.start < of.end("thing")]
        verb = _VERBS.search(scene.text, of.start("thing"), of.end("thing"))
        stop = verb.start() if verb is not None else of.end("thing")
        return named[0].name if named else thing_before(scene, of.start("thing"), stop)
    words = last_found(PRICE_WORD, scene.text, start, quantity.lead)
    if words is not None and words.group().lower().startswith(("price", "cost")):
        said = thing_before(scene, start, words.start())
        if said is not None:
            bare = _ADJECTIVES.sub("", said)
            return _many(bare) if bare not in {"", "the", "a", "an"} else None
    verbs = last_found(_VERBS, scene.text, start, quantity.lead)
    if verbs is None or (words is not None and words.start() < verbs.start() and not _is_verb(words)):
        return None
    products = [m for m in scene.mentions if m.kind == "product" and start <= m.start and m.end <= verbs.start()]
    return products[-1].name if products else thing_before(scene, start, verbs.start())


def _many(phrase: str) -> str:
    """A counted thing in the plural: the packs of pack prices."""
    last = phrase.split()[-1] if phrase else ""
    if last not in word_list("goods"):
        return phrase
    return f"{phrase[:-1]}ies" if last.endswith("y") else f"{phrase}es" if last.endswith("s") else f"{phrase}s"


def _is_verb(word: re.Match[str]) -> bool:
    return word.group().lower() in {"cost", "costs"}


_ADJECTIVES = re.compile(
    r"^(?:(?:average|spot|list|retail|global|domestic|local|overall|market|contract|base|starting|lowest|highest|sales|unit"
    r"|current|record|falling|rising|low|high)\s*)+",
    re.I,
)
