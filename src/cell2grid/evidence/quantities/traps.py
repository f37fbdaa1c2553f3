"""Stretches of a sentence whose digits count nothing: tickers, telephones, addresses, versions, models, standards.

The patterns are data (``vocabulary/traps.yaml``). Names whose digit follows a capital word (Falcon 9) are known only in
their sentence, and are left out by the lexer (``lexer.py``).
"""

from __future__ import annotations

import re
from functools import cache

from cell2grid.evidence.vocabulary import table
from cell2grid.evidence.vocabulary.signs import Signs, shaped, with_zeros


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile("".join(row["pattern"])) for name, row in table("traps").items()}


@cache
def _signs() -> Signs:
    as_written, in_any_case = (
        {name: [with_zeros(word) for word in row.get(key, ())] for name, row in table("traps").items()}
        for key in ("written", "needs")
    )
    return Signs(as_written, in_any_case)


def traps(text: str) -> list[tuple[int, int, str]]:
    """Start, end and kind of every stretch that holds no quantity.

    >>> [kind for _, _, kind in traps("The SZSE: 300750 share; call +49 30 1234567; the Model 3.")]
    ['ticker', 'telephone', 'name']
    """
    patterns = _patterns()
    found = [
        (match.start(), match.end(), name)
        for name in _signs().found(shaped(text))
        for match in patterns[name].finditer(text)
    ]
    return sorted(found)
