"""Names that no gazetteer holds, kept as found: runs of capital words that are no money, title, month or common noun.

A single capital word at the head of a sentence is a name only where the story or what it does there shows it. Known
names are ``names.py``, people ``people.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from cell2grid.evidence.naming.tokens import Name, Token, is_capital
from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.vocabulary import table, word_list

MONEY = frozenset("$€£¥₹￥")


def unknown(text: str, words: list[Token], place: int, known: Mapping[int, Name], seen: Collection[str]) -> Name | None:
    """The name that begins at a word, if one does; ``known`` are the known names by their first word."""
    naming = table("naming")
    first = words[place]
    if not is_capital(first.word) or re.search(r"-[a-z]|^[A-Z]{2,}s$", first.word):
        return None
    if first.word in naming["not_names"] and not (_is_linked(words, place) or _heads_name(text, words, place)):
        return None
    if _is_no_name(text, first):
        return None
    last = place
    while not words[last].possessive and last + 1 < len(words):
        step = _next_capital(text, words, last, known)
        if step is None:
            break
        last = step
    at_start = not text[: first.start].strip(" \"'“‘(*#—–-\ufeff") or bool(
        re.search(r"[.:!?][\"”’]?\s+$|[“\"]$", text[max(0, first.start - 4) : first.start])
    )
    heads_firm = last > place and first.word in naming["firm_endings"]  # Energy Vault said
    if at_start and (first.word in naming["starts"] or first.word.lower() in common_words()) and not heads_firm:
        return None
    name_words = [word.word for word in words[place : last + 1]]
    has_suffix = len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"]
    while len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"]:
        name_words.pop()
    name = " ".join(name_words)
    if all(word.lower() in common_words() or singular(word) in common_words() for word in name_words):
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
    if word in _money_marks() or text[token.end : token.end + 1] in MONEY or _CODE.fullmatch(word):
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
        if not is_capital(words[last + 1].word) or words[last].possessive:
            break
        last += 1
    naming = table("naming")
    return last > place + 1 and (
        words[last].word in naming["firm_endings"] or words[last].word.lower() in common_words()
    )


_COMPASS = {"North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central"}


def _is_linked(words: list[Token], place: int) -> bool:
    """Whether a word that is no name begins one with a link (BESS del Desierto)."""
    return (
        place + 2 < len(words)
        and words[place + 1].word in {"de", "del", "du", "da"}
        and is_capital(words[place + 2].word)
    )


def _next_capital(text: str, words: list[Token], last: int, known: Mapping[int, Name]) -> int | None:
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
        and is_capital(words[last + 2].word)
    ):
        return last + 2
    inside = after in _COMPASS and last + 2 < len(words) and is_capital(words[last + 2].word)
    if not is_capital(after) or (after in table("naming")["not_names"] and not inside) or after == "The":
        return None
    if _is_no_name(text, words[last + 1]):
        return None
    other = known.get(last + 1)
    place_in_name = other is not None and other.kind in {"country", "place"} and not other.possessive
    return last + 1 if other is None or place_in_name else None


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
def common_words() -> frozenset[str]:
    """Words of the trade that are no names, whatever their first letter."""
    rows = table("naming")
    known = {word.lower() for key in ("kinds_of_plant", "groups", "definite_firms") for word in rows[key]}
    known |= {word for group in rows["facilities"].values() for word in group}
    known |= {word.lower() for noun in table("nouns").values() for word in noun}
    return frozenset(known) | word_list("common_in_headlines")
