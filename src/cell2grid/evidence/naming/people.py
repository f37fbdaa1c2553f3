"""People, who have no figures of their own: by title, office or given name, with the firm that they speak for.

"Orla Byrne, chief executive of Lough Storage" is no name of a firm, and what she says of "we" is the firm's.
Names as such are ``names.py``; who "we" is, ``pointers.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.naming.tokens import Name
from cell2grid.evidence.vocabulary import word_list

_PLACED = re.compile(r"\b(?:in|at|near|outside)\s$")
FIRMS = frozenset(("firm", "unknown", "venture"))
_OFFICE = "|".join(sorted((re.escape(word) for word in word_list("offices")), key=len, reverse=True))
_WITHIN = "|".join(sorted((re.escape(word) for word in word_list("office_words")), key=len, reverse=True))
_TITLE = rf"(?:(?:{_WITHIN}|{_OFFICE})[ -])*(?:{_OFFICE})"
_APPOSED = re.compile(
    rf",\s(?:(?:[A-Z][\w&.-]*\s){{0,3}}[A-Z][\w&.-]*[’']s?\s|the\s\w+[’']s\s)?(?P<title>{_TITLE})\b"
    rf"(?:\s(?P<link>of|at|for|from)\s(?:the\s)?)?",
    re.I,
)
_AHEAD = re.compile(rf"\b(?P<title>{_TITLE})(?:,)?\s$", re.I)
_LONGEST_TITLE = 120  # characters
_WORD_AHEAD = re.compile(r"(\w+),?\s$")
_LAST_OF_OFFICE = frozenset(re.split(r"\W", word)[-1] for word in word_list("offices"))
_COURTESY = re.compile(rf"(?:^|\W)(?:{'|'.join(re.escape(word) for word in word_list('courtesies'))})\s$", re.I)


def people(text: str, found: list[Name], surnames: dict[str, str | None]) -> dict[int, tuple[Name, str | None]]:
    """The people among the names of a sentence, by place in the list, each with the firm that is said to be theirs.

    ``surnames`` holds the last names of people that the story has named, with their firms; it is added to.
    """
    held: dict[int, tuple[Name, str | None]] = {}
    for place, name in enumerate(found):
        if name.kind not in {"unknown", "place"}:
            continue
        if _is_person(text, name, surnames):
            words = name.name.split()
            surname = words[0] if words[0] in word_list("family_names_first") else words[-1]
            firm = _firm(text, place, found) or surnames.get(surname)
            surnames[surname] = firm
            held[place] = replace(name, kind="person"), firm
    return held


def _is_person(text: str, name: Name, surnames: dict[str, str | None]) -> bool:
    words = name.name.split()
    if words[-1] in surnames or words[0] in surnames.keys() & word_list("family_names_first"):
        return True
    if len(words) > 3 or any(letter.isdigit() for letter in name.name) or "&" in words:
        return False
    before = text[max(0, name.start - 40) : name.start]
    if _COURTESY.search(before):
        return True
    ahead = _title_ahead(text, name.start, 40)
    if ahead is not None and ahead.group("title").lower() not in {"chair", "head", "boss"}:
        return True
    if len(words) == 1:
        return False
    apposed = _APPOSED.match(text, name.end)
    place = any(word.islower() for word in words) or words[-1] in word_list("ends_of_places")
    given = words[0] in word_list("given_names") and not place
    return apposed is not None or (given and _PLACED.search(before) is None)


def _firm(text: str, place: int, found: list[Name]) -> str | None:
    """The firm that an office beside a name is said to be of (chief executive of X; X's founder, …)."""
    name = found[place]
    apposed = _APPOSED.match(text, name.end)
    if apposed is not None:
        behind = [other for other in found[place + 1 :] if other.kind in FIRMS]
        if apposed.group("link") and behind and behind[0].start <= apposed.end() + 1:
            return behind[0].name
        within = [other for other in behind if other.possessive and other.end < apposed.start("title")]
        if within:
            return within[0].name
    elif place + 1 < len(found) and text[name.end : found[place + 1].start] == ", " and found[place + 1].kind == "firm":
        return found[place + 1].name
    ahead = _title_ahead(text, name.start)
    if ahead is not None:
        before = [other for other in found[:place] if other.kind in FIRMS]
        if before and text[before[-1].end : name.start - len(ahead.group())].strip(" ’'s\n") == "":
            return before[-1].name
    return None


def _title_ahead(text: str, end: int, length: int = _LONGEST_TITLE) -> re.Match[str] | None:
    """The title that ends right before a place, sought only where the word there is an office."""
    word = _WORD_AHEAD.search(text, max(0, end - 24), end)
    if word is None or word.group(1).lower() not in _LAST_OF_OFFICE:
        return None
    return _AHEAD.search(text[max(0, end - length) : end])
