"""Groups without a name of their own: Chinese EV companies, battery factories in Europe, the top five suppliers.

Names are ``names.py``, described plants ``facilities.py``, words that point back ``pointers.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from cell2grid.evidence.naming.discourse import Discourse, Mention
from cell2grid.evidence.naming.prepositions import preposition_of
from cell2grid.evidence.naming.tokens import Name, Token
from cell2grid.evidence.naming.verbs import acts, finite
from cell2grid.evidence.vocabulary import sets, table, word_list


def groups(
    text: str, words: list[Token], peoples: list[Name], found: list[Mention], discourse: Discourse
) -> list[Mention]:
    """Groups without a name of their own: Chinese EV companies, battery factories, those in North America."""
    nouns = _nouns()
    people_at = {position for name in peoples for position in range(name.first, name.last + 1)}
    kept = [
        group
        for place, token in enumerate(words)
        if token.word.lower() in nouns and (group := _group(text, words, place, people_at, found)) is not None
    ]
    kept = [_at_home(text, _of_the_firm(text, group, discourse), discourse) for group in kept]
    for match in _THOSE.finditer(text) if "hose in " in text else ():
        noun = kept[-1].name.split()[-1] if kept and kept[-1].end < match.start() else ""
        kept.append(Mention(match.start(), match.end(), f"{match.group('place')} {noun}".strip(), "group"))
    return kept


@cache
def _nouns() -> frozenset[str]:
    return frozenset(sets("naming")["groups"])


_NAMELESS = re.compile(
    rf"\b(?P<det>[Tt]he|[Aa]n?)\s(?P<who>(?:[A-Za-z][a-z-]+\s){{0,3}}?(?:{'|'.join(sorted(word_list('nameless')))})"
    r"(?:\sof\s(?:the\s)?[a-z]+)?)\b"
)
_HAS = re.compile(r"\s(?:holding|owning|with|(?:the\s)?(?:remaining|other|rest)\b|(?:some\s|about\s)?\d)")


def nameless(text: str, found: list[Mention]) -> list[Mention]:
    """Who has a figure without a name of its own: the regional government offered, a local fund holding 25 %.

    Each is called by its words; only those that act or have something are mentions.
    """
    kept = []
    for match in _NAMELESS.finditer(text):
        start, end = match.span()
        if any(m.start < end and start < m.end for m in found) or any(w in finite() for w in match["who"].split()):
            continue
        if acts(text, end) or _HAS.match(text, end):
            kept.append(Mention(start, end, match["who"], "group"))
    return kept


def _of_the_firm(text: str, group: Mention, discourse: Discourse) -> Mention:
    """A group that "the company's" or "its" makes part of the firm spoken of before."""
    firm = discourse.last.get("firm")
    if firm is None or not group.inherited or not _THE_FIRMS.search(text[: group.start]):
        return group
    return replace(group, name=f"{firm} {group.name}")


def _at_home(text: str, group: Mention, discourse: Discourse) -> Mention:
    """A group "at home" with the name of the country that the story is about."""
    country = discourse.country
    if country is None or not group.name[:1].islower() or _AT_HOME.match(text) is None:
        return group
    return replace(group, name=f"{country} {group.name}")


_AT_HOME = re.compile(r"At home\b|Domestic(?:ally)?\b")
_THE_FIRMS = re.compile(
    r"\b(?:the\s(?:company|group|firm|\w*maker|manufacturer|developer|producer)[’']s|its|their)\s$", re.I
)
_THOSE = re.compile(r"\b[Tt]hose in (?:the )?(?P<place>[A-Z][\w.-]+(?: [A-Z][\w.-]+)*)")
_MAKING = re.compile(r"\s+(?:assembling|making|building|producing)\s+[\w-]+")
_SHORT_FOR_CARS = ("EV", "NEV", "BEV")


def _group(text: str, words: list[Token], place: int, people_at: set[int], found: list[Mention]) -> Mention | None:
    """A group by its words and whose it is; None where a number counts it, since that is a quantity."""
    first = _group_start(text, words, place, people_at)
    counted = rf"(?:\d[\d,.]*|\b(?:{'|'.join(table('calendar')['counts'])}))\s+$"
    told = re.search(counted, text[: words[first].start], re.I)
    if told is not None and not (_THE.search(text[: told.start()]) and acts(text, words[place].end)):
        return None
    named = next((m for m in found if m.kind in _NAMED and m.end == words[first].start - 1 and not m.possessive), None)
    if named is not None:
        first = next((n for n, word in enumerate(words) if word.start == named.start), first)
    start, end = words[first].start, words[place].end
    tail = _MAKING.match(text, end, end + 30)
    end = tail.end() if tail else end
    holder = next((m for m in found if m.possessive and 0 <= start - m.end <= 4), None)
    if holder is None and first > 0 and words[first - 1].word.lower() in {"its", "their"}:
        plain = [m for m in found if m.end <= start and not m.preposition and m.kind in {"firm", "venture"}]
        holder = plain[-1] if plain else None
    title = text[start:end]
    spot = next((m for m in found if m.kind in {"place", "country"} and _IN_SPOT.fullmatch(text[end : m.start])), None)
    if holder is None and named is None and spot is not None:
        title = f"{spot.name} {title[0].lower() + title[1:] if first not in people_at else title}"
        return Mention(start, end, title, "group", preposition_of(text, words, first), words[place].possessive)
    if holder is not None:
        title = f"{holder.name} {title}"
    elif named is None and first not in people_at and not title.startswith(_SHORT_FOR_CARS):
        title = title[0].lower() + title[1:]
    vague = holder is None and named is None and first == place and tail is None
    return Mention(start, end, title, "group", preposition_of(text, words, first), words[place].possessive, vague)


_THE = re.compile(r"\b(?:[Tt]he|[Tt]hese|[Aa]ll)\s$")
_IN_SPOT = re.compile(r"\s(?:in|across|near|around)\s(?:the\s)?")
_NAMED = {"place", "country", "unknown", "firm"}


def _group_start(text: str, words: list[Token], place: int, people_at: set[int]) -> int:
    """The first word of a group: its adjectives, back to the people that it is of."""
    first = place
    while first > 0 and place - first < 4 and text[words[first - 1].end : words[first].start] == " ":
        before = words[first - 1]
        at_start = first == 1 and before.word.lower() in sets("naming")["kinds_of_plant"]
        capital = before.word[0].isupper() and first - 1 not in people_at and before.word not in _SHORT_FOR_CARS
        capital = capital and not at_start and not (first == 1 and before.word.lower().endswith(("ing", "ed")))
        small = before.word.lower()
        stops = small in word_list("not_in_a_name") or small in word_list("not_in_a_group")
        verb = before.word.lower() in finite() and not before.word.endswith("ed")
        if before.possessive or capital or stops or verb or not before.word[0].isalpha():
            break
        first -= 1
        if first in people_at:
            break
    while first - 1 in people_at and text[words[first - 1].end : words[first].start] == " ":
        first -= 1
    return first
