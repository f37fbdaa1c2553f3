"""Whether a stretch of a page is about the same as its main story, by the words and names that the two share.

A story below the main one shares few of its words and, mostly, speaks of another trade. Which lines belong together
is decided in ``stories.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set

from cell2grid.evidence.vocabulary import word_list

LONGEST = 200_000  # characters of which the words are taken
SHARED = 0.12  # share of a stretch's longer words and names below which it is about something else
_WORD = re.compile(r"[^\W\d_]{5,}|[A-Z]{2,}")
_PLAIN_WORD = re.compile(r"[A-Za-z]{5,}|[A-Z]{2,}")  # the same without other letters, which is twice as fast
SIGNAL = re.compile(
    r"\b(?=[abceglmnpstkvABCEGLMNPSTKV])(?:batter\w+|EVs?|NEVs?|electric|storage|[kMGT]Wh?|gigafactory|gigafactories|megafactory|lithium|cathodes?|anodes?"
    r"|vehicles?|carmakers?|automakers?|megapack\w*|BESS|megawatts?|gigawatts?|chargers?|charging|solar|grid|(?:cell|pack|module)s?)\b",
    re.IGNORECASE,
)


def topic_words(text: str) -> frozenset[str]:
    """The longer words and the short forms in capitals of a text, lower case, without the end of a plural.

    >>> sorted(topic_words("CATL ships batteries"))
    ['batterie', 'catl', 'ship']
    """
    common, text = word_list("common_to_all_stories"), text[:LONGEST]
    words = (_PLAIN_WORD if text.isascii() else _WORD).findall(text)
    return frozenset([word.rstrip("s") for word in map(str.lower, words) if word not in common])


def is_elsewhere(stretch: Iterable[str], main: Set[str]) -> bool:
    """Whether the lines speak of another trade and share next to nothing with the words of the main story."""
    text = " ".join(stretch)
    signals = len(SIGNAL.findall(text))
    words = topic_words(text) if signals < max(2, len(text) / 250) else frozenset[str]()
    if not words:
        return False
    return len(words & main) < SHARED * len(words) or (not signals and len(words & main) < 2 * SHARED * len(words))
