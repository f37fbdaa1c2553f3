"""Corrections of a claim as a reviewer writes them: a slot and its new value on a line."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date

from cell2grid.errors import EvidenceError
from cell2grid.evidence.records import Claim

_PLACE = frozenset({"id", "document", "story", "quote", "start", "end", "frame", "inherited", "alternatives"})
_PRINTED = frozenset({"value_text", "value_start", "value_end", "tier"})
SLOTS = tuple(each.name for each in fields(Claim) if each.name not in _PLACE | _PRINTED)
_DAYS = frozenset({"period_start", "period_end"})
_NUMBERS = frozenset({"value", "low", "high"})


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
