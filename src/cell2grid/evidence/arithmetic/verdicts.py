"""Checks and derived values as records: a stated figure against a computed one, or a result that nobody states.

The comparison itself, with its tolerance, is ``figures.compare``.
"""

from __future__ import annotations

from collections.abc import Sequence

from cell2grid.evidence.arithmetic import matching
from cell2grid.evidence.arithmetic.figures import Figure, bound, clean, compare
from cell2grid.evidence.records import Check, Claim, Derived, Verdict

AGREES = frozenset({Verdict.HOLDS, Verdict.ROUNDING})


def compared(kind: str, claims: Sequence[Claim], stated: Figure, computed: Figure, unit: str, note: str = "") -> Check:
    """The check of a stated figure against a computed one, both in ``unit``."""
    comparison = compare(stated, computed)
    return Check(
        kind,
        tuple(claim.id for claim in claims),
        clean(stated.value),
        clean(computed.value),
        unit,
        comparison.residual,
        comparison.tolerance,
        comparison.verdict,
        note,
    )


def unstated(kind: str, claims: Sequence[Claim], computed: Figure, unit: str, equation: str) -> Check:
    """The check of a result that no claim states: it cannot say, and the value is derived."""
    ids = tuple(claim.id for claim in claims)
    note = f"{equation}; no page states it, see the derived values"
    return Check(kind, ids, None, clean(computed.value), unit, None, clean(computed.rounding), Verdict.CANNOT_SAY, note)


def derived(
    measure: str,
    claims: Sequence[Claim],
    computed: Figure,
    unit: str,
    equation: str,
    whose: Claim,
    period: tuple[str | None, str | None] | None = None,
) -> Derived:
    """The computed value, under the subject and, where no other is given, the period of ``whose``."""
    start, end = period or (whose.period_start, whose.period_end)
    return Derived(
        measure,
        whose.subject,
        clean(computed.value),
        bound(computed.low),
        bound(computed.high),
        unit,
        tuple(claim.id for claim in claims),
        equation,
        start,
        end,
    )


def spelled(start: str | None, end: str | None) -> str:
    """A period in words, a year or month by its own name.

    >>> spelled("2025-01-01", "2025-12-31"), spelled(None, "2027-12-31"), spelled("2027-01-01", None)
    ('2025', 'until 2027-12-31', 'from 2027-01-01')
    """
    days = matching.days(start, end)
    if days is not None:
        return matching.written(*days)
    return f"until {end}" if end else f"from {start}" if start else "a day that is not said"


def in_time(start: str | None, end: str | None) -> str:
    """A period in words behind what happens in it.

    >>> in_time("2025-01-01", "2025-12-31"), in_time(None, "2027-12-31")
    ('for 2025', 'until 2027-12-31')
    """
    return f"for {spelled(start, end)}" if (start is None) == (end is None) else spelled(start, end)


def interval(figure: Figure, unit: str = "") -> str:
    """The figure with what rounding and words leave open, as text.

    >>> interval(Figure(16.557, 16.557, 16.557, 0.068), "%")
    '16.49 to 16.62 %'
    """
    low, high = figure.low - figure.rounding, figure.high + figure.rounding
    ends = [f"{end:,.4g}" if abs(end) < 1e4 else f"{end:,.0f}" for end in (low, high)]
    text = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return f"{text} {unit}".strip()
