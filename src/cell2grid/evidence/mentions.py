"""Who and what a sentence speaks of: names, plants described by owner and place, groups, and words that point back.

A described plant ("Acme's new cell factory in Tokyo") gets a name of owner, place and kind, or the gazetteer's name
for it. Which mention a figure belongs to is ``subjects.py``; the names themselves are ``names.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from cell2grid.evidence.names import Name, Token, names, tokens
from cell2grid.evidence.vocabulary import table, word_list


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a sentence speaks of. ``preposition`` is the word that puts it out of the subject's place, if any.

    ``kind`` is firm, venture, plant, project, country, place, people, group, product, body, unknown or container.
    ``inherited`` is true where the sentence only points back at it (the company, it).
    """

    start: int
    end: int
    name: str
    kind: str
    preposition: str = ""
    possessive: bool = False
    inherited: bool = False
    owner: str | None = None


@dataclass(slots=True)
class Discourse:
    """What a story has spoken of so far: the last firm, plant, project, venture and country, and all names met."""

    last: dict[str, str] = field(default_factory=dict)
    subject: str | None = None
    seen: set[str] = field(default_factory=set)
    facilities: dict[str, Mention] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)

    @property
    def country(self) -> str | None:
        """The country that the story has named most often."""
        return max(self.countries, key=lambda name: self.countries[name], default=None)

    def remember(self, mentions: list[Mention], text: str = "") -> None:
        """Take what a sentence speaks of into account for the sentences after it."""
        chosen = None
        for mention in mentions:
            self.seen.add(mention.name)
            if mention.kind == "country":
                self.countries[mention.name] = self.countries.get(mention.name, 0) + 1
            if mention.kind == "body" or (mention.inherited and mention.name == self.last.get(mention.kind)):
                continue
            aside = mention.preposition in {
                "from",
                "with",
                "to",
                "for",
                "according",
                "than",
                "against",
                "like",
                "including",
            }
            if mention.kind not in self.last or not aside or mention.kind in {"plant", "project"}:
                if not (mention.kind in {"firm", "venture"} and mention.preposition and chosen is not None):
                    self.last[mention.kind] = mention.name
            if chosen is None and not mention.preposition and mention.kind in _SUBJECT_KINDS:
                chosen = mention
        if chosen is not None:
            self.subject = _row(text, chosen, mentions)
            if chosen.kind == "firm":
                self.last["firm"] = chosen.name


def _row(text: str, chosen: Mention, mentions: list[Mention]) -> str:
    """The names of a row that begins with a mention (A, B and C)."""
    row = [chosen]
    for other in mentions:
        if (
            other.start >= row[-1].end
            and other.kind in {"firm", "unknown", "venture"}
            and re.fullmatch(r",?\s(?:and\s|&\s)?", text[row[-1].end : other.start])
        ):
            row.append(other)
    return ";".join(dict.fromkeys(mention.name for mention in row))


_SUBJECT_KINDS = {"firm", "venture", "plant", "project", "country", "group", "unknown"}
_HOLDERS = {"firm", "venture", "unknown"}
_PREPOSITIONS = word_list("prepositions")
_DETERMINERS = word_list("determiners")
_DATELINE = re.compile(
    r"^\s*(?:[A-ZÀ-Ý][A-ZÀ-Ý.' ]{2,30}"
    r"|[A-Z][a-z]+(?: [A-Z][a-z]+)?)(?:,[^-—–]{2,40})?(?:\s*\([^)]{2,30}\))?\s+(?:--?|—"
    r"|–)\s+(?=[A-Z\"“])"
)


def mentions(text: str, discourse: Discourse) -> list[Mention]:
    """The mentions of a sentence in order, those that point back resolved where the story allows.

    >>> story = Discourse()
    >>> [m.name for m in mentions("SK On's battery plant in Komarom makes cells for Ford.", story)]
    ['SK On', 'SK On Komarom battery plant', 'Komarom', 'Ford']
    """
    dateline = _DATELINE.match(text)
    offset = dateline.end() if dateline else 0
    words = [token for token in tokens(text) if token.start >= offset]
    all_names = names(text, words, discourse.seen)
    found_names = [name for name in all_names if name.kind != "people"]
    peoples = [name for name in all_names if name.kind == "people"]
    found = []
    for name in _without_nationality(text, found_names):
        found.append(_mention(text, words, name, found[-1] if found else None))
    found = _ventures(text, found)
    facilities = _facilities(text, words, [*found_names, *peoples], found, discourse)
    found = [
        _as_part(m, facilities)
        for m in found
        if not any(_covers(f, m) and m.kind in {"unknown", "plant"} and m.name != f.owner for f in facilities)
    ]
    found += facilities
    found += _groups(text, words, peoples, found)
    found += _pointers(text, found, discourse)
    return sorted(found, key=lambda m: (m.start, m.end))


