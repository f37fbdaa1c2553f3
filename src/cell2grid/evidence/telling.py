"""One story while it is read, sentence by sentence: what it has spoken of so far, and what frames read in it.

Which stories a page has, and what becomes of their claims, is ``reading.py``; who and when a sentence speaks of is
read in ``naming`` and ``claims/story_time.py``, and not before a frame asks.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from math import copysign

from cell2grid.evidence.claims.bare_numbers import LEVELS
from cell2grid.evidence.claims.carry import goods_of, with_units
from cell2grid.evidence.claims.claiming import claim_of, reading_of
from cell2grid.evidence.claims.filling import filled
from cell2grid.evidence.claims.scene import Said, Scene, Slots
from cell2grid.evidence.claims.story_time import StoryTime
from cell2grid.evidence.claims.tables import Row, Rows, dated_cells, figures, slots_of
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.frames import beside, first_reading, tells_event
from cell2grid.evidence.naming.discourse import Discourse, Mention
from cell2grid.evidence.naming.mentions import mentions
from cell2grid.evidence.naming.roles import asides
from cell2grid.evidence.pages.allowance import Allowance
from cell2grid.evidence.pages.sentences import Span, sentences
from cell2grid.evidence.quantities.lexer import lex, may_hold_quantity
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.quantities.shared_currencies import settled, shares_name
from cell2grid.evidence.records import Claim, Document, Label, Reading, Story

TABLE = 40  # quantities; a sentence with more is a table or a list without marks, in which no frame can be trusted
_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(slots=True)
class Telling:
    """One story while it is read: what it has spoken of, counted and dated so far.

    A sentence waits in ``unread`` until a frame asks for the names or dates of a later one: only then does it matter
    whom and which time it spoke of. What follows the last such figure of a story is never read for names and dates.
    ``end`` is where the story has been read to; ``of_page`` becomes true where the rest of the page settles what it
    says.
    """

    document: Document
    story: Story
    time: StoryTime
    discourse: Discourse = field(default_factory=Discourse)
    said: dict[str, Said] = field(default_factory=dict)
    unread: list[tuple[int, str, list[Quantity]]] = field(default_factory=list)
    openings: set[int] = field(default_factory=set)
    end: int = 0
    of_page: bool = False
    goods: str | None = None
    unsearched: list[str] = field(default_factory=list)
    count: str | None = None
    level: Quantity | None = None
    number: int = 0
    last: str = ""

    def __post_init__(self) -> None:
        """A name means whom it meant on the day of the story."""
        self.discourse.day = None if self.time.anchor.day is None else self.time.anchor.day.isoformat()

    def key(self, span: Span) -> Hashable:
        """All that a story which is this stretch alone depends on."""
        text = self.document.text[span.start : span.end]
        time = (self.time.anchor, self.time.calendar, self.time.headline)
        return (text, self.story.label, self.document.has_offsets, time)

    def stretch(self, span: Span, rows: Rows, allowed: Allowance, numbers: int) -> tuple[list[Reading], list[Claim]]:
        """The quantities and claims of the story's next stretch; ``numbers`` are those that the page had before."""
        readings: list[Reading] = []
        claims: list[Claim] = []
        for sentence in sentences(self.document.text, span.start, span.end):
            allowed.require(numbers + len(readings))
            row = rows.at(sentence.start)
            if row is None or row.span.end > span.end:
                found = self.sentence(sentence)
            elif row.span.start not in rows.read:
                rows.read.add(row.span.start)
                found = self.row(row)
            else:
                continue
            readings += found[0]
            claims += found[1]
        return readings, claims

    def sentence(self, span: Span) -> tuple[list[Reading], list[Claim]]:
        """The quantities and claims of the story's next sentence."""
        text, previous = self.document.text[span.start : span.end], self.last
        self.last = text
        self.number += 1
        if _BLANK_LINE.search(self.document.text, self.end, span.start):
            self.openings.add(self.number)
            self.level = None
        self.end = span.end
        quiet = self.story.label in {Label.FURNITURE, Label.COPY}
        quantities, carried = self._quantities(text)
        if not quantities and (quiet or not tells_event(text)):
            if not quiet:
                self.unread.append((self.number, text, []))
            return [], []
        awaited = None if quiet else self._take_in
        scene = Scene(
            text, quantities, [], [], self.discourse, self.said, self.number, previous=previous, awaited=awaited
        )
        if not quiet:
            self._frame(scene)
        readings, claims = self._written(scene, span, carried, quiet)
        self._remember(scene)
        return readings, claims

    def row(self, row: Row) -> tuple[list[Reading], list[Claim]]:
        """The quantities and claims of a row of a table, read by its headings."""
        text = self.document.text[row.span.start : row.span.end]
        self.number += 1
        self.last, self.end = text, row.span.end
        placed = figures(row)
        if placed:
            self._catch_up()
        scene = Scene(text, [quantity for _, quantity in placed], [], [], self.discourse, self.said, self.number)
        for column, quantity in placed:
            slots = slots_of(row, column, quantity)
            if slots is not None and self.story.label in {Label.CORE, Label.OTHER}:
                told = (meant for cell in dated_cells(row, column) for _, meant in self.time.dated(self.number, cell))
                meant = next((each for each in told if each is not None), None)
                subject = slots.subject or self.discourse.subject or self.discourse.last.get("firm")
                carried = (*slots.inherited, *(() if slots.subject else ("subject",)), *(("period",) if meant else ()))
                scene.read[quantity.start] = ("table", replace(slots, subject=subject, period=meant, inherited=carried))
        quiet = self.story.label in {Label.FURNITURE, Label.COPY}
        return self._written(scene, row.span, set(), quiet, alone=True)

    def _quantities(self, text: str) -> tuple[list[Quantity], set[int]]:
        """The quantities of a sentence, and the starts of those whose unit only the sentences before say."""
        lexed = lex(text).quantities if may_hold_quantity(text) else ()
        told = settled(text, lexed, self.document.text)
        self.of_page = self.of_page or shares_name(text, lexed)
        found, carried = with_units(text, told, self._goods_before, self.count, self.level) if told else ([], set())
        counts = [quantity.unit.split("/")[0] for quantity in found if quantity.kind == "count"]
        self.count = counts[-1] if counts else None
        self.level = next((quantity for quantity in reversed(found) if quantity.kind in LEVELS), self.level)
        self.unsearched.append(text)
        return found, carried

    def _goods_before(self) -> str | None:
        """The goods that the story spoke of last before this sentence."""
        told = (goods for text in reversed(self.unsearched) if (goods := goods_of(text)) is not None)
        self.goods = next(told, self.goods)
        self.unsearched.clear()
        return self.goods

    def _take_in(self, scene: Scene) -> None:
        """Read names and dates of the sentences that waited, and then of the scene's own."""
        self._catch_up()
        if self.number in self.openings:
            self.discourse.open_paragraph()
        scene.context, scene.discourse = self.time.context, self.discourse
        scene.reported = self.time.reported
        found = mentions(scene.text, self.discourse)
        scene.mentions = [mention for mention in found if not _is_counted(mention, scene.quantities)]
        scene.dates = self.time.dated(self.number, scene.text)

    def _catch_up(self) -> None:
        """Read names and dates of the sentences that waited."""
        for number, text, quantities in self.unread:
            if number in self.openings:
                self.discourse.open_paragraph()
            waiting = [m for m in mentions(text, self.discourse) if not _is_counted(m, quantities)]
            self.discourse.remember(waiting, text, asides(text, waiting))
            self.time.dated(number, text)
        self.unread.clear()

    def _frame(self, scene: Scene) -> None:
        """Ask the frames in their order for every quantity; a value converted in brackets goes with the one before."""
        if len(scene.quantities) > TABLE:
            return
        scene.beside += beside(scene, before=True)
        for index, quantity in enumerate(scene.quantities):
            origin = _converted_from(scene, index)
            if origin is not None and origin.start in scene.read:
                frame, slots = scene.read[origin.start]
                scene.read[quantity.start] = (
                    frame,
                    replace(slots, unit=None, value=_signed_as(slots, quantity), alternatives=()),
                )
                continue
            read = first_reading(quantity, scene)
            if read is not None:
                scene.read[quantity.start] = (read[0], filled(read[1], quantity, scene))
        further = beside(scene, before=False)
        scene.beside += [(frame, place, filled(slots, place, scene)) for frame, place, slots in further]

    def _written(
        self, scene: Scene, span: Span, carried: set[int], quiet: bool, *, alone: bool = False
    ) -> tuple[list[Reading], list[Claim]]:
        """The records of a scene; ``alone`` leaves out what frames tell beside its quantities."""
        readings, claims = [], []
        for quantity in scene.quantities:
            frame, slots = scene.read.get(quantity.start, ("", None))
            if slots is not None and quantity.start in carried:
                slots = replace(slots, inherited=(*slots.inherited, "unit"))
            readings.append(reading_of(self.document, self.story, span, quantity, slots))
            if not quiet and (slots is not None or self.story.label is Label.CORE):
                claims.append(claim_of(self.document, self.story, span, scene, quantity, frame, slots))
        told = [] if alone else scene.beside
        place = (self.document, self.story, span, scene)
        claims += [claim_of(*place, words, frame, slots) for frame, words, slots in told]
        return readings, claims

    def _remember(self, scene: Scene) -> None:
        if scene.awaited is not None:
            self.unread.append((self.number, scene.text, scene.quantities))
        else:
            self.discourse.remember(scene.mentions, scene.text, scene.asides())
        for quantity in scene.quantities:
            if quantity.start not in scene.read:
                continue
            frame, slots = scene.read[quantity.start]
            compared = self.said.get(slots.measure)
            base = compared is not None and (
                (
                    compared.sentence == self.number
                    and (
                        (slots.period is None and compared.period is not None)
                        or _is_older(slots.period, compared.period)
                    )
                )
                or (" alone" in scene.text and _is_older(slots.period, compared.period, within=True))
            )
            if not base:
                unit = slots.unit or quantity.unit
                self.said[slots.measure] = Said(
                    frame, slots.measure, unit, slots.subject, slots.object, slots.period, self.number
                )


