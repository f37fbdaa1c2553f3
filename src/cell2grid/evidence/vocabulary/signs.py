"""Which of many patterns a text may hold at all, by the words that each of them cannot do without.

One pass over the text finds the words of all patterns together, at a hundredth of what the patterns cost; only those
whose word is there are then run. What the patterns find is the business of the file that owns them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_DIGIT = re.compile(r"\d")


class Signs:
    """The words that patterns need, by the name of the pattern: of each pattern, one is in any text that it matches.

    A word is found anywhere, inside other words too: ``as_written`` in these letters, ``in_any_case`` (given in small
    letters) however it is written.
    """

    def __init__(
        self, as_written: Mapping[str, Iterable[str]], in_any_case: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        # by the small letters of a word: the word itself, or nothing where any case will do, and who needs it
        needed: dict[str, dict[str, set[str]]] = {}
        for name, words in as_written.items():
            for word in words:
                needed.setdefault(word.lower(), {}).setdefault(word, set()).add(name)
        for name, words in (in_any_case or {}).items():
            for word in words:
                needed.setdefault(word.lower(), {}).setdefault("", set()).add(name)
        self._automaton = _automaton(needed)

    def found(self, text: str) -> set[str]:
        """The names of the patterns that have a word in the text.

        >>> signs = Signs({"clock": ["0:00"], "firm": ["Inc"]}, {"firm": ["limited"]})
        >>> sorted(signs.found(shaped("ACME LIMITED opens at 9:30.")))
        ['clock', 'firm']
        """
        found: set[str] = set()
        if self._automaton is None:
            return found
        small = text.lower()
        moved = len(small) != len(text)  # a letter whose small form is two: places count for nothing then
        for end, ways in self._automaton.iter(small):
            for word, names in ways:
                if not word or moved or text.startswith(word, end + 1 - len(word)):
                    found.update(names)
        return found


class Words:
    """Some words in small letters, to be found in texts however they are written."""

    def __init__(self, words: Iterable[str]) -> None:
        import ahocorasick

        self._automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
        for word in words:
            self._automaton.add_word(word, len(word))
        self._automaton.make_automaton()

    def ends(self, text: str) -> list[int]:
        """The last place of each of the words in a text, inside other words too.

        >>> Words(["ten"]).ends("Often ten")
        [4, 8]
        """
        return [end for end, _ in self._automaton.iter(text.lower())]

    def any_in(self, text: str) -> bool:
        """Whether one of the words stands in a text by itself, between other signs than the letters a to z.

        >>> [Words(["ten"]).any_in(text) for text in ("Ten-day", "often", "ten")]
        [True, False, True]
        """
        small = text.lower()
        return any(
            not "a" <= small[end - length : end - length + 1] <= "z" and not "a" <= small[end + 1 : end + 2] <= "z"
            for end, length in self._automaton.iter(small)
        )


def _automaton(needed: Mapping[str, Mapping[str, Iterable[str]]]) -> Any:
    """The matcher of the words in small letters; None where there is no word."""
    import ahocorasick

    if not needed:
        return None
    automaton = ahocorasick.Automaton()
    for small, ways in needed.items():
        automaton.add_word(small, tuple((word, tuple(names)) for word, names in ways.items()))
    automaton.make_automaton()
    return automaton


def shaped(text: str) -> str:
    """The text with every digit written 0 and every stretch of blanks as one, so that a word can say where both stand.

    >>> shaped("18:05  CET")
    '00:00 CET'
    """
    return with_zeros(" ".join(text.split()))


def with_zeros(text: str) -> str:
    """The text with every digit written 0."""
    return _DIGIT.sub("0", text)