def _without_nationality(text: str, found: list[Name]) -> list[Name]:
    """Names without those that only say where the next one is from (China's BYD)."""
    kept = []
    for index, name in enumerate(found):
        after = found[index + 1] if index + 1 < len(found) else None
        near = after is not None and after.kind in {"firm", "unknown", "venture"} and after.first == name.last + 1
        if name.kind in {"country", "place"} and name.possessive and near:
            continue
        kept.append(name)
    return kept


def _covers(facility: Mention, mention: Mention) -> bool:
    return facility.start <= mention.start and mention.end <= facility.end


def _as_part(mention: Mention, facilities: list[Mention]) -> Mention:
    """A name inside the name of a plant is its owner or place: it does not stand for itself there."""
    inside = any(_covers(facility, mention) for facility in facilities)
    return replace(mention, preposition=mention.preposition or "owner") if inside else mention


_GOODS_BEHIND = re.compile(
    r"\s+(?:\w+\s+)?(?:cars?|vehicles?|EVs?|SUVs?|sedans?|units|systems|containers|batteries|trucks?"
    r"|buses|models?|cells|packs|hatchbacks?|crossovers?)\b"
)


def _mention(text: str, words: list[Token], name: Name, before: Mention | None) -> Mention:
    kind = "venture" if name.entry.get("kind") == "venture" else name.kind
    if kind == "unknown" and not name.possessive and _GOODS_BEHIND.match(text[name.end : name.end + 24]):
        kind = "product"
    if kind in {"unknown", "firm"} and _PROJECT_AHEAD.search(text[max(0, name.start - 40) : name.start]):
        kind = "project"
    preposition = _preposition(words, name.first)
    if preposition == "with" and re.match(r"\s+\w+ing\b", text[name.end : name.end + 24]):
        preposition = ""
    in_row = before is not None and before.kind in {"place", "country"} and text[before.end : name.start] == ", "
    if in_row and before is not None and kind in {"place", "country", "unknown"}:
        kind, preposition = ("place" if kind == "unknown" else kind), before.preposition
    return Mention(name.start, name.end, name.name, kind, preposition, name.possessive, False, name.owner)


_PROJECT_AHEAD = re.compile(
    r"\b(?:project|battery|plant|farm|facility)(?:,)?\s+(?:named|called|dubbed|known as)\s+[\"“‘]?$"
)


def _preposition(words: list[Token], first: int) -> str:
    """The preposition before a noun phrase, over its determiner and adjectives."""
    place = first - 1
    for _ in range(5):
        if place < 0:
            return ""
        word = words[place].word.lower()
        if word == "according" or (
            word == "to" and place > 0 and words[place - 1].word.lower() in {"according", "thanks"}
        ):
            return "according"
        if word in _PREPOSITIONS:
            return word
        adjective = (
            word in _DETERMINERS
            or words[place].possessive
            or word.endswith(
                (
                    "an",
                    "ese",
                    "ish",
                    "based",
                    "ic",
                    "al",
                    "owned",
                    "maker",
                    "giant",
                    "developer",
                    "unit",
                    "group",
                    "company",
                    "start-up",
                    "supplier",
                    "manufacturer",
                    "firm",
                    "carmaker",
                    "automaker",
                    "new",
                    "own",
                )
            )
        )
        if not adjective:
            return ""
        place -= 1
    return ""


_VENTURE_AHEAD = re.compile(
    r"(?:joint[- ]venture|venture|JV)(?:\s+company)?(?:,|\s+(?:named|called|dubbed|known as))?\s+[\"“‘]?$"
)
_VENTURE_BEHIND = re.compile(
    r"^[\"”’]?,?\s+(?:(?:is|as|which is)\s+)?(?:a|an|the|its"
    r"|their)\s+(?:[\w.%:-]+\s+){0,4}?(?:joint[- ]venture|JV)\b"
)


