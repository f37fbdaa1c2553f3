"""Units as pages write them, before a number (US$, €) and after it (MWh, per cent, billion yuan, a year).

The spellings are data (``vocabulary/units.yaml``, ``nouns.yaml``); what an unknown plural noun counts is read here
too. Numbers themselves are ``numbers.py``; putting the parts together is ``lexer.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from cell2grid.evidence.quantities.numbers import BLANK
from cell2grid.evidence.vocabulary import table, word_list


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit read beside a number: where it ends, its spelling in a claim, and of what kind it is."""

    end: int
    name: str
    kind: str
    written: str = ""


@cache
def _spellings() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]], dict[str, str]]:
    """Symbols (case kept), words (lower case, singular and plural), and marks of currency before a number."""
    symbols: dict[str, tuple[str, str]] = {}
    words: dict[str, tuple[str, str]] = {}
    before: dict[str, str] = {}
    for kind, units in table("units").items():
        for name, row in units.items():
            unit_kind = name if name == "percentage_point" else kind
            for symbol in row.get("symbols", []):
                symbols[symbol] = (name, unit_kind)
            for symbol in row.get("before", []):
                before[symbol] = name
            for word in [*row.get("words", []), *row.get("after", [])]:
                target = words if (word.isascii() and word[:1].isalpha()) or word.startswith("-") else symbols
                target[word.lower() if target is words else word] = (name, unit_kind)
                if target is words:
                    target[plural(word.lower())] = (name, unit_kind)
    return symbols, words, before


@cache
def _after_pattern() -> re.Pattern[str]:
    symbols, words, _ = _spellings()
    longest_symbols = "|".join(re.escape(s) for s in sorted(symbols, key=len, reverse=True))
    longest_words = "|".join(re.escape(w).replace("\\ ", r"[\s-]") for w in sorted(words, key=len, reverse=True))
    return re.compile(
        rf"{BLANK}{{0,3}}(?:-?(?P<word>(?i:{longest_words}))(?![\w])"
        rf"|-?(?P<symbol>{longest_symbols})(?![A-Za-z0-9²³]))"
    )


