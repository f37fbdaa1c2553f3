"""Names in a sentence: known ones from the gazetteer, longest first, and unknown capital words kept as found.

Where the gazetteer's names stand is ``gazetteer.py``; here those that are part of another name, money or a common word
are left out. How unknown names are told is ``unknown_names.py``; what is done with names (plants described by owner
and place, pronouns, whose figure it is) is ``mentions.py`` and ``claims/subjects.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from functools import cache

from cell2grid.evidence.naming.gazetteer import Found, gazetteer, has_unspaced
from cell2grid.evidence.naming.tokens import Name, Token, is_capital
from cell2grid.evidence.naming.unknown_names import MONEY, at_head, common_words, over_links, unknown
from cell2grid.evidence.naming.verbs import acts
from cell2grid.evidence.quantities.plurals import singular
from cell2grid.evidence.vocabulary import sets, word_list
from cell2grid.evidence.vocabulary.gazetteer import named


@cache
def owner_of(name: str) -> str | None:
    """Whose a named part, plant, project or product is by the gazetteer; None where it does not say.

    >>> owner_of("Giga Shanghai"), owner_of("Tesla China"), owner_of("BYD")
    ('Tesla', 'Tesla', None)
    """
    entity = named().get(name)
    return None if entity is None else entity.owner


def names(text: str, words: list[Token], seen: Collection[str] = frozenset(), day: str | None = None) -> list[Name]:
    """The names of a sentence in order, without overlap.

    ``seen`` holds the names met in the story before; ``day`` is that of the story (ISO), by which a name that passed
    from one firm to another is told.

    >>> from cell2grid.evidence.naming.tokens import tokens
    >>> text = "Beijing-based Acme Energy sold cells to BYD Co. Ltd. and Fluence Energy."
    >>> [name.name for name in names(text, tokens(text))]
    ['Acme Energy', 'BYD', 'Fluence']
    """
    found: list[Name] = []
    shouted = _in_title_case(words) and not text.rstrip(' "”’').endswith(".")  # a headline ends without a stop
    listed = _known_names(text, words, seen, day, shouted)
    settled = {place: name for place, (name, is_settled) in listed.items() if is_settled}
    place = 0
    while place < len(words):
        name = settled.get(place)
        if name is None:
            known = listed[place][0] if place in listed else None
            if known is None and not is_capital(words[place].word):
                place += 1
                continue
            told = seen if known is None else {*seen, known.name}
            name = unknown(text, words, place, settled, told)
            name = None if shouted and name is not None and not _stands_alone(text, name) else name
            name = known if known is not None and (name is None or name.last <= known.last) else name
        if name is not None and name.kind in FIRM_KINDS:
            name = _joined(text, words, name, listed)
        if name is None:
            place += 1
            continue
        found.append(name)
        place = name.last + 1
    return found


def _joined(text: str, words: list[Token], name: Name, listed: dict[int, tuple[Name, bool]]) -> Name:
    """A firm's name with that of another right behind it: a venture of both (Gotion InoBat Batteries, BlueOval SK)."""
    last = name.last if words[name.last].possessive else over_links(text, words, name.last) or name.last
    if last > name.last:  # Volkswagen de México
        return replace(name, end=words[last].end, possessive=words[last].possessive, last=last)
    while not words[last].possessive and last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
        other = listed[last + 1][0] if last + 1 in listed else None
        ends = last > name.last and words[last + 1].word in sets("naming")["firm_endings"]
        if not ends and (other is None or other.kind not in FIRM_KINDS or other.name == name.name):
            break
        last = last + 1 if other is None else other.last
    if last == name.last:
        return name
    stop = words[last]
    return replace(
        name, end=stop.end, name=text[name.start : stop.end], kind="venture", possessive=stop.possessive, last=last
    )


def _stands_alone(text: str, name: Name) -> bool:
    """Whether a firm's name is a part of its own in a line of capitals, or has its legal form."""
    alone = text[: name.start].rstrip()[-1:] in {"", ",", ":", "–", "—"} and text[name.end :].lstrip()[:1] in {"", ","}
    legal = text[name.start : name.end].split()[-1].rstrip(".") in sets("naming")["firm_suffixes"]
    return name.kind == "firm" and name.last > name.first and (alone or legal)


def _in_title_case(words: list[Token]) -> bool:
    long = capital = 0
    for token in words:
        word = token.word
        if len(word) > 3 and word.isalpha():
            long += 1
            capital += word[0].isupper()
    return long >= 4 and capital >= 0.85 * long


def _known_names(
    text: str, words: list[Token], seen: Collection[str], day: str | None, shouted: bool
) -> dict[int, tuple[Name, bool]]:
    """The gazetteer's names in a sentence by their first word, and whether they are settled.

    A name that ends inside a word is none. Where one is not settled, capital words behind it belong to it.
    """
    hits = gazetteer().at(text, day=day, told=seen)
    if not hits:
        return {}
    known = {}
    for first, word in enumerate(words):
        hit = hits.get(word.start)
        if hit is None or (hit.alias.common and not _is_sure_name(text, word, hit, seen, shouted)):
            continue
        last = first
        while last + 1 < len(words) and words[last].end < hit.end:
            last += 1
        name = _known(text, words, first, last, hit) if words[last].end == hit.end else None
        if name is not None:
            known[first] = (name, hit.entity.settled or has_unspaced(hit.alias.text[-1]))
    return known