def _ventures(text: str, found: list[Mention]) -> list[Mention]:
    """Names that the sentence says are joint ventures."""
    return [
        replace(m, kind="venture")
        if m.kind in {"unknown", "firm"}
        and (
            _VENTURE_AHEAD.search(text[max(0, m.start - 40) : m.start])
            or _VENTURE_BEHIND.match(text[m.end : m.end + 80])
        )
        else m
        for m in found
    ]


# -- plants and projects described by owner, name, place and kind ----------------------------------------------------

_IN_PLACE = re.compile(
    r"\s+(?:in|near|at)\s+(?:the\s+)?(?:(?:U\.S\.|Chinese|northern|southern|eastern|western|central"
    r"|south|north|east|west)\s+)*(?:(?:state|province|city|town|region|port)\s+of\s+"
    r"|[a-z]+\s+(?:Germany|China)'s\s+)?$"
)
_NOT_IN_NAME = word_list("not_in_a_name")


def _facilities(
    text: str, words: list[Token], found_names: list[Name], found: list[Mention], discourse: Discourse
) -> list[Mention]:
    nouns = {noun: kind for kind, rows in table("naming")["facilities"].items() for noun in rows}
    mentions_found = []
    by_word = {position: name for name in found_names for position in range(name.first, name.last + 1)}
    for place, token in enumerate(words):
        noun = token.word.lower()
        plural_noun = (noun not in nouns and noun.removesuffix("s") in nouns) or noun in {
            "factories",
            "batteries",
            "gigafactories",
            "facilities",
            "refineries",
        }
        own = by_word.get(place)
        if plural_noun or noun not in nouns or (own is not None and own.kind == "plant"):
            continue
        if (
            place + 1 < len(words)
            and words[place + 1].word.lower() in nouns
            and text[token.end : words[place + 1].start] == " "
        ):
            continue
        after_battery = (
            noun == "battery"
            and place + 1 < len(words)
            and text[token.end : words[place + 1].start] in {" ", "-"}
            and words[place + 1].word.lower()
            not in {"in", "has", "will", "at", "is", "was", "near", "for", "on", "and", "with", "can", "which"}
        )
        if after_battery or (noun == "system" and not token.word[0].isupper()):
            continue
        mention = _facility(text, words, place, nouns[noun], by_word, found, discourse)
        if mention is not None:
            mentions_found.append(mention)
    return mentions_found


def _facility(
    text: str,
    words: list[Token],
    place: int,
    kind: str,
    by_word: dict[int, Name],
    found: list[Mention],
    discourse: Discourse,
) -> Mention | None:
    """The plant or project whose noun stands at a place, named by its owner, own name, place and kind."""
    first, owner, own = place, None, ""
    kinds: list[str] = []
    while (
        first > 0 and place - first < 8 and text[words[first - 1].end : words[first].start].strip("'’s \n") in {"", "-"}
    ):
        before = words[first - 1]
        name = by_word.get(first - 1)
        if name is not None and name.kind != "people":
            if name.possessive or (name.kind == "firm" and own):
                owner = name
                first = name.first
                break
            own = name.name if not own else f"{name.name} {own}"
            owner_name = name if name.kind == "firm" else None
            first = name.first
            if owner_name is not None:
                owner, own = owner_name, own.removeprefix(owner_name.name).strip()
            continue
        kinds_of_plant = table("naming")["kinds_of_plant"]
        if before.word.lower() == "and" and first > 1 and words[first - 2].word.lower() in kinds_of_plant:
            first -= 1
            continue
        if before.word.lower() in _NOT_IN_NAME or before.possessive:
            break
        if before.word.lower() in kinds_of_plant:
            kinds.insert(0, before.word)
        first -= 1
    determiner = words[first - 1].word.lower() if first > 0 else ""
    spot = _place_after(text, words, place, by_word)
    noun = words[place].word
    if owner is None and not own and spot is None:
        return None
    holder = owner.name if owner is not None else None
    inherited = False
    if holder is None and determiner in {"its", "their", "company", "own"}:
        near = [m for m in found if m.end <= words[first].start and not m.preposition and m.kind in _HOLDERS]
        holder, inherited = (near[-1].name, False) if near else (discourse.last.get("firm"), True)
    if holder is None and determiner in {"a", "an", "another", "second", "new"}:
        near = [m for m in found if m.end <= words[first].start and not m.preposition and m.kind in {"firm", "venture"}]
        built = near and _BUILDS.search(text[near[-1].end : words[first].start])
        holder = near[-1].name if built else None
    if owner is not None and owner.kind == "country":
        holder, spot = None, spot or owner.name
    known = _known_plant(holder, own or spot or "", [*kinds, noun])
    key = f"{(own or spot or holder or '').lower()} {'project' if kind == 'project' else 'plant'}"
    registered = discourse.facilities.get(key)
    if registered is not None and (holder is None or registered.owner == holder):
        return replace(
            registered,
            start=words[first].start,
            end=words[place].end,
            preposition=_preposition(words, first),
            possessive=words[place].possessive,
            inherited=False,
        )
    parts = [part for part in (holder, own or spot, *kinds, noun) if part]
    title = known or " ".join(dict.fromkeys(parts))
    mention = Mention(
        words[first].start,
        words[place].end,
        title,
        kind,
        _preposition(words, first),
        words[place].possessive,
        inherited,
        holder,
    )
    discourse.facilities[key] = mention
    return mention


