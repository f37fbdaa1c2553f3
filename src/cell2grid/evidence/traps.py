"""Stretches of a sentence whose digits count nothing: tickers, telephones, addresses, versions, models, standards.

The patterns are data (``vocabulary/traps.yaml``). Names whose digit follows a capital word (Falcon 9) are known only in
their sentence, and are left out by the lexer (``lexer.py``).
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.vocabulary import table


@cache
def _pattern() -> re.Pattern[str]:
    rows: dict[str, str] = table("traps")
    return re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in rows.items()))


def traps(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of every stretch that holds no quantity.

    >>> [text[2] for text in traps("The SZSE: 300750 share; call +49 30 1234567; the Model 3.")]
    ['ticker', 'telephone', 'name']
    """
    return [(found.start(), found.end(), found.lastgroup or "") for found in _pattern().finditer(text)]
