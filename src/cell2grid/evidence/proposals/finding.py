"""A proposed claim held against its page: the quote is found letter by letter, the number in it is read again.

Only no-break spaces and marks of quotation are folded, one letter for one, so that a place in the folded text is the
place in the page. Any difference refuses the claim; what is kept is in tier C until a reviewer has seen it.
"""

from __future__ import annotations

import math
from functools import partial

from cell2grid.evidence.claims.carry import goods_of, with_units
from cell2grid.evidence.frames import frames
from cell2grid.evidence.pages.sentences import Span, sentences
from cell2grid.evidence.proposals.answers import Proposed
from cell2grid.evidence.quantities.lexer import lex
from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.records import Claim, Document, Story, Tier

_FOLDED = str.maketrans(
    {**dict.fromkeys("\u00a0\u202f\u2007", " "), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟«»", '"')}
)
_SIGNED = {"change", "profit", "price"}  # measures whose fall or loss is printed without a sign


class RefusedError(ValueError):
    """A proposed claim that is not true to its page; the message says where it differs."""


def folded(text: str) -> str:
    """The text with plain spaces and quotation marks, as long as before.

    >>> folded("3\u00a0GWh, “more”")
    '3 GWh, "more"'
    """
    return text.translate(_FOLDED)


def claim_found(document: Document, story: Story, span: Span, proposed: Proposed, *, by: str) -> Claim:
    """The claim that a proposal makes of its page.

    Args:
        document: the page.
        story: the story that was shown to the model.
        span: where the story stands in the text of the page.
        proposed: what the model says.
        by: the model.

    Raises:
        RefusedError: the quote or its number stands not, or more than once, in the story; the lexer reads another value
            or unit there; the subject or object is not on the page; the measure is unknown.
    """
    text = folded(document.text[span.start : span.end])
    quoted = _only_place(text, folded(proposed.quote).strip(), "the quote")
    start = span.start + quoted
    end = start + len(proposed.quote.strip())
    printed = folded(proposed.value_text).strip()
    at = start + _only_place(folded(document.text[start:end]), printed, f"'{printed}'")
    sentence, quantity = _read_again(document.text, span, Span(at, at + len(printed)))
    value, low, high = _agreed(proposed, quantity)
    _named(proposed, text)
    has_place = document.has_offsets
    first, last = sentence.start + quantity.start, sentence.start + quantity.end
    return Claim(
        document=document.id,
        story=story.id,
        frame=f"proposal: {by}",
        measure=proposed.measure,
        subject=proposed.subject,
        object=proposed.object,
        quote=document.text[start:end],
        start=start if has_place else None,
        end=end if has_place else None,
        value_text=document.text[first:last],
        value_start=first if has_place else None,
        value_end=last if has_place else None,
        value=value,
        low=low,
        high=high,
        unit=quantity.unit,
        approx=quantity.approx,
        period_start=proposed.period_start.isoformat() if proposed.period_start else None,
        period_end=proposed.period_end.isoformat() if proposed.period_end else None,
        tier=Tier.C,
        inherited=tuple(slot for slot in ("subject", "object") if _is_elsewhere(proposed, slot)),
    )


def _only_place(text: str, part: str, name: str) -> int:
    place = text.find(part) if part else -1
    if place < 0:
        raise RefusedError(f"{name} does not stand there letter by letter")
    if text.find(part, place + 1) >= 0:
        raise RefusedError(f"{name} stands there more than once")
    return place


def _read_again(text: str, story: Span, place: Span) -> tuple[Span, Quantity]:
    """The sentence around a place and the quantity that the lexer reads at it."""
    for sentence in sentences(text, story.start, story.end):
        if not sentence.start <= place.start < sentence.end:
            continue
        words = text[sentence.start : sentence.end]
        quantities, _ = with_units(words, lex(words).quantities, partial(goods_of, words), None)
        for quantity in quantities:
            start, end = sentence.start + quantity.start, sentence.start + quantity.end
            inside = start <= place.start and place.end <= end
            around = place.start <= sentence.start + quantity.number_start and end <= place.end
            if inside or around:
                return sentence, quantity
    raise RefusedError(f"the lexer reads no quantity at '{text[place.start : place.end]}'")


def _agreed(proposed: Proposed, quantity: Quantity) -> tuple[float | None, float | None, float | None]:
    """Value and interval as the lexer reads them, with the sign of a fall; refused where the proposal differs."""
    if proposed.unit != quantity.unit:
        raise RefusedError(f"its unit is '{quantity.unit}', and not '{proposed.unit}'")
    if quantity.value is None:
        ends = (proposed.low, proposed.high)
        if proposed.value is not None or not all(map(_same, ends, (quantity.low, quantity.high))):
            raise RefusedError(f"it is a range of {quantity.low:g} to {quantity.high:g}")
        return None, quantity.low, quantity.high
    if _same(proposed.value, quantity.value):
        return quantity.value, quantity.low, quantity.high
    if proposed.measure in _SIGNED and _same(proposed.value, -quantity.value):
        low = None if quantity.high is None else -quantity.high
        return -quantity.value, low, None if quantity.low is None else -quantity.low
    raise RefusedError(f"its value is {quantity.value:.15g}, and not {proposed.value}")


def _same(proposed: float | None, read: float | None) -> bool:
    if proposed is None or read is None:
        return proposed is read
    return math.isclose(proposed, read, rel_tol=1e-9)


def _named(proposed: Proposed, text: str) -> None:
    known = {measure for frame in frames() for measure in frame.measures} | {"count", "other"}
    if proposed.measure not in known:
        raise RefusedError(f"'{proposed.measure}' is no measure")
    for slot, name in (("subject", proposed.subject), ("object", proposed.object)):
        if name is not None and folded(name).strip().casefold() not in text.casefold():
            raise RefusedError(f"its {slot} '{name}' is not in the story")
    if proposed.period_start and proposed.period_end and proposed.period_start > proposed.period_end:
        raise RefusedError(f"its period ends on {proposed.period_end}, before it begins")


def _is_elsewhere(proposed: Proposed, slot: str) -> bool:
    name = getattr(proposed, slot)
    return name is not None and folded(name).casefold() not in folded(proposed.quote).casefold()