@cache
def _before_pattern() -> re.Pattern[str]:
    _, _, before = _spellings()
    marks = "|".join(re.escape(mark) for mark in sorted(before, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?P<mark>{marks}){BLANK}{{0,2}}$")


def currency_before(text: str, start: int) -> tuple[int, str] | None:
    """Where the mark of a currency before a number begins, and the ISO code that it stands for.

    >>> currency_before("about US$92 billion", 9)
    (6, 'USD')
    """
    found = _before_pattern().search(text, max(0, start - 10), start)
    if found is None:
        return None
    code = _spellings()[2][found.group("mark")]
    if found.group("mark") in {"W", "Ft", "Dh"} and found.end() != found.end("mark"):
        return None
    if found.group("mark") in {"¥", "￥"} and re.search(r"\b(?:yen|Japan\w*|Nissan|Toyota|Panasonic|Tokyo)\b", text):
        code = "JPY"
    return found.start("mark"), code


def unit_after(text: str, end: int) -> Unit | None:
    """The unit that follows a number or its magnitude, currencies among them.

    >>> unit_after("36.5 per cent", 4).name, unit_after("2,000MWh", 5).name
    ('percent', 'MWh')
    """
    found = _after_pattern().match(text, end, min(len(text), end + 40))
    if found is None:
        return None
    symbols, words, _ = _spellings()
    if found.group("symbol") is not None:
        name, kind = symbols[found.group("symbol")]
        glued = found.start("symbol") == end
        if found.group("symbol") in {"x", "V", "h", "min", "度"} and not glued and found.group("symbol") != "h":
            return None
        return Unit(found.end(), name, kind, found.group("symbol"))
    written = re.sub(r"[\s-]", " ", found.group("word").lower())
    name, kind = words.get(written) or words.get(found.group("word").lower()) or words["-" + written.strip()]
    return Unit(found.end(), name, kind, found.group("word"))


# -- counted nouns ---------------------------------------------------------------------------------------------------

_IRREGULAR = {
    "people": "person",
    "men": "man",
    "women": "woman",
    "children": "child",
    "buses": "bus",
    "feet": "foot",
    "staff": "staff",
}
_STOPS = word_list("after_a_number_no_noun")
_NOT_PLURAL = re.compile(r"(?:ss|us|is|ics|’s|'s|ous|ius)$")
_WORD = re.compile(r"[\s\u200b\u2060-]{1,3}(?P<word>[^\W\d_][\w.’'&/-]*|\d[\w.]{0,5}(?=\s+[A-Za-z]))")


def plural(noun: str) -> str:
    """The plural of an English noun by the common rules.

    >>> plural("battery"), plural("bus"), plural("pack")
    ('batteries', 'buses', 'packs')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def singular(noun: str) -> str:
    """The singular of an English plural by the common rules.

    >>> singular("countries"), singular("boxes"), singular("people"), singular("parcels")
    ('country', 'box', 'person', 'parcel')
    """
    lower = noun.lower()
    if lower in _IRREGULAR:
        return _IRREGULAR[lower]
    if lower.endswith("ies") and len(lower) > 4:
        return lower[:-3] + "y"
    if lower.endswith(("xes", "ches", "shes", "sses")):
        return lower[:-2]
    return lower[:-1] if lower.endswith("s") else lower


@cache
def _nouns() -> dict[str, str]:
    """Every way a counted noun is written, lower case, singular and plural, to its name in a claim."""
    rows: dict[str, list[str]] = table("nouns")
    products: dict[str, str] = {}
    for entry in table("gazetteer")["products"]:
        for alias in [entry["name"], *entry.get("aliases", [])]:
            products[alias.lower()] = entry["counted_in"]
    written = {word.lower(): name for name, words in rows.items() for word in words} | products
    written |= {plural(word): name for word, name in list(written.items())}
    return written | {many: one for many, one in _IRREGULAR.items() if one not in {"bus", "foot"}}


def counted_noun(text: str, end: int, *, singular_too: bool = False) -> Unit | None:
    """The noun that a number counts: a known one within five words, or else the first plural.

    Known plurals give their name in a claim (cars are ``vehicle``); any other plural gives its own singular.
    ``singular_too`` takes a known noun in the singular (one shift, a 500-vehicle order).

    >>> counted_noun("10,000 Megapack units, each", 6).name, counted_noun("96 parcels worth", 2).name
    ('system', 'parcel')
    """
    words = _following_words(text, end)
    known = _known_noun(words, singular_too)
    if known is not None:
        return known
    chinese = re.compile(r"辆|台|套").match(text, end)
    if chinese is not None:
        return Unit(chinese.end(), _nouns()[chinese.group()], "count", chinese.group())
    for index, (word, stop) in enumerate(words[:3]):
        is_plural = re.fullmatch(r"[A-Z]{2,6}s", word) or (
            re.fullmatch(r"[A-Za-z][a-z-]{2,}s", word) and not _NOT_PLURAL.search(word.lower())
        )
        if is_plural and all(before[:1].isalpha() for before, _ in words[:index]):
            return Unit(stop, singular(word.split("-")[-1]), "count", word)
    return None


def _known_noun(words: list[tuple[str, int]], singular_too: bool) -> Unit | None:
    nouns = _nouns()
    for first in range(min(6, len(words))):
        for length in range(min(4, len(words) - first), 0, -1):
            phrase = " ".join(word for word, _ in words[first : first + length]).lower()
            if phrase not in nouns:
                continue
            last = words[first + length - 1][0]
            is_plural = last.lower() in _IRREGULAR or (last[-1:] in "sS" and singular(last) != last.lower())
            following = words[first + length] if first + length < len(words) else None
            if following is not None and following[0].lower() in nouns and _is_plural(following[0]):
                name = (
                    nouns[phrase] if nouns[following[0].lower()] in {"unit", "system"} else nouns[following[0].lower()]
                )
                return Unit(following[1], name, "count", phrase)
            if is_plural or singular_too or (last == last.upper() and last not in {"EV", "NEV", "BEV"}):
                return Unit(words[first + length - 1][1], nouns[phrase], "count", phrase)
    return None


def _is_plural(word: str) -> bool:
    return word.lower() in _IRREGULAR or word.lower().endswith("s")


def _following_words(text: str, end: int) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    place = end
    while len(words) < 7:
        found = _WORD.match(text, place)
        if found is None:
            break
        word = found.group("word").rstrip(".,’'&/-")
        stop = found.start("word") + len(word)
        if word.lower() in {"and", "or"} and _joins_names(text, words, stop):
            place = stop
            continue
        if word.lower() in _STOPS or (
            word.endswith("ed") and word.islower() and word not in {"imported", "used"} and words
        ):
            break
        words.append((word, stop))
        if stop != found.end():
            break
        place = stop
    return words


def _joins_names(text: str, words: list[tuple[str, int]], stop: int) -> bool:
    """Whether "and" stands between two names of products (Kona Electric and Ioniq 5 cars)."""
    return bool(words) and words[-1][0][:1].isupper() and text[stop : stop + 2].strip()[:1].isupper()


# -- per year, per unit ----------------------------------------------------------------------------------------------

_TIMES = "year|month|week|day|hour|quarter|annum"
_PER = re.compile(
    rf"{BLANK}{{0,2}}(?:/{BLANK}?|(?:per|each|every"
    rf"|an?){BLANK}{{1,2}})(?P<denominator>[A-Za-z²³][\w²³-]{{0,14}}(?:[ -]hour)?)"
    rf"(?!{BLANK}+(?:earlier|ago|before|later|prior|previously)\b)"
)
_ADVERB = re.compile(
    rf"{BLANK}{{1,2}}(?:of{BLANK}+(?:[\w-]+{BLANK}+){{0,3}}?(?:[a-z-]+){BLANK}+)?(?P<adverb>annually"
    rf"|yearly|monthly|weekly|daily|p\.a\.|p/a|pa\b)"
)
_OF_PER = re.compile(
    rf"{BLANK}{{1,2}}(?:of|worth of){BLANK}+(?:[\w-]+{BLANK}+){{1,4}}?(?=(?:per|a|each"
    rf"|every){BLANK}+(?:year|annum|month)\b)"
)
_PERIODS = {
    "annum": "year",
    "yr": "year",
    "p.a.": "year",
    "annually": "year",
    "yearly": "year",
    "pa": "year",
    "p/a": "year",
    "monthly": "month",
    "weekly": "week",
    "daily": "day",
    "mo": "month",
    "a": "year",
    "hr": "hour",
    "h": "hour",
    "d": "day",
}


def denominator_after(text: str, end: int, kind: str) -> tuple[int, str] | None:
    """Where a denominator ends and what it is (per kWh, a year, /t, annually), or None.

    >>> denominator_after("86 GWh a year", 6, "energy"), denominator_after("$165 per kWh in", 4, "currency")
    ((13, 'year'), (12, 'kWh'))
    """
    adverb = _ADVERB.match(text, end)
    if adverb is not None:
        return adverb.end(), _PERIODS[adverb.group("adverb")]
    skipped = _OF_PER.match(text, end)
    found = _PER.match(text, skipped.end() - 1 if skipped else end)
    if found is None:
        return None
    written = found.group("denominator")
    slash = "/" in found.group()[:4]
    if re.fullmatch(_TIMES, written.lower()) or (slash and written.lower() in _PERIODS):
        return found.end(), _PERIODS.get(written.lower(), written.lower())
    if kind == "percent":
        return None
    symbols, words, _ = _spellings()
    named = symbols.get(written) or words.get(written.lower().replace("-", " ")) or words.get(written.lower())
    if named is not None and named[1] not in {"ratio", "currency", "percent"}:
        return found.end(), named[0]
    noun = _nouns().get(written.lower())
    plain = noun is not None and not _is_plural(written)
    return (found.end(), noun) if plain and noun is not None else None