def _signed_as(slots: Slots, quantity: Quantity) -> float | None:
    """The value of a converted sum with the sign that the frame gave the sum itself; None where it gave none."""
    return None if slots.value is None or quantity.value is None else copysign(quantity.value, slots.value)


def _is_older(period_read: Period | None, said: Period | None, *, within: bool = False) -> bool:
    """Whether a figure is one of comparison, of a time before the one that the sentence is about.

    ``within`` asks instead whether it is of a part of that time (in April alone).
    """
    if not (period_read and said and period_read.end and said.end):
        return False
    if within:
        parts = period_read.start and said.start and said.start < period_read.start
        return bool(parts) and period_read.end <= said.end
    return period_read.end < said.end


def _is_counted(mention: Mention, quantities: list[Quantity]) -> bool:
    """Whether a name only says what a quantity counts (7,475 Kona Electric cars)."""
    within = [q for q in quantities if q.start <= mention.start < q.end]
    if mention.kind == "country":
        return any(q.kind == "currency" and mention.end <= q.end for q in within)  # 7.4 billion US dollars
    after_number = mention.kind in {"firm", "unknown", "place"} and any(q.start < mention.start for q in within)
    return after_number or (mention.kind == "unknown" and any(mention.end <= q.end for q in within))


_CONVERTED = re.compile(
    r"\s*(?:\(\s*(?:or\s+|equivalent to\s+|equal to\s+|i\.e\.\s+)?|,?\s+or\s+"
    r"|,\s+equivalent to\s+)(?:the equivalent of\s+)?"
)


def _converted_from(scene: Scene, index: int) -> Quantity | None:
    """The quantity that this one says again in another unit, in brackets or behind "or"."""
    if index == 0:
        return None
    before, this = scene.quantities[index - 1], scene.quantities[index]
    same_kind = (
        before.kind == this.kind
        and before.unit != this.unit
        and this.kind in {"currency", "area", "mass", "length", "energy"}
    )
    between = scene.text[before.end : this.lead]
    return before if same_kind and len(between) < 30 and _CONVERTED.fullmatch(between) else None
