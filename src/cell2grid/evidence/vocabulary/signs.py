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
        self._as_written = _automaton(as_written)
        self._in_any_case = _automaton(in_any_case or {})

    def found(self, text: str) -> set[str]:
        """The names of the patterns that have a word in the text.

        >>> signs = Signs({"clock": ["0:00"], "firm": ["Inc"]}, {"firm": ["limited"]})
        >>> sorted(signs.found(shaped("ACME LIMITED opens at 9:30.")))
        ['clock', 'firm']
        """
        found: set[str] = set()
        if self._as_written is not None:
            found.update(*[names for _, names in self._as_written.iter(text)])
        if self._in_any_case is not None:
            found.update(*[names for _, names in self._in_any_case.iter(text.lower())])
        return found


def _automaton(needs: Mapping[str, Iterable[str]]) -> Any:
    """The matcher of the words, each with the names of its patterns; None where there is no word."""
    import ahocorasick

    names: dict[str, list[str]] = {}
    for name, words in needs.items():
        for word in words:
            names.setdefault(word, []).append(name)
    if not names:
        return None
    automaton = ahocorasick.Automaton()
    for word, owners in names.items():
        automaton.add_word(word, tuple(owners))
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
