"""One sentence laid out for the frames: its quantities, dates, mentions, and what the story said before.

A frame asks a scene for the words around a quantity, for whose figure it is (``subjects.py``) and for its period
(``figure_periods.py``); it changes nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.dates.date_expressions import DateExpression
from cell2grid.evidence.naming.discourse import Discourse, Mention
from cell2grid.evidence.naming.roles import asides
from cell2grid.evidence.quantities.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Slots:
    """What a frame reads into a quantity. None leaves a slot to the common rules; ``inherited`` names carried slots.

    ``stock`` is true for what is so on a day (a capacity, a stake), false for what flows in a period (exports).
    ``timeless`` is what has no date at all (the energy of a container); ``flows`` what is added in a period although
    its measure is mostly a stock (the power installed in a quarter).
    """

    measure: str
    subject: str | None = None
    object: str | None = None
    unit: str | None = None
    value: float | None = None
    direction: str | None = None
    period: Period | None = None
    stock: bool = False
    timeless: bool = False
    flows: bool = False
    kinds: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()
    alternatives: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class Said:
    """What the last figures of a story were: their frame, slots, period, for the sentences that carry on from them."""

    frame: str = ""
    measure: str = ""
    unit: str = ""
    subject: str | None = None
    object: str | None = None
    period: Period | None = None
    sentence: int = -9


@dataclass(slots=True)
class Scene:
    """A sentence as the frames see it; places count from its start. ``previous`` is the sentence before it.

    ``happened`` holds where the dates of milestones stand, which are no dates of what a plant can do; ``beside`` what
    is told beside the quantities: the frame, the place and the slots; ``flows`` the word for a flow beside each figure.
    Where ``awaited`` is given, the names and dates are read by it when a frame first asks for them; most numbers of a
    story on something else are never asked for any.
    """

    text: str
    quantities: list[Quantity]
    dates: list[tuple[DateExpression, Period | None]]
    mentions: list[Mention]
    discourse: Discourse
    said: dict[str, Said] = field(default_factory=dict)
    number: int = 0
    read: dict[int, tuple[str, Slots]] = field(default_factory=dict)
    context: tuple[int, Period] | None = None
    reported: Period | None = None
    marks: list[tuple[int, int]] | None = None
    clauses: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    previous: str = ""
    happened: set[int] = field(default_factory=set)
    beside: list[tuple[str, Quantity, Slots]] = field(default_factory=list)
    flows: dict[int, str | None] = field(default_factory=dict)
    said_beside: list[tuple[int, int]] | None = None
    awaited: Callable[[Scene], None] | None = None

    def __post_init__(self) -> None:
        """A slot that is not filled is filled by ``__getattr__``."""
        if self.awaited is not None:
            del self.dates, self.mentions, self.discourse, self.context

    if not TYPE_CHECKING:  # or else every name would be taken for an attribute

        def __getattr__(self, name: str) -> Any:
            awaited, self.awaited = object.__getattribute__(self, "awaited"), None
            if awaited is None:
                raise AttributeError(f"a scene has no {name}")
            awaited(self)
            return getattr(self, name)

    def before(self, quantity: Quantity, length: int = 60) -> str:
        """The words before a quantity and its word of degree."""
        lead = quantity.lead
        return self.text[max(0, lead - length) : lead]

    def after(self, quantity: Quantity, length: int = 60) -> str:
        """The words after a quantity."""
        return self.text[quantity.end : quantity.end + length]

    def clause(self, quantity: Quantity) -> tuple[int, int]:
        """Where the clause that holds a quantity begins and ends."""
        place = (quantity.start, quantity.end)
        if place not in self.clauses:
            marks = self._clause_marks()
            start = max((end for _, end in marks if end <= quantity.start), default=0)
            stop = min((begin for begin, _ in marks if begin >= quantity.end), default=len(self.text))
            self.clauses[place] = (start, stop)
        return self.clauses[place]

    def clause_before(self, quantity: Quantity) -> str:
        """The words of the clause before a quantity."""
        return self.text[self.clause(quantity)[0] : quantity.lead]

    def clause_text(self, quantity: Quantity) -> str:
        """The words of the clause that holds a quantity."""
        start, stop = self.clause(quantity)
        return self.text[start:stop]

    def asides(self) -> list[tuple[int, int]]:
        """Where the sentence only says more of a name just before: appositions, relative clauses, brackets."""
        if self.said_beside is None:
            self.said_beside = asides(self.text, self.mentions)
        return self.said_beside

    def _clause_marks(self) -> list[tuple[int, int]]:
        if self.marks is None:
            found = [mark.span() for mark in _CLAUSE.finditer(self.text)]
            headed = _HEADING.match(self.text)
            self.marks = [mark for mark in found if headed is None or mark[1] != headed.end()]
        return self.marks

    def earlier(self, quantity: Quantity) -> tuple[str, Slots, Quantity] | None:
        """The last quantity before this one in the sentence that a frame has read, with its frame and slots."""
        for other in reversed(self.quantities):
            if other.end <= quantity.start and other.start in self.read:
                frame, slots = self.read[other.start]
                return frame, slots, other
        return None

    def recent(self, frame: str, sentences: int = 1) -> Said | None:
        """What was last read by a frame, if no more than that many sentences ago."""
        said = self.said.get(frame)
        return said if said is not None and self.number - said.sentence <= sentences else None


# what a line of figures is headed by belongs to them (Market share: A 34 %, B 12 %)
_HEADING = re.compile(
    r"\W*(?:[^\W\d][\w’'&.-]*\s+){0,5}?(?:shares?|capacity|sales|exports?|deliveries|output|production|revenues?|turnover"
    r"|profits?|loss|prices?|investments?|shipments|registrations|utili[sz]ation|stakes?|shareholders|owners|jobs|tariffs?"
    r"|dut(?:y|ies)|imports?|headcount|workforce|costs?|capex|budget|outlay|spending|financing)"
    r"(?:\s+(?:in|at|of|by|for|on)\s+(?:[^:.;\d]|(?:19|20)\d\d|[QH][1-4]){1,40})?:\s",
    re.I,
)
_CLAUSE = re.compile(
    r";\s|:\s|,?\s(?:while|whereas|but|although|though|yet)\s|,\sand\s(?=(?:[A-Z]|it\b|its\b|the\b"
    r"|they\b|this\b|that\b|has\b|had\b|will\b|is\b))|\s[—–]\s|,\sas\s(?!well|of|at|a\b|the\b)"
    r"|,\sof\swhich\s|,\sof\swhom\s"
)
