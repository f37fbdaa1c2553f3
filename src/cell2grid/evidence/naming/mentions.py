"""Who and what a sentence speaks of: names, plants described by owner and place, groups, and words that point back.

A described plant ("Acme's new cell factory in Tokyo") gets a name of owner, place and kind, or the gazetteer's name
for it. Which mention a figure belongs to is ``subjects.py``; the names themselves are ``names.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.naming.descriptions import without_adjectives
from cell2grid.evidence.naming.discourse import FIRM_KINDS, Discourse, Mention
from cell2grid.evidence.naming.facilities import facilities, named_works
from cell2grid.evidence.naming.groups import groups, nameless
from cell2grid.evidence.naming.leads import is_dateline, leading_name
from cell2grid.evidence.naming.names import names
from cell2grid.evidence.naming.people import people
from cell2grid.evidence.naming.pointers import pointers
from cell2grid.evidence.naming.prepositions import preposition_of
from cell2grid.evidence.naming.roles import with_roles
from cell2grid.evidence.naming.tokens import Name, Token, tokens
from cell2grid.evidence.naming.verbs import acts
from cell2grid.evidence.vocabulary import word_list

_DATELINE = re.compile(
    r"^\s*(?:[A-ZÀ-Ý][A-ZÀ-Ý.' ]{2,30}"
    r"|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,[^-—–]{2,40})?(?:\s*\([^)]{2,30}\))?\s+(?:--?|—"
    r"|–)\s+(?=[A-Z\"“])|^\s*[A-ZÀ-Ý][A-ZÀ-Ý.' ]{2,30}(?:,[^-—–:]{2,40})?:\s+(?=[A-Z\"“])"
)


def mentions(text: str, discourse: Discourse) -> list[Mention]:
    """The mentions of a sentence in order, those that point back resolved where the story allows.

    >>> story = Discourse()
    >>> [m.name for m in mentions("SK On's battery plant in Komarom makes cells for Ford.", story)]
    ['SK On', 'SK On Komarom battery plant', 'Komarom', 'Ford']
    """
    if is_dateline(text):
        return []
    lead = leading_name(text)
    dateline = _DATELINE.match(text) if lead is None else None
    offset = lead.end if lead else dateline.end() if dateline else 0
    words = [token for token in tokens(text) if token.start >= offset]
    all_names = names(text, words, discourse.seen, discourse.day)
    persons = people(text, all_names, discourse.people)
    spoken = [
        replace(_mention(text, words, name, None), kind="person", owner=firm or discourse.topic, inherited=firm is None)
        for name, firm in persons.values()
    ]
    all_names = [name for place, name in enumerate(all_names) if place not in persons]
    all_names = without_adjectives(words, all_names, discourse)
    found_names = [name for name in all_names if name.kind != "people"]
    peoples = [name for name in all_names if name.kind == "people"]
    found = [Mention(lead.start, lead.end, lead.name, lead.kind)] if lead else []
    for name in _without_nationality(text, found_names):
        found.append(_mention(text, words, name, found[-1] if found else None))
    found = [_as_work(m, discourse) for m in _ventures(text, _towns(text, found))]
    found = with_roles(text, words, found)
    described = facilities(text, words, [*found_names, *peoples], found, discourse)
    found, described = named_works(text, found, described)
    found = [
        _as_part(m, described)
        for m in found
        if not any(_covers(f, m) and m.kind in {"unknown", "plant"} and m.name != f.owner for f in described)
    ]
    found += with_roles(text, words, [*described, *groups(text, words, peoples, [*found, *described], discourse)])
    found += with_roles(text, words, nameless(text, found))
    found += with_roles(text, words, pointers(text, words, [*found, *spoken], discourse))
    return sorted([*found, *spoken], key=lambda m: (m.start, m.end))


def _as_work(mention: Mention, discourse: Discourse) -> Mention:
    """A bare name that the story has given to a plant or project as that (Tocopilla earned; Capricornio cost)."""
    if mention.kind not in {"unknown", "place"} or mention.preposition in {"in", "at", "near", "from"}:
        return mention
    known = discourse.facilities.get(f"{mention.name.lower()} project") or discourse.facilities.get(
        f"{mention.name.lower()} plant"
    )
    return mention if known is None else replace(mention, name=known.name, kind=known.kind, owner=known.owner)


def _without_nationality(text: str, found: list[Name]) -> list[Name]:
    """Names without those that only say where the next one is from (China's BYD)."""
    kept = []
    for index, name in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        near = after is not None and after.kind in {"firm", "unknown", "venture"} and after.first == name.last + 1
        describes = _TRADE_BEHIND.match(text, name.end) or _SUPERLATIVE.match(text, name.end)
        if name.kind in _PLACES and name.possessive and (near or describes):
            continue
        before = found[index - 1] if index else None
        of_firm = before is not None and before.kind == "firm" and text[before.end : name.start] == " of "
        if name.kind == "country" and of_firm:  # SAIC of China
            continue
        kept.append(name)
    return kept


def _towns(text: str, found: list[Mention]) -> list[Mention]:
    """Unknown names before ", Tennessee" are places too."""
    after = [*found[1:], None][: len(found)]
    return [
        replace(m, kind="place", preposition=m.preposition or "in")
        if m.kind == "unknown" and n is not None and n.kind in {"place", "country"} and text[m.end : n.start] == ", "
        else m
        for m, n in zip(found, after, strict=True)
    ]


def _covers(facility: Mention, mention: Mention) -> bool:
    return facility.start <= mention.start and mention.end <= facility.end


def _as_part(mention: Mention, described: list[Mention]) -> Mention:
    """A name inside the name of a plant is its owner or place: it does not stand for itself there."""
    inside = any(_covers(facility, mention) for facility in described)
    return replace(mention, preposition=mention.preposition or "owner") if inside else mention


_SUPERLATIVE = re.compile(
    r"[’']s?\s(?:[a-z]+-)?(?:largest|biggest|first|second|third|only|oldest|newest|main|leading|fastest|most|top|number)\b"
)
_TRADE_BEHIND = re.compile(
    rf"[’']s?\s(?:[a-z][\w-]*\s){{0,3}}?(?:{'|'.join(sorted(word_list('trades'), key=len, reverse=True))})\b"
)
_GOODS_BEHIND = re.compile(
    r"\s+(?:\w+\s+)?(?:cars?|vehicles?|EVs?|SUVs?|sedans?|units|systems|containers|batteries|trucks?"
    r"|buses|models?|cells|packs|hatchbacks?|crossovers?)\b"
)


def _mention(text: str, words: list[Token], name: Name, before: Mention | None) -> Mention:
    preposition = _preposition(text, words, name)
    kind = _kind(text, name, preposition)
    gap = None if before is None else text[before.end : name.start]
    goes_its_own_way = acts(text, name.end) or _GAPPED.match(text, name.end) is not None  # Acme 12,500 in Kudus
    if gap is not None and goes_its_own_way and not (gap == " and " and name.kind in _PLACES):
        gap = None
    if before is not None and gap is not None:
        if before.kind in _PLACES and kind in {*_PLACES, "unknown"} and _ROW_OF_PLACES.fullmatch(gap):
            kind, preposition = ("place" if kind == "unknown" else kind), before.preposition
        elif {before.kind, kind} <= set(FIRM_KINDS) and not preposition and _is_row(text, gap, name.end):
            preposition = before.preposition
    return Mention(name.start, name.end, name.name, kind, preposition, name.possessive, False, name.owner)


def _is_row(text: str, gap: str, end: int) -> bool:
    """Whether a name goes on a row: behind "and", or behind a comma where the row goes on behind it too."""
    return _ROW_OF_NAMES.fullmatch(gap) is not None and (gap != ", " or _ROW_GOES_ON.match(text, end) is not None)


_GAPPED = re.compile(r"\s(?:an?\s|another\s|some\s|about\s)?\d")


_ROW_GOES_ON = re.compile(r",\s(?:and\s|or\s)?[A-Z]|\s(?:and|or|&)\s")
_PLACES = frozenset(("place", "country"))


def _kind(text: str, name: Name, preposition: str) -> str:
    """The kind of a name as the words around it tell: goods behind a number, a place, a project."""
    before, behind = text[max(0, name.start - 40) : name.start], text[name.end : name.end + 24]
    if name.kind in {"unknown", "firm"} and _PROJECT_AHEAD.search(before):
        return "project"
    told = _TOLD.match(text, name.end) or _CALLED.search(before + "|" + behind) if name.kind == "unknown" else None
    if told is not None:  # Sierra Estrella, in Avondale, is its largest system
        return "plant" if told.group("plant") else "project"
    if name.kind == "unknown" and _BUILT_AHEAD.search(before):
        return "project" if _STORAGE.search(text) else "plant"
    if name.kind == "place" and not preposition and acts(text, name.end):
        return "country"  # the state of Hesse offered, Ottawa lent
    if name.kind != "unknown" or name.possessive:
        return name.kind
    counted = _NUMBER_AHEAD.search(before) is not None and name.first == name.last
    goods = _GOODS_BEHIND.match(behind) is not None and not acts(text, name.end)
    if counted or (goods and _SALES_OF.search(before) is None):
        return "product"
    within = preposition in {"in", "near"} and not _HELD_IN.search(text, max(0, name.start - 160), name.start)
    return "place" if within else "unknown"


def _preposition(text: str, words: list[Token], name: Name) -> str:
    preposition = preposition_of(text, words, name.first)
    if not preposition and name.possessive and name.kind in FIRM_KINDS and _MAKER_BEHIND.match(text, name.end):
        return "owner"  # Vingroup's cell maker is another firm
    doing = preposition == "with" and re.match(r"\s+\w+ing\b", text[name.end : name.end + 24])
    return "" if doing else preposition


_BUILT_AHEAD = re.compile(
    r"\b(?:build(?:s|ing)?|built|open(?:s|ed|ing)?|construct\w*|commission\w*|energi[sz]\w+|switch\w* on|inaugurat\w+"
    r"|complet(?:e|es|ed|ing)|started up|starting up)\s$"
)
_TOLD = re.compile(
    r"(?:,[^,;]{2,60},)?\s(?:is|was|will be|would be|became)\s(?:an?|the|its|their|one of the)\s(?:[\w’'-]+\s){0,5}?"
    r"(?:(?P<plant>plant|factory|gigafactory|refinery|mine)|battery|batteries|project|system|installation)\b(?!\s(?:maker|firm))"
)
_CALLED = re.compile(
    r"\b(?:(?P<plant>plant|factory|gigafactory|refinery|mine)|battery|project|system|farm|installation),\s\|(?:,|\sin\b)"
)
_STORAGE = re.compile(r"\b(?:MWh?|GWh?|storage|batter(?:y|ies)|grid)\b")
_MAKER_BEHIND = re.compile(
    r"[’']s?\s(?:[a-z][\w-]*\s){0,3}?(?:[a-z-]*maker|brand|marque|supplier|customer|rival|partner|parent|owner|buyer|developer"
    r"|builder|producer|start-?up|venture)\b(?!\s[A-Z]|,\s[A-Z])"
)
_NUMBER_AHEAD = re.compile(r"\d\s$")
_SALES_OF = re.compile(r"\b(?:sales|deliveries|exports|imports|output|production|registrations)\s+of\s+$", re.I)
_HELD_IN = re.compile(
    r"\b(?:stakes?|shares?|interests?|invest\w*|holdings?|shareholding|majority|minority|per cent|percent|%|confidence"
    r"|partner\w*|money|equity|ownership)\s+(?:[\w-]+\s+){0,2}in\s+(?:the\s+)?(?:[\w-]+\s+){0,2}$"
)
_ROW_OF_NAMES = re.compile(r",\s(?:and\s)?|\s(?:and|or)\s")
_ROW_OF_PLACES = re.compile(r"(?:,\s+|,?\s+(?:and|or)\s+)(?:the\s+)?")
_PROJECT_AHEAD = re.compile(
    r"\b(?:project|battery|plant|farm|facility)(?:,)?\s+(?:named|called|dubbed|known as)\s+[\"“‘]?$"
)


_FOUNDED = re.compile(r"\b(?:set up|setting up|establish\w*|form|formed|forming|creat\w+|found|founded)\s$")
_TOGETHER = re.compile(r"\b(?:joint|jointly|together|partners?|shareholders|venture|consortium)\b")
_VENTURE_AHEAD = re.compile(
    r"(?:joint[- ]venture|venture|JV)(?:\s+company)?(?:,|\s+(?:named|called|dubbed|known as))?\s+[\"“‘]?$"
)
_VENTURE_BEHIND = re.compile(
    r"^[\"”’]?,?\s+(?:(?:is|as|which is)\s+)?(?:a|an|the|its"
    r"|their)\s+(?:[\w.%:-]+\s+){0,4}?(?:joint[- ]venture|JV)\b"
)


def _ventures(text: str, found: list[Mention]) -> list[Mention]:
    """Names that the sentence says are joint ventures."""
    return [replace(m, kind="venture") if _is_venture(text, m) else m for m in found]


def _is_venture(text: str, mention: Mention) -> bool:
    if mention.kind not in {"unknown", "firm"}:
        return False
    ahead = text[max(0, mention.start - 40) : mention.start]
    if _VENTURE_AHEAD.search(ahead) or _VENTURE_BEHIND.match(text[mention.end : mention.end + 80]):
        return True
    return _FOUNDED.search(ahead) is not None and _TOGETHER.search(text) is not None
