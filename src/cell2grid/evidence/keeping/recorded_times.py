"""Recorded time: when the store learnt something, and what "as it was known then" means.

Valid time, when a figure holds, is the period of a claim, and no matter of the store's.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from cell2grid.errors import EvidenceError

_DAY_OR_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:$|[T ]\d\d)")


def stamp_of(moment: datetime) -> str:
    """The time in UTC, spelled so that text order is time order."""
    if moment.tzinfo is None:
        raise EvidenceError(f"time '{moment}' has no time zone; give one, such as UTC")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def known_by(as_of: str | date, now: datetime) -> str:
    """The stamp up to which rows count: a day counts to its end, in UTC, and so does a time without a zone.

    Raises
    ------
    EvidenceError
        It is neither, or still to come; today may be asked for.

    >>> known_by("2026-03-01", datetime(2026, 3, 1, 9, tzinfo=UTC))
    '2026-03-01T23:59:59.999999+00:00'
    """
    text = as_of.isoformat() if isinstance(as_of, date) else as_of
    is_day = len(text) == len("2025-02-28")
    try:
        if not _DAY_OR_TIME.match(text):
            raise ValueError
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise EvidenceError(f"'{text}' is not a day or time; write it as 2025-02-28 or 2025-02-28T12:00Z") from None
    if moment.date() > now.astimezone(UTC).date() if is_day else moment > now:
        raise EvidenceError(
            f"'{text}' is still to come (it is {stamp_of(now)[:16]}Z); give a day up to today, or a time up to now"
        )
    return stamp_of(datetime.combine(moment, time.max, UTC) if is_day else moment)
