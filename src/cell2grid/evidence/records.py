"""What evidence is made of: documents, stories, readings, claims and checks, as frozen records.

Offsets are code points of the document decoded as UTF-8, its line ends and byte-order mark unchanged; in HTML
and PDF they are None and the quote is visible text with white space folded. The store that keeps these records is
``store.py``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any


class Label(StrEnum):
    """What a story of a page is to its reader."""

    CORE = "core"
    OTHER = "other"
    COPY = "copy"
    FURNITURE = "furniture"


class Tier(StrEnum):
    """How much of a claim its own sentence says.

    A: every slot is explicit in one sentence. B: a slot is inherited from elsewhere. C: a number without a frame.
    """

    A = "A"
    B = "B"
    C = "C"


class Verdict(StrEnum):
    """What a check found."""

    HOLDS = "holds"
    FAILS = "fails"
    ROUNDING = "rounding"
    INCOMPLETE = "incomplete"
    CANNOT_SAY = "cannot_say"


@dataclass(frozen=True, slots=True)
class Document:
    """A page as it was read. ``id`` is the SHA-256 of its bytes; ``path`` is relative to what was asked for.

    ``format`` is text, markdown, html or pdf.
    """

    id: str
    path: str
    format: str
    text: str
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    url: str | None = None

    @property
    def has_offsets(self) -> bool:
        """Whether places in the text are places in the file, as they are not in HTML and PDF."""
        return self.format in {"text", "markdown"}


@dataclass(frozen=True, slots=True)
class Story:
    """A stretch of one document about one thing, with the day its relative dates are counted from.

    ``anchor_from`` says how the day was inferred: ``byline``, ``metadata``, ``dated sentence``, ``given``; None where
    there is no anchor. Stories of a document are sorted and do not overlap; an id may repeat where one is interrupted.
    """

    id: str
    document: str
    label: Label
    start: int | None
    end: int | None
    title: str | None = None
    anchor_date: str | None = None
    anchor_from: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """One number as the lexer read it, with its exact text and place.

    ``value`` is multiplied out (1.22 million is 1220000; 51 % is 51); for over, under, about it is the printed number
    and ``low``/``high`` its interval; a range has value None. ``label`` is what a date, trap or quantity is called.
    """

    document: str
    story: str
    value_text: str
    value_start: int | None
    value_end: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    approx: str | None = None
    label: str = "quantity"


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure that a page states: who, what, how much, when, in which words.

    Periods are ISO dates, both ends included; an unsaid end is None. ``inherited`` names the slots taken from another
    sentence. ``alternatives`` holds other possible readings, each a mapping of the slots that differ.
    """

    document: str
    story: str
    frame: str
    measure: str
    subject: str | None
    quote: str
    start: int | None
    end: int | None
    value_text: str
    value_start: int | None
    value_end: int | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    object: str | None = None
    approx: str | None = None
    period_start: str | None = None
    period_end: str | None = None
    direction: str | None = None
    tier: Tier = Tier.C
    inherited: tuple[str, ...] = ()
    alternatives: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self._content_hash())

    def _content_hash(self) -> str:
        place = (self.quote, self.value_text) if self.value_start is None else (self.value_start, self.value_end)
        slots = (self.measure, self.subject, self.object, self.value, self.low, self.high, self.unit)
        period = (self.period_start, self.period_end, self.direction)
        return hashlib.sha256(repr((self.document, place, slots, period)).encode()).hexdigest()[:16]

    def corrected(self, **slots: Any) -> Claim:
        """A new claim with other slots and an id of its own; this one stays as it is."""
        return replace(self, **{**slots, "id": ""})


@dataclass(frozen=True, slots=True)
class Derived:
    """A value computed from claims and stated by none (39 GWh a year from 10,000 systems of 3.9 MWh)."""

    measure: str
    subject: str | None
    value: float | None
    low: float | None
    high: float | None
    unit: str
    claims: tuple[str, ...]
    equation: str
    period_start: str | None = None
    period_end: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One piece of arithmetic over claims: what they state, what follows, and whether the two agree.

    ``residual`` is stated less computed in ``unit``; ``tolerance`` comes from the digits and words given, None where
    these leave it open. ``kind`` is the name of one of ``arithmetic/kinds``.
    """

    kind: str
    claims: tuple[str, ...]
    stated: float | None
    computed: float | None
    unit: str
    residual: float | None
    tolerance: float | None
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided about one claim, and when (ISO, UTC); the last decision about a claim counts.

    ``decision`` is accept, edit, reject, merge or withdraw (which takes the decision before it back). ``replaced_by``
    is the claim that an edit put in its place, or that a merge found to say the same.
    """

    claim: str
    decision: str
    reviewer: str
    decided_at: str
    note: str = ""
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True)
class NameDecision:
    """What a reviewer decided about a name that claims use, and when (ISO, UTC); the last about a name counts.

    ``decision`` is ``is`` (``other`` is the id of the entity it means), ``new`` (``other`` is the id that a new entity
    of this name gets), ``apart`` (``other`` is a name or entity that it does not mean) or ``undo`` (which takes the
    last decision about the name back).
    """

    name: str
    decision: str
    other: str | None
    reviewer: str
    decided_at: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """All that was read from some pages, ready to be stored."""

    documents: tuple[Document, ...]
    stories: tuple[Story, ...]
    readings: tuple[Reading, ...]
    claims: tuple[Claim, ...]
    failures: tuple[tuple[str, str], ...] = ()
