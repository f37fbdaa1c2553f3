"""Names that no gazetteer holds, kept as found: runs of capital words that are no money, title, month or common noun.

A single capital word at the head of a sentence is a name only where the story or what it does there shows it. Known
names are ``names.py``, people ``people.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from cell2grid.evidence.naming.tokens import Name, Token, is_capital
from cell2grid.evidence.naming.verbs import acts, finite
from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.vocabulary import sets, table, word_list

MONEY = frozenset("$€£¥₹￥")


def unknown(text: str, words: list[Token], place: int, known: Mapping[int, Name], seen: Collection[str]) -> Name | None:
    """The name that begins at a word, if one does; ``known`` are the known names by their first word."""
    naming = sets("naming")
    first = words[place]
    if not is_capital(first.word) or first.word == "The" or _NO_BEGINNING.search(first.word):
        return None
    if first.word in naming["not_names"] and not (
        _is_linked(words, place) or _heads_name(text, words, place) or _is_american(text, words, place)
    ):
        return None
    if _is_no_name(text, first) and not _is_numbered(text, words, place):
        return None
    last = place
    while not words[last].possessive and last + 1 < len(words):
        step = _next_capital(text, words, last, known, first=last == place)
        if step is None:
            break
        last = step
    if last == place and _is_code(text, first):
        return None
    at_start = at_head(text, first)
    heads_firm = last > place and first.word in naming["firm_endings"]  # Energy Vault said
    small = first.word.lower()
    plain = first.word in naming["starts"] or small in common_words() or small in word_list("trades")
    plain = plain or (last > place and _is_plain_head(first.word) and words[last].word not in naming["firm_endings"])
    if at_start and plain and not heads_firm and not _begins_seen(words[place : last + 1], seen):
        return None
    name_words = [word.word for word in words[place : last + 1]]
    has_suffix = len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"]
    while len(name_words) > 1 and name_words[-1].rstrip(".") in naming["firm_suffixes"] and name_words[-1] != "Company":
        name_words.pop()
    name = " ".join(name_words)
    if all(word.lower() in common_words() or singular(word) in common_words() for word in name_words):
        return None
    if name in naming["not_names"] or (last == place and len(name) < 3 and not name.isupper()):
        return None
    sure = first.possessive or name in seen or _is_coined(name) or _acts(text, first) or _is_short(text, first, seen)
    if at_start and last == place and not sure:
        return None
    kind = "firm" if has_suffix and _kind(name_words) == "unknown" else _kind(name_words)
    if kind == "unknown" and _is_counted_off(text, words, last):  # Teverola 2
        last, name = last + 1, f"{name} {words[last + 1].word}"
    return Name(first.start, words[last].end, name, kind, words[last].possessive, None, place, last)


_NO_BEGINNING = re.compile(r"-[a-z]|^[A-Z]{2,}s$|^[A-Z]$")
_BEHIND_NUMBER = re.compile(
    r"(?:[’']s\b|[,;.)](?:\s|$)|\s(?:will|would|has|had|is|was|in|at|near|project|plant|battery|phase|to|can|and)\b|$)"
)


def _is_counted_off(text: str, words: list[Token], last: int) -> bool:
    """Whether a small number behind a name is its last word (Teverola 2, Coalburn 1)."""
    if last + 1 >= len(words) or words[last].possessive or not re.fullmatch(r"[1-9]", words[last + 1].word):
        return False
    number = words[last + 1]
    before = text[max(0, words[last].start - 12) : words[last].start]
    return (
        text[words[last].end : number.start] == " "
        and _BEHIND_NUMBER.match(text, number.end) is not None
        and not re.search(r"\b(?:[Ii]n|[Oo]n|[Bb]y)\s$", before)
    )


_CODE = re.compile(r"(?:FY|CY|Q|H)\d{1,4}|[A-Za-z0-9]+\.[A-Z]{1,3}|\d[\d.,]*[A-Za-z]{0,2}|[A-Z]{1,4}-\d+\w*")
_STANDARD = re.compile(r"/\w|\s\d{3,}")
_LETTERS_AND_DIGITS = re.compile(r"[A-Z]{1,4}\d+[A-Z]?")
_TICKER_AHEAD = re.compile(r"(?:[A-Z]{3,6}|Nasdaq|Xetra):\s?$")


@cache
def _money_marks() -> frozenset[str]:
    rows = table("units")["currency"]
    return frozenset(mark for name, row in rows.items() for mark in (name, *row.get("before", [])) if mark.isalpha())


def _begins_seen(run: list[Token], seen: Collection[str]) -> bool:
    """Whether words are the first of a longer name that the story has met (Great Lakes of Great Lakes Motors)."""
    name = " ".join(word.word for word in run)
    return len(run) > 1 and any(other.startswith(f"{name} ") for other in seen)


def _is_american(text: str, words: list[Token], place: int) -> bool:
    """Whether an adjective of a continent begins a name that acts (American Lease bought; European Metals said)."""
    if words[place].word not in {"American", "European", "Asian"} or place + 1 >= len(words):
        return False
    after = words[place + 1]
    plain = is_capital(after.word) and text[words[place].end : after.start] == " "
    return plain and after.word.lower() not in common_words() and (acts(text, after.end) or after.possessive)


def _is_numbered(text: str, words: list[Token], place: int) -> bool:
    """Whether a number with a letter heads a firm's name (24M Technologies)."""
    if not words[place].word[0].isdigit() or place + 1 >= len(words):
        return False
    ending = words[place + 1].word in sets("naming")["firm_endings"]
    return ending and text[words[place].end : words[place + 1].start] == " "


