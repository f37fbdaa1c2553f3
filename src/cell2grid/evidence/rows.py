"""Records as rows of plain values, in the order of the JSON that the commands print and run folders keep.

A document is named by its path in what is printed, and by its content hash in the store (``store.py``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from cell2grid.evidence.records import Check, Claim, Derived, Document, Reading, Story

_CLAIM = (
    *("id", "document", "story", "quote", "start", "end", "value_text", "value_start", "value_end"),
    *("subject", "measure", "object", "value", "low", "high", "unit", "approx", "period_start", "period_end"),
    *("direction", "tier", "frame", "inherited", "alternatives"),
)
_STORY = ("id", "document", "label", "start", "end", "anchor_date", "anchor_from", "title")
_READING = (
    *("document", "story", "value_text", "value_start", "value_end"),
    *("value", "low", "high", "unit", "approx", "label"),
)
_DOCUMENT = ("id", "path", "format", "title", "publisher", "date", "url")
_CHECK = ("kind", "claims", "stated", "computed", "unit", "residual", "tolerance", "verdict", "note")
_DERIVED = (
    *("measure", "subject", "value", "low", "high", "unit", "claims", "equation"),
    *("period_start", "period_end"),
)


def claim_row(claim: Claim, path: str | None = None) -> dict[str, Any]:
    """The claim as a row; ``path`` stands for its document."""
    return _row(claim, _CLAIM, path)


def story_row(story: Story, path: str | None = None) -> dict[str, Any]:
    """The story as a row; ``path`` stands for its document."""
    return _row(story, _STORY, path)


def reading_row(reading: Reading, path: str | None = None) -> dict[str, Any]:
    """The number that was read as a row; ``path`` stands for its document."""
    return _row(reading, _READING, path)


def document_row(document: Document) -> dict[str, Any]:
    """The document as a row, without its text."""
    return _row(document, _DOCUMENT)


def check_row(check: Check) -> dict[str, Any]:
    """The check as a row."""
    return _row(check, _CHECK)


def derived_row(derived: Derived) -> dict[str, Any]:
    """The derived value as a row."""
    return _row(derived, _DERIVED)


def _row(record: Any, names: Iterable[str], path: str | None = None) -> dict[str, Any]:
    row = {name: _plain(getattr(record, name)) for name in names}
    if path is not None:
        row["document"] = path
    return row


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        # JSON has no infinity; an open bound is none
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
