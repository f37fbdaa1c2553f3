"""The words of a sentence with their places, and what a name found among them is.

Which words are names is ``names.py`` (those that are known) and ``unknown_names.py`` (those that are not).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from cell2grid.evidence.naming.gazetteer import gazetteer, has_unspaced

_TOKEN = re.compile(r"[^\W_][\w&+]*(?:[.’'-](?=\w)[\w&+]*)*\.?|&")
_KEEPS_STOP = re.compile(r"(?:[A-Za-z]\.)+|(?:Inc|Co|Ltd|Corp|St|Dr|Mr|Rs|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec)\.")


class Token(NamedTuple):
    """A word of a sentence: its place, the word without its possessive, and whether it had one.

    A tuple and no dataclass, since a page has a hundred thousand of them.
    """

    start: int
    end: int
    word: str
    possessive: bool


@dataclass(frozen=True, slots=True)
class Name:
    """A name as found: its place (without the possessive), what a claim calls it, its kind and whose it is.

    ``written`` is the alias of the gazetteer that was found; nothing for a name that it does not have.
    """

    start: int
    end: int
    name: str
    kind: str
    possessive: bool = False
    owner: str | None = None
    first: int = 0
    last: int = 0
    written: str = ""


def tokens(text: str) -> list[Token]:
    """The words of a sentence; a possessive is cut off and remembered.

    Where a script puts no spaces between words, known names part them.

    >>> [token.word for token in tokens("BYD's 宁德时代上海工厂")]
    ['BYD', '宁德时代', '上海', '工厂']
    """
    found = []
    for match in _TOKEN.finditer(text):
        word, possessive = match.group(), False
        if word[-1] == "s":
            if word[-2:-1] in {"'", "’"} and len(word) > 2:
                word, possessive = word[:-2], True
            else:
                end = match.end()
                possessive = text[end : end + 1] in {"'", "’"} and not text[end + 1 : end + 2].isalnum()
        elif word[-1] in ".&":
            end = match.end()
            possessive = text[end : end + 2] in {"'s", "’s"}
            word = word if word[-1] == "&" or _KEEPS_STOP.fullmatch(word) else word[:-1]
        found.append(Token(match.start(), match.start() + len(word), word, possessive))
    return found if not has_unspaced(text) else [part for token in found for part in _parts(token, _cuts(text))]


def _cuts(text: str) -> list[int]:
    """Where known names begin and end, which in a script without spaces part the words."""
    return sorted({place for name in gazetteer().found(text) for place in (name.start, name.end)})


def _parts(token: Token, cuts: list[int]) -> list[Token]:
    places = [token.start, *(cut for cut in cuts if token.start < cut < token.end), token.end]
    if len(places) == 2 or not has_unspaced(token.word):
        return [token]
    said = [(start, end, token.word[start - token.start : end - token.start]) for start, end in pairwise(places)]
    return [Token(start, end, word, token.possessive and end == token.end) for start, end, word in said]


def is_capital(word: str) -> bool:
    """Whether a word begins as names do: with a capital letter, behind digits too (24M, 1Komma5).

    >>> [is_capital(word) for word in ("Acme", "24M", "1Komma5", "e-Zync", "24", "200MWh")]
    [True, True, True, True, False, False]
    """
    return word[0].isupper() or _COINED.fullmatch(word) is not None


_COINED = re.compile(r"\d+(?:[A-Z]|[A-Z][a-z]{2,}\w*)|[a-z]{1,2}-?[A-Z][a-z]{2,}\w*")
