"""The records of a quantity: its reading, and the claim with the slots that a frame has read.

The tier says how much of a claim its own sentence says; the offsets are those of the document, and none in HTML.
"""

from __future__ import annotations

from cell2grid.evidence.claims.figure_periods import period_of
from cell2grid.evidence.claims.scene import Scene, Slots
from cell2grid.evidence.claims.subjects import subject_of
from cell2grid.evidence.dates.calendar_spans import Period
from cell2grid.evidence.pages.sentences import Span
from cell2grid.evidence.quantities.multiples import readings
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.records import Claim, Document, Reading, Story, Tier


def reading_of(document: Document, story: Story, span: Span, quantity: Quantity, slots: Slots | None) -> Reading:
    """The number as it was read, with its exact text and place."""
    start, end = span.start + quantity.start, span.start + quantity.end
    value, low, high = _values(quantity, slots)
    no_place = not document.has_offsets
    return Reading(
        document=document.id,
        story=story.id,
        value_text=document.text[start:end],
        value_start=None if no_place else start,
        value_end=None if no_place else end,
        value=value,
        low=low,
        high=high,
        unit=_unit(quantity, slots),
        approx=quantity.approx,
    )


def claim_of(
    document: Document, story: Story, span: Span, scene: Scene, quantity: Quantity, frame: str, slots: Slots | None
) -> Claim:
    """The claim of a quantity; without slots it is in tier C and counts something or is some other measure."""
    reading = reading_of(document, story, span, quantity, slots)
    no_place = not document.has_offsets
    measure = slots.measure if slots is not None else "count" if quantity.kind == "count" else "other"
    meant = slots.period if slots is not None else _likely_period(scene, quantity)
    subject = slots.subject if slots is not None else _likely_subject(scene, quantity)
    inherited = slots.inherited if slots is not None else ()
    if slots is not None and "subject" not in inherited and _is_put_together(scene, subject):
        inherited = (*inherited, "subject")
    tier = Tier.C if slots is None else Tier.B if inherited or subject is None else Tier.A
    return Claim(
        document=document.id,
        story=story.id,
        frame=frame,
        measure=measure,
        subject=subject,
        quote=scene.text,
        start=None if no_place else span.start,
        end=None if no_place else span.end,
        value_text=reading.value_text,
        value_start=reading.value_start,
        value_end=reading.value_end,
        value=reading.value,
        low=reading.low,
        high=reading.high,
        unit=reading.unit,
        object=slots.object if slots is not None else None,
        approx=reading.approx,
        period_start=meant.start.isoformat() if meant is not None and meant.start else None,
        period_end=meant.end.isoformat() if meant is not None and meant.end else None,
        direction=slots.direction if slots is not None else None,
        tier=tier,
        inherited=inherited,
        alternatives=slots.alternatives if slots is not None else readings(scene.text, quantity),
    )


def _is_put_together(scene: Scene, subject: str | None) -> bool:
    """Whether a project has no name here but what its owner, place and kind make of it, and the story names another.

    Such a figure is often that of the other, whose name the sentence does not repeat.
    """
    if subject is None or subject.casefold() in scene.text.casefold():
        return False
    described = any(mention.kind == "project" and mention.name == subject for mention in scene.mentions)
    return described and scene.discourse.last.get("project") not in {None, subject}


def _likely_subject(scene: Scene, quantity: Quantity) -> str | None:
    """Whose a figure without a frame may be by the common rules; where nothing says so, whose the figure before is."""
    subject, carried = subject_of(scene, quantity)
    earlier = scene.earlier(quantity) if carried else None
    return earlier[1].subject if earlier is not None else subject


def _likely_period(scene: Scene, quantity: Quantity) -> Period | None:
    """When a figure without a frame was so, where its own sentence says it: in a period, or else on a day."""
    if quantity.kind in {"duration", "ratio", "bare", "length", "charge", "temperature"}:
        return None
    for stock in (True, False):
        meant, carried = period_of(scene, quantity, stock=stock, measure="count")
        if meant is not None and not carried:
            return meant
    return None


def _unit(quantity: Quantity, slots: Slots | None) -> str:
    return slots.unit if slots is not None and slots.unit is not None else quantity.unit


def _values(quantity: Quantity, slots: Slots | None) -> tuple[float | None, float | None, float | None]:
    """Value and interval, turned where the frame gives the value a sign."""
    if slots is None or slots.value is None or quantity.value is None or slots.value == quantity.value:
        return quantity.value, quantity.low, quantity.high
    high = None if quantity.low is None else -quantity.low
    low = None if quantity.high is None else -quantity.high
    return slots.value, low, high
