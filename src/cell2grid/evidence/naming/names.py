"""Names in a sentence: known ones from the gazetteer, longest first, and unknown capital words kept as found.

What is done with them (plants described by owner and place, pronouns, whose figure it is) is ``mentions.py`` and
``subjects.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.vocabulary import table, word_list

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
    place = 0
    while place < len(words):
        name = _known(text, words, place) or (None if shouted else _unknown(text, words, place, seen))
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
        if text[stop.end : stop.end + 1] in _MONEY:
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


_MONEY = frozenset("$€£¥₹￥")


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
        if not _is_capital(word) or _known_first(word):
            break
        run.append(word)
        place += 1
    if not run:
        return False
    naming = table("naming")
    if run[-1].rstrip(".") in naming["firm_endings"] and not any(word in naming["body_words"] for word in run):
        return len(run) > 1 or run[-1].lower() not in {"battery", "storage", "cars", "power"}
    named = run[0] not in naming["not_names"] and not any(word in naming["body_words"] for word in run)
    return named and run[0].lower() not in _common_words() and singular(run[0]) not in _common_words()


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
        and _is_capital(words[end + 1].word)
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


def _unknown(text: str, words: list[Token], place: int, seen: frozenset[str] | set[str]) -> Name | None:
    naming = table("naming")
    first = words[place]
    if not _is_capital(first.word) or re.search(r"-[a-z]|^[A-Z]{2,}s$", first.word):
        return None
    if first.word in naming["not_names"] and not (_is_linked(words, place) or _heads_name(text, words, place)):
        return None
    if _is_no_name(text, first):
        return None
    last = place
    while not words[last].possessive and last + 1 < len(words):
        step = _next_capital(text, words, last)
        if step is None:
            break
        last = step
    at_start = not text[: first.start].strip(" \"'“‘(*#—–-\ufeff") or bool(
        re.search(r"[.:!?][\"”’]?\s+$|[“\"]$", text[max(0, first.start - 4) : first.start])
    )
    heads_firm = last > place and first.word in naming["firm_endings"]  # Energy Vault said
    if at_start and (first.word in naming["starts"] or first.word.lower() in _common_words()) and not heads_firm:
        return None
    name_words = [word.word for word in words[place : last + 1]]
    has_suffix = len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"]
    while len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"]:
        name_words.pop()
    name = " ".join(name_words)
    if all(word.lower() in _common_words() or singular(word) in _common_words() for word in name_words):
        return None
    if name in naming["not_names"] or (last == place and len(name) < 3 and not name.isupper()):
        return None
    sure = first.possessive or name in seen or _is_coined(name) or _acts(text, words[place])
    if at_start and last == place and not sure:
        return None
    kind = "firm" if has_suffix and _kind(name_words) == "unknown" else _kind(name_words)
    return Name(first.start, words[last].end, name, kind, words[last].possessive, None, place, last)


_CODE = re.compile(r"(?:FY|CY|Q|H)\d{1,4}|[A-Za-z0-9]+\.[A-Z]{1,3}|\d[\w.]*")
_TICKER_AHEAD = re.compile(r"(?:[A-Z]{3,6}|Nasdaq|Xetra):\s?$")


@cache
def _money_marks() -> frozenset[str]:
    rows = table("units")["currency"]
    return frozenset(mark for name, row in rows.items() for mark in (name, *row.get("before", [])) if mark.isalpha())


def _is_no_name(text: str, token: Token) -> bool:
    """Whether a capital word is money, a quarter, a ticker or a row of months (RMB, NT$, FY26, MYE.AT, July-August)."""
    word = token.word
    if word in _money_marks() or text[token.end : token.end + 1] in _MONEY or _CODE.fullmatch(word):
        return True
    if _TICKER_AHEAD.search(text[max(0, token.start - 8) : token.start]) and word.isupper():
        return True
    parts = word.split("-")
    return len(parts) > 1 and all(part in table("naming")["not_names"] for part in parts)


_APPOSED = re.compile(r",\s(?:an?|the|one|which|who|whose|based|part|led|owned|founded)\b|\sof\s[A-Z]|\s\(")
_NO_DOER = re.compile(r"(?:ing|ly|ed|tion|sion|ment|ness|ity|ance|ence|age|ism|ship|[^aious]s)$")


def _acts(text: str, token: Token) -> bool:
    """Whether a single capital word at the head of a sentence does what firms do (Kokam posted, …)."""
    word = token.word
    if not word.isalpha() or word.lower() in word_list("doers_without_name"):
        return False
    behind = re.match(r"\s+(?P<verb>[a-z]+)\b", text[token.end : token.end + 24])
    acts = behind is not None and behind.group("verb") in word_list("deeds_of_firms")
    apposed = _APPOSED.match(text, token.end) is not None
    return (acts or apposed) and _NO_DOER.search(word) is None


def _heads_name(text: str, words: list[Token], place: int) -> bool:
    """Whether a point of the compass begins a name (Western Plains Battery, Northern Star Resources)."""
    if words[place].word not in _COMPASS or words[place].possessive:
        return False
    last = place
    while last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
        if not _is_capital(words[last + 1].word) or words[last].possessive:
            break
        last += 1
    naming = table("naming")
    return last > place + 1 and (
        words[last].word in naming["firm_endings"] or words[last].word.lower() in _common_words()
    )


_COMPASS = {"North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central"}


def _is_linked(words: list[Token], place: int) -> bool:
    """Whether a word that is no name begins one with a link (BESS del Desierto)."""
    return (
        place + 2 < len(words)
        and words[place + 1].word in {"de", "del", "du", "da"}
        and _is_capital(words[place + 2].word)
    )


def _next_capital(text: str, words: list[Token], last: int) -> int | None:
    """The place of the next word of a name, over de, del, & and the like; None where the name ends."""
    gap = text[words[last].end : words[last + 1].start]
    if gap not in {" ", "\u00a0", "-"} and not (
        gap in {", ", ". "} and words[last + 1].word.rstrip(".") in table("naming")["firm_suffixes"]
    ):
        return None
    after = words[last + 1].word
    if (
        after in {"de", "del", "du", "da", "di", "von", "van", "&", "dos"}
        and last + 2 < len(words)
        and _is_capital(words[last + 2].word)
    ):
        return last + 2
    inside = after in _COMPASS and last + 2 < len(words) and _is_capital(words[last + 2].word)
    if not _is_capital(after) or (after in table("naming")["not_names"] and not inside) or after == "The":
        return None
    if _is_no_name(text, words[last + 1]):
        return None
    known = _known(text, words, last + 1)
    place_in_name = known is not None and known.kind in {"country", "place"} and not known.possessive
    return last + 1 if known is None or place_in_name else None


def _is_capital(word: str) -> bool:
    return word[0].isupper() or (len(word) > 2 and word[0].isdigit() and word[1].isupper())


def _is_coined(name: str) -> bool:
    return name.isupper() or any(letter.isupper() for letter in name[1:])


def _kind(words: list[str]) -> str:
    naming = table("naming")
    if any(word in naming["body_words"] for word in words):
        return "body"
    if words[-1].rstrip(".") in naming["firm_endings"]:
        return "firm"
    return "unknown"


@cache
def _common_words() -> frozenset[str]:
    rows = table("naming")
    known = {word.lower() for key in ("kinds_of_plant", "groups", "definite_firms") for word in rows[key]}
    known |= {word for group in rows["facilities"].values() for word in group}
    known |= {word.lower() for noun in table("nouns").values() for word in noun}
    return frozenset(known) | word_list("common_in_headlines")
