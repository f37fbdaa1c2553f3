"""Names in a sentence: known ones from the gazetteer, longest first, and unknown capital words kept as found.

How unknown names are told is ``unknown_names.py``; what is done with names (plants described by owner and place,
pronouns, whose figure it is) is ``mentions.py`` and ``claims/subjects.py``.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cell2grid.evidence.naming.tokens import Name, Token, is_capital, tokens
from cell2grid.evidence.naming.unknown_names import MONEY, common_words, unknown
from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.vocabulary import table


@cache
def _index() -> dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]]:
    """First word of every alias → the aliases that begin with it, longest first, with their entries."""
    book = table("gazetteer")
    index: dict[str, list[tuple[tuple[str, ...], dict[str, Any]]]] = {}

    def enter(alias: str, entry: dict[str, Any]) -> None:
        words = tuple(token.word for token in tokens(alias))
        if words:
            index.setdefault(words[0], []).append((words, entry))

    for section, kind in (("firms", "firm"), ("bodies", "body"), ("plants", "plant"), ("products", "product")):
        for row in book[section]:
            entry = {"kind": kind, **row}
            for alias in [row["name"], *row.get("aliases", [])]:
                enter(alias, entry)
    for name, row in book["countries"].items():
        for alias in [name, *(row or {}).get("aliases", [])]:
            enter(alias, {"name": name, "kind": "country"})
        for people in (row or {}).get("people", "").split("|"):
            enter(people, {"name": name, "kind": "people", "adjective": people})
    for place in book["places"]:
        enter(place, {"name": place, "kind": "place"})
    for rows in index.values():
        rows.sort(key=lambda row: -len(row[0]))
    return index


@cache
def owner_of(name: str) -> str | None:
    """Whose a named part, plant or product is by the gazetteer; None where it does not say.

    >>> owner_of("Giga Shanghai"), owner_of("Tesla China"), owner_of("BYD")
    ('Tesla', 'Tesla', None)
    """
    book = table("gazetteer")
    for section in ("firms", "plants", "products"):
        for row in book[section]:
            if row["name"] == name:
                owner = row.get("owner")
                return str(owner) if owner else None
    return None


def names(text: str, words: list[Token], seen: frozenset[str] | set[str] = frozenset()) -> list[Name]:
    """The names of a sentence in order, without overlap; ``seen`` holds names met in the middle of a sentence before.

    >>> text = "Beijing-based Acme Energy sold cells to BYD Co. Ltd. and Fluence Energy."
    >>> [name.name for name in names(text, tokens(text))]
    ['Acme Energy', 'BYD', 'Fluence']
    """
    found: list[Name] = []
    shouted = _in_title_case(words)
    known = {place: name for place in range(len(words)) if (name := _known(text, words, place)) is not None}
    place = 0
    while place < len(words):
        name = known.get(place) or (None if shouted else unknown(text, words, place, known, seen))
        if name is None:
            place += 1
            continue
        found.append(name)
        place = name.last + 1
    return found


def _in_title_case(words: list[Token]) -> bool:
    long = [word.word for word in words if len(word.word) > 3 and word.word.isalpha()]
    return len(long) >= 4 and sum(word[0].isupper() for word in long) >= 0.85 * len(long)


def _known(text: str, words: list[Token], place: int) -> Name | None:
    for alias, entry in _index().get(words[place].word, ()):
        last = place + len(alias) - 1
        if last >= len(words) or any(words[place + n].word != part for n, part in enumerate(alias)):
            continue
        if any(
            words[n].possessive or text[words[n].end : words[n + 1].start].strip(" .,\n\t-") for n in range(place, last)
        ):
            continue
        first, stop = words[place], words[last]
        if text[stop.end : stop.end + 1] in MONEY:
            return None
        compound = text[stop.end : stop.end + 1] == "-" and text[stop.end + 1 : stop.end + 2].isalpha()
        if compound and entry["kind"] != "people":
            return None
        last, stop = _with_suffix(text, words, last) if entry["kind"] == "firm" else (last, stop)
        kind = entry["kind"]
        if (kind in {"country", "place"} and _begins_firm(text, words, last)) or (
            kind == "firm" and _is_longer(text, words, last)
        ):
            return None
        return Name(first.start, stop.end, entry["name"], kind, stop.possessive, entry.get("owner"), place, last, entry)
    return None


def _begins_firm(text: str, words: list[Token], last: int) -> bool:
    """Whether a place is the first word of a firm's name (Shanghai Electric, Hunan Yuneng, Korea Southern Power)."""
    run = []
    place = last
    while (
        not words[place].possessive
        and place + 1 < len(words)
        and text[words[place].end : words[place + 1].start] == " "
    ):
        word = words[place + 1].word
        if not is_capital(word) or _known_first(word):
            break
        run.append(word)
        place += 1
    if not run:
        return False
    naming = table("naming")
    if run[-1].rstrip(".") in naming["firm_endings"] and not any(word in naming["body_words"] for word in run):
        return len(run) > 1 or run[-1].lower() not in {"battery", "storage", "cars", "power"}
    named = run[0] not in naming["not_names"] and not any(word in naming["body_words"] for word in run)
    return named and run[0].lower() not in common_words() and singular(run[0]) not in common_words()


def _known_first(word: str) -> bool:
    """Whether the gazetteer has a name of this one word."""
    return any(len(alias) == 1 for alias, _ in _index().get(word, ()))


def _is_longer(text: str, words: list[Token], last: int) -> bool:
    """Whether a known firm's name goes on as the name of another (Siemens Automotive Electric)."""
    end = last
    while (
        not words[end].possessive
        and end + 1 < len(words)
        and text[words[end].end : words[end + 1].start] == " "
        and is_capital(words[end + 1].word)
    ):
        end += 1
    naming = table("naming")
    tail = words[end].word
    return (
        end > last + 1
        and tail in naming["firm_endings"]
        and tail not in naming["firm_suffixes"]
        and tail not in {"Battery", "Storage", "Group"}
    )


def _with_suffix(text: str, words: list[Token], last: int) -> tuple[int, Token]:
    """The end of a firm's name with the legal form that follows it (Co. Ltd., Inc., AG)."""
    suffixes = table("naming")["firm_suffixes"]
    while last + 1 < len(words) and words[last + 1].word.rstrip(".") in suffixes and not words[last].possessive:
        if text[words[last].end : words[last + 1].start].strip(" .,"):
            break
        last += 1
    return last, words[last]
