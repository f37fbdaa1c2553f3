"""Verbs of the industry in all their forms: which word before or behind a name makes it an object or a subject.

There is no grammar here: a list of verbs, the rules of English for their endings, and the forms that keep no rule.
What follows from them for a name is ``roles.py``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cell2grid.evidence.vocabulary import word_list

_VOWELS = "aeiou"


def inflected(verb: str) -> tuple[str, ...]:
    """A verb with its regular forms.

    >>> inflected("ship")
    ('ship', 'ships', 'shipped', 'shipping')
    >>> inflected("supply")
    ('supply', 'supplies', 'supplied', 'supplying')
    >>> inflected("close")
    ('close', 'closes', 'closed', 'closing')
    """
    if verb.endswith("e"):
        return verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing"
    doubled = verb + verb[-1] if _doubles(verb) else verb
    hissing = verb.endswith(("s", "x", "z", "ch", "sh"))
    return verb, f"{verb}es" if hissing else f"{verb}s", f"{doubled}ed", f"{doubled}ing"


def _doubles(verb: str) -> bool:
    """Whether a verb doubles its last letter: one syllable, one vowel, one consonant (ship, plan, cut)."""
    one_vowel = sum(letter in _VOWELS for letter in verb) == 1
    return one_vowel and len(verb) > 2 and verb[-2] in _VOWELS and verb[-1] not in "wxyaeiou"


@cache
def taking_objects() -> frozenset[str]:
    """Every form of the verbs behind which a name is the object."""
    forms = {form for verb in word_list("verbs") for form in inflected(verb)}
    return frozenset(forms) | word_list("verbs_irregular")


@cache
def finite() -> frozenset[str]:
    """Words behind a name that show that it is the subject: verbs in the present or the past, and helping ones."""
    forms = {form for verb in word_list("verbs") for form in inflected(verb)[1:3]}
    more = word_list("verbs_irregular") | word_list("verbs_helping") | word_list("verbs_of_will")
    return (frozenset(forms) | more | word_list("deeds_of_firms")) - {"having", "gone", "given", "taken"}


_BEHIND = re.compile(
    r"(?:\s\([^)]{1,40}\))?\s(?:(?:also|now|then|alone|each|both|still|already|once|later|only|instead|meanwhile"
    r"|together|in turn|itself|recently|\w+ly)\s)*(?P<verb>[a-z]+)\b(?:\s(?P<next>[a-z]+))?"
)


_ASIDE = re.compile(r",\s(?:[a-z]|[A-Z][\w.-]*[’']s?\s)[^,;.]{2,100},(?=\s)")


@lru_cache(maxsize=1024)  # asked by several rules of the same place
def acts(text: str, end: int) -> bool:
    """Whether a verb right behind a place in a sentence shows that what ends there is the subject of a clause.

    >>> [acts("Acme also makes cells.", 4), acts("Acme built by hand.", 4), acts("Acme, a maker, grew.", 4)]
    [True, False, True]
    """
    aside = _ASIDE.match(text, end, end + 120)
    behind = _BEHIND.match(text, aside.end() if aside else end, end + 190)
    if behind is None:
        return False
    verb, following = behind.group("verb"), behind.group("next")
    if verb == "to":
        return following is not None and (following == "be" or following in taking_objects())
    return verb in finite() and following != "by"
