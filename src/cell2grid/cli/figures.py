"""How the commands print a figure and an interval."""

from __future__ import annotations

from typing import Any

FIGURES = 4  # significant digits in words


def number(value: float | None) -> str:
    """A figure as a table shows it; nothing where there is none."""
    return "" if value is None else f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.12g}"


def span(low: Any, high: Any) -> str:
    """Two ends as a table shows them: one where they are the same, nothing where there is none."""
    if low is None and high is None:
        return ""
    ends = ["" if end is None else number(end) if isinstance(end, float) else str(end) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends).strip()


def short(value: float | None) -> str:
    """A figure in four digits, or whole where it has more; a dash where there is none.

    >>> short(12345.6), short(0.123456), short(None)
    ('12,346', '0.1235', '–')
    """
    if value is None:
        return "–"
    if abs(value) >= 10 ** (FIGURES - 1):
        return f"{value:,.0f}"
    return f"{value:.{FIGURES}g}"
