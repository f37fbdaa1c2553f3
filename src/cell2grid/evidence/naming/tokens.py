"""The words of a sentence with their places, and what a name found among them is.

Which words are names is ``names.py`` (those that are known) and ``unknown_names.py`` (those that are not).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

_TOKEN = re.compile(r"[^\W_](?:[\w&+]|[.’'-](?=\w))*\.?|&")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a sentence: its place, the word without its possessive, and whether it had one."""

    start: int
    end: int
    word: str
    possessive: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name as found: its place (without the possessive), what a claim calls it, its kind and whose it is."""

    start: int
    end: int
    name: str
    kind: str
    possessive: bool = False
    owner: str | None = None
    first: int = 0
    last: int = 0
    entry: dict[str, Any] = field(default_factory=dict, compare=False)


def tokens(text: str) -> list[Token]:
    """The words of a sentence; a possessive is cut off and remembered."""
    found = []
    for match in _TOKEN.finditer(text):
        word, end = match.group(), match.end()
        possessive = False
        if len(word) > 2 and word[-2] in "'’" and word[-1] == "s":
            word, possessive = word[:-2], True
        elif (
            text[end : end + 1] in {"'", "’"} and word.endswith("s") and not text[end + 1 : end + 2].isalnum()
        ) or text[end : end + 2] in {"'s", "’s"}:
            possessive = True
        if word.endswith(".") and not re.fullmatch(
            r"(?:[A-Za-z]\.)+|(?:Inc|Co|Ltd|Corp|St|Dr|Mr|Rs|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.", word
        ):
            word = word[:-1]
        found.append(Token(match.start(), match.start() + len(word), word, possessive))
    return found


def is_capital(word: str) -> bool:
    """Whether a word begins as names do: with a capital letter, behind digits too (24M, 1Komma5).

    >>> [is_capital(word) for word in ("Acme", "24M", "acme", "24")]
    [True, True, False, False]
    """
    return word[0].isupper() or (len(word) > 2 and word[0].isdigit() and word.lstrip("0123456789")[:1].isupper())
