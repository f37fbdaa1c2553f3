"""Stretches of a sentence whose digits count nothing: tickers, telephones, addresses, versions, models, standards.

The patterns are data (``vocabulary/traps.yaml``). Names whose digit follows a capital word (Falcon 9) are known only in
their sentence, and are left out by the lexer (``lexer.py``).
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.vocabulary import table


@cache
def _patterns() -> list[tuple[str, tuple[str, ...], re.Pattern[str]]]:
    rows = table("traps").items()
    return [(name, tuple(row["needs"]), re.compile("".join(row["pattern"]))) for name, row in rows]


def traps(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of every stretch that holds no quantity.

    >>> [kind for _, _, kind in traps("The SZSE: 300750 share; call +49 30 1234567; the Model 3.")]
    ['ticker', 'telephone', 'name']
    """
    lower = text.lower()
    found = [
        (match.start(), match.end(), name)
        for name, needs, pattern in _patterns()
        if any(need in lower for need in needs)
        for match in pattern.finditer(text)
    ]
    return sorted(found)
