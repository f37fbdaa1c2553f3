"""Several numbers of a sentence taken together: rows that share a unit or a magnitude, and ranges.

One number is ``lexer.py``; what a bare number counts by the sentences before is ``carry.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.quantities.denominators import denominator_after
from cell2grid.evidence.quantities.quantity import Quantity

_BETWEEN_LISTED = re.compile(
    r"\s*(?:,|and|or|,\s*(?:and|or)|/|&|-?to-?|[-–—~至到]|plus)\s*(?:then\s+)?(?:about|around|nearly|over"
    r"|roughly|some|only|just|approximately|almost)?\s*"
)
_BETWEEN_RANGE = re.compile(
    r"\s*(?:-?to-?|[-–—~至到]|and|or|through)\s*(?:about|around|as much as|as many as|over|nearly)?\s*"
)
_CHANGE_BEFORE = re.compile(
    r"\b(?:from|rose|risen|fell|fallen|rises?|falls?|up|down|increas\w+|decreas\w+|grew|grown|grow\w*"
    r"|rais\w+|cut|cuts|lift\w*|expand\w*|boost\w*|drop\w*"
    r"|climb\w*|jump\w*|surg\w+|plung\w+|declin\w+|slump\w*|gain\w*|slip\w*|shr[aiu]nk\w*|tumbl\w+"
    r"|soar\w*|advanc\w+|edg\w+|by|dip\w*|reduc\w+)\s+(?:by\s+|to\s+)?(?:about\s+|around\s+|nearly\s+"
    r"|over\s+|some\s+|more than\s+|roughly\s+|just\s+|a\s+)?$",
    re.I,
)


def listed(text: str, pieces: list[Quantity]) -> list[Quantity]:
    """Numbers in a row share the unit of the last one, and small ones its magnitude (8 and 10 billion yuan).

    A range of money may say its currency once, before the first number ($1-1.5 billion).
    """
    found = list(pieces)
    for index in range(len(found) - 2, -1, -1):
        this, after = found[index], found[index + 1]
        between = text[this.end : after.start]
        if len(between) > 24 or not _BETWEEN_LISTED.fullmatch(between):
            continue
        if this.kind == "currency" and after.kind == "bare" and after.digits and _spans(text, this, between):
            after = found[index + 1] = _in_money(text, after, this.unit)
        shared = _shared(this, after, _SPAN.fullmatch(between) is not None)
        found[index] = this if shared is None else shared
    return found


_SPAN = re.compile(r"\s*(?:[-–—~至到]|to|or|-to-)\s*")


def _spans(text: str, first: Quantity, between: str) -> bool:
    """Whether a dash, "to" or "between … and" joins what follows to a number."""
    return _SPAN.fullmatch(between) is not None or _SAID_BETWEEN.search(text, 0, first.lead) is not None


def _in_money(text: str, bare: Quantity, code: str) -> Quantity:
    per = denominator_after(text, bare.end, "currency")
    end, unit = (bare.end, code) if per is None else (per[0], f"{code}/{per[1]}")
    return replace(bare, end=end, unit=unit, kind="currency")


def _shared(this: Quantity, after: Quantity, span: bool) -> Quantity | None:
    """A number with the unit and magnitude that the next one of its row lends it; None where it lends nothing."""
    small = this.factor == 1 and after.factor > 1 and this.value is not None and abs(this.value) < 1000
    if this.kind == "bare" and this.number >= 100_000 and this.end - this.start == len(f"{this.number:.0f}"):
        return None  # 755098 has no commas: a code
    if this.kind == "bare" and this.number > 100 and not span and after.kind in {"percent", "percentage_point"}:
        return None  # fell by 1,200, or 8 per cent
    if this.kind == "bare" and after.kind != "bare":
        if (after.kind == "ratio" and not span) or (after.kind == "duration" and not this.digits and after.digits):
            return None
        this = replace(this, unit=after.unit, kind=after.kind, noun=after.noun)
        small = small and this.number < 1000
    elif not (
        small and this.kind == after.kind == "currency" and this.number < after.number
        and this.unit == after.unit.partition("/")[0]
    ):  # fmt: skip
        return None
    if not small or this.value is None:
        return this
    value = float(f"{this.value * after.factor:.15g}")
    return replace(this, value=value, low=value, high=value, factor=after.factor)


def ranges(text: str, pieces: list[Quantity]) -> list[Quantity]:
    """Two numbers of one unit joined by a dash, "to" or "between … and" are one range."""
    found: list[Quantity] = []
    for piece in pieces:
        before = found[-1] if found else None
        if before is not None and _is_range(text, before, piece):
            low, high = sorted((before.value or 0.0, piece.value or 0.0))
            found[-1] = replace(
                piece,
                start=before.start,
                number_start=before.number_start,
                value=None,
                low=low,
                high=high,
                approx="range",
            )
        else:
            found.append(piece)
    return found


_SAID_BETWEEN = re.compile(r"\b(?:between|range of)\s+(?:about\s+|around\s+|roughly\s+)?$", re.I)
_RANGING = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|anywhere|anything|somewhere|priced|quoted)\s+(?:in\s\w+\s)?from\s+"
    r"(?:as (?:little|few|low) as\s+|about\s+|around\s+)?$",
    re.I,
)


def _is_range(text: str, first: Quantity, second: Quantity) -> bool:
    between = text[first.end : second.start]
    if first.value is None or second.value is None or len(between) > 16 or not _BETWEEN_RANGE.fullmatch(between):
        return False
    if first.unit.split("/")[0] != second.unit.split("/")[0] or first.kind != second.kind:
        return False
    ahead = text[max(0, first.start - 40) : first.start]
    said_between = _SAID_BETWEEN.search(ahead)
    if re.search(r"\bor\b", between):  # four or five plants
        return first.kind in {"count", "duration"} and first.value + 1 == second.value <= 20
    if first.kind == "bare" and said_between is None:
        return False
    if re.search(r"\band\b|&", between):
        return said_between is not None
    dash = re.fullmatch(r"\s*[-–—~至到]\s*", between)
    if dash is not None:
        return first.value < second.value or second.approx is not None
    if first.value >= second.value:
        return False
    if not _CHANGE_BEFORE.search(ahead) or _RANGING.search(ahead):
        return True
    lent = first.end == first.number_end and first.kind in {"percent", "percentage_point"}
    return lent and not re.search(r"\bfrom\s+(?:\w+\s+)?$", ahead)  # grew 5 to 7 per cent
