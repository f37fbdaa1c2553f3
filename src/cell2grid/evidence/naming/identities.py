"""What a name that claims use means: which entity of the gazetteer, or which that a reviewer made or named.

Two names are one only where the gazetteer or a decision says so. Finding names in a text is ``gazetteer.py``; how
decisions are kept is ``keeping/names_decided.py``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cell2grid.evidence.naming.gazetteer import gazetteer
from cell2grid.evidence.records import NameDecision
from cell2grid.evidence.vocabulary.gazetteer import Entity, by_id


@dataclass(frozen=True, slots=True)
class Known:
    """An entity as names lead to it: id, name and kind, its entry where the gazetteer has one, and decided names."""

    id: str
    name: str
    kind: str
    entry: Entity | None = None
    decided: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, its own name first."""
        listed = self.entry.names if self.entry is not None else ()
        return tuple(dict.fromkeys((self.name, *listed, *self.decided)))


class Identities:
    """What names mean, by the gazetteer and by decisions.

    >>> made = NameDecision("Birka Storage AB", "new", "firm:birka-storage", "reader", "2026-01-01")
    >>> also = NameDecision("Birka", "is", "firm:birka-storage", "reader", "2026-01-02")
    >>> known = Identities([made, also])
    >>> known.meant("Birka").name, known.meant("宁德时代").name, known.meant("Orsa")
    ('Birka Storage AB', 'CATL', None)
    """

    def __init__(self, decisions: Iterable[NameDecision] = ()) -> None:
        self._standing = standing(decisions)
        means = {
            name: [each for each in made if each.decision in ("is", "new")] for name, made in self._standing.items()
        }
        self._means = {name: made[-1].other for name, made in means.items() if made}
        self._made = {made[-1].other: name for name, made in means.items() if made and made[-1].decision == "new"}
        self._apart = {
            frozenset((name, made.other))
            for name, each in self._standing.items()
            for made in each
            if made.decision == "apart"
        }
        self._names: dict[str, list[str]] = defaultdict(list)
        for name, id_ in self._means.items():
            self._names[id_ or ""].append(name)
        self._called: dict[str, str] = {}

    def meant(self, name: str, *, day: str | None = None) -> Known | None:
        """The entity that a whole name means, on a day where that matters; None where nobody has said."""
        decided = self._means.get(name)
        if decided is not None:
            return self.entity(decided)
        entry = gazetteer().meant(name, day=day)
        if entry is None or any(frozenset((name, each)) in self._apart for each in (entry.id, entry.name)):
            return None
        return self.entity(entry.id)

    def entity(self, id_: str) -> Known | None:
        """The entity with an id; None where neither the gazetteer nor a decision has it."""
        decided, entry = tuple(self._names.get(id_, ())), by_id().get(id_)
        if entry is not None:
            return Known(id_, entry.name, entry.kind, entry, decided)
        name = self._made.get(id_)
        return None if name is None else Known(id_, name, id_.partition(":")[0], None, decided)

    def made(self) -> tuple[Known, ...]:
        """The entities that decisions made."""
        return tuple(known for id_ in self._made if id_ and (known := self.entity(id_)) is not None)

    def decided(self, name: str) -> tuple[NameDecision, ...]:
        """The decisions about a name that stand."""
        return tuple(self._standing.get(name, ()))

    def are_apart(self, one: str, other: str) -> bool:
        """Whether it was decided that two names, or a name and an entity, are not the same."""
        return frozenset((one, other)) in self._apart

    def called(self, names: str) -> str:
        """A subject or object with each of its names in the form that stands for all names of its entity.

        >>> Identities().called("宁德时代;Orsa")
        'CATL;Orsa'
        """
        if names not in self._called:
            known = [(name, self.meant(name)) for name in names.split(";")]
            self._called[names] = ";".join(name if entity is None else entity.name for name, entity in known)
        return self._called[names]

    def same(self, name: str) -> tuple[str, ...]:
        """The other names of the entity that a name means."""
        known = self.meant(name)
        return () if known is None else tuple(each for each in known.names if each != name)

    def ids(self, names: str | None, *, day: str | None = None) -> str | None:
        """The ids of the entities that a subject or object names, in its order; None where it names none.

        >>> Identities().ids("CATL;Orsa"), Identities().ids("exports")
        ('firm:catl;', None)
        """
        known = [self.meant(name, day=day) for name in (names or "").split(";")]
        found = ";".join("" if entity is None else entity.id for entity in known)
        return found if found.strip(";") else None

    def made_one(self, words: str) -> tuple[str, ...]:
        """All names of the entities that a decision gave a name and of which some name contains the words."""
        asked = words.casefold()
        found = [known for id_ in self._names if id_ and (known := self.entity(id_)) is not None]
        return tuple(
            name for known in found if any(asked in each.casefold() for each in known.names) for name in known.names
        )


def standing(decisions: Iterable[NameDecision]) -> dict[str, list[NameDecision]]:
    """For each name the decisions that were not taken back, in the order in which they were made."""
    kept: dict[str, list[NameDecision]] = defaultdict(list)
    for made in decisions:
        if made.decision != "undo":
            kept[made.name].append(made)
        elif kept[made.name]:
            kept[made.name].pop()
    return {name: made for name, made in kept.items() if made}
