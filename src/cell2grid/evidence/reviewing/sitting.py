"""A sitting of a reviewer: one claim at a time, a key to accept, edit, merge, reject or skip it, and undo.

Decisions go to the store as they are made, so leaving early loses none; undo appends a decision that takes the last one
back. The terminal is handed in: a function that gives the next key, one that asks for a line, one that shows a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cell2grid.errors import EvidenceError
from cell2grid.evidence.entities.deciding import NEW_KINDS, begin, mean
from cell2grid.evidence.entities.suggestions import nearest
from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.records import Claim
from cell2grid.evidence.reviewing.corrections import changed_slot
from cell2grid.evidence.reviewing.queueing import Asked
from cell2grid.evidence.reviewing.showing import Alike, neighbours

KEYS = "[a] accept  [e] edit  [m] merge  [n] name  [r] reject  [s] skip  [u] undo  [q] quit"


_OF_ENTITIES = frozenset({"stake", "supplies", "capital"})  # measures whose object is a firm


@dataclass(frozen=True, slots=True)
class Shown:
    """A claim as it is put before the reviewer: with its neighbours in the page and the claims that may be the same.

    ``unknown`` holds the names in it that no entity has, each with those that are called much the same.
    """

    asked: Asked
    before: str = ""
    after: str = ""
    alike: tuple[Claim, ...] = ()
    unknown: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims were decided on in one sitting, and how many are left."""

    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    merged: int = 0
    skipped: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Terminal:
    """The reviewer's side: the next key (empty at the end of input), a line for a question, and text to show."""

    key: Callable[[], str]
    ask: Callable[[str], str]
    show: Callable[[Shown, int, int], None]
    say: Callable[[str], None]


def review(store: Store, asked: Sequence[Asked], terminal: Terminal, *, reviewer: str) -> Tally:
    """What was decided in this sitting."""
    sitting = _Sitting(store, asked, terminal, reviewer)
    while sitting.at < len(asked):
        terminal.show(sitting.shown(), sitting.at + 1, len(asked))
        key = terminal.key()
        if key in ("", "q"):
            break
        if key not in _ACTIONS:
            terminal.say(KEYS)
            continue
        try:
            _ACTIONS[key](sitting)
        except EvidenceError as error:
            # a correction that makes no sense is asked for again
            terminal.say(str(error))
    return sitting.tally()


class _Sitting:
    """Where a reviewer is in the queue, and what can be undone."""

    def __init__(self, store: Store, asked: Sequence[Asked], terminal: Terminal, reviewer: str) -> None:
        self.store, self.asked, self.terminal, self.reviewer = store, asked, terminal, reviewer
        self.made: list[str] = []
        self.alike = Alike(store.claims(status="standing"))
        self.identities = store.identities()

    @property
    def at(self) -> int:
        return len(self.made)

    def shown(self) -> Shown:
        """The claim that is asked for now, as it is shown."""
        asked = self.asked[self.at]
        before, after = neighbours(asked.claim, self.store.document(asked.claim.document))
        return Shown(asked, before, after, self.alike.to(asked.claim), self._unknown(asked.claim))

    def _unknown(self, claim: Claim) -> tuple[tuple[str, tuple[str, ...]], ...]:
        said = (*(claim.subject or "").split(";"), claim.object or "" if claim.measure in _OF_ENTITIES else "")
        return tuple(
            (name, tuple(near.name for near in nearest(name, self.identities)))
            for name in dict.fromkeys(filter(None, said))
            if self.identities.meant(name) is None
        )

    def name(self) -> None:
        """Ask what a name of the claim means that no entity has; the claim itself stays to be decided."""
        unknown = self._unknown(self.asked[self.at].claim)
        if not unknown:
            raise EvidenceError("every name of this claim has its entity: accept, edit or reject it")
        for name, _ in unknown:
            line = self.terminal.ask(f"'{name}' means (an entity, or new {'|'.join(NEW_KINDS)}; empty line for none)")
            word, _, kind = line.strip().partition(" ")
            if word == "new" and kind:
                begin(self.store, name, kind.strip(), reviewer=self.reviewer)
            elif line.strip():
                mean(self.store, name, line.strip(), reviewer=self.reviewer)
        self.identities = self.store.identities()

    def accept(self) -> None:
        self._decide("accept")

    def reject(self) -> None:
        note = self.terminal.ask("why (may be empty)")
        self._decide("reject", note=note)

    def edit(self) -> None:
        claim = self.asked[self.at].claim
        changes = {}
        while line := self.terminal.ask("slot=value (empty line to end)").strip():
            try:
                slot, value = changed_slot(line)
            except EvidenceError as error:
                self.terminal.say(str(error))
            else:
                changes[slot] = value
        if "value" in changes:
            # the interval was that of the old value
            changes = {"low": changes["value"], "high": changes["value"], "approx": None, **changes}
        self._decide("edit", corrected=claim.corrected(**changes))

    def merge(self) -> None:
        alike = self.alike.to(self.asked[self.at].claim)
        if not alike:
            raise EvidenceError("no other claim has this measure, unit and value: accept, edit or reject this one")
        line = self.terminal.ask(f"the same as which, 1 to {len(alike)} (empty line for none)").strip()
        if not line:
            return
        if not line.isdecimal() or not 1 <= int(line) <= len(alike):
            raise EvidenceError(f"'{line[:20]}' is none of the claims shown, 1 to {len(alike)}")
        self._decide("merge", same_as=alike[int(line) - 1].id)

    def skip(self) -> None:
        self.made.append("skip")

    def undo(self) -> None:
        if not self.made:
            self.terminal.say("there is nothing to undo in this sitting")
        elif self.made.pop() != "skip":
            self.store.decide(self.asked[self.at].claim.id, "withdraw", reviewer=self.reviewer)

    def tally(self) -> Tally:
        kinds = ("accept", "edit", "reject", "merge", "skip")
        accepted, edited, rejected, merged, skipped = (self.made.count(each) for each in kinds)
        return Tally(accepted, edited, rejected, merged, skipped, left=len(self.asked) - self.at)

    def _decide(
        self, decision: str, *, note: str = "", corrected: Claim | None = None, same_as: str | None = None
    ) -> None:
        claim = self.asked[self.at].claim
        self.store.decide(claim.id, decision, reviewer=self.reviewer, note=note, corrected=corrected, same_as=same_as)
        self.made.append(decision)


# the keys of KEYS, but q
_ACTIONS: dict[str, Callable[[_Sitting], None]] = {
    "a": _Sitting.accept,
    "e": _Sitting.edit,
    "m": _Sitting.merge,
    "n": _Sitting.name,
    "r": _Sitting.reject,
    "s": _Sitting.skip,
    "u": _Sitting.undo,
}
