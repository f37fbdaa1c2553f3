"""The noun that a number counts: vehicles, cells, plants, jobs, or whatever plural stands behind it.

The known nouns and how a claim calls them are data (``vocabulary/nouns.yaml``, ``chinese_counting.yaml``, the products
of ``gazetteer.yaml``).
Units of measure are ``units_written.py``.
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.quantities.plurals import IRREGULAR, PEOPLE, plural, singular
from cell2grid.evidence.quantities.units_written import Unit
from cell2grid.evidence.vocabulary import table, word_list
from cell2grid.evidence.vocabulary.gazetteer import of_kind

_STOPS = word_list("after_a_number_no_noun")
_NOT_PLURAL = re.compile(r"(?:ss|us|is|ics|’s|'s|ous|ius)$")
_WORD = re.compile(r"[\s\u200b\u2060-]{1,3}(?P<word>[^\W\d_][\w.’'&/-]*|\d[\w.]{0,5}(?=\s+[A-Za-z]))")


@cache
def nouns() -> dict[str, str]:
    """Every way a counted noun is written, lower case, singular and plural, to its name in a claim."""
    rows: dict[str, list[str]] = table("nouns")
    products: dict[str, str] = {}
    for product in of_kind("product"):
        if product.counted_in is not None:
            products |= {name.lower(): product.counted_in for name in product.names}
    written = {word.lower(): name for name, words in rows.items() for word in words} | products
    written |= {plural(word): name for word, name in list(written.items())}
    return written | PEOPLE


def counted_noun(text: str, end: int, *, singular_too: bool = False) -> Unit | None:
    """The noun that a number counts: a known one within five words, or else the first plural.

    Known plurals give their name in a claim (cars are ``vehicle``); any other plural gives its own singular.
    ``singular_too`` takes a known noun in the singular (one shift, a 500-vehicle order).

    >>> counted_noun("10,000 Megapack units, each", 6).name, counted_noun("96 parcels worth", 2).name
    ('system', 'parcel')
    """
    words = _following_words(text, end)
    known = _known_noun(text, words, singular_too)
    if known is not None:
        return _with_others(text, known)
    if text[end : end + 1] > "\u3000":
        return _chinese_noun(text, end)
    for index, (word, stop) in enumerate(words[:3]):
        many = re.fullmatch(r"[A-Z]{2,6}s|(?:[A-Z][a-z]+){2,3}s", word) or (
            re.fullmatch(r"[A-Za-z][a-z-]{2,}s", word) and not _NOT_PLURAL.search(word.lower())
        )
        if many and all(before[:1].isalpha() for before, _ in words[:index]):
            camel = word[1:-1] != word[1:-1].lower() and word[-2:-1].islower()  # GridBlocks
            return Unit(stop, word[:-1] if camel else singular(word.split("-")[-1]), "count", word)
    return None


_AND_OTHERS = re.compile(r"\s(?:and|or)\s(?:(?:electric|hybrid|passenger)\s)?(?P<noun>[a-z]+)(?=[\s,.;)]|$)")
_VEHICLES = frozenset({"vehicle", "bus", "truck", "lorry", "coach", "van"})


def _with_others(text: str, noun: Unit) -> Unit:
    """Two kinds of vehicles that one number counts are vehicles (4,300 electric buses and cars)."""
    joined = _AND_OTHERS.match(text, noun.end) if noun.name in _VEHICLES else None
    other = nouns().get(joined.group("noun")) if joined is not None and is_plural(joined.group("noun")) else None
    if joined is None or other not in _VEHICLES or other == noun.name:
        return noun
    return Unit(joined.end(), "vehicle", "count", text[noun.end - len(noun.written) : joined.end()])


@cache
def _chinese() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {written: name for name, ways in table("chinese_counting").items() for written in ways}
    return re.compile("|".join(sorted(names, key=len, reverse=True))), names


def _chinese_noun(text: str, end: int) -> Unit | None:
    """What a Chinese page counts, by the measure word and noun that follow a number without a blank."""
    pattern, names = _chinese()
    found = pattern.match(text, end)
    return None if found is None else Unit(found.end(), names[found.group()], "count", found.group())


# one plant manager is a manager
_SOMEONE = re.compile(
    r"\s(?:manager|worker|official|boss|chief|operator|owner|executive|employee|analyst|expert|insider|source)s?\b"
)


def _known_noun(text: str, words: list[tuple[str, int]], singular_too: bool) -> Unit | None:
    known = nouns()
    for first in range(min(6, len(words))):
        for length in range(min(4, len(words) - first), 0, -1):
            phrase = " ".join(word for word, _ in words[first : first + length]).lower()
            if phrase not in known:
                continue
            last = words[first + length - 1][0]
            many = last.lower() in IRREGULAR or (last[-1:] in "sS" and not _NOT_PLURAL.search(last.lower()))
            following = words[first + length] if first + length < len(words) else None
            if following is not None and following[0].lower() in known and is_plural(following[0]):
                name = (
                    known[phrase] if known[following[0].lower()] in {"unit", "system"} else known[following[0].lower()]
                )
                return Unit(following[1], name, "count", phrase)
            if (
                many
                or (singular_too and not _SOMEONE.match(text, words[first + length - 1][1]))
                or (last == last.upper() and last not in {"EV", "NEV", "BEV"})
            ):
                return Unit(words[first + length - 1][1], known[phrase], "count", phrase)
    return None


def is_plural(word: str) -> bool:
    """Whether a word has the form of a plural."""
    return word.lower() in IRREGULAR or word.lower().endswith("s")


_NOTED = re.compile(r"(?<=[a-z]{3})(?:[1-9]|[¹²³⁴-⁹]{1,2})$")  # vehicles¹: the mark of a footnote


def _following_words(text: str, end: int) -> list[tuple[str, int]]:
    words: list[tuple[str, int]] = []
    place = end
    while len(words) < 7:
        found = _WORD.match(text, place)
        if found is None or (not words and found.group("word")[0].isdigit()):
            break
        word = _NOTED.sub("", found.group("word").partition("/")[0].rstrip(".,’'&-"))
        stop = found.start("word") + len(word)
        if word.lower() in {"and", "or"} and _joins_names(text, words, stop):
            place = stop
            continue
        if (word.lower() in _STOPS and not (word == "points" and words)) or (
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