def _is_code(text: str, token: Token) -> bool:
    """Whether a capital word alone is a standard, a road or a model (GB/T 36276, UL 9540A, I-75, B40, SU7)."""
    apposed = text[token.start - 2 : token.start] == ", " and text[token.end : token.end + 1] == ","
    if _LETTERS_AND_DIGITS.fullmatch(token.word):
        return not apposed and not (token.possessive or _acts(text, token))
    return token.word.isupper() and len(token.word) < 6 and _STANDARD.match(text, token.end) is not None


def _is_short(text: str, token: Token, seen: Collection[str]) -> bool:
    """Whether a word at the head of a sentence is the first of a name that the story has met (Tundra of Tundra Cells).

    What follows must be what follows a subject: a verb, a comma, "in turn".
    """
    follows = _FOLLOWS.match(text, token.end)
    if follows is None or (follows.group("verb") is not None and follows.group("verb") not in finite()):
        return False
    return any(name.startswith(f"{token.word} ") for name in seen)


_FOLLOWS = re.compile(r",|\s(?:in turn|itself|alone|also|too|now|then|once|already|still|\w+ly)\b|\s(?P<verb>[a-z]+)\b")


def _is_no_name(text: str, token: Token) -> bool:
    """Whether a capital word is money, a quarter, a ticker or a row of months (RMB, NT$, FY26, MYE.AT, July-August)."""
    word = token.word
    if word in _money_marks() or text[token.end : token.end + 1] in MONEY or _CODE.fullmatch(word):
        return True
    if word.isupper() and _TICKER_AHEAD.search(text[max(0, token.start - 8) : token.start]):
        return True
    if "-" not in word:
        return False
    parts = word.split("-")
    return len(parts) > 1 and all(part in sets("naming")["not_names"] for part in parts)


_APPOSED = re.compile(
    r",\s(?:an?|the|one|as|with|its|their|now|formerly|which|who|whose|to|in|based|part|led|owned|founded|held|run|built"
    r"|known|headed|listed|majority|half|jointly|wholly|long|home|backed|controlled|once|until)\b|\sof\s[A-Z]|\s\("
)
_NO_DOER = re.compile(r"(?:ing|ly|ed|tion|sion|ment|ness|ity|ance|ence|age|ism|ship|[^aious]s)$")


def _acts(text: str, token: Token) -> bool:
    """Whether a single capital word at the head of a sentence does what firms do (Kokam posted, …)."""
    word = token.word
    if not word.isalpha() or word.lower() in word_list("doers_without_name"):
        return False
    if word.lower() in word_list("common_heads"):
        return False
    apposed = _APPOSED.match(text, token.end) is not None
    if apposed and word.endswith("s"):  # Gesits, the state's own brand, …; but: Tariffs, the main worry, …
        one, lists = singular(word.lower()), ("common_heads", "doers_without_name")
        return one not in common_words() and not any(one in word_list(name) for name in lists)
    return (apposed or acts(text, token.end)) and _NO_DOER.search(word) is None


def _heads_name(text: str, words: list[Token], place: int) -> bool:
    """Whether a point of the compass begins a name (Western Plains Battery, Northern Star Resources)."""
    if words[place].word not in _COMPASS or words[place].possessive:
        return False
    last = place
    while last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
        if not is_capital(words[last + 1].word) or words[last].possessive:
            break
        last += 1
    naming = sets("naming")
    return last > place + 1 and (
        words[last].word in naming["firm_endings"] or words[last].word.lower() in common_words()
    )


