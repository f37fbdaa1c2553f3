"""The patterns of milestones: what begins, ends or happens, built from the words of ``vocabulary/milestones.yaml``.

Which of them a sentence tells, of what and when, is ``milestone.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from cell2grid.evidence.vocabulary import table


@dataclass(frozen=True, slots=True)
class Deed:
    """The words of a milestone in a sentence: where they stand, which it is, and how it is said.

    ``manner`` is ``begins`` (began production), ``begun`` (production began), ``deed`` (broke ground), ``site`` (only
    of a plant or project: was opened) or ``noun`` (start of production, where a date follows).
    """

    start: int
    end: int
    name: str
    manner: str
    planned: bool = False
    done: bool = False


@lru_cache(maxsize=4096)  # a sentence is asked whether it tells of any, and then which
def deeds(text: str) -> tuple[Deed, ...]:
    """The words of milestones in a sentence in order, without overlap, and none that a doubt takes back.

    >>> [(deed.name, deed.planned) for deed in deeds("Acme broke ground in May and will start production in 2027.")]
    [('construction began', False), ('production', True)]
    """
    words = _heads_in(text)
    kept: list[Deed] = []
    for manner, needs, pattern in _patterns() if words else ():
        if any(words.isdisjoint(heads) for heads in needs):
            continue
        for found in pattern.finditer(text):
            if not any(deed.start < found.end() and found.start() < deed.end for deed in kept):
                kept += _deed(text, found, manner)
    return tuple(sorted(kept, key=lambda deed: deed.start))


def _deed(text: str, found: re.Match[str], manner: str) -> Iterator[Deed]:
    ahead = _auxiliaries().search(text[max(0, found.start() - 60) : found.start()])
    start = found.start() - (len(ahead.group()) if ahead is not None else 0)
    if _doubts().search(text[max(0, start - 36) : found.end()]):
        return
    said = text[start : found.end()].lower()
    words = set(re.findall(r"[a-z]+", said))
    inner = _names()[found.lastgroup or ""]
    planned = bool(words & set(str(table("milestones")["plans"]).split()))
    yield Deed(start, found.end(), inner, manner, planned, bool(re.match(r"(?:has|have|had)\b", said)) and not planned)


def _heads_in(text: str) -> set[str]:
    """The words in a text of which milestones have some, as whole words."""
    small = text.lower()
    found = set()
    for end, length in _all_heads().iter(small):
        start = end + 1 - length
        if not (_LETTER.search(small, max(0, start - 2), start) or _LETTER_BEHIND.match(small, end + 1)):
            found.add(small[start : end + 1])
    return found


_LETTER = re.compile(r"(?:[a-z]-?)\Z")
_LETTER_BEHIND = re.compile(r"-?[a-z]")


@cache
def _all_heads() -> Any:
    import ahocorasick

    automaton = ahocorasick.Automaton(ahocorasick.STORE_INTS)
    for words in table("milestones")["heads"].values():
        for word in str(words).split():
            automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton


@cache
def _heads(name: str) -> frozenset[str]:
    return frozenset(str(table("milestones")["heads"][name]).split())


@cache
def _names() -> dict[str, str]:
    """The name of a milestone by the name of its group in the patterns."""
    rows = table("milestones")
    found: dict[str, str] = {}
    for section in ("activities", "deeds", "sites", "nouns", "halt"):
        for name in rows[section]:
            found[_group(section, name)] = name
    return found


def _group(section: str, name: str) -> str:
    return f"{section}_{name.replace(' ', '_')}"


@cache
def _patterns() -> tuple[tuple[str, tuple[frozenset[str], ...], re.Pattern[str]], ...]:
    """The patterns in the order in which they are tried, each with the words that a sentence must have for it."""
    rows = table("milestones")
    acts = _either("activities", rows["activities"])
    plain = "|".join(_spaced(piece) for piece in rows["activities"].values())
    begin, begun = _spaced(rows["begin"]), _spaced(rows["begun"])
    halted = _spaced(rows["halted"])
    between = rf"(?:\s+(?:{'|'.join(str(rows['auxiliaries']).split())}))*"
    return tuple(
        (manner, tuple(_heads(name) for name in needs), re.compile(pattern, re.I))
        for manner, needs, pattern in (
            ("deed", ("deed",), rf"\b(?:{_either('deeds', rows['deeds'])})(?!\w)"),
            ("halt", ("halt", "activity"), rf"\b(?:{_either('halt', rows['halt'])})\s+(?:\w+\s+)?(?:{plain})\b"),
            ("begins", ("begin", "activity"), rf"\b(?:{begin})\s+(?:(?:the|its|their|with)\s+)?(?:{acts})\b"),
            ("begun", ("begin", "activity"), rf"\b(?:{acts})\b{_OF}{between}\s+(?:{begun})\b"),
            ("halted", ("halt", "activity"), rf"\b(?:{plain})\b{_OF}{between}\s+(?P<halt_idling>{halted})\b"),
            ("noun", ("noun",), rf"\b(?:{_either('nouns', rows['nouns'])})(?!\w)"),
            ("site", ("site",), rf"\b(?:{_either('sites', rows['sites'])})(?!\w)"),
        )
    )


_OF = (
    r"(?:,\s[^,;]{2,60},)?(?:\s+(?:of|at|on|in|for|to)\s+(?:(?!\b(?:and|but|which|that|will|was|is)\b)[^,;:]){2,70}?)?"
)


def _either(section: str, rows: dict[str, str]) -> str:
    return "|".join(f"(?P<{_group(section, name)}>{_spaced(piece)})" for name, piece in rows.items())


def _spaced(piece: str) -> str:
    """A piece of the table as a pattern: lines joined, any white space between words."""
    return re.sub(r"\s+", r"\\s+", re.sub(r"\s*\|\s*", "|", piece.strip()))


@cache
def _auxiliaries() -> re.Pattern[str]:
    words = "|".join(str(table("milestones")["auxiliaries"]).split())
    return re.compile(rf"(?<![\w-])(?:(?:{words})\s+)+$", re.I)


@cache
def _doubts() -> re.Pattern[str]:
    """Words that take a milestone back; may in small letters only, since May is a month."""
    words = str(table("milestones")["doubts"]).split()
    written = [*words, *(word.capitalize() for word in words if word != "may")]
    return re.compile(rf"\b(?:{'|'.join(written)})\b|n[’']t\b")