_BUILDS = re.compile(
    r"\b(?:build|builds|building|built|open|opens|opened|opening|operates?|operating|plans?|planning"
    r"|construct\w*|set up|setting up|starts?|started|runs?|erect\w*|commission\w*"
    r"|inaugurat\w*)\b[^,;]*$"
)


def _place_after(text: str, words: list[Token], place: int, by_word: dict[int, Name]) -> str | None:
    end = words[place].end
    for position in range(place + 1, min(place + 7, len(words))):
        name = by_word.get(position)
        if name is None:
            continue
        fits = _IN_PLACE.fullmatch(text[end : name.start]) is not None and name.kind in {"place", "country", "unknown"}
        return name.name if fits else None
    return None


def _known_plant(owner: str | None, place: str, words: list[str]) -> str | None:
    said = {word.lower() for word in words}
    for row in table("gazetteer")["plants"]:
        if row.get("owner") == owner and owner is not None and row.get("place") == place:
            if any(word in part for word in row.get("says", []) for part in said):
                return str(row["name"])
    return None


# -- groups and words that point back --------------------------------------------------------------------------------


def _groups(text: str, words: list[Token], peoples: list[Name], found: list[Mention]) -> list[Mention]:
    """Groups without a name of their own: Chinese EV companies, battery factories, those in North America."""
    groups = set(table("naming")["groups"])
    kept = []
    people_at = {position: name for name in peoples for position in range(name.first, name.last + 1)}
    for place, token in enumerate(words):
        if token.word.lower() not in groups:
            continue
        first = place
        while first > 0 and place - first < 4 and text[words[first - 1].end : words[first].start] == " ":
            before = words[first - 1]
            if (
                before.possessive
                or before.word.lower() in _NOT_IN_NAME
                or (before.word[0].isupper() and first - 1 not in people_at and before.word not in {"EV", "NEV", "BEV"})
            ):
                break
            if not before.word[0].isalpha() or before.word.lower() in {
                "leading",
                "other",
                "many",
                "some",
                "most",
                "several",
                "few",
                "all",
                "among",
                "two",
                "three",
                "four",
                "five",
                "six",
                "old",
                "while",
                "because",
                "where",
                "both",
                "new",
                "said",
                "since",
                "when",
                "between",
                "also",
                "about",
                "until",
                "selling",
                "home",
            }:
                break
            first -= 1
            if first in people_at:
                break
        named = next(
            (
                m
                for m in found
                if m.kind in {"place", "country", "unknown", "firm"}
                and m.end == words[first].start - 1
                and not m.possessive
            ),
            None,
        )
        first = next((n for n, word in enumerate(words) if word.start == named.start), first) if named else first
        end = token.end
        holder = next(
            (m for m in found if m.end <= words[first].start and words[first].start - m.end <= 4 and m.possessive), None
        )
        tail = re.match(r"\s+(?:assembling|making|building|producing)\s+[\w-]+", text[end : end + 30])
        end += tail.end() if tail else 0
        title = text[words[first].start : end]
        if holder is not None:
            title = f"{holder.name} {title}"
        elif (
            named is None
            and title[0].isupper()
            and first not in people_at
            and not title.startswith(("EV", "NEV", "BEV"))
        ):
            title = title[0].lower() + title[1:]
        kept.append(Mention(words[first].start, end, title, "group", _preposition(words, first), token.possessive))
    for match in re.finditer(r"\b[Tt]hose in (?:the )?(?P<place>[A-Z][\w.-]+(?: [A-Z][\w.-]+)*)", text):
        noun = kept[-1].name.split()[-1] if kept and kept[-1].end < match.start() else ""
        kept.append(Mention(match.start(), match.end(), f"{match.group('place')} {noun}".strip(), "group"))
    return kept


