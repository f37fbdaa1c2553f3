"""What a story has spoken of so far: its mentions, the last firm, plant and project, and the plants it has named.

Mentions are read in ``mentions.py``; which of them a figure belongs to is ``subjects.py``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cell2grid.evidence.vocabulary import word_list

SUBJECT_KINDS = {"firm", "venture", "plant", "project", "country", "group", "unknown"}


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
    subject_kind: str = ""
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
            aside = mention.preposition in word_list("asides")
            counts = mention.kind not in self.last or not aside or mention.kind in {"plant", "project"}
            beside = mention.kind in {"firm", "venture"} and mention.preposition and chosen is not None
            if counts and not beside:
                self.last[mention.kind] = mention.name
            if chosen is None and not mention.preposition and mention.kind in SUBJECT_KINDS:
                chosen = mention
        if chosen is not None:
            self.subject, self.subject_kind = _row(text, chosen, mentions), chosen.kind
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
