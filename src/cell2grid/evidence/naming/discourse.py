"""What a story has spoken of so far: its mentions, the last firm, plant and project, and the plants it has named.

What a pronoun may stand for is a list, the likeliest first: what the last sentence was about, then its objects, then
what stood beside. Mentions are read in ``mentions.py``; which of them a figure belongs to is ``claims/subjects.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from cell2grid.evidence.naming.verbs import acts
from cell2grid.evidence.vocabulary import word_list

WORKS = frozenset(("plant", "project"))
FIRM_KINDS = ("firm", "venture", "unknown")
SUBJECT_KINDS = {"firm", "venture", "plant", "project", "country", "group", "unknown"}
_AS_OBJECT = frozenset(("of", "in", "on", "for", "object"))
_HEADING = 4.0
_SUBJECT, _OWNER, _OBJECT, _BESIDE, _ASIDE = 3.0, 2.0, 1.5, 0.5, 0.0


@dataclass(frozen=True, slots=True)
class Mention:
    """Something a sentence speaks of. ``preposition`` is the word that puts it out of the subject's place, if any.

    ``preposition`` is "object" behind a verb and "owner" within the name of a plant. ``kind`` is firm, venture, plant,
    project, country, place, people, person, group, product, body, unknown, pronoun or container. ``inherited`` is true
    where the sentence only points back at it (the company, it); ``choices`` are then the names and kinds that may be
    meant, the likeliest first. ``owner`` is whose a plant is, or the firm that a person speaks for.
    """

    start: int
    end: int
    name: str
    kind: str
    preposition: str = ""
    possessive: bool = False
    inherited: bool = False
    owner: str | None = None
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Entity:
    """One thing a story has spoken of: in which sentence last, in what part, how often, and in what words."""

    name: str
    kind: str
    owner: str | None = None
    sentence: int = 0
    part: float = 0.0
    times: int = 0
    weight: float = 0.0
    acted: bool = False
    words: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Discourse:
    """What a story has spoken of so far: the last firm, plant, project, venture and country, and all names met."""

    last: dict[str, str] = field(default_factory=dict)
    subject: str | None = None
    subject_kind: str = ""
    seen: set[str] = field(default_factory=set)
    facilities: dict[str, Mention] = field(default_factory=dict)
    countries: dict[str, int] = field(default_factory=dict)
    entities: dict[str, Entity] = field(default_factory=dict)
    people: dict[str, str | None] = field(default_factory=dict)
    speaker: str | None = None
    number: int = 0
    pair: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    told_venture: bool = False
    built: tuple[str | None, str | None] = (None, None)
    opened: bool = False
    day: str | None = None

    @property
    def country(self) -> str | None:
        """The country that the story has named most often."""
        return max(self.countries, key=lambda name: self.countries[name], default=None)

    @property
    def topic(self) -> str | None:
        """The firm that the story is likeliest to mean by "the company"."""
        return next((entity.name for entity in self.likeliest(FIRM_KINDS)), None)

    def open_paragraph(self) -> None:
        """Take note that the next sentence begins a paragraph: what it leaves unsaid is the story's, not the last's."""
        self.opened = True

    def leading(self, kinds: Collection[str]) -> str | None:
        """What the story is about, of some kinds: what it has said most of so far; None before it has said anything."""
        told = [e for e in self.entities.values() if e.kind in kinds and (e.acted or e.kind != "unknown")]
        first = max(told, key=lambda entity: entity.weight, default=None)
        return first.name if first is not None else None

    def likeliest(self, kinds: Collection[str]) -> list[Entity]:
        """What the story has spoken of of some kinds, the likeliest to be pointed at first.

        An unknown name that has done nothing is none of them. What a sentence was about counts more than what stood
        beside, and each sentence since takes away from it; of plants and projects it is the last that was named.
        """
        told = [e for e in self.entities.values() if e.kind in kinds and (e.acted or e.kind != "unknown")]
        if WORKS.issuperset(kinds):
            return sorted(told, key=lambda entity: (-entity.sentence, -entity.part, -entity.times))
        return sorted(told, key=lambda entity: -self._weight(entity))

    def _weight(self, entity: Entity) -> float:
        topic = min(entity.weight, 20.0) * (0.3 if self.opened else 0.2)
        doubt = 1.5 * (entity.kind == "unknown")
        return entity.part - 2.0 * min(self.number - entity.sentence, 8) + topic - doubt

    def remember(self, mentions: list[Mention], text: str = "", asides: Sequence[tuple[int, int]] = ()) -> None:
        """Take what a sentence speaks of into account for those after it; ``asides`` only say more of a name."""
        self.number += 1
        self.opened = False
        firms = dict.fromkeys(m.name for m in mentions if m.kind in FIRM_KINDS and not m.inherited)
        self.pair = tuple(firms) if len(firms) == 2 else ()
        self.told_venture = "venture" in text
        self.built = _builder(mentions)
        self.beside = tuple(
            m.name for m in reversed(mentions) if m.kind in {"unknown", "firm"} and m.preposition in _AS_OBJECT
        )
        chosen = None
        for mention in mentions:
            within = any(start <= mention.start and mention.end <= end for start, end in asides)
            if mention.kind == "person":
                self.speaker = mention.owner or self.speaker
                self._meet(None if mention.inherited else mention.owner, "firm", _OWNER)
            else:
                self._learn(mention)
            if mention.kind in {"person", "body"} or (mention.kind == "group" and mention.inherited):
                continue
            self._note(text, mention, within, first=chosen is None)
            self._put_last(mention, within, first=chosen is None)
            if chosen is None and not within and self._heads(text, mention, mentions):
                chosen = mention
        if chosen is not None:
            self.subject, self.subject_kind = _row(text, chosen, mentions), chosen.kind
            if ";" in self.subject:
                self._meet(self.subject, "group", _SUBJECT)
            if chosen.kind == "firm":
                self.last["firm"] = chosen.name

    def _learn(self, mention: Mention) -> None:
        """Keep a name as met, and how often a country was."""
        self.seen.add(mention.name)
        if mention.kind == "country":
            self.countries[mention.name] = self.countries.get(mention.name, 0) + 1

    def _put_last(self, mention: Mention, within: bool, *, first: bool) -> None:
        """Make a mention the last of its kind, unless it only stands beside what the sentence is about."""
        if mention.inherited and mention.name == self.last.get(mention.kind):
            return
        aside = mention.preposition in word_list("asides") or within
        counts = mention.kind not in self.last or not aside or mention.kind in WORKS
        beside = mention.kind in {"firm", "venture"} and (mention.preposition or within) and not first
        if counts and not beside:
            self.last[mention.kind] = mention.name

    def _heads(self, text: str, mention: Mention, mentions: list[Mention]) -> bool:
        """Whether a mention may be what its sentence is about."""
        if mention.preposition or mention.kind not in SUBJECT_KINDS:
            return False
        if mention.possessive and _is_speaker(text, mention):
            return not any(not (m.preposition or m.possessive) and m.kind in SUBJECT_KINDS for m in mentions)
        return mention.kind != "unknown" or self._stands_as_subject(text, mention)

    def _stands_as_subject(self, text: str, mention: Mention) -> bool:
        """Whether an unknown name acts, has acted before or stands at the head of its sentence or clause."""
        met = self._entity(mention.name)
        return (met is not None and met.acted) or _HEAD.search(text[: mention.start]) is not None

    def _note(self, text: str, mention: Mention, within: bool, *, first: bool) -> None:
        """Weigh a mention by the part that it plays in its sentence; a plant speaks of its owner too."""
        part = _ASIDE if within else _BESIDE
        if not mention.preposition and not within:
            part = _SUBJECT if first else _OBJECT
        elif mention.preposition == "object":
            part = _OBJECT
        self._meet(mention.name, mention.kind, part, mention.owner)
        if mention.kind in WORKS:
            self._meet(mention.owner, "firm", min(part, _OWNER))
        if mention.kind in FIRM_KINDS and not mention.inherited:
            entity = self._entity(mention.name) or self.entities[mention.name]
            entity.words |= _said_of(text, mention)
            entity.acted |= mention.possessive or (not mention.preposition and acts(text, mention.end))
            if _is_heading(text, mention):
                entity.acted, entity.part = True, _HEADING
                entity.weight += _HEADING

    def _entity(self, name: str) -> Entity | None:
        """What has been met under a name, or under a longer one that begins with it (Tundra of Tundra Cells)."""
        met = self.entities.get(name)
        longer = (e for e in self.entities.values() if e.kind in FIRM_KINDS and e.name.startswith(f"{name} "))
        return met or next(longer, None)

    def _meet(self, name: str | None, kind: str, part: float, owner: str | None = None) -> None:
        if name is None:
            return
        entity = self._entity(name) if kind in {"firm", "unknown", "pronoun"} else None
        entity = entity or self.entities.setdefault(name, Entity(name, kind, owner))
        if kind != "pronoun" and entity.kind in {"pronoun", "unknown"}:
            entity.kind = kind
        entity.part = part if entity.sentence < self.number else max(part, entity.part)
        entity.weight += part
        entity.sentence = self.number
        entity.times += 1


_HEAD = re.compile(
    r"(?:(?:^|[,;:–—(“\"]\s?)(?:[Tt]he\s|[Aa]n?\s)?|\b(?:that|and|but|while|as|when|where|because|after|said|says|maker|firm|company|group)\s)$"
)
_OFFICE = re.compile(
    r"[’']?s?\s(?:[\w-]+\s){0,3}?(?:chief|chair\w*|president|head|boss|director|founder|minister|spokes\w+)\b"
)


def _is_heading(text: str, mention: Mention) -> bool:
    """Whether a name is a line of its own or leads one (Solaris del Norte; Acme: the maker …)."""
    alone = not re.search(r"[^\W\d_]", text[: mention.start] + text[mention.end :])
    return alone or (not text[: mention.start].strip(" *#-–—•") and text[mention.end : mention.end + 2] == ": ")


def _is_speaker(text: str, mention: Mention) -> bool:
    """Whether a possessive name only says whose officer speaks (Verkor's finance chief said the plant …)."""
    return _OFFICE.match(text, mention.end) is not None


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


_APPOSED = re.compile(r",\s(?:an?|the|one of)\s(?P<words>[^,.;]{3,60})")


def _said_of(text: str, mention: Mention) -> set[str]:
    """The words right before a name and in its apposition, by which the story may point back (the Boston start-up)."""
    before = re.split(r"[.,;:()]\s", text[max(0, mention.start - 50) : mention.start])[-1].split()[-4:]
    behind = _APPOSED.match(text, mention.end)
    words = before + (behind.group("words").split() if behind else [])
    return {re.sub(r"[’']s?$|-based$", "", word).lower() for word in words if len(word) > 3}


def _builder(mentions: list[Mention]) -> tuple[str | None, str | None]:
    """Which firm does something in which one place, in a sentence that names no plant there."""
    if any(m.kind in WORKS for m in mentions):
        return None, None
    firm = next((m for m in mentions if m.kind in FIRM_KINDS and not m.preposition), None)
    places = [m for m in mentions if m.kind in {"place", "unknown"} and m.preposition in {"in", "at", "near"}]
    return (firm.name, places[-1].name) if firm is not None and len(places) == 1 else (None, None)
