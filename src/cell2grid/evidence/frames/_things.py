"""Things that figures are of and that are no firms or places: electric cars, LFP, lithium carbonate, packs.

A thing is the plain noun phrase before the verb of a clause; where a name stands there, the common rules for subjects
apply and no thing is given.
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.claims.scene import Scene
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind

_WORDS = re.compile(r"[^\W\d_][\w’'&/.-]*(?:\s+(?:[^\W_][\w’'&/.-]*)){0,6}")
_LEAD = re.compile(
    r"^(?:(?:and|but|while|whereas|that|with|as|so|yet|though|although|because|where|when|for|of which|meanwhile"
    r"|however|also|still|now|then|so far|to date|overall|globally|worldwide|together|last year|this year)\b,?\s+)+",
    re.I,
)
_AUXILIARY = re.compile(
    r"(?:\s+(?:has|have|had|will|would|should|could|may|might|is|are|was|were|be|been|also|now|already|currently|still"
    r"|only|just|together|alone|which|that|then|to|expected|set|forecast|seen|likely|to have|again|even|further|jointly"
    r"|combined|again|last (?:year|month)|this (?:year|month)))+$",
    re.I,
)
_DETERMINER = re.compile(r"^(?:the|a|an|all|such|these|those|new)\s+", re.I)
_OWNERS = frozenset({"firm", "venture", "plant", "project"})
_NAMES = frozenset({"firm", "venture", "plant", "project", "unknown", "group", "pronoun", "country", "body"})


def thing_before(scene: Scene, start: int, stop: int) -> str | None:
    """The noun phrase that a stretch of a sentence consists of, behind its opening words; None where it is a name.

    ``stop`` is where the verb begins. Determiners and dates at its head do not belong to it, and its first letter is
    small unless it is an abbreviation.
    """
    for found, _ in scene.dates:
        if start <= found.start and found.end < stop:
            start = max(start, found.end)
    phrase = scene.text[start:stop]
    if "," in phrase:
        start += phrase.rindex(",") + 1
        phrase = scene.text[start:stop]
    lead = _LEAD.match(phrase.lstrip(" \"“'‘([–—-"))
    skipped = len(phrase) - len(phrase.lstrip(" \"“'‘([–—-")) + (lead.end() if lead else 0)
    start += skipped
    phrase = _AUXILIARY.sub("", f" {scene.text[start:stop].rstrip()}").strip()
    bare = _DETERMINER.sub("", phrase)
    if (
        not _WORDS.fullmatch(bare)
        or len(bare) < 2
        or bare.lower() in {"the", "an"}
        or bare.split()[0].lower() in word_list("no_thing")
    ):
        return None
    if any(word.lower() in word_list("no_thing_inside") for word in bare.split()):
        return None
    heads = [m for m in scene.mentions if m.kind in _NAMES and start <= m.start and m.end <= stop and not m.preposition]
    within = [m for m in scene.mentions if m.kind in _OWNERS and start <= m.start and m.end <= stop]
    if within or any(m.start <= start + len(phrase) for m in heads):
        return None
    opens = not scene.text[:start].strip(" \"“'‘([–—-*#•") or scene.text[:start].rstrip().endswith((":", "?", "!"))
    return _small(bare) if opens or bare != phrase else bare


def _small(phrase: str) -> str:
    """A phrase with a small first letter, unless its first word has capitals within (LFP, EVs)."""
    words = phrase.split()
    first = words[0]
    plain = (first[1:].islower() or len(first) == 1 or "-" in first) and not first.isupper()
    named = first.split("-")[0] in _peoples() or " ".join(words[:2]) in _peoples()
    return phrase[0].lower() + phrase[1:] if plain and not named else phrase


@cache
def _peoples() -> frozenset[str]:
    """The names of countries and of their people, which keep their capital (Chinese, South African)."""
    return frozenset(alias.text for country in of_kind("country") for alias in country.aliases)


def thing_of(scene: Scene, quantity: Quantity, verbs: re.Pattern[str]) -> str | None:
    """The thing whose figure a quantity is: the noun phrase before the last of the verbs in its clause."""
    start = scene.clause(quantity)[0]
    last = last_found(verbs, scene.text, start, quantity.lead)
    return thing_before(scene, start, last.start()) if last is not None else None


def last_found(pattern: re.Pattern[str], text: str, start: int, stop: int) -> re.Match[str] | None:
    """The last place in a stretch of text where a pattern is found."""
    found = list(pattern.finditer(text, start, stop))
    return found[-1] if found else None
