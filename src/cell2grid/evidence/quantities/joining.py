"""Several numbers of a sentence taken together: rows that share a unit or a magnitude, and ranges.

One number is ``lexer.py``; what a bare number counts by the sentences before is ``carry.py``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from cell2grid.evidence.quantities.quantity import Quantity

_BETWEEN_LISTED = re.compile(
    r"\s*(?:,|and|or|,\s*(?:and|or)|/|&|to|[-–—~]|plus)\s*(?:then\s+)?(?:about|around|nearly|over"
    r"|roughly|some|only|just|approximately|almost)?\s*"
)
_BETWEEN_RANGE = re.compile(r"\s*(?:to|[-–—~]|至|and|through)\s*(?:about|around|as much as|as many as|over|nearly)?\s*")
_CHANGE_BEFORE = re.compile(
    r"\b(?:from|rose|risen|fell|fallen|rises?|falls?|up|down|increas\w+|decreas\w+|grew|grown|grow\w*"
    r"|rais\w+|cut|cuts|lift\w*|expand\w*|boost\w*|drop\w*"
    r"|climb\w*|jump\w*|surg\w+|plung\w+|declin\w+|slump\w*|gain\w*|slip\w*|shr[aiu]nk\w*|tumbl\w+"
    r"|soar\w*|advanc\w+|edg\w+|by|dip\w*|reduc\w+)\s+(?:by\s+|to\s+)?(?:about\s+|around\s+|nearly\s+"
    r"|over\s+|some\s+|more than\s+|roughly\s+|just\s+|a\s+)?$",
    re.I,
)


def listed(text: str, pieces: list[Quantity]) -> list[Quantity]:
    """Numbers in a row share the unit of the last one, and small ones its magnitude (8 and 10 billion yuan)."""
    found = list(pieces)
    for index in range(len(found) - 2, -1, -1):
        this, after = found[index], found[index + 1]
        between = text[this.end : after.start]
        if len(between) > 24 or not _BETWEEN_LISTED.fullmatch(between):
            continue
        small = this.factor == 1 and after.factor > 1 and this.value is not None and abs(this.value) < 1000
        if this.kind == "bare" and after.kind != "bare":
            if after.kind == "ratio" or (after.kind == "duration" and not this.digits and after.digits):
                continue
            this = replace(this, unit=after.unit, kind=after.kind, noun=after.noun)
            small = small and this.number < 1000
        elif not (
            small and this.kind == after.kind == "currency" and this.unit == after.unit and this.number < after.number
        ):
            continue
        if small and this.value is not None:
            value = this.value * after.factor
            this = replace(this, value=value, low=value, high=value, factor=after.factor)
        found[index] = this
    return found


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


def _is_range(text: str, first: Quantity, second: Quantity) -> bool:
    between = text[first.end : second.start]
    if first.value is None or len(between) > 16 or not _BETWEEN_RANGE.fullmatch(between):
        return False
    if first.unit.split("/")[0] != second.unit.split("/")[0] or first.kind != second.kind:
        return False
    ahead = text[max(0, first.start - 24) : first.start]
    said_between = re.search(r"\b(?:[Bb]etween|range of)\s+(?:about\s+|around\s+)?$", ahead)
    if first.kind == "bare" and said_between is None:
        return False
    if re.search(r"\band\b|&", between):
        return said_between is not None
    dash = re.fullmatch(r"\s*[-–—~至]\s*", between)
    if dash is not None:
        return first.value < (second.value or 0.0) or second.approx is not None
    return not _CHANGE_BEFORE.search(ahead) and first.value < (second.value or 0.0)
