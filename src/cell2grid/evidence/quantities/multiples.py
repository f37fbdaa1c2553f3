"""Multiples in words (doubled, threefold, twice as many), and the readings that a multiple leaves open.

Numbers with "times" or "x" behind them are ``measured.py``. The words are data (``vocabulary/multiples.yaml``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from cell2grid.evidence.quantities.quantity import Quantity
from cell2grid.evidence.vocabulary import table

# of which each word for a multiple has one
PARTS_OF_MULTIPLES = (
    *("ouble", "oubling", "riple", "ripling", "reble", "rebling", "uadrupl", "uintupl", "extupl", "alve", "alving"),
    *("fold", "wice", "hrice"),
)
_HINT = re.compile(r"(?:oubl|ripl|rebl|uadrupl|uintupl|extupl|alv)(?:e[sd]?|ing)\b|-?fold\b|[Tt](?:wice|hrice)\b")


@cache
def _pattern() -> re.Pattern[str]:
    words = table("multiples")
    always, base, times = ("|".join(words[name]) for name in ("always", "base", "times"))
    folds = "|".join(word.replace("fold", "-?fold") for word in words["folds"])
    halves, never = "|".join(words["halves"]), "|".join(words["never_behind"])
    return re.compile(
        rf"\b(?:(?P<always>{always})|(?P<folds>{folds})|(?P<halves>{halves})|(?P<base>{base})"
        rf"|(?P<times>{times})(?=\s(?:as|the|that|what|its|last|this|those|over)\b))\b(?!\s(?:{never})\b|-)",
        re.IGNORECASE,
    )


def may_hold_multiple(text: str) -> bool:
    """Whether a text has a part of a word for a multiple; a cheap look before the pattern is run.

    >>> may_hold_multiple("Output doubled."), may_hold_multiple("Output rose.")
    (True, False)
    """
    return _HINT.search(text) is not None


def multiples(text: str) -> list[Quantity]:
    """The multiples that a sentence says in one word, each as new over old; a halving is the half that is gone.

    >>> [(q.value, q.unit) for q in multiples("Sales doubled, and exports were twice as high; it met twice.")]
    [(2.0, 'ratio'), (2.0, 'ratio')]
    """
    words = table("multiples")
    found: list[Quantity] = []
    for match in _pattern().finditer(text):
        kind = str(match.lastgroup)
        if kind == "base" and not _is_verb(text, match):
            continue
        value = float(words[kind][match.group().lower().replace("-", "")])
        unit = "percent" if kind == "halves" else "ratio"
        start, end = match.span()
        found.append(
            Quantity(start, end, start, end, value, value, value, value, unit, unit, None, "multiple", digits=False)
        )
    return found


_WORD_BEFORE = re.compile(r"([a-z]+)\s+$", re.I)
_WORD_BEHIND = re.compile(r"\s+([a-z]+)", re.I)


def _is_verb(text: str, match: re.Match[str]) -> bool:
    """Whether "double" says that something grows or how much more it is (to double output, more than double the)."""
    words = table("multiples")
    before = _WORD_BEFORE.search(text, max(0, match.start() - 16), match.start())
    behind = _WORD_BEHIND.match(text, match.end())
    follows = behind is not None and behind.group(1).lower() in words["followers"]
    leads = before is not None and before.group(1).lower() in words["leaders"]
    ends = behind is None  # output will double.
    return follows or (leads and ends) or (match.group()[-1:] == "s" and ends)


_SAYS_LEVEL = re.compile(
    r"\s*(?:as\s+(?:many|much|high|large|big|great|long|fast|\w+\s+as)\b|(?:the|that|those|what|its|their|last)\b|of\b"
    r"|(?:this|a)\s+(?:year|month|quarter)['’]s)",
    re.I,
)


def readings(text: str, quantity: Quantity) -> tuple[dict[str, Any], ...]:
    """The changes that a rise by a multiple may mean: one where the words settle it, two where they do not.

    Doubled, and twice as many, are a rise by 100 per cent. Up 1.3x may be a rise to 1.3 times the base (30 per cent)
    or by 1.3 times the base (130 per cent).

    >>> from cell2grid.evidence.quantities.lexer import lex
    >>> up, doubled = "Sales were up 1.3x.", "Sales doubled."
    >>> [[r["value"] for r in readings(text, lex(text).quantities[0])] for text in (up, doubled)]
    [[130.0, 30.0], [100.0]]
    """
    if quantity.unit != "ratio" or quantity.value is None:
        return ()
    size = abs(quantity.value)
    grown_to = {
        "value": round(100 * (size - 1), 6),
        "unit": "percent",
        "reading": "grown to this many times its base",
    }
    word = text[quantity.start : quantity.end].lower()
    settled = (quantity.noun == "multiple" and not word.endswith("fold")) or _SAYS_LEVEL.match(text, quantity.end)
    if settled:
        return (grown_to,)
    return (
        {"value": round(100 * size, 6), "unit": "percent", "reading": "grown by this many times its base"},
        grown_to,
    )