_COMPASS = {"North", "South", "East", "West", "Northern", "Southern", "Eastern", "Western", "Central"}


def _is_linked(words: list[Token], place: int) -> bool:
    """Whether a word that is no name begins one with a link (BESS del Desierto)."""
    return place + 2 < len(words) and words[place + 1].word in _LINKS and is_capital(words[place + 2].word)


_LINKS = word_list("links_in_names")
_ADJECTIVE = re.compile(
    r"-(?:rival|owned|backed|based|led|controlled|linked|funded|listed|made|built|style|sized|class|type|free|grade"
    r"|run|born|bound|supplied|branded|held|maker|related|only|wide)$"
)


def _next_capital(text: str, words: list[Token], last: int, known: Mapping[int, Name], *, first: bool) -> int | None:
    """The place of the next word of a name, over de, del, & and the like; None where the name ends."""
    gap = text[words[last].end : words[last + 1].start]
    if gap not in {" ", "\u00a0", "-"} and not (
        gap in {", ", ". "} and words[last + 1].word.rstrip(".") in sets("naming")["firm_suffixes"]
    ):
        return None
    linked = over_links(text, words, last)
    if linked is not None:
        return linked
    after = words[last + 1].word
    if not is_capital(after) or after == "The" or _ADJECTIVE.search(after):
        return None
    ends_in_compass = after in _COMPASS and (last + 2 == len(words) or not is_capital(words[last + 2].word))
    inside = after in _COMPASS and last + 2 < len(words) and is_capital(words[last + 2].word)
    if after in sets("naming")["not_names"] and not (inside or ends_in_compass):
        return None
    if _is_no_name(text, words[last + 1]):
        return None
    other = known.get(last + 1)
    if other is None or (other.kind in {"country", "place"} and not other.possessive):
        return last + 1
    within = other.kind == "firm" and other.first == other.last and first
    if within and at_head(text, words[last]):  # Oyak Renault made, but Carmaker Renault made
        plain = _is_plain_head(words[last].word) or _NO_DOER.search(words[last].word) is not None
        within = acts(text, other.end) and not plain
    return last + 1 if within else None  # Quebrada Honda is no Honda


def _is_plain_head(word: str) -> bool:
    """Whether a word is one that has a capital only at the head of a sentence."""
    small = word.lower()
    lists = ("common_heads", "doers_without_name", "trades")
    return word in sets("naming")["starts"] or small in common_words() or any(small in word_list(n) for n in lists)


def over_links(text: str, words: list[Token], last: int) -> int | None:
    """The next capital word behind one or two linking words (Caxias do Sul, Diego de la Vega)."""
    place = last + 1
    while place < len(words) and place <= last + 2 and words[place].word in _LINKS:
        place += 1
    if place == last + 1 or place >= len(words) or not is_capital(words[place].word):
        return None
    return place if text[words[last].end : words[place].start].count(" ") == place - last else None


_OPENED = re.compile(r"(?:[.:!?][\"”’]?|[—–]|--)\s+$|[“\"]$")
_MARKS = re.compile("[ \"'“‘(*#—–\ufeff-]*+")


def at_head(text: str, token: Token) -> bool:
    """Whether a word is the first of its sentence or of a quotation, where every word has a capital."""
    if _MARKS.fullmatch(text, 0, token.start):
        return True
    return _OPENED.search(text[max(0, token.start - 4) : token.start]) is not None


def _is_coined(name: str) -> bool:
    return name.isupper() or any(letter.isupper() for letter in name[1:])


def _kind(words: list[str]) -> str:
    naming = sets("naming")
    if words[-1].rstrip(".") in naming["firm_endings"] and words[0] not in naming["body_words"]:
        return "firm"
    return "body" if any(word in naming["body_words"] for word in words) else "unknown"


@cache
def common_words() -> frozenset[str]:
    """Words of the trade that are no names, whatever their first letter."""
    rows = sets("naming")
    known = {word.lower() for key in ("kinds_of_plant", "groups", "definite_firms") for word in rows[key]}
    known |= {word for group in rows["facilities"].values() for word in group}
    known |= {word.lower() for noun in table("nouns").values() for word in noun}
    return frozenset(known) | word_list("common_in_headlines")