_PLANT_WORDS = "factory|plant|gigafactory|megafactory|facility|site|complex|works|refinery|mine"
_PROJECT_WORDS = "project|battery|storage system|installation|farm|facility"
_POINTER = re.compile(
    rf"\b(?P<det>[Tt]he|[Tt]his|[Tt]hat|[Ii]ts|[Tt]heir"
    rf"|[Bb]oth)\s+(?P<adjectives>(?:[\w.%-]+\s+){{0,3}}?)(?P<noun>joint venture|venture|partnership"
    rf"|{_PLANT_WORDS}|{_PROJECT_WORDS}|compan(?:y|ies)|firm|group|[a-z-]*maker|manufacturer|developer"
    rf"|supplier|producer|giant|start-?up|utility|subsidiary|unit|conglomerate|integrator|brand"
    rf"|country|nation)\b(?P<possessive>[’']s)?"
    r"|\b(?P<pronoun>[Ii]t|[Tt]hey|[Ii]ts|[Tt]heir)\b"
)


def _pointers(text: str, found: list[Mention], discourse: Discourse) -> list[Mention]:
    """Words that point back (the plant, the company, it), as mentions of what they point at."""
    taken = [(m.start, m.end) for m in found if m.kind not in {"place", "country"}]
    kept = []
    for match in _POINTER.finditer(text):
        if any(start < match.end() and match.start() < end for start, end in taken):
            continue
        pronoun = match.group("pronoun")
        noun = (match.group("noun") or "").lower()
        ahead = sorted([m for m in (*found, *kept) if m.end <= match.start()], key=lambda m: m.start)
        relative = re.search(r"\b(?:where|which|that|whom)\s$", text[: match.start()]) is not None
        kind, name = _pointed_at(noun, pronoun, ahead, discourse, relative)
        if name is None:
            continue
        start = match.start()
        words = [token for token in tokens(text[:start])]
        preposition = _preposition([*words, Token(start, start, "", False)], len(words))
        possessive = bool(match.group("possessive")) or pronoun in {"Its", "its", "Their", "their"}
        kept.append(Mention(start, match.end(), name, kind, preposition, possessive, True))
    return kept


def _pointed_at(
    noun: str, pronoun: str | None, before: list[Mention], discourse: Discourse, relative: bool
) -> tuple[str, str | None]:
    if pronoun is not None:
        plain = [m for m in before if not m.preposition and m.kind in _SUBJECT_KINDS]
        subject = (plain[0] if relative else plain[-1]) if plain else None
        return ("pronoun", subject.name if subject else discourse.subject or discourse.last.get("firm"))
    if noun in {"joint venture", "venture", "partnership"}:
        return "venture", _latest(("venture",), before, discourse)
    if re.fullmatch(_PLANT_WORDS, noun):
        return "plant", _latest(("plant", "project") if noun in {"facility", "site"} else ("plant",), before, discourse)
    if re.fullmatch(_PROJECT_WORDS, noun):
        return "project", _latest(("project",), before, discourse)
    if noun in {"country", "nation"}:
        return "country", _latest(("country",), before, discourse)
    named = _latest(("firm", "venture", "unknown"), before, discourse)
    return "firm", named


def _latest(kinds: tuple[str, ...], before: list[Mention], discourse: Discourse) -> str | None:
    near = next((m.name for m in reversed(before) if m.kind in kinds), None)
    return near or next((discourse.last[kind] for kind in kinds if kind in discourse.last), None)