def _is_sure_name(text: str, word: Token, hit: Found, seen: Collection[str], shouted: bool) -> bool:
    """Whether a name that is a common word too (Origin, Stem) is the name here: by its capital, or by what it does."""
    if not shouted and not at_head(text, word):
        return True
    behind = re.match(r"(?:['’]s)?\s+(?P<verb>[a-z]+)\b", text[hit.end : hit.end + 24])
    return hit.possessive or hit.name in seen or (behind is not None and behind["verb"] in word_list("deeds_of_firms"))


def _known(text: str, words: list[Token], first: int, last: int, hit: Found) -> Name | None:
    if text[hit.end : hit.end + 1] in MONEY or (hit.joined and hit.kind != "people"):
        return None
    last, stop = (
        _with_suffix(text, words, last, settled=hit.entity.settled) if hit.kind in FIRM_KINDS else (last, words[last])
    )
    if hit.kind == "people" and _names_firm(text, words, last):
        return None
    if (hit.kind in {"country", "place"} and _begins_firm(text, words, first, last)) or (
        hit.kind == "firm" and _is_longer(text, words, last)
    ):
        return None
    # how a plant or project that is not settled is called is told by the words around it
    kind = "unknown" if hit.kind in {"plant", "project"} and not hit.entity.settled else hit.kind
    owner = hit.entity.owner if hit.entity.settled else None
    return Name(hit.start, stop.end, hit.name, kind, stop.possessive, owner, first, last, hit.alias.text)


FIRM_KINDS = frozenset(("firm", "venture"))


def _names_firm(text: str, words: list[Token], last: int) -> bool:
    """Whether an adjective of a people begins a firm's name of common words (Saudi Electricity Company, Indian Oil)."""
    run = []
    while last + 1 < len(words) and text[words[last].end : words[last + 1].start] == " ":
        if not is_capital(words[last + 1].word):
            break
        last += 1
        run.append(words[last].word)
    naming = sets("naming")
    if not run or run[0] in naming["firm_suffixes"]:
        return False
    continental = words[last - len(run)].word in {"American", "European", "Asian"} and run[0] not in naming["not_names"]
    return all(word in naming["firm_endings"] for word in run) or (continental and acts(text, words[last].end))


_LEADS_IN = frozenset(("In", "Across", "Throughout", "Outside"))


def _begins_firm(text: str, words: list[Token], first: int, last: int) -> bool:
    """Whether a place is the first word of a firm's name (Shanghai Electric, Hunan Yuneng, Korea Southern Power)."""
    run = []
    place = last
    while (
        not words[place].possessive
        and place + 1 < len(words)
        and text[words[place].end : words[place + 1].start] == " "
    ):
        word = words[place + 1].word
        if not is_capital(word) or word in gazetteer().settled_words:
            break
        run.append(word)
        place += 1
    if not run:
        return False
    naming = sets("naming")
    if run[-1].rstrip(".") in naming["firm_endings"] and not any(word in naming["body_words"] for word in run):
        return len(run) > 1 or run[-1].lower() not in {"battery", "storage", "cars", "power"}
    if first and words[first - 1].word in _LEADS_IN:  # In Spain Maxus sold
        return False
    named = run[0] not in naming["not_names"] and not any(word in naming["body_words"] for word in run)
    return named and run[0].lower() not in common_words() and singular(run[0]) not in common_words()


def _is_longer(text: str, words: list[Token], last: int) -> bool:
    """Whether a known firm's name goes on as the name of another (Siemens Automotive Electric)."""
    if last + 1 < len(words) and words[last + 1].word in gazetteer().settled_words:
        return False  # two known names in a row are a venture's
    end = last
    while (
        not words[end].possessive
        and end + 1 < len(words)
        and text[words[end].end : words[end + 1].start] == " "
        and is_capital(words[end + 1].word)
    ):
        end += 1
    naming = sets("naming")
    tail = words[end].word
    return (
        end > last + 1
        and tail in naming["firm_endings"]
        and tail not in naming["firm_suffixes"]
        and tail not in {"Battery", "Storage", "Group"}
    )


def _with_suffix(text: str, words: list[Token], last: int, *, settled: bool) -> tuple[int, Token]:
    """The end of a firm's name with the legal form that follows it (Co. Ltd., Inc., AG).

    Words of its trade may stand between where the name is settled; where it is not, they belong to the name.
    """
    naming = sets("naming")
    place = last
    while place + 1 < len(words) and not words[place].possessive:
        after = words[place + 1].word.rstrip(".")
        gap = text[words[place].end : words[place + 1].start]
        if after in naming["firm_suffixes"] and not gap.strip(" .,"):
            place = last = place + 1
        elif settled and gap == " " and (after in naming["firm_endings"] or after in _OF_TRADE):
            place += 1
        else:
            break
    return last, words[last]


_OF_TRADE = frozenset(("New", "Material", "High-tech", "Science", "Digital", "Power", "and", "&"))
