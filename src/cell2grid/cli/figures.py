"""How the commands print a figure and an interval."""

from __future__ import annotations

from collections.abc import Sequence
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


def in_words(values: Sequence[float | None], unit: str, least: float = 1e9) -> tuple[list[str], str]:
    """Figures of one row in four digits, with their unit; from ``least`` on in millions or billions of it.

    >>> in_words([147e9, 197.34e9], "USD"), in_words([1300.0, None], "vehicle")
    ((['147', '197.3'], 'billion USD'), (['1,300', '–'], 'vehicle'))
    """
    from cell2grid.report.wording import scaled

    largest = max((abs(value) for value in values if value is not None), default=0.0)
    by, word = scaled(largest) if largest >= least else (1.0, "")
    told = [short(None if value is None else value / by) for value in values]
    return told, f"{word} {unit}" if word else unit


def alike(values: Sequence[float | None], unit: str, least: float = 1e9) -> tuple[list[str], str]:
    """Figures of one column in one scale and with as many decimals, the largest in four digits, with their unit.

    Ratios are told in percent; what would round to nothing has digits of its own.

    >>> alike([1.3159e9, -82.65e6, None], "USD", 1e6), alike([0.42787, 0.0382, 0.0], "ratio")
    ((['1.316', '-0.083', '–'], 'billion USD'), (['42.79', '3.82', '0.00'], 'percent'))
    """
    from cell2grid.report.wording import scaled

    if unit == "ratio":
        values, unit = [None if value is None else 100.0 * value for value in values], "percent"
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    by, word = scaled(largest) if largest >= least else (1.0, "")
    most = max(FIGURES - len(f"{largest / by:.0f}"), 0) if largest / by >= 1.0 else FIGURES
    told = [None if value is None else value / by for value in values]
    decimals = next(
        count
        for count in range(most + 1)
        if count == most or all(value is None or round(value, most) == round(value, count) for value in told)
    )
    return [_even(value, decimals) for value in told], f"{word} {unit}" if word else unit


def _even(value: float | None, decimals: int) -> str:
    if value is None or (value != 0.0 and round(value, decimals) == 0.0):
        return short(value)
    return f"{value:,.{decimals}f}"
