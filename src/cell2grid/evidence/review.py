"""The review queue: one claim at a time, a key to accept, edit, reject or skip it, and undo.

Decisions go to the store as they are made, so leaving early loses none; undo appends a decision that takes the last one
back. The terminal is handed in: a function that gives the next key, one that asks for a line, one that shows text.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise

from cell2grid.errors import EvidenceError
from cell2grid.evidence.keeping.store import Store
from cell2grid.evidence.records import Check, Claim, Label, Tier, Verdict

KEYS = "[a] accept  [e] edit  [r] reject  [s] skip  [u] undo  [q] quit"
_PLACE = frozenset({"id", "document", "story", "quote", "start", "end", "frame", "inherited", "alternatives"})
_PRINTED = frozenset({"value_text", "value_start", "value_end", "tier"})
SLOTS = tuple(each.name for each in fields(Claim) if each.name not in _PLACE | _PRINTED)
_DAYS = frozenset({"period_start", "period_end"})
_NUMBERS = frozenset({"value", "low", "high"})
_TIERS = (Tier.B, Tier.A, Tier.C)


@dataclass(frozen=True, slots=True)
class Asked:
    """A claim to decide on, with the checks that did not hold for it."""

    claim: Claim
    trouble: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How many claims were decided on in one sitting, and how many are left."""

    accepted: int = 0
    edited: int = 0
    rejected: int = 0
    skipped: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Terminal:
    """The reviewer's side: the next key (empty at the end of input), a line for a question, and text to show."""

    key: Callable[[], str]
    ask: Callable[[str], str]
    show: Callable[[Asked, int, int], None]
    say: Callable[[str], None]


def queue(store: Store) -> tuple[Asked, ...]:
    """The open claims, those first whose checks failed, then those with an inherited slot; copies are left out."""
    copies = {(story.document, story.id) for story in store.stories() if story.label == Label.COPY}
    trouble: dict[str, list[Check]] = {}
    for check in store.checks():
        if check.verdict == Verdict.FAILS:
            for identity in check.claims:
                trouble.setdefault(identity, []).append(check)
    asked = [
        Asked(claim, tuple(trouble.get(claim.id, ())))
        for claim in store.claims(status="open")
        if (claim.document, claim.story) not in copies
    ]
    return tuple(sorted(asked, key=lambda each: (not each.trouble, _TIERS.index(each.claim.tier))))


def review(store: Store, asked: Sequence[Asked], terminal: Terminal, *, reviewer: str) -> Tally:
    """What was decided in this sitting."""
    sitting = _Sitting(store, asked, terminal, reviewer)
    while sitting.at < len(asked):
        terminal.show(asked[sitting.at], sitting.at + 1, len(asked))
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

    @property
    def at(self) -> int:
        return len(self.made)

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

    def skip(self) -> None:
        self.made.append("skip")

    def undo(self) -> None:
        if not self.made:
            self.terminal.say("there is nothing to undo in this sitting")
        elif self.made.pop() != "skip":
            self.store.decide(self.asked[self.at].claim.id, "withdraw", reviewer=self.reviewer)

    def tally(self) -> Tally:
        accepted, edited, rejected, skipped = (self.made.count(each) for each in ("accept", "edit", "reject", "skip"))
        return Tally(accepted, edited, rejected, skipped, left=len(self.asked) - self.at)

    def _decide(self, decision: str, *, note: str = "", corrected: Claim | None = None) -> None:
        claim = self.asked[self.at].claim
        self.store.decide(claim.id, decision, reviewer=self.reviewer, note=note, corrected=corrected)
        self.made.append(decision)


# the keys of KEYS, but q
_ACTIONS: dict[str, Callable[[_Sitting], None]] = {
    "a": _Sitting.accept,
    "e": _Sitting.edit,
    "r": _Sitting.reject,
    "s": _Sitting.skip,
    "u": _Sitting.undo,
}


def changed_slot(line: str) -> tuple[str, str | float | None]:
    """The slot and its new value in a line such as ``subject=Contoso``; nothing after ``=`` empties the slot.

    Raises
    ------
    EvidenceError
        There is no such slot, it cannot be empty, or a number was meant.

    >>> changed_slot("low = 4.5"), changed_slot("object=")
    (('low', 4.5), ('object', None))
    """
    slot, equals, text = (part.strip() for part in line.partition("="))
    if not equals or slot not in SLOTS:
        raise EvidenceError(f"'{line[:60]}' is no correction; write slot=value with one of {', '.join(SLOTS)}")
    if not text:
        if slot in ("measure", "unit"):
            raise EvidenceError(f"slot '{slot}' cannot be empty")
        return slot, None
    return slot, _number(slot, text) if slot in _NUMBERS else _day(slot, text) if slot in _DAYS else text


def _number(slot: str, text: str) -> float:
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise EvidenceError(f"slot '{slot}': '{text[:60]}' is not a number; write it out, as in 1220000")
    return number


def _day(slot: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise EvidenceError(f"slot '{slot}': '{text[:60]}' is not a day; write it as 2026-01-31") from None


def sentence_parts(claim: Claim) -> tuple[str, str, str]:
    """The sentence before the value, the value, and the sentence after it.

    >>> from cell2grid.evidence.records import Claim
    >>> said = ("It has 40 MW.", 100, 113, "40 MW", 107, 112, 40.0, None, None, "MW")
    >>> claim = Claim("page", "story", "frame", "power", None, *said)
    >>> sentence_parts(claim)
    ('It has ', '40 MW', '.')
    """
    if claim.value_start is not None and claim.start is not None:
        first = claim.value_start - claim.start
    else:
        first = claim.quote.find(claim.value_text)
    last = first + len(claim.value_text)
    if first < 0 or claim.quote[first:last] != claim.value_text:
        return claim.quote, "", ""
    cuts = (0, first, last, len(claim.quote))
    before, value, after = (claim.quote[start:end] for start, end in pairwise(cuts))
    return before, value, after


def slot_lines(claim: Claim) -> tuple[tuple[str, str], ...]:
    """The slots that hold something, each with its value in words; inherited ones say so."""
    lines = []
    for slot in (*SLOTS, "tier"):
        value = getattr(claim, slot)
        if value is not None:
            words = f"{value:,.12g}" if isinstance(value, float) else str(value)
            lines.append((slot, f"{words} (inherited)" if slot in claim.inherited else words))
    return tuple(lines)
